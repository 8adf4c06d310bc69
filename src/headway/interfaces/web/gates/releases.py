"""Releases: one list across programs, one of them with its stages, and a new one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.programs.actions import create_release
from headway.domain.programs.queries import (
    moves_of,
    portfolio_lines,
    release_of,
    releases_of,
    stage_templates_of,
    systems_of,
)
from headway.domain.programs.rules import ReleaseFacts
from headway.interfaces.web.gates.forms import release_form
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address, is_live
from headway.interfaces.web.programs.editing import Done, Edit, edit_page
from headway.rendering.phrases import quantity


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """A release with the address and name of the project that makes it."""

    release: ReleaseFacts
    project: tuple[str, str] | None


def releases(request: WorkspaceRequest) -> HttpResponse:
    """Answer what ships next and what is missing, then list every release, the stuck ones first."""
    projects = _projects(request)
    rows = [
        ReleaseRow(one, projects.get(one.project_id))
        for one in releases_of(request.actor, request.at)
    ]
    values = {
        "rows": rows,
        "said": _standing(rows),
        "live": is_live(request),
    }
    return render(request, "gates_web/releases.html", values)


def release(request: WorkspaceRequest, release: UUID) -> HttpResponse:
    """Say where a release stands and what stands before its next stage, then how it came there."""
    found = release_of(request.actor, release, request.at)
    values = {
        "release": found,
        "project": _projects(request).get(found.project_id),
        "moves": list(reversed(moves_of(request.actor, found, request.at))),
        "live": is_live(request),
    }
    return render(request, "gates_web/release.html", values)


def add(request: WorkspaceRequest) -> HttpResponse:
    """Start a release of a system."""
    systems = systems_of(request.actor)
    lines = portfolio_lines(request.actor)
    templates = stage_templates_of(request.actor)

    def save(values: dict[str, object], _version: int | None) -> Done:
        template = str(values.get("template") or "")
        made = create_release(
            request.actor,
            str(values["system"]),
            str(values["name"]),
            request.now,
            project=str(values.get("project") or ""),
            template_id=UUID(template) if template else None,
        )
        return Done(f"{made.system_name} {made.name} begins in {made.stage_name.lower()}.")

    def load() -> Edit:
        return Edit(
            "New release",
            address(request, "releases"),
            release_form(systems, lines, templates),
            save,
            button="Start the release",
            area=("releases", "Releases"),
        )

    return edit_page(request, load)


def _standing(rows: Sequence[ReleaseRow]) -> str:
    """Say in one sentence how the releases stand."""
    arrived = sum(not row.release.next_stage for row in rows)
    under_way = quantity(len(rows) - arrived, "release")
    return f"{under_way} on the way, {arrived} arrived."


def _projects(request: WorkspaceRequest) -> dict[UUID | None, tuple[str, str]]:
    """Return the address and the name of each project, with its program's, by id."""
    return {
        project.id: (project.slug, f"{line.program.name}: {project.name}")
        for line in portfolio_lines(request.actor, request.at)
        for project in line.projects
    }
