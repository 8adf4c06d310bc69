"""What the footer of a Parquet file says of its columns: rows, nulls, ends. Nothing is scanned.

Only what is exact is taken: ends of numbers, dates and moments (those of text may be cut short),
and only where every row group tells them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from headway.analysis.summaries.scalars import Answer, Least, Measure, Most, NullCount, Rows
from headway.analysis.summaries.tables import Column, Kind, Table

if TYPE_CHECKING:
    from pyarrow.parquet import FileMetaData

_ENDED = (Kind.INTEGER, Kind.DECIMAL, Kind.NUMBER, Kind.DATE, Kind.TIME)
_VALUES = (int, float, Decimal, date, datetime)
#: Statistics looked at: a file of very many columns and row groups is scanned instead.
MOST = 1_000_000


def footer_facts(table: Table, columns: Iterable[str]) -> Mapping[Measure, Answer]:
    """Return rows, nulls and ends of `columns` as far as the footer of the file tells them.

    Empty for a table that is no Parquet file. An end is left out where a row group has none.
    """
    if table.path is None or not table.path.is_file():
        return {}
    import pyarrow.parquet

    metadata = pyarrow.parquet.read_metadata(table.path)
    wanted = set(columns)
    facts: dict[Measure, Answer] = {Rows(): int(metadata.num_rows)}
    if not metadata.num_row_groups or metadata.num_row_groups * len(wanted) > MOST:
        return facts
    first = metadata.row_group(0)
    for place in range(metadata.num_columns):
        name = metadata.schema.column(place).path
        column = table.columns.get(name)
        if name in wanted and column is not None and first.column(place).path_in_schema == name:
            facts |= _of_column(metadata, place, column)
    return facts


def _of_column(metadata: FileMetaData, place: int, column: Column) -> dict[Measure, Answer]:
    found = [
        metadata.row_group(group).column(place).statistics
        for group in range(metadata.num_row_groups)
    ]
    if any(one is None for one in found):
        return {}
    facts: dict[Measure, Answer] = {}
    if all(one.has_null_count for one in found):
        facts[NullCount(column.name)] = sum(int(one.null_count) for one in found)
    if column.kind not in _ENDED:
        return facts
    ends = [_ends(one) for one in found if not _only_nulls(one)]
    if ends and all(end is not None for end in ends):
        told = [end for end in ends if end is not None]
        facts[Least(column.name)] = min(low for low, _ in told)
        facts[Most(column.name)] = max(high for _, high in told)
    return facts


def _only_nulls(statistics: Any) -> bool:
    return bool(statistics.has_null_count and statistics.num_values == 0)


def _ends(statistics: Any) -> tuple[Any, Any] | None:
    if not statistics.has_min_max:
        return None
    try:
        low, high = _exact(statistics.min), _exact(statistics.max)
    except ValueError:  # nanoseconds that no moment of Python holds
        return None
    return None if low is None or high is None else (low, high)


def _exact(value: Any) -> Any:
    """Return an end that can be trusted; moments that have a zone in UTC."""
    if not isinstance(value, _VALUES) or isinstance(value, bool):
        return None
    if isinstance(value, float) and math.isnan(value):
        return None
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC)
    return value
