"""Weeks that people write themselves: what counts, what a correction does, and who sees it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from tests.cast import AT, Cast

from headway.domain.accounts.models import AuditEntry
from headway.domain.costs.actions.weeks import set_week, turn_week
from headway.domain.costs.queries import charges_of
from headway.domain.costs.queries.weeks import last_lines, week_of
from headway.domain.costs.rules.weeks import WeekLine, monday_of, read_lines
from headway.domain.people.actions import set_person, set_resource
from headway.domain.people.actions.roster import forget_person
from headway.domain.people.models import TimeSheet
from headway.domain.programs.actions import create_program, create_project
from headway.domain.programs.queries import program_named
from headway.errors import Conflict, Invalid, Refused

HOUR = timedelta(hours=1)
MONDAY = date(2026, 9, 28)  # its Thursday is in October
EIGHT = ("8", "7,5", "7:30", "", "4", "", "")
ROW = [("scores", "TRAIN", EIGHT)]
KNOWN = {"scores": "scores", "the scores": "scores"}


@pytest.fixture
def team(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud"}, AT)
    create_project(cast.mia, "fraud", {"name": "Scores"}, AT)
    set_resource(cast.mia, "fraud", "data scientist", {"capacity": 2, "rate": "80"}, AT)
    own = {"name": "Bob", "role": "Data scientist", "email": cast.bob.label}
    set_person(cast.mia, "bob", own, AT)
    set_person(cast.mia, "kai", {"name": "Kai", "role": "Data scientist"}, AT)


def cost(cast: Cast) -> dict[int, Decimal]:
    told = charges_of(cast.vera, [program_named(cast.vera, "fraud")]).values()
    return {one.month.month: one.effective for found in told for one in found if one.effective}


def test_a_submitted_week_is_cost_by_month_and_a_correction_takes_its_place(
    cast: Cast, team: None
) -> None:
    draft = set_week(cast.bob, "bob", MONDAY, ROW, AT)
    assert (draft.state, draft.total, cost(cast)) == ("draft", Decimal(27), {})
    done = set_week(cast.bob, "bob", MONDAY, ROW, AT, submit=True, version=draft.version)
    assert cost(cast) == {9: 80 * 23, 10: 80 * 4}
    with pytest.raises(Conflict):
        set_week(cast.bob, "bob", MONDAY, [], AT, version=draft.version)
    set_week(cast.mia, "kai", MONDAY, ROW, AT, submit=True)
    assert cost(cast) == {9: 2 * 80 * 23, 10: 2 * 80 * 4}
    fixed = [("the scores", "", ("1", *[""] * 6))]
    with pytest.raises(Invalid, match="no project 'the scores'"):
        set_week(cast.bob, "bob", MONDAY, fixed, AT + HOUR, version=done.version)
    fixed = [("Scores", "", ("1", *[""] * 6))]
    again = set_week(cast.bob, "bob", MONDAY, fixed, AT + HOUR, version=done.version)
    assert cost(cast) == {9: 80 * 24, 10: 80 * 4}
    assert set_week(cast.bob, "bob", MONDAY, fixed, AT + HOUR).version == again.version, (
        "nothing new"
    )
    turn_week(cast.mia, "kai", MONDAY, "draft", AT + 2 * HOUR)
    assert cost(cast) == {9: 80}, "October has no hour left, and costs nothing"


def test_a_locked_week_is_the_leads_and_nobody_else_sees_it(cast: Cast, team: None) -> None:
    set_week(cast.bob, "bob", MONDAY, ROW, AT, submit=True)
    with pytest.raises(Refused):
        turn_week(cast.bob, "bob", MONDAY, "locked", AT)
    turn_week(cast.mia, "bob", MONDAY, "locked", AT)
    with pytest.raises(Conflict, match="locked"):
        set_week(cast.bob, "bob", MONDAY, [], AT)
    with pytest.raises(Refused):
        turn_week(cast.bob, "bob", MONDAY, "draft", AT)
    assert set_week(cast.mia, "bob", MONDAY, ROW, AT).state == "locked"
    for other in (cast.vera, cast.vic):
        with pytest.raises(Refused):
            week_of(other, "bob", MONDAY)
        with pytest.raises(Refused):
            set_week(other, "bob", MONDAY, ROW, AT)
    with pytest.raises(Refused):
        set_week(cast.bob, "kai", MONDAY, ROW, AT)
    told = [one.text for one in AuditEntry.objects.filter(action="set_time_sheet")]
    assert told
    assert not any("scores" in one for one in told)
    forget_person(cast.alice, "bob", AT)
    (row,) = TimeSheet.objects.all()
    assert (row.person, row.role) == (None, "Data scientist"), "nobody's, and as dear as before"
    set_week(cast.mia, "kai", MONDAY, ROW, AT + HOUR, submit=True)
    assert cost(cast) == {9: 2 * 80 * 23, 10: 2 * 80 * 4}


def test_last_weeks_rows_are_there_to_be_copied(cast: Cast, team: None) -> None:
    set_week(cast.bob, "bob", MONDAY, ROW, AT)
    after = date(2026, 10, 5)
    assert [one.item for one in last_lines(cast.bob, "bob", after)] == ["TRAIN"]
    assert last_lines(cast.bob, "bob", MONDAY) == ()
    for wrong, match in ((date(2026, 10, 6), "Monday"), (date(2030, 1, 7), "not begun")):
        with pytest.raises(Invalid, match=match):
            set_week(cast.bob, "bob", wrong, ROW, AT)


@pytest.mark.parametrize(
    ("lines", "match"),
    [
        ([("scores", "", ("25", *[""] * 6))], "0 to 24"),
        ([("scores", "", ("13", *[""] * 6)), ("scores", "B", ("12", *[""] * 6))], "Monday has 25"),
        ([("scores", "", ("NaN", *[""] * 6))], "not 0 to 24|not a number"),
        ([("scores", "", ("-1", *[""] * 6))], "0 to 24"),
        ([("scores", "", ("1:75", *[""] * 6))], "0 to 24"),
        ([("scores", "", ("=1+1", *[""] * 6))], "not a number"),
        ([("scores", "", ("1",))], "seven days"),
        ([("nowhere", "", ("1", *[""] * 6))], "no project"),
        ([("scores", "A", EIGHT), ("The scores", "A", EIGHT)], "stands twice"),
        ([("scores", "", ("", "", "", "", "", "", "1"))], "outside of the time"),
    ],
)
def test_what_no_week_can_hold_is_refused_in_words(
    lines: list[tuple[str, str, tuple[str, ...]]], match: str
) -> None:
    with pytest.raises(Invalid, match=match):
        read_lines(lines, KNOWN, (MONDAY, None, date(2026, 10, 3)))


def test_an_item_names_its_project_and_empty_lines_are_left_out() -> None:
    lines = [("", "scores/TRAIN", EIGHT), ("scores", "", [""] * 7), ("scores", "Z", ["0"] * 7)]
    (found,) = read_lines(lines, KNOWN, (MONDAY, None, None))
    assert (found.project, found.item, found.total) == ("scores", "TRAIN", 27)
    assert isinstance(found, WeekLine)
    assert monday_of(date(2026, 10, 4)) == MONDAY
