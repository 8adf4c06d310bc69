"""Regions by overlap: exact areas, one to one, beyond chance, and right only where gold is."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.analysis.agreement import (
    Drawn,
    Region,
    label_differences,
    labels_on_gold,
    ratings_of,
    region_agreement,
    regions_on_gold,
)
from headway.analysis.agreement.gold import accuracy_of, effective_size
from headway.analysis.agreement.shapes import box_iou, iou

SQUARE = np.array([[0, 0], [2, 0], [2, 2], [0, 2]], float)
ELL = np.array([[0, 0], [4, 0], [4, 1], [1, 1], [1, 4], [0, 4]], float)


@pytest.mark.parametrize(
    ("first", "second", "share"),
    [
        (SQUARE, SQUARE, 1.0),
        (SQUARE, SQUARE[::-1], 1.0),  # corners in the other order
        (SQUARE, SQUARE + 1, 1 / 7),
        (SQUARE, SQUARE + 2, 0.0),  # a corner shared
        (ELL, np.array([[0, 0], [4, 0], [4, 4], [0, 4]], float), 7 / 16),  # concave
        (ELL, ELL + [1, 1], 0.0 / 14),  # one lies in the notch of the other
        (np.array([[0, 0], [2, 2], [2, 0], [0, 2]], float), SQUARE, 0.5),  # crosses itself
        (SQUARE * 1e-9, SQUARE * 1e-9 + 1e-9, 1 / 7),
        (np.zeros((3, 2)), SQUARE, 0.0),
    ],
)
def test_the_overlap_of_polygons_is_exact(
    first: np.ndarray, second: np.ndarray, share: float
) -> None:
    assert iou(first, second) == pytest.approx(share, abs=1e-9)


_CORNERS = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=3, max_size=9).map(
    lambda one: np.array(one, float)
)


@given(_CORNERS, _CORNERS, st.floats(0.1, 50), st.floats(-90, 90))
@settings(max_examples=60, deadline=None)
def test_overlap_is_symmetric_and_neither_moved_nor_scaled(
    first: np.ndarray, second: np.ndarray, scale: float, move: float
) -> None:
    found = iou(first, second)
    assert 0 <= found <= 1
    assert iou(second, first) == pytest.approx(found, abs=1e-6)
    assert iou(first * scale + move, second * scale + move) == pytest.approx(found, abs=1e-6)


@given(st.lists(st.integers(0, 8), min_size=8, max_size=8))
@settings(max_examples=60, deadline=None)
def test_a_box_as_a_polygon_overlaps_as_the_box_does(sides: list[int]) -> None:
    boxes = np.array([sides[:4], sides[4:]], float)
    boxes[:, 2:] += boxes[:, :2] + 1
    rings = [np.array([[a, b], [c, b], [c, d], [a, d]]) for a, b, c, d in boxes]
    assert iou(*rings) == pytest.approx(box_iou(boxes[:1], boxes[1:])[0], abs=1e-9)


def drawn(item: str, rater: str, *regions: tuple[object, ...], place: str = "") -> Drawn:
    """Return an annotator's boxes on an item: (class, x0, y0, x1, y1)."""
    made = [
        Region(str(label), tuple(float(str(one)) for one in points), place)
        for label, *points in regions
    ]
    return Drawn(item, rater, made)


CAR, BUS = ("car", 0, 0, 10, 10), ("bus", 50, 50, 60, 60)
#: Two annotators on two images: the same car a little moved; a bus that one calls a car, and one
#: that the other did not see.
TWO = [
    drawn("1", "a", CAR, BUS),
    drawn("1", "b", ("car", 0, 0, 10, 8), ("car", 50, 50, 60, 60)),
    drawn("2", "a", ("car", 20, 20, 30, 30), ("bus", 70, 0, 80, 10)),
    drawn("2", "b", ("car", 20, 20, 30, 30)),
]


def test_boxes_are_matched_by_overlap_and_told_in_their_parts() -> None:
    found = region_agreement(TWO)
    assert found.matched == pytest.approx(2 * 3 / 7)
    assert found.overlap == pytest.approx((0.8 + 1 + 1) / 3)
    assert found.same_class == pytest.approx(2 / 3)
    # Distances within items: 1 − 2·0.8/4 and 1 − 2·1/3; what items share by chance is nothing.
    assert found.alpha.value == pytest.approx(1 - (0.6 + 1 / 3) / 2)
    assert (found.alpha.measure, found.alpha.items, found.alpha.raters) == ("regions", 2, 2)
    lines = {one.name: (one.said, one.agreed) for one in found.differences.classes}
    assert lines == {"bus": (2, 0), "car": (5, 4)}
    told = [(one.first, one.second, one.count) for one in found.differences.confusions]
    assert told == [("bus", "", 1), ("bus", "car", 1)]
    assert region_agreement(reversed(TWO)) == found


def test_the_threshold_decides_what_is_one_region() -> None:
    apart = [drawn("1", "a", CAR), drawn("1", "b", ("car", 0, 0, 10, 6)), drawn("2", "a", BUS)]
    assert region_agreement(apart, threshold=0.6).matched == 1.0
    assert region_agreement(apart, threshold=0.61).matched == 0.0


def test_crowded_regions_are_paired_for_the_best_sum_not_first_come() -> None:
    # Greedily b1 takes a1 (0.9), and a2 finds nobody; together two pairs are possible.
    first = drawn("1", "a", ("x", 0, 0, 10, 10), ("x", 0, 0, 10, 6))
    second = drawn("1", "b", ("x", 0, 0, 10, 9), ("x", 0, 2, 10, 12))
    assert region_agreement([first, second]).matched == 1.0
    twins = [drawn("1", "a", CAR, ("bus", *CAR[1:])), drawn("1", "b", ("bus", *CAR[1:]), CAR)]
    assert region_agreement(twins).same_class == 1.0


