"""Proposals to train a model anew: taken into the plan, or answered with no and a reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.http import HttpResponse

from headway.domain.checks.actions import (
    accept_retraining,
    dismiss_retraining,
    reopen_retraining,
)
from headway.domain.checks.queries import proposal_named
from headway.domain.programs.rules.fields import Reader, text
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.edit_forms import ReadForm, line, needed
from headway.interfaces.web.programs.editing import Done, Edit, asked_version, edit_page, leave


class DismissForm(ReadForm):
    """Why a model is not trained anew."""

    readers: ClassVar[Mapping[str, Reader]] = {"reason": text(2_000, required=True)}

    reason = needed(line("Reason", "It is kept with the alert."))


def accept(request: WorkspaceRequest, proposal: str) -> HttpResponse:
    """Add the work to the plan; the next forecast carries it and names the evidence."""
    made = accept_retraining(
        request.actor, proposal, {}, request.now, version=asked_version(request)
    )
    project, _, item = made.item.partition("/")
    page = address(request, "item", project=project, item=item)
    return leave(request, page, Done("The work is in the plan; say here who does it and when."))


def dismiss(request: WorkspaceRequest, proposal: str) -> HttpResponse:
    """Answer with no, and why."""

    def save(values: dict[str, object], version: int | None) -> Done:
        reason = str(values["reason"])
        dismiss_retraining(request.actor, proposal, reason, request.now, version=version)
        undo = address(request, "reopen_retraining", proposal=proposal)
        return Done("The proposal is dismissed; the alert stays until good runs clear it.", undo)

    def load() -> Edit:
        held = proposal_named(request.actor, proposal)
        return Edit(
            "Do not train anew",
            address(request, "systems"),
            DismissForm,
            save,
            version=held.version,
            button="Dismiss",
            area=("systems", "Systems"),
        )

    return edit_page(request, load)


def reopen(request: WorkspaceRequest, proposal: str) -> HttpResponse:
    """Let a dismissed proposal wait again."""
    reopen_retraining(request.actor, proposal, request.now)
    return leave(request, address(request, "systems"), Done("The proposal waits again."))
