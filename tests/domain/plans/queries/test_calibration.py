"""How past forecasts did: first words count, and nothing that cannot hold any more is forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from tests.cast import AT, Cast
from tests.doors import browser_of

from headway.domain.plans.actions import add_item, edit_item
from headway.domain.plans.models import Forecast
from headway.domain.plans.queries import (
    calibration_of,
    score_forecasts,
    workspace_calibration,
)
from headway.domain.programs.actions import create_program, create_project
from headway.domain.programs.queries import program_named
from headway.errors import NotFound

START = AT - timedelta(days=60)
PAGE = "/w/acme/programs/control/calibration/"


@pytest.fixture
def program(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Control", "currency": "USD"}, START)
    create_project(cast.mia, "control", {"name": "Reading"}, START)


def item(cast: Cast, key: str, finished: date | None, *, owner: str = "ann") -> None:
    """Plan ten working days from a Monday, and say when it was done."""
    values = {"name": f"Item {key}", "estimate": 10, "owner": owner, "kind": "data"}
    add_item(cast.mia, "reading", key, values, START)
    if finished:
        done = {"started": "2026-10-05", "finished": finished.isoformat()}
        edit_item(cast.mia, ("reading", key), done, AT)


def said(cast: Cast, at: datetime, items: dict[str, Sequence[str | None]]) -> None:
    """Keep a forecast that said a P50 and a P80 of some items."""
    rows = {f"reading/{key}": {"p50": p50, "p80": p80} for key, (p50, p80) in items.items()}
    program = program_named(cast.mia, "control", at)
    Forecast.objects.create(
        workspace_id=cast.acme.id,
        program_id=program.id,
        at=at,
        made_at=at,
        seed=0,
        trials=100,
        engine="e",
        plan_digest=f"{at}",
        answer={"items": rows},
        serial=Forecast.objects.count() + 1,
    )


@pytest.mark.usefixtures("program")
def test_the_first_words_count_and_the_last_are_told_beside(cast: Cast) -> None:
    item(cast, "A", date(2026, 10, 20))
    said(cast, START, {"A": ("2026-10-12", "2026-10-16")})
    said(cast, START + timedelta(days=20), {"A": ("2026-10-19", "2026-10-22")})
    found = calibration_of(cast.vera, program_named(cast.vera, "control"), AT)
    (one,) = found.cases
    assert (one.first.p80, one.last.p80) == (date(2026, 10, 16), date(2026, 10, 22))
    assert (one.held, one.days_late) == (False, 4)
    assert (found.p80.held, found.p80.judged) == (0, 1)
    assert one.owner == "ann"
    assert one.ratio == pytest.approx(1.2)


@pytest.mark.usefixtures("program")
def test_the_count_is_that_of_the_forecast_page(cast: Cast) -> None:
    for key, day in (("A", 14), ("B", 20), ("C", 16)):
        item(cast, key, date(2026, 10, day))
    item(cast, "D", None)
    words = {key: ("2026-10-12", "2026-10-16") for key in "ABCD"}
    said(cast, START, words)
    facts = program_named(cast.vera, "control")
    found, score = calibration_of(cast.vera, facts, AT), score_forecasts(cast.vera, facts, AT)
    assert (found.p80.held, found.p80.judged) == (score.held, score.judged) == (2, 3)
    assert [one.name for one in found.late] == ["Item D"]
    assert (found.p80_with_late.held, found.p80_with_late.judged) == (2, 4)
    assert "1 more is past theirs and not finished" in found.sentence
    assert workspace_calibration(cast.vera, AT) == found


@pytest.mark.usefixtures("program")
def test_what_was_said_too_late_is_no_forecast(cast: Cast) -> None:
    item(cast, "A", date(2026, 10, 20))
    said(cast, datetime(2026, 10, 18, 9, tzinfo=START.tzinfo), {"A": ("2026-10-19", "2026-10-20")})
    found = calibration_of(cast.vera, program_named(cast.vera, "control"), AT)
    assert found.cases == []
    assert found.sentence.startswith("No forecast can be judged yet")
    assert found.p80.verdict == "unknown"


@pytest.mark.usefixtures("program")
def test_ten_hopeful_cases_teach_a_factor_and_a_bias(cast: Cast) -> None:
    for number in range(10):
        item(cast, f"A{number}", date(2026, 10, 16) + timedelta(days=number))
    said(cast, START, {f"A{n}": ("2026-10-12", "2026-10-17") for n in range(10)})
    found = calibration_of(cast.vera, program_named(cast.vera, "control"), AT)
    assert found.correction is not None
    assert found.correction.is_needed
    assert found.correction.factor == pytest.approx(11 / 5)
    (team,) = found.teams
    assert (team.name, team.count, team.is_enough) == ("ann", 10, True)
    assert [row.name for row in found.kinds] == ["data"]


@pytest.mark.usefixtures("program")
def test_the_page_opens_a_case_down_to_its_forecast(cast: Cast) -> None:
    item(cast, "A", date(2026, 10, 20))
    said(cast, START, {"A": ("2026-10-12", "2026-10-16")})
    page = browser_of(cast.vera).get(PAGE).content.decode().replace("\u00a0", " ")
    assert "Past P80s held 0 of 1" in page
    assert "4 days late" in page
    assert f"/w/acme/programs/control/forecast/?at={START.date().isoformat()}" in page
    assert "From ten finished cases on" in page
    assert (
        "Past P80s held 0 of 1"
        in browser_of(cast.vera).get("/w/acme/calibration/").content.decode()
    )


@pytest.mark.usefixtures("program")
def test_an_empty_page_teaches(cast: Cast) -> None:
    page = browser_of(cast.vera).get(PAGE).content.decode()
    assert "Nothing that was forecast has finished yet" in page


@pytest.mark.usefixtures("program")
def test_another_workspace_sees_nothing_of_it(cast: Cast) -> None:
    item(cast, "A", date(2026, 10, 20))
    said(cast, START, {"A": ("2026-10-12", "2026-10-16")})
    with pytest.raises(NotFound):
        calibration_of(cast.charlie, program_named(cast.vera, "control"), AT)
    assert workspace_calibration(cast.charlie, AT).cases == []
