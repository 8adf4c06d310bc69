"""Pages of 200 vendors with 2,000 orders, each against the same page of a workspace with one order.

The first vendor is large: it holds 400 of the orders. Each order has two
receipts and an invoice; one invoice in ten waits, as does a contract in twenty. p95 of ten visits,
in CPU seconds of this process, beside the ratio.
"""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uuid import UUID

    from headway.domain.accounts.models import Workspace
    from headway.domain.programs.models import Program
    from headway.domain.vendors.models import Contract, Invoice, PurchaseOrder, Receipt, Vendor

VENDORS, ORDERS, LARGE, PEOPLE = 200, 2_000, 400, 500
VISITS = 10
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
FUNCTIONS = ("finance", "legal", "privacy", "security")

PAGES = (
    ("vendors", "vendors/"),
    ("vendors compared", "vendor-comparison/"),
    ("the largest vendor, 400 orders", "vendors/v0/"),
    ("a contract of its 200 orders", "vendors/v0/contracts/c0/"),
    ("an order", "programs/program/purchases/o0/"),
    ("an invoice", "vendors/v0/invoices/i0/"),
    ("approvals about vendors", "vendor-approvals/"),
)
OWN = ("the large vendor's own page", "vendor/")


def measure() -> Iterator[tuple[str, float, float]]:
    """Yield (claim, our p95 in CPU seconds, that of the small workspace)."""
    import django

    django.setup()
    from headway.domain.installation.actions import prepare_database

    prepare_database()
    large, small = Trade("trade", VENDORS, ORDERS), Trade("stall", 1, 1)
    gc.collect()
    gc.freeze()  # what was written above is no part of a server's heap, and nobody's to collect
    for name, page in PAGES:
        yield f"{name}, p95", large.p95(page), small.p95(page)
    yield f"{OWN[0]}, p95", large.p95(OWN[1], own=True), small.p95(OWN[1], own=True)


@dataclass(frozen=True, slots=True)
class _Ordered:
    """What was written down of orders, in bulk."""

    vendors: list[Vendor]
    contracts: list[Contract]
    orders: list[PurchaseOrder]
    receipts: list[Receipt]
    invoices: list[Invoice]


class Trade:
    """A workspace of 200 projects with vendors and orders; its owner and a vendor signed in."""

    def __init__(self, slug: str, vendors: int, orders: int) -> None:
        from tests.builders.workspace import Size, build_workspace
        from tests.cast import a_member
        from tests.doors import browser_of

        from headway.domain.accounts.rules import Role
        from headway.domain.people.models import Person
        from headway.domain.programs.models import Program
        from headway.domain.vendors.models import VendorMember

        is_large = vendors > 1
        size = Size(projects=200, items=400, records=10, programs=20)
        self.workspace = build_workspace(size if is_large else Size(1, 5, 5), slug=slug)
        here = {"workspace": self.workspace}
        Person.objects.bulk_create(
            Person(**here, key=f"p{n}", name=f"Person {n}")
            for n in range(PEOPLE if is_large else 3)
        )
        programs = list(Program.objects.filter(**here).order_by("slug"))
        told = order_in_bulk(self.workspace, programs, vendors, orders)
        self.slug = slug
        self.owner = browser_of(a_member(self.workspace, f"Olga-{slug}", Role.OWNER))
        theirs = a_member(self.workspace, f"Vic-{slug}", Role.VENDOR)
        VendorMember.objects.create(
            **here, member_id=theirs.member_id, vendor=told.vendors[0], set_at=AT, set_by="bench"
        )
        self.vendor = browser_of(theirs)

    def visit(self, page: str, *, own: bool = False) -> float:
        """Return the CPU seconds of one visit."""
        address = f"/w/{self.slug}/{page}"
        client = self.vendor if own else self.owner
        begun = time.process_time()
        answer = client.get(address, headers={"host": "localhost"})
        taken = time.process_time() - begun
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        return taken

    def p95(self, page: str, *, own: bool = False) -> float:
        """Return the p95 of ten visits, after one to warm up."""
        self.visit(page, own=own)
        return sorted(self.visit(page, own=own) for _ in range(VISITS))[-1]


