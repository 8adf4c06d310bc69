"""The page that leads to frameworks, approvals, waivers, maturity, evidence and the audit trail."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.accounts.rules import Permission
from headway.domain.assessments.rules import Verdict
from headway.domain.compliance.queries import ObligationLine, obligation_lines, running_clocks
from headway.domain.evidence.queries import ledger_head
from headway.domain.gates.queries import approvals_waiting, gate_standings, waivers_page
from headway.interfaces.web.layout.doors import Door, Groups, open_doors
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.rendering.phrases import quantity

#: An obligation this many days ahead is shown as something to do.
SOON = 90

#: Title of a group → the pages in it, in the order a reader asks.
GROUPS: Groups = (
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
    waiting = _waiting(request)
    values = {
        "said": f"{', '.join(waiting.values())}." if waiting else "",
        "groups": open_doors(request, GROUPS, waiting),
        "head": ledger_head(request.actor),
    }
    return render(request, "governance_web/hub.html", values)


def _waiting(request: WorkspaceRequest) -> Mapping[str, str]:
    """Return what waits behind each door, in words, by route; nothing where nothing does."""
    actor, at, known = request.actor, request.at or request.now, request.at
    gates = gate_standings(actor, at, known_at=known)
    debts = waivers_page(actor, at, known_at=known).lines
    law = obligation_lines(actor, at, known_at=known)
    counts = (
        ("releases", sum(not one.standing.is_open for one in gates), "closed gate"),
        ("approvals", len(approvals_waiting(actor, at, known_at=known)), "approval waiting"),
        ("waivers", sum(one.state in ("open", "expiring") for one in debts), "waiver standing"),
        ("obligations", sum(_is_soon(one) for one in law), "obligation overdue or due in 90 days"),
        ("incidents", len(running_clocks(actor, at, known_at=known)), "incident running"),
    )
    return {route: _counted(count, thing) for route, count, thing in counts if count}


def _is_soon(line: ObligationLine) -> bool:
    """Say whether an obligation is owed within a quarter."""
    owed = line.verdict not in (Verdict.MET, Verdict.NOT_APPLICABLE)
    return owed and line.days_left is not None and line.days_left <= SOON


def _counted(count: int, thing: str) -> str:
    """Return "1 closed gate", "3 closed gates", "2 approvals waiting"."""
    noun, _, rest = thing.partition(" ")
    if noun == "closed":
        return quantity(count, thing)
    return f"{quantity(count, noun)} {rest}"
