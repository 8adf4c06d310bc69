"""Whether a condition makes sense over a table: numbers with numbers, text with text."""

from __future__ import annotations

from datetime import date

from headway.analysis.summaries import Kind, Table
from headway.analysis.summaries.conditions import (
    Among,
    Any,
    Arithmetic,
    Call,
    Compare,
    Condition,
    Every,
    Fixed,
    IsNull,
    Matches,
    Named,
    Not,
    Term,
)
from headway.errors import Invalid

_FAMILY = {
    Kind.INTEGER: "number",
    Kind.DECIMAL: "number",
    Kind.NUMBER: "number",
    Kind.BOOLEAN: "true or false",
    Kind.TEXT: "text",
    Kind.TIME: "date",
    Kind.DATE: "date",
    Kind.OTHER: "list or structure",
}


def check_kinds(table: Table, part: Condition) -> None:
    """Raise Invalid where a condition compares what can't be compared."""
    match part:
        case Compare(sign, left, right):
            _alike(_family(table, left), _family(table, right), f"{sign} compares")
        case Among(of, values):
            for value in values:
                _alike(_family(table, of), _family(table, Fixed(value)), "in (…) compares")
        case Matches(of, _):
            _needs(_family(table, of), "text", "matches")
        case IsNull(of):
            _family(table, of)
        case Not(inner):
            check_kinds(table, inner)
        case Every(parts) | Any(parts):
            _check_all(table, parts)


def _check_all(table: Table, parts: tuple[Condition, ...]) -> None:
    for one in parts:
        check_kinds(table, one)


def _family(table: Table, term: Term) -> str:
    match term:
        case Named(name):
            return _FAMILY[table.column(name).kind]
        case Fixed(value):
            return _of_value(value)
        case Arithmetic(sign, left, right):
            _needs(_family(table, left), "number", sign)
            _needs(_family(table, right), "number", sign)
            return "number"
        case Call("abs", of):
            _needs(_family(table, of), "number", "abs")
            return "number"
        case Call(function, of):
            _needs(_family(table, of), "text", function)
            return "number" if function == "length" else "text"


def _of_value(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, str):
        return "text"
    return "date" if isinstance(value, date) else "number"


def _alike(left: str, right: str, what: str) -> None:
    if left != right:
        hint = " (write a date as date '2026-01-31')" if {left, right} == {"date", "text"} else ""
        sentence = f"{what} a {left} with a {right}{hint}; compare like with like."
        raise Invalid(sentence)


def _needs(found: str, wanted: str, what: str) -> None:
    if found != wanted:
        sentence = f"{what} wants a {wanted} and is given a {found}; use another column."
        raise Invalid(sentence)
