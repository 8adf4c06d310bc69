"""Rules of the radar: when each speaks, and that a dismissal holds as long as its facts do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.domain.radar.rules import (
    RULES,
    AnswerFacts,
    Proposal,
    answered,
    contract_lapse,
    drifting,
    estimate_bias,
    money_burn,
    one_person,
    plateau,
    silent_experiment,
    slipping,
    slow_approvals,
    unconfirmed_promise,
)
from headway.domain.radar.rules.house import Lapsing, Queue, Spending
from headway.domain.radar.rules.models import Alert, RunsSeen
from headway.domain.radar.rules.planning import KindBias, OpenItem, OpenPromise
from headway.domain.radar.rules.proposals import require_reason
from headway.errors import Invalid

TODAY = date(2026, 11, 23)
ITEM = OpenItem("a/A", "Build", "experiment", "dana", 10.0, 0.9, is_started=True, each=(4, 5, 9))
RUNS = RunsSeen(
    "a/r2",
    "R²",
    target=0.6,
    best=0.489,
    true_best=0.471,
    runs=11,
    since_best=6,
    is_plateau=True,
    is_reachable=False,
    p_missed=0.81,
    until=date(2027, 3, 31),
    record=80,
)
PROMISE = OpenPromise("p", "Photos", "North", "unconfirmed", None, date(2026, 12, 4), 3, ["a/A"])
LAPSING = Lapsing(
    "v/c", "Labels", "Vendor A", "It ends soon.", TODAY, 30, renews=False, items=["a/A"]
)
SPENDING = Spending(Decimal(60), Decimal(100), 0.4, "USD")
ALERT = Alert("m", "Live error", "a", "It is 5.09.", 4, 3, [7])
BIAS = KindBias("experiment", 12, 1.4, 2.0, is_enough=True)
QUEUE = Queue("legal", 1, 12.0, (2, 5, 9), 8, ["a/L"])


def trend(*days: int) -> list[tuple[date, date]]:
    """Return forecasts a week apart whose P80 moved by so many days each."""
    told = [(TODAY, date(2027, 5, 1))]
    for each in days:
        when, p80 = told[-1]
        told.append((when + timedelta(days=7), p80 + timedelta(days=each)))
    return told


def made() -> dict[str, Proposal]:
    """Return a proposal of every rule."""
    held = [replace(ITEM, address=f"a/{name}", is_started=False) for name in "ABC"]
    found = [
        *slipping(trend(3, 4, 5), [ITEM]),
        *one_person(held, {"dana": "Dana"}, 24),
        *silent_experiment([ITEM], {"a": TODAY - timedelta(days=20)}, TODAY),
        *plateau([RUNS], [ITEM]),
        *money_burn(SPENDING),
        *contract_lapse([LAPSING]),
        *estimate_bias([BIAS], held),
        *slow_approvals([QUEUE]),
        *drifting([ALERT], [ITEM]),
        *unconfirmed_promise([PROMISE]),
    ]
    return {one.rule: one for one in found}


def test_every_rule_speaks_with_facts_a_chance_and_a_range_and_says_how() -> None:
    found = made()
    assert set(found) == set(RULES)
    for one in found.values():
        assert one.facts
        assert 0 < one.probability < 1
        assert one.why_probability
        assert one.why_range
        spread = one.delay or one.cost
        assert spread is not None
        assert list(spread) == sorted(spread)
        assert one.strategy
        assert one.response
    assert found["slipping"].probability == 0.8  # (3 + 1) / (3 + 2)
    assert found["plateau"].probability == 0.8  # the share of futures that miss it
    told = " ".join(fact.sentence for fact in found["plateau"].facts)
    assert "without the luck of the best of 11 it is 0.471" in told
    assert "81 % of the futures of these runs have not reached it by 31 Mar 2027" in told
    assert found["silent-experiment"].delay == (4, 5, 9)
    assert found["burn"].cost == (0, 50, 75)


SILENT: dict[str, Any] = {
    "a trend that paused": lambda: slipping(trend(3, 0, 0), [ITEM]),
    "a trend that turned": lambda: slipping(trend(9, 4, -1), [ITEM]),
    "too few forecasts": lambda: slipping(trend(9, 9), [ITEM]),
    "a small trend": lambda: slipping(trend(1, 1, 1), [ITEM]),
    "two critical items": lambda: one_person([ITEM, ITEM], {}, 20),
    "work that decides nothing": lambda: one_person([replace(ITEM, criticality=0.1)] * 4, {}, 20),
    "a run last week": lambda: silent_experiment([ITEM], {"a": TODAY - timedelta(7)}, TODAY),
    "no run ever": lambda: silent_experiment([ITEM], {}, TODAY),
    "an experiment that waits": lambda: silent_experiment(
        [replace(ITEM, is_started=False)], {"a": date(2026, 1, 1)}, TODAY
    ),
    "few runs": lambda: plateau([replace(RUNS, runs=4)], [ITEM]),
    "a metric that gets there": lambda: plateau(
        [replace(RUNS, is_plateau=False, is_reachable=True)], [ITEM]
    ),
    "money in step": lambda: money_burn(replace(SPENDING, passed=0.55)),
    "the first weeks": lambda: money_burn(replace(SPENDING, passed=0.05)),
    "no budget": lambda: money_burn(replace(SPENDING, budget=Decimal(0))),
    "nothing spent": lambda: money_burn(None),
    "a contract that renews": lambda: contract_lapse([replace(LAPSING, renews=True)]),
    "a contract without work": lambda: contract_lapse([replace(LAPSING, items=[])]),
    "few finished items": lambda: estimate_bias([replace(BIAS, is_enough=False)], [ITEM]),
    "sound estimates": lambda: estimate_bias([replace(BIAS, median=1.05)], [ITEM]),
    "a quick function": lambda: slow_approvals([replace(QUEUE, longest=4.0)]),
    "a confirmed promise": lambda: unconfirmed_promise([replace(PROMISE, asks="")]),
}


@pytest.mark.parametrize("why", list(SILENT))
def test_a_rule_is_silent_below_its_threshold(why: str) -> None:
    assert list(SILENT[why]()) == []


def an_answer(one: Proposal, answer: str = "dismissed", risk: str = "") -> AnswerFacts:
    nobody = UUID(int=0)
    at = datetime(2026, 11, 23, tzinfo=UTC)
    place = (nobody, nobody, nobody, one.rule, one.subject, one.digest)
    return AnswerFacts(*place, answer, "No.", risk, at, "mia", 1)


@given(st.integers(0, 2), st.integers(0, 4))
def test_a_dismissal_holds_under_the_same_facts_and_ends_with_other_ones(
    slack: int, days: int
) -> None:
    (before,) = unconfirmed_promise([PROMISE])
    answer = an_answer(before)
    (same,) = unconfirmed_promise([replace(PROMISE, float_days=3 + slack)])  # within one step
    assert answered(same, answer, frozenset()).is_quiet
    other = replace(PROMISE, float_days=-10 - days, asks="late")
    (after,) = unconfirmed_promise([other])
    assert after.key == before.key
    assert not answered(after, answer, frozenset()).is_quiet


def test_an_accepted_proposal_is_quiet_while_its_risk_is_open() -> None:
    (before,) = plateau([RUNS], [ITEM])
    (after,) = plateau([replace(RUNS, since_best=16, runs=21)], [ITEM])
    answer = an_answer(before, "accepted", "R7")
    assert answered(after, answer, frozenset({"R7"})).is_quiet
    assert not answered(after, answer, frozenset()).is_quiet
    assert answered(before, answer, frozenset()).is_quiet


def test_a_dismissal_says_why() -> None:
    assert require_reason(" Spoken to. ") == "Spoken to."
    with pytest.raises(Invalid, match="Say why"):
        require_reason("  ")


def test_a_pace_that_does_not_get_there_is_said_though_bests_still_come() -> None:
    (found,) = plateau([replace(RUNS, since_best=0, is_plateau=False)], [ITEM])
    assert "not reachable at this pace" in found.cause
