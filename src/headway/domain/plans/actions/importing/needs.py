"""The resources of a file, and what its items need of them."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from headway.domain.people.actions import set_resource
from headway.domain.people.models import Resource
from headway.domain.people.queries import resources_of
from headway.domain.plans.actions.importing.job import Import
from headway.domain.plans.models import Need
from headway.domain.plans.rules.importing import hourly
from headway.domain.programs.actions.rows import add_dated, delete_dated, save_dated


def write_resources(job: Import) -> Mapping[str, UUID]:
    """Make the resources that are new to the program; a different one is kept as it was."""
    held = {row.name: row for row in resources_of(job.actor, job.program)}
    for resource in job.plan.resources:
        rate = hourly(resource.rate, job.plan.calendar)
        known = held.get(resource.name)
        kind = "compute" if resource.kind == "compute" else "people"
        if known is None:
            values = {"capacity": resource.capacity, "rate": rate, "kind": kind}
            set_resource(job.actor, job.program.slug, resource.name, values, job.at)
        elif (known.capacity, known.rate) != (resource.capacity, rate):
            job.skip(
                resource.line,
                f"resource '{resource.name}': the program's own "
                f"({known.capacity:g} at {known.rate:f} an hour) is kept",
            )
    return dict(Resource.objects.filter(program_id=job.program.id).values_list("name", "id"))


def write_needs(job: Import, resources: Mapping[str, UUID]) -> None:
    """Make the needs of the file's items exactly those of the file."""
    ids = {row.id: key for key, row in job.rows.items()}
    held = {
        (ids[row.item_id], row.resource_id): row
        for row in Need.objects.filter(item_id__in=list(ids))
    }
    wanted = {
        (item.id, resources[name]): units
        for item in job.plan.items
        for name, units in item.needs.items()
    }
    fresh, moved = [], []
    for place, units in wanted.items():
        row = held.get(place)
        if row is None:
            fresh.append(
                Need(
                    workspace_id=job.actor.workspace_id,
                    item=job.rows[place[0]],
                    resource_id=place[1],
                    units=units,
                )
            )
        elif row.units != units:
            row.units = units
            moved.append(row)
        else:
            continue
        job.changed.add(place[0])
    for place, row in held.items():
        if place not in wanted:
            delete_dated(job.actor, row, job.at)
            job.changed.add(place[0])
    add_dated(job.actor, Need, fresh, job.at)
    save_dated(job.actor, Need, moved, ["units"], job.at)
