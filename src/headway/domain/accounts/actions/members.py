"""Changing who may do what."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from headway.domain.accounts.actions.audit import write_audit
from headway.domain.accounts.models import Member, Token, Workspace
from headway.domain.accounts.rules import Actor, Function, Permission, Role, require
from headway.errors import Conflict, NotFound

#: A new visit starts after this much silence; "changed since your last visit" counts from there.
NEW_VISIT_AFTER = timedelta(minutes=30)
#: How exact "last here" is: one write per member and this span, not one per page.
NOTE_EVERY = timedelta(minutes=5)


def _locked_member(actor: Actor, member_id: UUID) -> Member:
    """Return the actor's fellow member, locked; NotFound across workspaces."""
    # Locking the workspace first makes "the last owner" safe against two changes at once.
    Workspace.objects.select_for_update().get(id=actor.workspace_id)
    member = (
        Member.objects.select_related("user")
        .filter(workspace_id=actor.workspace_id, id=member_id)
        .first()
    )
    if member is None:
        sentence = "There is no such member in this workspace."
        raise NotFound(sentence)
    return member


def _keep_an_owner(actor: Actor, member: Member) -> None:
    """Raise Conflict when `member` is the last owner, who may be neither changed nor removed."""
    others = Member.objects.filter(workspace_id=actor.workspace_id, role=Role.OWNER)
    if member.role == Role.OWNER and not others.exclude(id=member.id).exists():
        sentence = f"{member.user} is the last owner; make somebody else an owner first."
        raise Conflict(sentence)


@transaction.atomic
def change_role(actor: Actor, member_id: UUID, role: Role, at: datetime) -> Member:
    """Give a member another role. The last owner keeps theirs."""
    require(actor, Permission.MEMBERS)
    member = _locked_member(actor, member_id)
    if role != Role.OWNER:
        _keep_an_owner(actor, member)
    write_audit(actor, "change_role", member.user.email, at, before=member.role, after=role)
    member.role = Role(role)
    member.save(update_fields=["role"])
    return member


@transaction.atomic
def change_functions(
    actor: Actor, member_id: UUID, functions: Iterable[Function], at: datetime
) -> Member:
    """Say what a member may approve, or see besides the role."""
    require(actor, Permission.MEMBERS)
    member = _locked_member(actor, member_id)
    after = sorted(Function(function) for function in functions)
    write_audit(
        actor, "change_functions", member.user.email, at, before=member.functions, after=after
    )
    member.functions = after
    member.save(update_fields=["functions"])
    return member


@transaction.atomic
def remove_member(actor: Actor, member_id: UUID, at: datetime) -> None:
    """Take a member out of the workspace; their tokens stop working with the same commit."""
    require(actor, Permission.MEMBERS)
    member = _locked_member(actor, member_id)
    _keep_an_owner(actor, member)
    write_audit(actor, "remove_member", member.user.email, at, role=member.role)
    Token.objects.filter(member=member).delete()
    member.delete()


def mark_seen(actor: Actor, at: datetime) -> None:
    """Remember when a member was last here, and when before this visit: not a change to audit."""
    if actor.member_id is None or actor.scopes is not None:
        return
    member = Member.objects.get(id=actor.member_id)
    seen = member.last_seen_at
    if seen is not None and at - seen < NOTE_EVERY:
        return
    if seen is None or at - seen >= NEW_VISIT_AFTER:
        member.previous_seen_at = seen
    member.last_seen_at = at
    member.save(update_fields=["previous_seen_at", "last_seen_at"])
