"""When somebody works: their week, what it becomes, their days away; and how it is taken back."""

from __future__ import annotations

from django.http import HttpResponse

from headway.analysis.schedule.readers.ics import MOST_BYTES
from headway.domain.people.actions import (
    restore_working_time,
    set_working_time,
    take_leave,
)
from headway.domain.people.queries import person_named, require_person, working_time_of
from headway.domain.people.rules.working_time import (
    WorkingTimeFacts,
    form_schedule,
    typed_working_time,
)
from headway.errors import Invalid, NotFound
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.people.forms import WorkingTimeForm
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.editing import Done, Edit, edit_page, leave


def edit_hours(request: WorkspaceRequest, person: str) -> HttpResponse:
    """Say when somebody works: they themselves, or who runs programs."""

    def save(typed: dict[str, object], version: int | None) -> Done:
        before = _held(request, person)
        values: dict[str, object] = {"schedule": form_schedule(typed)}
        values |= {name: typed[name] for name in ("changes", "absences")}
        saved = set_working_time(request.actor, person, values, request.now, version=version)
        number = before.version if before else 0
        undo = address(request, "restore_working_time", person=person, version=number)
        return Done(f"{saved.name} works as you wrote.", "" if saved == before else undo)

    def load() -> Edit:
        held = person_named(request.actor, person)
        require_person(request.actor, held)
        told = _held(request, person)
        return Edit(
            f"When {held.name} works",
            address(request, "check_in", person=person),
            WorkingTimeForm,
            save,
            {"zone": held.time_zone, **typed_working_time(told)},
            told.version if told else None,
            area=("people", "People"),
        )

    return edit_page(request, load)


def days_off(request: WorkspaceRequest, person: str) -> HttpResponse:
    """Take the days off of an uploaded iCalendar file off somebody's time."""
    before = _held(request, person)
    require_person(request.actor, person_named(request.actor, person))
    file = request.FILES.get("file")
    if file is None:
        sentence = "No file was chosen; choose one that ends in .ics."
        raise Invalid(sentence)
    named = (str(file.name)[:100], file.read(MOST_BYTES + 1))
    saved, told = take_leave(request.actor, person, named, request.now)
    number = before.version if before else 0
    undo = address(request, "restore_working_time", person=person, version=number)
    sentence = "Its days off are taken." if saved != before else "It takes nothing off."
    done = Done(" ".join([sentence, *told[:3]]), "" if saved == before else undo)
    return leave(request, address(request, "person", person=person), done)


def undo_hours(request: WorkspaceRequest, person: str, version: int) -> HttpResponse:
    """Put working time back to an earlier version."""
    back = restore_working_time(request.actor, person, version, request.now)
    page = address(request, "check_in", person=person)
    return leave(request, page, Done(f"{back.name} works as before."))


def _held(request: WorkspaceRequest, person: str) -> WorkingTimeFacts | None:
    try:
        return working_time_of(request.actor, person)
    except NotFound:
        return None
