"""Claims about the brief of a program: it adds up, and tells what goes stale and nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.cast import AT, Cast

from headway.domain.assessments.queries import ProgramBrief, program_brief
from headway.domain.checkins.actions import answer_check_in, issue_check_in_link
from headway.domain.evidence.actions import record_evidence
from headway.domain.people.actions import set_person
from headway.domain.plans.actions import add_item, edit_item
from headway.domain.programs.actions import create_program, create_project
from headway.domain.programs.queries import program_named
from headway.errors import Invalid, NotFound, Refused
from headway.observation import Observation, SubjectRef

WEEK = timedelta(days=7)
SOON = timedelta(hours=1)


@pytest.fixture
def planned(cast: Cast) -> Cast:
    """A program of one project with one item."""
    create_program(cast.mia, {"name": "Fraud", "slug": "fraud", "target": "2027-06-30"}, AT)
    create_project(cast.mia, "fraud", {"name": "Scores", "slug": "scores"}, AT)
    add_item(cast.bob, "scores", "a", {"name": "Train", "estimate": [20, 30, 80]}, AT)
    return cast


def brief(cast: Cast, at: datetime = AT + WEEK) -> ProgramBrief:
    return program_brief(cast.vera, program_named(cast.vera, "fraud"), AT + SOON, at)


def a_check(cast: Cast, seen: datetime, valid_until: datetime | None) -> None:
    seen_check = Observation(
        SubjectRef.parse("dataset:scores@1"),
        "check",
        "tests",
        seen,
        {"check": "no nulls", "passed": True, "rows": 10},
        valid_until,
        "scores",
    )
    assert record_evidence(cast.bob, [seen_check], seen).recorded == 1


def test_the_causes_add_up_to_the_difference_of_the_dates(planned: Cast) -> None:
    edit_item(planned.bob, ("scores", "a"), {"estimate": [40, 60, 160]}, AT + timedelta(days=1))
    told = brief(planned)
    assert told.finish_p80.then is not None
    assert told.finish_p80.now is not None
    days = sum(line.days_p80 or 0 for line in told.bridge)
    assert round(days, 2) == (told.finish_p80.now - told.finish_p80.then).days
    assert told.p_on_time.then is not None
    assert told.p_on_time.now is not None
    assert told.p_on_time.now <= told.p_on_time.then


def test_only_what_stands_and_goes_stale_within_a_week_is_told(planned: Cast) -> None:
    now = AT + WEEK
    a_check(planned, AT + SOON, now + timedelta(days=3))
    assert [one.subject for one in brief(planned, now).expiring] == ["dataset:scores@1"]
    a_check(planned, AT + 2 * SOON, now + timedelta(days=30))
    assert brief(planned, now).expiring == []


@pytest.mark.parametrize("days", [-1, 8])
def test_what_is_stale_already_or_later_is_not_told(planned: Cast, days: int) -> None:
    a_check(planned, AT + SOON, AT + WEEK + timedelta(days=days))
    assert brief(planned).expiring == []


def test_a_young_program_says_that_there_is_nothing_before(planned: Cast) -> None:
    facts = program_named(planned.vera, "fraud")
    told = program_brief(planned.vera, facts, AT - WEEK, AT + SOON)
    assert "nothing before" in told.problem
    assert told.bridge == []
    with pytest.raises(Invalid):
        program_brief(planned.vera, facts, AT + WEEK, AT)


def test_another_workspace_and_a_vendor_are_told_nothing(planned: Cast) -> None:
    facts = program_named(planned.vera, "fraud")
    with pytest.raises((Refused, NotFound)):
        program_brief(planned.charlie, facts, AT + SOON, AT + WEEK)
    with pytest.raises((Refused, NotFound)):
        program_brief(planned.vic, facts, AT + SOON, AT + WEEK)


def test_who_has_not_checked_in_is_named_where_the_work_is_theirs(planned: Cast) -> None:
    set_person(planned.mia, "dana", {"name": "Dana Roe"}, AT)
    issue_check_in_link(planned.mia, "dana", AT + timedelta(days=1))
    assert brief(planned).not_checked_in == []
    edit_item(planned.mia, ("scores", "a"), {"owner": "Dana Roe"}, AT)
    assert [one.person for one in brief(planned).not_checked_in] == ["dana"]
    answer_check_in(planned.mia, "dana", [], "Well.", AT + timedelta(days=2))
    assert brief(planned).not_checked_in == []
