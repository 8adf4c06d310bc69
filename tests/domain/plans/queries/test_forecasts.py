"""Stored forecasts: which one a moment sees, and how past ones did."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from tests.cast import AT, Cast

from headway.domain.plans.actions import add_item, edit_item, make_forecast, remove_item
from headway.domain.plans.models import Forecast
from headway.domain.plans.queries import (
    Score,
    forecast_history,
    latest_forecast,
    plan_value,
    score_forecasts,
)
from headway.domain.programs.actions import create_program, create_project
from headway.domain.programs.queries import program_named
from headway.errors import NotFound

DAY = timedelta(days=1)
END = AT + 90 * DAY


@pytest.fixture(autouse=True)
def one_project(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud", "target": "2027-01-15"}, AT)
    create_project(cast.mia, "fraud", {"name": "Scores"}, AT)
    for key in ("A", "B", "C"):
        add_item(cast.bob, "scores", key, {"name": f"Work {key}", "estimate": "5 9 20"}, AT)


def forecast(cast: Cast, at: datetime) -> None:
    assert make_forecast(cast.bob, "fraud", at, trials=300) is not None


def finish(cast: Cast, key: str, day: date, at: datetime = END) -> None:
    edit_item(cast.bob, ("scores", key), {"started": AT.date(), "finished": day}, at)


def p80(cast: Cast, key: str, at: datetime | None = None) -> date:
    found = latest_forecast(cast.vera, program_named(cast.vera, "fraud"), at)
    assert found is not None
    items = found.answer["items"]
    return date.fromisoformat(items[f"scores/{key}"]["p80"])  # type: ignore[index]


def score(cast: Cast, at: datetime | None = None, **more: int) -> Score:
    return score_forecasts(cast.vera, program_named(cast.vera, "fraud"), at, **more)


def test_on_the_day_said_is_held_and_a_day_later_is_not(cast: Cast) -> None:
    forecast(cast, AT)
    said = p80(cast, "A")
    finish(cast, "A", said)
    finish(cast, "B", said + DAY)
    found = score(cast)
    assert (found.held, found.judged) == (1, 2)
    assert found.cases == [("Work A", said, said), ("Work B", said, said + DAY)]


def test_the_first_claim_counts_and_not_a_later_kinder_one(cast: Cast) -> None:
    forecast(cast, AT)
    first = p80(cast, "A")
    forecast(cast, AT + 20 * DAY)
    assert p80(cast, "A") > first
    finish(cast, "A", p80(cast, "A"))
    assert [case[1] for case in score(cast).cases] == [first]


def test_a_claim_made_too_late_is_no_forecast(cast: Cast) -> None:
    forecast(cast, AT)
    finish(cast, "A", AT.date() + 3 * DAY)
    assert score(cast).judged == 0
    assert score(cast, ahead_days=3).judged == 1


def test_the_score_of_a_moment_knows_only_what_was_known_then(cast: Cast) -> None:
    forecast(cast, AT)
    finish(cast, "A", p80(cast, "A"), at=AT + 30 * DAY)
    assert score(cast, AT + 29 * DAY).judged == 0
    assert score(cast, AT + 30 * DAY).judged == 1


def test_an_item_that_left_the_plan_is_not_scored(cast: Cast) -> None:
    forecast(cast, AT)
    finish(cast, "A", p80(cast, "A"), at=AT + 30 * DAY)
    remove_item(cast.bob, ("scores", "A"), END)
    assert score(cast).judged == 0
    assert score(cast, AT + 30 * DAY).judged == 1


def test_without_anything_finished_the_score_says_so(cast: Cast) -> None:
    assert score(cast).sentence == "No forecast can be scored yet: nothing forecast has finished."


def test_a_problem_in_a_stored_answer_is_no_claim(cast: Cast) -> None:
    edit_item(cast.bob, ("scores", "A"), {"estimate": ""}, AT)
    forecast(cast, AT)
    edit_item(cast.bob, ("scores", "A"), {"estimate": "5 9 20"}, END)
    finish(cast, "A", AT.date() + 20 * DAY)
    assert score(cast).judged == 0


def test_history_holds_the_last_of_each_day_oldest_first(cast: Cast) -> None:
    program = program_named(cast.vera, "fraud")
    for at in (AT, AT + timedelta(hours=2), AT + DAY):
        edit_item(cast.bob, ("scores", "A"), {"estimate": f"5 9 {20 + at.hour + at.day}"}, at)
        forecast(cast, at)
    assert Forecast.objects.count() == 3
    told = [one.at for one in forecast_history(cast.vera, program)]
    assert told == [AT + timedelta(hours=2), AT + DAY]
    assert [one.at for one in forecast_history(cast.vera, program, AT)] == [AT]


def test_a_stored_forecast_of_the_past_is_never_changed_by_a_new_one(cast: Cast) -> None:
    forecast(cast, AT)
    before = Forecast.objects.get().answer
    edit_item(cast.bob, ("scores", "A"), {"estimate": "50 90 200"}, AT + DAY)
    forecast(cast, AT + DAY)
    assert Forecast.objects.order_by("at")[0].answer == before
    assert p80(cast, "A", AT) < p80(cast, "A")


def test_the_plan_of_a_moment_is_rebuilt_from_its_history(cast: Cast) -> None:
    edit_item(cast.bob, ("scores", "A"), {"estimate": "1 2 3"}, AT + DAY)
    remove_item(cast.bob, ("scores", "B"), AT + 2 * DAY)
    add_item(cast.bob, "scores", "D", {"name": "New", "estimate": 1}, AT + 3 * DAY)
    program = program_named(cast.vera, "fraud")
    seen = []
    for days in range(4):
        plan = plan_value(cast.vera, program, AT + days * DAY)
        first = plan.items[0].estimate
        assert first is not None
        seen.append(("".join(item.id[-1] for item in plan.items), first.most_likely))
    assert seen == [("ABC", 9), ("ABC", 2), ("AC", 2), ("ACD", 2)]


def test_a_stranger_sees_no_forecast(cast: Cast) -> None:
    program = program_named(cast.vera, "fraud")
    for question in (latest_forecast, forecast_history, score_forecasts):
        with pytest.raises(NotFound):
            question(cast.charlie, program)
