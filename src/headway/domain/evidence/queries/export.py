"""A sorted export of every projection, to prove that a rebuild changes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Model

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.evidence.models import Reading, Run
from headway.observation import canonical


def projection_export(actor: Actor) -> Iterator[str]:
    """Yield one canonical JSON line for each projected row, sorted by its id."""
    require(actor, Permission.VIEW)
    models: tuple[type[Run] | type[Reading], ...] = (Run, Reading)
    for model in models:
        rows = model.objects.filter(workspace_id=actor.workspace_id).order_by("id")
        for row in rows.iterator(chunk_size=2_000):
            yield canonical({"table": model.__name__, **_columns(row)})


def _columns(row: Model) -> dict[str, object]:
    """Return the row's columns as JSON-like values."""
    columns = {}
    for column in row._meta.concrete_fields:
        value = getattr(row, column.attname)
        plain = value is None or isinstance(value, bool | int | float | str | dict)
        columns[column.attname] = value if plain or hasattr(value, "astimezone") else str(value)
    return columns
