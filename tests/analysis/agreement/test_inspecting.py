"""Acceptance sampling and the day the labels are ready: published plans, exact risks, laws."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.analysis.agreement.inspecting import (
    ACCEPTED,
    Bound,
    Look,
    SamplingPlan,
    bound_sample,
    draw,
    judged,
    looks,
    quotas,
    single_plan,
)
from headway.analysis.agreement.proportions import (
    at_most,
    lot_interval,
)
from headway.analysis.agreement.readiness import Extra, Supply, readiness
from headway.analysis.shares import beta_share, exact_interval
from headway.errors import Invalid

PUBLISHED = Path(__file__).parents[2] / "cases" / "agreement" / "published.yaml"


def test_the_operating_characteristic_is_the_textbooks() -> None:
    case = yaml.safe_load(PUBLISHED.read_text())["acceptance"]
    for share, chance in case["shares"].items():
        found = 1 - beta_share(case["accept"] + 1, case["sample"] - case["accept"], share)
        assert found == pytest.approx(chance, abs=5e-5)


def test_how_many_to_look_at_is_the_least_that_accepts() -> None:
    bound = Bound(0.05)
    found = looks(1_000, bound)
    # SciPy: hypergeom.cdf(c, 1000, 51, n) <= 0.05 from n = 56 and 88 on; endless: 59 and 93.
    assert [one.sample for one in found][:2] == [56, 88]
    for one in found:
        assert judged(1_000, one.sample, one.defects, bound).outcome == ACCEPTED
        assert judged(1_000, one.sample - 1, one.defects, bound).outcome != ACCEPTED
    assert looks(10, bound) == (Look(10, 0),)  # all of a small lot, and nothing may be wrong
    plan = single_plan(1_000, 0.01, 0.05)
    assert looks(1_000, plan) == (Look(plan.sample, plan.accept),)


def test_a_plan_for_a_large_lot_is_the_published_one() -> None:
    # Kiermeier 2008, Visualizing and Assessing Acceptance Sampling Plans: find.plan with a good
    # quality of 5 % at 0.95 and a bad one of 15 % at 0.075 gives n = 80, c = 7.
    plan = single_plan(1_000_000, 0.05, 0.15, consumer=0.075)
    assert (plan.sample, plan.accept) == (80, 7)


def test_exact_bounds_of_a_share_and_of_a_lot() -> None:
    # Clopper-Pearson of 61 in 64, as in Newcombe's tables of exact limits.
    assert exact_interval(61, 64) == pytest.approx((0.8691, 0.9902), abs=1e-4)
    assert exact_interval(0, 0) == (0.0, 1.0)
    least, most = lot_interval(2, 50, 400)
    # The definition, by the tails themselves.
    assert 1 - at_most(1, 400, least, 50) > 0.025 >= 1 - at_most(1, 400, least - 1, 50)
    assert at_most(2, 400, most, 50) > 0.025 >= at_most(2, 400, most + 1, 50)
    assert lot_interval(3, 40, 40) == (3, 3)


@given(st.integers(1, 400), st.floats(0, 0.3), st.floats(0.01, 0.5))
@settings(max_examples=40, deadline=None)
def test_a_plan_keeps_both_risks_or_looks_at_everything(lot: int, aql: float, gap: float) -> None:
    plan = single_plan(lot, aql, min(1.0, aql + gap))
    assert 0 < plan.sample <= lot
    assert plan.consumer_risk <= 0.10 + 1e-9 or plan.sample == lot
    assert plan.producer_risk <= 0.05 + 1e-9


_RANK = {"rework": 0, "insufficient": 1, "accepted": 2}


@given(st.integers(1, 300), st.data())
@settings(max_examples=60, deadline=None)
def test_more_defects_never_make_acceptance_likelier(lot: int, data: st.DataObject) -> None:
    inspected = data.draw(st.integers(1, lot))
    defects = data.draw(st.integers(0, inspected - 1)) if inspected > 1 else 0
    plan = single_plan(lot, 0.02, 0.1)
    rules: list[Bound | SamplingPlan] = [Bound(0.05), Bound(0.0), plan]
    rule = data.draw(st.sampled_from(rules))
    fewer = judged(lot, inspected, defects, rule)
    more = judged(lot, inspected, defects + 1 if inspected > defects else defects, rule)
    assert _RANK[more.outcome] <= _RANK[fewer.outcome]


def test_nothing_inspected_accepts_nothing() -> None:
    for rule in (Bound(1.0), single_plan(50, 0.02, 0.1)):
        assert judged(50, 0, 0, rule).outcome == "insufficient"
    with pytest.raises(Invalid, match="no sample"):
        judged(10, 11, 0, Bound(0.05))


def test_a_bound_is_shown_broken_or_neither() -> None:
    rule = Bound(0.05)
    outcomes = [judged(320, 90, defects, rule).outcome for defects in (1, 5, 20)]
    assert outcomes == ["accepted", "insufficient", "rework"]
    least = bound_sample(320, rule, 0.0)
    assert judged(320, least, 0, rule).outcome == "accepted"
    assert judged(320, least - 1, 0, rule).outcome == "insufficient"


def test_a_sample_is_drawn_again_the_same_and_only_grows() -> None:
    few, more = draw(200, 20, seed=3, stream="b"), draw(200, 40, seed=3, stream="b")
    assert few == draw(200, 20, seed=3, stream="b")
    assert set(few) < set(more)
    assert few != draw(200, 20, seed=4, stream="b")
    assert draw(5, 5) == (1, 2, 3, 4, 5)


def test_a_short_class_is_not_due_until_the_batch_is_complete() -> None:
    wanted, found = {"a": 5, "b": 2}, {"a": 3, "b": 2}
    open_, closed = (quotas(wanted, found, is_complete=c) for c in (False, True))
    assert [one.verdict for one in open_] == ["not_due", "met"]
    assert [one.verdict for one in closed] == ["unmet", "met"]


LOTS = [(80, 80)] * 19 + [(80, 0)]
STEADY = Supply([85, 83, 87, 85, 86], 0, LOTS)


def test_a_steady_supply_is_ready_about_when_division_says() -> None:
    found = readiness(STEADY, 850)
    assert found.basis == "weeks"
    assert found.p10 is not None
    assert found.p50 is not None
    assert found.p80 is not None
    assert found.p10 <= found.p50 <= found.p80
    assert found.p50 == pytest.approx(850 / 0.95 / 85.2 * 5, abs=1.5)
    assert found == readiness(STEADY, 850)


def test_the_range_narrows_with_weeks_and_widens_with_rejections() -> None:
    wild = readiness(Supply([20, 150, 85, 85], 0, LOTS), 850)
    assert (wild.p90 or 0) - (wild.p10 or 0) > 5
    strict = readiness(Supply(STEADY.weeks, 0, LOTS[:10] + [(80, 0)] * 10), 850)
    assert (strict.p50 or 0) > 1.7 * (readiness(STEADY, 850).p50 or 0)


def test_labels_of_a_lot_share_its_fate_and_few_good_lots_promise_little() -> None:
    many, few = ([(1, 1)] * 760 + [(1, 0)] * 40), LOTS
    narrow, wide = (readiness(Supply(STEADY.weeks, 0, lots), 850) for lots in (many, few))
    assert (wide.p90 or 0) - (wide.p10 or 0) > 2 * ((narrow.p90 or 0) - (narrow.p10 or 0))
    spotless = readiness(Supply(STEADY.weeks, 0, [(80, 80)] * 5), 850)
    assert (spotless.p50 or 0) > 850 / 85.2 * 5 + 2


def test_a_second_vendor_lands_the_labels_earlier() -> None:
    more = Supply(STEADY.weeks, 0, LOTS, extra=Extra(40, from_week=2))
    before, after = readiness(STEADY, 850), readiness(more, 850)
    assert (after.p80 or 0) < (before.p80 or 0) - 5


def test_few_weeks_take_the_agreed_rate_and_none_have_no_date() -> None:
    agreed = readiness(Supply([85], 0, prior=(57, 95, 114)), 500)
    assert agreed.basis == "prior"
    assert "nothing is decided yet" in agreed.sentence
    silent = readiness(Supply([85], 0), 500)
    assert (silent.p50, silent.basis) == (None, "nothing")
    dry = readiness(Supply([0, 0, 0, 0], 0), 500)
    assert (dry.p10, dry.p80) == (None, None)
    assert readiness(STEADY, 0).p80 == 0
