"""A forecast keeps what it said anew: against which older one, what moved, how past P80s did."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some
from tests.cast import AT, Cast

from headway.domain.plans.actions import add_item, edit_item, make_forecast
from headway.domain.plans.queries import ForecastFacts, forecast_history, latest_forecasts
from headway.domain.plans.rules import ForecastNews
from headway.domain.plans.rules.news import A_WEEK, MOST_MOVES
from headway.domain.programs.actions import create_program, create_project
from headway.domain.programs.queries import programs_of
from headway.errors import Refused

TRIALS = 200


def a_plan(cast: Cast, slug: str = "fraud") -> None:
    create_program(cast.mia, {"name": slug, "slug": slug, "target": "2027-06-30"}, AT)
    create_project(cast.mia, slug, {"name": "Scores", "slug": f"{slug}-scores"}, AT)
    add_item(cast.bob, f"{slug}-scores", "a", {"name": "Train", "estimate": [2, 3, 8]}, AT)


def forecast_after(cast: Cast, days: float, slug: str = "fraud") -> ForecastFacts:
    made = make_forecast(cast.bob, slug, AT + timedelta(days=days), trials=TRIALS)
    assert made is not None
    return made


@pytest.mark.django_db
class TestNews:
    def test_the_first_forecast_compares_with_nothing(self, cast: Cast) -> None:
        a_plan(cast)
        assert forecast_after(cast, 0).news == ForecastNews()

    def test_it_compares_with_the_newest_that_is_a_working_week_older(self, cast: Cast) -> None:
        a_plan(cast)
        forecast_after(cast, 0)
        old = forecast_after(cast, 2)
        forecast_after(cast, 3)
        news = forecast_after(cast, 2 + A_WEEK.days).news
        assert (news.since, news.trials) == (old.at, TRIALS)
        assert (news.p_on_time, news.p80) == (old.p_on_time, old.finish("p80"))

    def test_a_younger_one_is_no_week_ago(self, cast: Cast) -> None:
        a_plan(cast)
        forecast_after(cast, 0)
        assert forecast_after(cast, A_WEEK.days - 0.01).news.since is None

    def test_only_what_moved_between_the_two_is_told(self, cast: Cast) -> None:
        a_plan(cast)
        edit_item(cast.bob, ("fraud-scores", "a"), {"name": "Before"}, AT)
        forecast_after(cast, 0)
        later = AT + timedelta(days=1)
        edit_item(cast.bob, ("fraud-scores", "a"), {"estimate": [20, 30, 80]}, later)
        made = forecast_after(cast, 7)
        edit_item(cast.bob, ("fraud-scores", "a"), {"name": "After"}, AT + timedelta(days=8))
        assert len(made.news.moves) == 1
        assert "30" in made.news.moves[0]

    def test_what_does_not_fit_is_counted(self, cast: Cast) -> None:
        a_plan(cast)
        forecast_after(cast, 0)
        for number in range(MOST_MOVES + 3):
            fields = {"name": f"More {number}", "estimate": [1, 2, 3]}
            add_item(cast.bob, "fraud-scores", f"more-{number}", fields, AT + timedelta(days=1))
        news = forecast_after(cast, 7).news
        assert (len(news.moves), news.more) == (MOST_MOVES, 3)

    def test_what_finished_is_scored_by_the_p80_said_first(self, cast: Cast) -> None:
        a_plan(cast)
        forecast_after(cast, 0)
        done = {"started": AT.date(), "finished": AT.date() + timedelta(days=90)}
        edit_item(cast.bob, ("fraud-scores", "a"), done, AT + timedelta(days=91))
        add_item(
            cast.bob, "fraud-scores", "b", {"name": "B", "estimate": [1, 2, 3]},
            AT + timedelta(days=91),
        )  # fmt: skip
        news = forecast_after(cast, 92).news
        assert (news.held, news.judged) == (0, 1)

    def test_the_newest_of_each_program_is_read_at_once(self, cast: Cast) -> None:
        for slug in ("fraud", "churn", "idle"):
            a_plan(cast, slug)
        forecast_after(cast, 0, "fraud")
        newest = [forecast_after(cast, 3, slug) for slug in ("fraud", "churn")]
        programs = programs_of(cast.vera)
        assert {one.id for one in latest_forecasts(cast.vera, programs).values()} == {
            one.id for one in newest
        }
        then = latest_forecasts(cast.vera, programs, AT + timedelta(days=1))
        assert [facts.at for facts in then.values()] == [AT]
        history = forecast_history(cast.vera, programs[1], None)
        assert history[-1] == latest_forecasts(cast.vera, programs)[programs[1].id]

    def test_another_workspace_s_programs_are_refused(self, cast: Cast) -> None:
        a_plan(cast)
        forecast_after(cast, 0)
        with pytest.raises(Refused):
            latest_forecasts(cast.vic, programs_of(cast.vera))


@given(
    some.builds(
        ForecastNews,
        since=some.none() | some.just(AT),
        p_on_time=some.none() | some.floats(0, 1),
        p80=some.none() | some.dates(date(2000, 1, 1), date(2200, 1, 1)),
        trials=some.integers(0, 10**6),
        moves=some.lists(some.text()).map(tuple),
        more=some.integers(0, 10**6),
        held=some.integers(0, 10**6),
        judged=some.integers(0, 10**6),
    )
)
def test_what_is_stored_is_read_again(news: ForecastNews) -> None:
    assert ForecastNews.read(news.stored()) == news


def test_a_forecast_stored_before_there_was_news_has_none() -> None:
    assert ForecastNews.read({}) == ForecastNews()
