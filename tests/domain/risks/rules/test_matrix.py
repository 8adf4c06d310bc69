from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.domain.risks.rules import PolicyFacts, Scale, cell_of, composed_name, severity_of
from headway.domain.risks.rules.matrix import read_bounds
from headway.domain.risks.rules.risks import LONGEST_NAME, require_stage, require_strategy
from headway.errors import Invalid

POLICY = PolicyFacts(UUID(int=0))
SCALE = Scale(100, Decimal(1_000_000))
SHARES = st.floats(0, 1)
RANGES = st.none() | st.lists(st.floats(0, 1e5), min_size=3, max_size=3).map(
    lambda parts: tuple(sorted(parts))
)


@given(SHARES, SHARES, RANGES, RANGES, st.floats(0, 1e5))
def test_more_chance_more_days_or_more_money_never_lowers_the_cell(
    chance: float,
    other: float,
    delay: tuple[float, ...] | None,
    cost: tuple[float, ...] | None,
    more: float,
) -> None:
    low, high = sorted((chance, other))
    held = cell_of(low, delay, cost, SCALE, POLICY)
    if held is None:
        assert delay is None
        assert cost is None
        return
    longer = None if delay is None else tuple(part + more for part in delay)
    dearer = None if cost is None else tuple(part + more for part in cost)
    for worse in (
        cell_of(high, delay, cost, SCALE, POLICY),
        cell_of(low, longer, cost, SCALE, POLICY),
        cell_of(low, delay, dearer, SCALE, POLICY),
    ):
        assert worse is not None
        assert worse.chance >= held.chance
        assert worse.impact >= held.impact
        assert worse.score >= held.score


def test_a_cell_is_read_from_the_defaults() -> None:
    found = cell_of(0.35, (2, 5, 14), (0, 2_000, 8_000), SCALE, POLICY)
    assert found is not None
    assert (found.chance, found.impact, found.level) == (3, 4, "high")
    assert found.words == "possible, major"


def test_a_chance_to_gain_weighs_as_much_as_a_threat_of_the_same_size() -> None:
    gain = cell_of(0.5, (-14, -5, -2), None, SCALE, POLICY)
    assert gain == cell_of(0.5, (2, 5, 14), None, SCALE, POLICY)


def test_without_anything_to_measure_against_there_is_no_cell() -> None:
    assert cell_of(0.5, (1, 2, 3), None, Scale(), POLICY) is None
    assert cell_of(0.5, None, None, SCALE, POLICY) is None
    assert severity_of(None, None, SCALE, POLICY) == ""


@pytest.mark.parametrize("bounds", ["0.1, 0.3, 0.5", "0.5, 0.3, 0.6, 0.7", "0, 0.1, 0.2, 0.3", "x"])
def test_bounds_that_do_not_ascend_are_refused(bounds: str) -> None:
    with pytest.raises(Invalid, match=r"ascend|number"):
        read_bounds("chance_bounds", bounds)


def test_a_title_is_made_of_cause_event_and_effect() -> None:
    assert composed_name("", "", "late") == ""
    assert composed_name("one team", "it leaves", "labels are late") == (
        "Because one team, it leaves, so that labels are late"
    )
    assert len(composed_name("a" * 400, "b" * 400, "c")) == LONGEST_NAME


def test_nobody_avoids_an_opportunity_and_a_plan_needs_its_assessment() -> None:
    require_strategy("opportunity", "enhance")
    with pytest.raises(Invalid, match="not for an opportunity; choose exploit"):
        require_strategy("opportunity", "avoid")
    with pytest.raises(Invalid, match="needs what the risk would do"):
        require_stage("assessed", (None, None), "")
    with pytest.raises(Invalid, match="needs a strategy"):
        require_stage("monitoring", ((1, 2, 3), None), "")
    require_stage("monitoring", ((1, 2, 3), None), "accept")
