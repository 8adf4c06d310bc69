"""Counting guesses at the web's doors: wraps the views that check a secret."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from headway import clock
from headway.domain.accounts.actions import admit_guess, excuse_guess
from headway.domain.accounts.rules.guesses import Door
from headway.interfaces.web.layout.errors import too_many
from headway.interfaces.web.layout.routes import View

Account = Callable[[HttpRequest], str]

_COOKIE = "__Host-known" if settings.HTTPS else "known"
_SALT = "headway.known_device"
_A_YEAR = 366 * 24 * 3600


def limited(
    view: View,
    door: Door,
    account: Account,
    *,
    excuse: bool = True,
    methods: tuple[str, ...] = ("POST",),
) -> View:
    """Return `view` behind the limit of `door`: 20 wrong guesses an hour an address, 10 an account.

    `account` names what is guessed at. A redirect means that the guess was right and does not
    count, unless `excuse` is False because the view redirects whatever was sent.
    """

    @wraps(view)
    def counted(request: HttpRequest, **values: object) -> HttpResponse:
        if request.method not in methods:
            return view(request, **values)
        at, address, who = clock.now(), address_of(request), account(request)
        if not admit_guess(door, at, address=address, account=who):
            return too_many(request)
        response = view(request, **values)
        if excuse and response.status_code in {301, 302, 303}:
            excuse_guess(door, at, address=address, account=who)
        return response

    return counted


def address_of(request: HttpRequest) -> str:
    """Return the client's network address; behind a proxy ProxyMiddleware has set it."""
    return str(request.META.get("REMOTE_ADDR", ""))


def named_account(request: HttpRequest) -> str:
    """Return the e-mail address somebody types at sign-in, apart for a browser that knows it.

    Whoever guesses at Alice's password elsewhere must not lock Alice out of the browser in which
    she has signed in before.
    """
    email = request.POST.get("login", "").strip().lower()
    device = _known_device(request, email)
    return f"{email} at {device}" if device else email


def own_account(request: HttpRequest) -> str:
    """Return the id of whoever is signed in."""
    return str(request.user.pk or "")


def pending_account(request: HttpRequest) -> str:
    """Return the id of whoever has given the password and now owes the second factor."""
    login = request.session.get("account_login")
    return str(login.get("user_pk", "")) if isinstance(login, dict) else ""


def mailed_account(request: HttpRequest) -> str:
    """Return the e-mail address for which somebody asks for a new password."""
    return request.POST.get("email", "")


def reset_account(request: HttpRequest) -> str:
    """Return the account that a reset link names (…/key/<account>-<key>/)."""
    return request.path.rstrip("/").rpartition("/")[2].partition("-")[0]


def remember_device(response: HttpResponse, email: str) -> None:
    """Let this browser be known for `email`: a signed cookie that opens nothing by itself."""
    response.set_signed_cookie(
        _COOKIE,
        f"{secrets.token_hex(8)}:{_trace(email)}",
        salt=_SALT,
        max_age=_A_YEAR,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def _known_device(request: HttpRequest, email: str) -> str:
    value = request.get_signed_cookie(_COOKIE, default="", salt=_SALT, max_age=_A_YEAR)
    device, _, trace = str(value).partition(":")
    return device if trace == _trace(email) else ""


def _trace(email: str) -> str:
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()[:16]
