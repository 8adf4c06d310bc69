from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.domain.programs.rules.ranges import read_range, shown
from headway.errors import Invalid

NUMBERS = st.lists(st.integers(0, 10_000).map(float), min_size=3, max_size=3).map(sorted)


@given(NUMBERS, st.sampled_from([" ", ", ", "/", " / ", "–", "; ", "-", " - ", "..", "…"]))
def test_a_range_reads_the_same_however_it_is_typed(numbers: list[float], between: str) -> None:
    typed = between.join(f"{number:g}" for number in numbers)
    assert read_range("estimate", typed) == read_range("estimate", numbers) == numbers


@given(NUMBERS)
def test_what_is_shown_can_be_typed_again(numbers: list[float]) -> None:
    assert read_range("estimate", shown(numbers)) == [float(f"{number:g}") for number in numbers]


@pytest.mark.parametrize("nothing", [None, "", []])
def test_nothing_is_no_range(nothing: object) -> None:
    assert read_range("estimate", nothing) is None
    assert shown(None) == "none"


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("-3 -2 -1", [-3, -2, -1]),
        ("-3, -2, 0", [-3, -2, 0]),
        ("-3/-2/1", [-3, -2, 1]),
        ("-3--2--1", [-3, -2, -1]),
        ("1e-3 1 2", [1e-3, 1, 2]),
    ],
)
def test_a_minus_is_no_separator(typed: str, numbers: list[float]) -> None:
    assert read_range("delay", typed, low=-10) == numbers


def test_one_number_is_certain() -> None:
    assert read_range("estimate", "5") == read_range("estimate", 5) == [5, 5, 5]


@pytest.mark.parametrize(
    "value", ["3 9 5", "1 2", "1 2 3 4", "a b c", "nan", True, [1, 2, "x"], -1]
)
def test_what_is_no_range_is_refused_by_name(value: object) -> None:
    with pytest.raises(Invalid, match="The estimate"):
        read_range("estimate", value)
