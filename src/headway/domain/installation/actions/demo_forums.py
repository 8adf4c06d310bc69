"""The part of the sample's story in which people meet and talk: forums, minutes, comments."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from headway.domain.accounts.rules import Actor
from headway.domain.discussion.actions import add_comment, add_link
from headway.domain.discussion.rules import LinkTo
from headway.domain.forums.actions import (
    close_meeting,
    move_meeting,
    open_meeting,
    set_forum,
    write_minute,
)
from headway.domain.forums.rules import MinuteDraft

Event = tuple[datetime, int, Callable[[], object]]


def forum_events(actor: Actor, program: str, story: Mapping[str, Any]) -> Iterator[Event]:
    """Yield how each forum was set up, and what was written down in the meetings it held."""
    for key, forum in story["forums"].items():
        values = {name: value for name, value in forum.items() if name not in ("at", "meetings")}
        yield (forum["at"], 6, partial(set_forum, actor, program, key, values, forum["at"]))
        for number, meeting in enumerate(forum["meetings"], start=1):
            yield from _meeting(actor, (program, key, number), meeting)


def _meeting(
    actor: Actor, place: tuple[str, str, int], meeting: Mapping[str, Any]
) -> Iterator[Event]:
    at = meeting["at"]
    yield (at, 6, partial(move_meeting, actor, place, at, at))
    yield (at, 7, partial(open_meeting, actor, place, at))
    for line in meeting["minutes"]:
        draft = MinuteDraft(**{**line, "by": _day(line.get("by"))})
        yield (meeting["until"], 6, partial(write_minute, actor, place, draft, meeting["until"]))
    present = list(meeting["present"])
    yield (meeting["until"], 7, partial(close_meeting, actor, place, present, meeting["until"]))


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


def talk_events(actor: Actor, story: Mapping[str, Any]) -> Iterator[Event]:
    """Yield what was said about which thing, and what was linked."""
    for said in story["comments"]:
        yield (said["at"], 6, partial(add_comment, actor, said["about"], said["text"], said["at"]))
    for link in story["thing_links"]:
        end = LinkTo(link["sort"], to=link["to"])
        yield (link["at"], 6, partial(add_link, actor, link["about"], end, link["at"]))
