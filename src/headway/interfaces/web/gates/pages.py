"""A gate opened: how it stands, what is lacking and who owes it, and every verdict's trace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.gates.actions import change_gate_rules, edit_gate, open_gates
from headway.domain.gates.queries import (
    GateStanding,
    RequirementLine,
    gate_page,
    templates_of,
)
from headway.domain.gates.rules import GateState
from headway.domain.gates.rules.shipped import shipped_templates
from headway.domain.people.queries import names_of
from headway.domain.plans.queries import joined_parts
from headway.domain.programs.queries import program_named, release_of
from headway.errors import NotFound
from headway.interfaces.web.gates.approving import desk_of
from headway.interfaces.web.gates.forms import GateForm, OpenForm
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address, is_live
from headway.interfaces.web.programs.editing import Done, Edit, asked_version, edit_page, leave
from headway.rendering.phrases import quantity

AREA = ("releases", "Releases")

#: State of a gate → how its chip looks: shape, word, tone.
CHIPS: Mapping[GateState, tuple[str, str, str]] = {
    GateState.CLOSED: ("unmet", "Closed", "bad"),
    GateState.OPEN: ("not_due", "Waits to be decided", "quiet"),
    GateState.PASSED: ("met", "Open", "good"),
    GateState.HELD: ("stale", "On hold", "at-risk"),
}


#: It was let through, and today it would not be.
OUTLIVED = ("stale", "Outlived", "at-risk")


def chip_of(found: GateStanding) -> tuple[str, str, str]:
    """Return how the state of a gate looks: shape, word, tone."""
    return OUTLIVED if is_outlived(found) else CHIPS[found.standing.state]


def is_outlived(found: GateStanding) -> bool:
    """Say whether it was decided to go and what was shown then is shown no more."""
    return found.standing.state is GateState.CLOSED and bool(found.standing.outcome)


def gate(request: WorkspaceRequest, gate: UUID) -> HttpResponse:
    """Say whether the gate is open; then what is lacking, who can give it, and how."""
    found = gate_page(request.actor, gate, request.at or request.now, known_at=request.at)
    values = {
        "page": found,
        "gate": found.gate,
        "chip": chip_of(found),
        "answer": answer_of(found),
        "lines": lacking_first(found.lines),
        # Joined in the page: hundreds of rows with five addresses each are dear to look up.
        "here": address(request, "gate", gate=gate),
        "ledger": address(request, "evidence"),
        "desk": desk_of(request, gate, found),
        "owner": names_of(request.actor).get(found.gate.owner, found.gate.owner),
        "live": is_live(request),
    }
    return render(request, "gates_web/gate.html", values)


def trace(request: WorkspaceRequest, gate: UUID, requirement: str) -> HttpResponse:
    """Show what one requirement was judged by: each term, its value, its bound, its records."""
    found = gate_page(request.actor, gate, request.at or request.now, known_at=request.at)
    line = next((one for one in found.lines if one.key == requirement), None)
    if line is None:
        sentence = f"This gate asks nothing by the name '{requirement}'."
        raise NotFound(sentence)
    page = "gates_web/_trace.html" if request.htmx else "gates_web/trace.html"
    return render(request, page, {"page": found, "gate": found.gate, "line": line})


def answer_of(found: GateStanding) -> str:
    """Say in one sentence how a gate stands."""
    lacking, whole = len(found.lacking), len(found.lines)
    match found.standing.state:
        case GateState.PASSED:
            return f"Open: it was decided, and {_shown(found)}."
        case GateState.OPEN:
            return f"Nothing is lacking: {_shown(found)}. It waits to be decided."
        case GateState.HELD:
            words = {"hold": "on hold", "recycle": "sent back", "kill": "ended"}
            return f"The release was {words[found.standing.outcome]}; {lacking} of {whole} lacking."
        case GateState.CLOSED if is_outlived(found):
            asked = quantity(whole, "requirement")
            return f"It was let through, and today would not be: {lacking} of {asked} lacking."
        case GateState.CLOSED if not whole:
            return "Closed: nothing is asked here, and nothing asked is nothing shown."
        case _:
            return f"Closed: {lacking} of {quantity(whole, 'requirement')} lacking. {_owed(found)}"


def _shown(found: GateStanding) -> str:
    waived = len(found.standing.waived)
    shown = f"{found.standing.met} of {quantity(len(found.lines), 'requirement')} shown by evidence"
    return f"{shown}, {waived} waived" if waived else shown


def _owed(found: GateStanding) -> str:
    """Say who owes how many of what is lacking."""
    counts = {owner: sum(line.owner == owner for line in found.lacking) for owner in found.owing}
    told = [f"{owner} {count}" for owner, count in counts.items()]
    return f"Owed by {', '.join(told)}." if told else ""


def lacking_first(lines: Sequence[RequirementLine]) -> Sequence[RequirementLine]:
    """Return what is lacking, then what is waived, then what is met; the file's order within."""
    return sorted(lines, key=lambda one: (not one.is_lacking, one.word != "waived"))


