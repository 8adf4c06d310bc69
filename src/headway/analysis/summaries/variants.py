"""The variants of a trial in one question: units, sums and cross products of each metric's columns.

A unit with several rows is added up first; a unit in several variants is counted and left out. The
sums themselves: `variant_sums`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from headway.analysis.summaries.moments import Moments
from headway.analysis.summaries.tables import Column, Kind, Table
from headway.analysis.summaries.variant_sums import LOOK, VARIANT, Asked, Held, Lost, sums
from headway.errors import Invalid

if TYPE_CHECKING:
    import ibis

#: More values than this in the variant column, and it is not a variant column.
MOST_VARIANTS = 50
#: The one variant of rows that have none.
ALL = "all"
#: More looks than this are no looks: choose days, not seconds.
MOST_LOOKS = 5000
_SAMPLE = 10_000
_UNIT = "hw_unit"


@dataclass(frozen=True, slots=True)
class Measured:
    """The columns of one metric, and how the rows of one unit become one value: `sum` or `max`.

    A covariate is averaged over a unit's rows, whatever the metric: its sum would count rows, which
    came after the assignment. `trim` winsorises the value: what lies beyond the quantiles `trim`
    and 1 − `trim` of all units is set to them; 0 leaves it as it is.
    """

    value: str
    denominator: str = ""
    covariate: str = ""
    of_unit: str = "sum"
    is_binary: bool = False
    trim: float = 0.0

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns in the order of the moments."""
        return tuple(name for name in (self.value, self.denominator, self.covariate) if name)


@dataclass(frozen=True, slots=True)
class Grouping:
    """Which columns say who got what: the variant, the unit (one a row without), the look.

    Without a variant all rows are one, named ALL: what was before a trial.
    """

    variant: str
    unit: str = ""
    look: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Variants:
    """What a trial's table holds.

    `units[v, k]` counts the units of variant v first seen at look k (not cumulative); `looks` names
    the looks in order (one, unnamed, without a look column). `moments[m][v][k]` are of metric m, in
    the order of its columns; `lost[m][v]` is what did not count. `unassigned` rows had no variant
    or no unit; `exposed` units were in several variants and are in none of the numbers.
    """

    rows: int
    names: tuple[str, ...]
    looks: tuple[str, ...]
    units: NDArray[np.int64]
    moments: tuple[tuple[tuple[Moments, ...], ...], ...]
    lost: tuple[tuple[Lost, ...], ...]
    unassigned: int
    exposed: int


def variants_of(table: Table, grouping: Grouping, metrics: Sequence[Measured]) -> Variants:
    """Return counts and moments of each metric by variant and look.

    Raises Invalid: a column that is missing or no number, a variant column with too many values, a
    look column that is no date or number, looks without a value, a proportion that is not 0 or 1, a
    negative denominator, a table without rows.
    """
    _require(table, grouping, metrics)
    rows = _rows(table, grouping, metrics)
    if grouping.unit:
        names, total, unassigned = _assigned(table, rows)
        _require_variants(table, grouping.variant, len(names), "")
        rows = _units(rows, metrics, names)
    held = Held(table, _trimmed(table, rows, metrics), bool(grouping.look), _asked(metrics))
    found = sums(held)
    if not grouping.unit:
        total, unassigned = found.counted, found.outside
    if not found.names:
        raise Invalid(_nobody(table, grouping, found.outside))
    _require_looks(table, grouping, found.looks)
    return Variants(
        rows=total,
        names=found.names,
        looks=found.looks or ("",),
        units=found.units,
        moments=found.moments,
        lost=found.lost,
        unassigned=unassigned,
        exposed=found.outside if grouping.unit else 0,
    )


def _nobody(table: Table, grouping: Grouping, outside: int) -> str:
    if grouping.unit and outside:
        return (
            f"Each of the {outside:,} units in column {grouping.unit!r} of {table.name} is in "
            f"several "
            "variants, so that none can be compared. Is it the column of who was assigned?"
        )
    return f"{table.name} has no row with a variant; column {grouping.variant!r} is empty."


