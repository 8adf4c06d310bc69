"""From a session to an actor: only into one's own workspaces."""

from __future__ import annotations

import pytest
from tests.cast import AT, Cast

from headway.domain.accounts.models import Member, User
from headway.domain.accounts.queries import (
    actor_for_user,
    entry_for_user,
    owner_actor,
    places_of,
    workspace_named,
)
from headway.domain.accounts.rules import Role
from headway.errors import NotFound


def test_a_stranger_finds_no_workspace_and_the_same_words_for_none(cast: Cast) -> None:
    with pytest.raises(NotFound) as there:
        actor_for_user(cast.charlie.user_id, "acme")
    with pytest.raises(NotFound) as nowhere:
        actor_for_user(cast.charlie.user_id, "nowhere")
    assert str(there.value).replace("acme", "") == str(nowhere.value).replace("nowhere", "")


def test_somebody_switched_off_is_nobody(cast: Cast) -> None:
    User.objects.filter(id=cast.bob.user_id).update(is_active=False)
    with pytest.raises(NotFound):
        actor_for_user(cast.bob.user_id, "acme")
    assert places_of(cast.bob.user_id) == []


def test_an_entry_says_which_workspace_and_since_when(cast: Cast) -> None:
    Member.objects.filter(id=cast.bob.member_id).update(last_seen_at=AT)
    actor, place = entry_for_user(cast.bob.user_id, "acme")
    assert (actor.member_id, place.name, place.role) == (
        cast.bob.member_id,
        "Acme",
        Role.CONTRIBUTOR,
    )
    assert (place.visited_at, place.pinned_at, place.is_sample) == (AT, None, False)


def test_the_command_line_acts_as_the_first_owner_or_whom_it_names(cast: Cast) -> None:
    assert owner_actor(cast.acme).member_id == cast.alice.member_id
    assert owner_actor(cast.acme, "Bob@example.com").member_id == cast.bob.member_id
    with pytest.raises(NotFound, match="charlie"):
        owner_actor(cast.acme, "charlie@example.com")


def test_a_workspace_is_named_when_there_are_several(cast: Cast) -> None:
    assert workspace_named("acme") == cast.acme
    with pytest.raises(NotFound, match="--workspace"):
        workspace_named()
    with pytest.raises(NotFound, match="acme, other"):
        workspace_named("nowhere")
