"""Compute pools: quota windows, reservations, prices, queue wait; and how the network sees them.

A reservation is paid for whether it is used or not. It lies within the quota, as clouds count it,
unless it `adds` to it. Where nothing of this is set, a resource stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from headway.domain.people.rules import ResourceFacts, read_rate
from headway.domain.people.rules.working_time import read_schedule
from headway.domain.programs.rules.fields import Reader, choice, flag, number, text
from headway.domain.programs.rules.fields import day as read_day
from headway.errors import Invalid

MARKETS = ("on_demand", "reserved", "spot")
MARKET_WORDS = {"on_demand": "on demand", "reserved": "reserved", "spot": "spot"}
MOST_ROWS = 50
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reservation:
    """Units that are paid for from a first to a last day; `rate` is for one of them and an hour."""

    first: date
    last: date
    units: float
    rate: Decimal
    adds: bool = False

    def stored(self) -> list[object]:
        """Return it as it is kept."""
        days = [self.first.isoformat(), self.last.isoformat()]
        return [*days, self.units, str(self.rate), self.adds]

    @classmethod
    def read(cls, held: Sequence[object]) -> Reservation:
        """Return what was kept."""
        first, last, units, rate, adds = held
        days = date.fromisoformat(str(first)), date.fromisoformat(str(last))
        return cls(*days, float(str(units)), Decimal(str(rate)), bool(adds))


@dataclass(frozen=True, slots=True)
class PoolFacts:
    """What is known of the compute resource `name` of a program; `queue_wait` is in hours."""

    id: UUID
    workspace_id: UUID
    resource_id: UUID
    program_id: UUID
    name: str
    machine: str
    market: str
    prices: Mapping[str, str]
    week: Mapping[str, object]
    windows: Sequence[Sequence[object]]
    reservations: Sequence[Sequence[object]]
    preempted: float
    queue_wait: Sequence[float] | None
    version: int

    @property
    def reserved(self) -> Sequence[Reservation]:
        """Return the reservations, ascending by their first day."""
        return [Reservation.read(held) for held in self.reservations]

    @property
    def calendar(self) -> str:
        """Return the name of the calendar that its own week makes."""
        return f"{self.name} (quota)"


def capacity_on(resource: ResourceFacts, pool: PoolFacts | None, day: date) -> float:
    """Return how many units may be used at once on a day."""
    found = resource.capacity
    for since, units in resource.steps:
        if str(since) <= day.isoformat():
            found = float(str(units))
    for first, last, units in pool.windows if pool else ():
        if str(first) <= day.isoformat() <= str(last):
            found = float(str(units))
    for one in pool.reserved if pool else ():
        if one.first <= day <= one.last:
            found = found + one.units if one.adds else max(found, one.units)
    return found


def reached(resource: ResourceFacts, pool: PoolFacts | None) -> ResourceFacts:
    """Return a resource as the network reads it: quota windows and reservations as steps."""
    if pool is None:
        return resource
    if pool.windows or pool.reservations:
        resource = replace(resource, steps=_steps(resource, pool))
    return replace(resource, calendar=pool.calendar) if pool.week else resource


def _steps(resource: ResourceFacts, pool: PoolFacts) -> Sequence[Sequence[object]]:
    days = {date.fromisoformat(str(since)) for since, _ in resource.steps}
    spans = [(date.fromisoformat(str(one[0])), date.fromisoformat(str(one[1])))
             for one in (*pool.windows, *pool.reservations)]  # fmt: skip
    days |= {first for first, _ in spans}
    days |= {last + _DAY for _, last in spans if last < date.max}
    steps: list[list[object]] = []
    before = resource.capacity
    for day in sorted(days):
        units = capacity_on(resource, pool, day)
        # A step of the resource's own stays where it is, so that without effect nothing changes.
        if units != before or [day.isoformat(), units] in [list(one) for one in resource.steps]:
            steps.append([day.isoformat(), units])
        before = units
    return steps


def quota_calendars(pools: Sequence[PoolFacts]) -> Mapping[str, Mapping[str, object]]:
    """Return the calendars that the pools' own weeks make, by name."""
    return {one.calendar: {**one.week, "name": one.calendar} for one in pools if one.week}


def read_windows(field: str, value: object) -> list[list[object]]:
    """Read quota windows: a first and a last day and the units then; text has one a line."""
    rows = []
    for parts in _rows(field, value, 3, "2026-12-01 2026-12-31 8"):
        first, last = _days(field, parts[0], parts[1])
        units = number(0, 1e6, required=True)(f"units of the {field}", parts[2])
        rows.append([first.isoformat(), last.isoformat(), units])
    return rows


