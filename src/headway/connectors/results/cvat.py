"""CVAT for images 1.1 (XML): images with tags, boxes and shapes, of one task or job."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from headway.connectors.results.base import Asked, Results, Told, cut, moment, told
from headway.connectors.results.documents import xml_root
from headway.connectors.results.labelling import MOST_ITEMS, Said, opaque, tell_labels
from headway.errors import Invalid

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

TOOL = "cvat"
_SHAPES = frozenset(
    {"tag", "box", "polygon", "polyline", "points", "ellipse", "cuboid", "mask", "skeleton"}
)


def looks(start: str) -> bool:
    """Say whether an XML text begins as an export of CVAT."""
    return "<annotations>" in start[:400]


def read(text: str, asked: Asked) -> Results:
    """Return the delivery of a task or job: images by class. Raises Invalid."""
    root = xml_root(text)
    images = root.findall("image")
    if root.tag != "annotations" or not (images or root.findall("track")):
        sentence = "The XML file is no export of CVAT for images 1.1: it holds no image."
        raise Invalid(sentence)
    if len(images) > MOST_ITEMS:
        sentence = f"The file holds {len(images):,} images; {MOST_ITEMS:,} are read. Split it."
        raise Invalid(sentence)
    meta = root.find("meta")
    part = next((one for one in (meta if meta is not None else ()) if one.tag != "dumped"), None)
    when = _moment(part, "updated") or _moment(meta, "dumped")
    collector = told(TOOL, asked, when)
    if root.find("track") is not None:
        collector.note("track", "Tracks of a video are not read; export images.")
    who = opaque(_text(part, "assignee/username") or _text(part, "assignee"), "cvat")
    said = list(_said(images, who, when, collector))
    if not said:
        sentence = "No image of the export carries a label."
        raise Invalid(sentence)
    name = f"{part.tag} {_text(part, 'id')}" if part is not None else ""
    return tell_labels(collector, said, name, tool=TOOL)


def _said(
    images: list[Element], who: str, when: datetime | None, collector: Told
) -> Iterator[Said]:
    for place, image in enumerate(images, start=1):
        name = image.get("name") or image.get("id") or ""
        labels = tuple(
            cut(label, 200) for one in image if one.tag in _SHAPES and (label := one.get("label"))
        )
        if not labels or not name:
            collector.note(f"image {place}", "It carries no label, and is not counted.")
            continue
        yield Said(cut(name, 300), who, labels, when)


def _text(part: Element | None, path: str) -> str:
    found = part.findtext(path) if part is not None else None
    return cut(found or "", 200).strip()


def _moment(part: Element | None, path: str) -> datetime | None:
    text = _text(part, path)
    return moment(text.replace("Z", "+00:00")) if text else None
