"""How allauth behaves here: nobody signs up on their own, single sign-on finds existing members."""

from __future__ import annotations

import logging

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from headway.interfaces.web.accounts.limits import remember_device
from headway.interfaces.web.layout.errors import error_page

_log = logging.getLogger("headway.security")


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Members come by a one-time link; the public sign-up form stays shut."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """Refuse every sign-up that did not start from a one-time link."""
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the address in the mail: always this server's own, whatever the request claims."""
        account, _, secret = key.partition("-")
        names = {"uidb36": account, "key": secret}
        path = reverse("account_reset_password_from_key", kwargs=names)
        return f"{settings.BASE_URL}{path}"

    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, **values: object
    ) -> HttpResponse:
        """Note the sign-in in the log, and the browser as one that knows the account."""
        response: HttpResponse = super().post_login(request, user, **values)
        _log.info("signed in: user %s", user.pk)
        remember_device(response, user.get_username())
        return response

    def authentication_failed(self, request: HttpRequest, **_credentials: object) -> None:
        """Note a wrong password in the log: the address it came from, never what was typed."""
        _log.warning("sign-in failed from %s", request.META.get("REMOTE_ADDR", ""))


class MemberAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Single sign-on signs existing members in by their verified e-mail; it makes no new ones."""

    def is_open_for_signup(self, _request: HttpRequest, _sociallogin: SocialLogin) -> bool:
        """Refuse people who are not members of any workspace yet."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Turn away, with words that help, somebody whom no workspace knows."""
        if not sociallogin.is_existing:
            _log.warning("single sign-on of somebody unknown refused")
            sentence = (
                "Single sign-on knows you, but you are not a member here yet. "
                "Ask an owner of the workspace for an invitation."
            )
            raise ImmediateHttpResponse(error_page(request, 403, sentence))
