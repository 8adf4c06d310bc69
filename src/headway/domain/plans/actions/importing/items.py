"""The items of a file by key, and the links between them: exactly those of the file."""

from __future__ import annotations

from headway.analysis.schedule.plan import Link
from headway.domain.plans.actions.importing.job import Import
from headway.domain.plans.models import Dependency, WorkItem
from headway.domain.plans.rules.importing import item_fields
from headway.domain.programs.actions.rows import add_dated, delete_dated, save_dated


def write_items(job: Import) -> None:
    """Create and update items by key; one that the file no longer has is kept and listed."""
    there = {row.key: row for row in WorkItem.objects.filter(project_id=job.project.id)}
    fresh: list[WorkItem] = []
    updated: list[WorkItem] = []
    names: tuple[str, ...] = ()
    for order, item in enumerate(job.plan.items):
        fields = item_fields(item, order, job.scale, job.program.currency)
        row = there.get(item.id)
        if job.owners:
            fields["owner"] = job.owners.get(item.id) or (row.owner if row else "")
        names = tuple(fields)
        if row is None:
            row = WorkItem(
                workspace_id=job.actor.workspace_id,
                project_id=job.project.id,
                key=item.id,
                **fields,
            )
            fresh.append(row)
        elif any(getattr(row, name) != value for name, value in fields.items()):
            for name, value in fields.items():
                setattr(row, name, value)
            row.version += 1
            updated.append(row)
        job.rows[item.id] = row
    add_dated(job.actor, WorkItem, fresh, job.at)
    save_dated(job.actor, WorkItem, updated, [*names, "version"], job.at)
    job.created = {row.key for row in fresh}
    job.changed |= job.created | {row.key for row in updated}
    for key in sorted(set(there) - set(job.rows)):
        job.skip(None, f"item '{key}' is not in the file any more; it is kept as it was")


def write_links(job: Import) -> None:
    """Make the links of the file's items exactly those of the file."""
    ids = {row.id: key for key, row in job.rows.items()}
    held = {
        (ids[row.item_id], ids.get(row.predecessor_id, ""), row.kind): row
        for row in Dependency.objects.filter(item_id__in=list(ids))
    }
    wanted: dict[tuple[str, str, str], Link] = {
        (item.id, link.predecessor, link.type.value): link
        for item in job.plan.items
        for link in item.after
    }
    for place, row in held.items():
        # A link to another project's item is not the file's to remove.
        if place[1] and place not in wanted:
            delete_dated(job.actor, row, job.at)
            job.changed.add(place[0])
    fresh, moved = [], []
    for place, link in wanted.items():
        lag = link.lag if link.unit.value == "percent" else link.lag * _lag_scale(job, link)
        there = held.get(place)
        if there is None:
            fresh.append(_link(job, place, lag, link.unit.value))
        elif (there.lag, there.lag_unit) != (lag, link.unit.value):
            there.lag, there.lag_unit = lag, link.unit.value
            moved.append(there)
        else:
            continue
        job.changed.add(place[0])
    add_dated(job.actor, Dependency, fresh, job.at)
    save_dated(job.actor, Dependency, moved, ["lag", "lag_unit"], job.at)


def _lag_scale(job: Import, link: Link) -> float:
    """Return the scale of a lag: elapsed lags count days of the wall, not of work."""
    if link.unit.value == "working":
        return job.scale
    return {"hours": 1 / 24, "days": 1.0, "weeks": 7.0}[job.plan.unit.value]


def _link(job: Import, place: tuple[str, str, str], lag: float, unit: str) -> Dependency:
    item, predecessor, kind = place
    return Dependency(
        workspace_id=job.actor.workspace_id,
        item=job.rows[item],
        predecessor=job.rows[predecessor],
        kind=kind,
        lag=lag,
        lag_unit=unit,
    )
