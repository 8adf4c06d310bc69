"""Unit costs: what one training run, one experiment and a thousand predictions cost.

A charge that names its run is that run's. The rest of a project's compute of a month is shared by
the minutes of the runs that started in it and were named by no charge; months without such a run
keep it as "without a run". Nothing is guessed where no minute is known: runs then share alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from headway.analysis.cost import apportion
from headway.domain.accounts.rules import Actor
from headway.domain.costs.queries.allocation import Part, parts_of, placings_of
from headway.domain.costs.queries.books import books_of
from headway.domain.costs.queries.explorer import newest_months
from headway.domain.evidence.queries import RunSpan, measurements_of, run_spans
from headway.domain.programs.queries import programs_of, projects_by_program
from headway.domain.programs.rules import ProjectFacts

_MICRO = Decimal("0.000001")
_FAILED = ("failed", "killed")


@dataclass(frozen=True, slots=True)
class Experiment:
    """Runs of one group: how many, how many failed, and what they cost."""

    group: str
    runs: int
    failed: int
    cost: Decimal


@dataclass(frozen=True, slots=True)
class UnitCosts:
    """What units of a project cost, in one currency; None where there is nothing to divide by.

    `compute` is what was used up of machines, `failed` the part of it that failed runs took,
    `without_run` what no run took. `predictions` are those of `kpi` records named so.
    """

    project: str
    name: str
    currency: str
    compute: Decimal
    everything: Decimal
    runs: int
    failed_runs: int
    per_run: Decimal | None
    failed: Decimal
    without_run: Decimal
    experiments: Sequence[Experiment]
    predictions: float | None
    per_thousand: Decimal | None


def unit_costs(actor: Actor, at: datetime | None = None) -> Sequence[UnitCosts]:
    """Return what units cost in the newest twelve months, of every project with charges."""
    charges = _by_project(actor, at)
    if not charges:
        return []
    programs = programs_of(actor, at)
    projects = [
        project
        for mine in projects_by_program(actor, programs, at).values()
        for project in mine
        if project.slug in {slug for slug, _ in charges}
    ]
    runs = _grouped(run_spans(actor, [project.id for project in projects], at))
    served = _predictions(actor, projects, at)
    return [
        _units(project, currency, told, runs[project.id], served.get(project.id, {}))
        for project in projects
        for (slug, currency), told in sorted(charges.items())
        if slug == project.slug
    ]


@dataclass(slots=True)
class _Told:
    """Micro-units of a project: by month, by run that a charge names, and all of them."""

    shared: dict[date, int]
    named: dict[str, int]
    everything: dict[date, int]


def _by_project(actor: Actor, at: datetime | None) -> Mapping[tuple[str, str], _Told]:
    months = newest_months(actor, at)
    if not months:
        return {}
    found: dict[tuple[str, str], _Told] = {}
    books = books_of(actor, at, (months[0], months[-1]))
    for part in parts_of(books, placings_of(actor, at), months):
        if not part.project:
            continue
        key = (part.project, part.placed.currency)
        told = found.setdefault(key, _Told(defaultdict(int), defaultdict(int), defaultdict(int)))
        _count(part, months, told.everything)
        if part.placed.placing.category != "compute":
            continue
        run = part.placed.told.run
        if run:
            told.named[run.rpartition("/")[2]] += sum(part.amounts)
        else:
            _count(part, months, told.shared)
    return found


def _count(part: Part, months: Sequence[date], into: dict[date, int]) -> None:
    for month, micros in zip(months, part.amounts, strict=True):
        if micros:
            into[month] += micros


def _grouped(spans: Iterable[RunSpan]) -> Mapping[UUID, list[RunSpan]]:
    found: dict[UUID, list[RunSpan]] = defaultdict(list)
    for span in spans:
        found[span.project_id].append(span)
    return found


_Served = Mapping[date, float]


def _predictions(
    actor: Actor, projects: Sequence[ProjectFacts], at: datetime | None
) -> Mapping[UUID, _Served]:
    """Return what each project predicted in the months of its `kpi` records, by their first day."""
    ids = [project.id for project in projects]
    found: dict[UUID, dict[date, float]] = defaultdict(lambda: defaultdict(float))
    asked = ("predictions", "requests")
    for one in measurements_of(actor, ids, at, kinds=("kpi",), metrics=asked):
        if one.project_id is not None and one.value:
            month = date.fromisoformat(str(one.context["period_start"])).replace(day=1)
            found[one.project_id][month] += one.value
    return found


def _units(
    project: ProjectFacts,
    currency: str,
    told: _Told,
    runs: Sequence[RunSpan],
    served: _Served,
) -> UnitCosts:
    costs, without = _per_run(told, runs)
    compute = sum(told.named.values()) + sum(told.shared.values())
    counted = [run for run in runs if run.run in costs]
    failed = [run for run in counted if run.status in _FAILED]
    taken = sum(costs.values())
    both = [month for month in told.everything if served.get(month)]
    predicted = sum(served[month] for month in both)
    cost = sum(told.everything[month] for month in both) * _MICRO
    return UnitCosts(
        project.slug,
        project.name,
        currency,
        compute * _MICRO,
        sum(told.everything.values()) * _MICRO,
        len(counted),
        len(failed),
        taken * _MICRO / len(counted) if counted else None,
        sum(costs[run.run] for run in failed) * _MICRO,
        without * _MICRO,
        _experiments(counted, costs),
        predicted or None,
        cost * 1_000 / Decimal(str(predicted)) if predicted else None,
    )


def _per_run(told: _Told, runs: Sequence[RunSpan]) -> tuple[dict[str, int], int]:
    """Return what each run cost, and what no run took; together they are the compute."""
    costs: dict[str, int] = {}
    left = dict(told.named)
    months: dict[date, list[RunSpan]] = defaultdict(list)
    for run in runs:
        own = left.pop(run.run.rpartition("/")[2], None)
        if own is not None:
            costs[run.run] = own
        elif run.started_at is not None:
            months[run.started_at.date().replace(day=1)].append(run)
    without = sum(left.values())
    for month, micros in told.shared.items():
        some = months.get(month, [])
        if not some:
            without += micros
            continue
        parts = apportion(micros, [round(run.minutes * 60_000_000) for run in some])
        costs |= {run.run: part for run, part in zip(some, parts, strict=True)}
    return costs, without


def _experiments(runs: Sequence[RunSpan], costs: Mapping[str, int]) -> Sequence[Experiment]:
    groups: dict[str, list[RunSpan]] = defaultdict(list)
    for run in runs:
        groups[run.group or run.name or "(no name)"].append(run)
    found = [
        Experiment(
            group,
            len(some),
            sum(run.status in _FAILED for run in some),
            sum(costs[run.run] for run in some) * _MICRO,
        )
        for group, some in groups.items()
    ]
    return sorted(found, key=lambda one: (-one.cost, one.group))[:50]
