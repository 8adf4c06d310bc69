"""What a risk does to a plan, and the warning that it may be counted twice: no database."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.risks.risk_world import a_risk

from headway.analysis.schedule.readers import read_plan
from headway.analysis.schedule.simulation import Settings, simulate
from headway.domain.plans.rules.risk_standing import (
    At80,
    MappedItem,
    RiskGround,
    doubled,
    risk_standing,
)
from headway.domain.risks.rules import PolicyFacts, Scale


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
    ground = RiskGround.of(PolicyFacts(a_risk().program_id, 0.0), Scale(100), "USD", None)
    assert risk_standing(a_risk(), [], ground).over == ""
