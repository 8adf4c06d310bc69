"""Exports of labelling tools: deliveries by day, opaque annotators, hostile and odd content."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.connectors.results.files import AT

from headway.connectors.results import Asked, Results, read_results
from headway.errors import Invalid

BATCH = "batch:clear/labels-1"


def read(value: object, subject: str = BATCH) -> Results:
    text = value if isinstance(value, str) else json.dumps(value)
    found = read_results(text, Asked(AT, subject))
    assert found is not None
    return found


def task(number: int, *said: tuple[Any, str, str], **more: Any) -> dict[str, Any]:
    """Return a task of Label Studio's JSON with annotations (who, label, day)."""
    annotations = [
        {
            "completed_by": who,
            "created_at": f"2026-11-{day}T10:00:00.1Z",
            "was_cancelled": False,
            "ground_truth": False,
            "result": [
                {"type": "choices", "from_name": "digit", "value": {"choices": [label]}},
            ],
        }
        | more
        for who, label, day in said
    ]
    return {"id": number, "project": 12, "data": {"image": "/d.png"}, "annotations": annotations}


EXPORT = [
    task(1, (7, "3", "05"), (8, "3", "06")),
    task(2, (7, "5", "05"), (8, "3", "06")),
    task(3, ({"id": 8, "email": "a@example.org"}, "5", "06")),
    {"id": 4, "data": {}, "annotations": []},
    task(5, (9, "5", "06"), was_cancelled=True),
    task(1_000, (1, "3", "01"), ground_truth=True),
]


def test_label_studio_is_told_as_deliveries_by_day_of_the_first_label() -> None:
    found = read(EXPORT)
    assert found.format == "label-studio"
    first, second = (one.payload for one in found.observations)
    assert first["delivery"] == "label-studio 12 2026-11-05"
    assert (first["units"], first["overlap_units"], first["annotators"]) == (2, 2, 2)
    assert first["classes"] == {"3": 2, "5": 1}  # of a tie each class is one
    assert (second["delivery"], second["units"]) == ("label-studio 12 2026-11-06", 1)
    assert found.observations[0].observed_at.isoformat() == "2026-11-05T10:00:00.100000+00:00"
    assert set(found.labelled.raters) == {"ls-7", "ls-8"}
    assert found.labelled.gold == {"1000": "3"}
    assert "example.org" not in str(found)


def test_a_later_export_tells_the_same_days_again() -> None:
    grown = [*EXPORT, task(6, (7, "1", "09"))]
    before, after = read(EXPORT).observations, read(grown).observations
    assert after[: len(before)] == before
    assert len(after) == len(before) + 1


def test_regions_are_read_as_the_set_of_classes_on_an_item() -> None:
    boxes = task(1, (7, "3", "05"))
    value = {"rectanglelabels": ["car"], "x": 1, "y": 2, "width": 3, "height": 4}
    boxes["annotations"][0]["result"] = [{"value": value}, {"value": {"brushlabels": ["bus"]}}]
    found = read([boxes])
    assert found.labelled.labels == ("bus + car",)
    assert any("set of classes" in note.sentence for note in found.notes)


def test_json_min_names_its_label_column_or_is_refused() -> None:
    row = {"id": 1, "annotator": 7, "annotation_id": 3, "created_at": "2026-11-05T10:00:00Z"}
    row |= {"image": "/d.png", "lead_time": 2.0}
    found = read([row | {"digit": "3"}, row | {"annotator": 8, "digit": "5"}])
    assert (found.observations[0].payload["units"], found.labelled.labels) == (1, ("3", "5"))
    shapes = [{"rectanglelabels": ["car"], "x": 1}]
    assert read([row | {"box": shapes, "weather": "dry"}]).labelled.labels == ("car",)
    with pytest.raises(Invalid, match="2 columns"):
        read([row | {"digit": "3", "kind": "dial"}])


CVAT = """<?xml version="1.0" encoding="utf-8"?>
<annotations><version>1.1</version><meta><task><id>5</id><name>Meters</name>
<updated>2026-11-06 09:30:00.5+00:00</updated><assignee><username>anna</username></assignee></task>
<dumped>2026-11-07 08:00:00+00:00</dumped></meta>
<image id="0" name="a.png" width="8" height="8"><tag label="3" source="manual"></tag></image>
<image id="1" name="b.png" width="8" height="8"><box label="5" xtl="1"/><box label="3"/></image>
<image id="2" name="c.png" width="8" height="8"></image></annotations>"""


def test_cvat_counts_images_by_class_and_hides_who_did_it() -> None:
    found = read(CVAT)
    [told] = found.observations
    assert (found.format, told.payload["delivery"]) == ("cvat", "cvat task 5 2026-11-06")
    assert (told.payload["units"], told.payload["classes"]) == (2, {"3": 2, "5": 1})
    assert [note.where for note in found.notes] == ["image 2", "image 3", "labels"]
    assert "anna" not in str(found)


def test_datumaro_is_counted_and_has_no_annotators() -> None:
    categories = {"label": {"labels": [{"name": "3"}, {"name": "5"}]}}
    items = [{"id": "a", "annotations": [{"type": "label", "label_id": 1}, {"label_id": 9}]}]
    found = read({"info": {}, "categories": categories, "items": items})
    assert (found.observations[0].payload["classes"], found.labelled.items) == ({"5": 1}, ())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<annotations></annotations>", "holds no image"),
        ("<annotations><image name='a'/></annotations>", "carries a label"),
        ('<!DOCTYPE a [<!ENTITY x "y">]>' + CVAT[38:], "entities or a DTD"),
        (json.dumps([task(1, (7, "3", "05"), was_cancelled=True)]), "no finished annotation"),
        (json.dumps({"categories": {"label": {}}, "items": [{}]}), "carries a label"),
    ],
)
def test_a_hostile_or_empty_export_is_a_sentence(text: str, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        read(text)


def test_labels_without_a_subject_are_refused_with_one_to_write() -> None:
    with pytest.raises(Invalid, match="batch:program/batch"):
        read(EXPORT, subject="")
