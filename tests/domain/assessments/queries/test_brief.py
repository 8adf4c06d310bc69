"""Claims about the brief of a program: it adds up, and tells what goes stale and nothing else."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from tests.cast import AT, Cast

from headway.domain.assessments.queries import ProgramBrief, program_brief, program_health
from headway.domain.assessments.queries.monday import monday_brief
from headway.domain.checkins.actions import answer_check_in, issue_check_in_link
from headway.domain.evidence.actions import record_evidence
from headway.domain.people.actions import set_person
from headway.domain.plans.actions import (
    add_item,
    edit_item,
    make_forecast,
    set_blocked_items,
    set_promise_items,
)
from headway.domain.programs.actions import (
    create_program,
    create_project,
    create_release,
    create_system,
    edit_program,
    move_release,
    set_criterion,
)
from headway.domain.programs.queries import program_named, releases_of
from headway.domain.risks.actions import (
    set_action,
    set_assumption,
    set_blocker,
    settle_assumption,
)
from headway.domain.stakeholders.actions import confirm_promise, set_promise
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


def test_what_was_written_down_is_told_in_the_brief(planned: Cast) -> None:
    bob, now = planned.bob, AT + WEEK
    set_blocker(bob, "fraud", "b", {"name": "No access", "since": "2026-11-09"}, AT)
    set_blocked_items(bob, "fraud", "b", ["scores/a"], AT)
    for key, due in (("late", "2026-11-27"), ("soon", "2026-12-04")):
        set_action(bob, "fraud", key, {"name": key, "due": due, "source_kind": ""}, AT)
    values = {"name": "Labels", "giver": "Vendor B", "promised": "2026-12-04"}
    set_promise(bob, "fraud", "p", values, AT)
    set_promise_items(bob, "fraud", "p", ["scores/a"], AT)
    told = brief(planned, now)
    (blocker,), (action,), (promise,) = told.blockers, told.actions, told.promises
    assert (blocker.key, blocker.items, blocker.age_days) == ("b", ["scores/a"], 15)
    assert blocker.week_days == 7
    assert (action.key, action.days_overdue) == ("late", 3)
    assert (promise.items, promise.promised) == (["scores/a"], date(2026, 12, 4))
    assert promise.needed_by is not None
    assert promise.float_days is not None
    assert promise.asks == "late"
    assert not told.is_quiet


def test_a_quiet_week_says_so_though_something_is_promised(planned: Cast) -> None:
    assert brief(planned).is_quiet
    values = {"name": "Labels", "giver": "Vendor B", "promised": "2026-12-04"}
    set_promise(planned.bob, "fraud", "p", values, AT)
    assert not brief(planned).is_quiet
    confirm_promise(planned.bob, ("fraud", "p"), AT)
    told = brief(planned)
    assert told.is_quiet
    assert [one.key for one in told.promises] == ["p"]


def test_a_release_is_due_when_its_project_has_a_milestone_within_two_weeks(planned: Cast) -> None:
    values = {"name": "Handover", "kind": "milestone", "deadline": "2026-12-11"}
    add_item(planned.bob, "scores", "m", values, AT)
    create_system(planned.mia, {"name": "Scorer", "slug": "scorer"}, AT)
    create_release(planned.mia, "scorer", "1.0", AT, project="scores")
    make_forecast(planned.bob, "fraud", AT + 2 * SOON, trials=50)
    assert brief(planned, AT + timedelta(days=3)).releases == []
    (due,) = brief(planned).releases
    assert (due.system, due.name, due.stage) == ("scorer", "1.0", "frame")
    assert (due.due, due.what) == (date(2026, 12, 11), "Handover")
    done = {"finished": "2026-11-24", "started": "2026-11-24"}
    edit_item(planned.bob, ("scores", "m"), done, AT + timedelta(days=2))
    make_forecast(planned.bob, "fraud", AT + timedelta(days=2), trials=50)
    assert brief(planned).releases == []


def test_the_target_of_a_program_is_what_its_releases_are_due_for(planned: Cast) -> None:
    edit_program(planned.mia, "fraud", {"target": "2026-12-01"}, AT)
    create_system(planned.mia, {"name": "Scorer", "slug": "scorer"}, AT)
    create_release(planned.mia, "scorer", "1.0", AT, project="scores")
    assert [one.what for one in brief(planned).releases] == ["the program's target"]
    release = releases_of(planned.mia)[0]
    move_release(planned.mia, release.id, release.stages[-1].id, AT)
    assert brief(planned).releases == []


def test_an_assumption_is_judged_by_its_own_bound_and_asks_when_evidence_speaks_against_it(
    planned: Cast,
) -> None:
    promised = {"subject": "model:scores", "metric": "recall", "target": 0.9, "due": "2027-06-01"}
    set_criterion(planned.mia, "scores", "recall", promised, AT)
    seen = Observation(
        SubjectRef.parse("model:scores@1"),
        "evaluation",
        "tests",
        AT,
        {"dataset": "d", "split": "test", "metric": "recall", "value": 0.8, "n": 500},
        None,
        "scores",
    )
    assert record_evidence(planned.bob, [seen], AT).recorded == 1
    for key, bound in (("met", 0.75), ("unmet", 0.85), ("promised", None)):
        values = {"name": key, "criterion": "scores/recall", "bound": bound}
        set_assumption(planned.bob, "fraud", key, values, AT)
    set_assumption(planned.bob, "fraud", "plain", {"name": "plain", "review_on": "2026-11-25"}, AT)
    facts = program_named(planned.vera, "fraud")
    found = program_health(planned.vera, facts, AT + WEEK)
    verdicts = {
        one.assumption.key: str(one.assessment.verdict) if one.assessment else ""
        for one in found.assumptions
    }
    assert verdicts == {"met": "met", "unmet": "unmet", "promised": "unmet", "plain": ""}
    lines = [line for line in monday_brief(planned.vera, AT + WEEK).open if line.place == "raid"]
    assert sorted(line.title for line in lines) == [
        "Assumption: plain",
        "Assumption: promised",
        "Assumption: unmet",
    ]
    settle_assumption(planned.bob, ("fraud", "unmet"), "failed", AT)
    lines = [line for line in monday_brief(planned.vera, AT + WEEK).open if line.place == "raid"]
    assert len(lines) == 2
