"""Datumaro's dataset as CVAT exports it: items with annotations, labels by their number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from headway.connectors.results.base import (
    Asked,
    Results,
    Told,
    cut,
    listed,
    mapping,
    objects,
    told,
    word,
)
from headway.connectors.results.labelling import MOST_ITEMS, Said, tell_labels
from headway.errors import Invalid

TOOL = "datumaro"


def looks(document: object) -> bool:
    """Say whether a JSON document is a dataset of Datumaro."""
    held = mapping(document)
    return {"categories", "items"} <= set(held) and "label" in mapping(held["categories"])


def read(document: Mapping[str, object], asked: Asked) -> Results:
    """Return the delivery of a dataset. It names no annotator and no time. Raises Invalid."""
    known = mapping(mapping(document["categories"]).get("label"))
    names = [word(one.get("name")) for one in objects(known.get("labels"))]
    collector = told(TOOL, asked)
    said = list(_said(listed(document["items"], MOST_ITEMS), names, collector))
    if not said:
        sentence = "No item of the dataset carries a label."
        raise Invalid(sentence)
    collector.note("annotators", "The dataset does not say who labelled; agreement has no number.")
    return tell_labels(collector, said, "", tool=TOOL)


def _said(items: Sequence[object], names: Sequence[str], collector: Told) -> Iterator[Said]:
    for place, one in enumerate(items, start=1):
        held = mapping(one)
        labels = tuple(_labels(held, names))
        if not labels or not word(held.get("id")):
            collector.note(f"item {place}", "It carries no label, and is not counted.")
            continue
        yield Said(cut(held["id"], 300), "", labels, None)


def _labels(item: Mapping[str, object], names: Sequence[str]) -> Iterator[str]:
    for one in objects(item.get("annotations"), MOST_ITEMS):
        number = one.get("label_id")
        if isinstance(number, int) and 0 <= number < len(names) and names[number]:
            yield cut(names[number], 200)
