"""Long lists of vendors, turned page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from headway.interfaces.web.layout.routes import WorkspaceRequest

Row = TypeVar("Row")

#: Rows of a list on a page, and of one that stands beside others.
PAGE, BESIDE = 100, 25


@dataclass(frozen=True, slots=True)
class Turned(Generic[Row]):
    """The rows of a page, how many there are in all, and the addresses before and after it."""

    rows: Sequence[Row]
    count: int
    previous: str
    following: str


def turned(
    request: WorkspaceRequest, rows: Sequence[Row], name: str = "page", size: int = PAGE
) -> Turned[Row]:
    """Return the page of `rows` that the address asks for by `name`; the last one at most."""
    text = request.GET.get(name, "")
    asked = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
    page = min(asked, max(0, (len(rows) - 1) // size))

    def href(number: int) -> str:
        query = request.GET.copy()
        query[name] = str(number)
        return f"{request.path}?{query.urlencode()}"

    return Turned(
        rows[page * size : (page + 1) * size],
        len(rows),
        href(page - 1) if page else "",
        href(page + 1) if (page + 1) * size < len(rows) else "",
    )
