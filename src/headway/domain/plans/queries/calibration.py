"""How past forecasts did, item by item: coverage, bias by team and kind of work, a correction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from headway.analysis.calibration import correction as corrections
from headway.analysis.calibration.coverage import (
    Case,
    Coverage,
    by_horizon,
    coverage,
    horizon_name,
    pinball,
)
from headway.analysis.schedule.calendars import WorkingTime
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.plans.models import Forecast, WorkItem
from headway.domain.plans.queries.network import plan_value
from headway.domain.programs.queries import programs_of, projects_of, rows_at
from headway.domain.programs.rules import ProgramFacts

#: A forecast counts as one when it was made this many days before the end.
AHEAD_DAYS = 5


@dataclass(frozen=True, slots=True)
class Said:
    """What one stored forecast said of an item."""

    forecast: UUID
    at: datetime
    p50: date | None
    p80: date | None


@dataclass(frozen=True, slots=True)
class ScoredItem:
    """A finished item, what was said of it first and last, and actual / estimate."""

    program: str
    project: str
    key: str
    name: str
    owner: str
    kind: str
    finished: date
    first: Said
    last: Said
    held: bool
    days_late: int | None
    ratio: float | None


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """Of `judged` things `held` ended by the percentile; the 95 % interval of the true share."""

    percent: int
    held: int
    judged: int
    share: float | None
    low: float | None
    high: float | None
    verdict: str


@dataclass(frozen=True, slots=True)
class HorizonRow:
    """Coverage of what was said that far ahead."""

    name: str
    p50: CoverageRow
    p80: CoverageRow


@dataclass(frozen=True, slots=True)
class BiasRow:
    """Actual / estimate of a team or a kind of work; `is_enough` says whether to believe it."""

    name: str
    count: int
    median: float
    p80: float
    is_enough: bool


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """The factor on ranges that would have held 80 %, and a sentence that says so."""

    factor: float
    held: float
    cases: int
    is_needed: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class LateItem:
    """An unfinished item that is past the P80 first said of it: it cannot hold any more."""

    name: str
    p80: date


@dataclass(frozen=True, slots=True)
class Calibration:
    """How past forecasts did. Losses are mean pinball losses in days; None without a case."""

    sentence: str
    p50: CoverageRow
    p80: CoverageRow
    p80_with_late: CoverageRow
    horizons: Sequence[HorizonRow]
    teams: Sequence[BiasRow]
    kinds: Sequence[BiasRow]
    loss_p50: float | None
    loss_p80: float | None
    correction: CorrectionRow | None
    cases: Sequence[ScoredItem]
    late: Sequence[LateItem]


class Worked(Protocol):
    """An item of which one asks how long it took."""

    @property
    def kind(self) -> str:
        """Its kind of work."""

    @property
    def estimate(self) -> Any:  # noqa: ANN401 - as it is kept
        """Its range in working days; None where it has none."""

    @property
    def started(self) -> date | None:
        """The day it began."""

    @property
    def finished(self) -> date | None:
        """The day it ended."""


@dataclass(slots=True)
class _Gathered:
    """What one program, or several, add to a calibration."""

    items: list[ScoredItem] = field(default_factory=list)
    ahead: list[Case] = field(default_factory=list)
    late: list[LateItem] = field(default_factory=list)
    ratios: list[tuple[str, str, float]] = field(default_factory=list)


def calibration_of(actor: Actor, program: ProgramFacts, at: datetime | None = None) -> Calibration:
    """Return how the forecasts of a program did, as known at `at`."""
    require(actor, Permission.VIEW, program)
    found = _Gathered()
    _gather(actor, program, at, found)
    return _told(found)


def kind_biases(items: Iterable[Worked], time: WorkingTime) -> Sequence[BiasRow]:
    """Return how long finished items of each kind took against their estimates, most items first.

    No forecast is read: only what was estimated, begun and finished, by the plan's axis of `time`.
    """
    known = [(one.kind, _ratio(one, time)) for one in items if one.finished is not None]
    return _biases((kind, ratio) for kind, ratio in known if ratio is not None)


def workspace_calibration(actor: Actor, at: datetime | None = None) -> Calibration:
    """Return how the forecasts of all the workspace's programs did."""
    require(actor, Permission.VIEW)
    found = _Gathered()
    for program in programs_of(actor, at):
        _gather(actor, program, at, found)
    return _told(found)


def _gather(actor: Actor, program: ProgramFacts, at: datetime | None, found: _Gathered) -> None:
    slugs = {project.id: project.slug for project in projects_of(actor, program, at)}
    rows = rows_at(WorkItem, at, project_id__in=list(slugs))
    planned = {f"{slugs[row.project_id]}/{row.key}": row for row in rows}
    said = _said(program, at, planned)
    ratio_of = _ratios(actor, program, at)
    for row in planned.values():
        ratio = ratio_of(row)
        if ratio is not None:
            found.ratios.append((row.owner, row.kind, ratio))
    today = at.date() if at else date.min
    for name, (first, last, ahead) in sorted(said.items()):
        row = planned[name]
        if row.finished is None:
            if first.p80 is not None and first.p80 < today:
                found.late.append(LateItem(row.name, first.p80))
            continue
        found.ahead += [_case(one, row.finished) for one in ahead.values()]
        found.items.append(_scored(f"{program.slug}/{name}", row, (first, last), ratio_of(row)))


_Words = tuple[Said, Said, dict[str, Said]]


