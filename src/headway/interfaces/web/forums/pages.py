"""The forums of a program, one of them with its meetings, and setting one up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway.domain.forums.actions import make_feed, plan_meeting, revoke_feed, set_forum
from headway.domain.forums.queries import (
    feed_of_mine,
    forum_named,
    forums_of,
    meetings_by_forum,
    meetings_of,
)
from headway.domain.forums.rules import FORUM_FIELDS, ForumFacts, MeetingFacts
from headway.domain.people.queries import names_of
from headway.domain.people.rules.moments import zone_of
from headway.domain.plans.queries import latest_forecast
from headway.domain.programs.queries import program_named
from headway.interfaces.web.forums.forms import ForumForm
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.layout.toasts import tell
from headway.interfaces.web.programs.addresses import address, is_live
from headway.interfaces.web.programs.editing import Done, Edit, edit_page
from headway.interfaces.web.programs.program import head_of

#: What the form of a new forum begins with.
_USUAL = {"kind": "weekly", "hour": "10:00", "every_weeks": "1", "minutes": "30"}


@dataclass(frozen=True, slots=True)
class ForumRow:
    """A forum with its rhythm in words, what is planned or going on, and its last meeting."""

    forum: ForumFacts
    rhythm: str
    coming: MeetingFacts | None
    last: MeetingFacts | None


def forums(request: WorkspaceRequest, program: str, secret: str = "") -> HttpResponse:
    """List the forums of a program, with when each meets next; a fresh `secret` is shown once."""
    facts = program_named(request.actor, program, request.at)
    found = forums_of(request.actor, facts, request.at)
    meetings = meetings_by_forum(request.actor, found, request.at)
    values = head_of(request, facts, latest_forecast(request.actor, facts, request.at))
    values |= {
        "rows": [_row(forum, meetings[forum.id]) for forum in found],
        "feed": feed_of_mine(request.actor) if is_live(request) else None,
        "secret": secret,
        "obligations": secret.removesuffix(".ics") + "/governance/obligations.ics"
        if secret
        else "",
        "milestones": secret.removesuffix(".ics") + f"/{program}.ics" if secret else "",
    }
    return render(request, "forums_web/forums.html", values)


def _row(forum: ForumFacts, meetings: Sequence[MeetingFacts]) -> ForumRow:
    return ForumRow(
        forum,
        rhythm_of(forum),
        next((one for one in reversed(meetings) if one.state != "closed"), None),
        next((one for one in meetings if one.state == "closed"), None),
    )


def rhythm_of(forum: ForumFacts) -> str:
    """Say how often a forum meets: "every Monday at 10:00 Europe/Berlin, 30 minutes"."""
    weekday = f"{forum.first_on:%A}"
    often = (
        f"every {weekday}"
        if forum.every_weeks == 1
        else (f"every {forum.every_weeks} weeks on {weekday}")
    )
    return f"{often} at {forum.hour:%H:%M} {forum.time_zone or 'UTC'}, {forum.minutes} minutes"


def forum(request: WorkspaceRequest, program: str, forum: str) -> HttpResponse:
    """Show one forum: when it meets next, who belongs to it, and its past meetings."""
    facts = program_named(request.actor, program, request.at)
    held = forum_named(request.actor, facts, forum, request.at)
    found = meetings_of(request.actor, held, request.at)
    names = names_of(request.actor)
    values = head_of(request, facts, latest_forecast(request.actor, facts, request.at))
    values |= {
        "forum": held,
        "rhythm": rhythm_of(held),
        "people": [names.get(key, key) for key in held.members],
        "coming": [one for one in reversed(found) if one.state != "closed"],
        "past": [
            (one, [names.get(key, key) for key in one.present])
            for one in found
            if one.state == "closed"
        ],
    }
    return render(request, "forums_web/forum.html", values)


def add_forum(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Set up a forum; its first meeting is planned with it."""

    def save(values: dict[str, object], _version: int | None) -> Done:
        made = set_forum(request.actor, program, "", values, request.now)
        return Done(f"{made.name} is set up, and its first meeting planned.")

    def load() -> Edit:
        held = _USUAL | {"first_on": request.now.date().isoformat()}
        page = address(request, "forums", program=program)
        return Edit(
            "Set up a forum", page, ForumForm, save, held, blame="name", lists=_people(request)
        )

    program_named(request.actor, program)
    return edit_page(request, load)


def edit_forum(request: WorkspaceRequest, program: str, forum: str) -> HttpResponse:
    """Change a forum; what is planned follows, and its invitation is renewed."""
    facts = program_named(request.actor, program)

    def save(values: dict[str, object], version: int | None) -> Done:
        set_forum(request.actor, program, forum, values, request.now, version=version)
        return Done("The forum is changed; the planned meeting follows.")

    def load() -> Edit:
        held = forum_named(request.actor, facts, forum)
        fields = {name: getattr(held, name) for name in FORUM_FIELDS}
        fields |= {"members": ", ".join(held.members), "hour": f"{held.hour:%H:%M}"}
        return Edit(
            f"Edit {held.name}",
            address(request, "forum", program=program, forum=forum),
            ForumForm,
            save,
            fields,
            held.version,
            blame="members",
            lists=_people(request),
        )

    return edit_page(request, load)


def _people(request: WorkspaceRequest) -> dict[str, list[str]]:
    return {"edit-people": sorted(names_of(request.actor))}


def plan(request: WorkspaceRequest, program: str, forum: str) -> HttpResponse:
    """Plan the next meeting by the rhythm."""
    made = plan_meeting(request.actor, program, forum, request.now)
    tell(request, f"Meeting {made.number} is planned.")
    return redirect(address(request, "forum", program=program, forum=forum))


def calendar_made(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Make the secret address of the reader's calendar; it is shown once."""
    secret = make_feed(request.actor, request.now)
    return forums(request, program, request.build_absolute_uri(f"/calendars/{secret}.ics"))


def calendar_revoked(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Revoke the reader's calendar."""
    revoke_feed(request.actor, request.now)
    tell(request, "The address of your calendar is revoked; it is answered no more.")
    return redirect(address(request, "forums", program=program))


def local_of(forum: ForumFacts, at: datetime) -> datetime:
    """Return a moment on the clock of a forum."""
    return at.astimezone(zone_of(forum.time_zone))
