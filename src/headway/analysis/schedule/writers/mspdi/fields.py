"""The own fields in which a Microsoft Project file keeps what it has no place for.

A range stands in Duration1 to Duration3, as Microsoft Project's own PERT analysis had it; what
remains in Duration4 to Duration6; the id, kind and distribution of an item in Text28 to Text30.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from headway.analysis.schedule.plan import Estimate, Item, ItemKind
from headway.analysis.schedule.readers.xml_tree import Element
from headway.analysis.schedule.writers.mspdi.clock import FORMATS, Clock
from headway.analysis.schedule.writers.mspdi.document import element

#: FieldID → (FieldName, Alias).
FIELDS: Mapping[int, tuple[str, str]] = {
    188743783: ("Duration1", "Optimistic"),
    188743784: ("Duration2", "Most likely"),
    188743785: ("Duration3", "Pessimistic"),
    188743955: ("Duration4", "Remaining optimistic"),
    188743956: ("Duration5", "Remaining most likely"),
    188743957: ("Duration6", "Remaining pessimistic"),
    188744014: ("Text28", "Headway id"),
    188744015: ("Text29", "Headway kind"),
    188744016: ("Text30", "Headway distribution"),
}
_RANGE, _REMAINING = (188743783, 188743784, 188743785), (188743955, 188743956, 188743957)
_ID, _KIND, _SHAPE = 188744014, 188744015, 188744016


def definitions(used: set[int]) -> Element:
    """Return the definitions of the fields in use."""
    made = Element("ExtendedAttributes")
    for field, (name, alias) in FIELDS.items():
        if field in used:
            values = {"FieldID": field, "FieldName": name, "Alias": alias}
            made.children.append(element("ExtendedAttribute", values))
    return made


def values(item: Item, clock: Clock, uid: int) -> Iterator[tuple[int, Element]]:
    """Yield the fields that an item fills."""
    whole = item.estimate or (item.attempts.each if item.attempts else None)
    yield from _durations(whole, _RANGE, clock)
    yield from _durations(item.remaining, _REMAINING, clock)
    if item.id != str(uid):
        yield _text(_ID, item.id)
    if item.kind not in (ItemKind.TASK, ItemKind.MILESTONE):
        yield _text(_KIND, item.kind.value)
    if whole is not None and whole.distribution is not None:
        yield _text(_SHAPE, whole.distribution.value)


def _durations(
    estimate: Estimate | None, fields: tuple[int, ...], clock: Clock
) -> Iterator[tuple[int, Element]]:
    if estimate is None or (estimate.is_certain and fields is _RANGE):
        return
    for field, number in zip(fields, estimate.numbers, strict=True):
        held = {"FieldID": field, "Value": clock.duration(number)}
        format_ = FORMATS[clock.plan.unit]
        yield field, element("ExtendedAttribute", {**held, "DurationFormat": format_})


def _text(field: int, value: str) -> tuple[int, Element]:
    return field, element("ExtendedAttribute", {"FieldID": field, "Value": value})
