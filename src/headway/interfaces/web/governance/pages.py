"""The page that leads to frameworks, approvals, waivers, maturity, evidence and the audit trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.accounts.rules import Permission, may
from headway.domain.evidence.queries import ledger_head
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address


@dataclass(frozen=True, slots=True)
class Door:
    """One page that governance leads to, and the question it answers."""

    route: str
    name: str
    question: str
    permission: Permission = Permission.VIEW


#: Title of a group → the pages in it, in the order a reader asks.
GROUPS: Sequence[tuple[str, Sequence[Door]]] = (
    (
        "Releases and their gates",
        (
            Door("releases", "Releases", "What ships, and which evidence is missing?"),
            Door("approvals", "Approvals", "Which answers wait for whom, and since when?"),
            Door("waivers", "Waivers", "What was set aside, until when, and by whom?"),
            Door("gate_calendar", "Reviews and expiries", "What is due or goes stale next?"),
            Door("gate_templates", "Gate templates", "What is asked at which stage?"),
        ),
    ),
    (
        "Law, standards and our own policies",
        (
            Door("frameworks", "Frameworks", "Which controls are answered, and by what?"),
            Door("classifications", "AI Act and data protection", "Which class, which duties?"),
            Door("cards", "Cards and technical files", "What is known of each model, what is not?"),
            Door("obligations", "Obligations", "What does the law ask of us, by when?"),
            Door("incidents", "Incidents", "Which clock is running?"),
        ),
    ),
    (
        "How grown up the practice is",
        (
            Door("maturity", "Maturity", "Where do we stand, and what is the next step?"),
            Door("audits", "Repositories", "What did the audits of the code find?"),
        ),
    ),
    (
        "Evidence and the trail",
        (
            Door("evidence", "Evidence", "What was recorded, by which source, when?"),
            Door("unplaced", "Inbox", "Which evidence belongs to no project yet?"),
            Door("run_rules", "Rules about runs", "Which runs count, which are scratch?"),
            Door("hand_over", "Auditor's package", "What may leave?", Permission.AUDIT),
            Door("audit", "Audit trail", "Who did what, when?", Permission.AUDIT),
        ),
    ),
)


def hub(request: WorkspaceRequest) -> HttpResponse:
    """Say what can be asked here; a page that the reader may not open is not shown."""
    groups = [(title, _open(request, doors)) for title, doors in GROUPS]
    values = {
        "groups": [(title, doors) for title, doors in groups if doors],
        "head": ledger_head(request.actor),
    }
    return render(request, "governance_web/hub.html", values)


def _open(request: WorkspaceRequest, doors: Sequence[Door]) -> Sequence[tuple[Door, str]]:
    """Return the doors that are there for the reader, with their addresses."""
    known = [
        (door, address(request, door.route))
        for door in doors
        if may(request.actor, door.permission)
    ]
    return [(door, href) for door, href in known if href]
