"""Rows as they are, or as they were: the one reading of plan history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

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
