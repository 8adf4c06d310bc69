"""The tokens page."""

from __future__ import annotations

import re

from tests.cast import Cast
from tests.doors import browser_of

from headway import clock
from headway.domain.accounts.queries import actor_for_token, tokens_page
from headway.domain.accounts.rules import Scope

PAGE = "/w/acme/settings/tokens/"


def test_an_empty_page_says_what_a_token_is_for(cast: Cast) -> None:
    assert b"No token yet" in browser_of(cast.bob).get(PAGE).content


def test_a_token_is_shown_once_works_and_dies_when_revoked(cast: Cast) -> None:
    bob = browser_of(cast.bob)
    data = {"name": "ci", "scopes": ["evidence", "read"], "expires": "2999-12-31"}
    page = bob.post(PAGE + "create/", data).content.decode()
    (secret,) = re.findall(r"hw_[\w-]{40,}", page)
    actor, token_id = actor_for_token(secret, clock.now())
    assert actor.scopes == {Scope.EVIDENCE, Scope.READ}
    again = bob.get(PAGE).content.decode()
    assert secret not in again
    assert "31 Dec 2999" in again.replace("\u00a0", " ")
    bob.post(f"{PAGE}{token_id}/revoke/")
    (line,) = tokens_page(cast.bob)
    assert line.revoked_at is not None
    assert b"revoked" in bob.get(PAGE).content


def test_a_bad_token_is_explained_and_not_made(cast: Cast) -> None:
    bob = browser_of(cast.bob)
    for data in ({"name": "ci"}, {"scopes": ["read"]}, {"name": "ci", "scopes": ["root"]}):
        assert bob.post(PAGE + "create/", data).status_code == 422
    past = {"name": "ci", "scopes": ["read"], "expires": "yesterday"}
    assert bob.post(PAGE + "create/", past).status_code == 422
    assert tokens_page(cast.bob) == []
