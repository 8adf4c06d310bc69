from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.analysis.benefits import (
    WEEKS_A_YEAR,
    BenefitLine,
    share_of_the_way,
    yearly_benefit,
)

CERTAIN = BenefitLine("typed", 480_000.0, (48_000.0, 48_000.0, 48_000.0), (0.4, 0.4, 0.4))
RANGED = BenefitLine("wrong", 5_300.0, (1_000.0, 2_000.0, 3_500.0), (20.0, 31.0, 45.0))

amounts = st.floats(0.0, 1e6)
triples = st.tuples(amounts, amounts, amounts).map(lambda three: tuple(sorted(three)))
lines = st.builds(BenefitLine, st.just("x"), amounts, triples, triples, st.booleans())


def test_certain_numbers_multiply_exactly() -> None:
    found = yearly_benefit([CERTAIN], (20_000.0, 20_000.0, 20_000.0))
    assert found.net.p10 == found.net.p90 == pytest.approx((480_000 - 48_000) * 0.4 - 20_000)
    assert found.p_positive == 1.0
    assert found.week == pytest.approx(found.net.p50 / WEEKS_A_YEAR)


def test_the_median_lies_between_the_corners_and_the_mean_where_the_product_says() -> None:
    found = yearly_benefit([RANGED], trials=100_000)
    low, high = (5_300 - 3_500) * 20, (5_300 - 1_000) * 45
    assert low < found.net.p10 < found.net.p50 < found.net.p90 < high
    # independent triangulars: the mean of the product is the product of the means
    mean = (5_300 - (1_000 + 2_000 + 3_500) / 3) * (20 + 31 + 45) / 3
    assert found.net.p50 == pytest.approx(mean, rel=0.03)


def test_more_of_what_is_wanted_earns_and_more_of_what_is_not_costs() -> None:
    more = BenefitLine("sold", 100.0, (150.0, 150.0, 150.0), (2.0, 2.0, 2.0), less_is_better=False)
    errors = BenefitLine("errors", 100.0, (150.0, 150.0, 150.0), (2.0, 2.0, 2.0))
    assert yearly_benefit([more]).net.p50 == 100.0
    assert yearly_benefit([errors]).net.p50 == -100.0
    assert yearly_benefit([errors]).p_positive == 0.0


def test_no_lines_earn_nothing_and_still_cost_what_running_costs() -> None:
    found = yearly_benefit([], (5.0, 5.0, 5.0))
    assert found.net.p50 == -5.0
    assert found.lines == {}


@given(lines, st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_a_metric_further_on_its_way_earns_at_least_as_much_of_a_good_line(
    line: BenefitLine, one: float, other: float
) -> None:
    full = yearly_benefit([line], trials=200)
    near = yearly_benefit([line], reached=min(one, other), trials=200)
    far = yearly_benefit([line], reached=max(one, other), trials=200)
    if full.net.p10 >= 0:
        assert far.net.p10 >= near.net.p10 >= 0


@given(lines, st.floats(1.0, 1e6))
def test_nothing_is_credited_beyond_the_promise(line: BenefitLine, beyond: float) -> None:
    assert yearly_benefit([line], reached=beyond, trials=50) == yearly_benefit([line], trials=50)


def test_the_same_seed_gives_the_same_bits_whatever_else_is_counted() -> None:
    alone = yearly_benefit([RANGED], seed=3)
    beside = yearly_benefit([CERTAIN, RANGED], seed=3)
    assert beside.lines["wrong"] == alone.lines["wrong"]
    assert yearly_benefit([RANGED], seed=4) != alone


@pytest.mark.parametrize(
    ("start", "target", "now", "share"),
    [
        (0.90, 0.97, 0.90, 0.0),
        (0.90, 0.97, 0.935, 0.5),
        (0.90, 0.97, 0.99, 1.0),
        (0.90, 0.97, 0.5, 0.0),
        (4.0, 1.0, 2.0, 2 / 3),  # a metric that is to fall
        (1.0, 1.0, 5.0, None),
    ],
)
def test_the_way_is_linear_and_ends_at_the_target(
    start: float, target: float, now: float, share: float | None
) -> None:
    found = share_of_the_way(start, target, now)
    assert found == (None if share is None else pytest.approx(share))
