"""The items and links of a tracker: compared with a plan that others change too, and written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from headway.analysis.schedule.plan import Item
from headway.domain.plans.actions.importing.job import Import
from headway.domain.plans.models import (
    BlockedItem,
    Dependency,
    Need,
    PromiseItem,
    RiskEffect,
    WorkItem,
)
from headway.domain.plans.rules import DependencyFacts, ItemFacts, JoinedParts
from headway.domain.plans.rules.importing import item_fields
from headway.domain.plans.rules.merging import STATED, Brought, Merged, is_untouched, merge
from headway.domain.programs.actions.rows import add_dated, delete_dated, plain, save_dated
from headway.domain.programs.queries import facts

_DATES = frozenset({"not_before", "deadline", "started", "finished"})
#: Keys named in a sentence before it only counts.
_NAMED = 5


@dataclass(slots=True)
class TrackedImport(Import):
    """An import of a tracker: which items of the plan are its, and what is to become of them.

    `rows` are the items as they will be, `changed` the keys of those that differ; the rest is what
    has to be written.
    """

    rows: dict[str, WorkItem] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    fresh: list[WorkItem] = field(default_factory=list)
    updated: list[WorkItem] = field(default_factory=list)
    gone: list[WorkItem] = field(default_factory=list)
    fresh_links: list[Dependency] = field(default_factory=list)
    moved_links: list[Dependency] = field(default_factory=list)
    gone_links: list[Dependency] = field(default_factory=list)


Held = Mapping[str, Brought | None]
Place = tuple[str, str, str]


def merge_items(
    job: TrackedImport, before: Held, said: Mapping[str, Sequence[object]]
) -> dict[str, Brought | None]:
    """Find what changed since `before` (what the last import brought, by key); write nothing.

    Returns what the items of this import become; None for one that is Headway's own from now on,
    or gone. `said` holds the numbers that each item's range was made of.
    """
    there = {row.key: row for row in WorkItem.objects.filter(project_id=job.project.id)}
    told: dict[str, Mapping[str, object]] = {}
    order = max((row.order for row in there.values()), default=-1)
    for item in job.plan.items:
        row, brought = there.get(item.id), before.get(item.id)
        if row is not None:
            merged = _merged(job, item, row, brought, said[item.id])
            told[item.id], job.rows[item.id] = merged.fields, row
            job.updated += [row] if _take(row, merged) else []
            _say_kept(job, item.id, merged)
        elif brought is not None:
            job.skip(None, f"'{item.id}' was taken out of the plan here; it stays out.")
        else:
            fresh = _fresh(job, item, order + len(job.fresh) + 1)
            told[item.id], job.rows[item.id] = _plain(fresh), fresh
            job.fresh.append(fresh)
    job.changed |= {row.key for row in (*job.fresh, *job.updated)}
    links = _merge_links(job, before)
    became: dict[str, Brought | None] = {
        key: Brought(said[key], fields, links.get(key, ())) for key, fields in told.items()
    }
    return became | _take_away(job, there, before)


def write_merged(job: TrackedImport) -> None:
    """Write what was found, each row with its history."""
    add_dated(job.actor, WorkItem, job.fresh, job.at)
    save_dated(job.actor, WorkItem, job.updated, [*STATED, "remaining", "version"], job.at)
    for row in (*job.gone_links, *job.gone):
        delete_dated(job.actor, row, job.at)
    add_dated(job.actor, Dependency, job.fresh_links, job.at)
    save_dated(job.actor, Dependency, job.moved_links, ["lag", "lag_unit"], job.at)


def parts_merged(job: TrackedImport, parts: JoinedParts) -> JoinedParts:
    """Return a program's `parts` as they would stand after the import."""
    ours = {row.id: row for row in job.rows.values()}
    gone = {row.id for row in job.gone}
    items = [row for row in parts.items if row.id not in ours and row.id not in gone]
    items += [facts(ItemFacts, row) for row in ours.values()]
    places = {one: place for place, one in enumerate(parts.slugs)}
    items.sort(key=lambda row: (places[row.project_id], row.order, row.key))
    dropped = {_place(row) for row in (*job.gone_links, *job.moved_links)}
    links = [
        row
        for row in parts.dependencies
        if _place(row) not in dropped and not {row.item_id, row.predecessor_id} & gone
    ]
    links += [facts(DependencyFacts, row) for row in (*job.fresh_links, *job.moved_links)]
    needs = [row for row in parts.needs if row.item_id not in gone]
    return replace(parts, items=items, dependencies=links, needs=needs)


def _place(row: Dependency | DependencyFacts) -> tuple[UUID, UUID, str]:
    return row.item_id, row.predecessor_id, row.kind


def _plain(row: WorkItem) -> dict[str, object]:
    return plain({name: getattr(row, name) for name in STATED})


def _fresh(job: TrackedImport, item: Item, order: int) -> WorkItem:
    fields = item_fields(item, order, job.scale, job.program.currency)
    fields["owner"] = job.owners.get(item.id, "")
    return WorkItem(
        workspace_id=job.actor.workspace_id, project_id=job.project.id, key=item.id, **fields
    )


