"""The first page, what one was told, and the one box to go anywhere."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway.domain.accounts.rules import Permission, may
from headway.domain.assessments.queries.monday import monday_brief
from headway.domain.compliance.queries import running_clocks
from headway.domain.gates.queries import standing_alarms
from headway.domain.installation.queries import alarms
from headway.domain.notices import actions as notices
from headway.domain.notices.queries import notices_of
from headway.interfaces.web.home.palette import choices_for
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.layout.toasts import tell
from headway.interfaces.web.programs.addresses import is_live
from headway.interfaces.web.programs.connecting import connect_panel

#: Lines of one section of the brief, before the rest is counted.
MOST_LINES = 8


def home(request: WorkspaceRequest) -> HttpResponse:
    """Say what changed, why, and what waits; a calm page for those who see no programs."""
    if not may(request.actor, Permission.VIEW):
        return render(request, "home_web/calm.html")
    brief = monday_brief(
        request.actor, request.at or request.now, request.at, connect=is_live(request)
    )
    told = [notice for notice in notices_of(request.actor, request.at) if not notice.is_read]
    fresh = {notice.shift for notice in told}
    values = {
        "brief": brief,
        "most": f":{MOST_LINES}",
        "limit": MOST_LINES,
        "unseen": -MOST_LINES,
        "connect": connect_panel(request, brief.connect),
        "alarms": [] if request.at else alarms(request.now, request.place.slug),
        "registry": standing_alarms(request.actor, request.at)[:MOST_LINES],
        "clocks": running_clocks(request.actor, request.at or request.now, known_at=request.at),
        "unread": len(told),
        "told": [notice for notice in told if notice.shift is None],
        "shifts": [(shift, shift.id in fresh) for shift in brief.shifts],
    }
    return render(request, "home_web/home.html", values)


def read_notices(request: WorkspaceRequest) -> HttpResponse:
    """Mark everything the reader was told as read."""
    count = notices.read_notices(request.actor, request.now)
    tell(request, f"{count} notice{'' if count == 1 else 's'} marked as read.")
    return redirect("home", workspace=request.place.slug)


def palette(request: WorkspaceRequest) -> HttpResponse:
    """Answer the command palette: what `?q=` may mean, in groups."""
    asked = request.GET.get("q", "").strip()[:100]
    groups = choices_for(request.actor, request.place.slug, asked, request.at)
    return render(request, "layout/_palette_results.html", {"groups": groups, "q": asked})
