"""The audit trail: who did what to what, when; and whether the chain still holds."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.accounts.queries import audit_break, audit_page
from headway.errors import Invalid
from headway.interfaces.web.accounts.forms import TrailForm
from headway.interfaces.web.layout.routes import WorkspaceRequest


def audit(request: WorkspaceRequest) -> HttpResponse:
    """Show a page of the trail, newest first; `?action=` narrows it, `?before=` goes on."""
    return _page(request)


def verify_audit(request: WorkspaceRequest) -> HttpResponse:
    """Walk the whole chain and say whether, or where, it breaks."""
    return _page(request, verified=True, found=audit_break(request.actor))


def _page(request: WorkspaceRequest, **values: object) -> HttpResponse:
    form = TrailForm(request.GET)
    if not form.is_valid():
        sentence = "The address names no part of the audit trail; start from its first page."
        raise Invalid(sentence)
    action, before = form.cleaned_data["action"], form.cleaned_data["before"]
    page = audit_page(request.actor, before=before, action=action)
    return render(request, "accounts_web/audit.html", {"page": page, "action": action, **values})
