"""Which part of the roster a reader sees: by team, role or a word, page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from headway.domain.checkins.queries import RosterLine
from headway.interfaces.web.layout.routes import WorkspaceRequest

#: People on a page.
PAGE = 50


def shown_lines(asked: Mapping[str, str], lines: Sequence[RosterLine]) -> Sequence[RosterLine]:
    """Return those whose team and role are the ones asked for, and who carry the word."""
    team, role = asked.get("team", ""), asked.get("role", "")
    word = asked.get("word", "").strip().lower()
    return [
        one
        for one in lines
        if (not team or one.person.team == team)
        and (not role or one.person.role == role)
        and word in f"{one.person.name} {one.person.key} {one.person.place}".lower()
    ]


def page_at(text: str, count: int, size: int = PAGE) -> int:
    """Return the page that was asked for, from 0; the last one where there are not so many."""
    wanted = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
    return min(wanted, max(0, (count - 1) // size))


def paged(request: WorkspaceRequest, page: int) -> str:
    """Return the address of another page of what is shown."""
    query = request.GET.copy()
    query["page"] = str(page)
    return f"{request.path}?{query.urlencode()}"
