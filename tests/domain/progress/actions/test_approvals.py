"""Work that waits for approvals of a vendor: what is left is written down, and P80 moves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import AT, Cast, a_member
from tests.domain.vendors.builders import order_labels

from headway.domain.accounts.queries import headway_actor
from headway.domain.accounts.rules import Function, Role
from headway.domain.plans.actions import edit_item, import_plan, make_forecast
from headway.domain.plans.models import WorkItem
from headway.domain.plans.queries import what_moved
from headway.domain.programs.queries import program_named
from headway.domain.progress.actions import follow_evidence, set_follow, take_proposal
from headway.domain.progress.queries import held_up
from headway.domain.vendors.actions import answer_vendor_approval, request_vendor_approvals
from headway.domain.vendors.models import VendorApproval
from headway.domain.vendors.queries import vendor_approvals_waiting
from headway.errors import Invalid, NotFound

SUBJECT = "contract:acme-labels/frame"
REVIEW = ("meters", "REVIEW")
PLAN = b"""
plan: Meters
start: 2026-11-02
items:
  - {id: REVIEW, name: Legal looks, kind: review, estimate: [1, 2, 3]}
  - {id: LABEL, name: Label, estimate: [4, 5, 6], after: [REVIEW]}
"""


@pytest.fixture
def waiting(cast: Cast) -> Cast:
    """Let legal be asked about a contract; ten times before it took 6 to 33 calendar days."""
    order_labels(cast.mia)
    import_plan(cast.mia, PLAN, "plan.yaml", AT, project="meters")
    asked = AT - timedelta(days=80)
    VendorApproval.objects.bulk_create(
        VendorApproval(
            workspace=cast.acme,
            subject=f"contract:acme-labels/c{days}",
            function="legal",
            requested_at=asked,
            answered_at=asked + timedelta(days=days),
            decision="approved",
        )
        for days in range(6, 36, 3)
    )
    request_vendor_approvals(cast.mia, SUBJECT, ["legal"], AT)
    edit_item(cast.mia, REVIEW, {"started": AT.date(), "remaining": [1, 2, 3]}, AT)
    return cast


def test_legal_that_sits_on_a_contract_moves_the_program_and_the_report_says_why(
    waiting: Cast,
) -> None:
    cast, house = waiting, headway_actor(waiting.acme.id)
    follow = {"what": "approvals", "subject": SUBJECT}
    set_follow(cast.mia, "meters/REVIEW", follow, AT)
    later = AT + timedelta(days=8)
    first = make_forecast(cast.mia, "reading", AT, trials=200)
    assert follow_evidence(house, later) == 0, "proposed, until somebody says otherwise"
    set_follow(cast.mia, "meters/REVIEW", {"mode": "apply"}, later)
    assert follow_evidence(house, later) == 1
    row = WorkItem.objects.get(key="REVIEW")
    assert row.remaining is not None
    assert row.remaining[2] > 3
    (move,) = [
        one
        for one in what_moved(cast.vera, program_named(cast.vera, "reading"), AT)
        if one.field == "remaining"
    ]
    assert "approval of legal: waits 6 days, usually" in move.sentence
    second = make_forecast(cast.mia, "reading", later, trials=200)
    ends = [one.answer["finish_dates"]["p80"] for one in (first, second)]
    assert ends[0] < ends[1]
    (held,) = held_up(cast.vera, later)[SUBJECT]
    assert (held.address, held.mode, held.p80.isoformat() if held.p80 else "") == (
        "meters/REVIEW",
        "apply",
        ends[1],
    )
    edit_item(cast.mia, REVIEW, {"remaining": [1, 1, 1]}, later + timedelta(hours=1))
    by_hand = what_moved(cast.vera, program_named(cast.vera, "reading"), later)
    assert [one.because for one in by_hand if one.field == "remaining"] == [""]


def test_an_answer_ends_the_wait_and_a_refusal_asks_for_a_decision(waiting: Cast) -> None:
    cast = waiting
    with pytest.raises(Invalid, match="needs what is approved"):
        set_follow(cast.mia, "meters/REVIEW", {"what": "approvals"}, AT)
    with pytest.raises(NotFound):
        set_follow(cast.mia, "meters/REVIEW", {"what": "approvals", "subject": "contract:x/y"}, AT)
    set_follow(cast.mia, "meters/REVIEW", {"what": "approvals", "subject": SUBJECT}, AT)
    lena = a_member(cast.acme, "Lena", Role.APPROVER, functions=[Function.LEGAL])
    (asked,) = vendor_approvals_waiting(lena, AT)
    said = {"decision": "refused", "statement": "No cap."}
    answer_vendor_approval(lena, asked.ask.id, said, AT + timedelta(days=1))
    (held,) = held_up(cast.vera, AT + timedelta(days=1))[SUBJECT]
    assert held.proposal.decide
    assert "refused by" in held.proposal.sentence
    with pytest.raises(Invalid, match="refused by"):
        take_proposal(cast.mia, "meters/REVIEW", AT + timedelta(days=1))
    assert held_up(cast.vera, AT, AT)[SUBJECT][0].proposal.remaining is not None, "as known then"
    assert held_up(cast.charlie, AT) == {}
