"""What the formats lay out: blocks of plain words in reading order, some with a level.

A cell, a fact and a step carry the number they say beside its words: a workbook and a chart hold
the number, a page the words, and neither can say another than the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias, TypeVar

from headway.errors import NotFound
from headway.rendering.charts.odds import FinishOdds
from headway.rendering.gantt import Gantt
from headway.rendering.report.onepager import Level

#: A status is a shape and a word; colour comes on top.
SHAPES: dict[Level, str] = {"good": "●", "at_risk": "▲", "bad": "◆", "unknown": "○"}
LEVEL_WORDS: dict[Level, str] = {
    "good": "Good",
    "at_risk": "At risk",
    "bad": "Bad",
    "unknown": "Unknown",
}


@dataclass(frozen=True, slots=True)
class Share:
    """A number that is read as a percentage: 0.43 is 43 %."""

    value: float


#: What a cell says as a number; a Decimal is money. None: it says words only.
Value: TypeAlias = Decimal | float | date | Share | str | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A table's cell: text, a quieter second line, a level when it is a status, its number."""

    text: str
    note: str = ""
    level: Level | None = None
    value: Value = None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. Without rows `empty` says why; `sums` tells that the last row adds up the others."""

    name: str
    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str
    note: str = ""
    sums: bool = False

    def is_numeric(self, place: int) -> bool:
        """Say whether a column holds amounts, shares and counts: those stand to the right."""
        values = [row[place].value for row in self.rows]
        known = [one for one in values if one is not None]
        return bool(known) and all(isinstance(one, Decimal | float | int | Share) for one in known)


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of sentences. Without items `empty` says so."""

    name: str
    heading: str
    items: tuple[str, ...]
    empty: str


@dataclass(frozen=True, slots=True)
class Card:
    """One thing asked of the reader: a question and labelled lines."""

    title: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Cards:
    """What is asked of the reader, in a box of its own."""

    name: str
    heading: str
    cards: tuple[Card, ...]
    empty: str


@dataclass(frozen=True, slots=True)
class Curve:
    """The chance to be finished by each day: a picture on a page, a native chart on a slide."""

    name: str
    heading: str
    odds: FinishOdds


@dataclass(frozen=True, slots=True)
class Waterfall:
    """A bridge drawn: from one value over its steps to another. Only slides draw it.

    `start` and `end` are the two days or the two amounts; the steps lead from one to the other.
    """

    name: str
    heading: str
    start: tuple[str, date | Decimal]
    end: tuple[str, date | Decimal]
    steps: tuple[tuple[str, Decimal], ...]
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """A Gantt chart. Pages of HTML and PDF draw it; elsewhere the table beside it says the same."""

    name: str
    heading: str
    gantt: Gantt


Block: TypeAlias = Grid | Bullets | Cards | Curve | Waterfall | Timeline
Kind = TypeVar("Kind", Grid, Bullets, Cards, Curve, Waterfall, Timeline)


@dataclass(frozen=True, slots=True)
class Fact:
    """A headline figure with its label and what it is compared with."""

    label: str
    value: str
    detail: str
    number: Value = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that only the workbook has: values as they are, nothing rounded or left out."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value | int, ...], ...]
    widths: str


def headed(text: str) -> str:
    """Return a text as it begins a line: its first letter large, the others as they are."""
    return text[:1].upper() + text[1:]


@dataclass(frozen=True, slots=True)
class Page:
    """A report in words, in reading order, for one audience.

    `subject` says what it is ("program report"); `words` are what its reader may want explained.
    """

    audience: str
    title: str
    subject: str
    as_of: str
    stamp: float  # the data date in seconds: what a file says it was made
    level: Level | None
    bottom_line: str
    facts: tuple[Fact, ...]
    blocks: tuple[Block, ...]
    footer: tuple[tuple[str, str], ...]
    words: tuple[tuple[str, str], ...] = ()
    sheets: tuple[Sheet, ...] = ()

    def find(self, name: str, kind: type[Kind]) -> Kind | None:
        """Return the block of that name and kind, None when the page has none."""
        return next((b for b in self.blocks if b.name == name and isinstance(b, kind)), None)

    def block(self, name: str, kind: type[Kind]) -> Kind:
        """Return the block of that name and kind. Raises NotFound when the page has none."""
        found = self.find(name, kind)
        if found is None:
            sentence = f"The {self.subject} has no '{name}'."
            raise NotFound(sentence)
        return found
