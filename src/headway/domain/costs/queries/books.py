"""The charges of bills, read once: a bill's record never changes, so what it says is kept.

Five years of 200 projects are a hundred thousand charges; to read them anew for each page takes
longer than all the rest of it. Kept by the digest of the bill's record, and origins by their id,
which is made of what they say: a corrected bill has another record, so nothing kept is ever stale.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import TextField
from django.db.models.functions import Cast

from headway.analysis.cost import Origin as Told
from headway.domain.accounts.rules import Actor
from headway.domain.costs.models import Charge, Origin
from headway.domain.costs.queries.bills import known_bills

#: Values in one IN (…): SQLite's builds differ in how many they take.
_AT_ONCE = 500

T = TypeVar("T")


class _Kept(Generic[T]):
    """Values that never change, by key; past `most` weights the longest unused fall out."""

    def __init__(self, most: int) -> None:
        self._most, self._weight = most, 0
        self._held: OrderedDict[str, tuple[T, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str) -> T | None:
        with self._lock:
            found = self._held.get(key)
            if found is None:
                return None
            self._held.move_to_end(key)
            return found[0]

    def keep(self, key: str, value: T, weight: int = 1) -> None:
        with self._lock:
            if key not in self._held:
                self._weight += weight
            self._held[key] = value, weight
            while self._weight > self._most and len(self._held) > 1:
                _, (_, gone) = self._held.popitem(last=False)
                self._weight -= gone


@dataclass(frozen=True, slots=True)
class Book:
    """The charges of one bill, column by column: each an origin's (its id), in millionths.

    `keys` are all of the origins.
    """

    record: int
    digest: str
    month: date
    origins: tuple[str, ...]
    keys: frozenset[str]
    billed: array[int]
    effective: array[int]
    rows: array[int]


#: A million charges are some 40 MB.
_BOOKS: _Kept[Book] = _Kept(1_000_000)
_ORIGINS: _Kept[tuple[Told, str]] = _Kept(100_000)


def books_of(
    actor: Actor, at: datetime | None = None, months: tuple[date, date] | None = None
) -> Sequence[Book]:
    """Return the charges of the bills known at `at`, the oldest month first.

    `months` are the first and the last. A query, and one more where bills are new to this process
    (for each 500 of them).
    """
    known = known_bills(actor, at)
    if months is not None:
        known = known.filter(month__gte=months[0], month__lte=months[1])
    columns = ("id", "record__digest", "record__sequence", "month")
    bills = list(known.order_by("month", "record__sequence").values_list(*columns))
    found = {digest: _BOOKS.get(digest) for _, digest, _, _ in bills}
    missing = {bill[0]: bill for bill in bills if found[bill[1]] is None}
    for book in _read(missing):
        found[book.digest] = book
        _BOOKS.keep(book.digest, book, len(book.origins) + 1)
    return [book for book in found.values() if book is not None]


def _read(bills: Mapping[Any, tuple[Any, ...]]) -> Sequence[Book]:
    """Return what is read of bills, which are (id, digest, record, month) by id.

    Ids as text: to make a hundred thousand of them UUIDs would take longer than all the rest.
    """
    rows: dict[str, list[tuple[str, int, int, int]]] = {}
    ids = list(bills)
    names: dict[str, str] = {}  # one text an origin, however many bills name it
    columns = ("home", "key", "billed_micros", "effective_micros", "rows")
    for start in range(0, len(ids), _AT_ONCE):
        told = Charge.objects.filter(bill_id__in=ids[start : start + _AT_ONCE]).annotate(
            home=Cast("bill_id", TextField()), key=Cast("origin_id", TextField())
        )
        for home, key, *amounts in told.values_list(*columns):
            rows.setdefault(home, []).append((names.setdefault(key, key), *amounts))
    charges = {UUID(home): told for home, told in rows.items()}
    return [_book(bill, charges.get(key, ())) for key, bill in bills.items()]


def _book(bill: tuple[Any, ...], charges: Sequence[tuple[str, int, int, int]]) -> Book:
    _, digest, record, month = bill
    origins, billed, effective, rows = zip(*sorted(charges), strict=True) if charges else ((),) * 4
    amounts = (array("q", one) for one in (billed, effective, rows))
    return Book(record, digest, month, origins, frozenset(origins), *amounts)


def origins_of(actor: Actor) -> Mapping[str, tuple[Told, str]]:
    """Return what all charges of a workspace are for, with their currency, by id.

    A query, and one more where origins are new to this process (for each 500 of them).
    """
    mine = Origin.objects.filter(workspace_id=actor.workspace_id)
    keys = mine.annotate(key=Cast("id", TextField())).order_by("id").values_list("key", flat=True)
    found = {key: _ORIGINS.get(key) for key in keys}
    missing = [key for key, held in found.items() if held is None]
    for key, told in _told(missing).items():
        found[key] = told
        _ORIGINS.keep(key, told)
    return {key: told for key, told in found.items() if told is not None}


def _told(keys: Collection[str]) -> Mapping[str, tuple[Told, str]]:
    found: dict[str, tuple[Told, str]] = {}
    ids = list(keys)
    texts = ("provider", "account", "sub_account", "service_category", "service", "resource")
    columns = ("key", "currency", *texts, "category", "tags")
    for start in range(0, len(ids), _AT_ONCE):
        rows = Origin.objects.filter(id__in=ids[start : start + _AT_ONCE]).annotate(
            key=Cast("id", TextField())
        )
        for key, currency, *told in rows.values_list(*columns):
            found[key] = Told(*told), currency
    return found
