from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.cast import AT, Cast

from headway.domain.programs.actions import create_program
from headway.domain.programs.queries import program_named
from headway.domain.stakeholders.actions import (
    confirm_promise,
    reopen_promise,
    restore_promise,
    set_promise,
    settle_promise,
)
from headway.domain.stakeholders.models import Promise
from headway.domain.stakeholders.queries import promise_named, promises_of
from headway.errors import Conflict, Invalid, NotFound, Refused

LATER = AT + timedelta(days=1)
PLACE = ("fraud", "labels")
GOT = {"name": "200 labels as a trial", "giver": "Vendor B", "promised": "2026-12-04"}
GIVEN = {"name": "Scores of November", "direction": "give", "taker": "Planning"}


@pytest.fixture(autouse=True)
def fraud(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud"}, AT)


def test_a_promise_is_confirmed_for_a_day_and_by_somebody(cast: Cast) -> None:
    made = set_promise(cast.bob, "fraud", "labels", GOT, AT)
    assert (made.party, made.promised, made.is_confirmed) == (
        "Vendor B",
        date(2026, 12, 4),
        False,
    )
    held = confirm_promise(cast.bob, PLACE, LATER, by="R. Voss")
    assert (held.is_confirmed, held.confirmed_by, held.confirmed_at) == (True, "R. Voss", LATER)


def test_another_day_takes_the_confirmation_away_and_other_words_do_not(cast: Cast) -> None:
    set_promise(cast.bob, "fraud", "labels", GOT, AT)
    confirm_promise(cast.bob, PLACE, AT)
    same = set_promise(
        cast.bob, "fraud", "labels", {"name": "200 labels", "promised": "2026-12-04"}, AT
    )
    assert (same.is_confirmed, same.confirmed_by) == (True, "Vendor B")
    moved = set_promise(cast.bob, "fraud", "labels", {"promised": "2026-12-11"}, LATER)
    assert (moved.is_confirmed, moved.confirmed_by, moved.confirmed_at) == (False, "", None)


def test_a_confirmation_may_name_another_day(cast: Cast) -> None:
    set_promise(cast.bob, "fraud", "labels", {**GOT, "promised": ""}, AT)
    with pytest.raises(Invalid, match="which day"):
        confirm_promise(cast.bob, PLACE, AT)
    held = confirm_promise(cast.bob, PLACE, AT, promised=date(2026, 12, 9))
    assert (held.promised, held.is_confirmed) == (date(2026, 12, 9), True)


@pytest.mark.parametrize("state", ["kept", "broken", "withdrawn"])
def test_a_promise_is_settled_once_and_opened_again(cast: Cast, state: str) -> None:
    set_promise(cast.bob, "fraud", "labels", GOT, AT)
    done = settle_promise(cast.bob, PLACE, state, LATER, note="On 3 December.")
    assert (done.state, done.settled_at, done.note) == (state, LATER, "On 3 December.")
    assert not done.is_overdue(date(2027, 1, 1))
    with pytest.raises(Conflict, match=f"{state} already"):
        settle_promise(cast.bob, PLACE, "kept", LATER)
    with pytest.raises(Conflict, match="only an open promise"):
        confirm_promise(cast.bob, PLACE, LATER)
    assert reopen_promise(cast.bob, "fraud", "labels", LATER).is_open


def test_only_who_speaks_for_the_program_promises_in_its_name(cast: Cast) -> None:
    with pytest.raises(Refused):
        set_promise(cast.bob, "fraud", "scores", GIVEN, AT)
    assert not Promise.objects.exists()
    made = set_promise(cast.mia, "fraud", "scores", {**GIVEN, "promised": "2026-12-04"}, AT)
    assert (made.party, made.is_ours) == ("Planning", True)
    with pytest.raises(Refused):
        set_promise(cast.bob, "fraud", "scores", {"direction": "get", "giver": "x"}, AT)
    with pytest.raises(Refused):
        settle_promise(cast.bob, ("fraud", "scores"), "withdrawn", AT)
    with pytest.raises(Refused):
        confirm_promise(cast.bob, ("fraud", "scores"), AT)
    with pytest.raises(Refused):
        restore_promise(cast.bob, "fraud", "scores", made.version, AT)


def test_undo_and_history_keep_what_was_promised_then(cast: Cast) -> None:
    before = set_promise(cast.bob, "fraud", "labels", GOT, AT)
    set_promise(cast.bob, "fraud", "labels", {"promised": "2026-12-18"}, LATER)
    program = program_named(cast.bob, "fraud")
    assert promise_named(cast.bob, program, "labels", AT).promised == date(2026, 12, 4)
    assert promise_named(cast.bob, program, "labels").promised == date(2026, 12, 18)
    back = restore_promise(cast.bob, "fraud", "labels", before.version, LATER)
    assert back.promised == date(2026, 12, 4)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"giver": "x"}, "needs words"),
        ({"name": "x"}, "its giver"),
        ({"name": "x", "giver": "x", "promised": "Friday"}, "2026-03-15"),
        ({"name": "x", "giver": "x", "direction": "both"}, "both"),
        ({"name": "x", "giver": "x", "is_confirmed": True}, "is_confirmed"),
        ({"name": "x", "giver": "x", "state": "kept"}, "state"),
    ],
)
def test_a_malformed_promise_leaves_nothing(
    cast: Cast, values: dict[str, object], said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        set_promise(cast.bob, "fraud", "labels", values, AT)
    with pytest.raises(Invalid, match="its taker"):
        set_promise(cast.mia, "fraud", "x", {"name": "x", "direction": "give"}, AT)
    assert not Promise.objects.exists()


def test_who_only_looks_or_is_elsewhere_promises_nothing(cast: Cast) -> None:
    with pytest.raises(Refused):
        set_promise(cast.vera, "fraud", "labels", GOT, AT)
    with pytest.raises(NotFound):
        set_promise(cast.charlie, "fraud", "labels", GOT, AT)
    assert promises_of(cast.vera, program_named(cast.vera, "fraud")) == []
