"""Keeping vendors and contracts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.programs.actions.rows import add_row, change_row, put_back
from headway.domain.programs.queries import facts, program_named
from headway.domain.programs.rules.fields import clean, fresh_key, to_minor
from headway.domain.programs.rules.fields import slug as read_slug
from headway.domain.vendors.models import Contract, Vendor
from headway.domain.vendors.queries.rows import contract_facts
from headway.domain.vendors.queries.standing import vendor_named
from headway.domain.vendors.rules import (
    CONTRACT_FIELDS,
    VENDOR_FIELDS,
    ContractFacts,
    VendorFacts,
)
from headway.domain.vendors.rules.contracts import require_term
from headway.errors import Conflict, Invalid


@transaction.atomic
def set_vendor(
    actor: Actor,
    key: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
    is_sample: bool = False,
) -> VendorFacts:
    """Set the vendor `key` from `values` (VENDOR_FIELDS); "" makes a new one, known by its name."""
    require(actor, Permission.PROGRAM)
    fields = clean(values, VENDOR_FIELDS)
    rows = Vendor.objects.select_for_update().filter(workspace_id=actor.workspace_id)
    if not key:
        key = fresh_key(str(fields.get("name", "")), rows.values_list("key", flat=True))
    row = rows.filter(key=read_slug("key", key)).first()
    if row is not None:
        change_row(actor, row, fields, at, "set_vendor", version)
        return facts(VendorFacts, row)
    if not fields.get("name"):
        sentence = f"The vendor '{key}' is new and needs a name."
        raise Invalid(sentence)
    row = Vendor(workspace_id=actor.workspace_id, key=key, is_sample=is_sample, **fields)
    return facts(VendorFacts, add_row(actor, row, at, "set_vendor", **fields))


@transaction.atomic
def restore_vendor(actor: Actor, key: str, version: int, at: datetime) -> VendorFacts:
    """Put a vendor back to its earlier `version`."""
    require(actor, Permission.PROGRAM)
    held = vendor_named(actor, key)
    return facts(VendorFacts, put_back(actor, Vendor, version, at, id=held.id))


@transaction.atomic
def set_contract(
    actor: Actor,
    vendor: str,
    key: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> ContractFacts:
    """Set the contract `key` of a vendor from `values`; "" makes a new one, known by its name.

    Fields are CONTRACT_FIELDS and `program` (its address). A new one needs its name, the day it
    starts and its currency, which stays once something is ordered.
    """
    require(actor, Permission.PROGRAM)
    parent = vendor_named(actor, vendor)
    fields = _read(actor, values)
    rows = Contract.objects.select_for_update().filter(vendor_id=parent.id)
    if not key:
        key = fresh_key(str(fields.get("name", "")), rows.values_list("key", flat=True))
    row = rows.filter(key=read_slug("key", key)).first()
    row = _new(actor, parent, key, fields) if row is None else row
    is_new = row._state.adding
    if not is_new and fields.get("currency", row.currency) != row.currency and row.orders.exists():
        sentence = f"“{row.name}” has orders in {row.currency}; its currency stays."
        raise Conflict(sentence)
    _cap(row, fields)
    ahead = {
        name: fields.get(name, getattr(row, name))
        for name in ("starts", "ends", "renewal", "notice_days")
    }
    require_term(**ahead)  # type: ignore[arg-type]  # each was read by its reader
    if is_new:
        row.cap_minor = fields.get("cap_minor")  # type: ignore[assignment]  # whole or None
        add_row(actor, row, at, "set_contract", vendor=parent.key, **fields)
    else:
        change_row(actor, row, fields, at, "set_contract", version)
    return contract_facts(row, parent)


def _read(actor: Actor, values: Mapping[str, object]) -> dict[str, object]:
    given = dict(values)
    placed: dict[str, object] = {}
    if "program" in given:
        slug = str(given.pop("program") or "")
        placed["program_id"] = program_named(actor, slug).id if slug else None
    return {**clean(given, CONTRACT_FIELDS), **placed}


def _new(actor: Actor, vendor: VendorFacts, key: str, fields: Mapping[str, object]) -> Contract:
    for name in ("name", "starts", "currency"):
        if not fields.get(name):
            sentence = f"The contract '{key}' is new and needs its {name}."
            raise Invalid(sentence)
    known = {name: value for name, value in fields.items() if name != "cap"}
    return Contract(workspace_id=actor.workspace_id, vendor_id=vendor.id, key=key, **known)


def _cap(row: Contract, fields: dict[str, object]) -> None:
    """Turn the cap into minor units of the currency that the contract will have."""
    currency = str(fields.get("currency", row.currency))
    if "cap" in fields:
        cap = fields.pop("cap")
        fields["cap_minor"] = None if cap is None else to_minor(Decimal(str(cap)), currency)


@transaction.atomic
def restore_contract(
    actor: Actor, vendor: str, key: str, version: int, at: datetime
) -> ContractFacts:
    """Put a contract back to its earlier `version`."""
    require(actor, Permission.PROGRAM)
    parent = vendor_named(actor, vendor)
    row = put_back(actor, Contract, version, at, vendor_id=parent.id, key=key)
    return contract_facts(row, parent)
