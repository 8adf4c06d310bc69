"""Health of another day is the same call; its cost does not grow with the program."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.builders.workspace import MOMENT, Size, build_workspace
from tests.cast import AT, Cast
from tests.domain.assessments.fraud import LATER, TRIALS, a_judged_program, push_recall

from headway.domain.accounts.queries import headway_actor
from headway.domain.assessments.actions import judge_health
from headway.domain.assessments.queries import ProgramHealth, program_health, project_health
from headway.domain.assessments.rules import Dimension, JudgementDraft, Level, Verdict
from headway.domain.finance.actions import set_budget_line
from headway.domain.plans.actions import edit_item, make_forecast
from headway.domain.programs.actions import edit_program, set_criterion
from headway.domain.programs.queries import program_named
from headway.domain.risks.actions import set_risk
from headway.errors import NotFound, Refused

pytestmark = pytest.mark.django_db


def health(cast: Cast, at: datetime = AT) -> ProgramHealth:
    return program_health(cast.vera, program_named(cast.vera, "fraud", at), at, known_at=at)


def test_the_past_answers_as_it_was_computed_then(cast: Cast) -> None:
    a_judged_program(cast)
    push_recall(cast, "scores", 0.95)
    then = health(cast)
    push_recall(cast, "scores", 0.5, LATER)
    set_criterion(cast.mia, "rules", "recall", {"target": 0.99}, LATER)
    edit_item(cast.bob, ("scores", "A"), {"estimate": "90 120 200"}, LATER)
    edit_program(cast.mia, "fraud", {"target": "2027-01-08"}, LATER)
    set_budget_line(cast.mia, "fraud", "all", {"amount": 10}, LATER)
    set_risk(cast.bob, "fraud", "R1", {"name": "Vendor late", "probability": 0.5}, LATER)
    judge_health(cast.mia, JudgementDraft("fraud", "quality", "It will hold."), LATER)
    make_forecast(cast.bob, "fraud", LATER, trials=TRIALS)
    assert health(cast) == then
    assert health(cast, LATER).dimensions != then.dimensions


def test_evidence_that_came_late_was_not_known_before(cast: Cast) -> None:
    a_judged_program(cast)
    push_recall(cast, "scores", 0.95, LATER)
    verdicts = [
        {one.project.slug: one.dimensions[Dimension.QUALITY].verdict for one in found.projects}
        for found in (health(cast), health(cast, LATER))
    ]
    assert [found["scores"] for found in verdicts] == [Verdict.MISSING, Verdict.MET]
    assert [found["rules"] for found in verdicts] == [Verdict.MISSING, Verdict.MISSING]


def queries_of(size: Size, slug: str, known_at: datetime | None) -> int:
    """Return how many queries the health of a built program takes."""
    actor = headway_actor(build_workspace(size, slug=slug).id)
    make_forecast(actor, "program", MOMENT, trials=20)
    program = program_named(actor, "program")
    with CaptureQueriesContext(connection) as queries:
        program_health(actor, program, MOMENT, known_at=known_at)
    return len(queries)


@pytest.mark.parametrize("known_at", [None, MOMENT])
@pytest.mark.parametrize(
    "large",
    [Size(projects=4, items=40, records=40), Size(projects=1, items=200, records=200)],
    ids=["projects", "rows"],
)
def test_a_larger_program_takes_no_more_queries(large: Size, known_at: datetime | None) -> None:
    small = queries_of(Size(projects=1, items=10, records=10), "small", known_at)
    assert queries_of(large, "large", known_at) == small


def test_every_kind_of_record_takes_no_more_queries(db: None) -> None:
    small = queries_of(Size(projects=1, items=10, records=10), "small", None)
    assert queries_of(Size(projects=4, items=40, records=2_000), "large", None) == small


def test_projects_rank_by_their_simulated_effect(cast: Cast) -> None:
    a_judged_program(cast)
    found = health(cast)
    assert [one.project.slug for one in found.projects] == ["rules", "scores"]
    assert found.ranked == ["scores", "rules"]
    sentence = found.dimensions[Dimension.QUALITY].sentence
    assert sentence.startswith("2 of 2 projects missing; Scores first (its uncertainty is ")


def test_a_judgement_stands_beside_and_its_override_ends(cast: Cast) -> None:
    a_judged_program(cast)
    computed = health(cast).dimensions
    until = (AT + timedelta(days=2)).date()
    draft = JudgementDraft("fraud", "quality", "It will hold.", level="good", until=until)
    judge_health(cast.mia, draft, AT)
    found = health(cast)
    assert found.dimensions == computed
    assert found.dimensions[Dimension.QUALITY].level is not Level.GOOD
    told = [health(cast, AT + timedelta(days=days)).judgements[0] for days in (0, 2, 3)]
    assert [line.level for line in told] == ["good", "good", ""]
    assert {line.words for line in told} == {"It will hold."}


def test_one_project_has_its_own_health(cast: Cast) -> None:
    a_judged_program(cast)
    program = program_named(cast.vera, "fraud")
    found = project_health(cast.vera, program, "scores", AT)
    assert found is not None
    assert found == health(cast).projects[1]
    assert project_health(cast.vera, program, "elsewhere", AT) is None


def test_strangers_and_vendors_see_no_health(cast: Cast) -> None:
    a_judged_program(cast)
    program = program_named(cast.vera, "fraud")
    with pytest.raises(NotFound):
        program_health(cast.charlie, program, AT)
    with pytest.raises(Refused):
        program_health(cast.vic, program, AT)
