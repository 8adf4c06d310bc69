"""What the radar sees of promised metrics: evaluations, else what runs logged; luck taken off."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import AT, Cast

from headway.domain.evidence.actions import record_evidence
from headway.domain.plans.actions import add_item
from headway.domain.programs.actions import create_program, create_project, set_criterion
from headway.domain.programs.queries import program_named, projects_of
from headway.domain.radar.queries import radar_of
from headway.domain.radar.queries.metrics import metrics_seen
from headway.observation import Observation, SubjectRef

LATER = AT + timedelta(days=1)
#: Records come until the fourth run, and then none.
FLAT = (0.40, 0.44, 0.47, 0.489, 0.46, 0.48, 0.47, 0.475, 0.45, 0.485, 0.47)


@pytest.fixture(autouse=True)
def severity(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Control", "target": "2027-06-30"}, AT)
    create_project(cast.mia, "control", {"name": "Severity"}, AT)
    asked = {"name": "R²", "subject": "model:score", "metric": "r2", "direction": "maximise"}
    set_criterion(cast.mia, "severity", "r2", {**asked, "target": 0.6}, AT)
    tried = {"name": "Try models", "kind": "experiment", "estimate": [5, 10, 20]}
    add_item(cast.mia, "severity", "TRY", tried, AT)


def runs(cast: Cast, values: tuple[float, ...], kind: str) -> None:
    rows = []
    for number, value in enumerate(values):
        when = AT - timedelta(days=100 - 8 * number)
        told: dict[str, object] = {"metric": "r2", "value": value, "n": 442, "dataset": "held-out"}
        if kind == "run":
            told = {
                "run_id": str(number),
                "name": f"model {number}",
                "status": "finished",
                "started_at": when.isoformat(),
                "ended_at": when.isoformat(),
                "metrics": {"r2": value},
            }
        rows.append(
            Observation(
                SubjectRef("run", f"server/{number}"), kind, "test", when, told, None, "severity"
            )
        )
    record_evidence(cast.bob, rows, AT)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["evaluation", "run"])
def test_a_plateau_is_seen_by_the_outlook_of_its_runs_and_what_is_reached_is_not(
    cast: Cast, kind: str
) -> None:
    runs(cast, FLAT, kind)
    program = program_named(cast.vera, "control")
    (seen,) = metrics_seen(cast.vera, projects_of(cast.vera, program), LATER, None)
    assert (seen.runs, seen.since_best, seen.best) == (11, 7, 0.489)
    assert seen.is_plateau
    assert 0.5 < seen.p_missed <= 1
    keys = [one.proposal.key for one in radar_of(cast.vera, program, LATER)]
    assert "plateau:severity/r2" in keys
    set_criterion(cast.mia, "severity", "r2", {"target": 0.45}, LATER)
    assert metrics_seen(cast.vera, projects_of(cast.vera, program), LATER, None) == []
