"""Maturity as pages show it: every system beside each model, one system with every answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.maturity.queries.known import known_at_each, projects_of_systems
from headway.domain.maturity.rules import (
    MODELS,
    Answered,
    Answers,
    Known,
    MLTestScore,
    Model,
    Next,
    Standing,
    answers,
    levels_of,
    model_of,
    next_of,
    next_of_model,
    next_of_score,
    score_of,
)
from headway.domain.programs.queries import system_named, systems_of
from headway.domain.programs.rules import ProjectFacts, SystemFacts
from headway.errors import NotFound

#: Points of a trend: eleven ends of months, and the moment itself.
POINTS = 12


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """How a system stood at a moment: its score, and each column's level by `model:column`."""

    at: datetime
    score: float
    levels: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class SystemMaturity:
    """A system with its levels, its score, what to do next, and how it came there."""

    system: SystemFacts
    projects: Sequence[ProjectFacts]
    answers: Answers
    levels: Mapping[str, Sequence[Standing]]
    score: MLTestScore
    trend: Sequence[TrendPoint]

    @property
    def models(self) -> Sequence[tuple[Model, Sequence[Standing]]]:
        """Return the models in order, each with where its columns stand."""
        return [(model_of(name), self.levels[name]) for name in MODELS]

    @property
    def next_of_score(self) -> Next | None:
        """Return the cheapest test that raises the least section."""
        return next_of_score(self.score)

    @property
    def next_by_model(self) -> Sequence[tuple[Model, Next]]:
        """Return the cheapest next criterion of each model that has one left."""
        found = [(model, next_of_model(stands)) for model, stands in self.models]
        return [(model, one) for model, one in found if one is not None]

    @property
    def next_by_column(self) -> Mapping[str, Next | None]:
        """Return the cheapest next criterion of each column, by `model:column`."""
        return {
            f"{name}:{one.column.id}": next_of(one)
            for name, stands in self.levels.items()
            for one in stands
        }

    def answer(self, criterion: str) -> Answered:
        """Return the answer to one criterion. Raises NotFound for one of no model."""
        found = self.answers.get(criterion)
        if found is None:
            sentence = f"There is no criterion '{criterion[:60]}' in any maturity model."
            raise NotFound(sentence)
        return found

    @property
    def stale(self) -> Sequence[Answered]:
        """Return what counted once and was to be looked at again."""
        return [one for one in self.answers.values() if one.is_stale]


def maturity_overview(actor: Actor, at: datetime) -> Sequence[SystemMaturity]:
    """Return every system of the workspace by name; seven queries whatever their number."""
    require(actor, Permission.VIEW)
    return _judged(actor, systems_of(actor, at), at)


def system_maturity(actor: Actor, slug: str, at: datetime) -> SystemMaturity:
    """Return one system in full. Raises NotFound."""
    require(actor, Permission.VIEW)
    return _judged(actor, [system_named(actor, slug, at)], at)[0]


def _judged(actor: Actor, systems: Sequence[SystemFacts], at: datetime) -> Sequence[SystemMaturity]:
    """Judge systems at `at` and at the ends of months before, by the same function."""
    projects = projects_of_systems(actor, at, systems)
    moments = month_ends(at)
    known = known_at_each(actor, projects, moments)
    return [_one(system, projects[system.id], known[system.id], moments) for system in systems]


def _one(
    system: SystemFacts,
    projects: Sequence[ProjectFacts],
    known: Sequence[Known],
    moments: Sequence[datetime],
) -> SystemMaturity:
    trend = []
    found: Answers = {}
    for held, moment in zip(known, moments, strict=True):
        is_last = moment is moments[-1]
        if not held.subjects and not is_last:
            continue  # before anything was heard of it
        found = answers(held, moment)
        trend.append(_point(found, moment))
    return SystemMaturity(system, projects, found, levels_of(found), score_of(found), tuple(trend))


def _point(found: Answers, at: datetime) -> TrendPoint:
    levels = {
        f"{name}:{one.column.id}": one.level
        for name, stands in levels_of(found).items()
        for one in stands
    }
    return TrendPoint(at, score_of(found).final, levels)


def month_ends(at: datetime, points: int = POINTS) -> Sequence[datetime]:
    """Return the last instants of the months before `at`, oldest first, and `at` itself."""
    moment = at.astimezone(UTC)
    ends = [at]
    while len(ends) < points:
        first = moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        moment = first - timedelta(microseconds=1)
        ends.append(moment)
    return list(reversed(ends))
