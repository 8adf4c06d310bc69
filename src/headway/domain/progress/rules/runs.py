"""A criterion's measurements as runs: what counts as a try at the promise, and with what effort."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from headway.analysis.attainment.history import Z95, Question, Run
from headway.analysis.attainment.table import days_of
from headway.domain.programs.rules import CriterionFacts

#: What runs may tell that they were made with, the first that is there.
EFFORTS = ("labels", "rows", "gpu_hours", "hours")
#: How people say them.
EFFORT_WORDS = {"labels": "labels", "rows": "rows", "gpu_hours": "GPU hours", "hours": "hours"}
#: The tag that says why a run was made; a run with another word than this was not a try.
PURPOSE, TRY = "purpose", "candidate"


@dataclass(frozen=True, slots=True)
class Measured:
    """One measurement of the metric, with the record that opens it."""

    record: int
    subject: str
    value: float | None
    low: float | None
    high: float | None
    confidence: float | None
    digest: str
    context: Mapping[str, object]
    at: datetime


def runs_of(rows: Sequence[Measured], at: datetime) -> Sequence[Run]:
    """Return the runs that were made by `at`; those without a value are left out."""
    return [
        Run(
            days_of(row.at),
            row.value,
            row.digest,
            _error(row),
            _effort(row.context),
        )
        for row in rows
        if row.value is not None and row.at <= at
    ]


def question_of(criterion: CriterionFacts, at: datetime, *, draws: int) -> Question:
    """Return what is asked of a criterion's runs at `at`."""
    return Question(
        criterion.target,
        criterion.direction == "maximise",
        now=days_of(at),
        draws=draws,
    )


def _error(row: Measured) -> float | None:
    """Return the standard error behind an interval of 95 %; None where there is none."""
    if row.low is None or row.high is None or row.high < row.low:
        return None
    # Intervals of another confidence are rare; a wider one makes the band wider, never narrower.
    return (row.high - row.low) / (2.0 * Z95)


def effort_of(rows: Sequence[Measured]) -> str:
    """Return which effort the newest run tells, one of EFFORTS; empty for none."""
    for row in reversed(rows):
        for name in EFFORTS:
            if _effort({name: row.context.get(name)}) is not None:
                return name
    return ""


def _effort(context: Mapping[str, object]) -> float | None:
    for name in EFFORTS:
        value = context.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
            return float(value)
    return None
