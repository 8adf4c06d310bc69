from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.cast import AT, Cast

from headway.domain.accounts.queries import audit_page
from headway.domain.programs.actions import create_program
from headway.domain.programs.queries import program_named
from headway.domain.risks.actions import close_action, reopen_action, restore_action, set_action
from headway.domain.risks.models import Action
from headway.domain.risks.queries import action_named, actions_of
from headway.errors import Conflict, Invalid, NotFound, Refused

LATER = AT + timedelta(days=1)
ASKED = {
    "name": "Ask vendor B for its sample",
    "owner": "amara",
    "due": "2026-11-20",
    "source_kind": "decision",
    "source_key": "labels",
}


@pytest.fixture(autouse=True)
def fraud(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud"}, AT)


def test_an_action_keeps_who_by_when_and_what_it_came_from(cast: Cast) -> None:
    made = set_action(cast.bob, "fraud", "sample", ASKED, AT)
    assert (made.owner, made.due) == ("amara", date(2026, 11, 20))
    assert (made.source_kind, made.source_key) == ("decision", "labels")
    assert actions_of(cast.vera, program_named(cast.vera, "fraud")) == [made]


def test_a_new_action_without_a_key_is_known_by_its_words(cast: Cast) -> None:
    first = set_action(cast.bob, "fraud", "", {"name": "Büro: ask vendor B!"}, AT)
    second = set_action(cast.bob, "fraud", "", {"name": "Büro: ask vendor B!"}, AT)
    third = set_action(cast.bob, "fraud", "", {"name": "…"}, AT)
    keys = [first.key, second.key, third.key]
    assert keys == ["buro-ask-vendor-b", "buro-ask-vendor-b-2", "entry"]


def test_an_action_is_overdue_once_its_day_is_over_and_only_while_open(cast: Cast) -> None:
    made = set_action(cast.bob, "fraud", "sample", ASKED, AT)
    assert not made.is_overdue(date(2026, 11, 20))
    assert made.is_overdue(date(2026, 11, 21))
    assert made.days_overdue(date(2026, 11, 23)) == 3
    done = close_action(cast.bob, ("fraud", "sample"), "done", LATER, note="They sent 200.")
    assert not done.is_overdue(date(2027, 1, 1))
    assert done.days_overdue(date(2027, 1, 1)) == 0
    assert (done.state, done.closed_at, done.closed_by) == ("done", LATER, cast.bob.label)
    assert done.note == "They sent 200."


def test_what_is_closed_is_not_closed_twice_and_can_be_opened_again(cast: Cast) -> None:
    set_action(cast.bob, "fraud", "sample", ASKED, AT)
    close_action(cast.bob, ("fraud", "sample"), "dropped", LATER)
    with pytest.raises(Conflict, match="dropped already"):
        close_action(cast.bob, ("fraud", "sample"), "done", LATER)
    again = reopen_action(cast.bob, "fraud", "sample", LATER)
    assert (again.state, again.closed_at, again.closed_by) == ("open", None, "")


def test_open_actions_stand_first_by_the_day_they_are_due(cast: Cast) -> None:
    for key, due in (("a", ""), ("b", "2026-12-01"), ("c", "2026-11-01"), ("d", "2026-10-01")):
        set_action(cast.bob, "fraud", key, {"name": key, "due": due}, AT)
    close_action(cast.bob, ("fraud", "d"), "done", AT)
    program = program_named(cast.bob, "fraud")
    assert [one.key for one in actions_of(cast.bob, program)] == ["c", "b", "a", "d"]


def test_undo_puts_a_closed_action_back_as_it_was(cast: Cast) -> None:
    before = set_action(cast.bob, "fraud", "sample", ASKED, AT)
    close_action(cast.bob, ("fraud", "sample"), "done", LATER)
    back = restore_action(cast.bob, "fraud", "sample", before.version, LATER)
    assert (back.state, back.closed_at) == ("open", None)
    assert back.version == before.version + 2


def test_what_was_known_then_is_seen_as_of_then(cast: Cast) -> None:
    set_action(cast.bob, "fraud", "sample", ASKED, AT)
    close_action(cast.bob, ("fraud", "sample"), "done", LATER)
    program = program_named(cast.bob, "fraud")
    assert action_named(cast.bob, program, "sample", AT).is_open
    assert not action_named(cast.bob, program, "sample", LATER).is_open
    with pytest.raises(NotFound):
        action_named(cast.bob, program, "sample", AT - timedelta(seconds=1))


def test_a_stale_save_is_refused_with_both_values(cast: Cast) -> None:
    made = set_action(cast.bob, "fraud", "sample", ASKED, AT)
    set_action(cast.mia, "fraud", "sample", {"owner": "noor"}, LATER)
    with pytest.raises(Conflict, match="'noor', you wrote 'yuki'"):
        set_action(cast.bob, "fraud", "sample", {"owner": "yuki"}, LATER, version=made.version)


def test_every_change_is_in_the_audit_trail(cast: Cast) -> None:
    set_action(cast.bob, "fraud", "sample", ASKED, AT)
    close_action(cast.bob, ("fraud", "sample"), "done", LATER)
    told = {row.action for row in audit_page(cast.alice).lines}
    assert {"set_action", "close_action"} <= told


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "needs words"),
        ({"name": "  "}, "empty"),
        ({"name": "x" * 301}, "301"),
        ({"name": "x", "due": "soon"}, "2026-03-15"),
        ({"name": "x", "source_kind": "dream", "source_key": "a"}, "dream"),
        ({"name": "x", "source_kind": "risk"}, "without a key"),
        ({"name": "x", "source_key": "R1"}, "without a kind"),
        ({"name": "x", "state": "done"}, "state"),
        ({"name": "a\x00b"}, "control"),
    ],
)
def test_a_malformed_action_leaves_nothing(
    cast: Cast, values: dict[str, object], said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        set_action(cast.bob, "fraud", "sample", values, AT)
    assert not Action.objects.exists()


def test_who_only_looks_or_is_elsewhere_writes_nothing(cast: Cast) -> None:
    for actor in (cast.vera, cast.ana):
        with pytest.raises(Refused):
            set_action(actor, "fraud", "sample", ASKED, AT)
    with pytest.raises(NotFound):
        set_action(cast.charlie, "fraud", "sample", ASKED, AT)
    set_action(cast.bob, "fraud", "sample", ASKED, AT)
    with pytest.raises(NotFound, match="did you mean 'sample'"):
        close_action(cast.bob, ("fraud", "simple"), "done", AT)
    with pytest.raises(NotFound):
        close_action(cast.charlie, ("fraud", "sample"), "done", AT)
