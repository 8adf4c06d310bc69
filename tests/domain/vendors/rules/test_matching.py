from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.domain.vendors.rules import (
    InvoiceFacts,
    InvoiceLine,
    OrderFacts,
    ReceiptFacts,
    Tolerance,
    commitment_of,
    match_invoice,
)
from headway.domain.vendors.rules.invoices import plain_number, read_lines
from headway.domain.vendors.rules.matching import Ground
from headway.domain.vendors.rules.orders import Billed, amount_of, require_receipt
from headway.errors import Invalid

ID, OTHER = UUID(int=1), UUID(int=2)
DAY = date(2026, 11, 9)
ORDER = OrderFacts(
    ID, ID, ID, None, ID, ID, "acme", "Acme", "frame", "labels", "Labels", "annotation", "label",
    320.0, Decimal("20"), Decimal("6400"), "USD", DAY, None, "open", 1,
)  # fmt: skip
LINE = InvoiceLine(ID, "reading/labels", "Labels", 320.0, Decimal("20"), Decimal("6400"))
INVOICE = InvoiceFacts(
    ID, ID, ID, "acme", "Acme", "inv-1", "INV-1", DAY, DAY, DAY, None, "USD", (LINE,),
    Decimal("6400"), Decimal(0), "received", "", "", "", "", None, 1,
)  # fmt: skip
EXACT = Tolerance()
FEE = replace(ORDER, units=None, unit_price=None, unit="", amount=Decimal("6000"))


def a_receipt(delivered: float | None, accepted: float | None = None, amount: object = None):  # type: ignore[no-untyped-def]
    worth = None if amount is None else Decimal(str(amount))
    return ReceiptFacts(ID, ID, ID, "r1", DAY, delivered, accepted, worth, "", "", "", 1)


def matched(invoice=INVOICE, order=ORDER, receipts=None, others=(), tolerance=EXACT):  # type: ignore[no-untyped-def]
    came = [a_receipt(330, 320)] if receipts is None else receipts
    ground = Ground.of({order.id: order}, {order.id: came}, [invoice, *others])
    return match_invoice(invoice, ground, tolerance)


def billing(**change: object) -> InvoiceFacts:
    line = replace(LINE, **change)  # type: ignore[arg-type]
    return replace(INVOICE, lines=(line,), net=line.amount)


def test_what_was_ordered_and_received_matches() -> None:
    assert matched().is_clean
    assert matched(receipts=[a_receipt(200), a_receipt(120)]).is_clean, "not judged yet: delivered"


BEFORE = replace(
    INVOICE, id=OTHER, key="inv-0", number="INV-0", state="approved",
    lines=(replace(LINE, units=100.0, amount=Decimal(2000)),),
)  # fmt: skip


@pytest.mark.parametrize(
    ("case", "result", "says"),
    [
        ({"invoice": replace(INVOICE, currency="EUR")}, "currency differs", "in USD"),
        ({"invoice": billing(order_id=None)}, "not ordered", "names no order"),
        ({"order": replace(ORDER, state="cancelled")}, "not ordered", "cancelled"),
        ({"order": replace(ORDER, vendor_id=OTHER)}, "not ordered", "another vendor"),
        ({"receipts": []}, "not received", "Nothing came"),
        (
            {"invoice": billing(unit_price=Decimal("21"), amount=Decimal("6720"))},
            "price differs",
            "21 USD a label; 20 were agreed",
        ),
        (
            {"invoice": billing(unit_price=None, amount=Decimal("6720"))},
            "price differs",
            "21 USD a label",
        ),
        ({"invoice": billing(amount=Decimal("6420"))}, "price differs", "not 6,420"),
        (
            {"receipts": [a_receipt(320, 300)]},
            "quantity differs",
            "320 labels are billed in all, 300 accepted",
        ),
        ({"others": [BEFORE]}, "quantity differs", "420 labels are billed in all, 320 ordered"),
        ({"invoice": billing(units=None)}, "quantity differs", "counts none"),
        (
            {"others": [replace(INVOICE, id=OTHER, number="inv 01", key="b")]},
            "duplicate number",
            "same number",
        ),
        (
            {"order": FEE, "invoice": billing(units=None), "receipts": [a_receipt(None)]},
            "price differs",
            "6,400 USD are billed in all, 6,000 ordered",
        ),
        ({"order": FEE, "receipts": []}, "not received", "Nothing came"),
    ],
)
def test_what_differs_is_said(case: dict[str, object], result: str, says: str) -> None:
    found = matched(**case)
    assert found.result == result, found
    assert any(says in one.sentence for one in found.findings), found.findings
    assert not found.is_clean


def test_the_worst_is_said_first_and_nothing_is_hidden() -> None:
    found = matched(invoice=billing(amount=Decimal("6720"), units=336.0), receipts=[])
    assert found.result == "not received"
    assert {one.result for one in found.findings} == {"not received", "quantity differs"}


def test_a_tolerance_lets_a_little_through_and_no_more() -> None:
    dear = billing(unit_price=Decimal("20.2"), amount=Decimal("6464"))
    assert not matched(invoice=dear).is_clean
    assert matched(invoice=dear, tolerance=Tolerance(price=0.01)).is_clean
    dearer = billing(unit_price=Decimal("20.3"), amount=Decimal("6496"))
    assert not matched(invoice=dearer, tolerance=Tolerance(price=0.01)).is_clean
    short = [a_receipt(320, 317)]
    assert matched(receipts=short, tolerance=Tolerance(units=0.01)).is_clean
    assert not matched(receipts=short).is_clean


