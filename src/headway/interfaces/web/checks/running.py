"""Buttons of a monitor that take time: run it, hold it against other data, stop a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway import clock
from headway.domain.checks.actions import ReferenceDraft, ask_reference, ask_run, cancel_run
from headway.domain.checks.queries import RunLine, monitor_named, run_page
from headway.domain.checks.rules import MonitorFacts
from headway.domain.programs.rules.fields import Reader, text
from headway.interfaces.web.checks.forms import TableFields
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.edit_forms import line, needed
from headway.interfaces.web.programs.editing import Done, Edit, edit_page

_OVER = ("done", "failed", "cancelled")


def run(request: WorkspaceRequest, monitor: str) -> HttpResponse:
    """Ask for a run; the monitor's page shows how far it is."""
    ask_run(request.actor, monitor, request.now, clock.now())
    return redirect(address(request, "monitor", monitor=monitor))


class ReferenceForm(TableFields):
    """Whose data a monitor is held against from now on, and why."""

    readers: ClassVar[Mapping[str, Reader]] = {"reason": text(1_000, required=True)}

    reason = needed(line("Reason", "Such as: the model was trained on this data."))


def set_reference(request: WorkspaceRequest, monitor: str) -> HttpResponse:
    """Store what there is of a table as what the monitor is held against."""

    def save(values: dict[str, object], _version: int | None) -> Done:
        reason = str(values.pop("reason"))
        table = form_table(request, values)
        draft = ReferenceDraft(table=table, reason=reason)
        ask_reference(request.actor, monitor, draft, request.now, clock.now())
        return Done("The reference data is being read.")

    def load() -> Edit:
        held = monitor_named(request.actor, monitor)
        return Edit(
            f"Hold {held.name} against other data",
            address(request, "monitor", monitor=monitor),
            ReferenceForm.reading(request),
            save,
            button="Read it",
            area=("systems", "Systems"),
        )

    return edit_page(request, load)


def progress(request: WorkspaceRequest, monitor: str, number: int) -> HttpResponse:
    """Say how far a run is: a fragment that asks for itself until it is over."""
    facts = monitor_named(request.actor, monitor)
    found = run_page(request.actor, facts, number)
    return render(request, "layout/_job.html", {"job": job_of(request, facts, found.line)})


def cancel(request: WorkspaceRequest, monitor: str, number: int) -> HttpResponse:
    """Stop a run; it says nothing."""
    found = cancel_run(request.actor, monitor, number, request.now, clock.now())
    if request.htmx:
        facts = monitor_named(request.actor, monitor)
        return render(request, "layout/_job.html", {"job": job_of(request, facts, found)})
    return redirect(address(request, "monitor", monitor=monitor))


def job_of(request: WorkspaceRequest, monitor: MonitorFacts, run: RunLine) -> dict[str, object]:
    """Return a run as the fragment of long work takes it."""
    is_over = run.state in _OVER
    place = {"monitor": monitor.key, "number": run.number}
    return {
        "id": run.id,
        "label": f"Run {run.number} of {monitor.name}",
        "done": None,
        "total": 1,
        "sentence": run.sentence or ("Waiting for the worker." if not is_over else run.state),
        "state": run.state if is_over else "running",
        "href": address(request, "monitor_run_progress", **place),
        "cancel": address(request, "cancel_monitor_run", **place),
        "result": address(request, "monitor", monitor=monitor.key) if is_over else "",
        "result_label": "See what it found",
    }


def form_table(request: WorkspaceRequest, values: dict[str, object]) -> dict[str, object] | None:
    """Take the table out of what a form sent: an upload first, else what was written."""
    return TableFields.table_of(request, values, "table", "file")
