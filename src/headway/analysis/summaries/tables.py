"""A table that questions can be asked of: its columns by kind, and answers as Arrow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from headway.analysis.summaries.engines import Engine
from headway.errors import Invalid

if TYPE_CHECKING:
    import ibis
    import pyarrow


class Kind(StrEnum):
    """What the values of a column are, whatever the engine calls its type."""

    INTEGER = "integer"
    DECIMAL = "decimal"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TEXT = "text"
    TIME = "time"
    DATE = "date"
    OTHER = "other"

    @property
    def is_numeric(self) -> bool:
        """Return whether the values can be ordered and averaged as numbers."""
        return self in (Kind.INTEGER, Kind.DECIMAL, Kind.NUMBER)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name as the file has it, its kind, and the type in the engine's words."""

    name: str
    kind: Kind
    type: str
    #: Whether a null may stand in it, as far as the schema says.
    nullable: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A table of one engine. Nothing of it is read before a question is asked.

    `name` is what a person calls it (a file's name); `path` is the Parquet file behind it, whose
    footer may answer a question without a scan, or None.
    """

    name: str
    columns: Mapping[str, Column]
    engine: Engine
    #: The Ibis expression; only modules of this package look at it.
    expression: ibis.Table = field(repr=False)
    path: Path | None = None

    def column(self, name: str) -> Column:
        """Return a column by its exact name. Raises Invalid, naming what is close, without it."""
        found = self.columns.get(name)
        if found is not None:
            return found
        sentence = f"{self.name} has no column {name!r}. {self._nearest(name)}"
        raise Invalid(sentence)

    def chosen(self, names: Sequence[str] | None) -> tuple[Column, ...]:
        """Return the columns of these names, in that order; all of them without a choice.

        Raises Invalid on a name that is not there or stands twice.
        """
        if names is None:
            return tuple(self.columns.values())
        twice = sorted(name for name, times in Counter(names).items() if times > 1)
        if twice:
            sentence = f"The column {twice[0]!r} is named twice. Name each column once."
            raise Invalid(sentence)
        return tuple(self.column(name) for name in names)

    def ask(self, question: ibis.Table) -> pyarrow.Table:
        """Return the answer of an expression over this table, or over others of its engine.

        Raises Invalid with the file's name and a way out when the engine can't read a value.
        """
        return self.engine.answer(question, self.name)

    def rows(self) -> int:
        """Return how many rows there are."""
        counted = self.ask(self.expression.aggregate(n=self.expression.count()))
        return int(counted["n"][0].as_py())

    def _nearest(self, name: str) -> str:
        close = get_close_matches(name, self.columns, n=1, cutoff=0.6)
        folded = [known for known in self.columns if known.casefold() == name.casefold()]
        if folded or close:
            return f"Did you mean {(folded or close)[0]!r}?"
        listed = ", ".join(list(self.columns)[:12])
        more = len(self.columns) - 12
        return f"It has: {listed}{f' and {more} more' if more > 0 else ''}."
