"""Laws of following a tracker: what people changed stays, what did not change moves nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from headway.domain.plans.rules.merging import PROGRESS, STATED, Brought, merge

_VALUES = some.sampled_from(["a", "b", "c", None])
_FIELDS = some.fixed_dictionaries(dict.fromkeys(STATED, _VALUES))
_SAID = some.sampled_from([[1.0, "days"], [2.0, "days"]])
Fields = dict[str, object]


@given(_FIELDS, _FIELDS, _SAID)
def test_a_tracker_that_says_the_same_changes_nothing(
    now: Fields, told: Fields, said: list[object]
) -> None:
    merged = merge(now, told, Brought(said, told, ()), said)
    assert (merged.changes, merged.kept) == ({}, [])


@given(_FIELDS, _FIELDS, _FIELDS, _SAID)
def test_what_a_person_changed_is_never_lost_but_how_far_it_is(
    now: Fields, told: Fields, before: Fields, said: list[object]
) -> None:
    merged = merge(now, told, Brought(said, before, ()), said)
    for name in STATED:
        if name not in PROGRESS and now[name] != before[name]:
            assert name not in merged.changes


@given(_FIELDS, _FIELDS, _FIELDS, _SAID)
def test_what_nobody_changed_here_follows_the_tracker(
    told: Fields, before: Fields, other: Fields, said: list[object]
) -> None:
    merged = merge(before, told, Brought(said, before, ()), said)
    assert {**before, **merged.changes} == told
    assert merged.kept == []


@given(_FIELDS, _FIELDS, _FIELDS, _SAID)
def test_a_second_import_of_the_same_changes_nothing(
    now: Fields, told: Fields, before: Fields, said: list[object]
) -> None:
    first = merge(now, told, Brought(said, before, ()), said)
    after = {**now, **first.changes}
    again = merge(after, told, Brought(said, first.fields, ()), said)
    assert (again.changes, again.kept) == ({}, [])


@given(_FIELDS, _FIELDS, _FIELDS)
def test_start_and_finish_are_taken_together(now: Fields, told: Fields, before: Fields) -> None:
    merged = merge(now, told, Brought([], before, ()), [])
    after = {**now, **merged.changes}
    if any(told[name] != before[name] for name in PROGRESS):
        assert {name: after[name] for name in PROGRESS} == {name: told[name] for name in PROGRESS}


@given(_FIELDS, _FIELDS, _SAID)
def test_what_was_never_imported_is_taken_as_it_is_told(
    now: Fields, told: Fields, said: list[object]
) -> None:
    assert {**now, **merge(now, told, None, said).changes} == told


def test_a_range_moves_when_its_number_or_the_history_does_and_not_for_a_little() -> None:
    before = Brought([2.0, "days"], {"estimate": [1.0, 2.0, 4.0], "distribution": "lognormal"}, ())
    now = dict(before.fields)

    def told(scale: float, said: float) -> object:
        estimate = [scale * one for one in (1.0, 2.0, 4.0)]
        fields = {"estimate": estimate, "distribution": "lognormal"}
        merged = merge(now, fields, before, [said, "days"])
        return merged.changes.get("estimate")

    assert told(1.05, 2.0) is None
    assert told(1.2, 2.0) == [1.2, 2.4, 4.8]
    assert told(1.05, 2.1) == [1.05, 2.1, 4.2]
