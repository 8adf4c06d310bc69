"""Rules proposed from a table that is good, as YAML with reasons, for a person to review.

What is proposed holds for the table it came from, and is wider than it where the next one may be:
ranges by a tenth on each side, shares of nulls up to the end of their interval. Nothing is proposed
of what only this table can tell (the largest id, the newest day).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from pathlib import Path

from headway.analysis.quality.answer import share_text, value_text
from headway.analysis.quality.rules import Type
from headway.analysis.summaries import Column, Kind, Table, open_table
from headway.analysis.summaries.groups import segment_counts
from headway.analysis.summaries.scalars import (
    Answer,
    DistinctCount,
    Least,
    Measure,
    Most,
    NanCount,
    NullCount,
    Rows,
    measured,
)
from headway.errors import Invalid

#: Values that make a set at the most, and rows for each of them at the least.
MOST_VALUES, ROWS_A_VALUE = 20, 20
#: Rows from which values that are all different are taken for a key.
ROWS_OF_A_KEY = 100
#: Two-sided 95 %.
Z = 1.959963984540054
_TYPES = {kind: type_.value for kind in Kind for type_ in Type if kind.value == type_.value}
_ORDERED = (Kind.INTEGER, Kind.DECIMAL, Kind.NUMBER, Kind.DATE, Kind.TIME)
_COUNTED = (Kind.INTEGER, Kind.TEXT)
_PLAIN = re.compile(r"[A-Za-z][\w-]*", re.ASCII)


def propose_rules(data: str | Path | Table) -> str:
    """Return a rule file (YAML, with comments) that a table keeps.

    Raises Invalid when the table can't be read, or has no rows to learn from.
    """
    table = data if isinstance(data, Table) else open_table(data)
    facts = measured(table, [Rows(), *(one for c in table.columns.values() for one in _asked(c))])
    rows = _count(facts, Rows())
    if not rows:
        sentence = f"{table.name} has no rows: there is nothing to propose rules from."
        raise Invalid(sentence)
    lines = [*_head(table, rows), *_schema(table), "columns:"]
    for column in table.columns.values():
        lines += _column(table, column, facts, rows)
    return "\n".join(lines) + "\n"


def _asked(column: Column) -> Iterator[Measure]:
    yield NullCount(column.name)
    if column.kind is Kind.NUMBER:
        yield NanCount(column.name)
    if column.kind in _ORDERED:
        yield Least(column.name)
        yield Most(column.name)
    if column.kind in _COUNTED:
        yield DistinctCount(column.name)


def _count(facts: Mapping[Measure, Answer], measure: Measure) -> int:
    value = facts.get(measure, 0)
    return int(value) if isinstance(value, int) else 0


def _head(table: Table, rows: int) -> list[str]:
    few = rows < ROWS_OF_A_KEY
    return [
        f"# Proposed from {_comment(table.name)}: {rows:,} rows. Review each rule: it says what",
        "# this table kept, not what is right. Ranges are widened by a tenth of what was seen on",
        "# each side; shares of nulls reach to the end of their 95 % interval (Wilson).",
        *(["# So few rows show little: look at more before you rely on these."] if few else []),
        "rows: {min: 1}  # with --baseline also e.g. change: 0.3",
    ]


def _schema(table: Table) -> list[str]:
    names = list(table.columns)
    if any(name != name.strip() or not name.isprintable() or len(name) > 200 for name in names):
        return [
            "# No rule about the schema: a column's name has spaces around it, or none to show."
        ]
    listed = ", ".join(quoted(name) for name in names)
    return [f"schema: {{columns: [{listed}], order: true, extra: true}}"]


def _column(table: Table, column: Column, facts: Mapping[Measure, Answer], rows: int) -> list[str]:
    holes = _count(facts, NullCount(column.name)) + _count(facts, NanCount(column.name))
    rules = [
        *_type(column),
        *_nulls(holes, rows),
        *_values(table, column, facts, rows - holes),
    ]
    lines = [f"  {quoted(column.name)}:"]
    return lines + [f"    {rule}" for rule in rules]


def _type(column: Column) -> list[str]:
    known = _TYPES.get(column.kind)
    return [f"type: {known}"] if known else [f"# {_comment(column.type)}: no type for it in rules"]


def _nulls(holes: int, rows: int) -> list[str]:
    low, high = wilson(holes, rows)
    told = f"{holes:,} of {rows:,}; 95 % interval {share_text(low, 1)} to {share_text(high, 1)}"
    return [f"nulls: {_up(high) if holes else 0}  # {told}"]


def wilson(part: int, whole: int) -> tuple[float, float]:
    """Return the 95 % score interval of a share (Wilson 1927)."""
    share, square = part / whole, Z * Z
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    spread = math.sqrt(share * (1 - share) / whole + square / (4 * whole * whole))
    half = Z * spread / (1 + square / whole)
    return max(0.0, middle - half) if part else 0.0, min(1.0, middle + half)


def _up(share: float) -> str:
    """Return a share rounded up to two figures, at most 1."""
    exact = Decimal(repr(share))
    step = Decimal(1).scaleb(exact.adjusted() - 1)
    return f"{min(exact.quantize(step, ROUND_CEILING), Decimal(1)):f}"


def _values(
    table: Table, column: Column, facts: Mapping[Measure, Answer], valued: int
) -> list[str]:
    distinct = _count(facts, DistinctCount(column.name))
    if not valued:
        return ["# no value at all: nothing more to propose"]
    if column.kind in _COUNTED:
        if distinct == valued and valued >= ROWS_OF_A_KEY:
            return ["unique: true  # every value came once"]
        if distinct <= MOST_VALUES and valued >= ROWS_A_VALUE * distinct:
            return [_set(table, column, valued)]
    if column.kind.is_numeric:
        return _range(facts[Least(column.name)], facts[Most(column.name)], column.kind)
    if column.kind in _ORDERED:
        low, high = facts[Least(column.name)], facts[Most(column.name)]
        return [f"# seen {value_text(low)} to {value_text(high)}; add e.g. fresh: 24h"]
    return []


def _set(table: Table, column: Column, valued: int) -> str:
    counts = segment_counts(table, [column.name])
    common = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    held = [key[0] for key, _ in common if key[0] != "(null)"]
    listed = ", ".join(value if column.kind is Kind.INTEGER else quoted(value) for value in held)
    rarest = min(int(count) for _, count in common)
    return f"in: [{listed}]  # {len(held)} values in {valued:,} rows, the rarest {rarest:,} times"


def _range(least: Answer, most: Answer, kind: Kind) -> list[str]:
    if isinstance(least, bool) or not isinstance(least, int | float | Decimal):
        return []
    if isinstance(most, bool) or not isinstance(most, int | float | Decimal):
        return []
    if not math.isfinite(least) or not math.isfinite(most):
        return [f"# seen {value_text(least)} to {value_text(most)}: infinite, so no range"]
    low, high = widened(
        Decimal(repr(least)) if isinstance(least, float) else Decimal(least),
        Decimal(repr(most)) if isinstance(most, float) else Decimal(most),
        whole=kind is Kind.INTEGER,
    )
    seen = f"seen {value_text(least)} to {value_text(most)}"
    return [f"min: {_written(low)}  # {seen}", f"max: {_written(high)}"]


def widened(least: Decimal, most: Decimal, *, whole: bool) -> tuple[Decimal, Decimal]:
    """Return the ends a tenth of the width further out, rounded outwards to two figures of it.

    What never was negative stays so, what never was positive too; a single value has its own size
    as width. `whole` keeps whole numbers.
    """
    with localcontext() as context:
        context.prec = 80
        width = most - least or abs(most) or Decimal(1)
        step = Decimal(1).scaleb(width.adjusted() - 1)
        step = max(step, Decimal(1)) if whole else step
        low = ((least - width / 10) / step).to_integral_value(ROUND_FLOOR) * step
        high = ((most + width / 10) / step).to_integral_value(ROUND_CEILING) * step
        return (
            max(low, Decimal(0)) if least >= 0 else low,
            min(high, Decimal(0)) if most <= 0 else high,
        )


def _written(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def quoted(text: str) -> str:
    """Return a text as YAML reads it back: plain where it is a simple word, else in quotes."""
    words = ("true", "false", "null", "yes", "no", "on", "off", "y", "n")
    if _PLAIN.fullmatch(text) and text.lower() not in words:
        return text
    return "".join(
        letter if letter.isprintable() else f"\\U{ord(letter):08X}"
        for letter in json.dumps(text, ensure_ascii=False)
    )


def _comment(text: str) -> str:
    """Return a text for a comment: on one line, without what can't be shown."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)[:200]
