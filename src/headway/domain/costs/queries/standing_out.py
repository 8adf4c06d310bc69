"""What stands out in daily costs: spikes and shifts by service, with the bills behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from headway.analysis.cost import Anomaly, Point, anomalies
from headway.domain.accounts.rules import Actor
from headway.domain.costs.models import DailyCost
from headway.domain.costs.queries.bills import known_bills

_MICRO = Decimal("0.000001")
#: Days that are looked at: what is older is history.
LOOKED_AT = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class StandingOut:
    """An anomaly of a service's daily cost, and the record of the bill that holds its day."""

    provider: str
    service: str
    currency: str
    anomaly: Anomaly
    record: int

    @property
    def sentence(self) -> str:
        """Return what happened."""
        found, money = self.anomaly, f"{self.currency} a day"
        if found.kind == "spike":
            day = f"{found.day:%d %b %Y}"
            return f"{self.service}: {found.seen:.2f} {money} on {day}, usually {found.usual:.2f}."
        way = "rose" if found.change > 0 else "fell"
        span = f"from {found.usual:.2f} to {found.seen:.2f} {money}"
        return f"{self.service} {way} {span}, since {found.day:%d %b %Y}."


def what_stands_out(actor: Actor, at: datetime | None = None) -> Sequence[StandingOut]:
    """Return the anomalies of the newest 120 days of each service, the largest change first.

    Two queries. A change below one unit of the currency a day is not told.
    """
    rows = DailyCost.objects.filter(
        workspace_id=actor.workspace_id, bill__in=known_bills(actor, at)
    )
    newest = rows.order_by("-day").values_list("day", flat=True).first()
    if newest is None:
        return []
    series: dict[tuple[str, str, str], dict[date, int]] = defaultdict(lambda: defaultdict(int))
    records: dict[tuple[str, str, date], int] = {}
    columns = ("bill__provider", "service", "currency", "day", "effective_micros")
    told = rows.filter(day__gt=newest - LOOKED_AT).values_list(*columns, "bill__record__sequence")
    for provider, service, currency, day, micros, record in told:
        series[provider, service, currency][day] += micros
        records[provider, service, day] = record
    found = []
    for (provider, service, currency), days in series.items():
        points = [Point(day, micros * _MICRO) for day, micros in sorted(days.items())]
        for one in anomalies(points):
            record = records.get((provider, service, one.day), 0)
            found.append(StandingOut(provider, service, currency, one, record))
    return sorted(found, key=lambda one: (-abs(one.anomaly.change), one.service, one.anomaly.day))
