"""The pages of labels: the answer first, counts by evidence, a vendor sees its own and no more."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.cast import AT, Cast
from tests.domain.annotation.test_annotation import an_order, begun, deliver
from tests.doors import browser_of

from headway.domain.annotation.actions import record_delivery, record_inspection, set_pilot
from headway.domain.annotation.queries import own_batches
from headway.domain.vendors.actions import set_vendor_member
from headway.domain.vendors.models import Vendor
from headway.errors import NotFound

HERE = "/w/acme/programs/clear/annotation/"
BATCH = HERE + "batches/further/"


@pytest.fixture
def mia(cast: Cast) -> Client:
    actor = begun(cast, AT - timedelta(weeks=9))
    deliver(actor, 5)
    record_delivery(actor, ("clear", "further"), {"delivery": "w9", "units": 85}, AT)
    bad = {"deliveries": "w9", "inspected": 60, "defects": 9}
    record_inspection(actor, ("clear", "further"), bad, AT)
    return browser_of(cast.mia)


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[:400]
    return answer.content.decode()


def test_the_answer_is_how_many_by_when_how_fast_and_at_what_price(mia: Client) -> None:
    for address in (HERE, "/w/acme/money/annotation/"):
        page = read(mia, address)
        assert "1,050 labels accepted by" in page
        assert "425 are" in page
        assert "A label is ordered at" in page
        assert "85 go back." in page
    more = read(mia, HERE + "?order=po-1&extra=40&from=2")
    assert "With 40 more a week from week 2" in more
    assert "must be from 0.001" in read(mia, HERE + "?order=po-1&extra=0")


def test_what_is_told_on_a_batchs_page_is_on_record_and_decides(mia: Client) -> None:
    page = read(mia, BATCH)
    assert "9 of 60 inspected labels are wrong" in page
    again = {"delivery": "w10", "units": "85", "reworks": "w9"}
    assert mia.post(BATCH + "tell/delivery/", again).status_code == 302
    assert "Inspect next" in read(mia, BATCH)
    form = read(mia, BATCH + "tell/inspection/")
    assert 'value="w10"' in form
    looked = {"deliveries": "w10", "inspected": "60", "defects": "70"}
    refused = mia.post(BATCH + "tell/inspection/", looked)
    assert refused.status_code == 422
    assert "more than all" in refused.content.decode()
    assert mia.post(BATCH + "tell/inspection/", looked | {"defects": "0"}).status_code == 302
    assert "510" in read(mia, BATCH)
    assert mia.post(BATCH + "receive/").status_code == 302
    assert mia.get(BATCH + "tell/nothing/").status_code == 404


def test_an_export_is_imported_and_a_strange_file_is_a_sentence(mia: Client) -> None:
    made = [{"completed_by": 7, "created_at": "2026-11-05T10:00:00Z",
             "result": [{"value": {"choices": ["3"]}}]}]  # fmt: skip
    export = json.dumps([{"id": 1, "data": {}, "annotations": made}]).encode()
    file = SimpleUploadedFile("export.json", export)
    assert mia.post(BATCH + "import/", {"file": file}).status_code == 302
    assert "label-studio 2026-11-05" in read(mia, BATCH)
    strange = mia.post(BATCH + "import/", {"file": SimpleUploadedFile("a.json", b"{}")})
    assert strange.status_code == 422
    assert "no format that is read here" in strange.content.decode()


def boxed(who: int, wide: float, label: str = "car", *, gold: bool = False) -> dict[str, object]:
    """Return an annotation of Label Studio with one box."""
    value = {"x": 10, "y": 10, "width": wide, "height": 20, "rectanglelabels": [label]}
    result = [{"type": "rectanglelabels", "value": value}]
    return {"completed_by": who, "created_at": "2026-11-05T10:00:00Z", "ground_truth": gold,
            "result": result}  # fmt: skip


def test_boxes_are_told_by_overlap_on_the_batch_and_by_gold_on_a_pilot(
    mia: Client, cast: Cast
) -> None:
    tasks = [
        {"id": n, "data": {}, "annotations": [
            boxed(7, 20), boxed(8, 16, "bus" if n < 3 else "car"), boxed(9, 20, gold=True),
        ]}
        for n in range(20)
    ]  # fmt: skip
    export = json.dumps(tasks).encode()
    posted = {"file": SimpleUploadedFile("export.json", export)}
    assert mia.post(BATCH + "import/", posted).status_code == 302
    page = read(mia, BATCH)
    assert "Alpha of overlaps" in page
    assert "37 of 40 are right" in page
    assert "bus for car (3)" in page
    assert "<strong>bus</strong> and <strong>car</strong> (3)" in page
    set_pilot(cast.mia, "clear", "boxes", {"name": "Boxes", "bar": 0.5}, AT)
    pilot = HERE + "pilots/boxes/"
    posted = {"file": SimpleUploadedFile("export.json", export)}
    assert mia.post(pilot + "import/", posted).status_code == 302
    assert "2 of 2 annotators have shown 50 %" in read(mia, pilot)
    unknown = json.dumps([{"id": 1, "data": {}, "annotations": [boxed(7, 20)]}]).encode()
    refused = mia.post(pilot + "import/", {"file": SimpleUploadedFile("e.json", unknown)})
    assert refused.status_code == 422
    assert "no ground truth" in refused.content.decode()


def test_a_guideline_shows_what_changed_and_a_pilot_who_may_label(mia: Client, cast: Cast) -> None:
    words = {"text": "Read each digit.\nA 7 may lack its bar.", "reason": "Meters differ."}
    assert mia.post(HERE + "guidelines/digits/publish/", words).status_code == 302
    page = read(mia, HERE + "guidelines/digits/")
    assert "<ins>A 7 may lack its bar.</ins>" in page
    assert "<del>A 7 has a bar.</del>" in page
    assert "labels by older versions are stale" in page
    set_pilot(cast.mia, "clear", "first", {"name": "Gold", "vendor": "a"}, AT)
    told = {"annotator": "p-1", "right": "46", "of": "50"}
    assert mia.post(HERE + "pilots/first/gold/", told).status_code == 302
    assert "0 of 1 annotators have shown 90 %" in read(mia, HERE + "pilots/first/")


def test_a_batch_is_written_changed_and_put_back(mia: Client) -> None:
    made = {"name": "More digits", "promised": "50", "quotas": "3: 5\n7: 6", "measure": "alpha"}
    assert mia.post(HERE + "new-batch/", made | {"rule": "bound"}).status_code == 302
    edit = read(mia, HERE + "batches/more-digits/edit/")
    assert "3: 5\n7: 6" in edit
    kept = made | {"promised": "60", "rule": "bound", "version": "1"}
    assert mia.post(HERE + "batches/more-digits/edit/", kept).status_code == 302
    assert mia.post(HERE + "batches/more-digits/restore/1/").status_code == 302
    assert "50 labels" in read(mia, HERE + "batches/more-digits/")


def test_a_vendor_sees_its_own_batches_and_nothing_of_others(mia: Client, cast: Cast) -> None:
    vic = browser_of(cast.vic)
    assert vic.get("/w/acme/vendor/batches/").status_code == 404
    member = cast.vic.member_id
    assert member is not None
    set_vendor_member(cast.alice, member, "a", AT)
    page = read(vic, "/w/acme/vendor/batches/")
    assert "85 labels go back to you." in page
    assert "Digits from 801 on" in page
    assert vic.get(BATCH).status_code == 403
    Vendor.objects.create(workspace=cast.acme, key="b", name="Vendor B")
    set_vendor_member(cast.alice, member, "b", AT)
    assert "Digits" not in read(vic, "/w/acme/vendor/batches/")
    with pytest.raises(NotFound):
        own_batches(cast.mia)


def test_an_empty_program_says_what_a_batch_is(cast: Cast) -> None:
    an_order(cast)
    page = read(browser_of(cast.vera), HERE)
    assert "No labels are ordered yet." in page
    assert "No batch is written down yet." in page
    assert "Add a batch" not in page
