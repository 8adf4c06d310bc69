"""The resources of a file."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from headway.domain.people.actions import set_resource
from headway.domain.people.models import Resource
from headway.domain.people.queries import resources_of
from headway.domain.plans.actions.importing.job import Import
from headway.domain.plans.rules.importing import hourly


def write_resources(job: Import) -> Mapping[str, UUID]:
    """Make the resources that are new to the program; a different one is kept as it was."""
    held = {row.name: row for row in resources_of(job.actor, job.program)}
    for resource in job.plan.resources:
        rate = hourly(resource.rate, job.plan.calendar)
        known = held.get(resource.name)
        kind = "compute" if resource.kind == "compute" else "people"
        if known is None:
            values = {
                "capacity": resource.capacity,
                "rate": rate,
                "kind": kind,
                "steps": [[moment, units] for moment, units in resource.steps],
                "skills": list(resource.skills),
                "calendar": resource.calendar,
            }
            set_resource(job.actor, job.program.slug, resource.name, values, job.at)
        elif (known.capacity, known.rate) != (resource.capacity, rate):
            job.skip(
                resource.line,
                f"resource '{resource.name}': the program's own "
                f"({known.capacity:g} at {known.rate:f} an hour) is kept",
            )
    return dict(Resource.objects.filter(program_id=job.program.id).values_list("name", "id"))
