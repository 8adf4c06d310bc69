"""A program of two projects with plans, promises and a forecast: what health is judged of."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.cast import AT, Cast
from tests.domain.evidence.payloads import an_observation

from headway.domain.evidence.actions import record_evidence
from headway.domain.evidence.models import Record
from headway.domain.finance.actions import set_budget_line
from headway.domain.plans.actions import add_item, make_forecast
from headway.domain.programs.actions import create_program, create_project, set_criterion

LATER = AT + timedelta(days=7)
TRIALS = 200

#: Rules stands first in the program's order; Scores weighs more on its date.
ESTIMATES = {"rules": "1 2 3", "scores": "20 40 120"}


def a_judged_program(cast: Cast) -> None:
    """Make program "fraud" of projects "rules" and "scores", with a forecast of AT."""
    create_program(cast.mia, {"name": "Fraud", "target": "2027-02-26"}, AT)
    for slug, estimate in ESTIMATES.items():
        create_project(cast.mia, "fraud", {"name": slug.title()}, AT)
        work = {"name": "Work", "estimate": estimate, "cost_minor": 1_234_500}
        add_item(cast.bob, slug, "A", work, AT)
        promise = {"name": "Recall", "subject": f"model:{slug}", "metric": "recall", "target": 0.9}
        set_criterion(cast.mia, slug, "recall", promise, AT)
    set_budget_line(cast.mia, "fraud", "all", {"amount": 30_000}, AT)
    make_forecast(cast.bob, "fraud", AT, trials=TRIALS)


def push_recall(cast: Cast, project: str, value: float, at: datetime = AT) -> int:
    """Record an evaluation of a project's model as observed and learned `at`; its number."""
    seen = an_observation(
        "evaluation",
        subject=f"model:{project}@1",
        hours=(at - AT) / timedelta(hours=1),
        project=project,
        metric="recall",
        value=value,
        low=None,
        high=None,
        confidence=None,
        segments=[],
    )
    assert not record_evidence(cast.bob, [seen], at).refused
    return Record.objects.latest("sequence").sequence
