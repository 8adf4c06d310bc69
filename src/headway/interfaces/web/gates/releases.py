"""Releases: one list across programs, one of them with its stages, and a new one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.gates.queries import GateStanding, gate_standings, held_up
from headway.domain.gates.rules import GateState
from headway.domain.people.queries import names_of
from headway.domain.plans.rules import WaitEffect
from headway.domain.programs.actions import create_release, create_system
from headway.domain.programs.queries import (
    moves_of,
    portfolio_lines,
    release_of,
    releases_of,
    stage_templates_of,
    systems_of,
)
from headway.domain.programs.rules import ReleaseFacts
from headway.interfaces.web.gates.forms import SystemForm, release_form
from headway.interfaces.web.gates.pages import answer_of, chip_of, is_outlived
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address, is_live
from headway.interfaces.web.programs.editing import Done, Edit, edit_page
from headway.rendering.phrases import quantity


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """A release, the address and name of the project that makes it, and its next gate."""

    release: ReleaseFacts
    project: tuple[str, str] | None
    gate: GateStanding | None
    wait: WaitEffect | None = None

    @property
    def chip(self) -> tuple[str, str, str]:
        """Return how the state of its next gate looks: shape, word, tone."""
        return chip_of(self.gate) if self.gate else ("not_due", "No gate", "quiet")


def releases(request: WorkspaceRequest) -> HttpResponse:
    """Answer what ships next and what is missing, then list every release, the stuck ones first."""
    projects = _projects(request)
    gates = _gates(request)
    every = [one.gate.id for mine in gates.values() for one in mine]
    held = held_up(request.actor, every, request.at or request.now, known_at=request.at)
    rows = []
    for one in releases_of(request.actor, request.at):
        gate = _next(one, gates.get(one.id, ()))
        waits = held.get(gate.gate.id) if gate else None
        wait = waits.outlook.first if waits and waits.outlook else None
        rows.append(ReleaseRow(one, projects.get(one.project_id), gate, wait))
    values = {
        "rows": sorted(rows, key=_urgency),
        "said": _standing(rows),
        "systems": systems_of(request.actor, request.at),
        "live": is_live(request),
    }
    return render(request, "gates_web/releases.html", values)


def release(request: WorkspaceRequest, release: UUID) -> HttpResponse:
    """Say where a release stands and what stands before its next stage, then how it came there."""
    found = release_of(request.actor, release, request.at)
    gates = _gates(request, [release]).get(release, [])
    coming = _next(found, gates)
    values = {
        "release": found,
        "gates": [(one, chip_of(one), answer_of(one)) for one in gates],
        "coming": coming,
        "answer": _within(answer_of(coming)) if coming else "",
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


def add_system(request: WorkspaceRequest) -> HttpResponse:
    """Make an ML system, which releases are of."""

    def save(values: dict[str, object], _version: int | None) -> Done:
        made = create_system(request.actor, values, request.now)
        return Done(f"{made.name} is an ML system now.")

    def load() -> Edit:
        return Edit(
            "New ML system",
            address(request, "new_release"),
            SystemForm,
            save,
            blame="name",
            button="Make the system",
            lists={"edit-people": sorted(names_of(request.actor))},
            area=("releases", "Releases"),
        )

    return edit_page(request, load)


def _within(sentence: str) -> str:
    """Return a sentence as it stands inside another one."""
    return sentence[:1].lower() + sentence[1:]


def _gates(
    request: WorkspaceRequest, releases: Sequence[UUID] | None = None
) -> dict[UUID, list[GateStanding]]:
    """Return the gates as they stand, by release."""
    found: dict[UUID, list[GateStanding]] = {}
    for one in gate_standings(
        request.actor, request.at or request.now, known_at=request.at, release_ids=releases
    ):
        found.setdefault(one.gate.release_id, []).append(one)
    return found


def _next(release: ReleaseFacts, gates: Sequence[GateStanding]) -> GateStanding | None:
    """Return the first gate that the release has still to go through, else one it outlived."""
    ahead = [stage.id for stage in release.stages[release.position + 1 :]]
    coming = [one for one in gates if one.gate.stage in ahead]
    if coming:
        return min(coming, key=lambda one: ahead.index(one.gate.stage))
    return next((one for one in reversed(gates) if is_outlived(one)), None)


#: Which state of the next gate asks for somebody first.
_FIRST = (GateState.HELD, GateState.CLOSED, GateState.OPEN, GateState.PASSED)


def _urgency(row: ReleaseRow) -> tuple[bool, int, int, str]:
    """Return a key: those on their way first, the stuck ones before, by how much is lacking."""
    if row.gate is None:
        return (not row.release.next_stage, len(_FIRST), 0, row.release.system_name)
    place = _FIRST.index(row.gate.standing.state)
    return (False, place, -len(row.gate.lacking), row.release.system_name)


def _standing(rows: Sequence[ReleaseRow]) -> str:
    """Say in one sentence how the releases stand before their next gates."""
    gates = [row.gate for row in rows if row.gate]
    outlived = sum(is_outlived(one) for one in gates)
    states = Counter(one.standing.state for one in gates if not is_outlived(one))
    arrived = sum(not row.release.next_stage for row in rows) - outlived
    told = [
        f"{states[state]} {words}"
        for state, words in (
            (GateState.CLOSED, "before a closed gate"),
            (GateState.HELD, "on hold"),
            (GateState.OPEN, "waiting to be decided"),
            (GateState.PASSED, "free to go on"),
        )
        if states[state]
    ]
    told += [f"{outlived} live that would not pass today"] if outlived else []
    ungated = len(rows) - arrived - outlived - states.total()
    told += [f"{ungated} with no gate ahead"] if ungated > 0 else []
    told += [f"{arrived} arrived"] if arrived else []
    lacking = sum(len(one.lacking) for one in gates)
    owed = f" {quantity(lacking, 'piece')} of evidence lacking." if lacking else ""
    return f"Of {quantity(len(rows), 'release')}: {', '.join(told)}.{owed}"


def _projects(request: WorkspaceRequest) -> dict[UUID | None, tuple[str, str]]:
    """Return the address and the name of each project, with its program's, by id."""
    return {
        project.id: (project.slug, f"{line.program.name}: {project.name}")
        for line in portfolio_lines(request.actor, request.at)
        for project in line.projects
    }
