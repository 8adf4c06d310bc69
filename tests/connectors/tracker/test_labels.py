"""Labels in common use, and those that only sound like them."""

from __future__ import annotations

import pytest

from headway.connectors.tracker.labels import begun_label, points_in


@pytest.mark.parametrize(
    "label", ["in progress", "In-Progress", "Doing", "WIP", "workflow::in dev", "status: in review"]
)
def test_a_label_says_that_work_was_begun(label: str) -> None:
    assert begun_label(["data", label]) == label


@pytest.mark.parametrize("label", ["not in progress", "progress", "started-by-bot", "to do", ""])
def test_a_label_that_only_sounds_so_does_not(label: str) -> None:
    assert begun_label([label]) == ""


def test_points_are_numbers_after_their_word() -> None:
    assert points_in(["points: 5", "SP 3", "size: L", "p5", "estimate/0.5"]) == {5.0, 3.0, 0.5}
    assert points_in(["points: 99999", "points: -1", "points"]) == set()
