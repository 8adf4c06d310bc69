"""Where training runs belong, asked by the ids that other systems know them by."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db.models import QuerySet

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.evidence.models import Placement, Record, Subject
from headway.domain.evidence.queries.placed import holding

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