def test_a_withdrawn_invoice_claims_nothing() -> None:
    assert matched(others=[replace(BEFORE, state="withdrawn")]).is_clean
    assert matched(others=[replace(INVOICE, id=OTHER, key="b", state="withdrawn")]).is_clean


def test_two_lines_of_one_order_are_counted_together() -> None:
    half = replace(LINE, units=170.0, amount=Decimal("3400"))
    found = matched(invoice=replace(INVOICE, lines=(half, half)))
    assert found.result == "quantity differs"
    assert "340" in found.sentence


MONEY = st.decimals(0, 10_000, places=2)


@given(MONEY, st.lists(st.tuples(MONEY, st.booleans()), max_size=4))
def test_invoiced_never_exceeds_ordered_without_a_mark(
    ordered: Decimal, bills: list[tuple[Decimal, bool]]
) -> None:
    invoiced = sum((amount for amount, is_owed in bills if is_owed), Decimal(0))
    order = replace(FEE, amount=ordered)
    found = commitment_of(order, [], Billed(invoiced, Decimal(0)))
    assert found.committed >= 0
    assert (found.over > 0) == bool(found.sentence) == (invoiced > ordered)
    assert found.committed + found.invoiced == ordered + found.over
    line = InvoiceLine(ID, "", "", None, None, invoiced)
    got = matched(invoice=replace(INVOICE, lines=(line,)), order=order, receipts=[])
    if invoiced > ordered:
        assert not got.is_clean


@given(st.floats(0.1, 1e6), st.floats(0.1, 1e6), st.floats(0, 1e6))
def test_more_than_came_or_was_ordered_never_matches(
    ordered: float, billed: float, accepted: float
) -> None:
    order = replace(ORDER, units=ordered, unit_price=Decimal(0), amount=Decimal(0))
    line = InvoiceLine(ID, "", "", billed, Decimal(0), Decimal(0))
    invoice = replace(INVOICE, lines=(line,))
    found = matched(invoice=invoice, order=order, receipts=[a_receipt(accepted, accepted)])
    if billed > 1.001 * min(ordered, accepted):
        assert not found.is_clean
    if billed <= min(ordered, accepted):
        assert found.is_clean


def test_a_closed_order_commits_nothing_and_what_came_unbilled_is_accrued() -> None:
    receipts = [a_receipt(100, 90)]
    live = commitment_of(ORDER, receipts, Billed(Decimal(600), Decimal(100)))
    assert (live.committed, live.accrued, live.claimed) == (5800, 1200, 100)
    closed = commitment_of(replace(ORDER, state="closed"), receipts, Billed(Decimal(600)))
    assert (closed.committed, closed.accrued) == (0, 1200)


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("INV-0042", "inv 42", True),
        ("2026/07-1", "2026 7 1", True),
        ("INV-420", "INV-42", False),
        ("A1-1", "A11", False),
        ("INV-1", "INV-10", False),
    ],
)
def test_numbers_are_compared_as_people_write_them(a: str, b: str, *, same: bool) -> None:
    assert (plain_number(a) == plain_number(b)) is same


@pytest.mark.parametrize(
    "lines",
    [
        [],
        "x",
        [{"units": 3}],
        [{"amount": "NaN"}],
        [{"amount": "1e15"}],
        [{"units": "inf", "unit_price": 1}],
        [{"units": 1, "unit_price": "0.0000001"}],
        [{"amount": 1, "colour": "red"}],
        [{"amount": 1}] * 201,
        ["x"],
    ],
)
def test_lines_that_come_to_nothing_certain_are_refused(lines: object) -> None:
    with pytest.raises(Invalid):
        read_lines(lines, "USD")


@pytest.mark.parametrize(
    "parts",
    [
        (None, None, None),
        (3.0, None, None),
        (None, Decimal(1), Decimal(1)),
        (3.0, Decimal(2), Decimal(7)),
    ],
)
def test_an_order_whose_parts_disagree_is_refused(parts: tuple[object, ...]) -> None:
    with pytest.raises(Invalid):
        amount_of(*parts, "USD")  # type: ignore[arg-type]


def test_more_cannot_be_accepted_than_came() -> None:
    for parts in ((100.0, 101.0, None), (None, 3.0, None)):
        with pytest.raises(Invalid):
            require_receipt(*parts, counted=True)
    with pytest.raises(Invalid):
        require_receipt(10.0, None, None, counted=False)


def test_a_credit_gives_back_what_was_billed_and_no_more() -> None:
    paid = replace(INVOICE, id=OTHER, key="inv-0", number="INV-0", state="paid")
    note = replace(INVOICE, number="CN-1", key="cn-1", invoiced_on=date(2026, 11, 12))
    cheaper = replace(
        note, lines=(replace(LINE, units=None, unit_price=None, amount=Decimal(-200)),)
    )
    back = replace(note, lines=(replace(LINE, units=-20.0, amount=Decimal(-400)),))
    for credit in (cheaper, back):
        assert matched(credit, others=[paid]).is_clean
        assert matched(credit).result == "quantity differs", "nothing was billed before"
    too_much = replace(back, lines=(replace(LINE, units=-321.0, amount=Decimal(-6420)),))
    assert matched(too_much, others=[paid]).findings[0].sentence == (
        "More of order labels is credited than was ever billed."
    )
    again = replace(billing(units=20.0, amount=Decimal(400)), id=UUID(int=3), key="inv-9")
    again = replace(again, number="INV-9", invoiced_on=date(2026, 11, 20))
    assert matched(again, others=[paid]).result == "quantity differs"
    assert matched(again, others=[paid, replace(back, id=UUID(int=4))]).is_clean
    (line,) = read_lines([{"order": "a/b", "units": -20, "unit_price": "20"}], "USD")
    assert (line.units, line.amount) == (-20, -400)
