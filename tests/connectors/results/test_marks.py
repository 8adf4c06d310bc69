"""Regions of labelling tools, as their documentation writes them; archives; hostile coordinates."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from tests.connectors.results.files import AT

from headway.connectors.results import Asked, Results
from headway.connectors.results.reading import read_file
from headway.errors import Invalid

BATCH = "batch:clear/boxes-1"


def read(value: object) -> Results:
    data = value if isinstance(value, bytes) else str(value).encode()
    found = read_file(data, Asked(AT, BATCH))
    assert found is not None
    return found


def annotated(*results: dict[str, Any], who: int = 7, gold: bool = False) -> dict[str, Any]:
    """Return an annotation of Label Studio (labelstud.io/guide/task_format)."""
    return {
        "completed_by": who,
        "created_at": "2026-11-05T10:00:00Z",
        "was_cancelled": False,
        "ground_truth": gold,
        "result": list(results),
    }


def region(sort: str, value: dict[str, Any], label: str = "car") -> dict[str, Any]:
    """Return a region on an image of 200 by 100 pixels."""
    sizes = {"original_width": 200, "original_height": 100, "image_rotation": 0}
    return sizes | {
        "type": sort,
        "from_name": "label",
        "to_name": "image",
        "value": value | {sort: [label]},
    }


def points(found: Results, place: int = 0) -> list[tuple[float, ...]]:
    return [tuple(round(one, 6) for one in mark.points) for mark in found.labelled.marks[place]]


BOX = {"x": 10, "y": 20, "width": 30, "height": 40, "rotation": 0}


def test_label_studio_marks_in_percent_and_turns_about_the_first_corner() -> None:
    turned = region("rectanglelabels", BOX | {"rotation": 90})
    ring = region("polygonlabels", {"points": [[0, 0], [50, 0], [50, 100]], "closed": True})
    round_ = region("ellipselabels", {"x": 50, "y": 50, "radiusX": 5, "radiusY": 10, "rotation": 0})
    task = {"id": 1, "data": {"image": "/a"}, "annotations": [
        annotated(region("rectanglelabels", BOX), turned, ring, round_),
    ]}  # fmt: skip
    box, corners, polygon, ellipse = points(read(json.dumps([task])))
    assert box == (20, 20, 80, 60)
    # Clockwise on a screen, about the top left corner: what was right of it is below it.
    assert corners == (20, 20, 20, 80, -20, 80, -20, 20)
    assert polygon == (0, 0, 100, 0, 100, 100)
    assert len(ellipse) == 64
    assert max(ellipse[::2]) == 110
    assert max(ellipse[1::2]) == 60


def test_label_studio_marks_spans_of_text_and_of_sound() -> None:
    name = {"type": "labels", "to_name": "text", "value": {"start": 4, "end": 9, "labels": ["PER"]}}
    page = {"start": "/p[1]/text()[1]", "end": "/p[1]/text()[1]", "startOffset": 1, "endOffset": 6}
    page["globalOffsets"] = {"start": 40, "end": 45}  # type: ignore[assignment]
    html = {"type": "hypertextlabels", "value": page | {"hypertextlabels": ["ORG"]}}
    sound = {"type": "labels", "value": {"start": 0.5, "end": 2, "channel": 1, "labels": ["dog"]}}
    timeline = {"ranges": [{"start": 3, "end": 9}], "timelinelabels": ["run"]}
    results = [name, html, sound, {"type": "timelinelabels", "value": timeline}]
    task = {"id": 1, "data": {}, "annotations": [annotated(*results)]}
    found = read(json.dumps([task]))
    assert points(found) == [(4, 0, 9, 1), (40, 0, 45, 1), (0.5, 0, 2, 1), (3, 0, 9, 1)]
    assert [mark.place for mark in found.labelled.marks[0]] == ["text", "", "1", ""]


def test_an_annotation_without_a_region_is_an_answer_where_others_mark_regions() -> None:
    boxes = region("rectanglelabels", BOX)
    tasks = [
        {"id": 1, "data": {}, "annotations": [annotated(boxes), annotated(who=8)]},
        {"id": 2, "data": {}, "annotations": [annotated(), annotated(boxes, gold=True, who=1)]},
    ]
    found = read(json.dumps(tasks))
    assert [len(one) for one in found.labelled.marks] == [1, 0, 0]
    assert found.observations[0].payload["units"] == 2
    assert [len(one) for one in found.labelled.gold_marks.values()] == [1]


@pytest.mark.parametrize(
    "value",
    [
        BOX | {"width": -30},
        BOX | {"height": 0},
        BOX | {"x": "NaN"},
        BOX | {"x": 1e300},
        BOX | {"x": None},
        {"points": [[0, 0], [1, 1]]},
        {"points": [[0, 0], [1], "x"]},
        {"points": [[0, 0], [0, 5], [0, 9]]},
        {"x": 5, "y": 5, "radiusX": 0, "radiusY": 3},
        {"start": 9, "end": 4},
    ],
)
def test_what_is_no_region_counts_by_its_class_alone(value: dict[str, Any]) -> None:
    task = {"id": 1, "data": {}, "annotations": [annotated(region("rectanglelabels", value))]}
    found = read(json.dumps([task]))
    assert found.labelled.labels == ("car",)
    assert not any(found.labelled.marks)
    assert "its class counts" in found.notes[0].sentence


def test_the_rows_of_json_min_and_csv_say_what_the_tasks_do() -> None:
    held = BOX | {"rectanglelabels": ["car"], "original_width": 200, "original_height": 100}
    row = {"image": "/a", "id": 4, "label": [held], "annotator": 7, "annotation_id": 9}
    row |= {"created_at": "2026-11-05T10:00:00Z", "lead_time": 10.7}
    names = ",".join(row)
    cells = [json.dumps(one) if isinstance(one, list) else str(one) for one in row.values()]
    line = ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    for text in (
        json.dumps([row]),
        f"{names}\n{line}\n",
        f"{names}\n{line}\n".replace("\n", "\r\n"),
    ):
        found = read(text)
        assert (found.format, points(found)) == ("label-studio", [(20, 20, 80, 60)])
        assert found.labelled.raters == ("ls-7",)


def cvat(who: str, *shapes: str, images: int = 2) -> str:
    """Return CVAT's XML 1.1 of a job (docs.cvat.ai): the shapes stand on the first image."""
    meta = f"<job><id>5</id><updated>2026-11-06 09:30:00+00:00</updated><assignee>{who}</assignee>"
    rest = "".join(
        f'<image id="{n}" name="{n}.png">{"".join(shapes) if not n else ""}</image>'
        for n in range(images)
    )
    return f"<annotations><version>1.1</version><meta>{meta}</job></meta>{rest}</annotations>"


