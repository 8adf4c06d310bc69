"""Time sheets: rows of person, day, hours and project or item become hours by month and role.

Amounts are hours at the rate of the person's role: evidence is seen by everybody, and what single
persons are paid is not. Names of people stay out of it for the same reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from headway.domain.costs.rules.bills import BillDraft
from headway.errors import Invalid

PROVIDER = "time sheets"
#: Headings by which a column is known, compared without case.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "person": ("person", "employee", "name", "who", "user", "mitarbeiter"),
    "day": ("day", "date", "datum", "started"),
    "hours": ("hours", "time", "stunden", "duration", "h"),
    "project": ("project", "projekt"),
    "item": ("item", "task", "key", "issue", "work item"),
}
#: Hours that one person may tell of one day.
MOST_HOURS = 24


@dataclass(frozen=True, slots=True)
class TimeEntry:
    """Hours of somebody in a role on a day, for a project (its address) and perhaps an item."""

    role: str
    day: date
    hours: Decimal
    project: str
    item: str = ""


@dataclass(frozen=True, slots=True)
class Rate:
    """What an hour costs, and in which currency."""

    amount: Decimal
    currency: str


def columns_of(header: Sequence[str], name: str) -> Mapping[str, int]:
    """Return where each field stands. Raises Invalid where one that is needed has no column."""
    found = {}
    for field, words in HEADINGS.items():
        place = next((at for at, one in enumerate(header) if one.strip().lower() in words), None)
        if place is not None:
            found[field] = place
    lacking = [one for one in ("person", "day", "hours") if one not in found]
    if not lacking and not {"project", "item"} & set(found):
        lacking = ["project (or item)"]
    if lacking:
        sentence = (
            f"{name} has no column for {', '.join(lacking)}; a time sheet has person, day, hours, "
            "and project or item."
        )
        raise Invalid(sentence)
    return found


def sheet_drafts(  # noqa: PLR0913  what, at which price, from where, whose
    entries: Iterable[TimeEntry],
    rate: Callable[[str, str], Rate],
    file: tuple[str, str],
    team: str = "",
    refused: int = 0,
    *,
    empty: str = "",
) -> list[BillDraft]:
    """Return a draft a month; `file` is its name and digest, `rate` what a role's hour costs.

    The rate may differ by project. The month `empty` has a draft although it has no hour.
    """
    months: dict[str, dict[tuple[str, ...], tuple[Decimal, Decimal, int]]] = defaultdict(dict)
    months.update({empty: {}} if empty else {})
    for entry in entries:
        price = rate(entry.role, entry.project)
        key = (entry.role, entry.project, entry.item, price.currency)
        hours, amount, rows = months[f"{entry.day:%Y-%m}"].get(key, (Decimal(0), Decimal(0), 0))
        told = (hours + entry.hours, amount + entry.hours * price.amount, rows + 1)
        months[f"{entry.day:%Y-%m}"][key] = told
    return [_draft(month, groups, file, team, refused) for month, groups in sorted(months.items())]


def _draft(
    month: str,
    groups: Mapping[tuple[str, ...], tuple[Decimal, Decimal, int]],
    file: tuple[str, str],
    team: str,
    refused: int,
) -> BillDraft:
    charges: list[dict[str, object]] = []
    sums: dict[str, tuple[Decimal, int]] = {}
    for (role, project, item, currency), (hours, amount, rows) in sorted(groups.items()):
        exact = f"{amount.quantize(Decimal('0.000001')).normalize():f}"
        tags = {"headway.project": project, **({"item": item} if item else {})}
        charges.append(
            {
                "category": "Usage",
                "currency": currency,
                "service_category": "People",
                "service": role or "(no role)",
                "sub_account": project,
                "resource": f"{hours.normalize():f} hours",
                "tags": tags,
                "billed": exact,
                "effective": exact,
                "rows": rows,
            }
        )
        total, count = sums.get(currency, (Decimal(0), 0))
        sums[currency] = (total + Decimal(exact), count + rows)
    totals = [
        {"category": "Usage", "currency": currency, "rows": count}
        | {"billed": f"{total.normalize():f}", "effective": f"{total.normalize():f}"}
        for currency, (total, count) in sorted(sums.items())
    ]
    rows = sum(count for _, count in sums.values())
    name, digest = file
    told = ("time sheet", name, digest, rows, refused, totals, charges)
    note = "Hours at the rate of each role; what single persons are paid is not in it."
    return BillDraft(PROVIDER, team, month, *told, (), (note,))
