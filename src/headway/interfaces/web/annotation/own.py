"""The page of a vendor's own people: their batches, and what became of each delivery."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.annotation.queries import own_batches
from headway.interfaces.web.annotation.pages import LOOKS
from headway.interfaces.web.layout.routes import WorkspaceRequest


def batches(request: WorkspaceRequest) -> HttpResponse:
    """Say what goes back first; then every batch with its deliveries."""
    found = own_batches(request.actor, request.at)
    back, waiting = (sum(getattr(one, name) for one in found) for name in ("rework", "waiting"))
    values = {
        "batches": [(one, LOOKS[one.state]) for one in found],
        "back": back,
        "waiting": waiting,
        "accepted": sum(one.accepted for one in found),
    }
    return render(request, "annotation_web/own.html", values)
