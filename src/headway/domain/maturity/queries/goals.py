"""Goals of a system: what one would take, what was made of those that were set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.maturity.models import MaturityGoal
from headway.domain.maturity.queries.pages import SystemMaturity
from headway.domain.maturity.rules import Answered, Criterion, Goal, criterion_of, steps_to
from headway.domain.maturity.rules.goals import (
    GoalFacts,
    PlannedStep,
    Rate,
    is_reached,
    planned,
)
from headway.domain.people.queries import resources_of
from headway.domain.plans.queries.network import items_of
from headway.domain.plans.rules import ItemFacts
from headway.domain.programs.queries import facts, program_of, rows_at, system_named
from headway.domain.programs.rules import ProgramFacts, ProjectFacts
from headway.domain.programs.rules.calendars import calendar_from
from headway.domain.programs.rules.fields import meant
from headway.errors import Invalid, NotFound


@dataclass(frozen=True, slots=True)
class GoalProposal:
    """What a goal would take: steps with dates and costs; nothing of it is in a plan yet."""

    goal: Goal
    project: ProjectFacts
    program: ProgramFacts
    due: date | None
    steps: Sequence[PlannedStep]

    @property
    def days(self) -> float:
        """Return the most likely effort in working days."""
        return sum(one.step.days for one in self.steps)

    @property
    def cost(self) -> Decimal:
        """Return what the steps of known rates cost."""
        return sum((one.cost for one in self.steps if one.cost is not None), Decimal(0))

    @property
    def unpriced(self) -> Sequence[str]:
        """Return the owners whose rate is not known, each once."""
        return sorted({one.step.criterion.owner for one in self.steps if one.cost is None})

    @property
    def beside(self) -> int:
        """Return the hints of money beside the effort, in US dollars."""
        return sum(one.step.criterion.money for one in self.steps)

    @property
    def finish(self) -> date | None:
        """Return the last day of work, if each step takes what is most likely."""
        return max((one.finish for one in self.steps), default=None)

    @property
    def is_late(self) -> bool:
        """Say whether the work ends after the day it is due."""
        return self.due is not None and self.finish is not None and self.finish > self.due


@dataclass(frozen=True, slots=True)
class GoalRow:
    """One step of a goal that was set: its item (None: taken out of the plan), its answer."""

    criterion: Criterion
    project: str
    item: ItemFacts | None
    answered: Answered

    @property
    def can_be_closed(self) -> bool:
        """Say whether evidence or a word meets what the item is for, and it is still open."""
        return self.answered.counts and self.item is not None and self.item.finished is None


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A goal that was set, and how it stands."""

    held: GoalFacts
    project: ProjectFacts
    rows: Sequence[GoalRow]
    is_reached: bool

    @property
    def done(self) -> int:
        """Count the steps whose criterion is met or attested."""
        return sum(row.answered.counts for row in self.rows)


def project_for(found: SystemMaturity, slug: str = "") -> ProjectFacts:
    """Return the project of a system that takes its work: the one named, else the first."""
    slugs = [project.slug for project in found.projects]
    if not slugs:
        sentence = f"No project works on {found.system.name} yet; its work has no place."
        raise Invalid(sentence)
    wanted = slug or slugs[0]
    for project in found.projects:
        if project.slug == wanted:
            return project
    hint = meant(wanted, slugs) or f"; its projects are {', '.join(slugs)}."
    sentence = f"No project '{wanted}' works on {found.system.name}{hint}"
    raise NotFound(sentence)


def goal_proposal(
    actor: Actor,
    found: SystemMaturity,
    goal: Goal,
    at: datetime,
    *,
    due: date | None = None,
    project: str = "",
) -> GoalProposal:
    """Return the cheapest steps to a goal with dates and costs. Invalid where there is no such."""
    require(actor, Permission.VIEW, found.system)
    place = project_for(found, project)
    program = program_of(actor, place)
    steps = planned(
        steps_to(goal, found.answers), at.date(), program.calendar, rates_of(actor, program)
    )
    return GoalProposal(goal, place, program, due, steps)


def rates_of(actor: Actor, program: ProgramFacts) -> Mapping[str, Rate]:
    """Return the rates of a program's people, by role in small letters."""
    hours = calendar_from(program.calendar).hours_per_day
    return {
        one.name.lower(): Rate(one.name, one.rate, hours)
        for one in resources_of(actor, program)
        if one.kind == "people"
    }


def system_goals(actor: Actor, slug: str, at: datetime | None = None) -> Sequence[GoalFacts]:
    """Return the goals of a system as they stood at `at`, by when they were set. NotFound."""
    require(actor, Permission.VIEW)
    system = system_named(actor, slug, at)
    rows = rows_at(MaturityGoal, at, workspace_id=actor.workspace_id, system_id=system.id)
    return [facts(GoalFacts, row) for row in sorted(rows, key=lambda row: (row.made_at, row.key))]


def goals_of(actor: Actor, found: SystemMaturity, at: datetime | None) -> Sequence[GoalLine]:
    """Return each goal of a system with its items and whether evidence reaches it."""
    held = system_goals(actor, found.system.slug, at)
    places = {project.id: project for project in found.projects}
    items = (
        {
            f"{places[item.project_id].slug}/{item.key}": item
            for item in items_of(list(places), at)
            if item.project_id in places
        }
        if held
        else {}
    )
    return [
        GoalLine(
            one,
            places[one.project_id],
            [_row(found, step, items) for step in one.steps],
            is_reached(one.goal, found.answers),
        )
        for one in held
        if one.project_id in places
    ]


def _row(found: SystemMaturity, step: Mapping[str, Any], items: Mapping[str, ItemFacts]) -> GoalRow:
    criterion = criterion_of(str(step["criterion"]))
    if criterion is None:  # of an older catalogue
        sentence = f"The criterion {step['criterion']} is no longer in any model."
        raise NotFound(sentence)
    address = str(step["item"])
    return GoalRow(
        criterion,
        address.partition("/")[0],
        items.get(address),
        found.answer(criterion.id),
    )


def goal_named(actor: Actor, slug: str, key: str, at: datetime | None = None) -> GoalFacts:
    """Return the goal of a system with this key. Raises NotFound."""
    for one in system_goals(actor, slug, at):
        if one.key == key:
            return one
    sentence = f"There is no goal '{key[:60]}' of the system '{slug}'."
    raise NotFound(sentence)
