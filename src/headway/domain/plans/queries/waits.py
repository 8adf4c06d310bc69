"""What blockers and promises mean for a plan: what they touch, what they cost, how much float."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django.db.models import OuterRef, Subquery

from headway.domain.accounts.rules import Actor
from headway.domain.plans.models import BlockedItem, PromiseItem, WaitOutlook, WorkItem
from headway.domain.plans.rules import (
    BlockerOutlook,
    BlockerStanding,
    PromiseOutlook,
    PromiseStanding,
    WaitItem,
)
from headway.domain.plans.rules.waits import standing_of
from headway.domain.programs.queries import projects_by_program, rows_at
from headway.domain.programs.rules import ProgramFacts
from headway.domain.risks.queries import blocker_named, blockers_by_program
from headway.domain.stakeholders.queries import promise_named, promises_by_program

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Outlook = TypeVar("Outlook", BlockerOutlook, PromiseOutlook)


def blocker_standings(
    actor: Actor,
    programs: Iterable[ProgramFacts],
    today: date,
    at: datetime | None = None,
    *,
    only_open: bool = False,
    slugs: Mapping[UUID, str] | None = None,
) -> Mapping[UUID, Sequence[BlockerStanding]]:
    """Return the blockers of many programs: open ones first, the oldest first, with items and cost.

    Five queries, however many there are; fewer where nothing blocks, or where `slugs`, the
    addresses of the programs' projects, are known already.
    """
    asked = list(programs)
    found = {
        one: [row for row in rows if row.is_open or not only_open]
        for one, rows in blockers_by_program(actor, asked, today, at).items()
    }
    ids = [row.id for rows in found.values() for row in rows]
    items = _items("blocker", ids, at, slugs or _slugs(actor, asked, at, ids))
    outlooks = _outlooks(_of_blockers().validate_python, "blocker", ids, at)
    return {
        one: [BlockerStanding(row, items.get(row.id, ()), outlooks.get(row.id)) for row in rows]
        for one, rows in found.items()
    }


def promise_standings(
    actor: Actor,
    programs: Iterable[ProgramFacts],
    today: date,
    at: datetime | None = None,
    *,
    only_open: bool = False,
    slugs: Mapping[UUID, str] | None = None,
) -> Mapping[UUID, Sequence[PromiseStanding]]:
    """Return the promises of many programs, open ones first, those with the least float first.

    Five queries, however many there are; fewer where nothing is promised, or `slugs` are known.
    """
    asked = {program.id: program for program in programs}
    found = {
        one: [row for row in rows if row.is_open or not only_open]
        for one, rows in promises_by_program(actor, asked.values(), at).items()
    }
    ids = [row.id for rows in found.values() for row in rows]
    items = _items("promise", ids, at, slugs or _slugs(actor, asked.values(), at, ids))
    outlooks = _outlooks(_of_promises().validate_python, "promise", ids, at)
    standings = {
        one: [
            standing_of(
                row, items.get(row.id, ()), outlooks.get(row.id), asked[one].calendar, today
            )
            for row in rows
        ]
        for one, rows in found.items()
    }
    return {one: sorted(rows, key=_place) for one, rows in standings.items()}


def _place(one: PromiseStanding) -> tuple[bool, bool, int, date]:
    return (
        not one.promise.is_open,
        one.float_days is None,
        one.float_days or 0,
        one.promise.promised or date.max,
    )


def blocker_standing(
    actor: Actor, program: ProgramFacts, key: str, today: date, at: datetime | None = None
) -> BlockerStanding:
    """Return one blocker with its items and cost; NotFound with the nearest key."""
    held = blocker_named(actor, program, key, today, at)
    rows = blocker_standings(actor, [program], today, at)[program.id]
    return next(one for one in rows if one.blocker.id == held.id)


def promise_standing(
    actor: Actor, program: ProgramFacts, key: str, today: date, at: datetime | None = None
) -> PromiseStanding:
    """Return one promise with its items and float; NotFound with the nearest key."""
    held = promise_named(actor, program, key, at)
    rows = promise_standings(actor, [program], today, at)[program.id]
    return next(one for one in rows if one.promise.id == held.id)


def _slugs(
    actor: Actor, programs: Iterable[ProgramFacts], at: datetime | None, wanted: Sequence[UUID]
) -> Mapping[UUID, str]:
    """Return the addresses of the programs' projects; nothing where nothing asks for them."""
    found = projects_by_program(actor, programs, at) if wanted else {}
    return {one.id: one.slug for rows in found.values() for one in rows}


def _items(
    side: str, ids: Sequence[UUID], at: datetime | None, slugs: Mapping[UUID, str]
) -> Mapping[UUID, Sequence[WaitItem]]:
    """Return the items of each blocker or promise, by address; two queries, or none."""
    if not ids:
        return {}
    model: Any = BlockedItem if side == "blocker" else PromiseItem
    links = [
        (getattr(row, f"{side}_id"), row.item_id)
        for row in rows_at(model, at, **{f"{side}_id__in": list(ids)})
    ]
    known = {
        row.id: WaitItem(f"{slugs[row.project_id]}/{row.key}", row.name, row.finished is not None)
        for row in rows_at(WorkItem, at, id__in=[item_id for _, item_id in links])
        if row.project_id in slugs
    }
    found: dict[UUID, list[WaitItem]] = {}
    for one, item_id in links:
        if item_id in known:
            found.setdefault(one, []).append(known[item_id])
    return {one: sorted(rows, key=lambda row: row.address) for one, rows in found.items()}


def _outlooks(
    read: Callable[[Any], Outlook], side: str, ids: Sequence[UUID], at: datetime | None
) -> Mapping[UUID, Outlook]:
    """Return the newest outlook of each, as known at `at`; one query, or none."""
    if not ids:
        return {}
    rows = WaitOutlook.objects.filter(**{f"{side}_id__in": list(ids)})
    same = WaitOutlook.objects.filter(**{f"{side}_id": OuterRef(f"{side}_id")})
    if at is not None:
        same = same.filter(at__lte=at)
    newest = rows.filter(id=Subquery(same.order_by("-at").values("id")[:1]))
    return {getattr(row, f"{side}_id"): read(row.answer) for row in newest}


@lru_cache(maxsize=1)
def _of_blockers() -> TypeAdapter[BlockerOutlook]:
    from pydantic import TypeAdapter

    return TypeAdapter(BlockerOutlook)


@lru_cache(maxsize=1)
def _of_promises() -> TypeAdapter[PromiseOutlook]:
    from pydantic import TypeAdapter

    return TypeAdapter(PromiseOutlook)


def write_wait(outlook: BlockerOutlook | PromiseOutlook) -> dict[str, Any]:
    """Return an outlook as JSON to keep."""
    written: dict[str, Any] = (
        _of_blockers().dump_python(outlook, mode="json")
        if isinstance(outlook, BlockerOutlook)
        else _of_promises().dump_python(outlook, mode="json")
    )
    return written
