"""Writing: vendors, contracts and their reviews; the undo of all that vendors holds."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import HttpResponse

from headway.domain.people.queries import names_of
from headway.domain.programs.queries import (
    programs_of,
)
from headway.domain.vendors.actions import (
    record_review,
    restore_contract,
    restore_invoice,
    restore_order,
    restore_receipt,
    restore_vendor,
    set_contract,
    set_vendor,
)
from headway.domain.vendors.queries import (
    contract_named,
    vendor_named,
)
from headway.domain.vendors.rules import ContractFacts
from headway.errors import NotFound
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.editing import Done, Edit, edit_page, leave
from headway.interfaces.web.vendors.forms import (
    DOCUMENTS,
    PROMISES,
    ContractForm,
    ReviewForm,
    VendorForm,
)

#: Where the crumbs of these forms begin.
AREA = ("vendors", "Vendors")


def undo(request: WorkspaceRequest, what: str, version: int) -> str:
    """Return the address that puts a thing back to an earlier version; empty for a new one."""
    if version < 1:
        return ""
    query = urlencode({"what": what, "version": version})
    return f"{address(request, 'restore_vendor_thing')}?{query}"


def restore(request: WorkspaceRequest) -> HttpResponse:
    """Put a vendor, a contract, an order, a receipt or an invoice back to an earlier version."""
    sort, _, place = request.GET.get("what", "").partition(":")
    text = request.GET.get("version", "")
    parts = place.split("/")
    version = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    actor, now = request.actor, request.now
    match (sort, *parts):
        case ("vendor", key):
            restore_vendor(actor, key, version, now)
        case ("contract", vendor, key):
            restore_contract(actor, vendor, key, version, now)
        case ("order", program, key):
            restore_order(actor, program, key, version, now)
        case ("receipt", program, key, receipt):
            restore_receipt(actor, (program, key), receipt, version, now)
        case ("invoice", vendor, key):
            restore_invoice(actor, vendor, key, version, now)
        case _:
            sentence = "There is nothing of this sort to put back."
            raise NotFound(sentence)
    return leave(request, address(request, "vendors"), Done("It is as it was before."))


def add_vendor(request: WorkspaceRequest) -> HttpResponse:
    """Write a vendor down."""

    def save(values: dict[str, object], _version: int | None) -> Done:
        made = set_vendor(request.actor, "", values, request.now)
        return Done(f"{made.name} is written down; now its contract.")

    lists = {"edit-people": sorted(names_of(request.actor))}
    start = {"kind": "annotation"}
    page = address(request, "vendors")
    edit = Edit("Add a vendor", page, VendorForm, save, start, blame="name", lists=lists, area=AREA)
    return edit_page(request, lambda: edit)


def edit_vendor(request: WorkspaceRequest, vendor: str) -> HttpResponse:
    """Change what is written down of a vendor."""

    def save(values: dict[str, object], version: int | None) -> Done:
        done = set_vendor(request.actor, vendor, values, request.now, version=version)
        return Done(f"{done.name} is changed.", undo(request, f"vendor:{vendor}", done.version - 1))

    def load() -> Edit:
        held = vendor_named(request.actor, vendor)
        fields = {name: getattr(held, name) for name in ("name", "kind", "owner", "note")}
        lists = {"edit-people": sorted(names_of(request.actor))}
        page = address(request, "vendor", vendor=vendor)
        return Edit(
            f"Edit {held.name}", page, VendorForm, save, fields, held.version, lists=lists,
            blame="name", area=AREA,
        )  # fmt: skip

    return edit_page(request, load)


def add_contract(request: WorkspaceRequest, vendor: str) -> HttpResponse:
    """Write a contract with a vendor down."""
    held = vendor_named(request.actor, vendor)

    def save(values: dict[str, object], _version: int | None) -> Done:
        made = set_contract(request.actor, vendor, "", _terms(values), request.now)
        return Done(f"“{made.name}” is written down.")

    edit = Edit(
        f"Add a contract with {held.name}",
        address(request, "vendor", vendor=vendor),
        ContractForm,
        save,
        {"state": "draft", "renewal": "none"},
        blame="name",
        lists={"edit-programs": [one.slug for one in programs_of(request.actor)]},
        area=AREA,
    )
    return edit_page(request, lambda: edit)


def edit_contract(request: WorkspaceRequest, vendor: str, contract: str) -> HttpResponse:
    """Change the terms of a contract; approvals that rest on them fall away."""

    def save(values: dict[str, object], version: int | None) -> Done:
        terms = _terms(values)
        done = set_contract(request.actor, vendor, contract, terms, request.now, version=version)
        back = undo(request, done.subject, done.version - 1)
        return Done(f"“{done.name}” is changed.", back)

    def load() -> Edit:
        held = contract_named(request.actor, vendor, contract)
        programs = {one.id: one.slug for one in programs_of(request.actor)}
        home = programs.get(held.program_id, "") if held.program_id else ""
        return Edit(
            f"Edit “{held.name}”",
            address(request, "contract", vendor=vendor, contract=contract),
            ContractForm,
            save,
            _held_terms(held) | {"program": home},
            held.version,
            blame="name",
            lists={"edit-programs": sorted(programs.values())},
            area=AREA,
        )

    return edit_page(request, load)


def _held_terms(held: ContractFacts) -> dict[str, object]:
    names = ("name", "state", "starts", "ends", "renewal", "notice_days", "currency", "cap")
    fields: dict[str, object] = {name: getattr(held, name) for name in names}
    fields |= {"tax_is_cost": held.tax_is_cost, "wanted": ", ".join(held.wanted)}
    for place, term in enumerate(held.sla[:PROMISES], 1):
        for name in ("metric", "bound", "credit", "most"):
            fields[f"{name}_{place}"] = getattr(term, name)
    for place, (name, url) in enumerate(held.documents[:DOCUMENTS], 1):
        fields |= {f"document_{place}": name, f"url_{place}": url}
    return fields


def _terms(values: Mapping[str, object]) -> dict[str, object]:
    """Return the form's values as the action takes them: promises and documents as lists."""
    plain = {name: value for name, value in values.items() if not name[-1].isdigit()}
    sla = [
        {
            "metric": values[f"metric_{place}"],
            "bound": values[f"bound_{place}"],
            "credit": values[f"credit_{place}"],
            "most": values[f"most_{place}"] or 1.0,
        }
        for place in range(1, PROMISES + 1)
        if values[f"metric_{place}"]
    ]
    documents = [
        {"name": values[f"document_{place}"], "url": values[f"url_{place}"]}
        for place in range(1, DOCUMENTS + 1)
        if values[f"url_{place}"]
    ]
    return {**plain, "sla": sla, "documents": documents}


def review(request: WorkspaceRequest, vendor: str, contract: str) -> HttpResponse:
    """Record what was looked at of a contract; its verdict follows from the record."""
    page = address(request, "contract", vendor=vendor, contract=contract)
    held = contract_named(request.actor, vendor, contract)

    def save(values: dict[str, object], _version: int | None) -> Done:
        item = str(values.pop("item"))
        number = record_review(request.actor, (vendor, contract), item, values, request.now)
        return Done(f"It is record {number}.")

    edit = Edit(
        f"Record a review of “{held.name}”",
        page,
        ReviewForm,
        save,
        {"answer": "met", "item": held.wanted[0] if len(held.wanted) == 1 else ""},
        blame="link",
        button="Record",
        lists={"edit-wanted": list(held.wanted) or ["dpa", "security-review"]},
        area=AREA,
    )
    return edit_page(request, lambda: edit)