def _said(
    program: ProgramFacts, at: datetime | None, planned: Mapping[str, WorkItem]
) -> dict[str, _Words]:
    """Return what was said of each item: first (in time to count), last, and by horizon."""
    forecasts = Forecast.objects.filter(program_id=program.id)
    if at is not None:
        forecasts = forecasts.filter(at__lte=at)
    found: dict[str, _Words] = {}
    listed = forecasts.order_by("at", "serial").values_list("id", "at", "answer")
    for forecast_id, when, answer in listed.iterator():
        items = answer.get("items")
        for name, row in planned.items():
            held = items.get(name) if isinstance(items, dict) else None
            one = _one(forecast_id, when, held)
            if one is None:
                continue
            ahead = (row.finished - when.date()).days if row.finished else None
            if name not in found:
                if ahead is None or ahead >= AHEAD_DAYS:
                    found[name] = (one, one, _at(ahead, one))
            elif ahead is None or ahead > 0:
                first, _, horizons = found[name]
                found[name] = (first, one, _at(ahead, one) | horizons)
    return found


def _at(ahead: int | None, one: Said) -> dict[str, Said]:
    return {} if ahead is None else {horizon_name(ahead): one}


def _one(forecast_id: UUID, when: datetime, held: object) -> Said | None:
    """Return what a forecast said of an item; None where it gave it no P80."""
    if not isinstance(held, dict) or not isinstance(held.get("p80"), str):
        return None
    p50 = held.get("p50")
    return Said(
        forecast_id,
        when,
        date.fromisoformat(p50) if isinstance(p50, str) else None,
        date.fromisoformat(held["p80"]),
    )


def _case(said: Said, finished: date) -> Case:
    p50, p80 = (day.toordinal() if day else None for day in (said.p50, said.p80))
    return Case(p50, p80, finished.toordinal(), (finished - said.at.date()).days)


def _scored(place: str, row: WorkItem, said: tuple[Said, Said], ratio: float | None) -> ScoredItem:
    first, last = said
    program, project, key = place.split("/", 2)
    finished = row.finished or date.max
    late = (finished - first.p80).days if first.p80 else None
    return ScoredItem(
        program=program,
        project=project,
        key=key,
        name=row.name,
        owner=row.owner,
        kind=row.kind,
        finished=finished,
        first=first,
        last=last,
        held=late is not None and late <= 0,
        days_late=late,
        ratio=ratio,
    )


def _ratios(
    actor: Actor, program: ProgramFacts, at: datetime | None
) -> Callable[[WorkItem], float | None]:
    """Return how actual / estimate of an item is found: in working days of the program."""
    time = WorkingTime.of(plan_value(actor, program, at))

    return lambda row: _ratio(row, time)


def _ratio(row: Worked, time: WorkingTime) -> float | None:
    if row.started is None or row.finished is None or not isinstance(row.estimate, list):
        return None
    likely = float(row.estimate[1])
    took = time.end_of(row.finished) - time.start_of(row.started)
    return took / likely if likely > 0 and took > 0 else None


def _told(found: _Gathered) -> Calibration:
    first = [_case(item.first, item.finished) for item in found.items]
    p80 = coverage(first, 80)
    fix = corrections.correction(first)
    return Calibration(
        sentence=_sentence(p80, len(found.late)),
        p50=_row(coverage(first, 50)),
        p80=_row(p80),
        p80_with_late=_row(Coverage(80, p80.held, p80.judged + len(found.late))),
        horizons=[
            HorizonRow(name, _row(low), _row(high))
            for name, (low, high) in by_horizon(found.ahead).items()
        ],
        teams=_biases((owner or "nobody named", ratio) for owner, _, ratio in found.ratios),
        kinds=_biases((kind, ratio) for _, kind, ratio in found.ratios),
        loss_p50=pinball(first, 50),
        loss_p80=pinball(first, 80),
        correction=None
        if fix is None
        else CorrectionRow(fix.factor, fix.held, fix.cases, fix.is_needed, fix.sentence),
        cases=sorted(found.items, key=lambda item: (-(item.days_late or 0), item.name)),
        late=sorted(found.late, key=lambda item: item.p80),
    )


def _row(found: Coverage) -> CoverageRow:
    low, high = found.interval or (None, None)
    return CoverageRow(
        found.percent, found.held, found.judged, found.share, low, high, found.verdict
    )


def _biases(rows: Iterable[tuple[str, float]]) -> list[BiasRow]:
    """Return the bias of each name, those with most items first."""
    ratios: dict[str, list[float]] = {}
    for name, ratio in rows:
        ratios.setdefault(name, []).append(ratio)
    told = [corrections.bias(name, listed) for name, listed in ratios.items()]
    known = [BiasRow(b.name, b.count, b.median, b.p80, b.is_enough) for b in told if b]
    return sorted(known, key=lambda row: (-row.count, row.name))


def _sentence(found: Coverage, late: int) -> str:
    """Say how past P80s did, and how sure that is."""
    if not found.judged:
        return "No forecast can be judged yet: nothing that was forecast has finished."
    low, high = found.interval or (0.0, 1.0)
    range_ = f"{low * 100:.0f} to {high * 100:.0f} %"
    words = {
        "calibrated": f"which fits 80 % (the true share is {range_})",
        "hopeful": f"too few: the true share is {range_}, under 80 %",
        "padded": f"more than 80 %: the true share is {range_}, so the ranges are too wide",
    }[found.verdict]
    told = f"Past P80s held {found.held} of {found.judged}, {words}"
    if late:
        verb = "is" if late == 1 else "are"
        told += f"; {late} more {verb} past theirs and not finished"
    return f"{told}."
