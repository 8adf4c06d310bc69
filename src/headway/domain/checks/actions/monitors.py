"""Adding, changing, removing monitors, and putting them back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.checks.actions.tables import check_table
from headway.domain.checks.models import Monitor
from headway.domain.checks.queries import monitor_named
from headway.domain.checks.rules import MONITOR_FIELDS, MonitorFacts, check_monitor
from headway.domain.checks.rules.monitors import ALERT_AFTER, CLEAR_AFTER
from headway.domain.programs.actions.rows import add_row, change_row, put_back
from headway.domain.programs.queries import facts, project_named
from headway.domain.programs.rules.fields import clean, slug
from headway.errors import Conflict, Invalid, NotFound

#: Its record names a monitor by its key, and so does a shift.
LONGEST_KEY = 50

_DEFAULTS: Mapping[str, Any] = {
    "dimension": "",
    "table": {},
    "more_tables": {},
    "settings": {},
    "rhythm": {},
    "alert_after": ALERT_AFTER,
    "clear_after": CLEAR_AFTER,
    "owner": "",
    "commit": "",
    "is_enabled": True,
}
_NEEDED = ("name", "kind", "subject")


@transaction.atomic
def add_monitor(
    actor: Actor, project: str, key: str, values: Mapping[str, object], at: datetime
) -> MonitorFacts:
    """Add a monitor to a project (MONITOR_FIELDS; name, kind and subject are needed).

    Raises Invalid where its kind lacks a table or a setting, Conflict for a key that is taken.
    """
    require(actor, Permission.EVIDENCE)
    parent = project_named(actor, project)
    fields = clean(values, MONITOR_FIELDS)
    for field in _NEEDED:
        if not fields.get(field):
            sentence = f"A new monitor needs its {field}."
            raise Invalid(sentence)
    whole = check_monitor({**_DEFAULTS, **_given(fields)})
    _check_tables(actor, whole)
    name = str(slug("key", key))
    if len(name) > LONGEST_KEY:
        sentence = f"The key '{name}' has {len(name)} signs; at most {LONGEST_KEY} fit."
        raise Invalid(sentence)
    taken = Monitor.objects.filter(workspace_id=actor.workspace_id, key=name).first()
    if taken is not None:
        was = "was, and is removed" if taken.is_removed else "is"
        sentence = f"There {was} a monitor '{name}' already; choose another key."
        raise Conflict(sentence)
    row = Monitor(
        workspace_id=actor.workspace_id, project_id=parent.id, key=name, made_at=at, **whole
    )
    add_row(actor, row, at, "add_monitor", project=project, **whole)
    return facts(MonitorFacts, row)


def _given(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """Leave out what was left empty: then the default holds."""
    return {name: value for name, value in fields.items() if value is not None}


def _check_tables(actor: Actor, fields: Mapping[str, Any]) -> None:
    for table in (fields["table"], *fields["more_tables"].values()):
        if table:
            check_table(actor, table)


@transaction.atomic
def edit_monitor(
    actor: Actor,
    key: str,
    changes: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> MonitorFacts:
    """Change fields of a monitor; its runs and its evidence stay.

    What is watched stays the same thing: a monitor of another kind or subject is a new one.
    Raises Conflict when it changed since `version`.
    """
    require(actor, Permission.EVIDENCE)
    row = _locked(actor, key)
    fields = _given(clean(changes, MONITOR_FIELDS))
    for field in ("kind", "subject"):
        if field in fields and fields[field] != getattr(row, field) and row.runs.exists():
            sentence = (
                f"“{row.name}” has runs about its {field} '{getattr(row, field)}'; add a monitor "
                f"of its own for '{fields[field]}'."
            )
            raise Conflict(sentence)
    held = {name: getattr(row, name) for name in MONITOR_FIELDS}
    whole = check_monitor({**held, **fields})
    _check_tables(actor, fields={**held, **fields})
    wanted = {*fields, "settings", "dimension"}
    changed = {name: value for name, value in whole.items() if name in wanted}
    change_row(actor, row, changed, at, "edit_monitor", version)
    return facts(MonitorFacts, row)


@transaction.atomic
def remove_monitor(actor: Actor, key: str, at: datetime, *, version: int | None = None) -> None:
    """Stop a monitor for good; its runs and its evidence stay. `restore_monitor` is the undo."""
    require(actor, Permission.EVIDENCE)
    row = _locked(actor, key)
    change_row(actor, row, {"is_removed": True}, at, "remove_monitor", version)


@transaction.atomic
def restore_monitor(actor: Actor, key: str, version: int, at: datetime) -> MonitorFacts:
    """Give a monitor the values of an earlier version, or bring a removed one back with its runs.

    Raises NotFound where it never had that version.
    """
    require(actor, Permission.EVIDENCE)
    row = Monitor.objects.filter(workspace_id=actor.workspace_id, key=key).first()
    if row is None:
        sentence = f"There was never a monitor '{key}' in this workspace."
        raise NotFound(sentence)
    put_back(actor, Monitor, version, at, id=row.id)
    return monitor_named(actor, key)


def _locked(actor: Actor, key: str) -> Monitor:
    held = monitor_named(actor, key)
    return Monitor.objects.select_for_update().get(id=held.id)
