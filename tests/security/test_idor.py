"""Nobody reads or changes another workspace by naming its things: in the path, query or body.

Alice of Acme tries every address with the ids of Other; everything in Other carries a word that
must not come back, and Other's rows must be the same after the sweep.
"""

from __future__ import annotations

import itertools

import pytest
from django.db import transaction
from tests.security.conftest import World
from tests.security.operations import Operation, operations, sample_of
from tests.security.world import FOREIGN, OWNED, VALID, Side, nothing_changes

from headway.domain.accounts.queries import actor_for_user, places_of

OPERATIONS = {str(operation): operation for operation in operations()}

#: Field names that a form or a query may take an id under, besides the parameters themselves.
ALSO = ("id", "pk", "user", "owner", "workspace_id", "project_id", "program_id", "member_id")


def crossings(operation: Operation, here: Side, there: Side) -> list[str]:
    """Return the operation's addresses with every choice of owned parameters from `there`."""
    owned = [name for name in operation.parameters if name in OWNED]
    choices = itertools.chain.from_iterable(
        itertools.combinations(owned, count) for count in range(1, len(owned) + 1)
    )
    return [
        operation.at(here, **{name: sample_of(name, there) for name in choice})
        for choice in choices
    ]


def smuggled(there: Side) -> dict[str, object]:
    """Return form fields that name the things of `there` under every name there is."""
    fields = {name: str(sample_of(name, there)) for name in sorted(OWNED)}
    return fields | dict.fromkeys(ALSO, str(there.workspace.id)) | VALID


def leaks(content: bytes, typed: set[str]) -> bool:
    """Say whether a word of Other is in an answer, apart from what Alice `typed` herself."""
    text = content.decode(errors="replace")
    for value in sorted(typed, key=len, reverse=True):
        text = text.replace(value, "") if len(value) > 1 else text
    text = text.lower()
    return any(word in text for word in (FOREIGN, "charlie"))


@pytest.mark.parametrize(
    "name", [name for name, one in OPERATIONS.items() if OWNED & set(one.parameters)]
)
def test_a_foreign_id_in_the_path_finds_nothing(world: World, name: str) -> None:
    here, there = world.here, world.there
    client = world.browser("owner")
    with nothing_changes(there.workspace, world.dumps[1]):
        for address in crossings(OPERATIONS[name], here, there):
            response = OPERATIONS[name].ask(client, address, VALID)
            assert response.status_code == 404, address
            assert not leaks(response.content, {address, *address.split("/")}), address


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_foreign_id_in_the_query_or_the_body_changes_and_shows_nothing(
    world: World, name: str
) -> None:
    operation = OPERATIONS[name]
    here, there = world.here, world.there
    fields = smuggled(there)
    address = operation.at(here)
    query = "&".join(f"{key}={value}" for key, value in fields.items())
    for target, data in ((address, fields), (f"{address}?{query}", {})):
        with transaction.atomic():
            browser = world.browser("owner")
            with nothing_changes(there.workspace, world.dumps[1]):
                response = operation.ask(browser, target, data)
            assert response.status_code < 500
            assert not leaks(response.content, {target, *map(str, fields.values())})
            transaction.set_rollback(True)


@pytest.mark.parametrize("name", OPERATIONS)
def test_fields_that_no_form_offers_are_not_taken(world: World, name: str) -> None:
    """Bob sends every field of the models along with every request; he stays a contributor."""
    operation = OPERATIONS[name]
    if operation.method == "GET":
        return
    fields = {
        "name": "apple",
        "role": "owner",
        "functions": ["pay", "auditor"],
        "is_staff": "1",
        "is_superuser": "1",
        "is_active": "1",
        "email": "root@example.com",
        "workspace": str(world.cast.other.id),
        "scopes": ["admin", "read"],
        "created_by": str(world.cast.alice.user_id),
        "approved_at": "2020-01-01",
    }
    response = operation.ask(world.browser("contributor"), operation.at(world.here), fields)
    assert response.status_code < 500
    actor = actor_for_user(world.cast.bob.user_id, "acme")
    assert (actor.role, actor.functions, actor.label) == (
        world.cast.bob.role,
        world.cast.bob.functions,
        "bob@example.com",
    )
    assert [place.slug for place in places_of(world.cast.bob.user_id)] == ["acme"]
