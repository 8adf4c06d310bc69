"""What a model was asked to tell, read from its columns: one of two classes, of several, a number.

Rows without a label, or without what the model said, are counted apart and judge nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from headway.analysis.segments.measured import Numbers
from headway.analysis.summaries.by_group import Held, Value, read_columns
from headway.analysis.summaries.tables import Column, Table
from headway.errors import Invalid

#: Values, in lower case, that are the positive class without being named.
POSITIVE = frozenset(("1", "true", "yes", "y", "t", "positive", "pos"))
#: And those of the other class, where nothing positive is left.
NEGATIVE = frozenset(("0", "-1", "false", "no", "n", "f", "negative", "neg"))
#: A label with at most this many whole values is one of classes, beyond it is a number.
CLASSES = 20
THRESHOLD = 0.5


class Task(StrEnum):
    """What the model tells."""

    BINARY = "binary"
    CLASSES = "classes"
    NUMBERS = "numbers"


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns hold what happened and what the model said, and how they are read.

    `score` ranks rows by the positive class, `prediction` is the class or number that was given.
    Without a prediction the class is "score at least `threshold`".
    """

    label: str
    score: str | None = None
    prediction: str | None = None
    positive: Value | None = None
    threshold: float | None = None
    #: Whether the positive value may be absent from the label: no row is positive then.
    may_lack_positive: bool = False

    def names(self) -> tuple[str, ...]:
        """Return the columns, label first. Raises Invalid where one stands for two things."""
        named = [name for name in (self.label, self.score, self.prediction) if name]
        if len(named) == 1:
            sentence = "Neither a score nor a prediction is named. Name at least one of the two."
            raise Invalid(sentence)
        if len(set(named)) < len(named):
            sentence = (
                f"The column {max(named, key=named.count)!r} is named for two things of label, "
                "score and prediction; each has to be a column of its own."
            )
            raise Invalid(sentence)
        return tuple(named)


@dataclass(frozen=True, slots=True)
class Counts:
    """Cells instead of rows: `n` rows in each, `sums` over them, and the table's `rows`.

    `place` is the bucket of a cell's scores out of `places`; `undecided` says of a bucket that it
    holds several values.
    """

    rows: int
    n: Numbers
    sums: Mapping[str, Numbers]
    place: NDArray[np.int64] | None = None
    places: int = 0
    undecided: NDArray[np.bool_] | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """The rows that judge a model; `used` says which of the table's rows they are.

    `truth` and `given` are booleans, codes into `classes`, or numbers, as the `task` says; `given`
    is None where only a score ranks. `chance` is the score where it is a probability. With `counts`
    an item is a cell of equal rows and not a row, and `score` and `chance` are not at hand.
    """

    task: Task
    used: NDArray[np.bool_]
    missing: Mapping[str, Mapping[str, int]]
    truth: NDArray[np.generic]
    given: NDArray[np.generic] | None
    score: Numbers | None
    chance: Numbers | None
    classes: tuple[Value, ...]
    positive: Value | None
    threshold: float | None
    notes: tuple[str, ...]
    counts: Counts | None = None

    @property
    def n(self) -> int:
        """Return the number of rows that judge."""
        return len(self.truth) if self.counts is None else int(self.counts.n.sum())

    @property
    def items(self) -> int:
        """Return the number of rows or cells."""
        return len(self.truth)

    @property
    def rows(self) -> int:
        """Return the number of rows of the table."""
        return len(self.used) if self.counts is None else self.counts.rows

    @property
    def ranks(self) -> bool:
        """Return whether there is a score."""
        return self.score is not None or (self.counts is not None and self.counts.place is not None)

    @property
    def has_chance(self) -> bool:
        """Return whether that score is a probability."""
        return self.chance is not None or (
            self.counts is not None and "log_loss" in self.counts.sums
        )


def answers_of(table: Table, columns: Columns) -> Answers:
    """Return what the columns of a table say. Raises Invalid for columns that can't be judged."""
    return answers(read_columns(table, columns.names()), columns)


