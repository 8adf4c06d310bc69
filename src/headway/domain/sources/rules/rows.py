"""Rows of work as they are kept between two readings: plain JSON, equal rows equal JSON."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from headway.connectors.work import WorkRow


@cache
def _adapter() -> TypeAdapter[WorkRow]:
    return TypeAdapter(WorkRow)


def kept_row(row: WorkRow) -> dict[str, Any]:
    """Return a row as JSON; what it does not state is left out."""
    plain: dict[str, Any] = _adapter().dump_python(row, mode="json", exclude_defaults=True)
    return plain


def row_from(kept: Mapping[str, Any]) -> WorkRow:
    """Return the row that `kept_row` wrote."""
    return _adapter().validate_python(kept)
