"""Adding a monitor, changing it, taking it away and putting it back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.checks.actions import (
    add_monitor,
    edit_monitor,
    remove_monitor,
    restore_monitor,
)
from headway.domain.checks.queries import monitor_named
from headway.domain.checks.rules import MonitorFacts
from headway.domain.checks.rules.monitors import ALERT_AFTER, CLEAR_AFTER, KINDS
from headway.domain.programs.queries import portfolio_lines
from headway.errors import Invalid, Refused
from headway.interfaces.web.checks.forms import (
    form_of,
    read_monitor,
    setting_text,
    table_text,
    turns_text,
)
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.editing import Done, Edit, asked_version, edit_page, leave

_AREA = ("systems", "Systems")

#: What each kind answers, for whoever chooses.
ANSWERS: Mapping[str, str] = {
    "quality": "Do the rows keep the rules: types, ranges, sets, freshness, uniqueness?",
    "drift": "Does what comes in still look like what the model was trained on?",
    "segments": "Which part of the users does the model serve worst, and is it good enough?",
    "fit": "Did the model learn, or learn by heart? Does anything leak?",
    "experiment": "Is the new variant better, without fooling ourselves by looking often?",
    "canary": "Is the new version worse than the old one in production?",
    "metric": "Does one number stay inside its bounds?",
}


def choose(request: WorkspaceRequest) -> HttpResponse:
    """Offer the kinds of monitors, each with the question it answers."""
    kinds = [(kind, words, ANSWERS[kind]) for kind, words in KINDS.items()]
    return render(request, "checks_web/choose.html", {"kinds": kinds})


def add(request: WorkspaceRequest, kind: str) -> HttpResponse:
    """Add a monitor of one kind."""
    projects = [
        (one.slug, f"{line.program.name}: {one.name}")
        for line in portfolio_lines(request.actor)
        for one in line.projects
    ]

    def save(values: dict[str, object], _version: int | None) -> Done:
        fields = {**read_monitor(request, kind, values), "kind": kind}
        project, key = str(values["project"]), str(values["key"])
        with _said_beside_the_form():
            made = add_monitor(request.actor, project, key, fields, request.now)
        undo = address(request, "remove_monitor", monitor=made.key)
        return Done(f"{made.name} is watched.", undo)

    def load() -> Edit:
        return Edit(
            f"New monitor: {KINDS.get(kind, kind).lower()}",
            address(request, "systems"),
            form_of(kind, request, projects).reading(request),
            save,
            {
                "alert_after": ALERT_AFTER,
                "clear_after": CLEAR_AFTER,
                "is_enabled": True,
            },
            button="Add the monitor",
            area=_AREA,
        )

    return edit_page(request, load)


def edit(request: WorkspaceRequest, monitor: str) -> HttpResponse:
    """Change a monitor; its runs and its evidence stay."""

    def save(values: dict[str, object], version: int | None) -> Done:
        kind = monitor_named(request.actor, monitor).kind
        fields = read_monitor(request, kind, values)
        with _said_beside_the_form():
            changed = edit_monitor(request.actor, monitor, fields, request.now, version=version)
        undo = address(
            request, "restore_monitor", monitor=monitor, version=max(changed.version - 1, 1)
        )
        return Done(f"{changed.name} is changed.", undo)

    def load() -> Edit:
        held = monitor_named(request.actor, monitor)
        return Edit(
            f"Edit {held.name}",
            address(request, "monitor", monitor=monitor),
            form_of(held.kind, request, ()).reading(request),
            save,
            _held(held),
            held.version,
            remove=address(request, "remove_monitor", monitor=monitor),
            remove_label="Remove the monitor",
            area=_AREA,
        )

    return edit_page(request, load)


@contextmanager
def _said_beside_the_form() -> Iterator[None]:
    """Say above the form that a table may not be read, and keep what was typed."""
    try:
        yield
    except Refused as error:
        raise Invalid(str(error)) from error


def remove(request: WorkspaceRequest, monitor: str) -> HttpResponse:
    """Stop a monitor for good; its evidence stays, and so does a way back."""
    held = monitor_named(request.actor, monitor)
    remove_monitor(request.actor, monitor, request.now, version=asked_version(request))
    undo = address(request, "restore_monitor", monitor=monitor, version=held.version)
    return leave(request, address(request, "systems"), Done(f"{held.name} is removed.", undo))


def restore(request: WorkspaceRequest, monitor: str, version: int) -> HttpResponse:
    """Give a monitor the values of an earlier version, or bring it back."""
    made = restore_monitor(request.actor, monitor, version, request.now)
    page = address(request, "monitor", monitor=monitor)
    return leave(request, page, Done(f"{made.name} is as it was."))


def _held(monitor: MonitorFacts) -> dict[str, object]:
    """Return a monitor's fields as the form's controls take them."""
    held: dict[str, object] = {
        "name": monitor.name,
        "owner": monitor.owner,
        "commit": monitor.commit,
        "rhythm": turns_text(monitor.rhythm),
        "alert_after": monitor.alert_after,
        "clear_after": monitor.clear_after,
        "is_enabled": monitor.is_enabled,
        "table": table_text(monitor.table),
    }
    for role, table in monitor.more_tables.items():
        held[f"table_{role}"] = table_text(table)
    for name, value in monitor.settings.items():
        held[f"set_{name}"] = setting_text(name, value)
    return held
