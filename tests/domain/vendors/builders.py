"""A vendor with a contract and an order of labels, as the tests of vendors begin."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tests.cast import AT

from headway.domain.accounts.rules import Actor
from headway.domain.programs.actions import create_program, create_project
from headway.domain.programs.queries import program_named
from headway.domain.vendors.actions import set_contract, set_order, set_vendor
from headway.domain.vendors.queries import commitments_of
from headway.domain.vendors.rules import Commitment

TERM = {
    "name": "Labels 2026",
    "starts": "2026-01-01",
    "ends": "2026-12-31",
    "renewal": "automatic",
    "notice_days": 30,
    "currency": "USD",
    "cap": "20000",
    "state": "signed",
}
LABELS = {
    "name": "Labels from 481 to 800",
    "contract": "acme-labels/frame",
    "project": "meters",
    "category": "annotation",
    "unit": "label",
    "units": 320,
    "unit_price": "20.00",
    "ordered_on": "2026-10-01",
    "needed_by": "2026-11-02",
}
#: An invoice of all of them.
BILL: Mapping[str, object] = {
    "number": "INV-0042",
    "invoiced_on": "2026-11-09",
    "period_start": "2026-10-05",
    "period_end": "2026-11-04",
    "currency": "USD",
    "lines": [
        {"order": "reading/labels", "words": "Labels", "units": 320, "unit_price": "20.00"},
    ],
}


def order_labels(actor: Actor, at: datetime = AT) -> None:
    """Make the program reading with a project, a vendor, a contract and an order of labels."""
    create_program(actor, {"name": "Reading"}, at)
    create_project(actor, "reading", {"name": "Meters"}, at)
    set_vendor(actor, "acme-labels", {"name": "Acme Labels", "kind": "annotation"}, at)
    set_contract(actor, "acme-labels", "frame", TERM, at)
    set_order(actor, "reading", "labels", LABELS, at)


def commitment(actor: Actor, at: datetime | None = None) -> Commitment:
    """Return what is committed for the order of labels."""
    program = program_named(actor, "reading")
    return commitments_of(actor, [program], at)[program.id][0]