def _require(table: Table, grouping: Grouping, metrics: Sequence[Measured]) -> None:
    """Refuse columns that are not there or not of the kind that is asked of them."""
    columns = [table.column(name) for name in {n: None for one in metrics for n in one.columns}]
    _require_groups(table, grouping)
    sample = table.expression.limit(_SAMPLE)
    distinct = {}
    if grouping.variant:
        distinct = {"n": sample[table.column(grouping.variant).name].nunique()}
    answer = table.ask(sample.aggregate(rows=sample.count(), **distinct)).to_pylist()[0]
    if not answer["rows"]:
        sentence = f"{table.name} has a heading and no row: there is nothing to read out."
        raise Invalid(sentence)
    if distinct:
        where = f" in its first {_SAMPLE:,} rows"
        _require_variants(table, grouping.variant, answer["n"], where)
    for column in columns:
        _require_number(table, column)


def _require_groups(table: Table, grouping: Grouping) -> None:
    if grouping.unit:
        table.column(grouping.unit)
    if not grouping.look:
        return
    look = table.column(grouping.look)
    if look.kind not in (Kind.DATE, Kind.TIME, Kind.INTEGER):
        sentence = (
            f"Column {look.name!r} of {table.name} is {look.type}; looks go by a date, a time "
            "or a whole number."
        )
        raise Invalid(sentence)


def _require_variants(table: Table, column: str, distinct: int, where: str) -> None:
    if distinct > MOST_VARIANTS:
        sentence = (
            f"Column {column!r} of {table.name} has {distinct:,} values{where}; a trial has at "
            f"most {MOST_VARIANTS} variants. Is it the right column?"
        )
        raise Invalid(sentence)


def _require_number(table: Table, column: Column) -> None:
    if column.kind.is_numeric or column.kind is Kind.BOOLEAN:
        return
    sentence = (
        f"Column {column.name!r} of {table.name} is {column.type}{_example(table, column)}; a "
        "metric or covariate is a number or true/false. Correct the values that are text, or name "
        "another column."
    )
    raise Invalid(sentence)


def _example(table: Table, column: Column) -> str:
    """Return a value that keeps a text column from being numbers; nothing where none is found."""
    if column.kind is not Kind.TEXT or table.engine.name != "duckdb":
        return ""
    value = table.expression[column.name]
    odd = table.expression.filter(value.notnull() & value.try_cast("float64").isnull())
    found = table.ask(odd.select(value=odd[column.name]).limit(1))["value"].to_pylist()
    return f" (it holds {str(found[0])[:40]!r})" if found else ""


def _require_looks(table: Table, grouping: Grouping, looks: Sequence[str]) -> None:
    if len(looks) > MOST_LOOKS:
        sentence = (
            f"Column {grouping.look!r} of {table.name} has {len(looks):,} values; at most "
            f"{MOST_LOOKS:,} looks are read. Use days."
        )
        raise Invalid(sentence)


def _asked(metrics: Sequence[Measured]) -> tuple[Asked, ...]:
    slots = _slots(metrics)
    return tuple(
        Asked(
            tuple(slots.index(slot) for slot in _slots([metric])),
            has_denominator=bool(metric.denominator),
            has_covariate=bool(metric.covariate),
            is_binary=metric.is_binary,
            columns=metric.columns,
        )
        for metric in metrics
    )


def _slots(metrics: Sequence[Measured]) -> list[tuple[str, str, float]]:
    """Return (column, how a unit's rows become one, trim), each once: what is read of the table."""
    found: dict[tuple[str, str, float], None] = {}
    for metric in metrics:
        found[metric.value, metric.of_unit, metric.trim] = None
        if metric.denominator:
            found[metric.denominator, "sum", 0.0] = None
        if metric.covariate:
            found[metric.covariate, "mean", 0.0] = None
    return list(found)


