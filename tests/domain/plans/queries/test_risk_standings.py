"""Raise a risk's probability: P80 moves, and the report says why."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cast import AT, Cast
from tests.domain.risks.risk_world import a_risk

from headway.analysis.schedule.readers import read_plan
from headway.analysis.schedule.simulation import Settings, simulate
from headway.domain.plans.actions import import_plan, make_forecast
from headway.domain.plans.queries import (
    latest_forecast,
    odds_bridge,
    risk_standing_named,
    risk_standings,
)
from headway.domain.plans.rules.risk_standing import (
    At80,
    MappedItem,
    RiskGround,
    doubled,
    risk_standing,
)
from headway.domain.programs.actions import create_program, create_project
from headway.domain.programs.queries import program_named
from headway.domain.risks.actions import occur_risk, set_risk, set_risk_policy
from headway.domain.risks.rules import PolicyFacts, Scale
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


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 15), st.integers(0, 50))
def test_no_chance_adds_nothing_and_certainty_adds_the_whole_delay(delay: int, seed: int) -> None:
    text = "plan: P\ncalendar: none\nitems:\n  - {id: A, estimate: [4, 5, 9]}\nrisks:\n"
    risk = "  - {{id: R, probability: {}, delays: [A], delay: {}}}\n"
    asked = Settings(trials=50, seed=seed)

    def finish(chance: int) -> Any:  # noqa: ANN401
        return simulate(
            read_plan((text + risk.format(chance, delay)).encode(), "p.yaml"), asked
        ).finish

    bare = simulate(read_plan(text.split("risks")[0].encode(), "p.yaml"), asked).finish
    assert (finish(0) == bare).all()
    assert finish(1) == pytest.approx(bare + delay)


def test_a_stretched_pessimistic_side_warns_of_counting_twice() -> None:
    risk = a_risk(delay=(2, 8, 20))
    wide = MappedItem("a/B", "Build", is_finished=False, spread=(31, 36, 51))
    assert [one.item for one in doubled(risk, [wide])] == ["a/B"]
    assert doubled(risk, [MappedItem("a/C", "C", is_finished=False, spread=(30, 36, 42))]) == []
    assert doubled(risk, [MappedItem("a/D", "D", is_finished=True, spread=(31, 36, 51))]) == []
    assert doubled(a_risk(kind="opportunity", delay=(2, 8, 20)), [wide]) == ()


def test_within_error_is_said_as_none_and_errors_add_up() -> None:
    left = At80(5.0, 1.0, False).less(At80(4.0, 0.5, False))
    assert (left.days, left.days_error, left.shown_days) == (1.0, 1.5, 0.0)
    ground = RiskGround(PolicyFacts(a_risk().program_id, 0.0), Scale(100), "USD", None)
    assert risk_standing(a_risk(), [], ground).over == ""
