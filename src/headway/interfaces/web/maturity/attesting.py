"""A person's word on a criterion: given, and taken back."""

from __future__ import annotations

from django.http import HttpResponse

from headway.domain.maturity.actions import attest, withdraw_attestation
from headway.domain.maturity.queries import system_maturity
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.maturity.forms import AttestForm
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.editing import Done, Edit, edit_page, leave


def attest_one(request: WorkspaceRequest, system: str, criterion_id: str) -> HttpResponse:
    """Answer a criterion, with where it is written down and when it was done."""
    page = address(request, "system_maturity", system=system)

    def save(values: dict[str, object], _version: int | None) -> Done:
        attest(request.actor, system, criterion_id, values, request.now)
        undo = address(request, "take_back_attestation", system=system, criterion_id=criterion_id)
        return Done("The answer is recorded as evidence, with you as its source.", undo)

    def load() -> Edit:
        answered = system_maturity(request.actor, system, request.now).answer(criterion_id)
        held: dict[str, object] = {"answer": "met", "role": answered.criterion.owner}
        if answered.attested is not None:
            word = answered.attested
            held |= {"link": word.link, "done_on": word.done_on, "statement": word.statement}
        return Edit(
            answered.criterion.name,
            page,
            AttestForm,
            save,
            held,
            button="Record the answer",
            area=("maturity", "Maturity"),
        )

    return edit_page(request, load)


def take_back(request: WorkspaceRequest, system: str, criterion_id: str) -> HttpResponse:
    """Take an answer back; what was said stays in the ledger, and no longer counts."""
    withdraw_attestation(request.actor, system, criterion_id, request.now)
    page = address(request, "system_maturity", system=system)
    return leave(request, page, Done("The answer is taken back; it no longer counts."))
