"""Names beside dots: off each other, off every dot, within the plot."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from headway.rendering.charts.labels import Box, Spot, box_of, labels
from headway.rendering.charts.quadrant import ItemWeight, Weights, quadrant

AREA = Box(0, 0, 574, 194)
spots = st.builds(
    Spot,
    st.floats(0, 574),
    st.floats(0, 194),
    st.floats(3, 9),
    st.text("abcdefgh ", min_size=1, max_size=40),
    st.booleans(),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(spots, max_size=8), st.lists(spots.map(box_of), max_size=6))
def test_no_name_lies_on_another_on_a_dot_or_beyond_the_plot(
    named: list[Spot], taken: list[Box]
) -> None:
    found = labels(named, taken, AREA, 170.0)
    assert len(found) == len(named)
    boxes = [label.box for label in found if label is not None]
    assert all(AREA.holds(box) for box in boxes)
    assert not any(one.meets(other) for one, other in combinations(boxes, 2))
    for box in [*taken, *map(box_of, named)]:
        assert not any(one.meets(box) for one in boxes)


def test_two_names_at_one_place_stand_apart() -> None:
    both = [Spot(100, 100, 4, "Label the images"), Spot(100, 100, 4, "Train")]
    first, second = labels(both, [], AREA, 170.0)
    assert first is not None
    assert second is not None
    assert (first.align, second.align) == ("left", "right")


def test_a_name_without_room_is_left_to_the_table() -> None:
    assert labels([Spot(5, 5, 4, "A name")], [AREA], AREA, 170.0) == [None]


def test_a_name_stands_as_near_as_what_is_taken_lets_it() -> None:
    line = Box(0, 99, 574, 101)
    (label,) = labels([Spot(100, 97, 4, "Integrate")], [line], AREA, 170.0)
    assert label is not None
    assert (label.dy, label.is_away) == (-6.0, False)


def test_items_at_one_place_keep_their_names_apart_in_the_picture() -> None:
    items = tuple(
        ItemWeight(f"Item number {n}", 0.98, 0.30 + n / 500, 0.5, "driver") for n in range(6)
    )
    svg = quadrant(Weights(items)).svg
    assert all(f"Item number {n}" in svg for n in range(6))
