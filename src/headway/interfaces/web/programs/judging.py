"""A person's own judgement beside a computed status."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway.domain.assessments.actions import judge_health, withdraw_judgement
from headway.domain.assessments.rules import JudgementDraft
from headway.domain.programs.queries import program_named, program_of, project_named
from headway.errors import Invalid
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.layout.toasts import tell
from headway.interfaces.web.programs.addresses import address, back
from headway.interfaces.web.programs.forms import JudgementForm


def judge_program(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Say how one sees a dimension of a program."""
    facts = program_named(request.actor, program)
    page = address(request, "program", program=program)
    return _judged(request, facts.name, page, program, "")


def judge_project(request: WorkspaceRequest, project: str) -> HttpResponse:
    """Say how one sees a dimension of a project."""
    facts = project_named(request.actor, project)
    program = program_of(request.actor, facts).slug
    page = address(request, "project", project=project)
    return _judged(request, facts.name, page, program, project)


def withdraw(request: WorkspaceRequest, judgement: UUID) -> HttpResponse:
    """Take a judgement back; it stays in the history."""
    withdraw_judgement(request.actor, judgement, request.now)
    tell(request, "The judgement is taken back.")
    return back(request, address(request, "programs"))


def _judged(
    request: WorkspaceRequest, name: str, page: str, program: str, project: str
) -> HttpResponse:
    asked = {"dimension": request.GET.get("dimension", "")}
    form = JudgementForm(request.POST or None, initial=asked)
    if request.method == "POST" and form.is_valid():
        try:
            draft = JudgementDraft(program=program, project=project, **form.cleaned_data)
            judge_health(request.actor, draft, request.now)
        except Invalid as error:
            form.add_error(None, str(error))
        else:
            tell(request, "Your judgement stands beside the computed status.")
            return redirect(f"{page}#{form.cleaned_data['dimension']}")
    values = {"form": form, "name": name, "page": page, "portfolio": address(request, "programs")}
    status = 422 if form.errors else 200
    return render(request, "programs_web/judge.html", values, status=status)