def answers(held: Mapping[str, Held], columns: Columns) -> Answers:
    """Return what columns that were read say."""
    columns.names()
    values = held[columns.label].coded().values
    told = held[columns.prediction].coded().values if columns.prediction else ()
    kinds = {name: held[name].column for name in columns.names()}
    if columns.score is None and is_number(kinds, columns, (values, told)):
        return _numbers(held, columns)
    if columns.prediction:
        in_the_same_words(told, values, columns)
        values = classes_of(values, told)
    if columns.score is None and columns.positive is None and len(values) > 2:
        return _classes(held, columns, values)
    return _binary(held, columns)


def is_number(
    table: Mapping[str, Column],
    columns: Columns,
    values: tuple[tuple[Value, ...] | None, tuple[Value, ...] | None],
) -> bool:
    """Say whether label and prediction are numbers rather than classes.

    `values` are theirs; None is more than can be classes.
    """
    both = [table[name] for name in (columns.label, columns.prediction) if name]
    if columns.positive is not None or not all(one.kind.is_numeric for one in both):
        return False
    if any(one is None or any(isinstance(value, float) for value in one) for one in values):
        return True
    return len(values[0] or ()) > CLASSES


def _numbers(held: Mapping[str, Held], columns: Columns) -> Answers:
    label, prediction = held[columns.label], held[str(columns.prediction)]
    truth, given = label.numbers(), prediction.numbers()
    used = np.isfinite(truth) & np.isfinite(given)
    notes = tuple(
        f"{one.column.name} holds integers beyond 2^53; their last digits are lost."
        for one in (label, prediction)
        if one.is_rounded()
    )
    return Answers(
        Task.NUMBERS,
        used,
        _missing(held, columns),
        truth[used],
        given[used],
        None,
        None,
        (),
        None,
        None,
        notes,
    )


def _classes(held: Mapping[str, Held], columns: Columns, values: tuple[Value, ...]) -> Answers:
    if len(values) > 200:
        sentence = (
            f"{columns.label} and {columns.prediction} of {held[columns.label].of} have "
            f"{len(values):,} classes; at most 200 are judged. Is one of them an id?"
        )
        raise Invalid(sentence)
    label, given = held[columns.label].coded(), held[str(columns.prediction)].coded()
    known = {_text(value) for value in label.values}
    strange = [str(value) for value in given.values if _text(value) not in known]
    notes: tuple[str, ...] = ()
    if strange:
        listed = ", ".join(strange[:5])
        notes = (f"The prediction has classes that no label has ({listed}): those rows are wrong.",)
    used = (label.codes >= 0) & (given.codes >= 0)
    turned = [places_in(values, one.values)[one.codes[used]] for one in (label, given)]
    return Answers(
        Task.CLASSES,
        used,
        _missing(held, columns),
        turned[0],
        turned[1],
        None,
        None,
        values,
        None,
        None,
        notes,
    )


def _binary(held: Mapping[str, Held], columns: Columns) -> Answers:
    label = held[columns.label].coded()
    positive = positive_of(held[columns.label].of, label.values, columns)
    used = label.codes >= 0
    truth = _is(label.values, positive)[label.codes]
    score, given = None, None
    notes: list[str] = []
    if len(label.values) > 2:
        notes.append(f"{positive} is judged against the other {len(label.values) - 1} labels.")
    if columns.score:
        score = held[columns.score].numbers()
        used &= np.isfinite(score)
    if columns.prediction:
        told = held[columns.prediction].coded()
        used &= told.codes >= 0
        given = _is(told.values, positive)[told.codes]
        notes += _strange(told.values, label.values, positive, columns)
    threshold, chance = columns.threshold, None
    if score is not None:
        kept = score[used]
        chance = _chance(kept, columns, notes)
        if given is None and (chance is not None or threshold is not None):
            threshold = THRESHOLD if threshold is None else threshold
            given = score >= threshold
        score = kept
    return Answers(
        Task.BINARY,
        used,
        _missing(held, columns),
        truth[used],
        None if given is None else given[used],
        score,
        chance,
        (),
        positive,
        threshold,
        tuple(notes),
    )


