"""A project with a system, a release and evidence: what gates are judged of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from tests.cast import AT, Cast
from tests.domain.evidence.payloads import an_observation

from headway.domain.evidence.actions import record_evidence
from headway.domain.gates.actions import open_gates
from headway.domain.gates.rules.facts import GateFacts
from headway.domain.programs.actions import (
    create_program,
    create_project,
    create_release,
    create_system,
    edit_project,
    set_criterion,
)
from headway.domain.programs.rules import ReleaseFacts

LATER = AT + timedelta(days=1)
V2, V3 = "model:meter@2", "model:meter@3"


def a_release(cast: Cast, project: str = "meter") -> ReleaseFacts:
    """Make a project on a system of its own, with one promise, and a release of it."""
    if project == "meter":
        create_program(cast.mia, {"name": "Meters", "slug": "meters"}, AT)
    create_project(cast.mia, "meters", {"name": project, "slug": project}, AT)
    create_system(cast.mia, {"name": project, "slug": f"{project}-system"}, AT)
    edit_project(cast.mia, project, {"system": f"{project}-system"}, AT)
    promise = {"name": "Recall", "subject": f"model:{project}", "metric": "recall", "target": 0.9}
    set_criterion(cast.mia, project, "recall", promise, AT)
    return create_release(cast.bob, f"{project}-system", "1", AT, project=project)


def the_gates(cast: Cast, template: str = "tabular") -> dict[str, GateFacts]:
    """Open the gates of a template for a new release; by stage."""
    release = a_release(cast)
    return {one.stage: one for one in open_gates(cast.mia, release.id, template, AT)}


def push(cast: Cast, kind: str, subject: str, hours: float = 0, **payload: object) -> None:
    """Record evidence as observed and learned `hours` after AT, in the project "meter"."""
    seen = an_observation(kind, subject=subject, hours=hours, project="meter", **payload)
    result = record_evidence(cast.bob, [seen], AT + timedelta(hours=hours))
    assert not result.refused, result.refused


def recall(cast: Cast, subject: str, value: float, hours: float = 0, **more: object) -> None:
    """Record an evaluation of a version."""
    whole = {"low": None, "high": None, "confidence": None, "segments": [], **more}
    push(cast, "evaluation", subject, hours, metric="recall", value=value, **whole)


def passed(cast: Cast, checks: Sequence[str], subject: str, hours: float = 0) -> None:
    """Record checks that passed."""
    for check in checks:
        push(cast, "check", subject, hours, check=check, passed=True, rows=10, dimension="quality")
