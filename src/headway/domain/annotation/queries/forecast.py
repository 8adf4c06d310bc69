"""When the labels of an order will be there, and what accepted labels cost."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from headway.analysis.agreement.readiness import Extra, Readiness, Supply, readiness
from headway.analysis.schedule.calendars import WorkingTime
from headway.analysis.schedule.plan import Unit
from headway.analysis.shares import exact_interval
from headway.domain.accounts.rules import Actor
from headway.domain.annotation.queries.rows import Labels, OrderLine, labels_of, of_batches
from headway.domain.annotation.queries.standing import pilots_in, standings_in
from headway.domain.annotation.rules.facts import GuidelineFacts
from headway.domain.annotation.rules.pilots import PilotStanding
from headway.domain.annotation.rules.standing import BatchStanding
from headway.domain.annotation.rules.supply import Week, drawn_from, rates_of, weeks_of
from headway.domain.programs.queries import entry_named, programs_of
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.calendars import calendar_from


@dataclass(frozen=True, slots=True)
class ReadyForecast:
    """When the labels of an order will be accepted, as a range of working days from `at`.

    `days` is what a plan's item takes over as its remaining range (P10, P50, P90), None where a
    share never arrives. `planned_a_week` is what was agreed; `measured_a_week` what came, on
    average, in the weeks drawn from. `ordered_price` is the order's; what a label that counts
    costs is `vendor_quality`'s. `finish` are the days at P10, P50, P80 and P90.
    """

    order: OrderLine
    target: float | None
    accepted: int
    remaining: float
    waiting: int
    weeks: Sequence[Week]
    planned_a_week: float | None
    measured_a_week: float | None
    ready: Readiness
    days: tuple[float, float, float] | None
    finish: tuple[date | None, date | None, date | None, date | None]
    ordered_price: Decimal | None
    sentence: str


def ready_forecast(  # noqa: PLR0913  what is forecast, as known when, supposing what
    actor: Actor,
    program: ProgramFacts,
    order: str,
    at: datetime,
    *,
    known_at: datetime | None = None,
    seed: int = 0,
    extra: Extra | None = None,
) -> ReadyForecast:
    """Return when the labels of the order with this key are all accepted, seen from `at`.

    `extra` supposes a second supply. Raises NotFound with the nearest key.
    """
    labels = labels_of(actor, [program], known_at, told=of_batches)
    found = entry_named(labels.orders.values(), order, "purchase order", program)
    every = standings_in(labels)
    return _ready(_known(labels, every, at), program, found, at, seed=seed, extra=extra)


def ready_forecasts(
    actor: Actor, program: ProgramFacts, at: datetime, *, known_at: datetime | None = None
) -> Sequence[ReadyForecast]:
    """Return the forecast of each order of the program that has a batch, by day of order."""
    labels = labels_of(actor, [program], known_at, told=of_batches)
    return forecasts_in(labels, standings_in(labels), program, at)


def forecasts_in(
    labels: Labels, every: Sequence[BatchStanding], program: ProgramFacts, at: datetime
) -> Sequence[ReadyForecast]:
    """Return the forecast of each order of the program that has a batch among `every`."""
    asked = {one.order_id for one in labels.batches.values() if one.program_id == program.id}
    orders = [labels.orders[one] for one in labels.orders if one in asked]
    known = _known(labels, every, at)
    return [_ready(known, program, one, at) for one in orders]


def accepted_units(
    actor: Actor, program: ProgramFacts, at: datetime | None = None
) -> Mapping[str, int]:
    """Return how many labels are accepted by key of the order, as evidence says it."""
    found: dict[str, int] = {}
    for one in standings_in(labels_of(actor, [program], at, told=of_batches)):
        if one.batch.order:
            found[one.batch.order] = found.get(one.batch.order, 0) + one.accepted
    return found


@dataclass(frozen=True, slots=True)
class _Known:
    """Batches by order, and of each vendor its weeks and decided lots."""

    batches: Mapping[UUID, Sequence[BatchStanding]]
    weeks: Mapping[UUID, Sequence[Week]]
    lots: Mapping[UUID, Sequence[tuple[int, int]]]


def _known(labels: Labels, every: Iterable[BatchStanding], at: datetime) -> _Known:
    batches: dict[UUID, list[BatchStanding]] = {}
    supplied: dict[UUID, list[BatchStanding]] = {}
    for one in every:
        vendor = _vendor(labels, one)
        if vendor is not None and one.batch.order_id is not None:
            batches.setdefault(one.batch.order_id, []).append(one)
            supplied.setdefault(vendor, []).append(one)
    return _Known(
        batches,
        {vendor: weeks_of(some, at) for vendor, some in supplied.items()},
        {
            vendor: [lot for one in some for lot in one.decided_lots]
            for vendor, some in supplied.items()
        },
    )


def _ready(  # noqa: PLR0913  what a forecast is of, and what it supposes
    known: _Known,
    program: ProgramFacts,
    order: OrderLine,
    at: datetime,
    *,
    seed: int = 0,
    extra: Extra | None = None,
) -> ReadyForecast:
    mine = known.batches.get(order.id, ())
    promised = sum(one.batch.promised or 0 for one in mine)
    target = order.units if order.units is not None else (promised or None)
    accepted, waiting = (sum(getattr(one, n) for one in mine) for n in ("accepted", "waiting"))
    remaining = max(0.0, (target or 0.0) - accepted)
    weeks = known.weeks.get(order.vendor_id, ())
    planned = next((one.batch.a_week for one in reversed(mine) if one.batch.a_week), None)
    counted = [week.delivered for week in drawn_from(weeks)]
    supply = Supply(
        counted,
        waiting,
        known.lots.get(order.vendor_id, ()),
        rates_of(planned) if planned else None,
        extra,
    )
    ready = readiness(supply, remaining, seed=seed)
    days = None if ready.p10 is None or ready.p50 is None or ready.p90 is None else (
        ready.p10, ready.p50, ready.p90,
    )  # fmt: skip
    time = WorkingTime(Unit.DAYS, at.date(), calendar_from(program.calendar))
    finish = tuple(time.date_of_finish(one) for one in (ready.p10, ready.p50, ready.p80, ready.p90))
    measured = sum(counted) / len(counted) if counted else None
    return ReadyForecast(
        order, target, accepted, remaining, waiting, weeks, planned, measured, ready, days,
        finish,  # type: ignore[arg-type]
        order.unit_price, _words(target, accepted, ready, finish[1], measured, planned),
    )  # fmt: skip


def _vendor(labels: Labels, standing: BatchStanding) -> UUID | None:
    order = labels.orders.get(standing.batch.order_id) if standing.batch.order_id else None
    return order.vendor_id if order else None


def _words(  # noqa: PLR0913, PLR0917  the parts of one sentence
    target: float | None,
    accepted: int,
    ready: Readiness,
    p50: date | None,
    measured: float | None,
    planned: float | None,
) -> str:
    """Say what is accepted, when the rest will be, and how fast it comes."""
    if target is None:
        return f"{accepted:,} labels are accepted; how many are ordered is not said."
    if not ready.remaining:
        return f"All {target:,.0f} labels are accepted."
    pace = "" if measured is None else f"{measured:,.0f} a week"
    if pace and planned:
        pace += f" against {planned:,.0f} agreed"
    when = "no date" if p50 is None else f"{p50:%-d %b %Y} at P50"
    return (
        f"{target:,.0f} labels accepted by {when}: {accepted:,} are{f', {pace}' if pace else ''}."
    )


@dataclass(frozen=True, slots=True)
class VendorQuality:
    """A vendor's labels: quality × speed × cost, counted over what is known.

    `share` of decided labels was accepted, `low` to `high` by lots, whose labels share one fate;
    `right` of `tried` gold items; `alphas` are the newest agreements of its batches;
    `a_week` over the weeks drawn from; `price`
    is the ordered price of a label, `per_accepted` that price over the share accepted, both in
    `currency`. None where nothing is known.
    """

    vendor_id: UUID
    key: str
    name: str
    delivered: int
    accepted: int
    passed: int
    decided: int
    share: float | None
    low: float
    high: float
    right: int
    tried: int
    alphas: Sequence[float]
    a_week: float | None
    weeks: int
    price: Decimal | None
    per_accepted: Decimal | None
    currency: str


def vendor_quality(
    actor: Actor, at: datetime | None = None, *, only: Collection[UUID] | None = None
) -> Sequence[VendorQuality]:
    """Return each vendor that delivers labels, or `only` some, by name; flat in rows."""
    labels = labels_of(actor, programs_of(actor, at), at, vendors=only)
    found = quality_in(labels, standings_in(labels), at)
    return [one for one in found if only is None or one.vendor_id in only]


def quality_in(
    labels: Labels, every: Sequence[BatchStanding], at: datetime | None
) -> Sequence[VendorQuality]:
    """Return each vendor that delivers these labels, by name."""
    by_vendor: dict[UUID, list[BatchStanding]] = {}
    for one in every:
        vendor = _vendor(labels, one)
        if vendor is not None:
            by_vendor.setdefault(vendor, []).append(one)
    tried = _tried(labels)
    for vendor in tried:
        by_vendor.setdefault(vendor, [])
    found = [_quality(labels, one, rows, tried, at) for one, rows in by_vendor.items()]
    return sorted(found, key=lambda one: (one.name, one.key))


def _tried(labels: Labels) -> Mapping[UUID, tuple[int, int]]:
    """Return how many gold items each vendor's annotators labelled right, of how many."""
    found: dict[UUID, tuple[int, int]] = {}
    for one in pilots_in(labels):
        vendor = one.pilot.vendor_id
        if vendor is not None and vendor in labels.vendors:
            right, of = found.get(vendor, (0, 0))
            found[vendor] = (right + one.pooled.right, of + one.pooled.of)
    return found


