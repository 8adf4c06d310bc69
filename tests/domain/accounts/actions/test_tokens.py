"""Tokens: shown once, stored as a hash, looked up on every request."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import AT, Cast

from headway.domain.accounts.actions import create_token, revoke_token, touch_token
from headway.domain.accounts.models import AuditEntry, Token, User
from headway.domain.accounts.queries import actor_for_token, tokens_page
from headway.domain.accounts.rules import Permission, Role, Scope, permissions_of
from headway.errors import Invalid, NotFound, Refused, SignInNeeded


def test_a_token_acts_as_its_member_within_its_scopes(cast: Cast) -> None:
    token, secret = create_token(cast.bob, "ci", [Scope.EVIDENCE], AT)
    actor, token_id = actor_for_token(secret, AT)
    assert (token_id, actor.member_id, actor.role) == (
        token.id,
        cast.bob.member_id,
        Role.CONTRIBUTOR,
    )
    assert Permission.PLAN not in permissions_of(actor)
    assert "bob@example.com by token ci" in actor.label


def test_the_secret_is_nowhere_in_the_clear(cast: Cast) -> None:
    _, secret = create_token(cast.bob, "ci", [Scope.READ], AT)
    assert secret not in str(list(Token.objects.values()))
    assert secret not in str(list(AuditEntry.objects.values()))
    assert secret.startswith("hw_")


def test_a_dead_token_is_nobody(cast: Cast) -> None:
    token, revoked = create_token(cast.bob, "one", [Scope.READ], AT)
    revoke_token(cast.bob, token.id, AT)
    _, expired = create_token(cast.bob, "two", [Scope.READ], AT, expires_at=AT)
    for secret in (revoked, expired, "hw_unknown", ""):
        with pytest.raises(SignInNeeded):
            actor_for_token(secret, AT)


def test_a_token_of_somebody_switched_off_is_nobody(cast: Cast) -> None:
    _, secret = create_token(cast.bob, "ci", [Scope.READ], AT)
    User.objects.filter(id=cast.bob.user_id).update(is_active=False)
    with pytest.raises(SignInNeeded):
        actor_for_token(secret, AT)


def test_a_token_makes_no_tokens(cast: Cast) -> None:
    _, secret = create_token(cast.alice, "all", [Scope.ADMIN], AT)
    actor, _ = actor_for_token(secret, AT)
    with pytest.raises(Refused):
        create_token(actor, "child", [Scope.READ], AT)


@pytest.mark.parametrize(("name", "scopes"), [("", [Scope.READ]), ("ci", [])])
def test_a_token_needs_a_name_and_a_scope(cast: Cast, name: str, scopes: list[Scope]) -> None:
    with pytest.raises(Invalid):
        create_token(cast.bob, name, scopes, AT)


def test_one_sees_and_revokes_one_s_own_and_an_owner_everybody_s(cast: Cast) -> None:
    token, _ = create_token(cast.bob, "bob's", [Scope.READ], AT)
    assert [line.name for line in tokens_page(cast.bob)] == ["bob's"]
    assert tokens_page(cast.mia) == []
    for stranger in (cast.mia, cast.charlie):
        with pytest.raises(NotFound):
            revoke_token(stranger, token.id, AT)
    revoke_token(cast.alice, token.id, AT)
    revoke_token(cast.alice, token.id, AT)
    assert AuditEntry.objects.filter(action="revoke_token").count() == 1


def test_last_used_is_written_at_most_every_five_minutes(cast: Cast) -> None:
    token, _ = create_token(cast.bob, "ci", [Scope.READ], AT)
    for minutes in (0, 4, 6):
        touch_token(token.id, AT + timedelta(minutes=minutes))
    assert Token.objects.get().last_used_at == AT + timedelta(minutes=6)
    touch_token(token.id, AT + timedelta(minutes=9))
    assert Token.objects.get().last_used_at == AT + timedelta(minutes=6)
