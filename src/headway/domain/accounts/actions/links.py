"""One-time links: the only way in for new people; used once, then dead."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from headway.domain.accounts.actions.audit import write_audit
from headway.domain.accounts.models import Member, OneTimeLink, User
from headway.domain.accounts.rules import Actor, Function, Permission, Role, require
from headway.domain.accounts.rules.secrets import hash_secret, new_secret
from headway.errors import Conflict, Invalid, NotFound

#: How long an invitation lasts.
LINK_LASTS = timedelta(days=7)


@transaction.atomic
def issue_link(
    actor: Actor,
    role: Role,
    at: datetime,
    *,
    email: str = "",
    purpose: str = "invite",
    functions: Iterable[Function] = (),
) -> str:
    """Make a one-time link and return its secret, which is shown once and stored as a hash.

    Needs `members`, or Headway itself (the first owner, the sample's owner).
    """
    if actor.kind != "headway":
        require(actor, Permission.MEMBERS)
    secret = new_secret("in_")
    OneTimeLink.objects.create(
        workspace_id=actor.workspace_id,
        secret_hash=secret.hash,
        purpose=purpose,
        email=email.strip().lower(),
        role=Role(role),
        functions=sorted(functions),
        created_at=at,
        expires_at=at + LINK_LASTS,
    )
    write_audit(actor, "issue_link", email or purpose, at, role=role, purpose=purpose)
    return secret.plain


@transaction.atomic
def use_link(
    secret: str, at: datetime, *, email: str = "", name: str = "", password: str | None = None
) -> User:
    """Spend a one-time link and return the user who is now a member.

    An invitation fixes the e-mail address; a first-owner link takes the one given. A user who
    exists already only gains the membership: the link never changes anyone's password.
    Raises NotFound for an unknown link, Conflict for a used or expired one.
    """
    link = OneTimeLink.objects.select_for_update().filter(secret_hash=hash_secret(secret)).first()
    if link is None:
        sentence = "This link is not known here; ask for a new one."
        raise NotFound(sentence)
    if link.used_at is not None or link.expires_at <= at:
        word = "has been used" if link.used_at else "has expired"
        sentence = f"This link {word}; a link works once and for 7 days. Ask for a new one."
        raise Conflict(sentence)
    address = (link.email or email).strip().lower()
    if not address:
        sentence = "An e-mail address is needed to make the account; none was given."
        raise Invalid(sentence)
    user = User.objects.filter(email=address).first()
    if user is None:
        user = User.objects.create_user(address, name.strip(), password)
    elif not link.email:
        # Whoever holds a first-owner link must not become an existing person by typing an address.
        sentence = f"There is an account for {address} already; sign in with its password instead."
        raise Conflict(sentence)
    member, _ = Member.objects.get_or_create(
        workspace_id=link.workspace_id,
        user=user,
        defaults={"role": link.role, "functions": link.functions, "joined_at": at},
    )
    link.used_at = at
    link.save(update_fields=["used_at"])
    joined = Actor(link.workspace_id, Role(member.role), user.email, user.id, member.id)
    write_audit(joined, "use_link", user.email, at, purpose=link.purpose, role=member.role)
    return user