CAR = '<box label="car" source="manual" xtl="20" ytl="20" xbr="80" ybr="60" z_order="0"/>'


def test_cvat_marks_in_pixels_and_turns_about_the_centre() -> None:
    found = read(cvat(
        "anna",
        CAR,
        CAR.replace("<box", '<box rotation="90"'),
        '<polygon label="car" source="manual" points="0.00,0.00;50.00,0.00;50.00,99.50"/>',
        '<ellipse label="car" cx="50" cy="50" rx="10" ry="20"/>',
        '<polyline label="lane" points="1,1;9,9"/>',
        '<tag label="good" source="manual"/>',
    ))  # fmt: skip
    box, turned, polygon, ellipse = points(found)
    assert box == (20, 20, 80, 60)
    assert turned == (70, 10, 70, 70, 30, 70, 30, 10)
    assert polygon == (0, 0, 50, 0, 50, 99.5)
    assert max(ellipse[1::2]) == 70
    assert found.labelled.labels[0] == "car + good + lane"
    assert {note.where for note in found.notes} == {"image 1", "image 2", "labels"}


def test_a_video_of_cvat_is_read_by_frame_where_its_tracks_are_seen() -> None:
    shape = (
        '<box frame="{}" xtl="1" ytl="1" xbr="9" ybr="9" outside="{}" occluded="0" keyframe="1"/>'
    )
    first = (
        f'<track id="0" label="car">{shape.format(0, 0)}{shape.format(1, 0)}{shape.format(2, 1)}'
    )
    second = f'<track id="1" label="bus">{shape.format(1, 0)}'
    text = f"<annotations><version>1.1</version>{first}</track>{second}</track></annotations>"
    found = read(text)
    assert found.labelled.items == ()  # it names nobody
    assert found.observations[0].payload["units"] == 2
    assert found.observations[0].payload["classes"] == {"car": 2, "bus": 1}