def _chance(score: Numbers, columns: Columns, notes: list[str]) -> Numbers | None:
    """Return the scores where they can be probabilities; else say what that leaves out."""
    if not len(score) or (score.min() >= 0 and score.max() <= 1):
        certain = int(((score == 0) | (score == 1)).sum())
        if certain:
            notes.append(
                f"{certain:,} scores are exactly 0 or 1: where they are wrong, their log loss is "
                "that of 2.2e-16."
            )
        return score
    sentence = (
        f"{columns.score} runs from {score.min():.6g} to {score.max():.6g}: it ranks, and is no "
        "probability. Log loss, Brier score and calibration are not told"
    )
    if columns.prediction is None and columns.threshold is None:
        sentence += ", and without --threshold or --prediction no class is"
    notes.append(f"{sentence}.")
    return None


def positive_of(table: str, values: tuple[Value, ...], columns: Columns) -> Value:
    """Return the value of the label that is the positive class."""
    known = {str(value).lower(): value for value in values}
    where = f"The label {columns.label!r} of {table}"
    listed = ", ".join(str(value) for value in values[:8]) + (" …" if len(values) > 8 else "")
    if columns.positive is not None:
        text = str(columns.positive).lower()
        if text in known or not values or columns.may_lack_positive:
            return known.get(text, columns.positive)
        sentence = f"{where} has no value {columns.positive!r}. It has: {listed}."
        raise Invalid(sentence)
    if len(values) > 2:
        sentence = (
            f"{where} has {len(values):,} values ({listed}), and a score is judged against two. "
            "Name the positive one with --positive; the others then count as negative."
        )
        raise Invalid(sentence)
    found = [value for text, value in known.items() if text in POSITIVE]
    if len(found) == 1:
        return found[0]
    if not found and all(text in NEGATIVE for text in known):
        return 1
    sentence = f"{where} has the values {listed}: which is the positive one? Say --positive VALUE."
    raise Invalid(sentence)


def _is(values: tuple[Value, ...], positive: Value) -> NDArray[np.bool_]:
    """Return for each code whether it is the positive class; the last stands for no value."""
    same = [_text(value) == _text(positive) for value in values]
    return np.array([*same, False], dtype=np.bool_)


def _strange(
    given: tuple[Value, ...], labels: tuple[Value, ...], positive: Value, columns: Columns
) -> list[str]:
    """Return what is to be said of predictions that no label has."""
    known, told = ({_text(value) for value in values} for values in (labels, given))
    strange = sorted(told - known - {_text(positive)})
    if not strange or len(labels) > 2:
        return []
    return [
        f"{columns.prediction} has values that the label has not ({', '.join(strange[:5])}); they "
        "count as negative."
    ]


def in_the_same_words(
    given: tuple[Value, ...], labels: tuple[Value, ...], columns: Columns
) -> None:
    """Raise Invalid where a prediction says none of the label's words: each would be wrong."""
    known, told = ({_text(value) for value in values} for values in (labels, given))
    either = POSITIVE | NEGATIVE  # one class alone in each: 0 predicted as 1 is only wrong
    if not known or not told or known & told or (known | told) <= either and len(known) == 1:
        return
    sentence = (
        f"The prediction {columns.prediction!r} has the values {', '.join(sorted(told)[:5])}, the "
        f"label {columns.label!r} {', '.join(sorted(known)[:5])}: they have none in common. "
        "Write both in the same words."
    )
    raise Invalid(sentence)


def classes_of(labels: tuple[Value, ...], given: tuple[Value, ...]) -> tuple[Value, ...]:
    """Return the classes of both, in order; 1, 1.0, true and "1" are one."""
    return tuple({_text(value): value for value in sorted((*labels, *given), key=_text)}.values())


def places_in(classes: tuple[Value, ...], values: tuple[Value, ...]) -> NDArray[np.int64]:
    """Return the place of each value among the classes; one place where there is no value."""
    place = {_text(value): at for at, value in enumerate(classes)}
    return np.array([place[_text(value)] for value in values] or [0], dtype=np.int64)


def same_value(values: tuple[Value, ...], positive: Value) -> Value | None:
    """Return the value of these that is the positive class, as the column has it."""
    return next((value for value in values if _text(value) == _text(positive)), None)


def _text(value: Value) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


def _missing(held: Mapping[str, Held], columns: Columns) -> Mapping[str, Mapping[str, int]]:
    return {name: held[name].missing() for name in columns.names()}
