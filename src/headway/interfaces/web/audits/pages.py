"""Pages that read: every repository with its last audit, and one with what rests on which line."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.maturity.queries import repository_audit, repository_audits
from headway.domain.maturity.rules.audits import AuditedCheck, RepositoryAudit
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.rendering import phrases

#: Names of checks that a sentence holds before it counts the rest.
_NAMED = 4


def audits(request: WorkspaceRequest) -> HttpResponse:
    """Answer first: how many repositories are sound; then each, the worst first."""
    found = repository_audits(request.actor, request.at)
    return render(request, "audits_web/audits.html", {"audits": found, "said": _all(found)})


def _all(found: Sequence[RepositoryAudit]) -> str:
    if not found:
        return "No repository was audited yet."
    sound = sum(one.verdict == "met" for one in found)
    if sound == len(found):
        return f"{phrases.quantity(len(found), 'repository', 'repositories')}, all of them sound."
    worst = found[0]
    first = f"{worst.name} has {phrases.quantity(len(worst.bad), 'thing')} to mend first"
    return (
        f"{sound} of {phrases.quantity(len(found), 'repository', 'repositories')} sound; {first}."
    )


def audit(request: WorkspaceRequest, repository: str) -> HttpResponse:
    """Say what is to be mended; then every check with the files and lines it rests on."""
    page = repository_audit(request.actor, repository, request.at)
    found = page.audit
    values = {"page": page, "audit": found, "said": _one(found), "changed": _changed(found)}
    return render(request, "audits_web/audit.html", values)


def _one(found: RepositoryAudit) -> str:
    asked = len(found.met) + len(found.open)
    met = f"{len(found.met)} of {phrases.quantity(asked, 'check')} met"
    if found.bad:
        return f"To mend first: {_names(found.bad)}. {met}."
    if found.verdict != "met":
        return "Nothing in it could be judged."
    looks = f", {len(found.open)} to look at" if found.open else ""
    return f"Sound: {met}{looks}."


def _names(checks: Sequence[AuditedCheck]) -> str:
    more = f" and {len(checks) - _NAMED} more" if len(checks) > _NAMED else ""
    return ", ".join(one.id for one in checks[:_NAMED]) + more


def _changed(found: RepositoryAudit) -> str:
    """Say what answers otherwise than before: what got better, what got worse."""
    better = [one for one in found.changed if one.is_fine]
    worse = [one for one in found.changed if not one.is_fine]
    parts = [
        f"{word}: {_names(some)}" for word, some in (("Better", better), ("Worse", worse)) if some
    ]
    return f"Since the audit before. {'. '.join(parts)}." if parts else ""
