"""Openings: when somebody comes at the odds, how they ramp up, what they cost by month."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from headway.domain.people.rules.ladder import PayBand, RateCardFacts
from headway.domain.programs.rules.fields import Reader, choice, day, decimals_of, number, text
from headway.domain.programs.rules.fields import slug as read_slug
from headway.domain.programs.rules.ranges import read_range
from headway.errors import Invalid

STATES = ("open", "offered", "filled", "cancelled")
#: Openings in these states will still cost and bring somebody.
COMING = frozenset({"open", "offered"})
#: Who pays for them in the plan: its work, at the rate of the resource they add to; or nothing of
#: it, so that their pay comes on top.
PAID = ("work", "apart")
#: Items that may wait for one opening.
MOST_ITEMS = 50
#: Steps in which somebody grows from their first day's share to all of it.
RAMP_STEPS = 3
LONGEST_LEAD, LONGEST_RAMP = 1_000.0, 104.0
#: Lead times and ramp-ups count at these odds in the schedule, and at even odds in the budget.
SCHEDULE_ODDS, BUDGET_ODDS = 0.8, 0.5


@dataclass(frozen=True, slots=True)
class OpeningFacts:
    """Somebody to be hired. `lead` is in calendar days from `opened_on`, `ramp` in weeks.

    `band` is the rate card's as it was when the opening was written: low, median, high (decimal
    text), on_cost, currency, origin. `raised` are [day, units more] written into the resource.
    """

    id: UUID
    workspace_id: UUID
    program_id: UUID
    key: str
    role: str
    level: str
    team: str
    resource: str
    units: float
    state: str
    opened_on: date
    needed_from: date | None
    filled_on: date | None
    lead: Sequence[float]
    ramp: Sequence[float]
    first_share: float
    band: Mapping[str, str]
    raised: Sequence[Sequence[Any]]
    version: int
    probability: float = 1.0
    items: Sequence[str] = ()
    paid: str = "work"

    @property
    def is_coming(self) -> bool:
        """Say whether somebody is still to come."""
        return self.state in COMING

    def arrives(self, odds: float, today: date | None = None) -> date:
        """Return by which day they are here at these odds: known once the opening is filled.

        With `today`, of somebody who has not come by then.
        """
        if self.filled_on is not None:
            return self.filled_on
        passed = (today - self.opened_on).days if today else 0
        days = triangular_quantile(self.lead, odds, passed)
        return self.opened_on + timedelta(days=math.ceil(days - 1e-9))

    @property
    def late_days(self) -> int | None:
        """Return how many days after they are needed they come at P80; None where no day is set."""
        if self.needed_from is None or self.state == "cancelled":
            return None
        return (self.arrives(SCHEDULE_ODDS) - self.needed_from).days

    def steps(self, odds: float = SCHEDULE_ODDS, *, later: int = 0) -> list[list[object]]:
        """Return [day, units more] from their first day until they are fully productive.

        Lead and ramp count at `odds`; `later` moves all of it by so many days.
        """
        weeks = triangular_quantile(self.ramp, odds)
        first = self.arrives(odds) + timedelta(days=later)
        rest = 1 - self.first_share if weeks else 0.0
        begin = self.first_share if weeks else 1.0
        found: list[list[object]] = [[first.isoformat(), round(begin * self.units, 6)]]
        for step in range(1, RAMP_STEPS + 1 if rest else 1):
            on = first + timedelta(days=round(weeks * 7 * step / RAMP_STEPS))
            found.append([on.isoformat(), round(rest * self.units / RAMP_STEPS, 6)])
        return [one for one in found if one[1]]

    @property
    def lost(self) -> float:
        """Return which share of the ramp-up is lost to learning: they grow from the first share."""
        return (1 - self.first_share) / 2

    @property
    def yearly(self) -> Decimal:
        """Return what they cost a year: the band's median with on-cost, times the units."""
        return (
            Decimal(self.band["median"]) * Decimal(self.band["on_cost"]) * Decimal(str(self.units))
        )


@dataclass(frozen=True, slots=True)
class MonthCost:
    """What openings cost in a month (its first day), in one currency."""

    month: date
    currency: str
    amount: Decimal


def triangular_quantile(span: Sequence[float], odds: float, passed: float = 0.0) -> float:
    """Return the value that a triangular distribution stays below with probability `odds`.

    `span` is [low, likely, high]. The closed form: F(x) = (x-a)²/((b-a)(c-a)) up to the mode. With
    `passed`, of a value that is known to be at least that; it is that where none can be.
    """
    low, mode, high = span
    width = high - low
    if passed > low:
        if passed >= high:
            return passed
        before = (passed - low) ** 2 / (width * (mode - low)) if passed < mode else 0.0
        if passed >= mode:
            before = 1 - (high - passed) ** 2 / (width * (high - mode))
        return max(passed, triangular_quantile(span, before + (1 - before) * odds))
    if width <= 0:
        return low
    at_mode = (mode - low) / width
    if odds <= at_mode:
        return low + math.sqrt(odds * width * (mode - low))
    return high - math.sqrt((1 - odds) * width * (high - mode))


