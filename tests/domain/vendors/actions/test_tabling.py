"""Orders and invoices as tables: a preview keeps nothing, twice is once, nothing is computed."""

from __future__ import annotations

import pytest
from tests.cast import AT, Cast
from tests.domain.vendors.builders import BILL, order_labels

from headway.domain.vendors.actions import (
    import_contracts,
    import_invoices,
    import_orders,
    import_receipts,
    set_invoice,
    set_order,
)
from headway.domain.vendors.queries import (
    contract_table,
    invoice_table,
    invoices_of,
    order_table,
    receipt_table,
)
from headway.errors import Invalid, Refused
from headway.rendering.cells import csv_text

ORDERS = b"""program,key,name,contract,unit,units,unit_price,amount,ordered_on
reading,labels,More labels,acme-labels/frame,label,320,20.00,,2026-10-01
reading,tool,=HYPERLINK(1),acme-labels/frame,,,,1200.50,2026-10-02
reading,bad,Bad,acme-labels/none,,,,5,2026-10-02
reading,tool,Twice,acme-labels/frame,,,,7,2026-10-02
"""
INVOICES = b"""vendor,number,invoiced_on,currency,tax,order,words,units,unit_price,amount
acme-labels,INV-1,2026-11-09,USD,1.50,reading/labels,Labels,200,20.00,
acme-labels,INV-1,2026-11-09,USD,1.50,reading/labels,More,120,20.00,
acme-labels,INV-2,2026-11-09,EUR,,reading/labels,Odd,1,20.00,
nobody,INV-3,2026-11-09,USD,,,x,,,1
"""


@pytest.fixture(autouse=True)
def labels(cast: Cast) -> None:
    order_labels(cast.mia)


def test_a_preview_says_what_an_import_does_and_keeps_nothing(cast: Cast) -> None:
    before = order_table(cast.vera)
    seen = import_orders(cast.mia, ORDERS, "orders.csv", AT, dry_run=True)
    assert [one.what for one in seen.rows] == ["changed", "new", "refused", "refused"]
    assert "There is no contract 'acme-labels/none'" in seen.rows[2].sentence
    assert "stands in the file twice" in seen.rows[3].sentence
    assert order_table(cast.vera) == before
    done = import_orders(cast.mia, ORDERS, "orders.csv", AT)
    assert done == seen
    again = import_orders(cast.mia, ORDERS, "orders.csv", AT)
    assert again.sentence == "0 new, 0 changed, 2 unchanged, 2 refused"


def test_rows_of_one_number_are_one_invoice_and_twice_is_once(cast: Cast) -> None:
    done = import_invoices(cast.bob, INVOICES, "invoices.csv", AT)
    assert done.sentence == "2 new, 0 changed, 0 unchanged, 1 refused"
    found = {one.invoice.number: one for one in invoices_of(cast.vera)}
    assert [line.units for line in found["INV-1"].invoice.lines] == [200, 120]
    assert (found["INV-1"].invoice.total, found["INV-2"].match.result) == (
        6401.50,
        "currency differs",
    )
    again = import_invoices(cast.bob, INVOICES, "invoices.csv", AT)
    assert again.sentence == "0 new, 0 changed, 2 unchanged, 1 refused"
    dearer = INVOICES.replace(b"120,20.00", b"121,20.00")
    assert (
        "a number is used once" in import_invoices(cast.bob, dearer, "x.csv", AT).rows[0].sentence
    )


def test_what_is_exported_comes_back_unchanged_and_disarmed(cast: Cast) -> None:
    fee = {"name": "=1+1", "contract": "acme-labels/frame", "amount": "3"}
    set_order(cast.mia, "reading", "fee", fee, AT)
    set_invoice(cast.bob, "acme-labels", "", BILL, AT)
    orders = csv_text(order_table(cast.vera)).encode()
    assert b"'=1+1" in orders
    back = import_orders(cast.mia, orders, "orders.csv", AT)
    assert back.sentence == "0 new, 0 changed, 2 unchanged, 0 refused"
    invoices = csv_text(invoice_table(cast.vera)).encode()
    again = import_invoices(cast.bob, invoices, "invoices.csv", AT)
    assert again.sentence == "0 new, 0 changed, 1 unchanged, 0 refused"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"program;x\n1;2\n",
        b"key,name\na,b\n",
        b"program,key,pay\na,b,c\n",
        b"%PDF",
        b"\x00" * 9,
    ],
)
def test_what_is_no_table_of_orders_is_refused(cast: Cast, data: bytes) -> None:
    with pytest.raises(Invalid):
        import_orders(cast.mia, data, "x.csv", AT)
    with pytest.raises(Refused):
        import_orders(cast.bob, ORDERS, "x.csv", AT)


CONTRACTS = b"""vendor,vendor_name,key,name,state,starts,ends,renewal,currency,cap,wanted
acme-labels,,frame,,,,,,,25000.00,
beta,Beta Data,frame,"=cmd()",signed,2026-01-01,2026-12-31,none,EUR,9000,dpa
gamma,,frame,Nobody's,signed,2026-01-01,,none,EUR,,
beta,,late,Ends first,signed,2026-02-01,2026-01-01,none,EUR,,
"""
RECEIPTS = b"""program,order,key,received_on,delivered,accepted,amount,note
reading,labels,r1,2026-10-20,120,110,,first
reading,labels,r2,2026-10-21,10,11,,more than came
reading,labels,,2026-10-22,5,,,no key
reading,none,r1,2026-10-22,5,,,no order
"""


def test_contracts_come_with_their_vendors_and_receipts_with_their_keys(cast: Cast) -> None:
    done = import_contracts(cast.mia, CONTRACTS, "contracts.csv", AT)
    assert [one.what for one in done.rows] == ["changed", "new", "refused", "refused"]
    assert "There is no vendor 'gamma'" in done.rows[2].sentence
    assert "before it begins" in done.rows[3].sentence
    again = import_contracts(cast.mia, CONTRACTS, "contracts.csv", AT)
    assert again.sentence == "0 new, 0 changed, 2 unchanged, 2 refused"
    back = csv_text(contract_table(cast.vera)).encode()
    assert b"'=cmd()" in back
    assert import_contracts(cast.mia, back, "contracts.csv", AT).count("unchanged") == 2
    came = import_receipts(cast.bob, RECEIPTS, "receipts.csv", AT)
    assert [one.what for one in came.rows] == ["new", "refused", "refused", "refused"]
    assert "without a key" in came.rows[2].sentence
    back = csv_text(receipt_table(cast.vera)).encode()
    assert back.count(b"\n") == 2
    assert import_receipts(cast.bob, back, "receipts.csv", AT).count("unchanged") == 1
    with pytest.raises(Refused):
        import_contracts(cast.bob, CONTRACTS, "contracts.csv", AT)
    assert contract_table(cast.charlie)[1:] == []