def _rows(table: Table, grouping: Grouping, metrics: Sequence[Measured]) -> ibis.Table:
    """Return the rows with their variant as text, unit, look, and each slot as a float."""
    import ibis

    rows = table.expression
    variant = rows[grouping.variant] if grouping.variant else ibis.literal(ALL)
    chosen: dict[str, Any] = {VARIANT: variant.cast("string")}
    if grouping.unit:
        chosen[_UNIT] = rows[grouping.unit]
    if grouping.look:
        look = rows[grouping.look]
        chosen[LOOK] = look.cast("date") if table.column(grouping.look).kind is Kind.TIME else look
    for place, (name, _, _) in enumerate(_slots(metrics)):
        is_boolean = table.column(name).kind is Kind.BOOLEAN
        chosen[f"s{place}"] = _zero_or_one(rows[name]) if is_boolean else rows[name].cast("float64")
    return rows.select(**chosen)


def _zero_or_one(value: Any) -> Any:
    """Return a boolean as a float, which not every engine casts."""
    import ibis

    return ibis.cases((value, 1.0), (~value, 0.0), else_=ibis.null("float64"))


def _assigned(table: Table, rows: ibis.Table) -> tuple[tuple[str, ...], int, int]:
    """Return the variants, how many rows there are, and how many have no variant or no unit."""
    lost = rows.count(where=rows[_UNIT].isnull())
    answer = table.ask(rows.group_by(VARIANT).aggregate(n=rows.count(), lost=lost)).to_pylist()
    names = tuple(sorted(row[VARIANT] for row in answer if row[VARIANT] is not None))
    without = sum(row["n"] if row[VARIANT] is None else row["lost"] or 0 for row in answer)
    return names, sum(row["n"] for row in answer), without


def _units(rows: ibis.Table, metrics: Sequence[Measured], names: Sequence[str]) -> ibis.Table:
    """Return one row a unit; its variant is null where it had several.

    Variants are compared by their number, which a small integer holds: a text for each of millions
    of units would take half of the memory.
    """
    import ibis

    known = rows.filter(rows[VARIANT].notnull() & rows[_UNIT].notnull())
    if not names:
        return known
    codes = [(name, ibis.literal(code, "int16")) for code, name in enumerate(names)]
    known = known.mutate(hw_code=known[VARIANT].cases(*codes))
    wanted = {"hw_first": known["hw_code"].min(), "hw_last": known["hw_code"].max()}
    if LOOK in known.columns:
        wanted[LOOK] = known[LOOK].min()
    for place, (_, how, _) in enumerate(_slots(metrics)):
        wanted[f"s{place}"] = getattr(known[f"s{place}"], how)()
    units = known.group_by(_UNIT).aggregate(**wanted)
    words = [(code, name) for code, name in enumerate(names)]
    code = ibis.ifelse(units["hw_first"] == units["hw_last"], units["hw_first"], ibis.null("int16"))
    return units.mutate(**{VARIANT: code.cases(*words)}).drop("hw_first", "hw_last", _UNIT)


def _trimmed(table: Table, rows: ibis.Table, metrics: Sequence[Measured]) -> ibis.Table:
    """Return the rows with each slot that asks for it set to its own quantiles where beyond."""
    asked = {f"s{place}": trim for place, (_, _, trim) in enumerate(_slots(metrics)) if trim}
    if not asked:
        return rows
    wanted: dict[str, Any] = {}
    for slot, trim in asked.items():
        known = ~rows[slot].isnan()
        wanted[f"{slot}_low"] = rows[slot].quantile(trim, where=known)
        wanted[f"{slot}_high"] = rows[slot].quantile(1 - trim, where=known)
    answer = table.ask(rows.aggregate(**wanted)).to_pylist()[0]
    clipped = {
        slot: rows[slot].clip(lower=answer[f"{slot}_low"], upper=answer[f"{slot}_high"])
        for slot in asked
        if answer[f"{slot}_low"] is not None
    }
    return rows.mutate(**clipped) if clipped else rows
