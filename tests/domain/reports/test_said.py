"""What packs said is held against what came: by the thing, not by its name, as of any day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from tests.cast import AT, Cast

from headway.domain.plans.actions import add_item, edit_item, make_forecast, remove_item
from headway.domain.programs.actions import create_program, create_project
from headway.domain.programs.queries import program_named
from headway.domain.reports.actions import freeze_report
from headway.domain.reports.queries import Came, WhatWeSaid, what_we_said
from headway.domain.reports.rules import PackDraft
from headway.errors import NotFound, Refused

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def fraud(cast: Cast) -> None:
    """Plan three weeks of work and a milestone after it; forecast and freeze it."""
    create_program(cast.mia, {"name": "Fraud", "target": "2027-06-30"}, AT)
    create_project(cast.mia, "fraud", {"name": "Scores"}, AT)
    add_item(cast.bob, "scores", "work", {"name": "Work", "estimate": "10 15 20"}, AT)
    live = {"name": "Live", "kind": "milestone", "estimate": "15 16 17"}
    add_item(cast.bob, "scores", "live", live, AT)
    frozen(cast, AT)


def frozen(cast: Cast, at: datetime) -> None:
    make_forecast(cast.bob, "fraud", at, trials=500)
    freeze_report(cast.mia, "fraud", PackDraft(), at, known_at=at)


def said(cast: Cast, at: datetime) -> WhatWeSaid:
    return what_we_said(cast.vera, program_named(cast.vera, "fraud"), at, known_at=at)


def p80_of_live(cast: Cast) -> date:
    (claim,) = said(cast, AT).packs[0].milestones
    assert claim.p80 is not None
    return claim.p80


def end(cast: Cast, key: str, on: date) -> datetime:
    """Finish an item on a day; return the evening of that day."""
    at = datetime.combine(on, AT.timetz()) + DAY
    edit_item(cast.bob, ("scores", key), {"started": str(AT.date()), "finished": str(on)}, at)
    return at


def test_before_its_day_nothing_is_judged(cast: Cast) -> None:
    found = said(cast, AT + DAY)
    (pack,) = found.packs
    assert {pack.program.came, *(one.came for one in pack.milestones)} == {Came.WAITS}
    assert found.words == "Nothing that was said at P80 can be judged yet."


@pytest.mark.parametrize(
    ("days", "came"), [(-3, Came.HELD), (0, Came.HELD), (1, Came.MISSED), (9, Came.MISSED)]
)
def test_a_milestone_held_or_missed_by_so_many_days(cast: Cast, days: int, came: Came) -> None:
    p80 = p80_of_live(cast)
    at = end(cast, "live", p80 + days * DAY)
    (claim,) = said(cast, at).packs[0].milestones
    assert (claim.came, claim.days, claim.finished) == (came, days, p80 + days * DAY)


def test_what_is_past_its_p80_and_not_finished_is_late_and_stands_beside_the_score(
    cast: Cast,
) -> None:
    at = AT + 8 * WEEK
    found = said(cast, at)
    (claim,) = found.packs[0].milestones
    assert (claim.came, claim.days) == (Came.LATE, (at.date() - p80_of_live(cast)).days)
    assert sorted(name for name, _ in found.score.late) == ["Live", "Work"]
    assert found.score.judged == 0


def test_the_program_is_judged_when_the_last_of_it_ended(cast: Cast) -> None:
    p80 = said(cast, AT).packs[0].program.p80
    assert p80 is not None
    end(cast, "work", p80 - 2 * DAY)
    at = end(cast, "live", p80 + 4 * DAY)
    assert said(cast, at - DAY).packs[0].program.came == Came.LATE
    claim = said(cast, at).packs[0].program
    assert (claim.came, claim.days) == (Came.MISSED, 4)
    assert said(cast, at).score.judged == 2


def test_a_new_name_loses_nothing_and_what_is_dropped_is_said_to_be(cast: Cast) -> None:
    p80 = p80_of_live(cast)
    edit_item(cast.bob, ("scores", "live"), {"name": "In production"}, AT + DAY)
    at = end(cast, "live", p80)
    (claim,) = said(cast, at).packs[0].milestones
    assert (claim.name, claim.came) == ("Live", Came.HELD)
    remove_item(cast.bob, ("scores", "live"), at)
    (gone,) = said(cast, at).packs[0].milestones
    assert gone.came == Came.GONE


def test_two_milestones_of_one_name_are_not_taken_for_each_other(cast: Cast) -> None:
    twin = {"name": "Live", "kind": "milestone", "estimate": "1 2 3"}
    add_item(cast.bob, "scores", "live-2", twin, AT + DAY)
    frozen(cast, AT + DAY)
    end(cast, "live-2", AT.date() + 2 * DAY)
    newest = said(cast, AT + WEEK).packs[0]
    assert {one.came for one in newest.milestones if one.name == "Live"} <= {Came.GONE}


def test_packs_stand_newest_first_and_as_they_were_said(cast: Cast) -> None:
    first = said(cast, AT).packs[0]
    edit_item(cast.bob, ("scores", "work"), {"estimate": "60 80 90"}, AT + DAY)
    frozen(cast, AT + WEEK)
    newest, oldest = said(cast, AT + WEEK).packs
    assert (newest.number, oldest.number) == (2, 1)
    assert oldest.program == first.program
    assert (newest.program.p80 or date.min) > (oldest.program.p80 or date.max)
    assert [pack.number for pack in said(cast, AT + DAY).packs] == [1]


def test_only_members_who_see_programs_read_it(cast: Cast) -> None:
    program = program_named(cast.vera, "fraud")
    with pytest.raises(Refused):
        what_we_said(cast.vic, program, AT)
    with pytest.raises(NotFound):
        what_we_said(cast.charlie, program, AT)
