"""What the formats lay out: blocks of plain words in reading order, some with a level."""

from __future__ import annotations

from dataclasses import dataclass

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
class Cell:
    """A table's cell: text, a quieter second line, and a level when it is a status."""

    text: str
    note: str = ""
    level: Level | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. Without rows `empty` says why."""

    name: str
    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str


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
class Fact:
    """A headline figure with its label and what it is compared with."""

    label: str
    value: str
    detail: str


@dataclass(frozen=True, slots=True)
class Page:
    """The report in words, in reading order."""

    title: str
    as_of: str
    level: Level
    bottom_line: str
    facts: tuple[Fact, ...]
    health: Grid
    changes: Bullets
    decisions: Cards
    risks: Grid
    milestones: Grid
    projects: Grid
    footer: tuple[tuple[str, str], ...]
