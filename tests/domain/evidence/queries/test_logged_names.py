"""Under which name the runs of a project log what was promised."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import AT, Cast, a_project

from headway.domain.evidence.actions import record_evidence
from headway.domain.evidence.queries import logged_names
from headway.domain.programs.models import Project
from headway.errors import Refused
from headway.observation import Observation, SubjectRef

pytestmark = pytest.mark.django_db


def a_run(cast: Cast, project: Project, metrics: dict[str, float]) -> None:
    payload = {"run_id": "1", "status": "finished", "metrics": metrics}
    seen = AT - timedelta(days=1)
    ref = SubjectRef("run", f"server/{'-'.join(metrics)}")
    record_evidence(
        cast.bob, [Observation(ref, "run", "test", seen, payload, None, project.slug)], AT
    )


def test_a_metric_logged_with_its_split_in_front_is_found(cast: Cast) -> None:
    project = a_project(cast.acme, "fraud")
    a_run(cast, project, {"test_recall": 0.9})
    asked = [("recall", "test"), ("auc", "test")]
    assert logged_names(cast.vera, project.id, asked) == {"recall": "test_recall"}


def test_the_plain_name_wins_where_both_are_logged(cast: Cast) -> None:
    project = a_project(cast.acme, "fraud")
    a_run(cast, project, {"test_recall": 0.9, "recall": 0.8})
    assert logged_names(cast.vera, project.id, [("recall", "test")]) == {"recall": "recall"}


def test_a_vendor_does_not_learn_what_is_logged(cast: Cast) -> None:
    project = a_project(cast.acme, "fraud")
    with pytest.raises(Refused):
        logged_names(cast.vic, project.id, [("recall", "test")])
