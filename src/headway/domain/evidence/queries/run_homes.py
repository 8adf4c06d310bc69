"""Training runs as costs ask for them: where they belong by their ids, and how long they took."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.evidence.models import Placement, Record, Subject
from headway.domain.evidence.queries.placed import holding, in_projects
from headway.domain.evidence.queries.told import current_runs

#: Values in one IN (…): SQLite's builds differ in how many they take.
_AT_ONCE = 500


def run_homes(actor: Actor, ids: Collection[str], at: datetime | None = None) -> Mapping[str, str]:
    """Return the project's address of each of these runs, as of `at`; unplaced ones are left out.

    An id is a run's own, or `server/id` as its subject names it.
    """
    require(actor, Permission.VIEW)
    if not ids:
        return {}
    mine = Record.objects.filter(workspace_id=actor.workspace_id, kind="run")
    sources = mine.values_list("source", flat=True).distinct()
    servers = {source.partition(":")[2] or source for source in sources}
    asked = {f"{server}/{one}": one for server in servers for one in ids} | {
        one: one for one in ids
    }
    names, found = sorted(asked), {}
    for start in range(0, len(names), _AT_ONCE):
        rows = Subject.objects.filter(
            workspace_id=actor.workspace_id, kind="run", name__in=names[start : start + _AT_ONCE]
        )
        for name, project in _homes(rows, at):
            if project:
                found[asked[name]] = project
    return found


def _homes(rows: QuerySet[Subject], at: datetime | None) -> Iterable[tuple[str, str | None]]:
    if at is None:
        return rows.values_list("name", "project__slug")
    slices = Placement.objects.filter(holding(at), subject__in=rows)
    return slices.values_list("subject__name", "project__slug")


@dataclass(frozen=True, slots=True)
class RunSpan:
    """A training run of a project: how it ended, and how long it took. `run` is `server/id`."""

    project_id: UUID
    run: str
    name: str
    group: str
    status: str
    started_at: datetime | None
    ended_at: datetime | None

    @property
    def minutes(self) -> float:
        """Return how long it took; 0 where nobody knows."""
        if self.started_at is None or self.ended_at is None:
            return 0.0
        return max((self.ended_at - self.started_at).total_seconds() / 60, 0.0)


def run_spans(
    actor: Actor, project_ids: Collection[UUID], at: datetime | None = None
) -> Sequence[RunSpan]:
    """Return the runs of these projects as known at `at`, the first started first; one query."""
    require(actor, Permission.VIEW)
    rows = in_projects(current_runs(actor.workspace_id, at), project_ids, at)
    columns = ("home", "subject__name", "name", "group", "status", "started_at", "ended_at")
    found = rows.filter(is_deleted=False).order_by("started_at", "subject__name")
    return [RunSpan(*row) for row in found.values_list(*columns)]
