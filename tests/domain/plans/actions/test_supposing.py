"""What-ifs of large plans: asked once, answered by the worker, stopped, told."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.cast import AT, Cast
from tests.doors import browser_of
from tests.interfaces.web.programs.world import PAGES, a_running_program

from headway import clock
from headway.domain.plans.actions import (
    ask_bottlenecks,
    ask_what_if,
    cancel_what_if,
    drain_what_ifs,
    make_forecast,
    run_what_if,
)
from headway.domain.plans.models import Supposition
from headway.domain.plans.queries import (
    WhatIf,
    latest_forecast,
    network,
    plan_value,
    supposition_of,
    what_if,
)
from headway.domain.plans.queries.bottlenecks import bottlenecks, ranked
from headway.domain.plans.queries.supposing import ranking_under_way
from headway.domain.plans.rules.jobs import MOST_ATTEMPTS, JobState
from headway.domain.programs.actions import create_program
from headway.domain.programs.queries import program_named
from headway.errors import Conflict, Invalid, NotFound, Refused

WITHOUT = WhatIf(("R1",))
DIES = (sys.executable, "-c", "raise SystemExit(1)")


@pytest.fixture(autouse=True)
def program(cast: Cast) -> None:
    a_running_program(cast)


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the plan of three items for one too large to wait for."""
    monkeypatch.setattr(network, "AT_ONCE", 2)


def test_a_small_plan_is_answered_at_once_and_as_while_one_waits(cast: Cast) -> None:
    found = ask_what_if(cast.bob, "control", WITHOUT, AT, AT)
    facts = program_named(cast.bob, "control")
    base = latest_forecast(cast.bob, facts)
    assert base is not None
    assert (found.state, found.odds) == (JobState.DONE, what_if(cast.bob, facts, base, WITHOUT))
    again = ask_what_if(cast.mia, "control", WITHOUT, AT, AT + timedelta(minutes=1))
    assert again.id == found.id


def test_the_worker_answers_what_a_small_plan_would_be_answered(cast: Cast, large: None) -> None:
    facts = program_named(cast.vera, "control")
    base = latest_forecast(cast.vera, facts)
    assert base is not None
    assert "ask the worker" in what_if(cast.vera, facts, base, WITHOUT).problem
    found = ask_what_if(cast.bob, "control", WITHOUT, AT, AT)
    assert (found.state, found.odds, found.sentence) == (
        JobState.WAITING,
        None,
        "Waits for the worker.",
    )
    Supposition.objects.filter(id=found.id).update(state="running", attempts=1)
    late = supposition_of(cast.vera, facts, found.id, AT + timedelta(seconds=4))
    assert late.sentence == "Simulating every outcome again, for 4 s so far."
    run_what_if(found.id, 1, AT)
    done = supposition_of(cast.vera, facts, found.id, AT)
    assert done.has_ended
    assert done.odds is not None
    assert base.finish("p80") is not None
    assert done.odds.p80 is not None
    assert done.odds.p80 < base.finish("p80")  # type: ignore[operator]


def test_a_what_if_is_stopped_and_asked_again(cast: Cast, large: None) -> None:
    found = ask_what_if(cast.bob, "control", WITHOUT, AT, AT)
    Supposition.objects.filter(id=found.id).update(state="running", attempts=1)
    stopped = cancel_what_if(cast.bob, ("control", found.id), AT, AT)
    assert stopped.state is JobState.CANCELLED
    run_what_if(found.id, 1, AT)  # who was too late writes nothing
    assert Supposition.objects.get(id=found.id).state == JobState.CANCELLED
    assert cancel_what_if(cast.bob, ("control", found.id), AT, AT) == stopped
    assert ask_what_if(cast.bob, "control", WITHOUT, AT, AT).id != found.id


def test_what_cannot_be_tried_says_why(cast: Cast, large: None) -> None:
    found = ask_what_if(cast.bob, "control", WhatIf(("R9",)), AT, AT)
    Supposition.objects.filter(id=found.id).update(state="running", attempts=1)
    run_what_if(found.id, 1, AT)
    facts = program_named(cast.vera, "control")
    assert "R9" in supposition_of(cast.vera, facts, found.id, AT).sentence
    lost = ask_what_if(cast.bob, "control", WITHOUT, AT, AT)
    assert drain_what_ifs(AT, runner=DIES) == MOST_ATTEMPTS
    assert supposition_of(cast.vera, facts, lost.id, AT).state is JobState.FAILED