def order_in_bulk(
    workspace: Workspace, programs: list[Program], vendors: int, orders: int
) -> _Ordered:
    """Write vendors, contracts, orders, receipts, invoices and approvals down, with history."""
    from simple_history.utils import bulk_create_with_history

    from headway.domain.vendors import models

    rng, here = random.Random(0), {"workspace": workspace}
    told = _Ordered([], [], [], [], [])
    for n in range(vendors):
        vendor = models.Vendor(**here, key=f"v{n}", name=f"Vendor {n}", kind="annotation")
        told.vendors.append(vendor)
        told.contracts.extend(_contract(models.Contract, here, vendor, n, k) for k in range(2))
    for n in range(orders):
        place = n % 2 if n < LARGE else 2 * rng.randrange(vendors) + n % 2
        contract = told.contracts[place]
        home = programs[0] if n == 0 else rng.choice(programs)
        _order(told, here, contract, home, n)
    for model, rows in (
        (models.Vendor, told.vendors),
        (models.Contract, told.contracts),
        (models.PurchaseOrder, told.orders),
        (models.Receipt, told.receipts),
        (models.Invoice, told.invoices),
    ):
        bulk_create_with_history(rows, model, default_date=AT - timedelta(days=1))
    models.VendorApproval.objects.bulk_create(_approvals(models.VendorApproval, here, told))
    return told


def _contract(
    model: type[Contract], here: dict[str, Workspace], vendor: Vendor, n: int, k: int
) -> Contract:
    return model(
        **here,
        vendor=vendor,
        key=f"c{k}",
        name=f"Contract {k}",
        starts=date(2026, 1, 1),
        ends=date(2026, 12, 31) + timedelta(days=30 * (n % 9)),
        renewal=("none", "automatic", "option")[n % 3],
        notice_days=30,
        currency=("USD", "EUR")[k],
        cap_minor=100_000_000,
        state="signed",
        wanted=["dpa", "security-review"],
        sla=[{"key": "late", "name": "late", "metric": "late", "bound": 3, "credit": 0.02}],
    )


def _order(
    told: _Ordered, here: dict[str, Workspace], contract: Contract, home: Program, n: int
) -> None:
    from headway.domain.vendors import models

    order = models.PurchaseOrder(
        **here,
        contract=contract,
        program=home,
        key=f"o{n}",
        name=f"Labels {n}",
        category="annotation",
        unit="label",
        units=1_000,
        unit_price_micros=2_000_000,
        amount_minor=200_000,
        ordered_on=date(2026, 2, 1) + timedelta(days=n % 250),
        needed_by=date(2026, 6, 1) + timedelta(days=n % 250),
    )
    told.orders.append(order)
    for k in range(2):
        receipt = models.Receipt(
            **here,
            order=order,
            key=f"r{k + 1}",
            received_on=date(2026, 5, 1) + timedelta(days=n % 200 + k),
            delivered=500,
            accepted=480 if n % 3 else 500,
        )
        told.receipts.append(receipt)
    line = {"order": str(order.id), "words": "Labels", "units": 960, "unit_price": "2.00"}
    invoice = models.Invoice(
        **here,
        vendor=contract.vendor,
        key=f"i{n}",
        number=f"INV-{n:05}",
        invoiced_on=date(2026, 7, 1) + timedelta(days=n % 140),
        period_start=date(2026, 6, 1),
        period_end=date(2026, 6, 30),
        currency=contract.currency,
        lines=[{**line, "amount_minor": 192_000}],
        net_minor=192_000,
        state="received" if n % 10 == 0 else "paid",
    )
    told.invoices.append(invoice)


def _approvals(model: type, here: dict[str, Workspace], told: _Ordered) -> Iterator[object]:
    """Yield a question to finance about each invoice, and one to legal about each contract."""
    vendors: dict[UUID, str] = {one.id: one.key for one in told.vendors}
    asked = [
        (f"invoice:{vendors[one.vendor_id]}/{one.key}", one.state == "received")
        for one in told.invoices
    ]
    asked += [
        (f"contract:{vendors[one.vendor_id]}/{one.key}", n % 20 == 0)
        for n, one in enumerate(told.contracts)
    ]
    for n, (subject, is_open) in enumerate(asked):
        begun = AT - timedelta(days=5 if is_open else 10 + n % 90)
        answered = None if is_open else begun + timedelta(days=n % 7)
        yield model(
            **here,
            subject=subject,
            function=FUNCTIONS[n % 4] if subject.startswith("contract") else "finance",
            requested_at=begun,
            answered_at=answered,
            decision="" if is_open else "approved",
        )
