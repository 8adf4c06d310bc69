"""Serious incidents: their clocks, their steps."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.accounts.queries import workspace_of
from headway.domain.compliance.actions import (
    edit_incident,
    open_incident,
    take_incident_step,
)
from headway.domain.compliance.queries import incident_named, incidents_of, steps_of
from headway.domain.compliance.rules.incidents import STEPS, said_step
from headway.domain.compliance.rules.inputs import StepDraft, moment
from headway.domain.people.rules.moments import zone_of
from headway.domain.programs.queries import systems_of
from headway.interfaces.web.law.forms import IncidentForm, NewIncidentForm, StepForm
from headway.interfaces.web.law.words import HARMS
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address, is_live
from headway.interfaces.web.programs.editing import Done, Edit, edit_page

_AREA = ("incidents", "Incidents")


def incidents(request: WorkspaceRequest) -> HttpResponse:
    """Answer first: which clock is running, and how long it has left."""
    at = request.at or request.now
    lines = incidents_of(request.actor, at, known_at=request.at)
    running = [one for one in lines if one.is_running]
    values = {
        "lines": lines,
        "running": running,
        "first": running[0] if running else None,
        "harms": HARMS,
        "live": is_live(request),
        "systems": bool(systems_of(request.actor, request.at)),
    }
    return render(request, "law_web/incidents.html", values)


def incident(request: WorkspaceRequest, incident: str) -> HttpResponse:
    """Show one incident: its clock, its steps with their records, and what comes next."""
    at = request.at or request.now
    line = incident_named(request.actor, incident, at, known_at=request.at)
    taken = STEPS.index(line.incident.step)
    zone = workspace_of(request.actor).time_zone
    values = {
        "line": line,
        "harm": HARMS[line.incident.harm],
        "steps": steps_of(request.actor, line, request.at),
        "following": [(one, said_step(one)) for one in STEPS[taken + 1 :]],
        "live": is_live(request),
        "zone": "" if zone == "UTC" else zone,
        "local": f"{line.incident.deadline.astimezone(zone_of(zone)):%-d %b %Y, %H:%M}",
    }
    return render(request, "law_web/incident.html", values)


def add(request: WorkspaceRequest) -> HttpResponse:
    """Start the clock of a serious incident."""
    systems = [(one.slug, one.name) for one in systems_of(request.actor)]

    def save(values: dict[str, object], _version: int | None) -> Done:
        system = str(values.pop("system"))
        line = open_incident(request.actor, system, values, request.now)
        return Done(f"The clock runs. {line.clock.sentence}")

    def load() -> Edit:
        return Edit(
            "A serious incident",
            address(request, "incidents"),
            partial(NewIncidentForm, systems),
            save,
            button="Start the clock",
            area=_AREA,
        )

    return edit_page(request, load)


def edit(request: WorkspaceRequest, incident: str) -> HttpResponse:
    """Correct an incident; a graver harm shortens its clock."""

    def save(values: dict[str, object], version: int | None) -> Done:
        line = edit_incident(request.actor, incident, values, request.now, version=version)
        return Done(line.clock.sentence)

    def load() -> Edit:
        held = incident_named(request.actor, incident, request.now).incident
        names = ("title", "harm", "owner")
        start = {name: getattr(held, name) for name in names}
        start["aware_at"] = f"{held.aware_at:%Y-%m-%dT%H:%M}"
        page = address(request, "incident", incident=incident)
        return Edit(held.title, page, IncidentForm, save, start, held.version, area=_AREA)

    return edit_page(request, load)


def step(request: WorkspaceRequest, incident: str, step: str) -> HttpResponse:
    """Note a step: reported first, reported finally, closed."""

    def save(values: dict[str, object], version: int | None) -> Done:
        when = moment("when", values["when"])
        draft = StepDraft(step, when, str(values["words"] or ""))
        line = take_incident_step(request.actor, incident, draft, request.now, version=version)
        return Done(line.clock.sentence)

    def load() -> Edit:
        held = incident_named(request.actor, incident, request.now).incident
        page = address(request, "incident", incident=incident)
        title = f"{said_step(step).capitalize()}: {held.title}"
        return Edit(title, page, StepForm, save, version=held.version, area=_AREA)

    return edit_page(request, load)