def test_a_crowd_of_rivals_is_paired_greedily_and_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    crowd = [drawn("1", who, *[("x", 0, 0, 10, 10 + n / 99) for n in range(40)]) for who in "ab"]
    best = region_agreement(crowd)
    monkeypatch.setattr("headway.analysis.agreement.matching.MOST_RIVALS", 10)
    assert region_agreement(crowd).overlap == best.overlap == 1.0


def test_places_never_meet_and_two_who_drew_nothing_agree() -> None:
    spans = [
        Drawn("1", "a", [Region("name", (4.0, 0.0, 9.0, 1.0), "text")]),
        Drawn("1", "b", [Region("name", (4.0, 0.0, 9.0, 1.0), "audio")]),
    ]
    assert region_agreement(spans).matched == 0.0
    empty = [drawn("1", "a"), drawn("1", "b"), drawn("2", "a", CAR), drawn("2", "b", BUS)]
    assert region_agreement(empty).alpha.observed == 0.5


@pytest.mark.parametrize("some", [[], TWO[:1], [drawn("1", "a"), drawn("1", "b")]])
def test_without_two_who_marked_something_there_is_no_number(some: list[Drawn]) -> None:
    found = region_agreement(some)
    assert found.alpha.value is None
    assert found.alpha.sentence


def test_a_flawless_sample_promises_no_certainty() -> None:
    twice = [drawn(str(n), who, CAR, ("car", n, 90, n + 5, 99)) for n in range(30) for who in "ab"]
    alpha = region_agreement(twice).alpha
    assert alpha.value == 1.0
    assert alpha.low is not None
    assert alpha.low < 0.9


def test_a_crowd_that_takes_too_long_is_left_out_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headway.analysis.agreement.matching.MOST_EFFORT", 15)
    monkeypatch.setattr("headway.analysis.agreement.matching._AT_ONCE", 4)
    found = region_agreement(TWO)
    assert (found.left_out, found.alpha.items) == (1, 1)


def test_many_polygons_are_compared_as_far_as_the_effort_goes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ring = tuple(float(one) for one in ELL.ravel())
    many = [Drawn(str(n), who, [Region("x", ring)]) for n in range(30) for who in "ab"]
    monkeypatch.setattr("headway.analysis.agreement.matching.MOST_EFFORT", 1_200)
    monkeypatch.setattr("headway.analysis.agreement.matching._AT_ONCE", 100)
    found = region_agreement(many)
    assert 0 < found.left_out < 30
    assert found.matched == 1.0


def test_right_on_gold_is_region_by_region() -> None:
    gold = [drawn("1", "", CAR, BUS), drawn("2", "", CAR)]
    mine = [
        drawn("1", "a", ("car", 0, 0, 10, 8), ("truck", 50, 50, 60, 60)),
        drawn("2", "a", CAR, ("bus", 30, 30, 40, 40)),
        drawn("3", "a", CAR),  # not in the gold set
        drawn("2", "b"),
    ]
    first, second = regions_on_gold(mine, gold)
    assert (first.rater, first.right, first.of, first.items) == ("a", 2, 4, 2)
    assert first.overlap == pytest.approx(0.9)
    told = [(one.first, one.second, one.count) for one in first.confusions]
    assert told == [("", "bus", 1), ("bus", "truck", 1)]
    assert (second.right, second.of, second.effective) == (0, 1, 1.0)


def test_regions_of_one_image_are_worth_less_than_as_many_images() -> None:
    # All right on half of the images, all wrong on the others: twenty images, not 200 cases.
    assert effective_size([10, 0] * 10, [10] * 20) == pytest.approx(19)
    assert effective_size([9] * 20, [10] * 20) == 200  # as even as can be
    assert effective_size([10] * 20, [10] * 20) == 20  # all right: as many images
    assert effective_size([], []) == 0
    wide, narrow = accuracy_of("a", 100, 200, effective=19), accuracy_of("a", 100, 200)
    assert wide.low < narrow.low < wide.value < narrow.high < wide.high  # type: ignore[operator]


def test_labels_are_judged_on_gold_only_and_name_what_was_taken_for_what() -> None:
    said = [(1, "a", "x"), (2, "a", "x"), (3, "a", "x"), (1, "b", "x"), (9, "c", "x")]
    first, second = labels_on_gold(said, {1: "x", 2: "y"})
    assert (first.rater, first.right, first.of) == ("a", 1, 2)
    assert [(one.first, one.second) for one in first.confusions] == [("y", "x")]
    assert accuracy_of("b", second.right, second.of).verdict(0.9) == "insufficient"


def test_who_differs_and_about_what() -> None:
    ratings = ratings_of([1, 1, 2, 2, 2, 3], list("ababca"), ["3", "8", "3", "3", "8", "1"])
    found = label_differences(ratings, ("a", "b", "c"))
    assert [(one.name, one.said, one.agreed) for one in found.classes] == [
        ("3", 5, 2), ("8", 3, 0),
    ]  # fmt: skip
    assert [(one.name, one.said, one.agreed) for one in found.raters] == [
        ("a", 3, 1), ("b", 3, 1), ("c", 2, 0),
    ]  # fmt: skip
    assert [(one.first, one.second, one.count) for one in found.confusions] == [("3", "8", 3)]
    assert math.isclose(found.classes[0].share or 0, 0.4)
