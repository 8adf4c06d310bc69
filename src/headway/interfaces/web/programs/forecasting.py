"""A stored forecast as a page says and draws it. Charts are drawn once for the same values."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar, cast

from headway.domain.plans.queries import ForecastFacts
from headway.domain.programs.rules import ProgramFacts
from headway.rendering import phrases
from headway.rendering.charts import (
    Chart,
    FinishOdds,
    Forecasted,
    MilestoneRow,
    milestones,
    odds_over_time,
    s_curve,
)

Value = TypeVar("Value", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Answer:
    """The first line of a program's page; `odds` opens the forecast."""

    words: str
    odds: float | None = None


@dataclass(frozen=True, slots=True)
class MilestoneLine:
    """A milestone against its plan. `late_days` is how far its P80 lies after the deadline.

    `odds` are of the deadline; `is_reached` says that the forecast knew it as done.
    """

    project: str
    key: str
    name: str
    due: date | None
    p50: date | None
    p80: date | None
    odds: float | None
    late_days: int | None
    is_reached: bool

    @property
    def days_in_hand(self) -> int | None:
        """Return how far the P80 lies before the deadline."""
        return None if self.late_days is None else -self.late_days


def answer_of(program: ProgramFacts, forecast: ForecastFacts | None) -> Answer:
    """Say when the program lands, with odds; or why that cannot be said."""
    if forecast is None:
        return Answer("No forecast yet: nothing is planned, or it was not simulated.")
    if forecast.problem:
        return Answer("The date cannot be forecast until the plan is mended.")
    p50, p80 = forecast.finish("p50"), forecast.finish("p80")
    words = f"Lands {phrases.span(p50, p80)}" if p50 or p80 else "No date at P50 or P80"
    never = number(forecast.answer.get("p_never"))
    if p80 is None and never is not None:
        words += f": {phrases.share(never)} of the simulated outcomes never finish"
    if program.target is None:
        return Answer(f"{words}; no target is set.")
    return Answer(f"{words}; target {phrases.day(program.target)}:", forecast.p_on_time)


def finish_chart(program: ProgramFacts, forecast: ForecastFacts | None) -> Chart | None:
    """Draw the S-curve; None where there is nothing to draw."""
    if forecast is None:
        return None
    points = _points(forecast.answer.get("curve"))
    if len(points) < 2:
        return None
    odds = FinishOdds(
        points=points,
        p50=forecast.finish("p50"),
        p80=forecast.finish("p80"),
        as_of=forecast.at.date(),
        target=program.target,
        p_on_time=forecast.p_on_time,
    )
    return drawn(s_curve, odds)


def history_chart(history: Sequence[ForecastFacts]) -> Chart | None:
    """Draw how the odds moved; None before two forecasts had any."""
    past = tuple(
        Forecasted(one.at.date(), one.p_on_time, one.finish("p80"))
        for one in history
        if one.p_on_time is not None
    )
    return drawn(odds_over_time, past) if len(past) > 1 else None


def milestone_chart(
    forecast: ForecastFacts | None, finished: Mapping[str, date | None]
) -> Chart | None:
    """Draw the milestones against their deadlines; `finished` maps an address to its day."""
    listed = rows_of(forecast.answer.get("milestones")) if forecast else ()
    rows = tuple(
        MilestoneRow(
            name=str(row["name"]),
            planned=None,
            p50=day(row.get("p50")),
            p80=day(row.get("p80")),
            due=day(row.get("deadline")),
            done=finished.get(str(row["id"])),
        )
        for row in listed
    )
    dated = [row for row in rows if row.p50 or row.p80 or row.due or row.done]
    return drawn(milestones, rows) if dated else None


def milestone_lines(forecast: ForecastFacts | None) -> list[MilestoneLine]:
    """Return the milestones of a stored forecast by when they come, the undated last."""
    rows = rows_of(forecast.answer.get("milestones")) if forecast else ()
    lines = [_milestone_line(row, forecast.at.date()) for row in rows] if forecast else []
    return sorted(lines, key=lambda line: (line.p80 is None, line.p80 or date.max, line.name))


def _milestone_line(row: Mapping[str, object], as_of: date) -> MilestoneLine:
    project, _, key = str(row["id"]).partition("/")
    due, p50, p80 = (day(row.get(name)) for name in ("deadline", "p50", "p80"))
    return MilestoneLine(
        project=project,
        key=key,
        name=str(row["name"]),
        due=due,
        p50=p50,
        p80=p80,
        odds=number(row.get("p_by_deadline")),
        late_days=(p80 - due).days if p80 and due else None,
        is_reached=p80 is not None and p50 == p80 and p80 <= as_of,
    )


def notes_of(forecast: ForecastFacts | None) -> list[str]:
    """Return what the engine left out, in its words."""
    notes = forecast.answer.get("notes") if forecast else None
    return [str(note) for note in notes] if isinstance(notes, list) else []


def drawn(chart: Callable[[Value], Chart], value: Value) -> Chart:
    """Draw `value`, or return the drawing of an equal value."""
    return _drawn(cast("Callable[[Hashable], Chart]", chart), value)


@lru_cache(maxsize=256)
def _drawn(chart: Callable[[Hashable], Chart], value: Hashable) -> Chart:
    return chart(value)


def part(answer: Mapping[str, object], *path: str) -> Mapping[str, object]:
    """Return the mapping at `path` of a stored answer; empty where there is none."""
    found: object = answer
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def number(value: object) -> float | None:
    """Return a number of a stored answer."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else None  # type: ignore[arg-type]


def decimal(value: object) -> Decimal | None:
    """Return money of a stored answer."""
    return Decimal(value) if isinstance(value, str) else None


def day(value: object) -> date | None:
    """Return a day of a stored answer."""
    return date.fromisoformat(value) if isinstance(value, str) else None


def rows_of(value: object) -> Sequence[Mapping[str, object]]:
    """Return the rows of a list in a stored answer."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _points(value: object) -> tuple[tuple[date, float], ...]:
    rows = value if isinstance(value, list) else []
    return tuple((date.fromisoformat(str(when)), float(share)) for when, share in rows)
