"""Claims about the sentence on the odds."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from headway.domain.assessments.queries.monday import differs, odds_sentence
from headway.domain.plans.queries import ForecastFacts
from headway.domain.plans.rules import ForecastNews
from headway.domain.programs.rules import ProgramFacts

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def a_program(target: date | None = date(2027, 5, 7)) -> ProgramFacts:
    one = uuid.uuid4()
    return ProgramFacts(one, one, "p", "P", "", "", "", target, "USD", {}, {}, False, 1)


def a_forecast(p: float | None, p80: str | None, **more: object) -> ForecastFacts:
    answer = {"p_on_time": p, "finish_dates": {"p80": p80}, **more}
    return ForecastFacts(uuid.uuid4(), NOW, NOW, 0, 10_000, "engine", "digest", answer)


def against(now: ForecastFacts | None, before: ForecastFacts | None) -> ForecastFacts | None:
    """Return the forecast with the news that `before` makes of it."""
    if now is None or before is None:
        return now
    p80 = before.finish("p80")
    return replace(now, news=ForecastNews(before.at, before.p_on_time, p80, before.trials))


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (
            a_forecast(0.43, "2027-05-21"),
            a_forecast(0.86, "2027-05-04"),
            "P(7 May) fell from 86 % to 43 %; P80 moved from 4 May to 21 May.",
        ),
        (
            a_forecast(0.86, "2027-05-04"),
            a_forecast(0.43, "2027-05-04"),
            "P(7 May) rose from 43 % to 86 %; P80 stays at 4 May.",
        ),
        (a_forecast(0.43, "2027-05-21"), None, "P(7 May) is 43 %; P80 is 21 May."),
        (a_forecast(1.0, "2027-05-01"), None, "P(7 May) is > 95 %; P80 is 1 May."),
        (
            a_forecast(0.30, None),
            None,
            "P(7 May) is 30 %; there is no P80: more than 20 % of the outcomes never finish.",
        ),
        (a_forecast(None, None, problem="Nothing to do."), None, "Nothing to do."),
        (None, None, "No forecast yet: import a plan, and the odds appear here."),
    ],
)
def test_the_odds_are_one_sentence(
    now: ForecastFacts | None, before: ForecastFacts | None, said: str
) -> None:
    assert odds_sentence(a_program(), against(now, before)) == said


def test_a_difference_within_the_simulation_s_own_error_is_none() -> None:
    assert not differs(0.434, 10_000, 0.441, 10_000)
    assert differs(0.43, 10_000, 0.46, 10_000)
    said = odds_sentence(
        a_program(), against(a_forecast(0.434, "2027-05-04"), a_forecast(0.446, None))
    )
    assert said.startswith("P(7 May) holds at 43 %")


def test_without_a_target_no_odds_are_made_up() -> None:
    said = odds_sentence(a_program(None), a_forecast(None, "2027-05-04"))
    assert said == "No target is set; P80 is 4 May."
