"""Hints that a test is not independent of training: same ids, same rows, the wrong order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from headway.analysis.summaries.overlap import (
    common_columns,
    order_in_time,
    shared_rows,
    shared_values,
)
from headway.analysis.summaries.tables import Table

#: Whole rows are compared where both tables have at least this many columns besides the answers.
FEATURES = 3


@dataclass(frozen=True, slots=True)
class Hint:
    """One way in which training may have seen the test.

    `found` says whether it has; `asked` that a person named the column, so that it counts.
    """

    kind: str
    found: bool
    asked: bool
    count: int
    of: int
    sentence: str

    def as_json(self) -> Mapping[str, object]:
        """Return the keys of the JSON answer."""
        return {
            "kind": self.kind,
            "found": self.found,
            "count": self.count,
            "of": self.of,
            "sentence": self.sentence,
        }


def hints(
    train: Table, test: Table, answers: tuple[str, ...], ids: str | None, time: str | None
) -> tuple[Hint, ...]:
    """Return what training and test share; `answers` are the columns of label, score, prediction.

    Both tables have to be of one engine.
    """
    found = [_rows(train, test, answers, {ids, time})]
    if ids is not None:
        found.append(_ids(train, test, ids))
    if time is not None:
        found.append(_order(train, test, time))
    return tuple(hint for hint in found if hint is not None)


def _ids(train: Table, test: Table, column: str) -> Hint:
    both = shared_values(train, test, column)
    sentence = f"No {column} of the test is in training ({both.of:,} compared)."
    if both.count:
        sentence = (
            f"{both.count:,} of {both.of:,} values of {column} in the test are in training too "
            f"({both.share:.1%}): the test may look better than it is."
        )
    elif not both.of:
        sentence = f"The test has no value of {column} to compare."
    return Hint("ids", bool(both.count) or not both.of, True, both.count, both.of, sentence)


def _rows(
    train: Table, test: Table, answers: tuple[str, ...], left_out: set[str | None]
) -> Hint | None:
    """Return the rows that are in both, by every column but the answers and ids; None with few."""
    columns = [
        name
        for name in common_columns(train, test)
        if name not in answers[1:] and name not in left_out
    ]
    features = [name for name in columns if name != answers[0]]
    if len(features) < FEATURES:
        return None
    both = shared_rows(train, test, columns)
    sentence = f"No whole row of the test is in training ({len(features)} columns compared)."
    if both.count:
        sentence = (
            f"{both.count:,} of {both.of:,} distinct rows of the test are in training word for "
            f"word ({both.share:.1%}, {len(features)} columns compared)."
        )
    return Hint("rows", bool(both.count), False, both.count, both.of, sentence)


def _order(train: Table, test: Table, column: str) -> Hint:
    found = order_in_time(train, test, column)
    if found.ends is None or found.begins is None:
        sentence = f"{column} is empty in training or test: the order is not known."
        return Hint("time", True, True, 0, found.of, sentence)
    sentence = f"The test begins ({found.begins}) after training ends ({found.ends})."
    if found.not_newer:
        sentence = (
            f"{found.not_newer:,} of {found.of:,} rows of the test are no newer than the newest of "
            f"training ({found.ends}): the model is tested on its past."
        )
    return Hint("time", bool(found.not_newer), True, found.not_newer, found.of, sentence)
