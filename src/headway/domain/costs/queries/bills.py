"""Bills as lists show them, and an export of everything that is projected from their records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.costs.models import Bill, Charge, DailyCost, Origin
from headway.domain.costs.queries.rules import allocation_rules
from headway.domain.costs.rules import TAGS_KEPT, BillLine
from headway.domain.programs.queries import facts
from headway.errors import NotFound
from headway.observation import canonical


def known_bills(actor: Actor, at: datetime | None = None) -> QuerySet[Bill]:
    """Return the bills that held at `at`: of each period the one that was learned last."""
    require(actor, Permission.VIEW)
    rows = Bill.objects.filter(workspace_id=actor.workspace_id)
    if at is None:
        return rows.filter(known_until__isnull=True)
    still = Q(known_until__isnull=True) | Q(known_until__gt=at)
    return rows.filter(still, known_from__lte=at)


def bill_lines(actor: Actor, at: datetime | None = None) -> Sequence[BillLine]:
    """Return the bills, the newest month first; one query."""
    rows = known_bills(actor, at).annotate(sequence=F("record__sequence"))
    return [_line(row) for row in rows.order_by("-month", "provider", "account", "id")]


def bill_line(actor: Actor, record: int, at: datetime | None = None) -> BillLine:
    """Return the bill of a record, superseded or not. Raises NotFound."""
    require(actor, Permission.VIEW)
    rows = Bill.objects.filter(workspace_id=actor.workspace_id, record__sequence=record)
    if at is not None:
        rows = rows.filter(known_from__lte=at)
    row = rows.annotate(sequence=F("record__sequence")).first()
    if row is None:
        sentence = f"There is no bill with the record {record} in this workspace."
        raise NotFound(sentence)
    return _line(row)


def _line(row: Any) -> BillLine:  # noqa: ANN401 - a Bill, annotated with its sequence
    return facts(BillLine, row, record=row.sequence)


def kept_tags(actor: Actor, more: Sequence[str] = ()) -> Sequence[str]:
    """Return the tags that are kept of a bill: the usual ones, those that rules ask, and `more`."""
    asked = [
        field.removeprefix("tag:")
        for rule in allocation_rules(actor)
        for field, _ in rule.conditions
        if field.startswith("tag:")
    ]
    return list(dict.fromkeys([*more, *asked, *TAGS_KEPT]))


def charge_export(actor: Actor) -> Iterator[str]:
    """Yield one canonical JSON line for each projected row, sorted by its id."""
    require(actor, Permission.VIEW)
    for model in (Bill, Origin, Charge, DailyCost):
        rows = model.objects.filter(workspace_id=actor.workspace_id).order_by("id")
        for row in rows.iterator(chunk_size=2_000):
            columns = {
                column.attname: _plain(getattr(row, column.attname))
                for column in row._meta.concrete_fields
            }
            yield canonical({"table": model.__name__, **columns})


def _plain(value: object) -> object:
    is_plain = value is None or isinstance(value, bool | int | str | dict | list)
    return value if is_plain or isinstance(value, datetime) else str(value)
