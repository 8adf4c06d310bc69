"""Which column holds what, and how its cells are read: proposed by us, decided by a person.

A mapping is plain JSON, so that it can be kept, sent and edited:
{"columns": {"name": ["Summary"], "due": ["Due date"]}, "order": "dmy", "unit": "days",
 "words": {"Ready for QA": "started"}, "sheet": ""}
"""

from __future__ import annotations

from collections.abc import Mapping as Table
from dataclasses import dataclass, field

from headway.connectors.tables.words import Field
from headway.connectors.work import Progress
from headway.errors import Invalid, Problem

#: How a date of three numbers is read; "" leaves it to each cell (only what is unmistakable).
ORDERS = ("ymd", "dmy", "mdy")
#: What a number in the estimate's column counts.
UNITS = ("days", "hours", "weeks", "minutes", "seconds", "points")
#: Columns that may be several at once: links and parents; of the others only one counts.
SEVERAL = (Field.BEFORE, Field.AFTER)


@dataclass(frozen=True, slots=True)
class Mapping:
    """`columns` gives each field its headings; `words` each state its progress."""

    columns: Table[Field, tuple[str, ...]]
    order: str = "ymd"
    unit: str = "days"
    comma: bool = False  #: decimals are written with a comma
    words: Table[str, Progress] = field(default_factory=dict)
    sheet: str = ""

    def as_json(self) -> dict[str, object]:
        """Return the mapping as JSON carries it; `read_mapping` is its inverse."""
        return {
            "columns": {str(name): list(headings) for name, headings in self.columns.items()},
            "order": self.order,
            "unit": self.unit,
            "comma": self.comma,
            "words": {word: str(state) for word, state in self.words.items()},
            "sheet": self.sheet,
        }


def read_mapping(value: object) -> Mapping:
    """Return the mapping a JSON `value` describes. Raises Invalid with every fault in it."""
    found: list[Problem] = []
    held = value if isinstance(value, dict) else {}
    if not isinstance(value, dict):
        found.append(Problem("mapping", "A mapping is an object with `columns`."))
    unknown = sorted(set(held) - {"columns", "order", "unit", "comma", "words", "sheet"})
    if unknown:
        found.append(Problem("mapping", f"{unknown[0]!r} is no key of a mapping; remove it."))
    columns = _columns(held.get("columns"), found)
    order = _choice(held, "order", ORDERS, found)
    unit = _choice(held, "unit", UNITS, found, "days")
    words = _words(held.get("words", {}), found)
    sheet, comma = held.get("sheet", ""), held.get("comma", False)
    if not isinstance(sheet, str) or not isinstance(comma, bool):
        found.append(Problem("mapping", "`sheet` is a name and `comma` true or false."))
    if found:
        sentence = f"The mapping cannot be used: {found[0].where}: {found[0].sentence}"
        raise Invalid(sentence, found)
    return Mapping(columns, order, unit, bool(comma), words, str(sheet))


def _columns(value: object, found: list[Problem]) -> dict[Field, tuple[str, ...]]:
    columns: dict[Field, tuple[str, ...]] = {}
    for name, headings in (value if isinstance(value, dict) else {}).items():
        names = [headings] if isinstance(headings, str) else headings
        if name not in list(Field):
            known = ", ".join(Field)
            found.append(Problem(f"columns.{name}"[:80], f"There is no such field; use {known}."))
        elif not isinstance(names, list) or not all(isinstance(one, str) for one in names):
            found.append(Problem(f"columns.{name}", "Give the heading of a column, or a list."))
        elif names:
            columns[Field(name)] = tuple(names)
    if not columns.get(Field.NAME) and not columns.get(Field.KEY):
        found.append(Problem("columns", "Say which column holds the `name` or the `key` of items."))
    return columns


def _choice(
    held: Table[str, object],
    key: str,
    choices: tuple[str, ...],
    found: list[Problem],
    default: str = "ymd",
) -> str:
    value = held.get(key, default)
    if value not in choices:
        found.append(Problem(key, f"{str(value)[:40]!r} is none of {', '.join(choices)}."))
        return default
    return str(value)


def _words(value: object, found: list[Problem]) -> dict[str, Progress]:
    words: dict[str, Progress] = {}
    for word, state in (value if isinstance(value, dict) else {}).items():
        if state not in list(Progress):
            known = ", ".join(Progress)
            found.append(Problem(f"words.{word}"[:80], f"{str(state)[:40]!r} is none of {known}."))
        else:
            words[str(word)] = Progress(state)
    return words
