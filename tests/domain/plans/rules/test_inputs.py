from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.domain.plans.rules.inputs import ITEM_FIELDS, range_text, read_attempts
from headway.domain.programs.rules.ranges import read_range
from headway.errors import Invalid

GOOD = {"success": [0.3, 0.6, 0.8], "max": 3, "each": "3/5/9"}


@given(st.lists(st.integers(0, 1000), min_size=3, max_size=3).map(sorted))
def test_a_range_that_is_shown_reads_as_itself(numbers: list[int]) -> None:
    held = [float(number) for number in numbers]
    assert read_range("estimate", range_text(held)) == held


def test_nothing_is_shown_as_nothing_and_a_certain_range_as_one_number() -> None:
    assert range_text(None) == range_text([]) == ""
    assert range_text([5, 5, 5]) == "5"


@given(st.text(max_size=20))
def test_any_text_is_a_range_in_order_or_refused(text: str) -> None:
    found: object = None
    with suppress(Invalid):
        found = ITEM_FIELDS["estimate"]("estimate", text)
    assert found is None or (isinstance(found, list) and found == sorted(found))


def test_attempts_are_read_whole() -> None:
    assert read_attempts("attempts", GOOD | {"stop_by": "2026-12-01", "fallback": "F"}) == {
        "success": [0.3, 0.6, 0.8],
        "feasible": 1.0,
        "max": 3,
        "each": [3, 5, 9],
        "cost_minor": 0,
        "stop_by": "2026-12-01",
        "fallback": "F",
    }
    assert read_attempts("attempts", None) is read_attempts("attempts", "") is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"success": [0.3, 0.6, 80]}, "between 0 and 1"),
        ({"success": None}, "have no success"),
        ({"each": ""}, "have no each"),
        ({"each": "9/5/3"}, "out of order"),
        ({"max": 0}, "max"),
        ({"max": 101}, "max"),
        ({"max": None}, "have no max"),
        ({"feasible": 1.5}, "feasible"),
        ({"cost_minor": -1}, "cost"),
        ({"stop_by": "soon"}, "not a day"),
        ({"colour": "red"}, "need success, max and each"),
    ],
)
def test_attempts_that_make_no_sense_are_named(change: dict[str, object], said: str) -> None:
    with pytest.raises(Invalid, match=said):
        read_attempts("attempts", GOOD | change)


@pytest.mark.parametrize("value", [[1, 2], "three", 5])
def test_attempts_are_a_mapping(value: object) -> None:
    with pytest.raises(Invalid, match="write success, max and each"):
        read_attempts("attempts", value)
