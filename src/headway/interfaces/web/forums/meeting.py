"""The page of one meeting: the agenda left, the minutes right, written line by line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway.domain.accounts.rules import Permission, may
from headway.domain.discussion.rules import About, Kind
from headway.domain.forums.actions import (
    close_meeting,
    drop_minute,
    move_meeting,
    open_meeting,
    restore_minute,
    write_minute,
)
from headway.domain.forums.queries import MeetingPage, forum_named, meeting_named, meeting_page
from headway.domain.forums.rules import AgendaLine, MinuteDraft, MinuteLine
from headway.domain.notices.actions import invite_to_meeting
from headway.domain.people.queries import names_of
from headway.domain.people.rules.moments import moment_on, zone_of
from headway.domain.plans.actions import forecast_soon
from headway.domain.plans.queries import decisions_of
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules.fields import day as read_day
from headway.errors import Conflict, HeadwayError, Invalid, NotFound, Refused
from headway.interfaces.web.discussion.addresses import page_address
from headway.interfaces.web.forums.forms import MinuteForm, MoveForm
from headway.interfaces.web.forums.pages import local_of
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.layout.toasts import tell, toast
from headway.interfaces.web.programs.addresses import address, is_live
from headway.interfaces.web.programs.editing import Done, Edit, asked_version, edit_page, leave

#: What a sort of minute stands for, among the things that have a page.
_THINGS = {"decided": "decision", "deferred": "decision"}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the agenda or the minutes, where it opens, and the name of whom it names."""

    line: AgendaLine | MinuteLine
    href: str
    who: str


def meeting(request: WorkspaceRequest, program: str, forum: str, number: int) -> HttpResponse:
    """Show a meeting: what it is about, and what was written down."""
    return _page(request, (program, forum, number))


def _page(
    request: WorkspaceRequest,
    place: tuple[str, str, int],
    form: MinuteForm | None = None,
    *,
    said: str = "",
    bad: str = "",
) -> HttpResponse:
    facts = program_named(request.actor, place[0], request.at)
    page = meeting_page(request.actor, facts, (place[1], place[2]), request.at)
    values = _values(request, page) | {
        "form": form or MinuteForm(focus=bool(request.htmx)),
        "bad": bad,
        "here": address(request, "meeting", program=place[0], forum=place[1], number=place[2]),
    }
    template = "_minutes.html" if request.htmx else "meeting.html"
    status = 422 if bad else 200
    response = render(request, f"forums_web/{template}", values, status=status)
    if said and request.htmx:
        response.write(toast(request, said))
    return response


def _values(request: WorkspaceRequest, page: MeetingPage) -> dict[str, object]:
    names = names_of(request.actor)
    live = is_live(request) and may(request.actor, Permission.PLAN)
    writing = live and page.meeting.is_held
    agenda = page.agenda
    return {
        "page": page,
        "program": page.program,
        "sections": [
            (section, [_row(request, page, line, names) for line in section.lines])
            for section in agenda.sections
        ]
        if agenda
        else [],
        "lines": [_row(request, page, line, names) for line in page.lines],
        "writing": writing,
        "planning": live and page.meeting.is_planned,
        "decisions": [one for one in decisions_of(request.actor, page.program) if one.is_open]
        if writing
        else [],
        "roster": sorted(names.items()) if writing else [],
        "people": [(key, names.get(key, key)) for key in page.forum.members],
        "present": [names.get(key, key) for key in page.meeting.present],
        "local": local_of(page.forum, page.meeting.starts_at),
    }


def _row(
    request: WorkspaceRequest,
    page: MeetingPage,
    line: AgendaLine | MinuteLine,
    names: Mapping[str, str],
) -> Row:
    sort = line.kind if isinstance(line, AgendaLine) else _THINGS.get(line.sort, line.sort)
    href = ""
    if line.key and sort in set(Kind):
        key = line.key if sort == "item" else f"{page.program.slug}/{line.key}"
        href = page_address(request, About(Kind(sort), key))
    return Row(line, href, names.get(line.who, line.who))


def write(request: WorkspaceRequest, program: str, forum: str, number: int) -> HttpResponse:
    """Write a line into the minutes; it lands where it belongs."""
    place = (program, forum, number)
    form: MinuteForm | None = None
    try:
        if "decision" in request.POST:
            draft = _decision(request)
        else:
            form = MinuteForm(request.POST, focus=True)
            if not form.is_valid():
                return _page(request, place, form, bad="Nothing was written yet; say what it is.")
            draft = form.draft()
        made = write_minute(request.actor, place, draft, request.now)
    except (Invalid, NotFound, Conflict, Refused) as error:
        return _refused(request, place, form, error)
    if made.sort == "decided":
        forecast_soon(request.actor, program, request.now)
    said = _said(made)
    if request.htmx:
        return _page(request, place, said=said)
    tell(request, said)
    return redirect(address(request, "meeting", program=program, forum=forum, number=number))


