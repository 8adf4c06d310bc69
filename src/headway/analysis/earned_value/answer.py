"""What a table of status dates answers: a row of measures a date, with why some are missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal

from headway.analysis.earned_value.curve import ZERO, PlannedCurve, Point
from headway.analysis.earned_value.measures import Measures, Status, measured
from headway.analysis.earned_value.table import Row, When
from headway.errors import Invalid

CENT = Decimal("0.01")
_DAYS_MIXED = "days and numbered periods do not mix"


@dataclass(frozen=True, slots=True)
class Question:
    """What is known beside the rows: the budget, when it starts and was to end, its curve."""

    budget: Decimal | None = None
    start: When | None = None
    planned_finish: When | None = None
    curve: Sequence[Row] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The measures of each status date, in order."""

    rows: Sequence[tuple[When, Measures]]
    budget: Decimal
    start: When | None
    planned_finish: When | None
    notes: Sequence[str]

    def as_json(self) -> dict[str, object]:
        """Return the document that `headway evm --json` prints."""
        return {
            "bac": money(self.budget),
            "start": _told(self.start),
            "planned_finish": _told(self.planned_finish),
            "rows": [self._row(when, found) for when, found in self.rows],
            "notes": list(self.notes),
        }

    def _row(self, when: When, found: Measures) -> dict[str, object]:
        status = found.status
        return {
            "date": _told(when),
            "pv": money(status.planned),
            "ev": money(status.earned),
            "ac": money(status.spent),
            "sv": money(found.schedule_variance),
            "cv": money(found.cost_variance),
            "spi": index(found.spi),
            "cpi": index(found.cpi),
            "tcpi": index(found.tcpi),
            "tcpi_eac": index(found.tcpi_to_estimate),
            "at": index(status.at),
            "es": index(found.earned_schedule),
            "sv_t": index(found.time_variance),
            "spi_t": index(found.spi_t),
            "eac": {name: money(value) for name, value in found.estimates.items()},
            "eac_t": {name: index(value) for name, value in found.finishes.items()},
            "finish": {name: self.day_of(value) for name, value in found.finishes.items()},
            "missing": list(found.missing.values()),
        }

    def day_of(self, at: Decimal | None) -> str | None:
        """Return the day on which a time since the start ends; None for numbered periods."""
        if at is None or not isinstance(self.start, date):
            return None
        days = int(at.to_integral_value(ROUND_CEILING)) - 1
        try:
            return (self.start + timedelta(days=days)).isoformat()
        except OverflowError:
            return None


def answer(rows: Sequence[Row], question: Question) -> Answer:
    """Return the measures of every row that has earned and spent amounts. Raises Invalid.

    Days count to their end: the row of the first day is one day after the start. Rows without
    earned and spent amounts only carry the planned curve on.
    """
    statuses = [row for row in rows if row.earned is not None]
    if not statuses:
        sentence = "No row has ev and ac; fill them in for the status dates."
        raise Invalid(sentence)
    planned = [*(row.planned for row in rows), *(row.planned for row in question.curve)]
    budget = question.budget if question.budget is not None else max(planned)
    if budget <= ZERO:
        sentence = f"The budget at completion is {budget}; give one above 0 with --bac."
        raise Invalid(sentence)
    _require_within(statuses, budget)
    start = _start(rows, question)
    notes = _notes(question, start)
    curve = _curve(rows, question, start, budget, notes)
    found = []
    for row in statuses:
        at = None if start is None else time_since(start, row.when)
        if at is not None and at < ZERO:
            sentence = f"The row of {_told(row.when)} lies before the start, {_told(start)}."
            raise Invalid(sentence)
        status = Status(row.planned, row.earned or ZERO, row.spent or ZERO, at)
        found.append((row.when, measured(status, budget, curve)))
    return Answer(found, budget, start, question.planned_finish, tuple(notes))


def time_since(start: When, when: When) -> Decimal:
    """Return the time from the start to the end of `when`: days, or periods. Raises Invalid."""
    if isinstance(start, date) and isinstance(when, date):
        return Decimal((when - start).days + 1)
    if isinstance(start, date) or isinstance(when, date):
        sentence = f"The start is {_told(start)} and a row is of {_told(when)}: {_DAYS_MIXED}."
        raise Invalid(sentence)
    return when - start


def _require_within(rows: Sequence[Row], budget: Decimal) -> None:
    for row in rows:
        for word, amount in (("planned", row.planned), ("earned", row.earned or ZERO)):
            if amount > budget:
                sentence = (
                    f"On {_told(row.when)} {amount} is {word}, more than the budget at completion, "
                    f"{budget}; earned value is the planned value of work done. Give --bac, or "
                    f"correct the row."
                )
                raise Invalid(sentence)


def _start(rows: Sequence[Row], question: Question) -> When | None:
    """Return the start: as told, or 0 where periods are numbered."""
    if question.start is not None:
        return question.start
    return None if isinstance(rows[0].when, date) else ZERO


def _notes(question: Question, start: When | None) -> list[str]:
    notes = []
    if start is None:
        notes.append("Without --start no time has passed: es, spi_t and what follows are null.")
    if question.budget is None:
        notes.append("The budget at completion is the largest pv; --bac tells another.")
    return notes


def _curve(
    rows: Sequence[Row],
    question: Question,
    start: When | None,
    budget: Decimal,
    notes: list[str],
) -> PlannedCurve | None:
    """Return the planned curve, from its own table or the rows; None with a note without one."""
    if start is None:
        return None
    source = question.curve or rows
    points: list[Point] = [(time_since(start, row.when), row.planned) for row in source]
    if question.planned_finish is not None:
        end = time_since(start, question.planned_finish)
        points = [point for point in points if point[0] < end] + [(end, budget)]
    total = max((value for _, value in points), default=ZERO)
    curve = PlannedCurve.of(points, is_whole=total >= budget)
    if curve is None:
        notes.append("Planned value falls from one date to a later one: es and spi_t are null.")
    elif not curve.is_whole:
        notes.append(
            f"The planned curve ends at {curve.total}, below the budget of {budget}: without the "
            f"planned end eac_t and finish are null; give --planned-finish or --pv-curve."
        )
    return curve


def money(amount: Decimal | None) -> str | None:
    """Return an amount as decimal text to the cent; None stays None."""
    return None if amount is None else str(amount.quantize(CENT, ROUND_HALF_EVEN))


def index(value: Decimal | None) -> float | None:
    """Return an index or a time as a number; None stays None."""
    return None if value is None else float(value)


def _told(when: When | None) -> object:
    if isinstance(when, date):
        return when.isoformat()
    return None if when is None else int(when) if when == when.to_integral_value() else float(when)