def test_who_may_not_plan_asks_nothing_of_the_worker(cast: Cast) -> None:
    with pytest.raises(Refused):
        ask_what_if(cast.vera, "control", WITHOUT, AT, AT)
    with pytest.raises(Invalid, match="Nothing is supposed"):
        ask_what_if(cast.bob, "control", WhatIf(), AT, AT)
    create_program(cast.mia, {"name": "Empty"}, AT)
    with pytest.raises(Conflict, match="no forecast yet"):
        ask_what_if(cast.bob, "empty", WITHOUT, AT, AT)
    found = ask_what_if(cast.bob, "control", WITHOUT, AT, AT)
    with pytest.raises(NotFound):
        cancel_what_if(cast.bob, ("empty", found.id), AT, AT)


def test_the_page_offers_it_watches_it_and_tells_it(cast: Cast, large: None) -> None:
    page = f"{PAGES.program}forecast/?without=R1"
    assert "who plans lets the worker try it" in _text(browser_of(cast.vera).get(page))
    browser = browser_of(cast.bob)
    assert "Try it" in _text(browser.get(page))
    sent = browser.post(f"{PAGES.program}what-if/", {"without": "R1"})
    assert sent["Location"].endswith("?without=R1#what-if")
    text = _text(browser.get(page))
    assert "Waits for the worker." in text
    row = Supposition.objects.get()
    assert f"what-if/{row.id}/cancel/" in text
    one = f"{PAGES.program}what-if/{row.id}/"
    fragment = browser.get(one, headers={"HX-Request": "true"})
    assert "HX-Refresh" not in fragment
    Supposition.objects.update(state="running", attempts=1)
    run_what_if(row.id, 1, clock.now())
    assert browser.get(one, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert "As planned" in _text(browser.get(page))
    Supposition.objects.update(state="cancelled", answer={})
    assert "Try it again" in _text(browser.get(page))
    assert browser.post(f"{one}cancel/").status_code == 302


def _text(response: object) -> str:
    text: str = response.content.decode()  # type: ignore[attr-defined]
    return text


def test_the_worker_ranks_the_bottlenecks_of_a_large_plan_and_the_last_answer_stays(
    cast: Cast, large: None
) -> None:
    facts = program_named(cast.vera, "control")
    base = latest_forecast(cast.vera, facts)
    assert base is not None
    assert "ask the worker" in bottlenecks(cast.vera, facts, base).problem
    page, bob = f"{PAGES.program}capacity/bottlenecks/", browser_of(cast.bob)
    assert b"Let the worker rank them" in bob.get(page).content
    assert bob.post(f"{page}rank/")["Location"] == page
    assert b"Ranking bottlenecks" in bob.get(page).content
    found = ask_bottlenecks(cast.bob, "control", AT, AT)
    assert found.is_bottlenecks
    assert ask_bottlenecks(cast.mia, "control", AT, AT).id == found.id  # it is on its way
    assert ranking_under_way(cast.vera, facts, AT) == found
    Supposition.objects.filter(id=found.id).update(state="running", attempts=1)
    run_what_if(found.id, 1, AT)
    assert ranking_under_way(cast.vera, facts, AT) is None
    told = bottlenecks(cast.vera, facts, base)
    assert (told.at, told.is_newest) == (base.at, True)
    assert replace(told, problem="") == ranked(plan_value(cast.vera, facts, base.at), base)
    later = AT + timedelta(days=1)
    make_forecast(cast.mia, "control", later, trials=200)
    newest = latest_forecast(cast.vera, facts)
    assert newest is not None
    old = bottlenecks(cast.vera, facts, newest)
    assert (old.at, old.is_newest, old.rows) == (base.at, False, told.rows)
    with pytest.raises(Refused):
        ask_bottlenecks(cast.vera, "control", later, later)
