"""Saying which vendor a member works for, and taking in what its own people send."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.models import Member
from headway.domain.accounts.rules import Actor, Permission, Role, require
from headway.domain.vendors.actions.approving import ask
from headway.domain.vendors.actions.billing import write_invoice
from headway.domain.vendors.models import VendorMember
from headway.domain.vendors.queries.approvals import rules_of
from headway.domain.vendors.queries.own import OwnInvoice, own_books, own_page, own_vendor
from headway.domain.vendors.queries.standing import vendor_named
from headway.errors import Invalid, NotFound


@transaction.atomic
def set_vendor_member(actor: Actor, member_id: UUID, vendor: str, at: datetime) -> None:
    """Tie a member of the role vendor to a vendor by its key; "" takes the tie away.

    From then on they see what is that vendor's, and nothing else. Raises Invalid for another role:
    who sees programs needs no tie.
    """
    require(actor, Permission.PROGRAM)
    member = Member.objects.select_for_update().filter(
        workspace_id=actor.workspace_id, id=member_id
    )
    found = member.select_related("user").first()
    if found is None:
        sentence = "There is no such member in this workspace."
        raise NotFound(sentence)
    if not vendor:
        gone, _ = VendorMember.objects.filter(member=found).delete()
        if gone:
            write_audit(actor, "set_vendor_member", str(found.user), at, vendor="")
        return
    held = vendor_named(actor, vendor)
    if found.role != Role.VENDOR:
        sentence = f"{found.user} has the role {found.role}; only the role vendor works for one."
        raise Invalid(sentence)
    _, is_new = VendorMember.objects.update_or_create(
        member=found,
        defaults={
            "workspace_id": actor.workspace_id,
            "vendor_id": held.id,
            "set_at": at,
            "set_by": actor.label,
        },
    )
    write_audit(actor, "set_vendor_member", str(found.user), at, vendor=held.key, is_new=is_new)


@transaction.atomic
def submit_invoice(actor: Actor, values: Mapping[str, object], at: datetime) -> OwnInvoice:
    """Take in an invoice of the actor's own vendor, and ask whoever has to approve it.

    Fields as of `set_invoice`; a line names its order by its id. An order of another vendor is as
    unknown as one that never was.
    """
    require(actor, Permission.SELF)
    vendor, books = own_vendor(actor), own_books(actor)
    addresses = {
        str(one.id): f"{books.homes.get(one.program_id, '')}/{one.key}"
        for one in books.orders.values()
    }
    given = dict(values)
    lines = given.get("lines")
    if isinstance(lines, list):
        given["lines"] = [_addressed(line, addresses) for line in lines]
    made = write_invoice(actor, vendor, "", given, at)
    if made.invoice.state == "received":
        functions = rules_of(actor.workspace_id).invoice_functions
        ask(actor, made.invoice.subject, functions, at, actor.member_id)
    return next(one for one in own_page(actor, at).invoices if one.key == made.invoice.key)


def _addressed(line: object, addresses: Mapping[str, str]) -> object:
    if not isinstance(line, Mapping) or not line.get("order"):
        return line
    order = str(line["order"])
    if order not in addresses:
        sentence = "There is no such order of yours; choose one of your orders."
        raise Invalid(sentence)
    return {**line, "order": addresses[order]}
