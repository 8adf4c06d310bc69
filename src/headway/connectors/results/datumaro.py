"""Datumaro's dataset and COCO's instances, as CVAT exports both: items with shapes and classes.

Neither names an annotator or a time. Several in one archive are several annotators (`archives`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from headway.connectors.results import marks
from headway.connectors.results.base import (
    Asked,
    Mark,
    Results,
    Told,
    cut,
    listed,
    mapping,
    objects,
    told,
    word,
)
from headway.connectors.results.labelling import (
    MOST_ITEMS,
    ONLY_CLASS,
    Exported,
    Said,
    kept_marks,
    tell_labels,
)
from headway.errors import Invalid

TOOL = "datumaro"
COCO = "coco"
#: Shapes of a whole dataset.
MOST_SHAPES = 2_000_000

_Row = tuple[str, list[tuple[str, Mark | None]]]


def looks(document: object) -> bool:
    """Say whether a JSON document is a dataset of Datumaro."""
    held = mapping(document)
    return {"categories", "items"} <= set(held) and "label" in mapping(held["categories"])


def looks_coco(document: object) -> bool:
    """Say whether a JSON document is a dataset in COCO's form, which labels images."""
    held = mapping(document)
    return all(isinstance(held.get(name), list) for name in ("images", "categories", "annotations"))


def read(document: Mapping[str, object], asked: Asked) -> Results:
    """Return the delivery of a dataset. It names no annotator and no time. Raises Invalid."""
    return _read(document, asked, TOOL)


def read_coco(document: Mapping[str, object], asked: Asked) -> Results:
    """Return the delivery of a dataset in COCO's form. Raises Invalid."""
    return _read(document, asked, COCO)


def _read(document: Mapping[str, object], asked: Asked, tool: str) -> Results:
    collector = told(tool, asked)
    found = exported(document, collector)
    collector.note("annotators", "The dataset does not say who labelled; agreement has no number.")
    return tell_labels(collector, found.said, found.name, tool=tool)


def exported(
    document: Mapping[str, object], collector: Told, who: str = "", *, is_gold: bool = False
) -> Exported:
    """Return what one dataset says; `who` labelled. Raises Invalid."""
    rows = _of_coco(document) if looks_coco(document) else _of_datumaro(document)
    said = list(_said(rows, (who, is_gold), collector))
    if not any(one.labels for one in said):
        sentence = "No item of the dataset carries a label."
        raise Invalid(sentence)
    return Exported(said, "", None)


def _said(rows: Iterable[_Row], by: tuple[str, bool], collector: Told) -> Iterator[Said]:
    who, is_gold = by
    for place, (item, held) in enumerate(rows, start=1):
        if not held or not item:
            collector.note(f"item {place}", "It carries no label, and is not counted.")
            if item:
                yield Said(cut(item, 300), who, (), None, is_gold, (), is_work=False)
            continue
        if any(mark is None for _, mark in held) and any(mark for _, mark in held):
            collector.note(f"item {place}", ONLY_CLASS)
        known = [mark for _, mark in held if mark is not None]
        shapes = kept_marks(known, f"item {place}", collector)
        labels = tuple(label for label, _ in held)
        yield Said(cut(item, 300), who, labels, None, is_gold, shapes)


def _of_datumaro(document: Mapping[str, object]) -> Iterator[_Row]:
    known = mapping(mapping(document["categories"]).get("label"))
    names = [word(one.get("name")) for one in objects(known.get("labels"))]
    for one in listed(document["items"], MOST_ITEMS):
        held = mapping(one)
        parts = objects(held.get("annotations"), MOST_ITEMS)
        yield (
            word(held.get("id")),
            [(label, _mark(part, label)) for part in parts if (label := _named(part, names))],
        )


def _named(part: Mapping[str, object], names: Sequence[str]) -> str:
    place = part.get("label_id")
    is_known = isinstance(place, int) and 0 <= place < len(names)
    return cut(names[place], 200) if is_known and isinstance(place, int) else ""


def _of_coco(document: Mapping[str, object]) -> Iterator[_Row]:
    names = {
        one.get("id"): cut(word(one.get("name")), 200)
        for one in objects(document["categories"])
        if isinstance(one.get("id"), int | str)
    }
    by_image: dict[object, list[tuple[str, Mark | None]]] = {
        one.get("id"): []
        for one in objects(document["images"], MOST_ITEMS)
        if isinstance(one.get("id"), int | str)
    }
    for part in objects(document["annotations"], MOST_SHAPES):
        image, category = part.get("image_id"), part.get("category_id")
        if isinstance(image, int | str) and isinstance(category, int | str):
            label = names.get(category, "")
            if label and image in by_image:
                by_image[image].append((label, _mark(part, label)))
    for one in objects(document["images"], MOST_ITEMS):
        key = one.get("id")
        if isinstance(key, int | str):
            yield word(one.get("file_name")) or str(key), by_image[key]


def _mark(part: Mapping[str, object], label: str) -> Mark | None:
    """Return the one polygon of a shape, else its box; None where it has neither."""
    rings = listed(part.get("segmentation"), MOST_ITEMS)
    points = listed(part.get("points") or (rings[0] if len(rings) == 1 else ()), 200_000)
    if points and word(part.get("type")) in ("", "polygon"):
        pairs = [points[place : place + 2] for place in range(0, len(points), 2)]
        return marks.polygon(label, pairs)
    sides = listed(part.get("bbox"), MOST_ITEMS)
    if len(sides) != 4 or not all(isinstance(one, int | float) for one in sides):
        return None
    x, y, wide, high = (float(str(one)) for one in sides)
    turn = mapping(part.get("attributes")).get("rotation")
    return marks.box(label, (x, y, x + wide, y + high), turn)
