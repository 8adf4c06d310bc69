"""The forecast page: answer first, what drives it, and what would change it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import AT, Cast
from tests.doors import browser_of

from headway.domain.accounts.queries import headway_actor
from headway.domain.plans.actions import import_plan, make_forecast
from headway.domain.plans.models import Forecast
from headway.domain.plans.queries import WhatIf, latest_forecast, odds_of, what_if
from headway.domain.programs.actions import create_program, create_project
from headway.domain.programs.queries import program_named
from headway.errors import NotFound

PLAN = b"""
plan: Reading
start: 2026-11-30
target: 2027-03-12
budget: {amount: 60000, currency: USD}
resources: {engineer: {capacity: 1, rate: 95/hour}}
items:
  - {id: LABEL, name: Label the images, estimate: [20, 30, 60], needs: {engineer: 1}}
  - {id: COUNT, name: Count the images, estimate: [15, 20, 50], needs: {engineer: 1}}
  - {id: TRY, name: Reach the target, after: [LABEL, COUNT],
     attempts: {success: 0.5, max: 3, each: [3, 5, 9], cost: 900, else: RULES}}
  - {id: RULES, name: Ship the rules, estimate: [10, 12, 20], cost: 5000}
  - {id: DONE, name: Handover, kind: milestone, after: [TRY, RULES], deadline: 2027-03-05}
risks:
  - {id: R1, name: Labels come late, probability: 0.4, delays: [LABEL], delay: [5, 10, 30],
     mitigated: {probability: 0.1, cost: 2000}}
"""
HERE = "/w/acme/programs/control/forecast/"


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headway.clock.now", lambda: AT + timedelta(hours=1))


@pytest.fixture
def forecast(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Control", "currency": "USD"}, AT)
    create_project(cast.mia, "control", {"name": "Reading"}, AT)
    import_plan(cast.mia, PLAN, "plan.yaml", AT, project="reading")
    make_forecast(cast.mia, "control", AT, trials=500)


def text_of(cast: Cast, address: str = HERE) -> str:
    response = browser_of(cast.vera).get(address)
    assert response.status_code == 200, response.content.decode()[:2_000]
    return response.content.decode().replace("\u00a0", " ")


@pytest.mark.usefixtures("forecast")
def test_the_page_says_what_drives_the_finish_and_both_ways_out(cast: Cast) -> None:
    page = text_of(cast)
    for words in (
        "Contingency to P80",
        "The plan's own date",
        "classical PERT",
        "chance to keep both 12 Mar 2027",
        "drive",
        "comes earlier by",
        "gives up: Ship the rules",
        "What the responses to risks buy",
        "Every percentile, with its standard error",
    ):
        assert words in page, words
    assert page.count("Data behind this chart") >= 5
    assert '<dd class="value">100 %' not in page


@pytest.mark.usefixtures("forecast")
def test_a_link_supposes_and_nothing_is_kept(cast: Cast) -> None:
    before = Forecast.objects.count()
    page = text_of(cast, f"{HERE}?mitigated=1")
    assert "What if, beside the plan" in page
    assert 'aria-current="true">✓ every response taken' in page
    assert "?mitigated=1&amp;without=R1#what-if" in page
    assert Forecast.objects.count() == before
    assert "What if, beside the plan" not in text_of(cast)


@pytest.mark.usefixtures("forecast")
def test_supposing_nothing_is_the_stored_forecast_to_the_bit(cast: Cast) -> None:
    program = program_named(cast.vera, "control")
    stored = latest_forecast(cast.vera, program)
    assert stored is not None
    assert what_if(cast.vera, program, stored, WhatIf()) == odds_of(stored)
    without = what_if(cast.vera, program, stored, WhatIf(without=("R1",)))
    mitigated = what_if(cast.vera, program, stored, WhatIf(mitigated=True))
    limited = what_if(cast.vera, program, stored, WhatIf(respect_resources=True))
    base = odds_of(stored)
    assert without.p_on_time is not None
    assert base.p_on_time is not None
    assert mitigated.p_on_time is not None
    assert base.p_on_time < mitigated.p_on_time < without.p_on_time
    assert limited.p80 is not None
    assert base.p80 is not None
    assert limited.p80 > base.p80
    with pytest.raises(NotFound):
        what_if(cast.vera, program, stored, WhatIf(without=("R9",)))


@pytest.mark.usefixtures("forecast")
def test_an_unknown_risk_in_the_address_is_not_found(cast: Cast) -> None:
    assert browser_of(cast.vera).get(f"{HERE}?without=R9").status_code == 404


@pytest.mark.usefixtures("forecast")
def test_a_forecast_stored_by_an_older_headway_still_has_its_page(cast: Cast) -> None:
    row = Forecast.objects.latest("serial")
    kept = ("p_on_time", "p_joint", "p_never", "finish_dates", "cost", "curve", "notes", "target")
    older = {key: row.answer[key] for key in kept}
    items = {key: {"p80": one["p80"]} for key, one in row.answer["items"].items()}
    drivers = [
        {key: value for key, value in one.items() if "p50" not in key}
        for one in row.answer["drivers"]
    ]
    older |= {"items": items, "drivers": drivers, "deterministic": {"duration": 4.0}}
    Forecast.objects.filter(id=row.id).update(answer=older)
    page = text_of(cast)
    assert "comes earlier by" in page
    assert "Where experiments lead" not in page
    assert "What the responses to risks buy" not in page


@pytest.mark.usefixtures("forecast")
def test_the_page_asks_no_more_often_when_there_are_more_forecasts(cast: Cast) -> None:
    browser = browser_of(cast.vera)
    browser.get(HERE)
    counts = []
    for hours in (30, 60, 90):
        make_forecast(
            headway_actor(cast.vera.workspace_id),
            "control",
            AT + timedelta(hours=hours),
            trials=200,
        )
        with CaptureQueriesContext(connection) as found:
            assert browser.get(HERE).status_code == 200
        counts.append(len(found))
    assert len(set(counts)) == 1
    assert counts[0] <= 30
