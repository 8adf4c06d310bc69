"""Forums: who meets when, each meeting's agenda and minutes, and writing a line of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from ninja import Query, Router
from pydantic import Field

from headway.domain.accounts.rules import Permission
from headway.domain.forums.actions import write_minute
from headway.domain.forums.queries import forum_named, forums_of, meeting_page, meetings_of
from headway.domain.forums.rules import Agenda, ForumFacts, MeetingFacts, MinuteDraft, MinuteLine
from headway.domain.programs.queries import program_named
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.operations import operation, slow
from headway.interfaces.api.paging import AskedAt, At, Page, page_of

router = Router(tags=["Forums"])


@dataclass(frozen=True, slots=True)
class MeetingAnswer:
    """A meeting with its agenda (null before it is opened) and its minutes."""

    meeting: MeetingFacts
    agenda: Agenda | None
    minutes: Sequence[MinuteLine]


class MinuteBody(Given):
    """A line: a note, or what lands in its own register, or a decision taken or deferred."""

    sort: Literal["note", "action", "risk", "blocker", "decided", "deferred"] = "note"
    words: Annotated[str, Field(max_length=2_000)] = ""
    who: Annotated[str, Field(max_length=200)] = ""
    by: date | None = None
    probability: Annotated[float, Field(ge=0, le=1)] | None = None
    decision: Annotated[str, Field(max_length=60)] = ""
    option: Annotated[str, Field(max_length=60)] = ""


@operation(router, "GET", "/programs/{slug}/forums", Permission.VIEW, Page[ForumFacts])
def list_forums(request: ApiRequest, slug: str, asked: Query[AskedAt]) -> Page[ForumFacts]:
    """List the forums of a program, by key."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    return page_of(forums_of(request.auth, program, moment), lambda one: one.key, asked)


@operation(router, "GET", "/programs/{slug}/forums/{key}", Permission.VIEW, ForumFacts)
def read_forum(request: ApiRequest, slug: str, key: str, asked: Query[At]) -> ForumFacts:
    """Read a forum."""
    moment = asked.moment(request)
    return forum_named(request.auth, program_named(request.auth, slug, moment), key, moment)


@operation(
    router, "GET", "/programs/{slug}/forums/{key}/meetings", Permission.VIEW, Page[MeetingFacts]
)
def list_meetings(
    request: ApiRequest, slug: str, key: str, asked: Query[AskedAt]
) -> Page[MeetingFacts]:
    """List the meetings of a forum, the first first."""
    moment = asked.moment(request)
    forum = forum_named(request.auth, program_named(request.auth, slug, moment), key, moment)
    rows = meetings_of(request.auth, forum, moment)
    return page_of(rows, lambda one: f"{one.number:09}", asked)


@operation(
    router,
    "GET",
    "/programs/{slug}/forums/{key}/meetings/{int:number}",
    Permission.VIEW,
    MeetingAnswer,
)
def read_meeting(
    request: ApiRequest, slug: str, key: str, number: int, asked: Query[At]
) -> MeetingAnswer:
    """Read a meeting with its agenda and its minutes."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    page = meeting_page(request.auth, program, (key, number), moment)
    return MeetingAnswer(page.meeting, page.agenda, page.lines)


@operation(
    router,
    "POST",
    "/programs/{slug}/forums/{key}/meetings/{int:number}/minutes",
    Permission.PLAN,
    MinuteLine,
    201,
)
@slow
def add_minute(
    request: ApiRequest, slug: str, key: str, number: int, body: MinuteBody
) -> MinuteLine:
    """Write a line into the minutes of a meeting that is held; it lands where it belongs."""
    draft = MinuteDraft(**body.model_dump())
    return write_minute(request.auth, (slug, key, number), draft, request.now)
