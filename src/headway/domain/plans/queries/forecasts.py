"""Stored forecasts: the latest, the history of the odds, and how past ones did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.plans.models import Forecast, WorkItem
from headway.domain.plans.rules import ForecastNews
from headway.domain.programs.queries import projects_of, rows_at
from headway.domain.programs.rules import ProgramFacts


@dataclass(frozen=True, slots=True)
class ForecastFacts:
    """A stored forecast: what was known at `at`, and what the engine answered."""

    id: UUID
    at: datetime
    made_at: datetime
    seed: int
    trials: int
    engine: str
    plan_digest: str
    answer: Mapping[str, object]
    news: ForecastNews = field(default_factory=ForecastNews)

    @property
    def problem(self) -> str:
        """Return why there is no forecast, as a sentence; empty when there is one."""
        return str(self.answer.get("problem", ""))

    @property
    def p_on_time(self) -> float | None:
        """Return the odds of the target; None without one."""
        value = self.answer.get("p_on_time")
        return float(value) if isinstance(value, int | float) else None

    def finish(self, percentile: str) -> date | None:
        """Return the finish at `percentile` ("p50", "p80"); None when it falls into never."""
        dates = self.answer.get("finish_dates")
        text = dates.get(percentile) if isinstance(dates, dict) else None
        return date.fromisoformat(text) if isinstance(text, str) else None

    def cost(self, percentile: str) -> Decimal | None:
        """Return the cost at `percentile` ("p50", "p80"); None where nothing costs."""
        costs = self.answer.get("cost")
        text = costs.get(percentile) if isinstance(costs, dict) else None
        return Decimal(text) if isinstance(text, str) else None


@dataclass(frozen=True, slots=True)
class Score:
    """How often a past P80 held: of `judged` finished things, `held` ended by it."""

    held: int
    judged: int
    cases: Sequence[tuple[str, date, date]] = ()  # name, P80 said first, really finished
    late: Sequence[tuple[str, date]] = ()  # name, P80 said first: past, and it is not finished

    @property
    def sentence(self) -> str:
        """Return the score as a sentence."""
        if not self.judged:
            return "No forecast can be scored yet: nothing forecast has finished."
        return f"Past P80s held {self.held} of {self.judged}."


def forecast_facts(row: Forecast) -> ForecastFacts:
    """Return a stored forecast as a frozen value."""
    return ForecastFacts(
        row.id,
        row.at,
        row.made_at,
        row.seed,
        row.trials,
        row.engine,
        row.plan_digest,
        row.answer,
        ForecastNews.read(row.news),
    )


def latest_forecast(
    actor: Actor, program: ProgramFacts, at: datetime | None = None
) -> ForecastFacts | None:
    """Return the newest forecast whose data date is not after `at`."""
    return latest_forecasts(actor, [program], at).get(program.id)


def latest_forecasts(
    actor: Actor, programs: Iterable[ProgramFacts], at: datetime | None = None
) -> Mapping[UUID, ForecastFacts]:
    """Return the newest forecast of each program by program id; one query."""
    ids = []
    for program in programs:
        require(actor, Permission.VIEW, program)
        ids.append(program.id)
    rows = Forecast.objects.filter(workspace_id=actor.workspace_id, program_id__in=ids)
    if at is not None:
        rows = rows.filter(at__lte=at)
    newest_first = (F("at").desc(), F("serial").desc())
    place = Window(RowNumber(), partition_by=F("program_id"), order_by=newest_first)
    # By id: answers are large, and ranking the rows themselves would carry all of them along.
    newest = rows.annotate(place=place).filter(place=1).values("id")
    found = Forecast.objects.filter(id__in=newest)
    return {row.program_id: forecast_facts(row) for row in found}


def forecast_history(
    actor: Actor, program: ProgramFacts, at: datetime | None = None, *, limit: int = 60
) -> Sequence[ForecastFacts]:
    """Return the forecasts up to `at`, the last of each day, oldest first."""
    require(actor, Permission.VIEW, program)
    rows = Forecast.objects.filter(program_id=program.id).order_by("-at", "-serial")
    if at is not None:
        rows = rows.filter(at__lte=at)
    days: dict[date, ForecastFacts] = {}
    for row in rows[:limit]:
        days.setdefault(row.at.date(), forecast_facts(row))
    return [days[day] for day in sorted(days)]


def score_forecasts(
    actor: Actor, program: ProgramFacts, at: datetime | None = None, *, ahead_days: int = 5
) -> Score:
    """Compare the first P80 said of each item, at least `ahead_days` before, with its finish.

    An item counts when a forecast was stored while it was unfinished and it has finished by `at`.
    What is past its first P80 at `at` and not finished is told beside: it cannot hold any more.
    """
    require(actor, Permission.VIEW, program)
    projects = projects_of(actor, program, at)
    slugs = {project.id: project.slug for project in projects}
    rows = rows_at(WorkItem, at, project_id__in=list(slugs))
    planned = {f"{slugs[row.project_id]}/{row.key}": row for row in rows}
    forecasts = Forecast.objects.filter(program_id=program.id)
    if at is not None:
        forecasts = forecasts.filter(at__lte=at)
    said: dict[str, date] = {}
    for forecast in forecasts.order_by("at").iterator():
        for name in planned.keys() - said.keys():
            p80 = _p80_of(forecast.answer, name)
            finished = planned[name].finished
            ahead = forecast.at.date() + timedelta(days=ahead_days)
            if p80 is not None and (finished is None or ahead <= finished):
                said[name] = p80
    cases = [(planned[one].name, p80, planned[one].finished) for one, p80 in sorted(said.items())]
    judged = [(name, p80, end) for name, p80, end in cases if end is not None]
    today = at.date() if at else date.min
    late = [(name, p80) for name, p80, end in cases if end is None and p80 < today]
    held = sum(end <= p80 for _, p80, end in judged)
    return Score(held, len(judged), judged, late)


def _p80_of(answer: Mapping[str, object], name: str) -> date | None:
    items = answer.get("items")
    row = items.get(name) if isinstance(items, dict) else None
    text = row.get("p80") if isinstance(row, dict) else None
    return date.fromisoformat(text) if isinstance(text, str) else None
