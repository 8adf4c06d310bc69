"""The page of people and money answers whose money will not do, and leads to the rest."""

from __future__ import annotations

from datetime import timedelta

from tests.cast import AT, Cast, a_program, a_project
from tests.doors import browser_of

from headway.domain.finance.actions import set_budget_line
from headway.domain.plans.models import Forecast

HERE = "/w/acme/money/"


def _forecast(cast: Cast, program: object, p80: str) -> None:
    answer = {"cost": {"p50": "900", "p80": p80}, "p_within_budget": 0.4}
    Forecast.objects.create(
        workspace=cast.acme, program=program, at=AT, plan_digest="x", seed=0, trials=1,
        engine="x", answer=answer, made_at=AT,
    )  # fmt: skip


def test_an_empty_workspace_says_so(cast: Cast) -> None:
    assert "There is no program yet" in browser_of(cast.vera).get(HERE).content.decode()


def test_the_budget_that_will_not_do_comes_first(cast: Cast) -> None:
    for slug, p80 in (("calm", "950"), ("tight", "1250")):
        program = a_program(cast.acme, slug, currency="USD")
        set_budget_line(cast.alice, slug, "all", {"amount": "1000"}, AT - timedelta(days=1))
        _forecast(cast, program, p80)
    text = browser_of(cast.vera).get(HERE).content.decode()
    assert "At P80 1 of 2 budgets will not do: Tight by USD 250." in text
    assert text.index(">Tight<") < text.index(">Calm<")


def test_without_a_budget_nothing_is_said_to_hold(cast: Cast) -> None:
    _forecast(cast, a_program(cast.acme, "calm", currency="USD"), "950")
    text = browser_of(cast.vera).get(HERE).content.decode()
    assert "No program has both a budget and a forecast" in text


def test_it_is_where_the_navigation_points_and_leads_to_the_people(cast: Cast) -> None:
    text = browser_of(cast.alice).get(HERE).content.decode()
    assert f'href="{HERE}" data-key="m" aria-current="page"' in text
    assert 'href="/w/acme/people/"' in text


def test_more_programs_take_no_more_queries(cast: Cast, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    browser = browser_of(cast.vera)
    for number in range(3):
        a_project(cast.acme, f"p{number}", program=a_program(cast.acme, f"g{number}"))
    browser.get(HERE)
    with django_assert_max_num_queries(20):
        browser.get(HERE)
