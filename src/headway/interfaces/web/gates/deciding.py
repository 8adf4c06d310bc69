"""Deciding at a gate on pages; conditions, queue time, and the calendar of what comes next."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.forums.rules import Event, calendar_text
from headway.domain.gates.actions import (
    decide_gate,
    enter_stage,
    meet_condition,
    take_queue_time,
)
from headway.domain.gates.queries import conditions_owed, gate_calendar
from headway.domain.gates.queries.calendar import Entry
from headway.domain.people.queries import names_of
from headway.domain.programs.queries import release_of
from headway.errors import Invalid, NotFound, Refused
from headway.interfaces.web.gates.approving import desk_of, gate_page
from headway.interfaces.web.gates.desk_forms import CONDITIONS, DecideForm, MeetForm, MoveForm
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address, is_live
from headway.interfaces.web.programs.editing import Done, Edit, asked_version, edit_page, leave

AREA = ("releases", "Releases")

_SAID = {
    "go": "The gate is open.",
    "go_with_conditions": "The gate is open, bound to its conditions.",
    "hold": "The gate is on hold.",
    "recycle": "The release goes through it again.",
    "kill": "The release is ended.",
}


def decide(request: WorkspaceRequest, gate: UUID) -> HttpResponse:
    """Decide at a gate, on what is seen."""

    def save(values: dict[str, object], _version: int | None) -> Done:
        seen = str(values.pop("seen"))
        conditions = _conditions(values)
        given = {**_without_rows(values), "conditions": conditions}
        try:
            made = decide_gate(request.actor, gate, given, request.now, seen=seen)
        except Refused as error:
            raise Invalid(str(error)) from error
        return Done(_SAID[made.outcome])

    def load() -> Edit:
        desk = desk_of(request, gate)
        return Edit(
            f"Decide: {desk.deciding.place}",
            gate_page(request, gate),
            DecideForm,
            save,
            {"seen": desk.digest, "outcome": "hold" if desk.deciding.obstacles else "go"},
            button="Decide",
            lists={"edit-people": sorted(names_of(request.actor))},
            area=AREA,
        )

    return edit_page(request, load)


def _conditions(values: dict[str, object]) -> list[dict[str, object]]:
    """Return the rows of the form that say anything."""
    rows = [
        {name: values[f"{name}_{row}"] for name in ("text", "owner", "due")}
        for row in range(1, CONDITIONS + 1)
    ]
    return [row for row in rows if any(row.values())]


def _without_rows(values: dict[str, object]) -> dict[str, object]:
    return {name: values[name] for name in ("outcome", "reason")}


def meet(request: WorkspaceRequest, condition: UUID) -> HttpResponse:
    """Say that a condition is met, and how."""

    def save(values: dict[str, object], version: int | None) -> Done:
        try:
            met = meet_condition(
                request.actor, condition, str(values["statement"]), request.now, version=version
            )
        except Refused as error:
            raise Invalid(str(error)) from error
        return Done(f"Met: {met.text}")

    def load() -> Edit:
        owed = conditions_owed(request.actor, request.now)
        line = next((one for one in owed if one.condition.id == condition), None)
        if line is None:
            sentence = "There is no such condition that is owed."
            raise NotFound(sentence)
        return Edit(
            f"Met: {line.condition.text}",
            gate_page(request, line.gate_id),
            MeetForm,
            save,
            version=line.condition.version,
            blame="statement",
            button="It is met",
            area=AREA,
        )

    return edit_page(request, load)


def take_queue(request: WorkspaceRequest, gate: UUID) -> HttpResponse:
    """Let the review in the plan last as its functions have taken to answer."""
    before = desk_of(request, gate).offer
    take_queue_time(request.actor, gate, request.now, version=asked_version(request))
    done = Done(f"{before.name} lasts as reviews have lasted. The forecast follows.")
    return leave(request, gate_page(request, gate), done)


def move(request: WorkspaceRequest, release: UUID) -> HttpResponse:
    """Move a release to another stage, through the gates that stand before it."""

    def save(values: dict[str, object], version: int | None) -> Done:
        stage, reason = str(values["stage"]), str(values["reason"])
        try:
            moved = enter_stage(
                request.actor, release, stage, request.now, reason=reason, version=version
            )
        except Refused as error:
            raise Invalid(str(error)) from error
        return Done(f"{moved.system_name} {moved.name} stands in {moved.stage_name.lower()}.")

    def load() -> Edit:
        held = release_of(request.actor, release)
        return Edit(
            f"Move {held.system_name} {held.name}",
            address(request, "release", release=release),
            MoveForm.of([(one.id, one.name) for one in held.stages]),
            save,
            {"stage": held.stage},
            held.version,
            blame="stage",
            button="Move it",
            area=AREA,
        )

    return edit_page(request, load)


def calendar(request: WorkspaceRequest) -> HttpResponse:
    """List what is due or ends next, by day."""
    moment = request.at or request.now
    today, names = moment.date(), names_of(request.actor)
    entries = gate_calendar(request.actor, moment, known_at=request.at)
    wanted = request.GET.get("sort", "")
    shown = [one for one in entries if not wanted or one.sort == wanted]
    values = {
        "rows": [(one, names.get(one.owner, one.owner), one.is_overdue(today)) for one in shown],
        "overdue": sum(one.is_overdue(today) for one in entries),
        "next": next((one for one in entries if not one.is_overdue(today)), None),
        "sorts": sorted({one.sort for one in entries}),
        "wanted": wanted,
        "live": is_live(request),
    }
    return render(request, "gates_web/calendar.html", values)


def calendar_file(request: WorkspaceRequest) -> HttpResponse:
    """Send the same days as a file that calendars open."""
    moment = request.at or request.now
    entries = gate_calendar(request.actor, moment, known_at=request.at)
    events = [_event(request, one) for one in entries]
    text = calendar_text(events, "PUBLISH", f"{request.place.name}: reviews and expiries")
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8; method=PUBLISH")
    response["Content-Disposition"] = 'attachment; filename="reviews.ics"'
    response["Cache-Control"] = "private, no-store"
    return response


def _event(request: WorkspaceRequest, entry: Entry) -> Event:
    here = gate_page(request, entry.gate_id) if entry.gate_id else address(request, "approvals")
    day: date = entry.day
    return Event(
        uid=f"{entry.uid}@headway",
        sequence=day.toordinal(),
        stamp=request.now,
        starts_at=day,
        minutes=0,
        summary=entry.words,
        url=f"{settings.BASE_URL}{here}",
    )