def kept_band(band: PayBand, card: RateCardFacts) -> dict[str, str]:
    """Return the band as an opening keeps it, whatever becomes of the card."""
    return {
        "id": band.id,
        "low": str(band.low),
        "median": str(band.median),
        "high": str(band.high),
        "on_cost": str(card.on_cost),
        "currency": card.currency,
        "origin": card.origin,
    }


def months_paid(first: date, until: date) -> Sequence[tuple[date, Decimal]]:
    """Return the months from a first day of work through `until`, and the share of each worked."""
    found = []
    month = first.replace(day=1)
    while month <= until:
        following = (month + timedelta(days=32)).replace(day=1)
        days = (following - month).days
        found.append((month, Decimal(days - max((first - month).days, 0)) / days))
        month = following
    return found


def monthly_costs(
    openings: Sequence[OpeningFacts],
    until: date,
    odds: float = BUDGET_ODDS,
    today: date | None = None,
) -> Sequence[MonthCost]:
    """Return what the openings still to be filled cost by month and currency, through `until`.

    From the day they come at `odds`, `today` at the earliest, and as likely as anybody is found; a
    month they come in costs its days from then on.
    """
    sums: dict[tuple[date, str], Decimal] = {}
    for one in openings:
        if not one.is_coming:
            continue
        monthly = one.yearly / 12 * Decimal(str(one.probability))
        for month, share in months_paid(one.arrives(odds, today), until):
            key = (month, one.band["currency"])
            sums[key] = sums.get(key, Decimal(0)) + monthly * share
    return [
        MonthCost(
            month, money, amount.quantize(Decimal(1).scaleb(-decimals_of(money)), ROUND_HALF_UP)
        )
        for (month, money), amount in sorted(sums.items())
    ]


def with_steps(
    capacity: float, steps: Sequence[Sequence[Any]], added: Sequence[Sequence[Any]], sign: int = 1
) -> list[list[object]]:
    """Return a resource's steps with `added` [day, units more] put in, or taken out by `sign` -1.

    Taking out what was put in gives the steps that were there. Steps that change nothing are left
    out. Raises Invalid where capacity would fall below nothing: somebody changed it since.
    """
    levels = {str(since): float(level) for since, level in steps}
    more = [(str(since), sign * float(units)) for since, units in added]
    found: list[list[object]] = []
    before = round(capacity, 6)
    for on in sorted({*levels, *(since for since, _ in more)}):
        reached = [since for since in levels if since <= on]
        base = levels[max(reached)] if reached else capacity
        level = round(base + sum(units for since, units in more if since <= on), 6)
        if level < 0:
            sentence = f"The capacity would be {level:g} from {on} on; look at its steps first."
            raise Invalid(sentence)
        if level != before:
            found.append([on, level])
        before = level
    return found


def read_lead(field: str, value: object) -> list[float]:
    """Read a lead time in calendar days, as optimistic/likely/pessimistic."""
    return _span(field, value, LONGEST_LEAD, "calendar days, such as 45/75/120")


def read_items(field: str, value: object) -> list[str]:
    """Read which items wait for an opening: project/KEY each, by line or comma."""
    told = (
        value
        if isinstance(value, list | tuple)
        else str(value or "").replace(",", "\n").split("\n")
    )
    found = list(dict.fromkeys(filter(None, (str(one).strip() for one in told))))
    for one in found:
        project, _, key = one.partition("/")
        if not project or not key or len(one) > 200:
            sentence = f"The {field} name {one!r}; write each as project/KEY."
            raise Invalid(sentence)
    if len(found) > MOST_ITEMS:
        sentence = f"The {field} are {len(found)}; at most {MOST_ITEMS} may wait for one opening."
        raise Invalid(sentence)
    return found


def read_ramp(field: str, value: object) -> list[float]:
    """Read a ramp-up in weeks, as optimistic/likely/pessimistic."""
    return _span(field, value, LONGEST_RAMP, "weeks, such as 4/8/16")


def _span(field: str, value: object, most: float, rule: str) -> list[float]:
    found = read_range(field, value, low=0, high=most)
    if found is None:
        sentence = f"The {field} is empty; write it as a range in {rule}."
        raise Invalid(sentence)
    return list(found)


def _day_needed(field: str, value: object) -> date:
    found = day(field, value)
    if found is None:
        sentence = f"The day of {field.replace('_', ' ')} is empty; write it as 2026-03-15."
        raise Invalid(sentence)
    return found


OPENING_FIELDS: Mapping[str, Reader] = {
    "role": text(100, required=True),
    "level": read_slug,
    "team": text(100),
    "resource": text(100),
    "units": number(0.05, 1_000, required=True),
    "state": choice(*STATES),
    "opened_on": _day_needed,
    "needed_from": day,
    "filled_on": day,
    "lead": read_lead,
    "ramp": read_ramp,
    "first_share": number(0, 1, required=True),
    "probability": number(0, 1, required=True),
    "items": read_items,
    "paid": choice(*PAID),
}
#: What an opening is that says nothing else: our own starting point, to be edited.
USUAL_OPENING: Mapping[str, object] = {
    "lead": "45/75/120",
    "ramp": "4/8/16",
    "first_share": 0.25,
    "units": 1,
    "probability": 1,
}
