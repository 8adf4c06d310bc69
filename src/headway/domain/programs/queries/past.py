"""Rows as they are, or as they were: the one reading of plan history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import CharField, Model, QuerySet
from django.db.models.functions import Cast

from headway.errors import NotFound

Row = TypeVar("Row", bound=Model)


def rows_at(model: type[Row], at: datetime | None, **conditions: object) -> list[Row]:
    """Return the rows of `model` that meet `conditions`, now or as known `at`; one query.

    Conditions must name columns of the row itself that never change (its workspace, its project):
    a join would reach into the present. Order is the caller's: history has none.
    """
    if at is None:
        return list(model._default_manager.filter(**conditions))
    past = _history(model).filter(history_date__lte=at, **conditions).latest_of_each()
    # Two changes at one instant have the same date: the one written last is what we knew.
    latest = {row.id: row for row in past.order_by("history_id")}
    return [row.instance for row in latest.values() if row.history_type != "-"]


def columns_at(
    model: type[Row], at: datetime | None, names: Sequence[str], **conditions: object
) -> dict[Any, tuple[Any, ...]]:
    """Return columns of the rows that `rows_at` would return, by id; one query.

    For tables of ten thousands of rows, of which a page needs little.
    """
    if at is None:
        now = model._default_manager.filter(**conditions).values_list("id", *names)
        return {row[0]: row[1:] for row in now}
    past = _history(model).filter(history_date__lte=at, **conditions)
    found: dict[Any, tuple[Any, ...]] = {}
    versions = past.order_by("history_date", "history_id")
    for row_id, change, *row in versions.values_list("id", "history_type", *names):
        if change == "-":
            found.pop(row_id, None)
        else:
            found[row_id] = tuple(row)
    return found


def values_at(
    model: type[Row], at: datetime, names: Sequence[str], **conditions: object
) -> list[tuple[Any, ...]]:
    """Return columns of the rows that `rows_at` would return for a past moment; one query.

    A version is told from another by its id as text: making keys of tens of thousands is dear. An
    id among `names` is text as well, as the database writes it: see `texts_of`.
    """
    keys = {name: Cast(name, CharField()) for name in ("id", *names) if name.endswith("id")}
    shown = {f"{name}_text": key for name, key in keys.items()}
    past = _history(model).filter(history_date__lte=at, **conditions).annotate(**shown)
    columns = [f"{name}_text" if name in keys else name for name in names]
    found: dict[str, tuple[Any, ...]] = {}
    versions = past.order_by("history_date", "history_id")
    for row_id, change, *row in versions.values_list("id_text", "history_type", *columns):
        if change == "-":
            found.pop(row_id, None)
        else:
            found[row_id] = tuple(row)
    return list(found.values())


def texts_of(row_id: UUID) -> tuple[str, str]:
    """Return an id as a database may write it: SQLite without dashes, PostgreSQL with them."""
    return row_id.hex, str(row_id)


def rows_at_each(
    model: type[Row], moments: Sequence[datetime], **conditions: object
) -> list[list[Row]]:
    """Return the rows of `model` as known at each of `moments` (ascending); one query for all.

    Conditions as for `rows_at`.
    """
    if not moments:
        return []
    past = _history(model).filter(history_date__lte=moments[-1], **conditions)
    found: list[list[Row]] = []
    latest: dict[object, Any] = {}
    versions = iter([*past.order_by("history_date", "history_id")])
    waiting = next(versions, None)
    for moment in moments:
        while waiting is not None and waiting.history_date <= moment:
            latest[waiting.id] = waiting
            waiting = next(versions, None)
        found.append([row.instance for row in latest.values() if row.history_type != "-"])
    return found


def ids_ever(model: type[Row], at: datetime | None, **conditions: object) -> QuerySet[Any, Any]:
    """Return a subquery of the ids of rows that meet `conditions`, to select their parts by."""
    if at is None:
        return model._default_manager.filter(**conditions).values("id")
    ids: QuerySet[Any, Any] = (
        _history(model).filter(history_date__lte=at, **conditions).values("id")
    )
    return ids


def row_at(model: type[Row], at: datetime | None, missing: str, **conditions: object) -> Row:
    """Return the one row that meets `conditions`; NotFound with the sentence `missing`."""
    rows = rows_at(model, at, **conditions)
    if not rows:
        raise NotFound(missing)
    return rows[0]


def _history(model: type[Row]) -> Any:  # noqa: ANN401 - simple_history is not typed
    history: Any = model.history  # type: ignore[attr-defined]
    return history
