"""Fairness gaps: who is selected, found, wrongly accused; the extremes with honest intervals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from headway.analysis.segments.fairness import Fairness
from headway.analysis.segments.judging import Verdict
from headway.analysis.segments.segments import Question, segments
from headway.analysis.segments.task import Columns
from headway.errors import Invalid


def gaps(table_of: Any, selected: dict[str, tuple[int, int]], **changes: Any) -> Fairness:
    """Groups with (selected, rows) each; half of the selected are truly positive."""
    rows: dict[str, list[Any]] = {"y": [], "d": [], "g": []}
    for group, (count, n) in selected.items():
        rows["g"] += [group] * n
        rows["d"] += [1] * count + [0] * (n - count)
        rows["y"] += [at % 2 for at in range(count)] + [at % 2 for at in range(n - count)]
    question = Question(Columns("y", prediction="d"), ("g",), **changes)
    return segments(table_of(**rows), question).fairness[0]


def test_the_gap_of_two_shares_is_newcombes_published_interval(table_of: Any) -> None:
    # Newcombe 1998, table II (a), method 10: 56/70 - 48/80 is 0.2 (0.0524 to 0.3339)
    found = gaps(table_of, {"a": (56, 70), "b": (48, 80)}).gaps["selection_rate"]
    assert found.value == pytest.approx(0.2)
    assert (found.low, found.high) == (
        pytest.approx(0.0524, abs=1e-4),
        pytest.approx(0.3339, abs=1e-4),
    )
    assert (found.highest, found.lowest) == ("g=a", "g=b")


def test_four_fifths_are_met_only_if_the_interval_shows_them(table_of: Any) -> None:
    few = gaps(table_of, {"a": (50, 100), "b": (45, 100)}).four_fifths
    assert few.ratio == pytest.approx(0.9)
    assert few.verdict is Verdict.UNMET
    assert "although the ratio itself passes" in few.sentence
    many = gaps(table_of, {"a": (5000, 10_000), "b": (4500, 10_000)}).four_fifths
    assert many.verdict is Verdict.MET
    assert gaps(table_of, {"a": (50, 100), "b": (20, 100)}).four_fifths.verdict is Verdict.UNMET
    nobody = gaps(table_of, {"a": (0, 100), "b": (0, 100)}).four_fifths
    assert (nobody.ratio, nobody.verdict) == (None, Verdict.INSUFFICIENT)
    none_of_b = gaps(table_of, {"a": (50, 100), "b": (0, 100)}).four_fifths
    assert (none_of_b.ratio, none_of_b.low) == (0.0, 0.0)


def test_a_small_group_makes_no_gap(table_of: Any) -> None:
    found = gaps(table_of, {"a": (50, 100), "b": (45, 100), "c": (0, 5)})
    assert found.gaps["selection_rate"].lowest == "g=b"
    alone = gaps(table_of, {"a": (50, 100), "c": (0, 5)})
    assert alone.four_fifths.verdict is Verdict.INSUFFICIENT
    assert alone.gaps["selection_rate"].value is None


def test_more_groups_to_choose_extremes_from_widen_the_interval(table_of: Any) -> None:
    two = gaps(table_of, {"a": (60, 100), "b": (45, 100)}).gaps["selection_rate"]
    three = gaps(table_of, {"a": (60, 100), "b": (45, 100), "c": (50, 100)}).gaps["selection_rate"]
    assert three.value == two.value
    assert three.low is not None
    assert two.low is not None
    assert three.low < two.low


def test_rates_are_told_by_group_and_calibration_with_a_score(table_of: Any) -> None:
    found = gaps(table_of, {"a": (50, 100), "b": (40, 100)}).as_json()
    assert isinstance(found["groups"], list)
    assert found["groups"][0]["selection_rate"]["value"] == 0.5
    assert found["groups"][0]["true_positive_rate"]["value"] == 0.5
    rng = np.random.default_rng(0)
    chance = rng.random(400)
    rows = {"y": (rng.random(400) < chance).astype(int), "p": chance, "g": ["a", "b"] * 200}
    rows["p"] = np.where(np.arange(400) % 2 == 0, chance, np.minimum(chance + 0.3, 1))
    scored = segments(table_of(**rows), Question(Columns("y", "p"), ("g",))).fairness[0]
    assert scored.gaps["calibration"].highest == "g=b"
    assert scored.gaps["calibration"].low is not None
    assert scored.gaps["calibration"].low > 0


def test_the_ratio_speaks_only_when_it_is_asked_for(table_of: Any) -> None:
    rows = {"y": [0, 1] * 100, "d": [1] * 100 + [0] * 100, "g": ["a"] * 100 + ["b"] * 100}
    columns = Columns("y", prediction="d")
    silent = segments(table_of(**rows), Question(columns, ("g",)))
    asked = segments(table_of(**rows), Question(columns, ("g",), four_fifths=True))
    assert silent.is_good
    assert asked.verdict is Verdict.UNMET
    numbers = {"y": np.arange(40) / 3, "d": np.arange(40) / 2, "g": ["a", "b"] * 20}
    with pytest.raises(Invalid, match="no class is given"):
        segments(table_of(**numbers), Question(columns, ("g",), four_fifths=True))
