"""Regions of Label Studio's results: rectangles, polygons, ellipses, spans of text and time.

Coordinates are percent of the image; a rectangle is turned clockwise about its top left corner
(labelstud.io/guide/task_format and tags). They become pixels, since a turn needs them, where the
result names the image's size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from headway.connectors.results import marks
from headway.connectors.results.base import Mark, cut, listed, mapping, number, objects, word

#: Ways to mark without an area that two could share, or that is not read: only the class counts.
_ONLY_CLASS = ("brushlabels", "keypointlabels", "keypoint", "brush", "relation", "video")
_Make = Callable[[str], Mark | None]
#: What stands for the class of a region that has none.
UNNAMED = "region"


def marks_of(part: Mapping[str, object]) -> tuple[Sequence[Mark], bool]:
    """Return the regions of one result, and whether something in it could not be compared."""
    value = mapping(part.get("value"))
    labels = [cut(one, 200) for one in _named(value)]
    sort = word(part.get("type"))
    if not labels and sort not in ("rectangle", "polygon", "ellipse"):
        return (), False
    if any(sort.startswith(one) for one in _ONLY_CLASS) or "sequence" in value:
        return (), True
    places = list(_shapes(part, value))
    found = [shape for label in labels or [UNNAMED] for make in places if (shape := make(label))]
    return found, len(found) < len(places) * len(labels or [UNNAMED])


def _named(value: Mapping[str, object]) -> Iterator[str]:
    for key, held in value.items():
        if key.endswith("labels"):
            yield from (one for one in listed(held) if isinstance(one, str))


def _shapes(part: Mapping[str, object], value: Mapping[str, object]) -> Iterator[_Make]:
    """Yield what makes each shape of a value, given its class."""
    if "points" in value:
        corners = [listed(one) for one in listed(value["points"], 100_000)]
        scaled = [_scaled(part, one) for one in corners]
        yield lambda label: marks.polygon(label, scaled)
    elif "radiusX" in value:
        parts = _scaled(part, [value.get(name) for name in ("x", "y", "radiusX", "radiusY")])
        yield lambda label: marks.ellipse(label, parts, value.get("rotation"))
    elif {"x", "y", "width", "height"} <= set(value):
        yield _box(part, value)
    elif "ranges" in value:
        yield from (_span(part, one, value) for one in objects(value["ranges"]))
    elif "start" in value:
        yield _span(part, mapping(value.get("globalOffsets")) or value, value)


def _box(part: Mapping[str, object], value: Mapping[str, object]) -> _Make:
    x, y, wide, high = (number(value[name]) for name in ("x", "y", "width", "height"))
    if x is None or y is None or wide is None or high is None:
        return lambda _: None
    corners = _scaled(part, (x, y, x + wide, y + high))
    turn = value.get("rotation") or part.get("rotation") or 0
    if turn and not _sizes(part):
        return lambda _: None  # percent of two lengths cannot be turned
    return lambda label: marks.box(label, corners, turn, about_center=False)


def _span(
    part: Mapping[str, object], held: Mapping[str, object], value: Mapping[str, object]
) -> _Make:
    """Return an interval: of characters, of seconds, of steps; of a paragraph by its number."""
    start, end = held.get("start"), held.get("end")
    place = f"{word(part.get('to_name'))} {value.get('channel', '')}".strip()
    if "startOffset" in held and start == end:
        place = f"{place} {cut(start, 60)}"
        start, end = held.get("startOffset"), held.get("endOffset")
    return lambda label: marks.span(label, start, end, place)


def _scaled(part: Mapping[str, object], values: Sequence[object]) -> Sequence[object]:
    """Return percent as pixels, x and y in turn, where the result names the image's size."""
    sizes = _sizes(part)
    if sizes is None:
        return values
    found = [number(one) for one in values]
    return [
        None if one is None else one * sizes[place % 2] / 100 for place, one in enumerate(found)
    ]


def _sizes(part: Mapping[str, object]) -> tuple[float, float] | None:
    wide, high = number(part.get("original_width")), number(part.get("original_height"))
    return (wide, high) if wide and high and wide > 0 and high > 0 else None
