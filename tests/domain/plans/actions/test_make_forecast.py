from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.cast import AT, Cast

from headway.domain.finance.actions import set_budget_line
from headway.domain.plans.actions import add_item, edit_item, link_items, make_forecast
from headway.domain.plans.actions.links import LinkDraft
from headway.domain.plans.models import Forecast
from headway.domain.plans.queries import (
    ForecastFacts,
    forecast_history,
    latest_forecast,
    score_forecasts,
)
from headway.domain.programs.actions import create_program, create_project
from headway.domain.programs.queries import program_named
from headway.errors import NotFound, Refused

LATER = AT + timedelta(days=7)
TRIALS = 400


@pytest.fixture(autouse=True)
def two_projects(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud", "target": "2027-01-15"}, AT)
    for name in ("Scores", "Rules"):
        create_project(cast.mia, "fraud", {"name": name}, AT)
        slug = name.lower()
        add_item(
            cast.bob, slug, "A", {"name": "Work", "estimate": "5 9 20", "cost_minor": 100_000}, AT
        )
        add_item(cast.bob, slug, "M", {"name": "Handover", "kind": "milestone"}, AT)
        link_items(cast.bob, LinkDraft(f"{slug}/M", f"{slug}/A"), AT)


def made(cast: Cast, at: object = AT, seed: int = 0) -> ForecastFacts:
    found = make_forecast(cast.bob, "fraud", at, seed=seed, trials=TRIALS)  # type: ignore[arg-type]
    assert found is not None
    assert found.problem == ""
    return found


def test_the_answer_holds_what_the_pages_show(cast: Cast) -> None:
    set_budget_line(cast.mia, "fraud", "all", {"amount": 1900}, AT)
    set_budget_line(cast.mia, "fraud", "board", {"amount": 9000, "purpose": "reserve"}, AT)
    answer = made(cast).answer
    for key in (
        "finish",
        "finish_dates",
        "p_on_time",
        "cost",
        "p_within_budget",
        "p_joint",
        "p_never",
        "projects",
        "milestones",
        "curve",
        "effects",
        "drivers",
        "standard_error",
        "notes",
    ):
        assert key in answer
    assert answer["budget"] == {"amount": "1900.00", "currency": "USD"}
    assert answer["cost"]["p80"] == "2000.00"  # type: ignore[index]
    assert answer["p_within_budget"] == 0.0
    assert {one["id"] for one in answer["milestones"]} == {"scores/M", "rules/M"}  # type: ignore[attr-defined]
    assert set(answer["projects"]) == {"scores", "rules"}  # type: ignore[call-overload]
    assert len(answer["curve"]) <= 101  # type: ignore[arg-type]


def test_the_status_date_is_the_day_of_the_question(cast: Cast) -> None:
    assert made(cast).answer["as_of"] == "2026-11-23"
    first, second = made(cast).finish("p50"), made(cast, LATER).finish("p50")
    assert first is not None
    assert second is not None
    assert (second - first).days == 7


def test_the_same_plan_on_the_same_day_is_simulated_once(cast: Cast) -> None:
    first = made(cast)
    assert made(cast).id == first.id
    assert made(cast, AT + timedelta(hours=3)).id == first.id
    assert Forecast.objects.count() == 1
    assert made(cast, seed=7).id != first.id
    assert made(cast, AT + timedelta(days=1)).id != first.id


def test_a_changed_plan_is_simulated_anew(cast: Cast) -> None:
    first = made(cast)
    edit_item(cast.bob, ("scores", "A"), {"estimate": "20 30 60"}, AT + timedelta(hours=1))
    second = made(cast, AT + timedelta(hours=2))
    assert (second.finish("p80") or date.min) > (first.finish("p80") or date.max)


def test_the_past_keeps_its_own_forecast(cast: Cast) -> None:
    first = made(cast)
    made(cast, LATER)
    program = program_named(cast.vera, "fraud")
    assert latest_forecast(cast.vera, program, AT) == first
    assert latest_forecast(cast.vera, program, AT - timedelta(days=1)) is None
    told = [one.at for one in forecast_history(cast.vera, program)]
    assert told == [AT, LATER]


def test_an_item_without_estimate_is_a_sentence_and_not_an_error(cast: Cast) -> None:
    edit_item(cast.bob, ("scores", "A"), {"estimate": ""}, AT)
    found = make_forecast(cast.bob, "fraud", AT, trials=TRIALS)
    assert found is not None
    assert "scores/A" in found.problem
    assert "no estimate" in found.problem
    assert (found.p_on_time, found.finish("p80")) == (None, None)


def test_nothing_planned_is_nothing_to_forecast(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Empty"}, AT)
    assert make_forecast(cast.bob, "empty", AT, trials=TRIALS) is None


def test_an_experiment_without_fallback_may_never_end(cast: Cast) -> None:
    attempts = {"success": 0.5, "max": 1, "each": "1 2 3"}
    edit_item(cast.bob, ("scores", "A"), {"kind": "experiment", "attempts": attempts}, AT)
    found = made(cast)
    assert found.finish("p80") is None
    assert 0.4 < float(str(found.answer["p_never"])) < 0.6
    projects = found.answer["projects"]
    assert projects["scores"]["p80"] is None  # type: ignore[index]
    assert projects["rules"]["p80"] is not None  # type: ignore[index]


def test_past_p80s_are_scored_against_what_happened(cast: Cast) -> None:
    made(cast)
    program = program_named(cast.vera, "fraud")
    assert score_forecasts(cast.vera, program).judged == 0
    done = AT + timedelta(days=60)
    edit_item(cast.bob, ("scores", "A"), {"started": "2026-11-23", "finished": "2026-12-02"}, done)
    edit_item(cast.bob, ("rules", "A"), {"started": "2026-11-23", "finished": "2027-01-20"}, done)
    score = score_forecasts(cast.vera, program)
    assert (score.held, score.judged) == (1, 2)
    assert score.sentence == "Past P80s held 1 of 2."
    assert score_forecasts(cast.vera, program, LATER).judged == 0


def test_strangers_and_vendors_stay_out(cast: Cast) -> None:
    made(cast)
    with pytest.raises(NotFound):
        make_forecast(cast.charlie, "fraud", AT)
    with pytest.raises(NotFound):
        latest_forecast(cast.charlie, program_named(cast.vera, "fraud"))
    for reader in (cast.vic, cast.vera, cast.ana):
        with pytest.raises(Refused):
            make_forecast(reader, "fraud", AT)


def test_a_projects_effect_comes_with_the_error_of_the_difference(cast: Cast) -> None:
    edit_item(cast.bob, ("rules", "A"), {"estimate": "1"}, AT)
    effects = made(cast).answer["effects"]
    assert isinstance(effects, dict)
    assert effects["rules"] == {
        "days_p80": 0.0,
        "days_p80_error": 0.0,
        "within_error": True,
        "money_p80": "0.00",
        "money_p80_error": "0.00",
        "money_within_error": True,
    }
    scores = effects["scores"]
    assert scores["days_p80"] > 2 * scores["days_p80_error"] > 0
    assert scores["within_error"] is False
