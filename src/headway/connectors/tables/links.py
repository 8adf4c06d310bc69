"""What rows wait for: cells like "12FS+2d; AB-7", of one column or several."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property

from headway.connectors.tables.grid import Grid
from headway.connectors.tables.mapping import Mapping
from headway.connectors.tables.numbers import length_in
from headway.connectors.tables.picking import Picked, key_of
from headway.connectors.tables.words import Field
from headway.connectors.work import Link

#: Place of the item, field, cell, what is wrong with it.
Blame = Callable[[int, Field, str, str], None]

_MOST_LINKS = 200
_LINK = re.compile(
    r"^(?P<key>.+?)\s*(?P<kind>FS|SS|FF|SF|EA|AA|EE|AE)?\s*(?P<lag>[+-]\s*[\d.,]+\s*[^\W\d]*)?$",
    re.IGNORECASE,
)
_GERMAN = {"EA": "FS", "AA": "SS", "EE": "FF", "AE": "SF"}


class Links:
    """The links of a table's items; a lag that is none is blamed."""

    def __init__(self, grid: Grid, mapping: Mapping, items: Picked, blame: Blame) -> None:
        self.grid = grid
        self.mapping = mapping
        self.items = items
        self.blame = blame

    @cached_property
    def keys(self) -> frozenset[str]:
        """Return the keys of the table: what stands there whole is no link with a lag."""
        return frozenset(self.items.keys)

    def of(self, name: Field) -> dict[int, tuple[Link, ...]]:
        """Return the links of a field by the item's place; an item without any is left out."""
        found: dict[int, list[Link]] = {}
        columns = [
            self.grid.header.index(heading) for heading in self.mapping.columns.get(name, ())
        ]
        for place, number in enumerate(self.items.numbers if columns else ()):
            row = self.grid.rows[number]
            for column in columns:
                if row[column]:
                    found.setdefault(place, []).extend(self._links(place, name, row[column]))
        return {place: tuple(dict.fromkeys(links))[:_MOST_LINKS] for place, links in found.items()}

    def _links(self, place: int, name: Field, cell: str) -> list[Link]:
        parts = [part.strip() for part in re.split(r"[;,\n]", cell)]
        return [self._link(place, name, part) for part in parts if part]

    def _link(self, place: int, name: Field, text: str) -> Link:
        if text in self.keys:
            return Link(key_of(text))
        match = _LINK.match(text)
        if match is None or not (match["kind"] or match["lag"]):
            return Link(key_of(text))
        kind = match["kind"] or ""
        if not kind.isupper() and key_of(match["key"]) not in self.keys:
            # "AB-7" of another project, not AB with a lead of 7; "glass", not gla from start on
            return Link(key_of(text))
        lag = 0.0
        if match["lag"]:
            length = length_in(match["lag"].replace(" ", ""), "days", comma=self.mapping.comma)
            if length is None:
                self.blame(place, name, text, "whose lag is no length of time")
            lag = length or 0.0
        kind = kind.upper() or "FS"
        return Link(key_of(match["key"]), _GERMAN.get(kind, kind), lag)
