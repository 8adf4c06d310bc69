"""The members page: who is here, as what; invitations by one-time link."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from headway.domain.accounts import actions
from headway.domain.accounts.queries import members_page
from headway.domain.accounts.rules import Function, Permission, Role, may
from headway.errors import Invalid, Problem
from headway.interfaces.web.accounts.forms import (
    FunctionsForm,
    InvitationForm,
    RoleForm,
    WorkspaceForm,
)
from headway.interfaces.web.accounts.mails import mail_invitation
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.layout.toasts import tell


def settings_home(request: WorkspaceRequest) -> HttpResponse:
    """Go to the first settings page the reader may see."""
    seen = may(request.actor, Permission.VIEW)
    return redirect("members", workspace=request.place.slug) if seen else redirect("profile")


def members(request: WorkspaceRequest) -> HttpResponse:
    """List members and open invitations."""
    return _page(request, InvitationForm())


def invite(request: WorkspaceRequest) -> HttpResponse:
    """Make an invitation; show its link once, and mail it when mail is set up."""
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    email, role = form.cleaned_data["email"], Role(form.cleaned_data["role"])
    functions = [Function(word) for word in form.cleaned_data["functions"]]
    secret = actions.issue_link(request.actor, role, request.now, email=email, functions=functions)
    link = f"{settings.BASE_URL}{reverse('start', args=[secret])}"
    mailed = mail_invitation(email, request.place.name, request.actor.label, link)
    return _page(request, InvitationForm(), link=link, invited=email, mailed=mailed)


def revoke_invitation(request: WorkspaceRequest, link: UUID) -> HttpResponse:
    """Take an open invitation back."""
    actions.revoke_link(request.actor, link, request.now)
    return _done(request, "The invitation is taken back; its link is dead.")


def change_role(request: WorkspaceRequest, member: UUID) -> HttpResponse:
    """Give a member another role."""
    form = _valid(RoleForm(request.POST))
    changed = actions.change_role(request.actor, member, Role(form["role"]), request.now)
    return _done(request, f"{changed.user} is {changed.role} now.")


def change_functions(request: WorkspaceRequest, member: UUID) -> HttpResponse:
    """Say what a member may approve."""
    form = _valid(FunctionsForm(request.POST))
    functions = [Function(word) for word in form["functions"]]
    changed = actions.change_functions(request.actor, member, functions, request.now)
    return _done(request, f"The functions of {changed.user} are changed.")


def remove_member(request: WorkspaceRequest, member: UUID) -> HttpResponse:
    """Take a member out; they can be invited again."""
    actions.remove_member(request.actor, member, request.now)
    return _done(request, "Removed, with all tokens. An invitation brings them back.")


def rename_workspace(request: WorkspaceRequest) -> HttpResponse:
    """Give the workspace another name."""
    form = _valid(WorkspaceForm(request.POST))
    actions.rename_workspace(request.actor, form["name"], request.now)
    return _done(request, "The workspace has its new name.")


def _page(
    request: WorkspaceRequest, form: InvitationForm, *, status: int = 200, **values: object
) -> HttpResponse:
    values |= {
        "page": members_page(request.actor, request.now),
        "form": form,
        "workspace_form": WorkspaceForm(initial={"name": request.place.name}),
        "roles": list(Role),
        "functions": list(Function),
    }
    return render(request, "accounts_web/members.html", values, status=status)


def _done(request: WorkspaceRequest, sentence: str) -> HttpResponse:
    tell(request, sentence)
    return redirect("members", workspace=request.place.slug)


def _valid(form: forms.Form) -> dict[str, Any]:
    """Return what was chosen; Invalid for what the page does not offer."""
    if form.is_valid():
        return form.cleaned_data
    problems = [
        Problem(str(form.fields[name].label), " ".join(map(str, errors)))
        for name, errors in form.errors.items()
    ]
    sentence = "The page does not offer this choice; nothing was changed."
    raise Invalid(sentence, problems)
