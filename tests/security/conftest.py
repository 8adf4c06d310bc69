"""The standing world: made once a module, and as it was for every test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

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


@pytest.fixture(scope="module")
def standing_world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Make the world in a transaction that is rolled back after the module's last test."""
    from tests.cast import a_cast
    from tests.security.world import a_world, dump_of

    with django_db_blocker.unblock(), transaction.atomic():
        cast = a_cast()
        here, there = a_world(cast)
        yield World(cast, here, there, (dump_of(here.workspace), dump_of(there.workspace)))
        transaction.set_rollback(True)


@pytest.fixture
def world(standing_world: World, db: None) -> World:
    """Lend the world to one test; what the test does to it is rolled back."""
    return standing_world
