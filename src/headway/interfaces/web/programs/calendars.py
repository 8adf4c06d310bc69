"""A program's calendars: its own, and those of shifts, teams and people that work may name."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render

from headway.analysis.schedule.plan import Calendar
from headway.analysis.schedule.readers.ics import MOST_BYTES
from headway.domain.accounts.rules import Permission, may
from headway.domain.plans.queries import latest_forecast
from headway.domain.programs.actions import (
    drop_calendar,
    keep_calendar,
    set_calendar,
    take_days_off,
)
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.calendars import (
    as_written,
    calendar_from,
    calendar_text,
    form_calendar,
    named_calendars,
)
from headway.errors import Conflict, Invalid, NotFound
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.calendar_forms import (
    CalendarForm,
    DaysOffForm,
    NewCalendarForm,
)
from headway.interfaces.web.programs.editing import Done, Edit, asked_version, edit_page, leave
from headway.interfaces.web.programs.program import head_of

#: Days off and days with hours of their own that the page lists before it counts the rest.
SHOWN = 8
_FRESH = Calendar("")


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """A calendar in words; `edit` and `remove` are addresses, empty where that is not offered."""

    name: str
    words: dict[str, str]
    days_off: list[str]
    more: int
    edit: str
    remove: str


def calendars(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Show a program's own calendar, and those that its work and resources may name."""
    return _page(request, program_named(request.actor, program, request.at), DaysOffForm())


def _page(
    request: WorkspaceRequest, facts: ProgramFacts, form: DaysOffForm, status: int = 200
) -> HttpResponse:
    values = head_of(request, facts, latest_forecast(request.actor, facts, request.at))
    own = calendar_from(facts.calendar)
    rows = [_row(request, facts, own, is_own=True)]
    rows += [_row(request, facts, one, is_own=False) for one in named_calendars(facts.calendars)]
    form.fields["calendar"].choices = [  # type: ignore[attr-defined]
        ("", f"{own.name} (the program's own)"),
        *((name, name) for name in sorted(facts.calendars)),
    ]
    values |= {"rows": rows, "form": form}
    return render(request, "programs_web/calendars.html", values, status=status)


def _row(
    request: WorkspaceRequest, facts: ProgramFacts, calendar: Calendar, *, is_own: bool
) -> CalendarRow:
    words = as_written(calendar)
    off = [day.isoformat() for day in calendar.holidays]
    off += [line for line in words["extra"].splitlines() if line]
    if is_own:
        edit, remove = address(request, "edit_own_calendar", program=facts.slug), ""
    else:
        place = {"program": facts.slug, "calendar": calendar.name}
        edit = address(request, "edit_calendar", **place)
        remove = address(request, "remove_calendar", **place)
    return CalendarRow(calendar.name, words, off[:SHOWN], max(len(off) - SHOWN, 0), edit, remove)


def edit_own_calendar(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Change the calendar that all work of a program follows unless it names another."""

    def save(values: dict[str, object], version: int | None) -> Done:
        held = program_named(request.actor, program)
        name = calendar_from(held.calendar).name
        kept = calendar_text(form_calendar(name, values))
        saved = set_calendar(request.actor, held, kept, request.now, version=version)
        return Done("The program's calendar is changed.", _undo(request, held, saved))

    def load() -> Edit:
        held = program_named(request.actor, program)
        words = as_written(calendar_from(held.calendar))
        title = f"The calendar of {held.name}"
        return Edit(title, _home(request, program), CalendarForm, save, words, held.version)

    return edit_page(request, load)


def add_calendar(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Make a calendar that work and resources may name."""

    def save(values: dict[str, object], version: int | None) -> Done:
        held = program_named(request.actor, program)
        calendar = form_calendar(str(values.pop("name")), values)
        if calendar.name in held.calendars:
            sentence = f"There is a calendar {calendar.name!r} already; choose another name."
            raise Conflict(sentence)
        saved = keep_calendar(request.actor, program, calendar, request.now)
        return Done(f"The calendar {calendar.name} is there.", _undo(request, held, saved))

    held = {**as_written(_FRESH), "name": ""}
    page = _home(request, program)
    program_named(request.actor, program)
    edit = Edit("Add a calendar", page, NewCalendarForm, save, held, blame="name")
    return edit_page(request, lambda: edit)


def edit_calendar(request: WorkspaceRequest, program: str, calendar: str) -> HttpResponse:
    """Change a calendar that work and resources may name."""

    def save(values: dict[str, object], version: int | None) -> Done:
        held = program_named(request.actor, program)
        kept = form_calendar(calendar, values)
        saved = keep_calendar(request.actor, program, kept, request.now, version=version)
        return Done(f"The calendar {calendar} is changed.", _undo(request, held, saved))

    def load() -> Edit:
        held = program_named(request.actor, program)
        if calendar not in held.calendars:
            sentence = f"{held.name} has no calendar {calendar!r}."
            raise NotFound(sentence)
        words = as_written(calendar_from(held.calendars[calendar], calendar))
        return Edit(
            f"The calendar {calendar}",
            _home(request, program),
            CalendarForm,
            save,
            words,
            held.version,
            remove=address(request, "remove_calendar", program=program, calendar=calendar),
            remove_label="Remove this calendar",
        )

    return edit_page(request, load)


def remove_calendar(request: WorkspaceRequest, program: str, calendar: str) -> HttpResponse:
    """Take a calendar away; what names it works in the program's own."""
    held = program_named(request.actor, program)
    version = asked_version(request)
    saved = drop_calendar(request.actor, program, calendar, request.now, version=version)
    sentence = f"The calendar {calendar} is gone; what names it works in the program's own."
    return leave(request, _home(request, program), Done(sentence, _undo(request, held, saved)))


def days_off(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Take the days off of an uploaded iCalendar file off a calendar."""
    held = program_named(request.actor, program)
    form = DaysOffForm(request.POST, request.FILES)
    form.fields["calendar"].choices = [  # type: ignore[attr-defined]
        ("", ""), *((name, name) for name in held.calendars)
    ]  # fmt: skip
    if not form.is_valid():
        return _page(request, held, form, 422)
    file, name = form.cleaned_data["file"], form.cleaned_data["calendar"]
    data = file.read(MOST_BYTES + 1)
    try:
        saved, told = take_days_off(
            request.actor, program, name, (str(file.name)[:100], data), request.now
        )
    except Invalid as error:
        form.add_error("file", str(error))
        return _page(request, held, form, 422)
    sentence = "Its days off are in the calendar." if saved != held else "It takes nothing off."
    done = Done(" ".join([sentence, *told[:3]]), _undo(request, held, saved))
    return leave(request, _home(request, program), done)


def _home(request: WorkspaceRequest, program: str) -> str:
    return address(request, "calendars", program=program)


def _undo(request: WorkspaceRequest, before: ProgramFacts, saved: ProgramFacts) -> str:
    """Return the address that puts the program back, for who may; "" where nothing changed."""
    if saved == before or not may(request.actor, Permission.PROGRAM):
        return ""
    return address(request, "restore_program", program=saved.slug, version=before.version)
