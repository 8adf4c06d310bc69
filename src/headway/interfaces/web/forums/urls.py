"""Addresses of forums, meetings and calendars."""

from __future__ import annotations

from headway.domain.accounts.rules import Permission
from headway.interfaces.web.forums import calendars, meeting, pages
from headway.interfaces.web.layout.routes import Public, route

_BOTH = ("GET", "POST")
_POST = ("POST",)
_HERE = "w/<slug:workspace>/"
_PROGRAM = _HERE + "programs/<slug:program>/"
_FORUM = _PROGRAM + "forums/<str:forum>/"
_MEETING = _FORUM + "<int:number>/"
_MINUTE = _HERE + "minutes/<uuid:minute>/"

urlpatterns = [
    route(
        "calendars/<str:secret>.ics",
        calendars.feed,
        Public("the secret is the key; it opens the times of its owner's meetings, nothing else"),
        "calendar",
    ),
    route(
        "calendars/<str:secret>/<slug:program>.ics",
        calendars.milestones,
        Public("the secret is the key; it opens the milestones of its owner's programs"),
        "milestone_calendar",
    ),
    route(
        "calendars/<str:secret>/governance/obligations.ics",
        calendars.obligations,
        Public("the secret is the key; it opens the obligations that its owner may see"),
        "obligation_feed",
    ),
    route(
        "w/<slug:workspace>/governance/obligations.ics",
        calendars.obligations_file,
        Permission.VIEW,
        "obligation_calendar",
    ),
    route(_PROGRAM + "forums/", pages.forums, Permission.VIEW, "forums"),
    route(_PROGRAM + "new-forum/", pages.add_forum, Permission.PLAN, "add_forum", _BOTH),
    route(_PROGRAM + "calendar/make/", pages.calendar_made, Permission.VIEW, "make_feed", _POST),
    route(
        _PROGRAM + "calendar/revoke/", pages.calendar_revoked, Permission.VIEW, "revoke_feed", _POST
    ),
    route(_FORUM, pages.forum, Permission.VIEW, "forum"),
    route(_FORUM + "edit/", pages.edit_forum, Permission.PLAN, "edit_forum", _BOTH),
    route(_FORUM + "plan/", pages.plan, Permission.PLAN, "plan_meeting", _POST),
    route(_MEETING, meeting.meeting, Permission.VIEW, "meeting"),
    route(_MEETING + "open/", meeting.open_it, Permission.PLAN, "open_meeting", _POST),
    route(_MEETING + "close/", meeting.close_it, Permission.PLAN, "close_meeting", _POST),
    route(_MEETING + "move/", meeting.move, Permission.PLAN, "move_meeting", _BOTH),
    route(_MEETING + "write/", meeting.write, Permission.PLAN, "write_minute", _POST),
    route(_MEETING + "invitation.ics", calendars.invite, Permission.VIEW, "invitation"),
    route(_MEETING + "invite/", meeting.mail_invitation, Permission.PLAN, "mail_invitation", _POST),
    route(_MINUTE + "remove/", meeting.take_out, Permission.PLAN, "drop_minute", _POST),
    route(
        _MINUTE + "restore/<int:version>/",
        meeting.put_in,
        Permission.PLAN,
        "restore_minute",
        _POST,
    ),
]