def _quality(
    labels: Labels,
    vendor: UUID,
    rows: Sequence[BatchStanding],
    tried: Mapping[UUID, tuple[int, int]],
    at: datetime | None,
) -> VendorQuality:
    orders = [one for one in labels.orders.values() if one.vendor_id == vendor]
    passed, decided = (sum(getattr(one, n) for one in rows) for n in ("passed", "decided"))
    lots = [lot for one in rows for lot in one.decided_lots]
    low, high = exact_interval(sum(units == accepted for units, accepted in lots), len(lots))
    seen = at or max((d.moment for one in rows for d in one.deliveries), default=None)
    weeks = drawn_from(weeks_of(rows, seen)) if seen else []
    price = next((one.unit_price for one in reversed(orders) if one.unit_price is not None), None)
    share = passed / decided if decided else None
    return VendorQuality(
        vendor, *labels.vendors.get(vendor, ("", "")), sum(one.delivered for one in rows),
        sum(one.accepted for one in rows), passed, decided, share, low, high,
        *tried.get(vendor, (0, 0)),
        [one.agreement.value for one in rows if one.agreement.value is not None],
        sum(one.delivered for one in weeks) / len(weeks) if weeks else None, len(weeks),
        price, _per_accepted(price, share), orders[-1].currency if orders else "",
    )  # fmt: skip


