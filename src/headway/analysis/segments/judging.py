"""Judging segments: floors, gaps against all rows, and what many comparisons do to them.

The rule is the one by which promises are judged: met only if the bad end of the interval reaches
the bound; else unmet, with "is not shown" where the value itself passes. A segment with fewer rows
than the minimum, or whose metric has no answer, is insufficient. Of several rules the worst speaks.

The gap is the segment's value less that of all rows. Its error knows that the segment is a part of
the whole: Var(segment) + Var(all) - 2 Cov. Where many segments are compared some are low by luck;
`weaker` is said after Benjamini and Hochberg (1995) over all segments that were judged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import erfc, isfinite, sqrt

from headway.analysis.segments.measured import MAXIMISED, Estimate


class Verdict(StrEnum):
    """The words of verdicts that a check on a model can end in."""

    UNMET = "unmet"
    MISSING = "missing"
    INSUFFICIENT = "insufficient"
    MET = "met"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Check:
    """One rule on one segment: what was asked, what is, and a sentence."""

    rule: str
    metric: str
    bound: float
    estimate: Estimate
    verdict: Verdict
    sentence: str

    def as_json(self) -> Mapping[str, object]:
        """Return the keys of the JSON answer."""
        return {
            "rule": self.rule,
            "metric": self.metric,
            "bound": self.bound,
            "value": self.estimate.value,
            "low": self.estimate.low,
            "high": self.estimate.high,
            "n": self.estimate.n,
            "verdict": self.verdict.value,
            "sentence": self.sentence,
        }


def floor_check(metric: str, bound: float, found: Estimate, rows: int, least: int) -> Check:
    """Judge a metric of a segment with `rows` rows against a bound: a floor, a ceiling of loss."""
    is_floor = metric in MAXIMISED
    asked = f"{metric} {'at least' if is_floor else 'at most'} {bound:.4g}"
    end = found.low if is_floor else found.high
    verdict, sentence = _compared(asked, found, end, bound if is_floor else -bound, is_floor)
    if rows < least:
        verdict, sentence = Verdict.INSUFFICIENT, _too_few(rows, least)
    return Check(asked, metric, bound, found, verdict, sentence)


def gap_check(metric: str, most: float, gap: Estimate, rows: int, least: int) -> Check:
    """Judge how much worse than all rows a segment may be at the most."""
    is_floor = metric in MAXIMISED
    asked = f"{metric} at most {most:.4g} worse than all rows"
    end = gap.low if is_floor else gap.high
    verdict, sentence = _compared(asked, gap, end, -most, is_floor, "a gap of ")
    if rows < least:
        verdict, sentence = Verdict.INSUFFICIENT, _too_few(rows, least)
    return Check(asked, metric, most, gap, verdict, sentence)


def _too_few(rows: int, least: int) -> str:
    return f"{rows:,} rows; at least {least:,} are asked for."


def _compared(
    asked: str,
    found: Estimate,
    end: float | None,
    bound: float,
    is_floor: bool,
    what: str = "",
) -> tuple[Verdict, str]:
    """Compare in the sense in which more is better: a loss and its bound are turned around."""
    if found.value is None:
        return Verdict.INSUFFICIENT, f"{asked}: there is no value to judge."
    if end is None or found.low is None or found.high is None:
        return (
            Verdict.INSUFFICIENT,
            f"{found.value:.4g} comes without an interval, so {asked} is not shown.",
        )
    sign = 1.0 if is_floor else -1.0
    shown = f"{what}{found.value:.4g} ({found.low:.4g} to {found.high:.4g})"
    if sign * end >= bound:
        return Verdict.MET, f"{shown} shows {asked}."
    other = found.high if is_floor else found.low
    if sign * other < bound:
        return Verdict.UNMET, f"{shown} shows that {asked} does not hold."
    though = ", although the value itself passes" if sign * found.value >= bound else ""
    return Verdict.UNMET, f"{shown}: {asked} is not shown{though}."


_ORDER = (
    Verdict.UNMET,
    Verdict.MISSING,
    Verdict.INSUFFICIENT,
    Verdict.MET,
    Verdict.NOT_APPLICABLE,
)


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """Return the verdict that speaks for all: absent evidence outweighs what is met."""
    return next((word for word in _ORDER if word in verdicts), Verdict.NOT_APPLICABLE)


def p_of(gap: float, variance: float) -> float | None:
    """Return the two-sided p of a gap by the normal; None without a variance."""
    if not (isfinite(gap) and isfinite(variance) and variance > 0):
        return None
    return erfc(abs(gap) / sqrt(2 * variance))


def adjusted(p: Sequence[float | None]) -> list[float | None]:
    """Return p adjusted by Benjamini and Hochberg (1995); None stays None and is not counted."""
    known = sorted((value, at) for at, value in enumerate(p) if value is not None)
    found: list[float | None] = [None] * len(p)
    least = 1.0
    for rank in range(len(known), 0, -1):
        value, at = known[rank - 1]
        least = min(least, value * (len(known) / rank))
        found[at] = least
    return found
