"""Levels and the ML Test Score from given answers.

A column stands on the highest level of which, and of all below, every criterion is met or attested:
what is unknown blocks, and is named. The score is the least of its sections, not their mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from headway.domain.maturity.rules.answering import Answer, Answered, Answers
from headway.domain.maturity.rules.catalogue import (
    SCORE,
    Column,
    Model,
    all_models,
    model_of,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a column stands. `blocking` are the criteria between it and its next level."""

    model: Model
    column: Column
    level: int
    next_level: int | None
    blocking: tuple[Answered, ...] = ()

    @property
    def name(self) -> str:
        """Return the name of its level."""
        return self.model.named(self.level)

    @property
    def says(self) -> str:
        """Describe its level; nothing before the first."""
        held = next((one for one in self.model.levels if one.level == self.level), None)
        return held.says[self.column.id] if held else ""

    @property
    def unknown(self) -> Sequence[Answered]:
        """Return what nobody knows, of what blocks."""
        return [one for one in self.blocking if one.answer is Answer.UNKNOWN]


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the ML Test Score: the sum of its seven tests."""

    column: Column
    score: float
    is_least: bool
    unknown: int
    tests: tuple[Answered, ...]


@dataclass(frozen=True, slots=True)
class MLTestScore:
    """The ML Test Score: the least of its sections, and what that means."""

    final: float
    band: str
    sections: tuple[Section, ...]

    @property
    def least(self) -> Sequence[Section]:
        """Return the sections that hold the score down."""
        return [section for section in self.sections if section.is_least]

    @property
    def unknown(self) -> int:
        """Count the tests that nobody answered; each scores 0 and may be worth more."""
        return sum(section.unknown for section in self.sections)


def standings(answers: Answers, model: Model) -> tuple[Standing, ...]:
    """Return where each column of `model` stands; never one number for all."""
    return tuple(standing(answers, model, column) for column in model.columns)


def standing(answers: Answers, model: Model, column: Column) -> Standing:
    """Return where a column stands. A level that asks nothing is reached by nobody."""
    reached = model.lowest
    for level in (one.level for one in model.levels if one.level > model.lowest):
        asked = [answers[one.id] for one in model.of_column(column.id) if one.level == level]
        blocking = tuple(one for one in asked if not one.counts)
        if blocking or not asked:
            return Standing(model, column, reached, level, blocking)
        reached = level
    return Standing(model, column, reached, None)


def score_of(answers: Answers) -> MLTestScore:
    """Return the ML Test Score."""
    model = model_of(SCORE)
    tests = {
        column.id: tuple(answers[one.id] for one in model.of_column(column.id))
        for column in model.columns
    }
    sums = {name: sum(one.credit for one in own) for name, own in tests.items()}
    final = min(sums.values())
    sections = tuple(
        Section(
            column,
            sums[column.id],
            sums[column.id] == final,
            sum(one.answer is Answer.UNKNOWN for one in tests[column.id]),
            tests[column.id],
        )
        for column in model.columns
    )
    return MLTestScore(final, band_of(final), sections)


def band_of(score: float) -> str:
    """Return what a score means."""
    bands = model_of(SCORE).bands
    return [band.says for band in bands if band.above is None or score > band.above][-1]


def levels_of(answers: Answers) -> Mapping[str, tuple[Standing, ...]]:
    """Return where every column of every model stands, by the model's id."""
    return {model.id: standings(answers, model) for model in all_models() if model.id != SCORE}