def packed(**files: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/"), text)
    return held.getvalue()


def test_files_of_one_archive_are_one_annotator_each_and_gold_is_the_truth() -> None:
    found = read(packed(**{
        "one.xml": cvat("anna", CAR),
        "two.xml": cvat("", CAR.replace('xbr="80"', 'xbr="70"')),
        "gold__annotations.xml": cvat("ref", CAR),
        "images__0.png": "no export",
    }))  # fmt: skip
    assert len(set(found.labelled.raters)) == 2
    assert "anna" not in str(found)
    assert found.observations[0].payload["annotators"] == 2
    assert list(found.labelled.gold_marks) == ["0.png", "1.png"]
    assert any("counts as nothing" in note.sentence for note in found.notes)
    # The second image carries nothing and nobody says that it was looked at: no delivery.
    assert found.observations[0].payload["units"] == 1


COCO: dict[str, Any] = {
    "images": [{"id": 1, "file_name": "a.png", "width": 200, "height": 100}],
    "categories": [{"id": 3, "name": "car", "supercategory": ""}],
    "annotations": [
        {"id": 1, "image_id": 1, "category_id": 3, "bbox": [20, 20, 60, 40], "segmentation": [],
         "iscrowd": 0, "attributes": {"occluded": False, "rotation": 0.0}},
        {"id": 2, "image_id": 1, "category_id": 3, "bbox": [0, 0, 9, 9],
         "segmentation": [[0, 0, 9, 0, 9, 9]]},
        {"id": 3, "image_id": 9, "category_id": 3, "bbox": [0, 0, 9, 9]},
    ],
}  # fmt: skip


def test_coco_and_datumaro_are_read_side_by_side_too() -> None:
    found = read(packed(**{"a.json": json.dumps(COCO), "b.json": json.dumps(COCO)}))
    assert (found.format, len(found.labelled.items)) == ("coco", 2)
    assert points(found, 1) == [(20, 20, 80, 60), (0, 0, 9, 0, 9, 9)]
    shapes = [
        {"type": "bbox", "label_id": 0, "bbox": [20, 20, 60, 40], "attributes": {}},
        {"type": "polygon", "label_id": 0, "points": [0, 0, 9, 0, 9, 9]},
    ]
    datumaro = {
        "categories": {"label": {"labels": [{"name": "car"}]}},
        "items": [{"id": "a", "annotations": shapes}],
    }
    both = packed(**{"a.json": json.dumps(datumaro), "b.json": json.dumps(datumaro)})
    assert points(read(both)) == [(20, 20, 80, 60), (0, 0, 9, 0, 9, 9)]


def bomb() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", " " * 3_000_000)
        archive.writestr("b.xml", " " * 3_000_000)
    return held.getvalue()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"PK\x03\x04 and no more", "cannot be read"),
        (packed(**{"a.png": "x"}), "holds no export"),
        (packed(**{f"{n}.xml": "x" for n in range(51)}), "51 of them exports"),
        (packed(**{"a.xml": cvat("a", CAR), "b.json": json.dumps(COCO)}), "mixes"),
        (packed(**{"a.json": "[]", "b.json": "{}"}), "no export of CVAT"),
        (bomb(), "unpacks to more"),
        (b'[{"annotations": [], "data": {}},' + b"[" * 100_000, "nests too deep"),
        (b'[{"annotations": [], "data": {}}] and more', "broken"),
        (b"<annotations>" + b"<image>" * 200, "nests deeper"),
    ],
)
def test_a_hostile_archive_is_a_sentence(
    data: bytes, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("headway.connectors.results.archives.MOST_UNPACKED", 5_000_000)
    with pytest.raises(Invalid, match=why):
        read(data)
