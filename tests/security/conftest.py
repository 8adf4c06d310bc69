"""The standing world: made once a module, and as it was for every test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

#: The eight who knock; see `World.browser`.
WHO = (
    "anonymous",
    "other_tenant",
    "vendor",
    "viewer",
    "approver",
    "contributor",
    "manager",
    "owner",
)

if TYPE_CHECKING:
    from tests.cast import Cast
    from tests.security.world import Side


@dataclass(frozen=True, slots=True)
class World:
    """Everybody, and both workspaces with something of everything in them."""

    cast: Cast
    here: Side
    there: Side
    #: The digests of both workspaces' rows, before a test does anything.
    dumps: tuple[str, str]
    #: The cookies of everybody who has signed in: who of `WHO` → theirs.
    signed_in: Mapping[str, SimpleCookie]

    def browser(self, who: str, *, enforce_csrf_checks: bool = False) -> Client:
        """Return a browser in which `who` has signed in, and asked nothing yet."""
        client = Client(enforce_csrf_checks=enforce_csrf_checks)
        client.cookies.update(self.signed_in[who])
        return client


@pytest.fixture(scope="module")
def standing_world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Make the world in a transaction that is rolled back after the module's last test."""
    from tests.cast import a_cast
    from tests.security.world import a_world, dump_of

    from headway import clock
    from headway.domain.accounts.models import Member

    with django_db_blocker.unblock(), transaction.atomic():
        cast = a_cast()
        here, there = a_world(cast)
        signed_in = {who: _cookies_of(cast, who) for who in WHO}
        # A first visit is noted; here everybody has been, so that what is written is a change.
        Member.objects.update(last_seen_at=clock.now() + timedelta(days=1))
        dumps = dump_of(here.workspace), dump_of(there.workspace)
        yield World(cast, here, there, dumps, signed_in)
        transaction.set_rollback(True)


def _cookies_of(cast: Cast, who: str) -> SimpleCookie:
    """Sign `who` in, and return what their browser then holds."""
    from tests.doors import browser_of

    from headway.domain.accounts.rules import Role

    if who == "anonymous":
        return SimpleCookie()
    return browser_of(cast.charlie if who == "other_tenant" else cast.of_role(Role(who))).cookies


@pytest.fixture
def world(standing_world: World, db: None) -> World:
    """Lend the world to one test; what the test does to it is rolled back."""
    return standing_world
