"""What a page of a place leads to: groups of pages, each with the question it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from headway.domain.accounts.rules import Permission, may
from headway.interfaces.web.layout.routes import WorkspaceRequest


@dataclass(frozen=True, slots=True)
class Door:
    """One page, and the question it answers."""

    route: str
    name: str
    question: str
    permission: Permission = Permission.VIEW


@dataclass(frozen=True, slots=True)
class OpenDoor:
    """A door that is there for the reader: its address, and what waits behind it, in words."""

    name: str
    question: str
    href: str
    waiting: str


Groups = Sequence[tuple[str, Sequence[Door]]]


def open_doors(
    request: WorkspaceRequest, groups: Groups, waiting: Mapping[str, str]
) -> Sequence[tuple[str, Sequence[OpenDoor]]]:
    """Return title and doors of each group; a page that the reader may not open is not shown.

    `waiting` says in words what waits behind a route.
    """
    found = [
        (title, [opened for door in doors if (opened := _opened(request, door, waiting))])
        for title, doors in groups
    ]
    return [(title, doors) for title, doors in found if doors]


def _opened(request: WorkspaceRequest, door: Door, waiting: Mapping[str, str]) -> OpenDoor | None:
    if not may(request.actor, door.permission):
        return None
    try:
        href = reverse(door.route, kwargs={"workspace": request.place.slug})
    except NoReverseMatch:
        return None
    return OpenDoor(door.name, door.question, href, waiting.get(door.route, ""))
