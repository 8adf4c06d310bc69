"""Reading typed fields from a table of text: a fault is noted, and reading goes on."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Self, TypeVar

from headway.analysis.documents.text import Entries, Node, Scalar, Table
from headway.errors import Problem

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
LONGEST = 200

Word = TypeVar("Word", bound=StrEnum)


@dataclass(slots=True)
class Fields:
    """The fields of one `table`. `where` names it for people; `problems` is shared by the file."""

    table: Table
    where: str
    problems: list[Problem]
    known: tuple[str, ...]
    nodes: dict[str, Node] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Note each key that is unknown or written twice."""
        for key, node in self.table.pairs:
            if self.known and key.text not in self.known:
                self._unknown(key)
            elif key.text in self.nodes:
                self.note(f"The key {key} is written twice; keep one.", key.line)
            else:
                self.nodes[key.text] = node

    def _unknown(self, key: Scalar) -> None:
        close = difflib.get_close_matches(key.text[:LONGEST], self.known, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"known are {', '.join(self.known)}."
        self.note(f"The key {key} is unknown; {hint}", key.line)

    def note(self, sentence: str, line: int) -> None:
        """Remember a problem on `line` of this table."""
        where = f"{self.where}, line {line}" if self.where else f"line {line}"
        self.problems.append(Problem(where, sentence))

    def node(self, key: str) -> Node | None:
        """Return what is written under `key`; None when nothing or null is."""
        node = self.nodes.get(key)
        return None if isinstance(node, Scalar) and node.is_null else node

    def scalar(self, key: str, wanted: str) -> Scalar | None:
        """Return the text under `key`; notes a list or mapping, as `wanted` was expected."""
        return self.as_scalar(key, self.node(key), wanted)

    def as_scalar(self, key: str, node: Node | None, wanted: str) -> Scalar | None:
        """Return `node` when it is one value; notes it otherwise."""
        if node is None or isinstance(node, Scalar):
            return node
        self.note(f"`{key}` is {node}; write {wanted}.", node.line)
        return None

    def text(self, key: str) -> str | None:
        """Return the text under `key`, at most 200 characters, without control characters."""
        scalar = self.scalar(key, "one value")
        return None if scalar is None else self.as_text(key, scalar)

    def as_text(self, key: str, scalar: Scalar) -> str | None:
        """Return the text of `scalar` when it can be a name; notes it otherwise."""
        text = scalar.text.strip()
        if 0 < len(text) <= LONGEST and text.isprintable():
            return text
        rule = f"1 to {LONGEST} printable characters"
        self.note(f"`{key}` is {scalar}; it has to be {rule}.", scalar.line)
        return None

    def number(self, key: str) -> float | None:
        """Return the number under `key`."""
        scalar = self.scalar(key, "a number")
        return None if scalar is None else self.as_number(key, scalar)

    def as_number(self, key: str, scalar: Scalar) -> float | None:
        """Return the number that `scalar` writes; notes words, NaN and infinity."""
        text = scalar.text.strip()
        if NUMBER.fullmatch(text) and math.isfinite(float(text)):
            return float(text)
        self.note(f"`{key}` is {scalar}; it has to be a finite number, like 5 or 2.5.", scalar.line)
        return None

    def money(self, key: str) -> Decimal | None:
        """Return the amount under `key`, exactly as written."""
        scalar = self.scalar(key, "an amount")
        if scalar is None or self.as_number(key, scalar) is None:
            return None
        return Decimal(scalar.text.strip())

    def whole(self, key: str) -> int | None:
        """Return the whole number under `key`."""
        number = self.number(key)
        if number is None or number == int(number):
            return None if number is None else int(number)
        self.note(f"`{key}` is {number:g}; it has to be a whole number.", self.nodes[key].line)
        return None

    def day(self, key: str) -> date | None:
        """Return the date under `key`."""
        scalar = self.scalar(key, "a date")
        return None if scalar is None else self.as_day(key, scalar)

    def as_day(self, key: str, scalar: Scalar) -> date | None:
        """Return the date that `scalar` writes, as 2026-06-30; notes anything else."""
        text = scalar.text.strip()
        if DAY.fullmatch(text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                pass
        rule = "it has to be a date written year-month-day, like 2026-06-30"
        self.note(f"`{key}` is {scalar}; {rule}.", scalar.line)
        return None

    def word(self, key: str, words: type[Word], default: Word) -> Word:
        """Return the member of `words` written under `key`."""
        scalar = self.scalar(key, "one word")
        if scalar is None:
            return default
        for word in words:
            if word.value == scalar.text.strip():
                return word
        choices = ", ".join(word.value for word in words)
        self.note(f"`{key}` is {scalar}; choose one of {choices}.", scalar.line)
        return default

    def entries(self, key: str) -> Iterator[Node]:
        """Yield the members of the list under `key`; a single value is a list of one."""
        node = self.node(key)
        if isinstance(node, Entries):
            yield from node.nodes
        elif isinstance(node, Scalar):
            yield node
        elif node is not None:
            self.note(f"`{key}` is {node}; write a list.", node.line)

    def texts(self, key: str) -> Iterator[Scalar]:
        """Yield the values of the list under `key`."""
        for node in self.entries(key):
            scalar = self.as_scalar(key, node, "one value for each member")
            if scalar is not None and self.as_text(key, scalar) is not None:
                yield scalar

    def table_of(self, key: str, known: tuple[str, ...], where: str = "") -> Self | None:
        """Return the fields of the mapping under `key`; no `known` keys means any name."""
        node = self.node(key)
        if node is None or isinstance(node, Table):
            if node is None:
                return None
            return type(self)(node, where or self.where, self.problems, known)
        self.note(f"`{key}` is {node}; write a mapping.", node.line)
        return None
