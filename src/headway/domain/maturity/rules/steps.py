"""What to do next: the one cheapest criterion, and the cheapest way to a goal.

Costs are the catalogue's: working days at their most likely, then money, then the id.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from headway.domain.maturity.rules.answering import Answered, Answers
from headway.domain.maturity.rules.catalogue import (
    MODELS,
    SCORE,
    SECTION,
    Criterion,
    Effort,
    model_of,
)
from headway.domain.maturity.rules.scoring import MLTestScore, Standing, score_of
from headway.errors import Invalid

#: A score goes in halves.
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Step:
    """A piece of work that answers a criterion: `by_hand` once and written down, or lasting."""

    answered: Answered
    effort: Effort
    by_hand: bool
    gain: float

    @property
    def criterion(self) -> Criterion:
        """Return what it answers."""
        return self.answered.criterion

    @property
    def days(self) -> float:
        """Return its most likely effort in working days."""
        return self.effort[1]

    @property
    def cost(self) -> tuple[float, int, str]:
        """Return the key by which steps are compared."""
        return (self.days, self.criterion.money, self.criterion.id)


@dataclass(frozen=True, slots=True)
class Next:
    """The cheapest next criterion of a column, a section or a model, and why it is that one."""

    step: Step
    column: str
    why: str
    days_to_rise: float
    steps_to_rise: int

    @property
    def criterion(self) -> Criterion:
        """Return what it answers."""
        return self.step.criterion


@dataclass(frozen=True, slots=True)
class Goal:
    """A level of a column of a model, or a score (then `column` may name one section)."""

    model: str
    column: str
    target: float

    def __str__(self) -> str:
        """Name the goal in words."""
        model = model_of(self.model)
        if self.model == SCORE:
            return f"{model.title} of {self.target:g}"
        column = next(one.name for one in model.columns if one.id == self.column)
        name = model.named(int(self.target))
        where = f", {column.lower()}" if len(model.columns) > 1 else ""
        return f"{model.title}{where}: level {self.target:g} ({name})"


def next_of(stand: Standing) -> Next | None:
    """Return the cheapest criterion between a column and its next level; None at the top."""
    if not stand.blocking:
        return None
    steps = sorted((_lasting(one) for one in stand.blocking), key=lambda one: one.cost)
    first, days = steps[0], sum(one.days for one in steps)
    level = f"level {stand.next_level} ({stand.model.named(stand.next_level or 0)})"
    if len(steps) == 1:
        why = f"It alone stands between here and {level}."
    else:
        why = f"Of the {len(steps)} between here and {level}, it takes least: {_days(first.days)} "
        why += f"of {_days(days)}."
    return Next(first, stand.column.id, why, days, len(steps))


def next_of_model(stands: Sequence[Standing]) -> Next | None:
    """Return the cheapest next criterion of the column whose next level takes least."""
    found = [one for one in map(next_of, stands) if one is not None]
    return min(found, key=lambda one: (one.days_to_rise, *one.step.cost), default=None)


def next_of_score(score: MLTestScore) -> Next | None:
    """Return the cheapest test that raises the least section; None where all are at the top."""
    found = [
        (min(steps, key=lambda one: one.cost), section)
        for section in score.least
        if (steps := [step for test in section.tests for step in _ways(test)])
    ]
    if not found:
        return None
    step, section = min(found, key=lambda one: one[0].cost)
    days, name = sum(one.days for one, _ in found), section.column.name
    if len(found) == 1:
        why = f"{name} holds the score down at {score.final:g}, and nothing raises it in less time."
    else:
        names = " and ".join(one.column.name for one in score.least)
        both = "both" if len(found) == 2 else "all"
        why = f"{names} {both} stand at {score.final:g}; the score rises when each of them does."
    return Next(step, section.column.id, why, days, len(found))


def _ways(test: Answered) -> Iterator[Step]:
    """Yield the ways to get more out of a test than it counts now."""
    if test.credit < HALF:
        yield Step(test, test.criterion.by_hand, by_hand=True, gain=HALF - test.credit)
    if test.credit < 1:
        yield Step(test, test.criterion.effort, by_hand=False, gain=1 - test.credit)


def _lasting(answered: Answered) -> Step:
    return Step(answered, answered.criterion.effort, by_hand=False, gain=1.0)


def check_goal(goal: Goal) -> Goal:
    """Return `goal`. Raises Invalid where its model has no such column, level or score."""
    if goal.model not in (*MODELS, SCORE):
        names = ", ".join((*MODELS, SCORE))
        sentence = f"There is no maturity model '{goal.model[:40]}'; there is {names}."
        raise Invalid(sentence)
    model = model_of(goal.model)
    if goal.model == SCORE:
        if not 0 < goal.target <= SECTION or goal.target % HALF:
            sentence = (
                f"A score of {goal.target:g} cannot be reached: it goes in halves to {SECTION}."
            )
            raise Invalid(sentence)
        return goal
    if goal.column not in [one.id for one in model.columns]:
        names = ", ".join(one.id for one in model.columns)
        sentence = f"{model.title} has no column '{goal.column}'; its columns are {names}."
        raise Invalid(sentence)
    if goal.target not in [one.level for one in model.levels if one.level > 0]:
        levels = ", ".join(str(one.level) for one in model.levels if one.level > 0)
        sentence = f"{model.title} has no level {goal.target:g} to reach; there is {levels}."
        raise Invalid(sentence)
    return goal


def steps_to(goal: Goal, answers: Answers) -> tuple[Step, ...]:
    """Return the cheapest steps that reach `goal`; none where it is reached already."""
    if check_goal(goal).model != SCORE:
        own = model_of(goal.model).of_column(goal.column)
        asked = [answers[one.id] for one in own if one.level <= goal.target]
        steps = [_lasting(one) for one in asked if not one.counts]
        return tuple(sorted(steps, key=lambda one: (one.criterion.level, *one.cost)))
    found: list[Step] = []
    for section in score_of(answers).sections:
        found += _cheapest(section.tests, goal.target - section.score)
    return tuple(found)


def _cheapest(tests: Sequence[Answered], gain: float) -> list[Step]:
    """Return the steps that add at least `gain` to a section at least cost: exact, by halves."""
    wanted = round(max(gain, 0.0) / HALF)
    best: dict[int, list[Step]] = {0: []}
    for test in tests:
        grown = dict(best)
        for held, steps in best.items():
            for way in _ways(test):
                reached = min(held + round(way.gain / HALF), wanted)
                tried = [*steps, way]
                if reached not in grown or _total(tried) < _total(grown[reached]):
                    grown[reached] = tried
        best = grown
    return sorted(best[wanted], key=lambda one: one.cost)


def _total(steps: Sequence[Step]) -> tuple[float, int, list[str]]:
    return (
        sum(one.days for one in steps),
        sum(one.criterion.money for one in steps),
        [one.criterion.id for one in steps],
    )


def _days(days: float) -> str:
    return "1 day" if days == 1 else f"{days:g} days"
