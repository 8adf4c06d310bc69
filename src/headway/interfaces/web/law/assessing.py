"""The impact assessment: its questions, its document, and what privacy says of it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.compliance.actions import answer_dpia, write_dpia
from headway.domain.compliance.queries import dpia_page
from headway.domain.compliance.rules.dpia import document_digest, questions
from headway.domain.compliance.rules.law import gdpr
from headway.interfaces.web.law.answering import AREA
from headway.interfaces.web.law.forms import ApprovalForm, DocumentForm, screening_form
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address, is_live
from headway.interfaces.web.programs.editing import Done, Edit, edit_page


def dpia(request: WorkspaceRequest, system: str) -> HttpResponse:
    """Say whether an assessment is due and whether it stands; then show what it rests on."""
    page = dpia_page(request.actor, system, known_at=request.at)
    following = next((one for one in questions() if one.id == page.screening.next_question), None)
    asked = [(one, page.answers.get(one.id)) for one in questions()]
    values = {
        "page": page,
        "following": following,
        "form": screening_form(following)() if following else None,
        "asked": asked,
        "law": [one for one in asked if one[0] in gdpr().always],
        "criteria": [one for one in asked if one[0] in gdpr().criteria],
        "parts": [(part, page.parts.get(part.id)) for part in gdpr().parts],
        "residual": page.document.get("residual_risk", ""),
        "consulted": page.document.get("consulted", ""),
        "live": is_live(request),
    }
    return render(request, "law_web/dpia.html", values)


def write(request: WorkspaceRequest, system: str) -> HttpResponse:
    """Write the assessment."""

    def save(values: dict[str, object], _version: int | None) -> Done:
        page = write_dpia(request.actor, system, values, request.now)
        return Done(page.state.sentence)

    def load() -> Edit:
        page = dpia_page(request.actor, system)
        return Edit(
            f"Impact assessment of {page.system.name}",
            address(request, "dpia", system=system),
            DocumentForm,
            save,
            page.document,
            area=AREA,
        )

    return edit_page(request, load)


def approve(request: WorkspaceRequest, system: str) -> HttpResponse:
    """Approve it or refuse it, for privacy."""

    def save(values: dict[str, object], _version: int | None) -> Done:
        decision, said = str(values["decision"]), str(values["statement"] or "")
        seen = str(values["seen_digest"])
        page = answer_dpia(request.actor, system, decision, said, request.now, seen_digest=seen)
        return Done(page.state.sentence)

    def load() -> Edit:
        page = dpia_page(request.actor, system)
        return Edit(
            f"Approve the impact assessment of {page.system.name}",
            address(request, "dpia", system=system),
            ApprovalForm,
            save,
            {"seen_digest": document_digest(page.document)},
            button="Decide",
            area=AREA,
        )

    return edit_page(request, load)
