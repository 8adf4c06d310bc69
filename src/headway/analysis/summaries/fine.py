"""The values of a few buckets, one by one: what makes a bracket exact."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from headway.analysis.summaries.buckets import as_number, bucket_number, filled
from headway.analysis.summaries.histograms import Histogram, Scale
from headway.analysis.summaries.tables import Column, Table

if TYPE_CHECKING:
    import ibis


def ask_fine(table: Table, column: Column, scale: Scale, buckets: Sequence[int]) -> Histogram:
    """Return how often each distinct value stands in the buckets of these numbers.

    The answer has a row for each value: ask for as many buckets as their counts allow.
    """
    rows: ibis.Table = table.expression.select(x=as_number(table, column))
    rows = rows.mutate(m=scale.centre, f=scale.factor)
    rows = rows.mutate(b=bucket_number(rows))
    rows = rows.filter(rows["b"].isin([int(bucket) for bucket in buckets]))
    answer = table.ask(rows.group_by("x").aggregate(n=rows.count()))
    values, _ = filled(answer["x"])
    return Histogram.of_values(scale, values, answer["n"].to_numpy())
