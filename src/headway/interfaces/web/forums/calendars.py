"""Calendar files: the invitation to a meeting, and the feed behind a member's secret address."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from headway import clock
from headway.domain.forums.actions import note_feed_use
from headway.domain.forums.queries import (
    Calendar,
    calendar_for,
    invitation,
    meeting_page,
    milestone_calendar,
    obligation_calendar,
    obligation_calendar_for,
)
from headway.domain.programs.queries import program_named
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.layout.sealing import sealed
from headway.interfaces.web.programs.addresses import address

CONTENT_TYPE = "text/calendar; charset=utf-8"


def invite(request: WorkspaceRequest, program: str, forum: str, number: int) -> HttpResponse:
    """Send the invitation to a meeting as a file that calendars open."""
    facts = program_named(request.actor, program, request.at)
    page = meeting_page(request.actor, facts, (forum, number), request.at)
    here = address(request, "meeting", program=program, forum=forum, number=number)
    found = invitation(request.actor, page, f"{settings.BASE_URL}{here}", request.now)
    return _file(found)


def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """Send the meetings of whoever this secret was made for."""
    found, feed_id = calendar_for(secret, settings.BASE_URL, clock.now())
    note_feed_use(feed_id, clock.now())
    return sealed(_file(found))


def milestones(request: HttpRequest, secret: str, program: str) -> HttpResponse:
    """Send the milestones of a program, as whoever this secret was made for may see them."""
    found, feed_id = milestone_calendar(secret, program, settings.BASE_URL)
    note_feed_use(feed_id, clock.now())
    return sealed(_file(found))


def obligations(request: HttpRequest, secret: str) -> HttpResponse:
    """Send the obligations that whoever this secret was made for may see."""
    found, feed_id = obligation_calendar_for(secret, settings.BASE_URL, clock.now())
    note_feed_use(feed_id, clock.now())
    return sealed(_file(found))


def obligations_file(request: WorkspaceRequest) -> HttpResponse:
    """Send the obligations as a file that calendars open."""
    base = f"{settings.BASE_URL}/w/{request.place.slug}"
    at = request.at or request.now
    return _file(obligation_calendar(request.actor, base, at, known_at=request.at))


def _file(found: Calendar) -> HttpResponse:
    response = HttpResponse(found.text, content_type=f"{CONTENT_TYPE}; method={found.method}")
    response["Content-Disposition"] = f'attachment; filename="{found.name}"'
    response["Cache-Control"] = "private, no-store"
    return response
