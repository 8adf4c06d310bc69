"""An alias's timeline: intervals that hold the truth, whatever order the looks are told in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from headway.domain.inventory.rules.aliases import (
    UNKNOWN,
    Change,
    Sighting,
    pointing_at,
    spans,
    timeline,
)

NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)


def hour(number: float) -> datetime:
    return NOON + timedelta(hours=number)


def seen(record: int, old: str | None, new: str | None, after: float | None, by: float) -> Sighting:
    return Sighting(record, new, old, None if after is None else hour(after), hour(by))


def told(changes: Sequence[Change]) -> list[tuple[str | None, object, object]]:
    """Return changes as (version, hours after, hours by)."""
    hours = lambda one: None if one is None else (one - NOON) / timedelta(hours=1)  # noqa: E731
    return [(one.version, hours(one.after), hours(one.by)) for one in changes]


def versions(changes: Sequence[Change], at: float) -> tuple[str | None, ...]:
    return pointing_at(changes, hour(at)).versions


def test_a_move_is_an_interval_and_inside_it_there_are_two_answers() -> None:
    changes = timeline([seen(1, None, "1", 0, 1), seen(2, "1", "2", 9, 11)])
    assert told(changes) == [("1", 0, 1), ("2", 9, 11)]
    assert versions(changes, 5) == ("1",)
    assert versions(changes, 10) == ("1", "2")
    assert versions(changes, 11) == ("2",)
    assert pointing_at(changes, hour(10)).records == (1, 2)


def test_before_the_first_look_nobody_knows() -> None:
    since_ever = timeline([seen(1, None, "7", None, 4)])
    assert pointing_at(since_ever, hour(3)) == UNKNOWN
    assert pointing_at(since_ever, hour(4)).is_certain
    assert pointing_at(timeline([seen(1, "6", "7", 2, 4)]), hour(1)) == UNKNOWN
    assert pointing_at((), hour(1)) == UNKNOWN


def test_a_deleted_alias_points_to_nothing_and_may_come_back() -> None:
    looks = [seen(1, None, "1", 0, 1), seen(2, "1", None, 4, 5), seen(3, None, "1", 8, 9)]
    changes = timeline(looks)
    assert [change.version for change in changes] == ["1", None, "1"]
    assert versions(changes, 6) == (None,)
    assert versions(changes, 4.5) == ("1", None)
    assert [span.ended for span in spans(changes)] == [*changes[1:], None]


def test_there_and_back_again_is_two_changes() -> None:
    changes = timeline([seen(1, "A", "B", 2, 3), seen(2, "B", "A", 5, 6)])
    assert told(changes) == [("B", 2, 3), ("A", 5, 6)]


def test_two_looks_at_one_change_bound_it_more_narrowly() -> None:
    both = [seen(1, "1", "2", 0, 10), seen(2, "1", "2", 4, 12)]
    assert told(timeline(both)) == [("2", 4, 10)]
    assert timeline(both)[0].records == (1, 2)


def test_a_look_that_contradicts_the_last_shows_a_change_that_nobody_saw() -> None:
    changes = timeline([seen(1, None, "1", 0, 1), seen(2, "3", "4", 8, 9)])
    assert told(changes) == [("1", 0, 1), ("3", 1, 8), ("4", 8, 9)]
    again = timeline([seen(1, "1", "2", 0, 1), seen(2, "1", "2", 8, 9)])
    assert told(again) == [("2", 0, 1), ("1", 1, 8), ("2", 8, 9)]


def test_a_reading_from_the_start_reaches_back_to_the_last_known_version() -> None:
    changes = timeline([seen(1, None, "1", 0, 1), seen(2, None, "2", None, 9)])
    assert told(changes) == [("1", 0, 1), ("2", 1, 9)]


def test_a_look_that_began_before_the_last_one_ended_is_not_sharpened_beyond_what_it_saw() -> None:
    # The look that ended at 2 began at 1: what the next one read may have changed after 1 already.
    changes = timeline([seen(1, "1", "2", 0, 2), seen(2, "2", "3", 1, 5)])
    assert told(changes) == [("2", 0, 2), ("3", 1, 5)]
    assert versions(changes, 1.5) == ("1", "2", "3")


@dataclass(frozen=True)
class History:
    """What really happened, and the looks: each (begin, moment of reading, end)."""

    moved: list[tuple[float, str | None]]
    looks: list[tuple[float, float, float]]

    def true(self, at: float) -> str | None:
        return next((version for when, version in reversed(self.moved) if when <= at), "0")

    def sightings(self) -> list[Sighting]:
        """Return what a connector tells: a record for each look that finds another version."""
        found: list[Sighting] = []
        last: str | None = None
        since: float | None = None
        for number, (begin, read, end) in enumerate(self.looks):
            version = self.true(read)
            if version != last:
                found.append(seen(number, last, version, since, end))
            last, since = version, begin
        return found


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Draw at most one move between two readings: what comes and goes unseen is unknowable."""
    looks, moved, now = [], [], 0.0
    version = "0"
    gaps = st.floats(0.01, 5)
    for number in range(draw(st.integers(1, 8))):
        begin = now + draw(gaps)
        read = begin + draw(gaps)
        now = read + draw(gaps)
        if number and draw(st.booleans()):
            choices = [one for one in ("0", "1", "2", None) if one != version]
            version = draw(st.sampled_from(choices))
            before = looks[-1][1]
            when = before + (read - before) * draw(st.floats(0.01, 0.99))
            moved.append((when, version))
        looks.append((begin, read, now))
    return History(moved, looks)


@given(histories(), st.randoms(use_true_random=False), st.floats(0, 1))
def test_the_truth_lies_among_the_answers_whatever_the_order_of_the_records(
    history: History, rng: object, place: float
) -> None:
    looks = history.sightings()
    shuffled = [*looks, *looks[:1]]
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    changes = timeline(shuffled)
    assert told(changes) == told(timeline(looks))
    end = history.looks[-1][2]
    for at in (
        place * end,
        *(when for when, _ in history.moved),
        *(one[1] for one in history.looks),
    ):
        answer = versions(changes, at)
        assert not answer or history.true(at) in answer
    assert versions(changes, end) == (history.true(end),)
    for change in changes[1:]:
        assert change.after is not None
        assert any(
            hour(when) <= change.by and change.after <= hour(when) for when, _ in history.moved
        )
