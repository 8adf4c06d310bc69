"""From a thing to the page where it is read, and from the address of a page to its thing."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

from headway.domain.discussion.rules import About, Kind
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address

#: Route that shows a kind of thing → what its parameters are called; a place, then a name in it.
_PAGES: dict[Kind, tuple[str, tuple[str, ...]]] = {
    Kind.PROGRAM: ("program", ("program",)),
    Kind.PROJECT: ("project", ("project",)),
    Kind.ITEM: ("item", ("project", "item")),
    Kind.RISK: ("risk", ("program", "risk")),
    Kind.DECISION: ("decision", ("program", "decision")),
    Kind.ACTION: ("action", ("program", "action")),
    Kind.BLOCKER: ("blocker", ("program", "blocker")),
    Kind.ASSUMPTION: ("assumption", ("program", "assumption")),
    Kind.PROMISE: ("promise", ("program", "promise")),
    Kind.MEETING: ("meeting", ("program", "forum", "number")),
    Kind.REPORT: ("report", ("program", "number")),
    Kind.RECORD: ("record", ("sequence",)),
}


def talk_address(request: WorkspaceRequest, about: About, route: str = "discussion") -> str:
    """Return the address of a thing's discussion, or of what is done there."""
    return address(request, route, sort=about.kind, thing=about.key)


def page_address(request: WorkspaceRequest, about: About) -> str:
    """Return where a thing is read: its own page, or its discussion where it has none."""
    if about.kind not in _PAGES:
        return talk_address(request, about)
    route, names = _PAGES[about.kind]
    parts = about.key.split("/", len(names) - 1)
    return address(request, route, **dict(zip(names, parts, strict=False)))


def thing_at(request: WorkspaceRequest, href: str) -> About | None:
    """Return the thing whose page has the address `href`; None for another site or page."""
    parts = urlsplit(href)
    if parts.netloc not in ("", request.get_host()) or not parts.path.startswith("/"):
        return None
    try:
        found = resolve(parts.path)
    except Resolver404:
        return None
    given = {name: str(value) for name, value in found.kwargs.items()}
    if given.pop("workspace", "") != request.place.slug:
        return None
    if found.url_name == "discussion" and given["sort"] in set(Kind):
        return About(Kind(given["sort"]), given["thing"])
    for kind, (route, names) in _PAGES.items():
        if found.url_name == route:
            return About(kind, "/".join(given[name] for name in names))
    return None