def read_reservations(field: str, value: object) -> list[list[object]]:
    """Read reservations: first day, last day, units, price of an hour, and "adds" where it does.

    Text has one a line: "2026-12-01 2027-02-26 2 1.40", or with "adds" behind.
    """
    rows = []
    for parts in _rows(field, value, 4, "2026-12-01 2027-02-26 2 1.40", more=1):
        first, last = _days(field, parts[0], parts[1])
        units = number(0, 1e6, required=True)(f"units of the {field}", parts[2])
        rate = read_rate(f"price of the {field}", parts[3])
        said = parts[4] if len(parts) > 4 else False
        adds = True if said == "adds" else flag(f"last word of the {field}", said)
        rows.append(Reservation(first, last, float(str(units)), rate, bool(adds)).stored())
    return sorted(rows, key=lambda row: str(row[0]))


def _rows(field: str, value: object, count: int, example: str, more: int = 0) -> list[list[object]]:
    if isinstance(value, str):
        value = [line.replace(" to ", " ").split() for line in value.splitlines() if line.strip()]
    rows: list[object] = (
        list(value) if isinstance(value, list | tuple) else [value] if value else []
    )
    if len(rows) > MOST_ROWS:
        sentence = f"There are {len(rows)} {field}; at most {MOST_ROWS} fit."
        raise Invalid(sentence)
    found: list[list[object]] = []
    for row in rows:
        if not isinstance(row, list | tuple) or not count <= len(row) <= count + more:
            sentence = f"The {field} hold {str(row)[:60]!r}; write each as {example}."
            raise Invalid(sentence)
        found.append(list(row))
    return found


def _days(field: str, first: object, last: object) -> tuple[date, date]:
    begin, end = read_day(f"first day of {field}", first), read_day(f"last day of {field}", last)
    if begin is None or end is None or end < begin:
        sentence = f"The {field} go from {first} to {last}; the last day is on or after the first."
        raise Invalid(sentence)
    return begin, end


def read_prices(field: str, value: object) -> dict[str, str]:
    """Read prices of an hour of one unit by market: a mapping, or "on demand 2.10, spot 0.80"."""
    if isinstance(value, str):
        pairs = [part.strip().rpartition(" ") for part in value.split(",") if part.strip()]
        value = {name.strip(" :").replace(" ", "_"): price for name, _, price in pairs}
    if value is not None and not isinstance(value, Mapping):
        sentence = f"The {field} are {str(value)[:60]!r}; write: on demand 2.10, spot 0.80."
        raise Invalid(sentence)
    found: dict[str, str] = {}
    for name, price in (value or {}).items():
        market = str(choice(*MARKETS)(f"market of the {field}", name))
        found[market] = f"{read_rate(f'price {market}', price):f}"
    return found


def read_wait(field: str, value: object) -> list[float] | None:
    """Read hours that a job waits in the queue: a number, or 1/4/24; nothing is not known."""
    if value is None or value == "" or value == []:
        return None
    parts = value.split("/") if isinstance(value, str) else value
    parts = list(parts) if isinstance(parts, list | tuple) else [parts]
    read = number(0, 10_000, required=True)
    hours = [float(str(read(field.replace("_", " "), part))) for part in parts]
    if len(hours) == 1:
        hours *= 3
    if len(hours) != 3 or hours != sorted(hours):
        sentence = f"The queue wait {value!r} is no range; write hours such as 1/4/24, ascending."
        raise Invalid(sentence)
    return hours


POOL_FIELDS: Mapping[str, Reader] = {
    "machine": text(100),
    "market": choice(*MARKETS),
    "prices": read_prices,
    "week": read_schedule,
    "windows": read_windows,
    "reservations": read_reservations,
    "preempted": number(0, 0.9, required=True),
    "queue_wait": read_wait,
}


def waited(estimate: Sequence[float], pool: PoolFacts, hours_a_day: float) -> list[float]:
    """Return a range in working days with the queue's wait before it and preemption in it.

    Low, likely and high are added each to its own: the range of a sum in which both go together.
    """
    wait = pool.queue_wait or (0.0, 0.0, 0.0)
    lost = 1.0 - (pool.preempted if pool.market == "spot" else 0.0)
    days = [one / hours_a_day for one in wait]
    return [round(work / lost + more, 4) for work, more in zip(estimate, days, strict=True)]