def _per_accepted(price: Decimal | None, share: float | None) -> Decimal | None:
    """Return what a label costs that counts, where every delivered one is paid."""
    if price is None or not share:
        return None
    return (price / Decimal(str(share))).quantize(Decimal("0.0001"))


ProgramLabels = tuple[ProgramFacts, Sequence[ReadyForecast], Sequence[BatchStanding]]


def overview(
    actor: Actor,
    programs: Iterable[ProgramFacts],
    at: datetime,
    *,
    known_at: datetime | None = None,
) -> tuple[Sequence[ProgramLabels], Sequence[VendorQuality]]:
    """Return each program that has batches with its forecasts and batches, and vendors compared.

    Flat in rows.
    """
    asked = list(programs)
    labels = labels_of(actor, asked, known_at)
    every = standings_in(labels)
    return _by_program(labels, every, asked, at), quality_in(labels, every, known_at)


def _by_program(
    labels: Labels, every: Sequence[BatchStanding], programs: Iterable[ProgramFacts], at: datetime
) -> Sequence[ProgramLabels]:
    found = []
    for program in programs:
        mine = [one for one in every if one.batch.program_id == program.id]
        if mine:
            found.append((program, forecasts_in(labels, every, program, at), mine))
    return found


@dataclass(frozen=True, slots=True)
class ProgramPage:
    """A program's labels: orders with their date, batches, guidelines, pilots."""

    forecasts: Sequence[ReadyForecast]
    batches: Sequence[BatchStanding]
    guidelines: Sequence[GuidelineFacts]
    pilots: Sequence[PilotStanding]


def program_page(
    actor: Actor, program: ProgramFacts, at: datetime, *, known_at: datetime | None = None
) -> ProgramPage:
    """Return all of a program's labels; flat in rows."""
    labels = labels_of(actor, [program], known_at)
    every = standings_in(labels)
    forecasts = forecasts_in(labels, every, program, at)
    return ProgramPage(forecasts, every, list(labels.guidelines.values()), pilots_in(labels))
