"""How many units a trial needs, as the textbooks have it, and how the three questions agree."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.analysis.trials.plan import Way
from headway.analysis.trials.power import (
    Design,
    expected_units,
    least_effect,
    planned_looks,
    power,
    sample_size,
)
from headway.analysis.trials.spending import Spending
from headway.errors import Invalid

MEAN = Design(baseline=1.0, sd=1.0)


@pytest.mark.parametrize(
    ("effect", "units"), [(0.2, 788), (0.5, 128), (0.8, 52)], ids=["small", "medium", "large"]
)
def test_cohens_effects_need_what_his_tables_say(effect: float, units: int) -> None:
    """Cohen (1988), table 2.4.1: 393, 64 and 26 an arm at alpha 0.05 and power 0.80."""
    assert sample_size(effect, 0.8, MEAN) == pytest.approx(units, abs=2)


def test_the_power_of_64_an_arm_is_that_of_the_noncentral_t() -> None:
    assert power(128, 0.5, MEAN) == pytest.approx(0.8014596, abs=1e-7)


def test_a_proportion_from_10_to_12_percent_needs_3839_an_arm() -> None:
    """Fleiss (1981), unpooled: (1.96 + 0.8416)² (0.09 + 0.1056) / 0.02² = 3,838.1."""
    assert sample_size(0.2, 0.8, Design(baseline=0.1)) == pytest.approx(2 * 3839, abs=2)


def test_looks_cost_what_the_inflation_factor_says() -> None:
    """Jennison and Turnbull (2000): 1 to 3 % for O'Brien-Fleming, about 20 % for Pocock."""
    one = sample_size(0.02, 0.8, replace(MEAN, sd=5.0))
    design = replace(MEAN, sd=5.0, method=Way.SEQUENTIAL, looks=5)
    five = sample_size(0.02, 0.8, design)
    even = sample_size(0.02, 0.8, replace(design, spending=Spending.POCOCK))
    assert 1.01 < five / one < 1.03
    assert 1.18 < even / one < 1.24
    assert expected_units(five, 0.02, design) < one
    looks = planned_looks(five, 0.02, design)
    assert [round(look.z, 3) for look in looks] == [4.877, 3.357, 2.680, 2.290, 2.031]
    assert sum(look.stops for look in looks) == pytest.approx(0.8, abs=1e-3)


def test_a_covariate_takes_its_square_off_and_an_uneven_split_costs() -> None:
    one = sample_size(0.05, 0.8, MEAN)
    assert sample_size(0.05, 0.8, replace(MEAN, correlation=0.6)) == pytest.approx(
        0.64 * one, rel=1e-3
    )
    assert sample_size(0.05, 0.8, replace(MEAN, share=0.1)) == pytest.approx(
        one * 0.25 / 0.09, rel=1e-3
    )


@given(
    st.sampled_from([Design(0.1), MEAN, replace(MEAN, method=Way.SEQUENTIAL, looks=3)]),
    st.floats(0.02, 0.5),
    st.floats(0.55, 0.95),
)
@settings(max_examples=25, deadline=None)
def test_size_power_and_effect_agree(design: Design, effect: float, wanted: float) -> None:
    units = sample_size(effect, wanted, design)
    assert power(units, effect, design) >= wanted
    assert power(units - 4, effect, design) < wanted or units <= 20
    assert least_effect(units, wanted, design) <= effect * (1 + 1e-6)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"baseline": 0.0}, "baseline is 0"),
        ({"baseline": 3.0}, "is a proportion"),
        ({"baseline": 1.0, "sd": -1.0}, "deviation is -1"),
        ({"baseline": 0.1, "alpha": 0.0}, "alpha is 0"),
        ({"baseline": 0.1, "share": 1.0}, "share of the treatment is 1"),
        ({"baseline": 0.1, "correlation": 1.0}, "correlation is 1"),
        ({"baseline": 0.1, "looks": 3}, "read once, not 3 times"),
        ({"baseline": 0.1, "comparisons": 0}, "0 comparisons"),
    ],
)
def test_a_design_that_cannot_be_is_a_sentence(fields: dict[str, float], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        Design(**fields)  # type: ignore[arg-type]


def test_a_question_without_an_answer_is_a_sentence() -> None:
    with pytest.raises(Invalid, match="effect is 0"):
        sample_size(0.0, 0.8, MEAN)
    with pytest.raises(Invalid, match="power is 0.01"):
        sample_size(0.1, 0.01, MEAN)
    with pytest.raises(Invalid, match="stays between 0 and 1"):
        sample_size(2.0, 0.8, Design(baseline=0.5))
    with pytest.raises(Invalid, match="With 4 units no change"):
        least_effect(4, 0.8, MEAN)
