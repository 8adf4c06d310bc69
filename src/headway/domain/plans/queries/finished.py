"""What finished work took: from which the range of work like it is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from headway.analysis.schedule.calendars import WorkingTime
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.plans.queries.network import joined_parts
from headway.domain.plans.rules import joined_plan
from headway.domain.programs.rules import ProgramFacts


@dataclass(frozen=True, slots=True)
class FinishedWork:
    """A finished item: what it took in working days, and that over its most likely estimate."""

    project: str
    key: str
    kind: str
    days: float
    ratio: float | None
    needs: Mapping[str, float]


def finished_work(
    actor: Actor, program: ProgramFacts, at: datetime | None = None
) -> Sequence[FinishedWork]:
    """Return the finished items of a program that began before they ended, the newest last."""
    require(actor, Permission.VIEW, program)
    parts = joined_parts(actor, program, at)
    time = WorkingTime.of(joined_plan(parts))
    names = {resource.id: resource.name for resource in parts.resources}
    needs: dict[object, dict[str, float]] = {}
    for need in parts.needs:
        needs.setdefault(need.item_id, {})[names[need.resource_id]] = need.units
    found = []
    for item in parts.items:
        if item.started is None or item.finished is None:
            continue
        took = time.end_of(item.finished) - time.start_of(item.started)
        if took <= 0:
            continue
        likely = float(item.estimate[1]) if item.estimate else 0.0
        slug, ratio = parts.slugs[item.project_id], took / likely if likely > 0 else None
        work = FinishedWork(slug, item.key, item.kind, took, ratio, needs.get(item.id, {}))
        found.append((item.finished, slug, item.key, work))
    return [work for *_, work in sorted(found, key=lambda one: one[:3])]
