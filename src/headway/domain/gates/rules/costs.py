"""What was spent on the way to a gate that did not open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from headway.domain.finance.rules import ActualFacts

#: Decisions after which a release does not enter the stage.
CLOSED = ("hold", "recycle", "kill")


@dataclass(frozen=True, slots=True)
class FailedGate:
    """A gate that was decided against, and what its project took since `since` (exclusive).

    `since` is the day the release entered the stage before, or was decided on last; None: since
    the first cost. `amount` None: no cost of the project is known.
    """

    release: str
    system: str
    stage: str
    outcome: str
    project: str
    since: date | None
    decided: date
    amount: Decimal | None
    currency: str


def spent_between(
    rows: Iterable[ActualFacts], since: date | None, until: date, cent: Decimal
) -> Decimal | None:
    """Return what fell on the days after `since` through `until`: each amount by its days.

    None where there is no row at all; a row of a period counts the share of its days inside.
    """
    known, total = False, Decimal(0)
    for row in rows:
        known = True
        first, last = min(row.period_start, row.period_end), row.period_end
        begin = first if since is None else max(first, since + timedelta(days=1))
        days = (min(last, until) - begin).days + 1
        if days > 0:
            total += row.amount * days / ((last - first).days + 1)
    return total.quantize(cent, ROUND_HALF_UP) if known else None
