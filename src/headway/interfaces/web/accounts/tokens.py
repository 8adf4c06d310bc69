"""The tokens page: made with scopes and an end, shown once, revoked at a click."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway.domain.accounts import actions
from headway.domain.accounts.queries import tokens_page
from headway.domain.accounts.rules import Scope
from headway.interfaces.web.accounts.forms import TokenForm
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.layout.toasts import tell


def tokens(request: WorkspaceRequest) -> HttpResponse:
    """List the reader's tokens; everybody's for those who manage members."""
    return _page(request, TokenForm(initial={"scopes": [Scope.READ.value]}))


def create_token(request: WorkspaceRequest) -> HttpResponse:
    """Make a token and show its secret this once."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    token, secret = actions.create_token(
        request.actor,
        form.cleaned_data["name"],
        [Scope(word) for word in form.cleaned_data["scopes"]],
        request.now,
        expires_at=form.expires_at(),
    )
    return _page(request, TokenForm(), secret=secret, made=token.name)


def revoke_token(request: WorkspaceRequest, token: UUID) -> HttpResponse:
    """Stop a token at once."""
    actions.revoke_token(request.actor, token, request.now)
    tell(request, "The token is revoked; it works no more.")
    return redirect("tokens", workspace=request.place.slug)


def _page(
    request: WorkspaceRequest, form: TokenForm, *, status: int = 200, **values: object
) -> HttpResponse:
    values |= {"tokens": tokens_page(request.actor), "form": form, "now": request.now}
    return render(request, "accounts_web/tokens.html", values, status=status)
