"""Conditions and terms as Ibis expressions, with one meaning on every engine.

A float that is NaN is taken as null, so that a comparison with it is neither true nor false
(DuckDB and Spark would call it the largest number). Dividing by zero gives null.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, cast

from headway.analysis.summaries import conditions as asked

if TYPE_CHECKING:
    import ibis
    from ibis.expr.types import BooleanValue, Value

#: The largest number of float32.
_LARGEST_32 = 3.4028234663852886e38


def condition(table: ibis.Table, part: asked.Condition) -> BooleanValue:
    """Return a condition over the rows of `table`: true, false, or null where it is unknown."""
    match part:
        case asked.Compare(sign, left, right):
            return _compared(sign, *_sides(table, left, right))
        case asked.Among(of, values):
            term = valued(table, of)
            return cast("BooleanValue", term.isin([fixed(value, term) for value in values]))
        case asked.Matches(of, pattern):
            return cast("BooleanValue", valued(table, of).re_search(_spelled(table, pattern)))
        case asked.IsNull(of):
            return cast("BooleanValue", valued(table, of).isnull())
        case asked.Not(inner):
            return cast("BooleanValue", ~condition(table, inner))
        case asked.Every(parts):
            return cast("BooleanValue", reduce(and_, [condition(table, one) for one in parts]))
        case asked.Any(parts):
            return cast("BooleanValue", reduce(or_, [condition(table, one) for one in parts]))


def _spelled(table: ibis.Table, pattern: str) -> str:
    r"""Return a portable pattern as the engine spells it: PostgreSQL's end of a text is \Z."""
    if table.get_backend().name != "postgres":
        return pattern
    return re.sub(r"\\.", lambda found: r"\Z" if found[0] == r"\z" else found[0], pattern)


def valued(table: ibis.Table, part: asked.Term) -> Value:
    """Return a term over the rows of `table`, null where it is null or NaN."""
    import ibis

    made = term(table, part)
    if not made.type().is_floating() or isinstance(part, asked.Fixed):
        return made
    return ibis.cases((made.isnan(), ibis.null(made.type())), else_=made)


def term(table: ibis.Table, part: asked.Term) -> Value:
    """Return a term over the rows of `table`."""
    import ibis

    match part:
        case asked.Named(name):
            column = cast("Value", table[name])
            return column.cast("string") if column.type().is_uuid() else column
        case asked.Fixed(value):
            return ibis.literal(_plain(value))
        case asked.Arithmetic(sign, left, right):
            return _arithmetic(sign, term(table, left), term(table, right))
        case asked.Call("abs", of):
            return term(table, of).abs()
        case asked.Call("length", of):
            return term(table, of).length()
        case asked.Call("lower", of):
            return term(table, of).lower()
        case asked.Call(_, of):
            return term(table, of).upper()


def fixed(value: asked.Value, beside: Value) -> Value:
    """Return a written value as it meets a term: as a float beside floats, else as it is exactly.

    A whole number that no float holds stays a whole number beside whole numbers and decimals.
    """
    import ibis

    type_ = beside.type()
    if type_.is_floating() and isinstance(value, int | float | Decimal):
        return ibis.literal(as_float(value, str(type_)), type="float64")
    if isinstance(value, Decimal) and value == value.to_integral_value() and type_.is_integer():
        value = int(value)
    if isinstance(value, int) and abs(value) >= 2**63:
        return ibis.literal(Decimal(value), type="decimal(38, 0)")
    if isinstance(value, datetime) or (isinstance(value, date) and type_.is_timestamp()):
        return _moment(value, type_)
    if isinstance(value, Decimal) and type_.is_decimal():
        scale = max(0, -int(value.as_tuple().exponent))
        return ibis.literal(value, type=f"decimal(38, {scale})")
    return ibis.literal(_plain(value))


def as_float(value: float | Decimal, type_: str) -> float:
    """Return a number as a column of floats holds it: 0.1 beside float32 is float32's 0.1."""
    import struct

    number = float(value)
    if type_ != "float32" or abs(number) > _LARGEST_32:
        return number
    narrow: float = struct.unpack("f", struct.pack("f", number))[0]
    return narrow


def _plain(value: asked.Value) -> asked.Value:
    """Return a decimal fraction as a float where it stands alone; all else as it is."""
    return float(value) if isinstance(value, Decimal) else value


def _moment(value: date, type_: object) -> Value:
    """Return a moment in UTC; without a zone where the column has none."""
    import ibis

    moment = value if isinstance(value, datetime) else datetime.combine(value, time(), UTC)
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    zone = getattr(type_, "timezone", None)
    if not zone:
        return ibis.literal(moment.replace(tzinfo=None), type="timestamp(6)")
    return ibis.literal(moment, type="timestamp('UTC', 6)")


def _sides(table: ibis.Table, left: asked.Term, right: asked.Term) -> tuple[Value, Value]:
    """Return both sides of a comparison; a written value as it meets the other side."""
    if isinstance(right, asked.Fixed) and not isinstance(left, asked.Fixed):
        other = valued(table, left)
        return other, fixed(right.value, other)
    if isinstance(left, asked.Fixed) and not isinstance(right, asked.Fixed):
        other = valued(table, right)
        return fixed(left.value, other), other
    return valued(table, left), valued(table, right)


def _compared(sign: str, left: Value, right: Value) -> BooleanValue:
    match sign:
        case "=":
            return left == right
        case "!=":
            return left != right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case _:
            return left >= right


def _arithmetic(sign: str, left: Value, right: Value) -> Value:
    match sign:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            return left / right.nullif(0)
        case _:
            return left % right.nullif(0)
