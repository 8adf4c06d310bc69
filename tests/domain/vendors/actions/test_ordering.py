"""Vendors, contracts, orders, receipts and invoices as they are written, and as they were."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import AT, Cast
from tests.domain.vendors.builders import BILL, LABELS, TERM, commitment, order_labels

from headway.domain.accounts.queries import audit_page
from headway.domain.programs.queries import program_named
from headway.domain.vendors.actions import (
    approve_invoice,
    change_invoice_state,
    change_order,
    remove_receipt,
    request_vendor_approvals,
    restore_order,
    restore_receipt,
    set_contract,
    set_invoice,
    set_order,
    set_receipt,
    set_vendor,
    set_vendor_rules,
)
from headway.domain.vendors.queries import (
    commitments_of,
    contracts_of,
    invoices_of,
    order_named,
    orders_of,
    trading_vendors,
    vendor_approvals_waiting,
    vendor_named,
    vendor_records,
    vendors_of,
    vendors_page,
)
from headway.errors import Conflict, HeadwayError, Invalid, NotFound, Refused

LATER = AT + timedelta(days=1)
HERE = ("reading", "labels")


@pytest.fixture(autouse=True)
def labels(cast: Cast) -> None:
    order_labels(cast.mia)


def test_an_order_by_units_comes_to_units_times_price(cast: Cast) -> None:
    order = order_named(cast.vera, program_named(cast.vera, "reading"), "labels")
    assert (order.amount, order.unit_price, order.currency) == (Decimal(6400), Decimal(20), "USD")
    assert (order.vendor, order.contract, order.category) == ("acme-labels", "frame", "annotation")


def test_what_came_moves_from_committed_to_accrued_to_invoiced(cast: Cast) -> None:
    set_receipt(cast.bob, HERE, "", {"delivered": 330, "accepted": 320}, AT)
    found = commitment(cast.vera)
    assert (found.committed, found.received, found.accrued) == (6400, 6400, 6400)
    page = set_invoice(cast.bob, "acme-labels", "", BILL, AT)
    assert page.match.is_clean
    assert commitment(cast.vera).claimed == 6400, "nobody approved it yet"
    assert commitment(cast.vera).committed == 6400


def test_an_order_changes_by_a_change_order_once_something_came(cast: Cast) -> None:
    set_receipt(cast.bob, HERE, "", {"delivered": 10}, AT)
    with pytest.raises(Conflict, match="change order"):
        set_order(cast.mia, "reading", "labels", {"units": 400}, AT)
    with pytest.raises(Invalid, match="reason"):
        change_order(cast.mia, HERE, {"units": 80}, AT)
    more = change_order(cast.mia, HERE, {"units": 80, "reason": "more digits"}, LATER)
    assert (more.units, more.amount) == (400, Decimal(8000))
    with pytest.raises(Invalid, match="Less than 0"):
        change_order(cast.mia, HERE, {"units": -401, "reason": "x"}, LATER)
    with pytest.raises(Conflict):
        restore_order(cast.mia, *HERE, 1, LATER)
    program = program_named(cast.vera, "reading")
    assert orders_of(cast.vera, [program], AT)[program.id][0].amount == 6400, "as it was then"


def test_a_receipt_is_undone_and_brought_back(cast: Cast) -> None:
    made = set_receipt(cast.bob, HERE, "", {"delivered": 10}, AT)
    remove_receipt(cast.bob, HERE, made.key, LATER, version=1)
    assert commitment(cast.vera).received == 0
    restore_receipt(cast.bob, HERE, made.key, 1, LATER)
    assert commitment(cast.vera).received == 200
    assert commitment(cast.vera, AT).received == 200


def test_the_same_paper_twice_is_one_and_another_under_its_number_is_refused(cast: Cast) -> None:
    first = set_invoice(cast.bob, "acme-labels", "", BILL, AT)
    again = set_invoice(cast.bob, "acme-labels", "", BILL, LATER)
    assert again.invoice == first.invoice
    dearer = BILL | {"lines": [{"order": "reading/labels", "units": 320, "amount": "6500"}]}
    with pytest.raises(Conflict, match="a number is used once"):
        set_invoice(cast.bob, "acme-labels", "", dearer, LATER)
    near = set_invoice(cast.bob, "acme-labels", "", BILL | {"number": "inv 42"}, LATER)
    assert near.match.result == "duplicate number"
    assert len(invoices_of(cast.vera)) == 2
    assert len(invoices_of(cast.vera, AT)) == 1


def test_an_invoice_is_disputed_with_a_reason_and_withdrawn(cast: Cast) -> None:
    made = set_invoice(cast.bob, "acme-labels", "", BILL, AT).invoice
    place = ("acme-labels", made.key)
    with pytest.raises(Refused):
        change_invoice_state(cast.bob, place, "dispute", AT, reason="x")
    with pytest.raises(Invalid):
        change_invoice_state(cast.mia, place, "dispute", AT)
    with pytest.raises(Conflict, match="approved"):
        change_invoice_state(cast.mia, place, "pay", AT)
    disputed = change_invoice_state(cast.mia, place, "dispute", AT, reason="320, not 330")
    assert disputed.invoice.reason == "320, not 330"
    change_invoice_state(cast.mia, place, "withdraw", AT, reason="sent anew")
    assert commitment(cast.vera).claimed == 0


def test_what_is_wrong_is_refused_whole(cast: Cast) -> None:
    bad: list[tuple[object, ...]] = [
        (set_vendor, "x", {"kind": "labels"}),
        (set_vendor, "new", {}),
        (set_contract, "acme-labels", "x", {**TERM, "ends": "2025-01-01"}),
        (set_contract, "acme-labels", "x", {"name": "x"}),
        (set_contract, "acme-labels", "x", {**TERM, "cap": "-1"}),
        (set_contract, "acme-labels", "frame", {"currency": "EUR"}),
        (set_order, "reading", "x", {"name": "x"}),
        (set_order, "reading", "x", {**LABELS, "units": float("nan")}),
        (set_order, "reading", "x", {**LABELS, "amount": "1"}),
        (set_order, "reading", "x", {**LABELS, "contract": "acme-labels/fram"}),
        (set_order, "reading", "", {**LABELS, "unit_price": "1e300"}),
        (set_invoice, "acme-labels", "", {**BILL, "lines": [{"order": "reading/label"}]}),
        (set_invoice, "acme-labels", "", {**BILL, "period_end": "2026-01-01"}),
        (set_invoice, "acme-labels", "", {**BILL, "number": "\u0007"}),
        (set_invoice, "acme-labels", "nothing", BILL),
    ]
    before = len(audit_page(cast.alice).lines)
    for act, *place, values in bad:
        with pytest.raises(HeadwayError):
            act(cast.mia, *place, values, AT)  # type: ignore[operator]
    assert len(audit_page(cast.alice).lines) == before


def test_another_workspace_and_a_vendor_see_nothing(cast: Cast) -> None:
    assert (vendors_of(cast.charlie), contracts_of(cast.charlie)) == ([], [])
    assert invoices_of(cast.charlie) == []
    with pytest.raises(NotFound):
        vendor_named(cast.charlie, "acme-labels")
    with pytest.raises(NotFound):
        orders_of(cast.charlie, [program_named(cast.vera, "reading")])
    for read in (vendors_of, contracts_of, invoices_of):
        with pytest.raises(Refused):
            read(cast.vic)
    with pytest.raises(Refused):
        set_vendor(cast.bob, "x", {"name": "X"}, AT)


def test_the_lists_ask_as_many_questions_for_many_as_for_one(cast: Cast) -> None:
    def asked() -> int:
        program = program_named(cast.vera, "reading")
        with CaptureQueriesContext(
            connection,
        ) as found:
            commitment(cast.vera)
            invoices_of(cast.vera)
            orders_of(cast.vera, [program])
            vendors_page(cast.vera, AT)
            known = [one.id for one in trading_vendors(cast.vera)]
            assert len(vendor_records(cast.vera, known)) == len(known)
            vendor_approvals_waiting(cast.vera, AT)
        return len(found)

    set_invoice(cast.bob, "acme-labels", "", BILL, AT)
    request_vendor_approvals(cast.bob, "invoice:acme-labels/inv-0042", ["finance"], AT)
    request_vendor_approvals(cast.bob, "contract:acme-labels/frame", ["legal"], AT)
    request_vendor_approvals(cast.bob, "order:reading/labels", ["legal"], AT)
    one = asked()
    for number in range(6):
        set_vendor(cast.mia, f"v{number}", {"name": f"V{number}"}, AT)
        set_contract(cast.mia, f"v{number}", "c", TERM, AT)
        more = {**LABELS, "contract": f"v{number}/c"}
        set_order(cast.mia, "reading", f"o{number}", more, AT)
        set_receipt(cast.bob, ("reading", f"o{number}"), "", {"delivered": 1}, AT)
        lines = [{"order": f"reading/o{number}", "units": 1, "amount": "20"}]
        set_invoice(cast.bob, f"v{number}", "", BILL | {"lines": lines}, AT)
        request_vendor_approvals(cast.bob, f"order:reading/o{number}", ["legal"], AT)
    assert asked() == one


def test_the_list_adds_up_what_is_committed_as_each_order_says_it(cast: Cast) -> None:
    euros = TERM | {"currency": "EUR"}
    set_contract(cast.mia, "acme-labels", "euro", euros, AT)
    set_order(cast.mia, "reading", "e", LABELS | {"contract": "acme-labels/euro"}, AT)
    set_order(cast.mia, "reading", "gone", LABELS | {"state": "cancelled"}, AT)
    set_receipt(cast.bob, HERE, "", {"delivered": 320, "accepted": 320}, AT)
    lines = [{"order": "reading/labels", "units": 100, "unit_price": "20.00"}]
    set_invoice(cast.bob, "acme-labels", "", BILL | {"lines": lines}, AT)
    set_invoice(cast.bob, "acme-labels", "", BILL | {"number": "INV 42b", "lines": lines}, AT)
    set_vendor_rules(cast.mia, {"invoice_functions": []}, AT)
    approve_invoice(cast.alice, ("acme-labels", "inv-0042"), AT)
    program = program_named(cast.vera, "reading")
    found: dict[str, Decimal] = defaultdict(Decimal)
    for one in commitments_of(cast.vera, [program])[program.id]:
        found[one.order.currency] += one.committed
    page = vendors_page(cast.vera, AT)
    assert page.committed == page.lines[0].committed == sorted(found.items())
    assert dict(found) == {"EUR": 6_400, "USD": 4_400}
    assert [one.invoice.key for one in page.open_invoices] == ["inv-42b"]
    matched = {one.invoice.key: one.match for one in invoices_of(cast.vera)}
    assert page.open_invoices[0].match == matched["inv-42b"]
