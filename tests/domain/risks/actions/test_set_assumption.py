from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.cast import AT, Cast

from headway.domain.programs.actions import (
    create_program,
    create_project,
    remove_criterion,
    set_criterion,
)
from headway.domain.programs.queries import criterion_named, program_named, project_named
from headway.domain.risks.actions import (
    reopen_assumption,
    restore_assumption,
    set_assumption,
    settle_assumption,
)
from headway.domain.risks.models import Assumption
from headway.domain.risks.queries import assumption_named, assumptions_of
from headway.errors import Conflict, Invalid, NotFound, Refused

LATER = AT + timedelta(days=1)
RECALL = {"subject": "model:fraud", "metric": "recall", "target": 0.9}
TAKEN = {
    "name": "Labels stay as good as the first thousand",
    "rests_on_it": "The date of the final model",
    "owner": "amara",
    "criterion": "scores/recall",
    "bound": 0.85,
    "review_on": "2026-11-20",
}


@pytest.fixture(autouse=True)
def fraud(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud"}, AT)
    create_project(cast.mia, "fraud", {"name": "Scores"}, AT)
    set_criterion(cast.mia, "scores", "recall", RECALL, AT)


def test_an_assumption_says_what_rests_on_it_and_what_it_watches(cast: Cast) -> None:
    made = set_assumption(cast.bob, "fraud", "labels", TAKEN, AT)
    watched = criterion_named(cast.bob, project_named(cast.bob, "scores"), "recall")
    assert (made.criterion_id, made.bound) == (watched.id, 0.85)
    assert made.rests_on_it == "The date of the final model"
    assert made.is_overdue(AT.date())
    assert not made.is_overdue(date(2026, 11, 20))


def test_an_assumption_is_settled_once_and_opened_again(cast: Cast) -> None:
    set_assumption(cast.bob, "fraud", "labels", TAKEN, AT)
    failed = settle_assumption(cast.bob, ("fraud", "labels"), "failed", LATER, note="8 % wrong.")
    assert (failed.state, failed.note, failed.settled_at) == ("failed", "8 % wrong.", LATER)
    assert not failed.is_overdue(date(2027, 1, 1))
    with pytest.raises(Conflict, match="failed already"):
        settle_assumption(cast.bob, ("fraud", "labels"), "held", LATER)
    assert reopen_assumption(cast.bob, "fraud", "labels", LATER).is_open
    program = program_named(cast.bob, "fraud")
    assert assumption_named(cast.bob, program, "labels", AT).state == "open"


def test_undo_brings_the_watched_criterion_back(cast: Cast) -> None:
    before = set_assumption(cast.bob, "fraud", "labels", TAKEN, AT)
    set_assumption(cast.bob, "fraud", "labels", {"criterion": "", "bound": None}, LATER)
    back = restore_assumption(cast.bob, "fraud", "labels", before.version, LATER)
    assert back.criterion_id == before.criterion_id


def test_undo_says_that_the_watched_criterion_is_gone(cast: Cast) -> None:
    before = set_assumption(cast.bob, "fraud", "labels", TAKEN, AT)
    set_assumption(cast.bob, "fraud", "labels", {"criterion": "", "bound": None}, LATER)
    remove_criterion(cast.mia, "scores", "recall", LATER)
    with pytest.raises(Conflict, match="removed since"):
        restore_assumption(cast.bob, "fraud", "labels", before.version, LATER)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "needs words"),
        ({"name": "x", "criterion": "recall"}, "project/criterion"),
        ({"name": "x", "bound": 0.5}, "no criterion is watched"),
        ({"name": "x", "criterion": "scores/recall", "bound": "nan"}, "finite"),
        ({"name": "x", "verdict": "met"}, "verdict"),
        ({"name": "x", "state": "held"}, "state"),
    ],
)
def test_a_malformed_assumption_leaves_nothing(
    cast: Cast, values: dict[str, object], said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        set_assumption(cast.bob, "fraud", "labels", values, AT)
    assert not Assumption.objects.exists()


def test_a_criterion_of_another_program_is_not_watched(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Other"}, AT)
    with pytest.raises(Invalid, match="another program"):
        set_assumption(cast.bob, "other", "labels", {**TAKEN, "criterion": "scores/recall"}, AT)
    with pytest.raises(NotFound, match="recall"):
        set_assumption(cast.bob, "fraud", "labels", {**TAKEN, "criterion": "scores/recal"}, AT)


def test_who_only_looks_or_is_elsewhere_writes_nothing(cast: Cast) -> None:
    with pytest.raises(Refused):
        set_assumption(cast.vera, "fraud", "labels", TAKEN, AT)
    with pytest.raises(NotFound):
        set_assumption(cast.charlie, "fraud", "labels", TAKEN, AT)
    assert assumptions_of(cast.vera, program_named(cast.vera, "fraud")) == []
