"""The cost explorer: charges of some months, cut by filters and grouped by one question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from operator import add

from django.db.models import Max, Min

from headway.domain.accounts.rules import Actor
from headway.domain.costs.queries.allocation import Part, parts_of, placings_of
from headway.domain.costs.queries.bills import known_bills
from headway.domain.costs.queries.books import books_of
from headway.domain.programs.queries import programs_of, projects_by_program
from headway.errors import Invalid

_MICRO = Decimal("0.000001")
#: Months that are shown unless others are asked for.
USUAL_MONTHS = 12
#: What charges can be grouped and filtered by, besides `tag:NAME`.
GROUPS = (
    *("project", "category", "service", "service_category", "provider", "account"),
    *("sub_account", "resource", "charge", "rule", "program"),
)
UNALLOCATED, IDLE = "unallocated", "idle"


@dataclass(frozen=True, slots=True)
class CostView:
    """What is asked: grouped `by`, only where each of `filters` holds, of months first to last.

    `measure` is effective (burn) or billed (cash): never both in one sum.
    """

    by: str = "project"
    filters: Mapping[str, str] = field(default_factory=dict)
    first: date | None = None
    last: date | None = None
    measure: str = "effective"
    currency: str = ""


@dataclass(frozen=True, slots=True)
class CostRow:
    """One value of what is grouped by, its amounts by month, and how many rows of bills it is."""

    value: str
    label: str
    amounts: tuple[Decimal, ...]
    total: Decimal
    rows: int


@dataclass(frozen=True, slots=True)
class CostTable:
    """The answer, in one currency; `currencies` are all that the months hold."""

    months: Sequence[date]
    rows: Sequence[CostRow]
    currency: str
    currencies: Sequence[str]
    total: Decimal
    unallocated: Decimal
    idle: Decimal
    tax: Decimal
    credit: Decimal
    records: Sequence[int]
    values: Mapping[str, Sequence[str]]
    tags: Sequence[str]

    @property
    def by_month(self) -> Sequence[Decimal]:
        """Return the sum of each month."""
        columns = zip(*(row.amounts for row in self.rows), strict=True)
        return [sum(column, Decimal(0)) for column in columns]


def explore(actor: Actor, view: CostView, at: datetime | None = None) -> CostTable:
    """Return what `view` asks of the charges known at `at`. Raises Invalid for another question.

    Ten queries at most, however many charges there are.
    """
    for name in (view.by, *view.filters):
        if name not in GROUPS and not (name.startswith("tag:") and len(name) > 4):
            sentence = (
                f"Costs are not grouped by {name[:40]!r}; use {', '.join(GROUPS)} or tag:NAME."
            )
            raise Invalid(sentence)
    if view.measure not in ("effective", "billed"):
        sentence = f"The measure {view.measure[:40]!r} is neither effective nor billed."
        raise Invalid(sentence)
    months = _months(actor, view, at)
    names, homes = _projects(actor, at)
    found = _Sums(view, months, homes)
    if months:
        placed = placings_of(actor, at)
        books = books_of(actor, at, (months[0], months[-1]))
        parts = parts_of(books, placed, months, measure=view.measure)
        counted = {part.origin for part in parts if found.add(part)}
        found.records = sorted(book.record for book in books if counted & book.keys)
    return found.table(names)


def newest_months(actor: Actor, at: datetime | None = None) -> Sequence[date]:
    """Return the newest twelve months that bills tell, the oldest first; none before any bill."""
    return _months(actor, CostView(), at)


def _months(actor: Actor, view: CostView, at: datetime | None) -> list[date]:
    """Return the months asked for, ending with the newest bill's unless another end is said."""
    known = known_bills(actor, at).aggregate(first=Min("month"), last=Max("month"))
    last = view.last or known["last"]
    if last is None:
        return []
    first = view.first or max(known["first"] or last, _before(last, USUAL_MONTHS - 1))
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    if view.first is None and count < 1:
        return [last]
    if not 0 < count <= 120:
        span = f"{first.isoformat()[:7]} to {last.isoformat()[:7]}"
        sentence = f"{span} are {count} months; ask for 1 to 120."
        raise Invalid(sentence)
    return [_before(last, count - 1 - number) for number in range(count)]


