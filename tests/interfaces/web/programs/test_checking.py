"""The page that says how sound a plan is, and the warning before a weak one is simulated."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import AT, Cast
from tests.doors import browser_of
from tests.interfaces.web.programs.world import PAGES, a_running_program

from headway.domain.plans.actions import add_item, edit_item, make_forecast
from headway.domain.plans.queries import plan_quality
from headway.domain.programs.actions import create_program, create_project
from headway.domain.programs.queries import program_named

CHECK = PAGES.plan + "check/"
LATER = AT + timedelta(minutes=30)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headway.clock.now", lambda: AT + timedelta(hours=1))


def text_of(cast: Cast, address: str) -> str:
    response = browser_of(cast.mia).get(address)
    assert response.status_code == 200, response.content.decode()[:2_000]
    return response.content.decode().replace("\u00a0", " ")


def weaken(cast: Cast) -> None:
    """Let two weeks of single numbers stand in the plan that nothing waits for."""
    for number in range(14):
        values = {"name": f"Loose {number}", "estimate": 60}
        add_item(cast.mia, "reading", f"X{number}", values, LATER)


def test_a_sound_plan_is_said_to_be_so_and_warns_of_nothing(cast: Cast) -> None:
    a_running_program(cast)
    page = text_of(cast, CHECK)
    assert "of 100: sound enough to be forecast." in page
    assert "Rules kept" in page
    assert "The plan is weak" not in text_of(cast, PAGES.program + "forecast/")


def test_the_score_of_the_page_is_the_score_of_the_query(cast: Cast) -> None:
    a_running_program(cast)
    found = plan_quality(cast.vera, program_named(cast.vera, "control"), None, LATER)
    assert found is not None
    assert f"scores {found.check.score} of 100" in text_of(cast, CHECK)


def test_a_weak_plan_warns_before_it_is_simulated_and_opens_what_to_mend(cast: Cast) -> None:
    a_running_program(cast)
    weaken(cast)
    page = text_of(cast, PAGES.program + "forecast/")
    assert "The plan is weak" in page
    assert f'href="{CHECK}"' in page
    check = text_of(cast, CHECK)
    assert "too weak to be forecast" in check
    assert 'href="/w/acme/projects/reading/items/X0/"' in check
    assert "and 2 more" in check
    assert "The plan is weak" not in check  # the page itself says it in its first line


def test_the_warning_stays_with_the_forecast_of_a_weak_plan_until_it_is_mended(cast: Cast) -> None:
    a_running_program(cast)
    weaken(cast)
    made = make_forecast(cast.mia, "control", AT + timedelta(minutes=40), trials=200)
    assert made is not None
    assert made.answer["quality"]["fit"] is False  # type: ignore[index]
    assert "The plan is weak" in text_of(cast, PAGES.program)
    for number in range(14):
        changes = {"estimate": "5/8/15", "finished": "2026-11-20", "started": "2026-11-10"}
        edit_item(cast.mia, ("reading", f"X{number}"), changes, AT + timedelta(minutes=50))
    assert "The plan is weak" not in text_of(cast, PAGES.program)


def test_an_empty_plan_teaches(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Control"}, AT)
    create_project(cast.mia, "control", {"name": "Reading"}, AT)
    page = text_of(cast, CHECK)
    assert "Nothing is planned yet." in page
    assert 'class="empty"' in page
