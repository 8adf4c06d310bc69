"""A vendor's people read what is their vendor's: no rival, no note, no program, no budget."""

from __future__ import annotations

import csv

from tests.doors import browser_of
from tests.security.conftest import World
from tests.security.operations import operations
from tests.security.test_permissions import TABLE
from tests.security.world import UNTOLD

#: What a vendor's own pages show of their own.
OWN = ("/vendor/", "/vendor/orders/<uuid:own_order_id>/", "/vendor/new-invoice/")


def test_no_page_that_a_vendor_may_open_tells_of_anybody_else(world: World) -> None:
    with TABLE.open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["vendor"] == "ok"]
    open_ = {
        row["route"] for row in rows if row["method"] == "GET" and "<slug:works" in row["route"]
    }
    client, seen = browser_of(world.cast.vic), dict[str, str]()
    for operation in operations():
        if operation.method == "GET" and operation.route in open_:
            answer = client.get(operation.at(world.here))
            seen[operation.route.removeprefix("w/<slug:workspace>")] = answer.content.decode()
    assert set(OWN) <= set(seen)
    for route, page in seen.items():
        assert UNTOLD not in page, route
        for inside in ("apple-program", "apple-project", "apple-line", "Apple-Program"):
            assert inside not in page, f"{route} tells of {inside}"
    assert "apple-vendor-contract/apple-vendor-order" in seen["/vendor/"]
    assert "76,543.21" in seen["/vendor/"]


def test_an_order_of_a_rival_is_not_there_and_cannot_be_billed(world: World) -> None:
    from headway.domain.vendors.models import Invoice, PurchaseOrder

    client = browser_of(world.cast.vic)
    rival = PurchaseOrder.objects.get(workspace=world.cast.acme, key=f"{UNTOLD}-vendor-order")
    assert client.get(f"/w/acme/vendor/orders/{rival.id}/").status_code == 404
    bill = {
        "number": "X-1",
        "invoiced_on": "2026-11-01",
        "period_start": "2026-11-01",
        "period_end": "2026-11-01",
        "currency": "USD",
        "order_1": str(rival.id),
        "amount_1": "1",
    }
    before = Invoice.objects.count()
    answer = client.post("/w/acme/vendor/new-invoice/", bill)
    assert answer.status_code == 422
    assert UNTOLD not in answer.content.decode()
    assert Invoice.objects.count() == before
