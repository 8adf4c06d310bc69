"""The pages of vendors: what waits first, forms that keep what was typed, undo for a change."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from tests.cast import AT, Cast, a_member
from tests.domain.vendors.builders import BILL, order_labels
from tests.doors import browser_of

from headway.domain.accounts.rules import Function, Role
from headway.domain.vendors.actions import request_vendor_approvals, set_invoice, set_receipt
from headway.domain.vendors.queries import contract_named, vendor_named, vendors_of

HERE = ("reading", "labels")
ORDER = "/w/acme/programs/reading/purchases/labels/"
INVOICE = "/w/acme/vendors/acme-labels/invoices/inv-0042/"


@pytest.fixture
def mia(cast: Cast) -> Client:
    order_labels(cast.mia)
    set_receipt(cast.bob, HERE, "", {"delivered": 330, "accepted": 300}, AT)
    set_invoice(cast.bob, "acme-labels", "", BILL, AT)
    request_vendor_approvals(cast.bob, "invoice:acme-labels/inv-0042", ["finance"], AT)
    return browser_of(cast.mia)


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[:400]
    return answer.content.decode()


def test_the_list_says_first_what_waits_and_what_does_not_match(mia: Client) -> None:
    page = read(mia, "/w/acme/vendors/")
    assert "1 approval waits; 1 invoice does not match." in page
    assert "quantity differs" in page
    assert "320 labels are billed in all, 300 accepted." in page


def test_every_page_of_a_vendor_opens_from_the_list_down(mia: Client) -> None:
    said = {
        "/w/acme/vendors/acme-labels/": "32.0\u00a0% of",
        "/w/acme/vendors/acme-labels/contracts/frame/": "Legal",
        ORDER: "of USD\u00a06,400.00 is still to be invoiced",
        INVOICE: "quantity differs",
        "/w/acme/vendor-approvals/": "Invoice INV-0042 of Acme Labels",
        "/w/acme/vendor-comparison/": "90.9\u00a0%",
        f"{ORDER}receipt/?receipt=r1": 'value="300"',
        f"{INVOICE}edit/": "reading/labels",
    }
    for address, words in said.items():
        assert words in read(mia, address), address
    assert read(mia, "/w/acme/vendors/?at=2026-11-20").count("Acme Labels") == 0


def test_a_contract_is_written_with_its_promises_and_taken_back(mia: Client, cast: Cast) -> None:
    edit = "/w/acme/vendors/acme-labels/contracts/frame/edit/"
    terms = {
        "name": "Labels 2026", "state": "signed", "starts": "2026-01-01", "ends": "2026-12-31",
        "renewal": "automatic", "notice_days": "30", "currency": "USD", "cap": "25000",
        "metric_1": "late", "bound_1": "3", "credit_1": "0.02", "most_1": "0.1", "version": "1",
        "document_1": "Frame", "url_1": "https://example.org/frame", "wanted": "dpa",
    }  # fmt: skip
    answer = mia.post(edit, {**terms, "url_1": "http://example.org"})
    assert answer.status_code == 422
    assert "has to begin with https://" in answer.content.decode()
    assert mia.post(edit, terms).status_code == 302
    held = contract_named(cast.vera, "acme-labels", "frame")
    assert (held.cap, held.sla[0].credit, held.wanted) == (25_000, 0.02, ("dpa",))
    undo = "/w/acme/vendor-undo/?what=contract:acme-labels/frame&version=1"
    assert mia.post(undo).status_code == 302
    assert contract_named(cast.vera, "acme-labels", "frame").cap == 20_000


def test_a_vendor_is_written_down_and_an_order_made_on_pages(mia: Client, cast: Cast) -> None:
    assert mia.post("/w/acme/new-vendor/", {"name": "Beta", "kind": "data"}).status_code == 302
    assert [one.key for one in vendors_of(cast.vera)] == ["acme-labels", "beta"]
    order = {"name": "Tool", "contract": "acme-labels/frame", "category": "software",
             "state": "open", "ordered_on": "2026-11-20", "amount": "99.50"}  # fmt: skip
    assert mia.post("/w/acme/programs/reading/new-purchase/", order).status_code == 302
    assert "USD\u00a099.50" in read(mia, "/w/acme/programs/reading/purchases/tool/")
    more = {"amount": "0.50", "reason": "rounded"}
    change = "/w/acme/programs/reading/purchases/tool/change/"
    assert mia.post(change, more).status_code == 302
    assert "USD\u00a0100.00" in read(mia, "/w/acme/programs/reading/purchases/tool/")


def test_finance_answers_with_what_is_seen_in_front(mia: Client, cast: Cast) -> None:
    fay = browser_of(a_member(cast.acme, "Fay", Role.APPROVER, functions=[Function.FINANCE]))
    page = read(fay, "/w/acme/vendor-approvals/")
    assert "1 approval waits for you." in page
    link = re.search(r'href="(/w/acme/vendor-approvals/[0-9a-f-]{36}/answer/)"', page)
    assert link
    answer = link[1]
    form = read(fay, answer)
    found = re.search(r'name="seen"[^>]*value="([0-9a-f]{64})"', form)
    assert found
    seen = found[1]
    said = {"decision": "approved", "statement": "20 follow", "seen": seen}
    assert fay.post(answer, said).status_code == 302
    assert "Its cost of USD\u00a06,400.00 is record" in read(mia, INVOICE)
    assert mia.post(f"{INVOICE}move/", {"move": "pay"}).status_code == 302


def test_a_vendor_sends_an_invoice_and_sees_what_became_of_it(mia: Client, cast: Cast) -> None:
    vic = browser_of(cast.vic)
    assert vic.get("/w/acme/vendor/").status_code == 404, "tied to nobody yet"
    tie = {"member": str(cast.vic.member_id)}
    assert mia.post("/w/acme/vendors/acme-labels/members/", tie).status_code == 302
    assert "Your contracts, orders and invoices" in read(vic, "/w/acme/")
    form = read(vic, "/w/acme/vendor/new-invoice/")
    order = form.split('<option value="')[2].split('"')[0]
    bill = {
        "number": "INV-0043", "invoiced_on": "2026-11-20", "period_start": "2026-11-05",
        "period_end": "2026-11-20", "currency": "USD", "order_1": order, "units_1": "10",
        "unit_price_1": "20", "words_1": "Late ones",
    }  # fmt: skip
    assert vic.post("/w/acme/vendor/new-invoice/", bill).status_code == 302
    page = read(vic, "/w/acme/vendor/")
    assert "2 invoices wait for an answer." in page
    assert "reading" not in page.lower().replace("reading/labels", "")
    move = {"move": "dispute", "reason": "10 were never seen"}
    sent = "/w/acme/vendors/acme-labels/invoices/inv-0043/move/"
    assert mia.post(sent, move).status_code == 302
    assert "10 were never seen" in read(vic, "/w/acme/vendor/")
    assert "2 approvals wait" in read(mia, "/w/acme/vendors/")
    gone = {**tie, "gone": "1"}
    assert mia.post("/w/acme/vendors/acme-labels/members/", gone).status_code == 302
    assert vic.get("/w/acme/vendor/").status_code == 404
    assert vendor_named(cast.vera, "acme-labels").version == 1