def _refused(
    request: WorkspaceRequest,
    place: tuple[str, str, int],
    form: MinuteForm | None,
    error: HeadwayError,
) -> HttpResponse:
    """Show the page with why nothing was written; what another workspace holds stays a 404."""
    meeting_named(
        request.actor,
        forum_named(request.actor, program_named(request.actor, place[0]), place[1]),
        place[2],
    )
    return _page(request, place, form, bad=str(error))


def _decision(request: WorkspaceRequest) -> MinuteDraft:
    sent = request.POST
    option, words = sent.get("option", ""), sent.get("words", "")
    if option:
        return MinuteDraft("decided", words, decision=sent["decision"], option=option)
    by = read_day("day", sent.get("by"))
    return MinuteDraft("deferred", words, by=by, decision=sent["decision"])


def _said(made: MinuteLine) -> str:
    told = {
        "note": "The note is written down.",
        "action": "The action stands in the program's register.",
        "risk": "The risk stands in the program's register; say what it would delay and cost.",
        "blocker": "The blocker stands in the program's register.",
        "decided": "Decided; the plan and its forecast moved.",
        "deferred": "The decision waits until then.",
    }
    return told[made.sort]


def open_it(request: WorkspaceRequest, program: str, forum: str, number: int) -> HttpResponse:
    """Begin the meeting: its agenda is built and frozen."""
    place = (program, forum, number)
    open_meeting(request.actor, place, request.now, version=asked_version(request))
    tell(request, "The meeting is open; its agenda is what the brief says now.")
    return redirect(address(request, "meeting", program=program, forum=forum, number=number))


def close_it(request: WorkspaceRequest, program: str, forum: str, number: int) -> HttpResponse:
    """End the meeting with who was there; the next one is planned."""
    others = [one.strip() for one in request.POST.get("others", "").split(",")]
    present = [*request.POST.getlist("present"), *filter(None, others)]
    place = (program, forum, number)
    close_meeting(request.actor, place, present, request.now, version=asked_version(request))
    tell(request, "The meeting is closed, its minutes are frozen, and the next one is planned.")
    return redirect(address(request, "forum", program=program, forum=forum))


def move(request: WorkspaceRequest, program: str, forum: str, number: int) -> HttpResponse:
    """Put a planned meeting to another time."""
    facts = program_named(request.actor, program)
    held = forum_named(request.actor, facts, forum)

    def save(values: dict[str, object], version: int | None) -> Done:
        read = MoveForm.readers
        day, hour = read["day"]("day", values["day"]), read["hour"]("hour", values["hour"])
        starts_at = moment_on(day, hour, zone_of(held.time_zone))  # type: ignore[arg-type]
        place = (program, forum, number)
        move_meeting(request.actor, place, starts_at, request.now, version=version)
        return Done("The meeting is moved; send its invitation again.")

    def load() -> Edit:
        one = meeting_named(request.actor, held, number)
        local = local_of(held, one.starts_at)
        fields = {"day": local.date(), "hour": f"{local:%H:%M}"}
        page = address(request, "meeting", program=program, forum=forum, number=number)
        title = f"Move meeting {number} of {held.name}"
        return Edit(title, page, MoveForm, save, fields, one.version, blame="day")

    return edit_page(request, load)


def mail_invitation(
    request: WorkspaceRequest, program: str, forum: str, number: int
) -> HttpResponse:
    """Mail the invitation to the forum's members who have an address."""
    here = address(request, "meeting", program=program, forum=forum, number=number)
    try:
        count = invite_to_meeting(request.actor, (program, forum, number), request.now)
    except Conflict as error:
        return leave(request, here, Done(str(error)))
    people = "1 person is" if count == 1 else f"{count} people are"
    return leave(request, here, Done(f"{people} invited by mail within a minute."))


def take_out(request: WorkspaceRequest, minute: UUID) -> HttpResponse:
    """Take a line out of the minutes; the toast puts it back."""
    version = drop_minute(request.actor, minute, request.now)
    undo = address(request, "restore_minute", minute=minute, version=version)
    done = Done("The line is out of the minutes; what it stood for stays.", undo)
    return leave(request, address(request, "programs"), done)


def put_in(request: WorkspaceRequest, minute: UUID, version: int) -> HttpResponse:
    """Put a line back into the minutes."""
    restore_minute(request.actor, minute, version, request.now)
    return leave(request, address(request, "programs"), Done("The line is back."))
