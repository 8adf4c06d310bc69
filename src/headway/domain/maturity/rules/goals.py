"""A goal as work: which steps, whose, from when to when, at what cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from headway.analysis.schedule.calendars import WorkingTime
from headway.analysis.schedule.plan import Unit
from headway.domain.maturity.rules.answering import Answers
from headway.domain.maturity.rules.catalogue import SCORE, model_of
from headway.domain.maturity.rules.scoring import score_of, standing
from headway.domain.maturity.rules.steps import Goal, Step
from headway.domain.programs.rules.calendars import calendar_from
from headway.domain.programs.rules.fields import Reader, day, number, text

GOAL_FIELDS: Mapping[str, Reader] = {
    "model": text(20, required=True),
    "column": text(20),
    "target": number(required=True),
    "due": day,
    "project": text(60),
}


@dataclass(frozen=True, slots=True)
class Rate:
    """What an hour of a resource costs, in the program's currency."""

    resource: str
    an_hour: Decimal
    hours_a_day: float


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step of a goal in time: its days at the most likely, whose work, and what it costs.

    `after` is the place of the step before it of the same owner. `cost` None: no rate is known.
    """

    step: Step
    start: date
    finish: date
    resource: str
    cost: Decimal | None
    after: int | None


@dataclass(frozen=True, slots=True)
class GoalFacts:
    """A goal as it was set. `steps` are [{"criterion", "item", "by_hand"}, …]."""

    id: UUID
    workspace_id: UUID
    system_id: UUID
    project_id: UUID
    key: str
    model: str
    column: str
    target: float
    due: date | None
    steps: Sequence[Mapping[str, object]]
    made_at: datetime
    made_by: str
    version: int

    @property
    def goal(self) -> Goal:
        """Return what is to be reached."""
        return Goal(self.model, self.column, self.target)


def planned(
    steps: Sequence[Step],
    start: date,
    calendar: Mapping[str, object],
    rates: Mapping[str, Rate],
) -> tuple[PlannedStep, ...]:
    """Lay steps out from `start`: what one owner does comes one after the other.

    `rates` are by the owner's role in small letters.
    """
    axis = WorkingTime(Unit.DAYS, start, calendar_from(calendar))
    reached: dict[str, tuple[float, int]] = {}
    found = []
    for place, step in enumerate(steps):
        owner = step.criterion.owner
        begins, before = reached.get(owner, (0.0, None))
        ends = begins + step.days
        reached[owner] = (ends, place)
        rate = rates.get(owner.lower())
        cost = None
        if rate is not None and rate.an_hour:
            hours = Decimal(str(step.days)) * Decimal(str(rate.hours_a_day))
            cost = (hours * rate.an_hour).quantize(Decimal("0.01"))
        found.append(
            PlannedStep(
                step,
                axis.date_of_start(begins) or start,
                axis.date_of_finish(ends) or start,
                rate.resource if rate else "",
                cost,
                before,
            )
        )
    return tuple(found)


def is_reached(goal: Goal, answers: Answers) -> bool:
    """Say whether evidence reaches a goal."""
    if goal.model == SCORE:
        return score_of(answers).final >= goal.target
    model = model_of(goal.model)
    column = next(one for one in model.columns if one.id == goal.column)
    return standing(answers, model, column).level >= goal.target


def goals_ahead(answers: Answers) -> Sequence[Goal]:
    """Return every goal that is not reached yet: scores by halves, levels by column."""
    final = score_of(answers).final
    found = [Goal(SCORE, "", half / 2) for half in range(1, 15) if half / 2 > final]
    for name in ("microsoft", "google", "aws"):
        model = model_of(name)
        for column in model.columns:
            stood = standing(answers, model, column).level
            found += [
                Goal(name, column.id, float(level.level))
                for level in model.levels
                if level.level > stood
            ]
    return found