def _merged(
    job: TrackedImport, item: Item, row: WorkItem, before: Brought | None, said: Sequence[object]
) -> Merged:
    told = _fresh(job, item, row.order)
    told.owner = told.owner or row.owner
    return merge(_plain(row), _plain(told), before, said)


def _take(row: WorkItem, merged: Merged) -> bool:
    """Set what changed on a row; say whether anything did."""
    for name, value in merged.changes.items():
        is_day = name in _DATES and isinstance(value, str)
        setattr(row, name, date.fromisoformat(str(value)) if is_day else value)
    if row.started is None:
        row.remaining = None  # what is put back is whole again
    row.version += bool(merged.changes)
    return bool(merged.changes)


def _say_kept(job: TrackedImport, key: str, merged: Merged) -> None:
    names = ", ".join(name.replace("_", " ") for name in merged.kept)
    if names:
        reason = f"'{key}': its {names} was changed here and there; what was set here is kept."
        job.skip(None, reason)


def _merge_links(job: TrackedImport, before: Held) -> dict[str, list[list[object]]]:
    """Find the links that the tracker made and removed; return its links by item."""
    ids = {row.id: key for key, row in job.rows.items()}
    held: dict[Place, Dependency] = {
        (ids[row.item_id], ids[row.predecessor_id], row.kind): row
        for row in Dependency.objects.filter(item_id__in=list(ids), predecessor_id__in=list(ids))
    }
    wanted: dict[Place, float] = {
        (item.id, link.predecessor, link.type.value): link.lag * job.scale
        for item in job.plan.items
        for link in item.after
        if item.id in job.rows and link.predecessor in job.rows
    }
    was: dict[Place, float] = {
        (key, str(link[0]), str(link[1])): float(str(link[2]))
        for key, brought in before.items()
        for link in (brought.links if brought else ())
    }
    for place, lag in wanted.items():
        row = held.get(place)
        if row is None and place not in was:
            job.fresh_links.append(_link(job, place, lag))
        elif row is not None and lag not in (row.lag, was.get(place)):
            row.lag, row.lag_unit = lag, "working"
            job.moved_links.append(row)
        else:
            continue
        job.changed.add(place[0])
    for place, row in held.items():
        if place in was and place not in wanted:
            job.gone_links.append(row)
            job.changed.add(place[0])
    links: dict[str, list[list[object]]] = {}
    for (key, other, kind), lag in wanted.items():
        links.setdefault(key, []).append([other, kind, lag])
    return links


def _link(job: TrackedImport, place: Place, lag: float) -> Dependency:
    key, predecessor, kind = place
    return Dependency(
        workspace_id=job.actor.workspace_id,
        item_id=job.rows[key].id,
        predecessor_id=job.rows[predecessor].id,
        kind=kind,
        lag=lag,
        lag_unit="working",
    )


def _take_away(
    job: TrackedImport, there: Mapping[str, WorkItem], before: Held
) -> dict[str, Brought | None]:
    """Find what an import brought and the tracker has no more as work, if nobody built on it.

    What is finished stays: it was work. What a person changed or built on stays as theirs.
    """
    became: dict[str, Brought | None] = {}
    for key, brought in before.items():
        row = there.get(key)
        if brought is None or row is None or key in job.rows or row.finished is not None:
            continue
        became[key] = None
        if _is_built_on(job, row, brought, before):
            job.skip(None, f"'{key}' is no work there any more; it was built on here, so it stays.")
        else:
            job.gone.append(row)
            job.gone_links += _links_of(row)
    if job.gone:
        count, keys = len(job.gone), sorted(row.key for row in job.gone)
        names = ", ".join(keys[:_NAMED]) + (" …" if count > _NAMED else "")
        told = "item is" if count == 1 else "items are"
        job.notes.append(f"{count} {told} no work there any more and go: {names}.")
    # A link between two that go is listed by both.
    job.gone_links = list({row.id: row for row in job.gone_links}.values())
    return became


def _links_of(row: WorkItem) -> QuerySet[Dependency]:
    return Dependency.objects.filter(Q(item_id=row.id) | Q(predecessor_id=row.id))


def _is_built_on(job: TrackedImport, row: WorkItem, brought: Brought, before: Held) -> bool:
    """Say whether somebody changed an item since, or hung something on it."""
    if not is_untouched(_plain(row), brought) or row.remaining or row.attempts or row.cost_minor:
        return True
    for tie in (Need, RiskEffect, BlockedItem, PromiseItem):
        ties: Any = tie
        if ties.objects.filter(item_id=row.id).exists():
            return True
    ends = _links_of(row).values_list("item__key", "item__project_id", "predecessor__key", "kind")
    return any(
        project != job.project.id or not _was_brought(before, key, other, kind)
        for key, project, other, kind in ends
    )


def _was_brought(before: Held, key: str, other: str, kind: str) -> bool:
    brought = before.get(key)
    return brought is not None and any(
        (link[0], link[1]) == (other, kind) for link in brought.links
    )
