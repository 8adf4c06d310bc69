"""How the rows of a program's projects become one network that the engine can simulate.

One network, because projects wait for each other and share people and risks: their odds are
simulated together, never multiplied. Item ids are `project/key`. Durations are working days.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from headway.analysis.quantities import Money
from headway.analysis.schedule.plan import (
    Attempts,
    Closure,
    Correlation,
    Distribution,
    Estimate,
    Item,
    ItemKind,
    LagUnit,
    Link,
    LinkType,
    Mitigation,
    OnePoint,
    Opening,
    Plan,
    Progress,
    Rate,
    Resource,
    Risk,
)
from headway.domain.finance.rules import PricedOpening
from headway.domain.people.rules import ResourceFacts
from headway.domain.people.rules.working_time import WorkingTimeFacts
from headway.domain.plans.rules.hands import Hands
from headway.domain.plans.rules.hiring import opening_value, waiting_items
from headway.domain.programs.rules.calendars import calendar_from, named_calendars
from headway.domain.programs.rules.fields import from_minor
from headway.domain.risks.rules import RiskFacts
from headway.observation import digest


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """How one project's plan is read."""

    project_id: UUID
    start: date
    distribution: str
    correlations: Sequence[Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """A work item. Ranges are [optimistic, most likely, pessimistic] working days."""

    id: UUID
    workspace_id: UUID
    project_id: UUID
    key: str
    name: str
    kind: str
    owner: str
    estimate: Sequence[float] | None
    remaining: Sequence[float] | None
    distribution: str
    attempts: Mapping[str, object] | None
    cost_minor: int
    not_before: date | None
    deadline: date | None
    started: date | None
    finished: date | None
    pinned: date | None
    done: float | None
    calendar: str
    priority: int
    outline: Sequence[str]
    order: int
    version: int
    levelled_start: date | None = None  # where levelling holds it back to; nobody's own wish
    #: What evidence it came from: "words", and the "record" that opens it; empty for most.
    origin: Mapping[str, object] = field(default_factory=dict)


#: What has happened to an item: the days on which it began and ended.
ItemMark = tuple[date | None, date | None]


@dataclass(frozen=True, slots=True)
class DependencyFacts:
    """One item waits for another."""

    item_id: UUID
    predecessor_id: UUID
    kind: str
    lag: float
    lag_unit: str


@dataclass(frozen=True, slots=True)
class NeedFacts:
    """How much of a resource an item takes."""

    item_id: UUID
    resource_id: UUID
    units: float


@dataclass(frozen=True, slots=True)
class JoinedParts:
    """Everything a program's network is made of."""

    name: str
    currency: str
    target: date | None
    budget: Decimal | None
    calendar: Mapping[str, object]
    slugs: Mapping[UUID, str]  # project id → slug, in the program's order
    plans: Sequence[PlanFacts]
    items: Sequence[ItemFacts]
    dependencies: Sequence[DependencyFacts] = ()
    needs: Sequence[NeedFacts] = ()
    resources: Sequence[ResourceFacts] = ()
    risks: Sequence[RiskFacts] = ()
    effects: Mapping[UUID, Sequence[UUID]] = field(default_factory=dict)  # risk id → item ids
    calendars: Mapping[str, Mapping[str, object]] = field(default_factory=dict)  # by name
    #: Working time that was told, by every name in small letters that means whose it is.
    hands: Mapping[str, WorkingTimeFacts] = field(default_factory=dict)
    progress: str = Progress.OVERRIDE
    one_point: str = OnePoint.CERTAIN
    openings: Sequence[PricedOpening] = ()
    #: The last day to which people to be hired are paid; None where no money is planned.
    paid_until: date | None = None


def joined_openings(parts: JoinedParts) -> Sequence[Opening]:
    """Return the openings that a network would hold."""
    return _Joining(parts).openings() if parts.openings else ()


def joined_plan(parts: JoinedParts) -> Plan:
    """Return the network of all projects that have a plan."""
    return _Joining(parts).plan()


class _Joining:
    """The look-ups that joining needs, made once, so that its time grows with the rows only."""

    def __init__(self, parts: JoinedParts) -> None:
        self.parts = parts
        self.plans = {plan.project_id: plan for plan in parts.plans}
        self.items = [item for item in parts.items if item.project_id in self.plans]
        self.ids = {item.id: f"{parts.slugs[item.project_id]}/{item.key}" for item in self.items}
        self.addresses = set(self.ids.values())
        self.start = min((plan.start for plan in parts.plans), default=None)
        self.calendars = named_calendars(parts.calendars)
        self.named = {calendar.name for calendar in self.calendars}
        self.links: dict[UUID, list[Link]] = {}
        for row in parts.dependencies:
            if row.predecessor_id in self.ids:
                self.links.setdefault(row.item_id, []).append(self._link(row))
        taken = {calendar_from(parts.calendar).name, *self.named}
        self.hands = Hands(parts.hands, taken, _first_day(self.start, self.items))
        self.placed = {one.name for one in parts.resources if one.calendar in self.named}
        names = {resource.id: resource.name for resource in parts.resources}
        self.needs: dict[UUID, dict[str, float]] = {}
        for need in parts.needs:
            if need.resource_id in names:
                self.needs.setdefault(need.item_id, {})[names[need.resource_id]] = need.units

    def plan(self) -> Plan:
        """Return the joined plan."""
        parts = self.parts
        budget = Money(parts.budget, parts.currency) if parts.budget is not None else None
        items = tuple(self._item(row) for row in self.items)
        return Plan(
            name=parts.name,
            items=items,
            start=self.start,
            calendar=calendar_from(parts.calendar),
            target=parts.target,
            budget=budget,
            resources=tuple(_resource(row, self.named) for row in parts.resources),
            risks=tuple(self._risk(row) for row in parts.risks),
            correlations=tuple(self._correlations()),
            calendars=(*self.calendars, *self.hands.calendars),
            one_point=OnePoint(parts.one_point),
            progress=Progress(parts.progress),
            openings=self.openings(),
        )

    def openings(self) -> tuple[Opening, ...]:
        """Return the openings that change anything: work waits for them, or they cost on top."""
        parts = self.parts
        if not parts.openings:
            return ()
        needs = {self.ids[key]: held for key, held in self.needs.items() if key in self.ids}
        told = [one.opening for one in parts.openings]
        waiting = waiting_items(told, parts.resources, needs, self.addresses)
        found = [
            opening_value(one, waiting[one.opening.key], parts.paid_until) for one in parts.openings
        ]
        return tuple(one for one in found if one.items or one.yearly)

    def _link(self, row: DependencyFacts) -> Link:
        name = self.ids[row.predecessor_id]
        return Link(name, LinkType(row.kind), row.lag, LagUnit(row.lag_unit))

    def _item(self, row: ItemFacts) -> Item:
        plan = self.plans[row.project_id]
        shape = Distribution(row.distribution or plan.distribution)
        # The network begins with the first project; a later project's work waits for its own start.
        begins = [plan.start] if self.start is not None and plan.start > self.start else []
        own = [row.not_before, row.levelled_start]
        needs = self.needs.get(row.id, {})
        # A resource with a calendar of its own goes by that, though somebody is called as it is.
        people = [row.owner, *(name for name in needs if name not in self.placed)]
        calendar = row.calendar if row.calendar in self.named else ""
        calendar, also = self.hands.of(calendar, people) if self.hands.told else (calendar, ())
        return Item(
            id=self.ids[row.id],
            name=row.name,
            kind=ItemKind(row.kind),
            estimate=_estimate(row.estimate, shape),
            after=tuple(self.links.get(row.id, ())),
            needs=needs,
            cost=from_minor(row.cost_minor, self.parts.currency),
            attempts=self._attempts(row, shape),
            not_before=max([*filter(None, own), *begins], default=None),
            deadline=row.deadline,
            started=row.started,
            finished=row.finished,
            remaining=_estimate(row.remaining, shape),
            pinned=row.pinned,
            done=row.done,
            calendar=calendar,
            also=also,
            priority=row.priority,
            outline=tuple(row.outline),
        )

    def _attempts(self, row: ItemFacts, shape: Distribution) -> Attempts | None:
        held = row.attempts
        each = _estimate(_numbers(held, "each"), shape) if held else None
        success = _estimate(_numbers(held, "success"), None) if held else None
        if held is None or each is None or success is None:
            return None
        fallback, stop_by = held.get("fallback"), held.get("stop_by")
        slug = self.parts.slugs[row.project_id]
        return Attempts(
            success=success,
            max=int(str(held["max"])),
            each=each,
            feasible=float(str(held.get("feasible", 1.0))),
            cost=from_minor(int(str(held.get("cost_minor") or 0)), self.parts.currency),
            stop_by=date.fromisoformat(str(stop_by)) if stop_by else None,
            fallback=f"{slug}/{fallback}" if fallback else None,
        )

    def _risk(self, row: RiskFacts) -> Risk:
        """Return the risk; one whose response is under way stands as the response leaves it.

        The response's own work and money are then in the plan as items, not in the risk.
        """
        response = Mitigation(
            probability=row.mitigated_probability,
            delay=self._spread(row, row.mitigated_delay),
            impact=self._spread(row, row.mitigated_cost),
            cost=row.mitigation_cost,
        )
        under_way = row.is_mitigated
        delay = row.mitigated_delay if under_way and row.mitigated_delay else row.delay
        cost = row.mitigated_cost if under_way and row.mitigated_cost else row.cost
        touched = self.parts.effects.get(row.id, ())
        delays = tuple(self.ids[item_id] for item_id in touched if item_id in self.ids)
        return Risk(
            id=row.key,
            probability=row.chance,
            name=row.name,
            delays=delays,
            # A delay that falls on no item (not yet, or not in this project) delays nothing.
            delay=self._spread(row, delay) if delays else None,
            impact=self._spread(row, cost),
            mitigated=response if row.has_response and not under_way else None,
            closes=self._closure(row),
        )

    def _closure(self, row: RiskFacts) -> Closure | None:
        """Return the time a risk takes out of the calendar; a response under way sets its length.

        One whose items and resources are all gone closes nothing.
        """
        if row.closes_days is None or row.closes_from is None or row.closes_to is None:
            return None
        softer = row.mitigated_delay if row.is_mitigated else None
        lasts = self._spread(row, softer or row.closes_days)
        known = {name for one in self.parts.resources for name in (one.name, *one.skills)}
        names = tuple(name for name in row.closes_resources if name in known)
        items = tuple(name for name in row.closes_items if name in self.addresses)
        named = row.closes_resources or row.closes_items
        if lasts is None or (named and not names and not items):
            return None
        return Closure(lasts, row.closes_from, row.closes_to, items, names)

    def _spread(self, row: RiskFacts, numbers: Sequence[float] | None) -> Estimate | None:
        """Return a risk's range, read as its project's plan reads ranges (see engine, draws)."""
        plan = self.plans.get(row.project_id) if row.project_id else None
        shape = Distribution(plan.distribution) if plan else None
        if shape is Distribution.LOGNORMAL and numbers is not None and numbers[0] <= 0:
            shape = Distribution.PERT
        return _estimate(numbers, shape)

    def _correlations(self) -> Iterable[Correlation]:
        known_ids = set(self.ids.values())
        for plan in self.parts.plans:
            slug = self.parts.slugs[plan.project_id]
            for row in plan.correlations:
                names = [f"{slug}/{key}" for key in _texts(row.get("items"))]
                known = tuple(name for name in names if name in known_ids)
                if len(known) > 1:
                    yield Correlation(known, float(str(row["rho"])))


def _first_day(start: date | None, items: Iterable[ItemFacts]) -> date | None:
    """Return the first day on which anything was done, at most five years before the start."""
    if start is None:
        return None
    days = [day for row in items for day in (row.started, row.finished) if day]
    earliest = date.fromordinal(max(1, start.toordinal() - 5 * 366))
    return max(min([start, *days]), earliest)


def _texts(value: object) -> list[str]:
    return [str(part) for part in value] if isinstance(value, list) else []


def _numbers(held: Mapping[str, object] | None, name: str) -> Sequence[float] | None:
    value = held.get(name) if held else None
    return [float(part) for part in value] if isinstance(value, list) else None


def _estimate(numbers: Sequence[float] | None, shape: Distribution | None) -> Estimate | None:
    if numbers is None:
        return None
    low, likely, high = numbers
    return Estimate(float(low), float(likely), float(high), shape)


def _resource(row: ResourceFacts, calendars: Collection[str]) -> Resource:
    rate = Rate(row.rate) if row.rate else None
    steps = tuple((date.fromisoformat(str(day)), float(str(units))) for day, units in row.steps)
    return Resource(
        row.name,
        row.capacity,
        rate,
        row.kind,
        steps=steps,
        # A calendar that is gone leaves the program's own.
        calendar=row.calendar if row.calendar in calendars else "",
        skills=tuple(row.skills),
    )


def plan_digest(plan: Plan) -> str:
    """Return the digest of a plan's content: equal plans have equal digests."""
    content = asdict(plan)
    # What plans could not say before counts where it is said: a plan of then stays the same plan.
    for item in content["items"]:
        if not item["also"]:
            del item["also"]
    if plan.progress is Progress.OVERRIDE:
        del content["progress"]
    if not plan.openings:
        del content["openings"]
    return digest(json.dumps(content, sort_keys=True, default=str))
