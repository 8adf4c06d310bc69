"""The workspace's own decks: kept, chosen, let go."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway.domain.reports.actions import keep_template, retire_template
from headway.domain.reports.queries import CONTENT_TYPES, ReportContent, templates_of
from headway.domain.reports.rules import Format
from headway.errors import Invalid
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.layout.toasts import tell
from headway.interfaces.web.reports.forms import TemplateForm
from headway.interfaces.web.reports.views import sent
from headway.rendering.report.starter import starter_deck
from headway.rendering.report.template import MOST_BYTES


def templates(request: WorkspaceRequest) -> HttpResponse:
    """List the decks that are kept, with what each cannot carry."""
    return _page(request, TemplateForm())


def starter(request: WorkspaceRequest) -> HttpResponse:
    """Hand out a deck with every place named, to begin from."""
    name = "headway-template.pptx"
    return sent(ReportContent(name, CONTENT_TYPES[Format.PPTX], starter_deck()))


def keep(request: WorkspaceRequest) -> HttpResponse:
    """Keep a deck that was sent; what is wrong with it is said."""
    form = TemplateForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    file = form.cleaned_data["file"]
    try:
        # One byte more than is taken tells a file that is too large, whatever it claims.
        data = file.read(MOST_BYTES + 1)
        line = keep_template(
            request.actor,
            form.cleaned_data["name"],
            data,
            request.now,
            is_default=form.cleaned_data["is_default"],
        )
    except Invalid as error:
        form.add_error("file", str(error))
        return _page(request, form, status=422)
    tell(request, f"{line.name} is kept. {line.sentence}")
    return redirect("templates", request.place.slug)


def retire(request: WorkspaceRequest, template: UUID) -> HttpResponse:
    """Let a template go; frozen packs keep it."""
    name = next((one.name for one in templates_of(request.actor) if one.id == template), "")
    retire_template(request.actor, name, request.now)
    tell(request, f"{name} is no longer offered; packs that were laid out on it keep it.")
    return redirect("templates", request.place.slug)


def _page(request: WorkspaceRequest, form: TemplateForm, *, status: int = 200) -> HttpResponse:
    values = {"form": form, "templates": templates_of(request.actor)}
    return render(request, "reports_web/templates.html", values, status=status)
