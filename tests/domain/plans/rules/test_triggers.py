"""Triggers say what would make an answer wrong; coverage says how little few cases prove."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.domain.plans.rules import (
    Trigger,
    Watched,
    coverage_interval,
    coverage_words,
    met_parts,
    read_trigger,
    trigger_of,
)
from headway.errors import Invalid

DAY = date(2027, 1, 15)


def test_a_trigger_comes_back_as_it_was_read() -> None:
    told = {"day": "2027-01-15", "p_on_time_below": "0.4", "criterion": "a/b", "assumption": ""}
    held = read_trigger("reopen_on", told)
    assert held == {"day": "2027-01-15", "p_on_time_below": 0.4, "criterion": "a/b"}
    assert trigger_of(held) == Trigger(DAY, 0.4, "a/b")


@pytest.mark.parametrize("nothing", [None, "", {}, {"day": "", "criterion": ""}])
def test_nothing_watches_nothing(nothing: object) -> None:
    assert read_trigger("reopen_on", nothing) == {}
    assert met_parts(trigger_of({}), Watched(DAY, 0.0, {"a/b"}, {"x"})) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"moon": 1}, "parts out of"),
        ("soon", "parts out of"),
        ([], "parts out of"),
        ({"day": "soon"}, "not a day"),
        ({"p_on_time_below": 40}, "from 0 to 1"),
        ({"p_on_time_below": float("nan")}, "finite"),
        ({"criterion": "recall"}, "project/key"),
    ],
)
def test_what_cannot_be_watched_is_refused(wrong: object, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        read_trigger("reopen_on", wrong)


@pytest.mark.parametrize(
    ("trigger", "seen", "met"),
    [
        (Trigger(day=DAY), Watched(DAY), 0),
        (Trigger(day=DAY), Watched(date(2027, 1, 16)), 1),
        (Trigger(p_on_time_below=0.4), Watched(DAY, 0.4), 0),
        (Trigger(p_on_time_below=0.4), Watched(DAY, 0.39), 1),
        (Trigger(p_on_time_below=0.4), Watched(DAY, None), 0),
        (Trigger(criterion="a/b"), Watched(DAY, unmet={"a/c"}), 0),
        (Trigger(criterion="a/b"), Watched(DAY, unmet={"a/b"}), 1),
        (Trigger(assumption="x"), Watched(DAY, failed={"x"}), 1),
        (Trigger(DAY, 0.4, "a/b", "x"), Watched(DAY, 0.1, {"a/b"}, {"x"}), 3),
    ],
)
def test_only_what_is_known_to_be_so_meets_a_trigger(
    trigger: Trigger, seen: Watched, met: int
) -> None:
    assert len(met_parts(trigger, seen)) == met


def test_the_sentence_names_every_part() -> None:
    assert Trigger(DAY, 0.4, "a/b", "x").sentence == (
        "15 Jan 2027 has passed, or when P(on time) falls below 40 %, or when the promise a/b is "
        "unmet, or when the assumption x fails"
    )
    assert Trigger().sentence == ""


@pytest.mark.parametrize(
    ("held", "judged", "low", "high"),
    # Clopper & Pearson's intervals at 90 %, from the beta distribution's quantiles.
    [(7, 9, 0.4504, 0.9590), (0, 5, 0.0, 0.4507), (5, 5, 0.5493, 1.0), (80, 100, 0.7228, 0.8634)],
)
def test_the_interval_is_the_exact_one(held: int, judged: int, low: float, high: float) -> None:
    assert coverage_interval(held, judged) == pytest.approx((low, high), abs=1e-3)


@given(judged=st.integers(1, 200), data=st.data())
def test_the_interval_holds_what_was_seen_and_lies_between_nothing_and_all(
    judged: int, data: st.DataObject
) -> None:
    held = data.draw(st.integers(0, judged))
    low, high = coverage_interval(held, judged)
    assert 0 <= low <= held / judged <= high <= 1


@pytest.mark.parametrize(
    ("held", "judged", "said"),
    [
        (0, 0, "Nothing that was said at P80 can be judged yet."),
        (7, 9, "78 %; anything from 45 to 96 % fits, 80 % among it; too few to tell"),
        (20, 60, "comes too early"),
        (60, 60, "later than it need"),
        (400, 500, "80 % among it."),
    ],
)
def test_few_cases_are_said_to_prove_little(held: int, judged: int, said: str) -> None:
    assert said in coverage_words(held, judged)
