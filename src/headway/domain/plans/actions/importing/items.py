"""The items, links and needs of a file: compared with those held, and written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from headway.domain.plans.actions.importing.job import Import
from headway.domain.plans.models import Dependency, Need, WorkItem
from headway.domain.plans.rules.changes import Changes, HeldParts, Scale, changes_of
from headway.domain.plans.rules.importing import ITEM_COLUMNS
from headway.domain.programs.actions.rows import add_dated, delete_dated, save_dated

#: Rows that are written before the progress is told again.
_STEP = 1_000


def compare(job: Import) -> Changes:
    """Return what the file changes; an item that it no longer has is kept and listed."""
    scale = Scale(job.scale, job.program.currency, job.owners)
    changes = changes_of(job.plan, scale, _held(job))
    for key in changes.missing:
        job.skip(None, f"item '{key}' is not in the file any more; it is kept as it was")
    return changes


def _held(job: Import) -> HeldParts:
    """Return what the project holds of the file's items, in three questions."""
    here = {"item__project_id": job.project.id}
    rows = WorkItem.objects.filter(project_id=job.project.id)
    items = {
        row["key"]: (row["id"], row) for row in rows.values("id", "key", "owner", *ITEM_COLUMNS)
    }
    told = {item.id for item in job.plan.items}
    keys = {item_id: key for key, (item_id, _) in items.items() if key in told}
    links = Dependency.objects.filter(**here).values_list(
        "id", "item_id", "predecessor_id", "kind", "lag", "lag_unit"
    )
    needs = Need.objects.filter(**here).values_list("id", "item_id", "resource__name", "units")
    return HeldParts(
        items,
        {
            (keys[item], keys[before], kind): (row, (lag, unit))
            for row, item, before, kind, lag, unit in links
            # A link to an item that is not the file's is not the file's to remove.
            if item in keys and before in keys
        },
        {(keys[item], name): (row, units) for row, item, name, units in needs if item in keys},
    )


def write_items(job: Import, changes: Changes) -> None:
    """Make the new items and change the others, each with its history."""
    fresh = [
        WorkItem(
            id=changes.ids[key],
            workspace_id=job.actor.workspace_id,
            project_id=job.project.id,
            key=key,
            **changes.fields[key],
        )
        for key in changes.fields
        if key in changes.fresh
    ]
    _add(job, "items", WorkItem, fresh)
    names = next(iter(changes.fields.values()), {})
    updated = [(changes.ids[key], changes.fields[key]) for key in sorted(changes.updated)]
    for start in range(0, len(updated), _STEP):
        job.tell("changed items", start, len(updated))
        wanted = dict(updated[start : start + _STEP])
        rows = list(WorkItem.objects.filter(id__in=list(wanted)))
        for row in rows:
            for name, value in wanted[row.id].items():
                setattr(row, name, value)
            row.version += 1
        save_dated(job.actor, WorkItem, rows, [*names, "version"], job.at)


def write_links(job: Import, changes: Changes) -> None:
    """Make the links of the file's items exactly those of the file."""
    links, ids = changes.links, changes.ids
    _remove(job, Dependency, links.gone)
    fresh = []
    for place in links.fresh:
        (item, before, kind), (lag, unit) = place, links.wanted[place]
        told = {"kind": kind, "lag": lag, "lag_unit": unit}
        ends = {"item_id": ids[item], "predecessor_id": ids[before]}
        fresh.append(Dependency(workspace_id=job.actor.workspace_id, **ends, **told))
    _add(job, "links", Dependency, fresh)
    moved = {row: {"lag": lag, "lag_unit": unit} for row, (lag, unit) in links.moved.items()}
    _change(job, Dependency, moved, ("lag", "lag_unit"))


def write_needs(job: Import, changes: Changes, resources: Mapping[str, UUID]) -> None:
    """Make the needs of the file's items exactly those of the file."""
    needs = changes.needs
    fresh = [
        Need(
            workspace_id=job.actor.workspace_id,
            item_id=changes.ids[place[0]],
            resource_id=resources[place[1]],
            units=needs.wanted[place],
        )
        for place in needs.fresh
    ]
    _add(job, "needs", Need, fresh)
    _change(job, Need, {row: {"units": units} for row, units in needs.moved.items()}, ("units",))
    _remove(job, Need, needs.gone)


def _add(job: Import, what: str, model: Any, rows: Sequence[Any]) -> None:  # noqa: ANN401
    for start in range(0, len(rows), _STEP):
        job.tell(what, start, len(rows))
        add_dated(job.actor, model, rows[start : start + _STEP], job.at)


def _change(
    job: Import,
    model: Any,  # noqa: ANN401 - simple_history is not typed
    wanted: Mapping[UUID, Mapping[str, object]],
    names: Sequence[str],
) -> None:
    rows = list(model.objects.filter(id__in=list(wanted)))
    for row in rows:
        for name, value in wanted[row.id].items():
            setattr(row, name, value)
    save_dated(job.actor, model, rows, names, job.at)


def _remove(job: Import, model: Any, gone: Sequence[UUID]) -> None:  # noqa: ANN401
    for row in model.objects.filter(id__in=list(gone)):
        delete_dated(job.actor, row, job.at)
