"""Whether what a business case promised has come, from what was counted after the launch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from headway.domain.assessments.rules.verdicts import Assessment, Verdict, level_of
from headway.domain.programs.rules import CaseLine

#: Less of a year than this is weather, not a result.
LEAST_COVERED = timedelta(days=28)
#: A figure whose last period ended longer ago than this says nothing of today.
FIGURE_LASTS = timedelta(days=92)
DAYS_A_YEAR = 365.25

RULE = (
    "benefit: the counted figure, brought to a year, is within the promised range or better; at "
    "least 28 days counted after the launch, the last of them at most 92 days ago"
)


@dataclass(frozen=True, slots=True)
class Counted:
    """How much of a quantity there was from `start` to `end`, both days included."""

    record: int
    value: float | None
    start: date
    end: date
    observed_at: datetime

    @property
    def days(self) -> int:
        """Return how many days were counted."""
        return (self.end - self.start).days + 1


def after_launch(counted: Sequence[Counted], launched: date) -> list[Counted]:
    """Return what was counted wholly after the launch, oldest first; the last word on a period."""
    latest: dict[tuple[date, date], Counted] = {}
    for one in sorted(counted, key=lambda one: (one.observed_at, one.record)):
        if one.start >= launched:
            latest[(one.start, one.end)] = one
    known = [one for one in latest.values() if one.value is not None]
    return sorted(known, key=lambda one: (one.start, one.end))


def yearly(counted: Sequence[Counted]) -> float | None:
    """Return the figure of periods that do not overlap, brought to a year; None of no days."""
    days = sum(one.days for one in counted)
    return sum(one.value or 0.0 for one in counted) / days * DAYS_A_YEAR if days else None


def assess_line(
    line: CaseLine, launched: date | None, counted: Sequence[Counted], at: datetime
) -> Assessment:
    """Judge a line of a business case. Without a launch nothing is due; silence never passes."""
    if launched is None or launched > at.date():
        return _said(Verdict.NOT_DUE, "Nothing was launched yet.")
    after = after_launch(counted, launched)
    records = tuple(one.record for one in after)
    fault = _fault(line, after, at.date())
    if fault is not None:
        return _said(*fault, records)
    found = yearly(after) or 0.0
    worst = line.at_target[2] if line.less_is_better else line.at_target[0]
    is_met = found <= worst if line.less_is_better else found >= worst
    side = "at most" if line.less_is_better else "at least"
    sentence = (
        f"{found:,.{0 if found >= 100 else 1}f} {line.unit}".rstrip()
        + f" a year were counted; {side} {worst:,.6g} were promised."
    )
    return _said(Verdict.MET if is_met else Verdict.UNMET, sentence, records)


def _fault(line: CaseLine, after: Sequence[Counted], today: date) -> tuple[Verdict, str] | None:
    """Return why the figures cannot be judged; None when they can."""
    if not after:
        sentence = f"No figure of '{line.key}' has come since the launch; push it as evidence."
        return Verdict.MISSING, sentence
    for one, other in pairwise(after):
        if other.start <= one.end:
            sentence = (
                f"The periods {one.start} to {one.end} and {other.start} to {other.end} overlap, "
                "so that days would count twice; send figures of periods that do not."
            )
            return Verdict.ERROR, sentence
    days = sum(one.days for one in after)
    if days < LEAST_COVERED.days:
        sentence = f"Only {days} days are counted; {LEAST_COVERED.days} are needed."
        return Verdict.INSUFFICIENT, sentence
    if today - after[-1].end > FIGURE_LASTS:
        return Verdict.STALE, f"The last period counted ended on {after[-1].end}."
    return None


def _said(verdict: Verdict, sentence: str, records: tuple[int, ...] = ()) -> Assessment:
    return Assessment(verdict, level_of(verdict), sentence, RULE, records)
