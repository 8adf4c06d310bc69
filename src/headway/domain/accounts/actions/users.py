"""What a person changes about themselves, in every workspace at once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from headway.domain.accounts.actions.audit import write_audit
from headway.domain.accounts.models import Member, User
from headway.domain.accounts.rules import Actor, Role
from headway.errors import Invalid, SignInNeeded


@transaction.atomic
def rename_user(user_id: UUID, name: str, at: datetime) -> User:
    """Give oneself another name; each workspace one belongs to notes it in its audit trail."""
    name = name.strip()
    if not name or len(name) > 200:
        sentence = f"A name has 1 to 200 characters; this one has {len(name)}."
        raise Invalid(sentence)
    user = User.objects.select_for_update().filter(id=user_id, is_active=True).first()
    if user is None:
        sentence = "This account is gone or switched off; sign in with another one."
        raise SignInNeeded(sentence)
    for member in Member.objects.filter(user=user).order_by("workspace_id"):
        actor = Actor(member.workspace_id, Role(member.role), user.email, user.id, member.id)
        write_audit(actor, "rename_user", user.email, at, before=user.name, after=name)
    user.name = name
    user.save(update_fields=["name"])
    return user
