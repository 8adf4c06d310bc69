"""Turning a goal into work items of a project, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.maturity.models import MaturityGoal
from headway.domain.maturity.queries.goals import (
    GoalProposal,
    goal_named,
    goal_proposal,
    system_goals,
)
from headway.domain.maturity.queries.pages import SystemMaturity, system_maturity
from headway.domain.maturity.rules import Goal, check_goal
from headway.domain.maturity.rules.goals import GOAL_FIELDS, GoalFacts
from headway.domain.plans.actions import remove_item, restore_item
from headway.domain.plans.actions.changing import make_change
from headway.domain.plans.queries import history_of_item
from headway.domain.plans.queries.network import items_of
from headway.domain.programs.actions.rows import add_row, drop_row, put_back
from headway.domain.programs.queries import facts, project_named
from headway.domain.programs.rules.fields import clean, fresh_key
from headway.errors import Invalid


@transaction.atomic
def set_goal(actor: Actor, system: str, values: Mapping[str, object], at: datetime) -> GoalFacts:
    """Set a goal (GOAL_FIELDS) and add its steps to the plan of the system's project.

    A criterion that an item of another goal is for already gets no second item. Raises Invalid for
    a goal that does not exist or is reached, NotFound for another's system.
    """
    require(actor, Permission.PLAN)
    fields = clean(values, GOAL_FIELDS)
    found = system_maturity(actor, system, at)
    goal = check_goal(
        Goal(str(fields["model"]), str(fields.get("column", "")), float(str(fields["target"])))
    )
    due = fields.get("due")
    proposal = goal_proposal(
        actor,
        found,
        goal,
        at,
        due=due if isinstance(due, date) else None,
        project=str(fields.get("project", "")),
    )
    if not proposal.steps:
        sentence = f"{found.system.name} has reached it already: {goal}."
        raise Invalid(sentence)
    held = system_goals(actor, system)
    row = MaturityGoal(
        workspace_id=actor.workspace_id,
        system_id=found.system.id,
        project_id=proposal.project.id,
        key=fresh_key(_stem(goal), [one.key for one in held]),
        model=goal.model,
        column=goal.column,
        target=goal.target,
        due=proposal.due,
        steps=_add_items(actor, found, proposal, held, at),
        made_at=at,
        made_by=actor.label[:200],
    )
    add_row(actor, row, at, "set_goal", system=system, target=str(goal))
    return facts(GoalFacts, row)


def _stem(goal: Goal) -> str:
    return f"{goal.model} {goal.column} {goal.target:g}".replace(".", " ")


def _add_items(
    actor: Actor,
    found: SystemMaturity,
    proposal: GoalProposal,
    held: Sequence[GoalFacts],
    at: datetime,
) -> list[dict[str, object]]:
    """Add an item a step, linked in the order in which one owner does them; return the steps."""
    slug = proposal.project.slug
    items = items_of([proposal.project.id], None)
    taken = {item.key for item in items}
    standing = {f"{slug}/{item.key}" for item in items if item.finished is None}
    others = {
        str(step["criterion"]): str(step["item"])
        for one in held
        for step in one.steps
        if str(step["item"]) in standing
    }
    made: list[dict[str, object]] = []
    for planned in proposal.steps:
        criterion = planned.step.criterion
        address = others.get(criterion.id)
        if address is None:
            key = fresh_key(criterion.id, taken)
            taken.add(key)
            address = f"{slug}/{key}"
            before = [str(made[planned.after]["item"])] if planned.after is not None else []
            change = {
                "add": address,
                "fields": {
                    "name": criterion.name,
                    "kind": "task",
                    "estimate": list(planned.step.effort),
                    "not_before": planned.start,
                    "deadline": proposal.due,
                },
                "needs": {planned.resource: 1} if planned.resource else {},
                "after": before,
                "before": [],
                "origin": {
                    "words": f"goal for {found.system.name}: {proposal.goal} ({criterion.id})"
                },
            }
            make_change(actor, proposal.program, change, at)
        step = {"criterion": criterion.id, "item": address, "by_hand": planned.step.by_hand}
        made.append(step)
    return made


@transaction.atomic
def drop_goal(
    actor: Actor, system: str, key: str, at: datetime, *, version: int | None = None
) -> GoalFacts:
    """Take a goal back, with its items that nobody has begun and no other goal needs: the undo."""
    require(actor, Permission.PLAN)
    found = system_maturity(actor, system, at)
    held = goal_named(actor, system, key)
    row = MaturityGoal.objects.select_for_update().get(id=held.id)
    drop_row(actor, row, at, "drop_goal", version, system=system)
    kept = {str(step["item"]) for one in system_goals(actor, system) for step in one.steps}
    slug = next((one.slug for one in found.projects if one.id == held.project_id), "")
    items = {f"{slug}/{item.key}": item for item in items_of([held.project_id], None)}
    for step in reversed(held.steps):
        address = str(step["item"])
        item = items.get(address)
        is_untouched = item is not None and item.started is None and item.finished is None
        if item is not None and is_untouched and address not in kept:
            remove_item(actor, (slug, item.key), at)
    return held


@transaction.atomic
def restore_goal(actor: Actor, system: str, key: str, version: int, at: datetime) -> GoalFacts:
    """Bring a goal back that was taken back, with the items that went with it."""
    require(actor, Permission.PLAN)
    found = system_maturity(actor, system, at)
    row: Any = put_back(actor, MaturityGoal, version, at, system_id=found.system.id, key=key)
    for step in row.steps:
        slug, _, item = str(step["item"]).partition("/")
        project = project_named(actor, slug)
        if any(one.key == item for one in items_of([project.id], None)):
            continue
        versions = history_of_item(actor, project, item)
        past = next(one for one in versions if one.kind != "removed")
        restore_item(actor, (slug, item), past.history_id, at)
    return facts(GoalFacts, row)
