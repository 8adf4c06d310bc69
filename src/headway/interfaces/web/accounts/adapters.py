"""How allauth behaves here: nobody signs up on their own, single sign-on finds existing members."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Members come by a one-time link; the public sign-up form stays shut."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """Refuse every sign-up that did not start from a one-time link."""
        return False


class MemberAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Single sign-on signs existing members in by their verified e-mail; it makes no new ones."""

    def is_open_for_signup(self, _request: HttpRequest, _sociallogin: object) -> bool:
        """Refuse people who are not members of any workspace yet."""
        return False
