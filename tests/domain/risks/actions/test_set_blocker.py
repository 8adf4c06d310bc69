from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.cast import AT, Cast

from headway.domain.programs.actions import create_program
from headway.domain.programs.queries import program_named
from headway.domain.risks.actions import (
    reopen_blocker,
    resolve_blocker,
    restore_blocker,
    set_blocker,
)
from headway.domain.risks.models import Blocker
from headway.domain.risks.queries import blocker_named, blockers_of
from headway.errors import Conflict, Invalid, NotFound, Refused

LATER = AT + timedelta(days=1)
TODAY = AT.date()  # a Monday
PATH = [{"who": "noor", "after_days": 3}, {"who": "ines", "after_days": 10}]
HELD = {
    "name": "No access to the clinic's data",
    "waits_for": "the clinic's IT",
    "owner": "yuki",
    "since": "2026-11-13",  # a Friday
    "escalation": PATH,
}


@pytest.fixture(autouse=True)
def fraud(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud"}, AT)


def test_a_blocker_ages_in_working_days_and_climbs_its_path(cast: Cast) -> None:
    made = set_blocker(cast.bob, "fraud", "access", HELD, AT)
    assert made.age_days == 6  # Friday, and Monday to Friday
    assert (made.level, made.escalated_to) == (1, "noor")
    assert made.next_step is not None
    assert (made.next_step.who, made.next_step.after_days) == ("ines", 10)
    program = program_named(cast.vera, "fraud")
    fresh = blocker_named(cast.vera, program, "access", date(2026, 11, 16))
    assert (fresh.age_days, fresh.level, fresh.escalated_to) == (1, 0, "")
    old = blocker_named(cast.vera, program, "access", date(2026, 11, 27))
    assert (old.age_days, old.level, old.escalated_to) == (10, 2, "ines")
    assert old.next_step is None


def test_holidays_of_the_program_do_not_age_a_blocker(cast: Cast) -> None:
    from headway.domain.programs.actions import set_calendar

    calendar = {"name": "x", "weekdays": [0, 1, 2, 3, 4], "holidays": ["2026-11-17"]}
    set_calendar(cast.mia, program_named(cast.mia, "fraud"), calendar, AT)
    assert set_blocker(cast.bob, "fraud", "access", HELD, AT).age_days == 5


def test_a_blocker_without_a_day_began_today(cast: Cast) -> None:
    made = set_blocker(cast.bob, "fraud", "", {"name": "No key"}, AT)
    assert (made.key, made.since, made.age_days, made.level) == ("no-key", TODAY, 0, 0)
    kept = set_blocker(cast.bob, "fraud", made.key, {"owner": "bob"}, AT + timedelta(days=7))
    assert (kept.since, kept.age_days) == (TODAY, 5)


def test_a_resolved_blocker_keeps_the_age_it_reached(cast: Cast) -> None:
    set_blocker(cast.bob, "fraud", "access", HELD, AT)
    done = resolve_blocker(cast.bob, "fraud", "access", AT, how="They opened the port.")
    assert (done.state, done.resolution, done.resolved_by) == (
        "resolved",
        "They opened the port.",
        cast.bob.label,
    )
    program = program_named(cast.bob, "fraud")
    later = blocker_named(cast.bob, program, "access", date(2027, 3, 1))
    assert later.age_days == 6
    assert later.next_step is None
    with pytest.raises(Conflict, match="resolved already"):
        resolve_blocker(cast.bob, "fraud", "access", LATER)
    again = reopen_blocker(cast.bob, "fraud", "access", LATER)
    assert (again.is_open, again.resolution, again.age_days) == (True, "", 7)


def test_the_oldest_open_blocker_stands_first(cast: Cast) -> None:
    for key, since in (("a", "2026-11-20"), ("b", "2026-10-01"), ("c", "2026-09-01")):
        set_blocker(cast.bob, "fraud", key, {"name": key, "since": since}, AT)
    resolve_blocker(cast.bob, "fraud", "c", AT)
    program = program_named(cast.bob, "fraud")
    assert [one.key for one in blockers_of(cast.bob, program, TODAY)] == ["b", "a", "c"]


def test_undo_takes_a_resolution_back_and_history_keeps_it(cast: Cast) -> None:
    before = set_blocker(cast.bob, "fraud", "access", HELD, AT)
    resolve_blocker(cast.bob, "fraud", "access", LATER)
    last = LATER + timedelta(hours=1)
    assert restore_blocker(cast.bob, "fraud", "access", before.version, last).is_open
    program = program_named(cast.bob, "fraud")
    assert not blocker_named(cast.bob, program, "access", TODAY, LATER).is_open
    assert blocker_named(cast.bob, program, "access", TODAY, last).is_open


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "needs words"),
        ({"name": "x", "since": "2026-11-24"}, "is a risk, not a blocker"),
        ({"name": "x", "since": ""}, "since when"),
        ({"name": "x", "escalation": [{"who": "noor"}]}, "who and after_days"),
        ({"name": "x", "escalation": "noor"}, "after 5"),
        ({"name": "x", "escalation": "noor after soon"}, "finite number"),
        ({"name": "x", "escalation": [{"who": "", "after_days": 1}]}, "empty"),
        ({"name": "x", "escalation": [{"who": "a", "after_days": -1}]}, "from 0"),
        ({"name": "x", "escalation": [{"who": "a", "after_days": float("nan")}]}, "finite"),
        ({"name": "x", "escalation": "a after 5\nb after 5"}, "ascend"),
        ({"name": "x", "escalation": "\n".join(f"a after {n}" for n in range(7))}, "at most 6"),
        ({"name": "x", "escalation": {"noor": 3}}, "at most 6"),
        ({"name": "x", "level": 3}, "level"),
        ({"name": "x", "state": "resolved"}, "state"),
    ],
)
def test_a_malformed_blocker_leaves_nothing(
    cast: Cast, values: dict[str, object], said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        set_blocker(cast.bob, "fraud", "access", values, AT)
    assert not Blocker.objects.exists()


def test_a_path_can_be_typed_line_by_line(cast: Cast) -> None:
    typed = {"name": "x", "escalation": "noor after 3\n\nthe sponsor after 10 days\n"}
    made = set_blocker(cast.bob, "fraud", "x", typed, AT)
    assert [(one.who, one.after_days) for one in made.escalation] == [
        ("noor", 3),
        ("the sponsor", 10),
    ]


def test_who_only_looks_or_is_elsewhere_resolves_nothing(cast: Cast) -> None:
    set_blocker(cast.bob, "fraud", "access", HELD, AT)
    with pytest.raises(Refused):
        resolve_blocker(cast.vera, "fraud", "access", LATER)
    with pytest.raises(NotFound):
        resolve_blocker(cast.charlie, "fraud", "access", LATER)
    program = program_named(cast.bob, "fraud")
    assert blocker_named(cast.bob, program, "access", TODAY).is_open


def test_a_day_is_counted_in_utc_whatever_the_hour(cast: Cast) -> None:
    night = datetime(2026, 11, 23, 23, 59, tzinfo=UTC)
    assert set_blocker(cast.bob, "fraud", "x", {"name": "x"}, night).since == date(2026, 11, 23)
