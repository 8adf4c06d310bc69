"""Delegations: for a time, somebody answers for a function in another's place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from headway.domain.accounts.models import Member
from headway.domain.accounts.rules import Actor, Permission, may, require
from headway.domain.accounts.rules.permissions import ROLE_PERMISSIONS, Role
from headway.domain.gates.models import Delegation
from headway.domain.gates.queries.approvals import delegations_of
from headway.domain.gates.rules.approvals import DelegationFacts, check_delegation
from headway.domain.programs.actions.rows import add_row, change_row
from headway.domain.programs.rules.approving import read_function
from headway.domain.programs.rules.fields import Reader, clean, day, text
from headway.errors import Conflict, Invalid, NotFound, Refused

DELEGATION_FIELDS: Mapping[str, Reader] = {
    "function": read_function,
    "taker": text(254, required=True),
    "giver": text(254),
    "starts": day,
    "ends": day,
    "reason": text(300),
}


@transaction.atomic
def delegate_function(actor: Actor, values: Mapping[str, object], at: datetime) -> DelegationFacts:
    """Let `taker` answer for a function in `giver`'s place, from a day to a day, both included.

    Members are named by their address; `giver` is oneself unless it is said. Whoever holds the
    function delegates it; an owner may for others. Raises Invalid for oneself and for days that
    are past, Refused for a function that the giver does not hold or a taker who may decide nothing.
    """
    require(actor, Permission.DECIDE)
    given = {
        "function": "",
        "taker": "",
        "giver": "",
        "starts": at.date(),
        "ends": "",
        "reason": "",
    }
    fields: dict[str, Any] = clean({**given, **values}, DELEGATION_FIELDS)
    giver, taker = _giver(actor, fields["giver"]), _member(actor, fields["taker"])
    if giver.id != actor.member_id and not may(actor, Permission.MEMBERS):
        sentence = "You can delegate what you hold yourself; an owner can for others."
        raise Refused(sentence)
    starts, ends = fields["starts"] or at.date(), fields["ends"]
    if ends is None:
        sentence = "A delegation ends: write its last day, such as 2026-03-15."
        raise Invalid(sentence)
    check_delegation(starts, ends, at.date(), to_self=giver.id == taker.id)
    _require_fit(giver, taker, fields["function"])
    row = Delegation(
        workspace_id=actor.workspace_id,
        function=fields["function"],
        giver=giver,
        taker=taker,
        starts=starts,
        ends=ends,
        reason=fields["reason"],
    )
    told = {"giver": str(giver.id), "taker": str(taker.id), "starts": starts, "ends": ends}
    add_row(actor, row, at, "delegate_function", **told)
    return _facts(actor, row.id)


def _require_fit(giver: Member, taker: Member, function: str) -> None:
    if function not in giver.functions:
        sentence = f"{giver.user} does not hold '{function}', so there is nothing to delegate."
        raise Refused(sentence)
    if Permission.DECIDE not in ROLE_PERMISSIONS[Role(taker.role)]:
        sentence = (
            f"{taker.user} is a {taker.role}, who may answer nothing; an owner can make them an "
            "approver under Settings, Members."
        )
        raise Refused(sentence)


@transaction.atomic
def revoke_delegation(
    actor: Actor, delegation_id: UUID, at: datetime, *, version: int | None = None
) -> DelegationFacts:
    """Take a delegation back: from now on its taker answers for nobody by it.

    Whoever gave or took it may, and an owner. Raises Conflict when it is revoked already.
    """
    require(actor, Permission.DECIDE)
    row = (
        Delegation.objects.select_for_update()
        .filter(workspace_id=actor.workspace_id, id=delegation_id)
        .first()
    )
    if row is None:
        sentence = "There is no such delegation in this workspace."
        raise NotFound(sentence)
    if actor.member_id not in (row.giver_id, row.taker_id) and not may(actor, Permission.MEMBERS):
        sentence = "A delegation is taken back by who gave it, who took it, or an owner."
        raise Refused(sentence)
    if row.is_revoked:
        sentence = "This delegation is revoked already."
        raise Conflict(sentence)
    change_row(actor, row, {"is_revoked": True}, at, "revoke_delegation", version)
    return _facts(actor, row.id)


def _facts(actor: Actor, delegation_id: UUID) -> DelegationFacts:
    return next(one for one in delegations_of(actor) if one.id == delegation_id)


def _giver(actor: Actor, address: str) -> Member:
    if address:
        return _member(actor, address)
    if actor.member_id is None:
        sentence = "Say who gives the function away: the address of a member."
        raise Invalid(sentence)
    return Member.objects.select_related("user").get(id=actor.member_id)


def _member(actor: Actor, address: str) -> Member:
    """Return a fellow member by address; NotFound, the same for another workspace's."""
    rows = Member.objects.select_related("user").filter(workspace_id=actor.workspace_id)
    row = rows.filter(user__email=address.strip().lower(), user__is_active=True).first()
    if row is None:
        sentence = f"No member of this workspace has the address {address!r}."
        raise NotFound(sentence)
    return row
