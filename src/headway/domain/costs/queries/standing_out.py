"""What stands out in daily costs: spikes and shifts, each told once, with the bills behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from django.db.models import Max

from headway.analysis.cost import Anomaly, Point, Sighting, anomalies, folded
from headway.analysis.cost.allocation import PROJECT_TAGS
from headway.domain.accounts.rules import Actor
from headway.domain.costs.models import DailyCost
from headway.domain.costs.queries.bills import known_bills

_MICRO = Decimal("0.000001")
#: Days that are looked at: what is older is history.
LOOKED_AT = timedelta(days=120)
_NAMES = {"service": "Service", "sub_account": "Sub-account", "region": "Region"}


@dataclass(frozen=True, slots=True)
class StandingOut:
    """An anomaly of the daily cost of a `value` of what days are told by, such as a region.

    `also` are the others in which the same money shows, as (by, value). `record` is the bill that
    holds its day.
    """

    provider: str
    by: str
    value: str
    currency: str
    anomaly: Anomaly
    record: int
    also: Sequence[tuple[str, str]] = ()

    @property
    def label(self) -> str:
        """Return what it is told by, in words."""
        return name_of(self.by)

    @property
    def words(self) -> Sequence[str]:
        """Return where else the same money shows, in words."""
        return [f"{name_of(by).lower()} {value or '(none)'}" for by, value in self.also]

    @property
    def sentence(self) -> str:
        """Return what happened."""
        found, money = self.anomaly, f"{self.currency} a day"
        named = self.value if self.by == "service" else f"{self.label} {self.value or '(none)'}"
        if found.kind == "spike":
            day = f"{found.day:%d %b %Y}"
            return f"{named}: {found.seen:.2f} {money} on {day}, usually {found.usual:.2f}."
        way = "rose" if found.change > 0 else "fell"
        span = f"from {found.usual:.2f} to {found.seen:.2f} {money}"
        return f"{named} {way} {span}, since {found.day:%d %b %Y}."


def name_of(by: str) -> str:
    """Return what days are told by, as a person names it."""
    if by.removeprefix("tag:") in PROJECT_TAGS:
        return "Project"
    return _NAMES.get(by) or f"Tag {by.removeprefix('tag:')}"


def what_stands_out(actor: Actor, at: datetime | None = None) -> Sequence[StandingOut]:
    """Return the anomalies of the newest 120 days, each money once, the largest change first.

    By service, sub-account, region and the tags that bills keep. Three queries, one where nothing
    came since the last look. A change below one unit of the currency a day is not told.
    """
    known = known_bills(actor, at)
    last = known.aggregate(last=Max("month"))["last"]
    if last is None:
        return []
    # A bill's days lie in its month, or shortly before: five months hold the newest 120 days.
    first = (last - LOOKED_AT - timedelta(days=31)).replace(day=1)
    bills = known.filter(month__gte=first).order_by("record__sequence")
    return _found(tuple(bills.values_list("id", "record__digest")))


@lru_cache(maxsize=16)
def _found(bills: tuple[tuple[object, str], ...]) -> Sequence[StandingOut]:
    """Return what stands out in some bills: kept, for what a record says never changes."""
    series: dict[tuple[str, str], dict[tuple[str, str], dict[date, int]]] = {}
    records: dict[tuple[str, str, str, date], int] = {}
    columns = ("bill__provider", "currency", "by", "value", "day", "effective_micros")
    rows = DailyCost.objects.filter(bill_id__in=[bill for bill, _ in bills])
    told = list(rows.values_list(*columns, "bill__record__sequence"))
    since = max((row[4] for row in told), default=date.min) - LOOKED_AT if told else date.min
    for provider, currency, by, value, day, micros, record in told:
        if day > since:
            held = series.setdefault((provider, currency), {})
            days = held.setdefault((by, value), defaultdict(int))
            days[day] += micros
            records[provider, by, value, day] = record
    found = [
        StandingOut(
            provider,
            one.by,
            one.value,
            currency,
            one.anomaly,
            records.get((provider, one.by, one.value, one.anomaly.day), 0),
            [(other.by, other.value) for other in others],
        )
        for (provider, currency), held in series.items()
        for one, others in folded(list(_sightings(held)))
    ]
    return sorted(found, key=lambda one: (-abs(one.anomaly.change), one.value, one.anomaly.day))


def _sightings(held: Mapping[tuple[str, str], Mapping[date, int]]) -> Iterable[Sighting]:
    for (by, value), days in held.items():
        points = [Point(day, micros * _MICRO) for day, micros in sorted(days.items())]
        for one in anomalies(points):
            yield Sighting(by, value, one)
