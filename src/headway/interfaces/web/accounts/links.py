"""The page of a one-time link: how new people, the first owner and the sample's owner come in."""

from __future__ import annotations

import ipaddress

from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from headway import clock
from headway.domain.accounts.actions import admit_guess, use_link
from headway.domain.accounts.queries import LinkPage, link_page, may_guess
from headway.domain.accounts.rules.guesses import Door
from headway.domain.accounts.rules.links import Purpose
from headway.errors import Conflict, NotFound
from headway.interfaces.web.accounts.forms import JoinForm
from headway.interfaces.web.accounts.limits import address_of
from headway.interfaces.web.layout.errors import too_many
from headway.interfaces.web.layout.toasts import tell


def start(request: HttpRequest, secret: str) -> HttpResponse:
    """Show where the link leads; on POST spend it. The sample's opens at once on this machine."""
    at, address = clock.now(), address_of(request)
    if not may_guess(Door.LINK, at, address=address):
        return too_many(request)
    try:
        page = link_page(secret, at)
    except NotFound:
        admit_guess(Door.LINK, at, address=address)
        raise
    except Conflict as error:
        if not request.user.is_authenticated:
            raise
        tell(request, str(error))
        return redirect("root")
    if page.purpose == Purpose.SAMPLE:
        return _open_sample(request, secret)
    return (
        _join_known(request, secret, page)
        if _is_known(request, page)
        else _join_new(request, secret, page)
    )


def _is_known(request: HttpRequest, page: LinkPage) -> bool:
    """Say whether the link is for an account that exists: the fixed address's, or one's own."""
    return page.known or (not page.email and request.user.is_authenticated)


def _open_sample(request: HttpRequest, secret: str) -> HttpResponse:
    """Sign the sample's owner in: at a click in the terminal, if that is on this machine."""
    if request.method != "POST" and not _is_loopback(address_of(request)):
        return render(request, "accounts_web/start_sample.html")
    user = use_link(secret, clock.now())
    return _signed_in(request, user)


def _join_known(request: HttpRequest, secret: str, page: LinkPage) -> HttpResponse:
    """Let whoever is signed in join; somebody else has to sign in first."""
    own = getattr(request.user, "email", "")
    fits = bool(own) and page.email in {"", own}
    if request.method == "POST" and fits:
        use_link(secret, clock.now(), email=own, user_id=request.user.pk)
        tell(request, f"You are a member of {page.workspace} now.")
        return redirect("root")
    return render(request, "accounts_web/start_known.html", {"page": page, "fits": fits})


def _join_new(request: HttpRequest, secret: str, page: LinkPage) -> HttpResponse:
    """Ask a newcomer for a name and a password, make the account and sign in."""
    form = JoinForm(page, request.POST if request.method == "POST" else None)
    if not (request.method == "POST" and form.is_valid()):
        values = {"page": page, "form": form}
        return render(
            request, "accounts_web/start.html", values, status=422 if form.is_bound else 200
        )
    user = use_link(
        secret,
        clock.now(),
        email=form.cleaned_data.get("email", ""),
        name=form.cleaned_data["name"],
        password=form.cleaned_data["password"],
    )
    return _signed_in(request, user)


def _signed_in(request: HttpRequest, user: object) -> HttpResponse:
    """Sign `user` in through allauth, so that a second factor is still asked for."""
    response: HttpResponse = perform_login(
        request, user, email_verification="none", redirect_url="/"
    )
    return response


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
