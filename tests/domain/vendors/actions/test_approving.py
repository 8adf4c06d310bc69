"""Functions approve contracts, orders and invoices; an approved invoice is a cost, once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import Barrier, Thread
from uuid import UUID

import pytest
from django.db import connection
from tests.cast import AT, Cast, a_member
from tests.domain.vendors.builders import BILL, commitment, order_labels

from headway.domain.accounts.actions import change_functions
from headway.domain.accounts.queries import actor_for_user
from headway.domain.accounts.rules import Actor, Function, Role
from headway.domain.evidence.actions import record_evidence
from headway.domain.evidence.models import Record
from headway.domain.evidence.queries import costs_of
from headway.domain.programs.queries import project_named
from headway.domain.vendors.actions import (
    answer_vendor_approval,
    approve_invoice,
    change_invoice_state,
    record_review,
    request_vendor_approvals,
    set_contract,
    set_invoice,
    set_order,
    set_receipt,
    set_vendor_rules,
)
from headway.domain.vendors.models import InvoiceCost
from headway.domain.vendors.queries import (
    approving_of,
    contract_named,
    evidence_of,
    invoice_named,
    vendor_approvals_waiting,
    vendor_named,
    vendor_queue_times,
)
from headway.errors import Conflict, HeadwayError, Invalid, NotFound, Refused
from headway.observation import Observation, SubjectRef

LATER = AT + timedelta(days=1)
HERE = ("reading", "labels")
PLACE = ("acme-labels", "inv-0042")
BILLED = "invoice:acme-labels/inv-0042"
CONTRACT = "contract:acme-labels/frame"
YES = {"decision": "approved"}


def set_out(cast: Cast) -> Actor:
    """Order labels, take them and their invoice in; return somebody of finance."""
    order_labels(cast.mia)
    set_receipt(cast.bob, HERE, "", {"delivered": 330, "accepted": 320}, AT)
    set_invoice(cast.bob, "acme-labels", "", BILL, AT)
    functions = [Function.FINANCE, Function.PRIVACY]
    return a_member(cast.acme, "Fay", Role.APPROVER, functions=functions)


@pytest.fixture
def fay(cast: Cast) -> Actor:
    return set_out(cast)


def ask(actor: Actor, subject: str = BILLED, function: str = "finance") -> UUID:
    held = request_vendor_approvals(actor, subject, [function], AT)
    found = next(one.waiting for one in held.standings if one.function == function)
    assert found is not None
    return found.id


def costs(cast: Cast) -> list[tuple[Decimal, str]]:
    project = project_named(cast.vera, "meters")
    return [(one.amount, one.description) for one in costs_of(cast.vera, [project.id])]


def test_an_approved_invoice_is_a_cost_once_and_leaves_the_commitment(
    cast: Cast, fay: Actor
) -> None:
    said = answer_vendor_approval(fay, ask(cast.mia), YES, LATER)
    assert costs(cast) == [
        (Decimal("6400.00"), "Invoice INV-0042 of Acme Labels: Labels from 481 to 800")
    ]
    left = commitment(cast.vera)
    assert (left.committed, left.invoiced, left.accrued) == (0, 6400, 0), "the accrual is gone"
    assert commitment(cast.vera, AT).accrued == 6400, "and stood before"
    assert approve_invoice(cast.mia, PLACE, LATER).invoice.state == "approved"
    assert len(costs(cast)) == 1
    record = Record.objects.get(sequence=said.record)
    assert (record.kind, str(record.subject)) == ("approval", BILLED)
    with pytest.raises(Conflict, match="stays as it is"):
        set_invoice(cast.bob, *PLACE, {"tax": 5}, LATER)
    change_invoice_state(cast.mia, PLACE, "pay", LATER)


def test_an_invoice_explains_a_cost_that_stands_in_the_ledger(cast: Cast, fay: Actor) -> None:
    payload = {
        "amount": "6400.00",
        "currency": "USD",
        "category": "annotation",
        "period_start": "2026-10-05",
        "period_end": "2026-11-04",
        "description": "Labels",
    }
    subject = SubjectRef("project", "meters")
    told = Observation(subject, "cost", "bills", AT, payload, project="meters")
    standing = record_evidence(cast.bob, [told], AT).sequences[0]
    answer_vendor_approval(fay, ask(cast.mia), YES, LATER)
    assert costs(cast) == [(Decimal("6400.00"), "Labels")], "not twice"
    row = InvoiceCost.objects.get()
    assert (row.record, row.is_explained) == (standing, True)
    again = {**BILL, "number": "INV-43"}
    set_invoice(cast.bob, "acme-labels", "", again, LATER)
    other = ask(cast.mia, "invoice:acme-labels/inv-43")
    answer_vendor_approval(fay, other, {**YES, "statement": "ordered by phone"}, LATER)
    assert len(costs(cast)) == 2, "a record explains one invoice"


def test_who_asked_who_took_it_in_and_who_lacks_the_function_may_not_answer(
    cast: Cast, fay: Actor
) -> None:
    change_functions(cast.alice, cast.mia.member_id, [Function.FINANCE], AT)
    mia = actor_for_user(cast.mia.user_id, "acme")
    asked = ask(mia)
    with pytest.raises(Refused, match="does not hold the function 'finance'. It may be answered"):
        answer_vendor_approval(cast.ana, asked, YES, LATER)
    with pytest.raises(Refused, match="asked for this approval, and nobody approves their own"):
        answer_vendor_approval(mia, asked, YES, LATER)
    set_invoice(mia, "acme-labels", "", {**BILL, "number": "N-2"}, AT)
    mine = ask(cast.mia, "invoice:acme-labels/n-2")
    with pytest.raises(Refused, match="took it in"):
        answer_vendor_approval(mia, mine, {**YES, "statement": "x"}, LATER)
    with pytest.raises(Refused):
        answer_vendor_approval(cast.bob, asked, YES, LATER)
    with pytest.raises(NotFound):
        answer_vendor_approval(cast.charlie, asked, YES, LATER)
    waiting = vendor_approvals_waiting(fay, LATER)
    assert [one.is_mine for one in waiting] == [True, True]
    assert [one.days for one in waiting] == [1.0, 1.0]


def test_an_answer_pins_what_was_seen_and_falls_away_when_it_changes(
    cast: Cast, fay: Actor
) -> None:
    asked = ask(cast.bob, CONTRACT, "legal")
    seen = approving_of(cast.ana, CONTRACT, AT).digest
    answer_vendor_approval(cast.ana, asked, YES, AT, seen=seen)
    assert approving_of(cast.vera, CONTRACT, LATER).standings[0].holds
    set_contract(cast.mia, "acme-labels", "frame", {"cap": "30000"}, LATER)
    fallen = approving_of(cast.vera, CONTRACT, LATER).standings[0]
    assert fallen.state == "lapsed"
    assert "cap changed: it was “20,000.00 USD”, now it is “30,000.00 USD”" in fallen.sentence
    with pytest.raises(Conflict, match="look again"):
        answer_vendor_approval(cast.ana, ask(cast.bob, CONTRACT, "legal"), YES, LATER, seen=seen)
    then = approving_of(cast.vera, CONTRACT, AT, AT).standings[0]
    assert then.holds, "as it was known then"


def test_what_does_not_match_is_approved_with_a_reason_only(cast: Cast, fay: Actor) -> None:
    set_receipt(cast.bob, HERE, "r1", {"accepted": 300}, AT)
    asked = ask(cast.mia)
    with pytest.raises(Invalid, match="Say in the statement"):
        answer_vendor_approval(fay, asked, YES, LATER)
    assert costs(cast) == []
    answer_vendor_approval(fay, asked, {**YES, "statement": "20 come next week"}, LATER)
    assert len(costs(cast)) == 1


def test_nothing_is_booked_without_every_function_nor_when_refused(cast: Cast, fay: Actor) -> None:
    set_vendor_rules(cast.mia, {"invoice_functions": ["finance", "legal"]}, AT)
    answer_vendor_approval(fay, ask(cast.mia), YES, LATER)
    with pytest.raises(Conflict, match="Legal: nobody asked yet"):
        approve_invoice(cast.mia, PLACE, LATER)
    no = {"decision": "refused", "statement": "wrong entity"}
    answer_vendor_approval(cast.ana, ask(cast.mia, function="legal"), no, LATER)
    assert costs(cast) == []
    answer_vendor_approval(cast.ana, ask(cast.mia, function="legal"), YES, LATER)
    assert len(costs(cast)) == 1


def test_a_line_that_nobody_ordered_is_nobodys_cost(cast: Cast, fay: Actor) -> None:
    lines = [{"words": "Set-up fee", "amount": "100"}]
    set_invoice(cast.bob, *PLACE, {"lines": lines}, AT)
    why = {**YES, "statement": "agreed by phone"}
    with pytest.raises(Conflict, match="whose cost is it"):
        answer_vendor_approval(fay, ask(cast.mia), why, LATER)
    assert costs(cast) == []


def test_tax_that_nobody_gives_back_is_a_cost_to_the_cent(cast: Cast, fay: Actor) -> None:
    set_contract(cast.mia, "acme-labels", "frame", {"tax_is_cost": True}, AT)
    more = {"name": "Tool", "contract": "acme-labels/frame", "project": "meters",
            "category": "software", "amount": "100.01"}  # fmt: skip
    set_order(cast.mia, "reading", "tool", more, AT)
    set_receipt(cast.bob, ("reading", "tool"), "", {"amount": "100.01"}, AT)
    lines = [*BILL["lines"], {"order": "reading/tool", "amount": "100.01"}]  # type: ignore[misc]
    set_invoice(cast.bob, *PLACE, {"lines": lines, "tax": "10.00"}, AT)
    answer_vendor_approval(fay, ask(cast.mia), YES, LATER)
    assert sorted(amount for amount, _ in costs(cast)) == [Decimal("100.16"), Decimal("6409.85")]


def test_orders_above_a_limit_are_asked_about(cast: Cast, fay: Actor) -> None:
    limits = {"order_functions": ["finance"], "order_limits": {"USD": "6400"}}
    set_vendor_rules(cast.mia, limits, AT)
    assert approving_of(cast.vera, "order:reading/labels", AT).unasked == []
    set_vendor_rules(cast.mia, {"order_limits": "USD 6399.99"}, AT)
    assert approving_of(cast.vera, "order:reading/labels", AT).unasked == ["finance"]
    for wrong in ({"order_limits": {"usd": 1}}, {"price_tolerance": 2}, {"order_functions": "pay"}):
        with pytest.raises(Invalid):
            set_vendor_rules(cast.mia, wrong, AT)


def test_evidence_is_judged_from_records_and_brings_its_function_in(cast: Cast, fay: Actor) -> None:
    set_contract(cast.mia, *PLACE[:1], "frame", {"wanted": "dpa, security-review"}, AT)
    held = contract_named(cast.vera, "acme-labels", "frame")

    def verdicts(at: datetime) -> list[str]:
        return [str(one.verdict) for one in evidence_of(cast.vera, [held], at)[held.id]]

    assert verdicts(AT) == ["missing", "missing"]
    assert approving_of(cast.vera, CONTRACT, AT).unasked == ["legal", "privacy", "security"]
    signed = {
        "role": "privacy",
        "link": "https://docs.example.org/dpa",
        "valid_until": "2027-01-31",
    }
    with pytest.raises(Invalid, match="written down"):
        record_review(cast.bob, ("acme-labels", "frame"), "dpa", {"role": "privacy"}, AT)
    record_review(cast.bob, ("acme-labels", "frame"), "dpa", signed, AT)
    payload = {"check": "Security review", "passed": True}
    told = Observation(SubjectRef("vendor", "acme-labels"), "check", "audits", AT, payload)
    record_evidence(cast.bob, [told], AT, may_lack_project=True)
    assert verdicts(LATER) == ["met", "met"]
    assert verdicts(datetime(2027, 2, 1, tzinfo=UTC)) == ["stale", "met"]
    assert verdicts(datetime(2027, 12, 1, tzinfo=UTC)) == ["stale", "stale"]
    again = {"role": "privacy", "answer": "unmet", "statement": "annex is missing"}
    record_review(cast.bob, ("acme-labels", "frame"), "dpa", again, LATER)
    assert verdicts(LATER) == ["unmet", "met"]


def test_how_long_functions_take_is_a_range_once_five_answered(cast: Cast, fay: Actor) -> None:
    for number in range(5):
        lines = [{"order": "reading/labels", "units": 1, "amount": "20"}]
        set_invoice(
            cast.bob, "acme-labels", "", {**BILL, "number": f"Q{number}", "lines": lines}, AT
        )
        asked = ask(cast.mia, f"invoice:acme-labels/q{number}")
        no = {"decision": "refused", "statement": "x"}
        answer_vendor_approval(fay, asked, no, AT + timedelta(days=number + 1))
    found = vendor_queue_times(cast.vera, AT + timedelta(days=9))[0]
    assert (found.function, found.n, found.estimate) == ("finance", 5, (1.0, 3.0, 5.0))


def test_many_hands_at_once_approve_an_invoice_once(lasting_cast: Cast) -> None:
    fay = set_out(lasting_cast)
    asked = ask(lasting_cast.mia)
    start, results = Barrier(4), list[object]()

    def answer() -> None:
        start.wait()
        try:
            results.append(answer_vendor_approval(fay, asked, YES, LATER))
        except HeadwayError as error:
            results.append(error)
        finally:
            connection.close()

    threads = [Thread(target=answer) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(isinstance(one, Conflict) for one in results) == [False, True, True, True]
    assert len(costs(lasting_cast)) == 1
    held = vendor_named(lasting_cast.vera, "acme-labels")
    assert invoice_named(lasting_cast.vera, held, "inv-0042").invoice.state == "approved"
