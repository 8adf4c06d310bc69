"""Making and revoking API tokens."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from headway.domain.accounts.actions.audit import write_audit
from headway.domain.accounts.models import Token
from headway.domain.accounts.rules import Actor, Permission, Scope, may, require
from headway.domain.accounts.rules.secrets import new_secret
from headway.errors import Invalid, NotFound, Refused

#: How exact "last used" is: one write per token and this span, not one per request.
TOUCH_EVERY = timedelta(minutes=5)


@transaction.atomic
def create_token(
    actor: Actor,
    name: str,
    scopes: Iterable[Scope],
    at: datetime,
    *,
    expires_at: datetime | None = None,
) -> tuple[Token, str]:
    """Make a token for the actor; return it with its secret, which is shown this once.

    A token cannot make tokens, and never reaches further than its member's role.
    """
    require(actor, Permission.TOKEN)
    if actor.member_id is None or actor.scopes is not None:
        sentence = "Tokens are made by a person who is signed in, not by another token."
        raise Refused(sentence)
    wanted = sorted({Scope(scope) for scope in scopes})
    if not name.strip() or not wanted:
        sentence = "A token needs a name that says what it is for, and at least one scope."
        raise Invalid(sentence)
    secret = new_secret()
    token = Token.objects.create(
        workspace_id=actor.workspace_id,
        member_id=actor.member_id,
        name=name.strip()[:100],
        hint=secret.hint,
        secret_hash=secret.hash,
        scopes=wanted,
        created_at=at,
        expires_at=expires_at,
    )
    write_audit(actor, "create_token", token, at, scopes=wanted, expires_at=expires_at)
    return token, secret.plain


@transaction.atomic
def revoke_token(actor: Actor, token_id: UUID, at: datetime) -> None:
    """Stop a token at once: one's own, or anybody's for those who manage members."""
    require(actor, Permission.TOKEN)
    token = (
        Token.objects.select_for_update()
        .filter(workspace_id=actor.workspace_id, id=token_id)
        .first()
    )
    if token is None or not (token.member_id == actor.member_id or may(actor, Permission.MEMBERS)):
        sentence = "There is no such token of yours."
        raise NotFound(sentence)
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        write_audit(actor, "revoke_token", token, at)


def touch_token(token_id: UUID, at: datetime) -> None:
    """Remember that a token was used, at most once in five minutes."""
    Token.objects.filter(id=token_id).exclude(last_used_at__gt=at - TOUCH_EVERY).update(
        last_used_at=at
    )
