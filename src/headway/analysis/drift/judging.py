"""From measured columns to verdicts: multiplicity over all tests, effects, sentences."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from headway.analysis.drift.columns import Compared, Test
from headway.analysis.drift.distances import benjamini_hochberg
from headway.analysis.drift.rules import Rules

_TIMES = ("time", "date")
_NAMES = {
    "ks": "KS distance",
    "js": "Jensen-Shannon distance",
    "missing": "share of missing values moved by",
    "infinite": "share of infinite values moved by",
    "new": "share of values that the reference never had",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A column with its verdict: met (no drift), unmet (drifted), insufficient, missing, …

    `test` is the one that decided: the drifting one whose effect is largest against its bound, or
    of all the largest where none drifts.
    """

    column: Compared
    verdict: str
    sentence: str
    test: Test | None = None
    drifting: tuple[Test, ...] = ()

    @property
    def drifted(self) -> bool:
        """Whether the column has drifted."""
        return self.verdict == "unmet"


def judged(
    columns: Iterable[Compared], rules: Rules, named: Collection[str] = ()
) -> tuple[Judged, ...]:
    """Return each column judged. Times move on by themselves: they are judged only if `named`."""
    known = tuple(columns)
    counted = [_counted(column, named) for column in known]
    ps = np.array([test.p for tests in counted for test in tests])
    rejected = iter(benjamini_hochberg(ps, rules.q))
    found = []
    for column, tests in zip(known, counted, strict=True):
        drifting = tuple(test for test in tests if next(rejected) and test.reaches)
        found.append(_judged(column, tests, drifting, rules, named))
    return tuple(found)


def _counted(column: Compared, named: Collection[str]) -> tuple[Test, ...]:
    """Return the tests that count towards the verdict."""
    if column.kind in _TIMES and column.name not in named:
        return tuple(test for test in column.tests if test.name == "missing")
    return column.tests


def _judged(
    column: Compared,
    tests: Sequence[Test],
    drifting: tuple[Test, ...],
    rules: Rules,
    named: Collection[str],
) -> Judged:
    if column.current is None:
        sentence = f"{column.name} is not in the current data."
        return Judged(column, "missing", sentence)
    if _changed_kind(column):
        before, now = column.reference.kind.value, column.current.kind.value
        sentence = f"{column.name} was {before} in the reference and is {now} now."
        return Judged(column, "unmet", sentence)
    if drifting:
        test = max(drifting, key=_weight)
        return Judged(column, "unmet", _told(column, test, rules, "drifted"), test, drifting)
    if not _has_values(column):
        return Judged(column, *_without_values(column, tests, rules))
    if column.kind in _TIMES and column.name not in named:
        sentence = f"{column.name} is a time, which moves on; name it in the columns to judge it."
        return Judged(column, "not_applicable", sentence)
    if not tests or all(test.name in ("missing", "infinite") for test in tests):
        return Judged(column, "insufficient", _too_few(column, rules))
    test = max(tests, key=_weight)
    return Judged(column, "met", _told(column, test, rules, "no drift"), test)


def _weight(test: Test) -> tuple[float, bool]:
    return test.effect / test.bound, test.name in ("ks", "js")


def _changed_kind(column: Compared) -> bool:
    """Whether a number became a category or the other way round. No values is no kind."""
    before, now = column.reference, column.current
    assert now is not None
    if not before.n or not now.n:
        return False
    return (before.histogram is None) != (now.histogram is None) or (
        (before.counts is None) != (now.counts is None)
    )


def _has_values(column: Compared) -> bool:
    return bool(column.reference.n and column.current and column.current.n)


def _without_values(column: Compared, tests: Sequence[Test], rules: Rules) -> tuple[str, str]:
    """Answer a column that has no values to compare on one side or on both."""
    assert column.current is not None
    if column.reference.histogram is None and column.reference.counts is None:
        about = " ".join(column.reference.notes)
        verdict = "met" if tests else "not_applicable"
        return verdict, f"{column.name}: {about}" if about else f"{column.name} has no values."
    if not column.reference.n and not column.current.n:
        return "not_applicable", f"{column.name} has no values on either side."
    side = "the reference" if not column.reference.n else "the current data"
    return "insufficient", f"{column.name} has no values in {side}: {_too_few(column, rules)}"


def _too_few(column: Compared, rules: Rules) -> str:
    assert column.current is not None
    return (
        f"{column.name}: {column.reference.n:,} values in the reference, {column.current.n:,} "
        f"now; at least {rules.least} on each side are needed to tell."
    )


def _told(column: Compared, test: Test, rules: Rules, verdict: str) -> str:
    """Say value, bound, rule and n in a sentence."""
    assert column.current is not None
    n, m = column.reference.n, column.current.n
    if test.name in ("missing", "infinite"):
        n, m = column.reference.rows, column.current.rows
    value = _value(column, test)
    gap = f"{_NAMES[test.name]} {value}"
    beyond = f"{test.effect:.3g} of it beyond chance" if test.effect else "no more than chance"
    p = f"p {odds(test.p)}"
    return (
        f"{column.name}: {verdict}. The {gap} ({beyond}; bound {test.bound:g}), {p} at a false "
        f"discovery rate of {rules.q:g}, {n:,} against {m:,} values."
    )


def _value(column: Compared, test: Test) -> str:
    if test.name == "ks" and column.ks is not None:
        low, high = f"{column.ks.low:.4g}", f"{column.ks.high:.4g}"
        return f"is {low}" if low == high else f"lies from {low} to {high}"
    if test.name in ("missing", "infinite"):
        return f"{100 * test.value:.2f} points"
    return f"is {100 * test.value:.2f} %" if test.name == "new" else f"is {test.value:.4g}"


def odds(p: float) -> str:
    """Say a p-value: never 0, never more digits than it has."""
    return "< 1e-16" if p < 1e-16 else f"= {p:.2g}"
