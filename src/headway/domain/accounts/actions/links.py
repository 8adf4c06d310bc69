"""One-time links: the only way in for new people; used once, then dead."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from headway.domain.accounts.actions.audit import write_audit
from headway.domain.accounts.models import Member, OneTimeLink, User
from headway.domain.accounts.rules import Actor, Function, Permission, Role, require
from headway.domain.accounts.rules.links import LINK_LASTS, Purpose, refuse_spent
from headway.domain.accounts.rules.secrets import hash_secret, new_secret
from headway.errors import Conflict, Invalid, NotFound, Refused


@transaction.atomic
def issue_link(
    actor: Actor,
    role: Role,
    at: datetime,
    *,
    email: str = "",
    purpose: str = Purpose.INVITE,
    functions: Iterable[Function] = (),
) -> str:
    """Make a one-time link and return its secret, which is shown once and stored as a hash.

    People need `members` and can only invite; Headway itself also lets in the first owner and the
    sample's owner.
    """
    if actor.kind != "headway":
        require(actor, Permission.MEMBERS)
        if purpose != Purpose.INVITE:
            sentence = f"A link for {purpose} is made by the command line only; invite instead."
            raise Refused(sentence)
    secret = new_secret("in_")
    OneTimeLink.objects.create(
        workspace_id=actor.workspace_id,
        secret_hash=secret.hash,
        purpose=Purpose(purpose),
        email=email.strip().lower(),
        role=Role(role),
        functions=sorted(Function(function) for function in functions),
        created_at=at,
        expires_at=at + LINK_LASTS,
    )
    write_audit(actor, "issue_link", email or purpose, at, role=role, purpose=purpose)
    return secret.plain


@transaction.atomic
def revoke_link(actor: Actor, link_id: UUID, at: datetime) -> None:
    """Take an invitation back before it is used."""
    require(actor, Permission.MEMBERS)
    link = (
        OneTimeLink.objects.select_for_update()
        .filter(workspace_id=actor.workspace_id, id=link_id, used_at__isnull=True)
        .first()
    )
    if link is None:
        sentence = "There is no such open invitation in this workspace."
        raise NotFound(sentence)
    write_audit(actor, "revoke_link", link.email or link.purpose, at, role=link.role)
    link.delete()


@transaction.atomic
def use_link(
    secret: str,
    at: datetime,
    *,
    email: str = "",
    name: str = "",
    password: str | None = None,
    user_id: UUID | None = None,
) -> User:
    """Spend a one-time link and return the user who is now a member.

    An invitation fixes the e-mail address; a first-owner link takes the one given. A link never
    opens an account that exists: its owner must be the one signed in (`user_id`), and only gains
    the membership. The sample's link is the exception; only the command line makes those.
    Raises NotFound for an unknown link, Conflict for a used or expired one.
    """
    link = OneTimeLink.objects.select_for_update().filter(secret_hash=hash_secret(secret)).first()
    if link is None:
        sentence = "This link is not known here; ask for a new one."
        raise NotFound(sentence)
    refuse_spent(link.used_at, link.expires_at, at)
    address = (link.email or email).strip().lower()
    if not address:
        sentence = "An e-mail address is needed to make the account; none was given."
        raise Invalid(sentence)
    user = User.objects.filter(email=address).first()
    if user is None:
        user = _new_user(address, name.strip(), password)
    elif user.id != user_id and link.purpose != Purpose.SAMPLE:
        raise _taken(address)
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


def _new_user(address: str, name: str, password: str | None) -> User:
    try:
        with transaction.atomic():
            return User.objects.create_user(address, name, password)
    except IntegrityError as error:  # another link made the same account a moment ago
        raise _taken(address) from error


def _taken(address: str) -> Conflict:
    sentence = (
        f"There is an account for {address} already; sign in to it, then open the link again."
    )
    return Conflict(sentence)
