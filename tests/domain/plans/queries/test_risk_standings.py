"""Raise a risk's probability: P80 moves, and the report says why."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from tests.cast import AT, Cast

from headway.domain.plans.actions import import_plan, make_forecast
from headway.domain.plans.queries import (
    latest_forecast,
    odds_bridge,
    risk_standing_named,
    risk_standings,
)
from headway.domain.programs.actions import create_program, create_project
from headway.domain.programs.queries import program_named
from headway.domain.risks.actions import occur_risk, set_risk, set_risk_policy
from headway.errors import NotFound

PLAN = b"""
plan: Reading
start: 2026-11-23
target: 2027-02-26
budget: {amount: 100000, currency: USD}
items:
  - {id: LABEL, name: Label, estimate: [18, 20, 22]}
  - {id: TRAIN, name: Train, estimate: [9, 10, 30], after: [LABEL]}
risks:
  - id: R1
    name: Vendor late
    probability: 0.3
    delays: [LABEL]
    delay: [8, 10, 12]
    cost: [0, 3000, 6000]
    mitigated: {probability: 0.05, cost: 3000}
  - {id: R2, name: Machines fail, probability: 0.01, delays: [TRAIN], delay: [1, 1, 1]}
"""
BEFORE = AT - timedelta(days=7)


@pytest.fixture(autouse=True)
def control(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Control", "currency": "USD"}, BEFORE)
    create_project(cast.mia, "control", {"name": "Reading"}, BEFORE)
    import_plan(cast.mia, PLAN, "plan.yaml", BEFORE, project="reading")
    make_forecast(cast.mia, "control", BEFORE, trials=400)


def test_a_raised_probability_moves_p80_and_the_bridge_names_the_risk(cast: Cast) -> None:
    set_risk(cast.bob, "control", "R1", {"probability": 0.6}, AT)
    set_risk(cast.bob, "control", "R2", {"probability": 0.02}, AT)
    made = make_forecast(cast.mia, "control", AT, trials=400)
    assert made is not None
    program = program_named(cast.vera, "control")
    (risks,) = [one for one in made.news.bridge if one.cause == "risks"]
    assert risks.days_p80 is not None
    assert risks.days_p80 > 0
    assert risks.sentence.startswith("“Vendor late” went from 30 % to 60 %: +")
    assert "“Machines fail” went from < 5 %" not in risks.sentence  # exact, not clamped
    assert "“Machines fail” went from 1 % to 2 %: P80 stays." in risks.sentence
    again = odds_bridge(cast.vera, program, BEFORE, AT, trials=400)
    assert [one.sentence for one in again.lines if one.cause == "risks"] == [risks.sentence]


def test_one_record_has_two_views(cast: Cast) -> None:
    program = program_named(cast.vera, "control")
    one = risk_standing_named(cast.vera, program, "R1")
    assert one.expected_days == pytest.approx(0.3 * 10)
    assert one.expected_money == Decimal("900.0")
    assert one.inherent is not None
    assert one.residual is not None
    assert (one.inherent.chance, one.residual.chance) == (2, 1)
    assert one.at_p80 is not None
    assert one.at_p80.days is not None
    assert one.at_p80.days > 2
    assert one.after is not None
    assert one.bought is not None
    assert one.after.days == pytest.approx(one.at_p80.days - (one.bought.days or 0))
    assert one.price_words.startswith("The response costs USD 3,000 and buys")
    assert [item.address for item in one.items] == ["reading/LABEL"]
    small = risk_standing_named(cast.vera, program, "R2")
    assert small.at_p80 is not None
    assert small.at_p80.shown_days == 0


def test_what_exceeds_the_appetite_after_its_response_asks_to_be_escalated(cast: Cast) -> None:
    program = program_named(cast.vera, "control")
    assert risk_standing_named(cast.vera, program, "R1").over == ""
    set_risk(cast.bob, "control", "R1", {"mitigated_probability": 0.29}, AT)
    make_forecast(cast.mia, "control", AT, trials=400)
    set_risk_policy(cast.mia, "control", {"appetite_days": 1}, AT)
    assert "at P80, of which 1 are accepted" in risk_standing_named(cast.vera, program, "R1").over


def test_a_risk_that_the_forecast_does_not_know_says_so(cast: Cast) -> None:
    set_risk(cast.bob, "control", "R3", {"probability": 0.5, "delay": "5"}, AT)
    program = program_named(cast.vera, "control")
    assert risk_standing_named(cast.vera, program, "R3").unknown == "not in the last forecast"
    with pytest.raises(NotFound):
        risk_standings(cast.charlie, [program])


def test_an_occurred_risk_is_certain_in_the_plan(cast: Cast) -> None:
    before = latest_forecast(cast.vera, program_named(cast.vera, "control"))
    occur_risk(cast.bob, "control", "R1", AT)
    after = make_forecast(cast.mia, "control", AT, trials=400)
    assert before is not None
    assert after is not None
    assert (after.finish("p50") or AT.date()) > (before.finish("p50") or AT.date())
    (risks,) = [one for one in after.news.bridge if one.cause == "risks"]
    assert "Vendor late: state open → occurred" in risks.sentence
