"""A goal becomes work items with dates and cost, is taken back, and says when items can close."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from tests.cast import AT, Cast
from tests.domain.maturity.systems import two_systems

from headway.domain.maturity.actions import attest, drop_goal, restore_goal, set_goal
from headway.domain.maturity.queries import (
    GoalLine,
    GoalProposal,
    goal_proposal,
    goals_of,
    system_maturity,
)
from headway.domain.maturity.rules import Goal
from headway.domain.people.actions import set_resource
from headway.domain.plans.actions import edit_item
from headway.domain.plans.models import Dependency, Need, WorkItem
from headway.errors import Conflict, Invalid, NotFound, Refused

RELEASE = {"model": "microsoft", "column": "release", "target": 2, "due": "2027-01-29"}
WORD = {"role": "ML engineer", "link": "https://example.org/rules", "done_on": "2026-11-01"}


@pytest.fixture
def world(cast: Cast) -> Cast:
    two_systems(cast)
    set_resource(cast.mia, "fraud", "ml engineer", {"capacity": 1, "rate": "100"}, AT)
    return cast


def proposed(cast: Cast, goal: Goal) -> GoalProposal:
    found = system_maturity(cast.bob, "reader", AT)
    return goal_proposal(cast.bob, found, goal, AT, due=date(2027, 1, 29))


def lines(cast: Cast) -> list[GoalLine]:
    found = system_maturity(cast.bob, "reader", AT + timedelta(days=1))
    return list(goals_of(cast.bob, found, None))


def keys() -> list[str]:
    return sorted(WorkItem.objects.values_list("key", flat=True))


def test_a_proposal_lays_the_steps_out_by_owner_with_dates_and_costs(world: Cast) -> None:
    found = proposed(world, Goal("microsoft", "release", 2))
    first, second, third = found.steps
    assert [one.step.criterion.owner for one in found.steps] == [
        "ML engineer",
        "software engineer",
        "ML engineer",
    ]
    assert (first.start, first.finish) == (date(2026, 11, 23), date(2026, 11, 23))
    assert second.start == date(2026, 11, 23)  # another's work goes on beside it
    assert (third.start, third.finish) == (date(2026, 11, 24), date(2026, 11, 26))
    assert [one.cost for one in found.steps] == [Decimal(800), None, Decimal(2400)]
    assert (found.days, found.cost, found.finish) == (6, Decimal(3200), date(2026, 11, 26))
    assert list(found.unpriced) == ["software engineer"]
    assert not found.is_late


def test_a_goal_puts_linked_items_with_their_origin_into_the_plan(world: Cast) -> None:
    made = set_goal(world.bob, "reader", RELEASE, AT)
    assert [step["item"] for step in made.steps] == [f"rules/{key}" for key in keys()]
    script = WorkItem.objects.get(key="microsoft-release-1-script")
    tested = WorkItem.objects.get(key="microsoft-release-2-tested")
    assert (tested.estimate, tested.deadline) == ([1.0, 3.0, 5.0], date(2027, 1, 29))
    assert "microsoft:release-2-tested" in tested.origin["words"]
    assert Dependency.objects.get(item=tested).predecessor_id == script.id
    assert Need.objects.filter(resource__name="ml engineer").count() == 2


def test_a_second_goal_takes_the_items_that_are_there(world: Cast) -> None:
    set_goal(world.bob, "reader", RELEASE, AT)
    before = keys()
    set_goal(world.bob, "reader", {**RELEASE, "target": 3}, AT)
    added = set(keys()) - set(before)
    assert len(added) == 3
    drop_goal(world.bob, "reader", lines(world)[0].held.key, AT)
    assert len(keys()) == 6  # the other goal still needs them


def test_a_goal_that_is_taken_back_takes_what_nobody_began_and_can_come_back(world: Cast) -> None:
    made = set_goal(world.bob, "reader", RELEASE, AT)
    begun = ("rules", "microsoft-release-1-script")
    edit_item(world.bob, begun, {"started": "2026-11-23"}, AT)
    later = AT + timedelta(hours=1)
    with pytest.raises(Conflict):
        drop_goal(world.bob, "reader", made.key, later, version=7)
    drop_goal(world.bob, "reader", made.key, later, version=made.version)
    assert keys() == ["microsoft-release-1-script"]
    assert lines(world) == []
    restore_goal(world.bob, "reader", made.key, made.version, later + timedelta(hours=1))
    assert len(keys()) == 3
    assert Dependency.objects.count() == 1
    (line,) = lines(world)
    assert [row.item is not None for row in line.rows] == [True, True, True]


def test_evidence_says_which_items_can_be_closed_and_when_the_goal_is_reached(world: Cast) -> None:
    set_goal(world.bob, "reader", {**RELEASE, "target": 1}, AT)
    assert not lines(world)[0].rows[0].can_be_closed
    attest(world.bob, "reader", "microsoft:release-1-script", WORD, AT)
    (line,) = lines(world)
    assert line.rows[0].can_be_closed
    assert line.is_reached
    place = ("rules", "microsoft-release-1-script")
    edit_item(world.bob, place, {"started": "2026-11-23", "finished": "2026-11-23"}, AT)
    assert not lines(world)[0].rows[0].can_be_closed


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"model": "microsoft", "column": "people", "target": 1}, "reached it already"),
        ({"model": "aws", "column": "practice", "target": 9}, "no level 9"),
        ({"model": "nasa", "target": 1}, "no maturity model 'nasa'"),
        ({"model": "mlts", "target": "nan"}, "target"),
    ],
)
def test_a_goal_that_makes_no_sense_is_refused_and_changes_nothing(
    world: Cast, values: dict[str, object], said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        set_goal(world.bob, "reader", values, AT)
    assert keys() == []


def test_who_may_not_plan_sets_no_goal(world: Cast) -> None:
    with pytest.raises(Refused):
        set_goal(world.vera, "reader", RELEASE, AT)
    with pytest.raises(NotFound):
        set_goal(world.charlie, "reader", RELEASE, AT)
    with pytest.raises(NotFound, match="No project"):
        set_goal(world.bob, "reader", {**RELEASE, "project": "scores"}, AT)
