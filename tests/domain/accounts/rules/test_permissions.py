"""Who may do what: a role's permissions, cut down to a token's scopes."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from headway.domain.accounts.rules import (
    Actor,
    Function,
    Permission,
    Role,
    Scope,
    may,
    permissions_of,
    require,
)
from headway.errors import NotFound, Refused

HOME = uuid4()


@dataclass(frozen=True)
class Thing:
    workspace_id: UUID


def an_actor(role: Role, scopes: frozenset[Scope] | None = None) -> Actor:
    return Actor(HOME, role, "somebody", scopes=scopes)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("scope", Scope)
def test_a_token_never_reaches_further_than_its_member(role: Role, scope: Scope) -> None:
    token = an_actor(role, frozenset({scope}))
    assert permissions_of(token) <= permissions_of(an_actor(role))
    assert not may(token, Permission.TOKEN)
    assert not may(token, Permission.MEMBERS)


@pytest.mark.parametrize("role", Role)
def test_a_token_without_scopes_may_do_nothing(role: Role) -> None:
    assert permissions_of(an_actor(role, frozenset())) == frozenset()


def test_only_owners_manage_members() -> None:
    assert [role for role in Role if may(an_actor(role), Permission.MEMBERS)] == [Role.OWNER]


def test_a_vendor_sees_nothing_of_the_workspace() -> None:
    assert permissions_of(an_actor(Role.VENDOR)) == {Permission.SELF}


def test_an_auditor_reads_the_trail_whatever_the_role() -> None:
    auditor = Actor(HOME, Role.VIEWER, "vera", functions=frozenset({Function.AUDITOR}))
    assert may(auditor, Permission.AUDIT)
    assert not may(an_actor(Role.VIEWER), Permission.AUDIT)


def test_the_thing_of_another_workspace_does_not_exist() -> None:
    with pytest.raises(NotFound):
        require(an_actor(Role.OWNER), Permission.VIEW, Thing(uuid4()))
    require(an_actor(Role.OWNER), Permission.VIEW, Thing(HOME))


def test_a_stranger_with_no_permission_learns_no_more_than_one_with_all() -> None:
    with pytest.raises(NotFound):
        require(an_actor(Role.VENDOR), Permission.VIEW, Thing(uuid4()))


def test_a_refusal_says_whether_role_or_token_is_too_small() -> None:
    with pytest.raises(Refused, match="wider scope"):
        require(an_actor(Role.OWNER, frozenset({Scope.READ})), Permission.PLAN)
    with pytest.raises(Refused, match="change your role"):
        require(an_actor(Role.VIEWER, frozenset({Scope.PLAN})), Permission.PLAN)