def _before(month: date, count: int) -> date:
    number = month.year * 12 + month.month - 1 - count
    return date(number // 12, number % 12 + 1, 1)


def _projects(actor: Actor, at: datetime | None) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the names of projects and programs by address, and each project's program."""
    programs = programs_of(actor, at)
    names = {f"program {one.slug}": one.name for one in programs}
    homes = {}
    slugs = {one.id: one.slug for one in programs}
    for program, projects in projects_by_program(actor, programs, at).items():
        for project in projects:
            names[f"project {project.slug}"] = project.name
            homes[project.slug] = slugs[program]
    return names, homes


class _Sums:
    """Charges as they are added up."""

    def __init__(self, view: CostView, months: Sequence[date], homes: Mapping[str, str]) -> None:
        self.view, self.months, self.homes = view, months, homes
        self.sums: dict[tuple[str, str], list[int]] = {}
        self.rows: dict[tuple[str, str], int] = defaultdict(int)
        self.apart: dict[tuple[str, str], int] = defaultdict(int)
        self.values: dict[str, set[str]] = defaultdict(set)
        self.tags: set[str] = set()
        self.records: Sequence[int] = ()

    def add(self, part: Part) -> bool:
        """Count what belongs to a share of an origin; say whether the filters leave it in."""
        self._note(part)
        if any(self._value(part, name) != asked for name, asked in self.view.filters.items()):
            return False
        key = (part.placed.currency, self._value(part, self.view.by))
        held = self.sums.get(key)
        self.sums[key] = list(map(add, held, part.amounts)) if held else part.amounts
        self.rows[key] += part.rows
        for name in _apart(part):
            self.apart[key[0], name] += sum(part.amounts)
        return True

    def _note(self, part: Part) -> None:
        """Note what could be filtered by."""
        self.tags.update(part.placed.told.tags)
        for name in ("project", "category", "service", "provider", "account"):
            found = self.values[name]
            if len(found) < 200:
                found.add(self._value(part, name))

    def _value(self, part: Part, name: str) -> str:
        nobody = IDLE if part.placed.is_idle else UNALLOCATED
        match name:
            case "project":
                return part.project or nobody
            case "program":
                return self.homes.get(part.project, "") or nobody
            case "category":
                return part.placed.placing.category
            case "charge":
                return part.placed.told.category
            case "rule":
                return part.placed.placing.by or UNALLOCATED
            case _:
                return part.placed.told.value(name)

    def table(self, names: Mapping[str, str]) -> CostTable:
        currencies = sorted({currency for currency, _ in self.sums})
        asked = self.view.currency
        currency = asked if asked in currencies else self._main(currencies)
        rows = [
            CostRow(
                value,
                names.get(f"{self.view.by} {value}", value or "(none)"),
                tuple(micros * _MICRO for micros in amounts),
                sum(amounts) * _MICRO,
                self.rows[code, value],
            )
            for (code, value), amounts in self.sums.items()
            if code == currency
        ]
        rows.sort(key=lambda row: (-row.total, row.value))
        apart = {name: self.apart[currency, name] * _MICRO for name in _APART}
        return CostTable(
            self.months,
            rows,
            currency,
            currencies,
            sum((row.total for row in rows), Decimal(0)),
            records=self.records,
            values={name: sorted(found) for name, found in self.values.items()},
            tags=sorted(self.tags),
            **apart,
        )

    def _main(self, currencies: Iterable[str]) -> str:
        """Return the currency in which most was spent."""
        spent = {
            code: sum(sum(amounts) for (one, _), amounts in self.sums.items() if one == code)
            for code in currencies
        }
        return max(spent, key=lambda code: (spent[code], code), default="")


_APART = (UNALLOCATED, IDLE, "tax", "credit")


def _apart(part: Part) -> Iterator[str]:
    """Yield the lines that stand apart and that a part belongs to."""
    if part.placed.is_idle:
        yield IDLE
    elif not part.project:
        yield UNALLOCATED
    if part.placed.told.category in ("Tax", "Credit"):
        yield part.placed.told.category.lower()