def open_for(request: WorkspaceRequest, release: UUID) -> HttpResponse:
    """Open the gates of a template for a release."""

    def save(values: dict[str, object], _version: int | None) -> Done:
        made = open_gates(request.actor, release, str(values["template"]), request.now)
        return Done(f"{quantity(len(made), 'gate')} stand before the release now.")

    def load() -> Edit:
        held = release_of(request.actor, release)
        return Edit(
            f"Gates of {held.system_name} {held.name}",
            address(request, "release", release=release),
            OpenForm.of(_templates(request)),
            save,
            blame="template",
            button="Set the gates",
            area=AREA,
        )

    return edit_page(request, load)


def _templates(request: WorkspaceRequest) -> Sequence[tuple[str, str]]:
    """Return the templates in use, and the shipped ones, which come with the first need."""
    known = {one.key: one for one in templates_of(request.actor)}
    mine = [(one.key, one.name) for one in known.values() if not one.is_retired]
    shipped = [(one.key, one.name) for one in shipped_templates() if one.key not in known]
    return [*mine, *shipped]


def edit(request: WorkspaceRequest, gate: UUID) -> HttpResponse:
    """Change which version is judged, who owns the gate, when it is due, what waits for it."""

    def save(values: dict[str, object], version: int | None) -> Done:
        changed = edit_gate(request.actor, gate, values, request.now, version=version)
        return Done(f"The gate to {changed.stage_name.lower()} is changed.")

    def load() -> Edit:
        held = gate_page(request.actor, gate, request.now).gate
        values = {
            "subject": held.subject,
            "owner": held.owner,
            "due": held.due,
            "milestone": str(held.milestone_id or ""),
        }
        return Edit(
            f"Gate to {held.stage_name.lower()}",
            address(request, "gate", gate=gate),
            GateForm.of(_milestones(request, held.program)),
            save,
            values,
            held.version,
            area=AREA,
        )

    return edit_page(request, load)


def _milestones(request: WorkspaceRequest, program: str) -> Sequence[tuple[str, str]]:
    """Return the items that may wait for a gate: milestones, then reviews."""
    if not program:
        return []
    parts = joined_parts(request.actor, program_named(request.actor, program))
    items = [one for one in parts.items if one.kind in ("milestone", "review")]
    ordered = sorted(items, key=lambda one: (one.kind, one.name))
    return [(str(one.id), one.name) for one in ordered]


def renew(request: WorkspaceRequest, gate: UUID) -> HttpResponse:
    """Judge a gate by the newest version of its rules."""
    held = gate_page(request.actor, gate, request.now).gate
    version = asked_version(request)
    made = change_gate_rules(request.actor, gate, held.template, None, request.now, version=version)
    done = Done(f"The gate is judged by version {made.rules_number} of its rules.")
    return leave(request, address(request, "gate", gate=gate), done)
