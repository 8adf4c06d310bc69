"""Batches through their actions: evidence decides, as of a day, and nobody else sees them."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.cast import AT, Cast, a_program, a_project

from headway.domain.accounts.rules import Actor
from headway.domain.annotation.actions import (
    publish_guideline,
    receive_labels,
    record_adjudication,
    record_delivery,
    record_gold,
    record_inspection,
    restore_batch,
    set_batch,
    set_guideline,
    set_pilot,
)
from headway.domain.annotation.queries import (
    accepted_units,
    batch_details,
    batch_page,
    guideline_diff,
    guideline_named,
    overview,
    program_page,
    ready_forecast,
    vendor_quality,
)
from headway.domain.evidence.actions import push_results
from headway.domain.evidence.rules import Defaults
from headway.domain.programs.queries import program_named
from headway.domain.vendors.models import Contract, PurchaseOrder, Vendor
from headway.domain.vendors.queries import order_named, receipts_of
from headway.errors import Conflict, Invalid, NotFound, Refused

pytestmark = pytest.mark.django_db

BATCH: dict[str, object] = {
    "name": "Digits from 801 on",
    "order": "po-1",
    "guideline": "digits",
    "guideline_version": 1,
    "promised": 1050,
    "a_week": 95,
    "quotas": "3: 100",
}


def an_order(cast: Cast, **columns: object) -> None:
    """Make an order of 1,050 labels at 20.00 each with a vendor."""
    program = a_program(cast.acme, "clear")
    a_project(cast.acme, "reading", program=program)
    here = {"workspace": cast.acme}
    vendor = Vendor.objects.create(key="a", name="Vendor A", kind="annotation", **here)
    contract = Contract.objects.create(
        vendor=vendor, key="c", name="Labels", starts=date(2026, 8, 1), currency="USD", **here
    )
    fields: dict[str, Any] = {"units": 1050.0, "unit_price_micros": 20_000_000} | columns
    PurchaseOrder.objects.create(
        contract=contract, program=program, key="po-1", name="1,050 labels", unit="label",
        amount_minor=2_100_000, ordered_on=date(2026, 11, 5), **fields, **here,
    )  # fmt: skip


def begun(cast: Cast, at: datetime = AT) -> Actor:
    """Make the order with its guideline and its batch; return who looks after them."""
    an_order(cast)
    mia = cast.mia
    set_guideline(mia, "clear", "digits", {"name": "Digits"}, at)
    publish_guideline(mia, ("clear", "digits"), {"text": "Read each digit.\nA 7 has a bar."}, at)
    set_batch(mia, "clear", "further", BATCH, at)
    return mia


def deliver(actor: Actor, weeks: int, units: int = 85, *, until: datetime = AT) -> None:
    """Deliver so many labels each week before `until`, inspected and good."""
    for week in range(weeks):
        at = until - timedelta(weeks=weeks - week)
        name = f"w{week}"
        record_delivery(actor, ("clear", "further"), {"delivery": name, "units": units}, at)
        looked = {"deliveries": name, "inspected": 60, "defects": 0}
        record_inspection(actor, ("clear", "further"), looked, at + timedelta(hours=2))


def test_labels_are_counted_by_evidence_from_delivery_to_acceptance(cast: Cast) -> None:
    began = AT - timedelta(weeks=9)
    mia = begun(cast, began)
    deliver(mia, 5)
    program = program_named(mia, "clear")
    record_adjudication(mia, ("clear", "further"), {"units": 12, "changed": 4}, AT)
    standing = record_delivery(mia, ("clear", "further"), {"delivery": "w9", "units": 80}, AT)
    assert (standing.delivered, standing.accepted, standing.waiting) == (505, 425, 80)
    assert (standing.adjudicated, standing.changed) == (12, 4)
    assert accepted_units(mia, program) == {"po-1": 425}
    page = batch_page(mia, program, "further")
    assert page.sample is not None
    assert page.sample.deliveries == ["w9"]
    assert 0 < len(page.sample.places) <= 80
    earlier = batch_page(mia, program, "further", AT - timedelta(weeks=4)).standing
    assert (earlier.accepted, earlier.delivered) == (85, 170)


def test_the_order_is_forecast_as_a_range_for_the_plan(cast: Cast) -> None:
    mia = begun(cast, AT - timedelta(weeks=9))
    program = program_named(mia, "clear")
    early = ready_forecast(mia, program, "po-1", AT)
    assert early.ready.basis == "prior"
    deliver(mia, 5)
    found = ready_forecast(mia, program, "po-1", AT)
    assert (found.accepted, found.remaining, found.measured_a_week) == (425, 625, 85.0)
    assert found.days is not None
    assert found.days[0] <= found.days[1] <= found.days[2]
    assert found.days[1] == pytest.approx(625 / 0.89 / 85 * 5, abs=1.5)  # five lots of five passed
    assert found.finish[1] == date(2027, 1, 19)
    assert "85 a week against 95 agreed" in found.sentence
    assert found == ready_forecast(mia, program, "po-1", AT)
    [(_, forecasts, batches)], _ = overview(mia, [program], AT)
    assert (forecasts, len(batches)) == ([found], 1)


def test_vendors_are_compared_on_quality_speed_and_cost(cast: Cast) -> None:
    mia = begun(cast, AT - timedelta(weeks=9))
    set_pilot(mia, "clear", "first", {"name": "Gold", "vendor": "a", "bar": 0.9}, AT)
    record_gold(mia, ("clear", "first"), {"annotator": "p-1", "right": 195, "of": 200}, AT)
    deliver(mia, 4)
    bad = {"delivery": "w9", "units": 85}
    record_delivery(mia, ("clear", "further"), bad, AT)
    record_inspection(
        mia, ("clear", "further"), {"deliveries": "w9", "inspected": 60, "defects": 12}, AT
    )
    [found] = vendor_quality(mia)
    assert (found.name, found.passed, found.decided, found.right) == ("Vendor A", 340, 425, 195)
    assert found.low < 0.8 < found.high
    assert (found.price, found.per_accepted, found.currency) == (20, Decimal("25.0000"), "USD")
    assert found.a_week == 85


def test_labels_are_taken_in_for_their_order_as_evidence_says(cast: Cast) -> None:
    mia = begun(cast, AT - timedelta(weeks=9))
    deliver(mia, 2)
    for name, defects in (("w8", 12), ("w9", 2)):
        record_delivery(mia, ("clear", "further"), {"delivery": name, "units": 85}, AT)
        looked = {"deliveries": name, "inspected": 30, "defects": defects}
        record_inspection(mia, ("clear", "further"), looked, AT)
    assert receive_labels(mia, "clear", "further", AT) == (340, 170)
    program = program_named(mia, "clear")
    order = order_named(mia, program, "po-1")
    came = receipts_of(mia, [order])[order.id]
    assert [one.accepted for one in came] == [85, 85, 0, None]
    assert receive_labels(mia, "clear", "further", AT) == (340, 170)
    assert receipts_of(mia, [order])[order.id] == came
    set_batch(mia, "clear", "further", {"order": ""}, AT)
    with pytest.raises(Invalid, match="no order"):
        receive_labels(mia, "clear", "further", AT)


def test_a_changed_guideline_takes_acceptance_away_and_says_what_changed(cast: Cast) -> None:
    mia = begun(cast, AT - timedelta(weeks=9))
    deliver(mia, 2)
    place = ("clear", "digits")
    with pytest.raises(Invalid, match="why"):
        publish_guideline(mia, place, {"text": "Other words."}, AT)
    with pytest.raises(Invalid, match="nothing changed"):
        publish_guideline(mia, place, {"text": "Read each digit.\nA 7 has a bar."}, AT)
    words = {"text": "Read each digit.\nA 7 may lack its bar.", "reason": "Meters differ."}
    publish_guideline(mia, place, words, AT)
    program = program_named(mia, "clear")
    standing = batch_page(mia, program, "further").standing
    assert (standing.accepted, standing.stale, standing.state) == (0, 170, "stale")
    assert batch_page(mia, program, "further", AT - timedelta(hours=1)).standing.accepted == 170
    guideline = guideline_named(mia, program, "digits")
    sorts = [line.sort for line in guideline_diff(guideline, 2)]
    assert sorts == ["same", "gone", "new"]


def test_what_cannot_be_is_refused_with_the_next_step(cast: Cast) -> None:
    mia = begun(cast)
    refused: list[tuple[dict[str, object], str]] = [
        ({"order": "po-2"}, "purchase order 'po-2'"),
        ({"guideline": "digit"}, "digits"),
        ({"quotas": "3"}, "class: labels"),
        ({"rule": "plan"}, "AQL"),
        ({"overlap": 2}, "overlap"),
        ({"project": "nope"}, "nope"),
    ]
    for values, why in refused:
        with pytest.raises((Invalid, NotFound), match=why):
            set_batch(mia, "clear", "further", values, AT)
    place = ("clear", "further")
    record_delivery(mia, place, {"delivery": "w1", "units": 50}, AT)
    for values, why in (
        ({"inspected": 60, "defects": 0}, "more than the lot"),
        ({"inspected": 10, "defects": 11}, "more than all"),
        ({"inspected": 10, "defects": 0, "deliveries": "w7"}, "no delivery 'w7'"),
        ({"defects": 0}, "inspected"),
    ):
        with pytest.raises(Invalid, match=why):
            record_inspection(mia, place, values, AT)
    set_batch(mia, "clear", "further", {"promised": 900}, AT, version=1)
    with pytest.raises(Conflict):
        set_batch(mia, "clear", "further", {"promised": 800}, AT, version=1)
    assert restore_batch(mia, "clear", "further", 1, AT).promised == 1050


def test_only_whoever_may_writes_and_only_the_workspace_sees(cast: Cast) -> None:
    mia = begun(cast)
    program = program_named(mia, "clear")
    for actor in (cast.vera, cast.ana, cast.vic):
        with pytest.raises((Refused, NotFound)):
            set_batch(actor, "clear", "further", {"promised": 1}, AT)
        with pytest.raises((Refused, NotFound)):
            record_delivery(actor, ("clear", "further"), {"delivery": "x", "units": 1}, AT)
    for actor in (cast.charlie, cast.vic):
        with pytest.raises((NotFound, Refused)):
            batch_page(actor, program, "further")
    assert vendor_quality(cast.charlie) == []


def test_many_batches_cost_no_more_queries(cast: Cast, django_assert_max_num_queries: Any) -> None:
    mia = begun(cast)
    for number in range(12):
        set_batch(mia, "clear", f"b{number}", BATCH, AT)
    program = program_named(mia, "clear")
    with django_assert_max_num_queries(10):
        overview(mia, [program], AT)
    with django_assert_max_num_queries(10):
        program_page(mia, program, AT)
    with django_assert_max_num_queries(12):
        batch_details(mia, program, batch_page(mia, program, "b3"))


def test_an_export_is_pushed_once_and_says_how_far_annotators_agree(cast: Cast) -> None:
    mia = begun(cast, AT - timedelta(weeks=3))
    values = {"measure": "cohen", "agreement_floor": 0.5}
    set_batch(mia, "clear", "further", values, AT - timedelta(weeks=3))
    tasks: list[dict[str, Any]] = [
        {
            "id": number,
            "project": 1,
            "data": {},
            "annotations": [
                {
                    "completed_by": who,
                    "created_at": "2026-11-05T10:00:00Z",
                    "ground_truth": who == 9,
                    "result": [{"value": {"choices": [str(number % 10 // (who // 8 + 1))]}}],
                }
                for who in ([7, 8, 9] if number < 5 else [7, 8])
            ],
        }
        for number in range(60)
    ]
    defaults = Defaults(subject="batch:clear/further", project="reading")
    first = push_results(mia, json.dumps(tasks), defaults, AT)
    again = push_results(mia, json.dumps(tasks), defaults, AT)
    assert (first.outcome.recorded, again.outcome.recorded) == (7, 0)
    assert again.outcome.already_known == 7
    standing = batch_page(mia, program_named(mia, "clear"), "further").standing
    assert (standing.delivered, standing.accepted, standing.overlap) == (60, 0, 1.0)
    assert standing.agreement.verdict == "unmet"
    assert standing.agreement.items == 60
    assert "not how often they are right" in standing.agreement.sentence
