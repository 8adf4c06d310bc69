"""Rows that segments lack: enough, not more than enough, for all of them together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from headway.analysis.quality.segments_needed import Segment, segments_needed


def needs(
    counts: dict[str, int], shares: dict[str, float], within: float, least: int = 1
) -> dict[str, int]:
    found = segments_needed(
        {(key,): float(count) for key, count in counts.items()},
        {(key,): share for key, share in shares.items()},
        within,
        least,
    )
    return {one.name: one.needs for one in found}


def test_a_segment_with_its_share_needs_nothing() -> None:
    assert needs({"a": 50, "b": 50}, {"a": 0.5, "b": 0.5}, 0.1) == {"a": 0, "b": 0}


def test_rows_are_counted_with_what_adding_them_does_to_the_whole() -> None:
    # b wants 0.9 * 0.5 = 0.45 of all: x / (90 + x) >= 0.45 from x = 73.6 on.
    assert needs({"a": 90}, {"a": 0.5, "b": 0.5}, 0.1) == {"b": 74, "a": 0}


def test_a_least_number_of_rows_holds_for_each() -> None:
    assert needs({"a": 50, "b": 50}, {"a": 0.5, "b": 0.5}, 0.1, 80) == {"a": 30, "b": 30}


def test_the_least_covered_comes_first_with_its_share() -> None:
    found = segments_needed({("a",): 30, ("b",): 70}, {("a",): 0.6, ("b",): 0.4}, 0.2, 1)
    assert found[0] == Segment("a", 30, 0.3, 0.6, 35)
    assert found[0].ratio == 0.5


@given(
    st.lists(st.integers(0, 500), min_size=2, max_size=5),
    st.lists(st.integers(1, 9), min_size=5, max_size=5),
    st.sampled_from([0.05, 0.2, 0.5]),
)
def test_with_the_rows_that_it_needs_every_segment_is_covered(
    rows: list[int], weights: list[int], within: float
) -> None:
    names = [chr(97 + n) for n in range(len(rows))]
    total = sum(weights[: len(rows)])
    shares = {name: weights[n] / total for n, name in enumerate(names)}
    counts = dict(zip(names, rows, strict=True))
    added = needs(counts, shares, within)
    after = {name: counts[name] + added[name] for name in names}
    size = sum(after.values())
    for name in names:
        assert after[name] >= (1 - within) * shares[name] * size - 1e-6
    assert set(needs(after, shares, within).values()) == {0}
