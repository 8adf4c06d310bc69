"""CVAT's XML 1.1: images with tags and shapes, and tracks of a video, of a task, job or project.

Boxes are turned about their centre, clockwise (docs.cvat.ai, XML annotation format). A video's item
is its frame: each track counts on the frames on which it is not outside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from headway.connectors.results import marks
from headway.connectors.results.base import Asked, Mark, Results, Told, cut, moment, told
from headway.connectors.results.documents import xml_parts
from headway.connectors.results.labelling import (
    MOST_ITEMS,
    ONLY_CLASS,
    Exported,
    Said,
    kept_marks,
    opaque,
    tell_labels,
)
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
    collector = told(TOOL, asked, asked.at)
    found = exported(text, collector)
    if found.moment is None:
        collector.note("time", "The file names no time; the time of sending is taken.")
    collector.observed_at = found.moment or asked.at
    return tell_labels(collector, found.said, found.name, tool=TOOL)


def exported(text: str, collector: Told, who: str = "", *, is_gold: bool = False) -> Exported:
    """Return what one export says. `who` labelled where it names nobody. Raises Invalid."""
    meta = next(xml_parts(text, of=("meta",)), None)
    part = next((one for one in (meta if meta is not None else ()) if one.tag != "dumped"), None)
    when = _moment(part, "updated") or _moment(meta, "dumped")
    raters = _raters(part, who)
    said: list[Said] = []
    by_frame: dict[int, list[tuple[str, Mark | None]]] = {}
    for place, one in enumerate(xml_parts(text, of=("image", "track")), start=1):
        if place > MOST_ITEMS:
            sentence = f"The file holds more than {MOST_ITEMS:,} images. Split it."
            raise Invalid(sentence)
        if one.tag == "track":
            _track(one, by_frame)
            continue
        rater = raters.get(one.get("task_id") or "", raters[""])
        said += _image(one, place, (rater, when, is_gold), collector)
    for frame, held in sorted(by_frame.items()):
        said.append(_frame(frame, held, (raters[""], when, is_gold), collector))
    if not said:
        sentence = "The XML file is no export of CVAT 1.1: it holds no image and no track."
        raise Invalid(sentence)
    if not any(one.labels for one in said):
        sentence = "No image of the export carries a label."
        raise Invalid(sentence)
    name = f"{part.tag} {_text(part, 'id')}" if part is not None else ""
    return Exported(said, name, when)


def _raters(part: Element | None, who: str) -> dict[str, str]:
    """Return who labelled, by task of a project; "" is everybody else."""
    own = _text(part, "assignee/username") or _text(part, "assignee")
    found = {"": opaque(own, "cvat") or who}
    for task in part.iterfind("tasks/task") if part is not None else ():
        name = _text(task, "assignee/username") or _text(task, "assignee")
        if name:
            found[_text(task, "id")] = opaque(name, "cvat")
    return found


_By = tuple[str, datetime | None, bool]


def _image(image: Element, place: int, by: _By, collector: Told) -> Iterator[Said]:
    """Yield what was said of an image; of an empty one nobody knows whether it was looked at."""
    who, when, is_gold = by
    name = cut(image.get("name") or image.get("id") or "", 300)
    held = [(label, _mark(one, label)) for one in image if (label := _label(one))]
    if not held or not name:
        collector.note(f"image {place}", "It carries no label, and is not counted.")
        if name:
            yield Said(name, who, (), when, is_gold, (), is_work=False)
        return
    if any(_is_odd(one) for one in image):
        collector.note(f"image {place}", ONLY_CLASS)
    shapes = [mark for _, mark in held if mark is not None]
    known = kept_marks(shapes, f"image {place}", collector)
    yield Said(name, who, tuple(label for label, _ in held), when, is_gold, known)


def _label(shape: Element) -> str:
    return cut(shape.get("label") or "", 200) if shape.tag in _SHAPES else ""


def _is_odd(shape: Element) -> bool:
    """Say whether a shape's area cannot be compared."""
    return shape.tag in _SHAPES and shape.tag != "tag" and _mark(shape, "-") is None


def _mark(shape: Element, label: str) -> Mark | None:
    """Return a shape as a region; None for a tag, and for what has no area."""
    turn = shape.get("rotation")
    if shape.tag == "box":
        sides = [shape.get(name) for name in ("xtl", "ytl", "xbr", "ybr")]
        return marks.box(label, sides, turn)
    if shape.tag == "ellipse":
        return marks.ellipse(label, [shape.get(name) for name in ("cx", "cy", "rx", "ry")], turn)
    if shape.tag == "polygon":
        points = (shape.get("points") or "").split(";")[:100_000]
        return marks.polygon(label, [one.split(",") for one in points])
    return None


def _track(track: Element, by_frame: dict[int, list[tuple[str, Mark | None]]]) -> None:
    """Add a track's shapes to the frames that it is seen on."""
    label = cut(track.get("label") or "", 200)
    for shape in track:
        frame = shape.get("frame") or ""
        is_seen = shape.get("outside") != "1" and shape.tag in _SHAPES
        if label and is_seen and frame.isascii() and frame.isdigit() and len(frame) < 10:
            by_frame.setdefault(int(frame), []).append((label, _mark(shape, label)))
    if len(by_frame) > MOST_ITEMS:
        sentence = f"The file holds more than {MOST_ITEMS:,} frames. Split it."
        raise Invalid(sentence)


def _frame(frame: int, held: Sequence[tuple[str, Mark | None]], by: _By, collector: Told) -> Said:
    who, when, is_gold = by
    name = f"frame {frame}"
    known = kept_marks([mark for _, mark in held if mark is not None], name, collector)
    return Said(name, who, tuple(label for label, _ in held), when, is_gold, known)


def _text(part: Element | None, path: str) -> str:
    found = part.findtext(path) if part is not None else None
    return cut(found or "", 200).strip()


def _moment(part: Element | None, path: str) -> datetime | None:
    text = _text(part, path)
    return moment(text.replace("Z", "+00:00")) if text else None
