"""Label Studio's exports: JSON (tasks with annotations) and JSON-MIN (one annotation a row)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from headway.connectors.results.base import (
    Asked,
    Results,
    Told,
    cut,
    listed,
    mapping,
    moment,
    objects,
    told,
    word,
)
from headway.connectors.results.labelling import MOST_ITEMS, Said, opaque, tell_labels
from headway.errors import Invalid

TOOL = "label-studio"

#: Keys of a JSON-MIN row that are no label, and the usual names of what was shown.
_ABOUT = frozenset(
    {"id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time", "agreement"}
)
_SHOWN = frozenset(
    {"image", "text", "audio", "video", "html", "url", "file", "csv", "pdf", "title", "body"}
)


def looks(document: object) -> bool:
    """Say whether a JSON document is an export of Label Studio."""
    if not isinstance(document, list) or not document:
        return False
    return any(_is_task(one) or _is_row(one) for one in document[:50])


def _is_task(one: object) -> bool:
    held = mapping(one)
    return isinstance(held.get("annotations"), list) and isinstance(held.get("data"), dict)


def _is_row(one: object) -> bool:
    return {"annotator", "annotation_id"} <= set(mapping(one))


def read(document: object, asked: Asked) -> Results:
    """Return the deliveries of an export by day, and who labelled what. Raises Invalid."""
    rows = listed(document, MOST_ITEMS)
    collector = told(TOOL, asked, _newest(rows))
    if any(_is_task(one) for one in rows):
        said = list(_of_tasks(rows, collector))
        project = next((str(mapping(one)["project"]) for one in rows
                        if isinstance(mapping(one).get("project"), int)), "")  # fmt: skip
    else:
        said = list(_of_rows([mapping(one) for one in rows], collector))
        project = ""
    if not said:
        sentence = "The export holds no finished annotation; export completed tasks."
        raise Invalid(sentence)
    return tell_labels(collector, said, project, tool=TOOL)


def _newest(rows: Sequence[object]) -> datetime | None:
    """Return when the newest annotation was made, by tasks or by rows."""
    parts = [one for row in rows for one in objects(mapping(row).get("annotations"), MOST_ITEMS)]
    moments = [moment(one.get("created_at")) for one in parts or map(mapping, rows)]
    return max((one for one in moments if one is not None), default=None)


def _of_tasks(rows: Sequence[object], collector: Told) -> Iterator[Said]:
    for place, row in enumerate(rows, start=1):
        task = mapping(row)
        item = task.get("id")
        if not isinstance(item, int | str) or not _is_task(row):
            collector.note(f"task {place}", "It has no id or no annotations, and was left out.")
            continue
        for one in objects(task["annotations"]):
            if one.get("was_cancelled"):
                continue
            labels = tuple(_labels(one.get("result")))
            if not labels:
                collector.note(f"task {item}", "An annotation holds no label, and was left out.")
                continue
            when = moment(one.get("created_at")) or moment(one.get("updated_at"))
            who = opaque(one.get("completed_by"), "ls")
            yield Said(str(item), who, labels, when, is_gold=bool(one.get("ground_truth")))


def _labels(result: object) -> Iterator[str]:
    """Yield the classes of an annotation's regions and choices; texts and ratings as they are."""
    for part in objects(result, MOST_ITEMS):
        value = mapping(part.get("value"))
        for key, held in value.items():
            if key == "choices" or key.endswith("labels"):
                yield from (cut(one, 200) for one in listed(held) if isinstance(one, str))
            elif key == "rating" and isinstance(held, int):
                yield str(held)


def _of_rows(rows: Sequence[Mapping[str, object]], collector: Told) -> Iterator[Said]:
    column = _column(rows)
    for place, row in enumerate(rows, start=1):
        labels = tuple(_flat(row.get(column)))
        item = row.get("id")
        if not labels or not isinstance(item, int | str):
            collector.note(f"row {place}", "It has no id or no label, and was left out.")
            continue
        when = moment(row.get("created_at")) or moment(row.get("updated_at"))
        yield Said(str(item), opaque(row.get("annotator"), "ls"), labels, when)


def _column(rows: Sequence[Mapping[str, object]]) -> str:
    """Return which column holds the labels. Raises Invalid where it is not one alone."""
    known = {key for row in rows for key, held in row.items() if any(True for _ in _flat(held))}
    asked = sorted(known - _ABOUT - _SHOWN)
    structured = [
        key for key in asked if any(isinstance(row.get(key), dict | list) for row in rows)
    ]
    found = structured or asked
    if len(found) != 1:
        sentence = (
            f"The JSON-MIN export has {len(found)} columns that may hold the labels "
            f"({', '.join(found)[:100] or 'none'}); export as JSON, which says which it is."
        )
        raise Invalid(sentence)
    return found[0]


def _flat(held: object) -> Iterator[str]:
    if isinstance(held, str) and held:
        yield cut(held, 200)
    elif isinstance(held, dict):
        yield from (cut(one, 200) for one in listed(held.get("choices")) if isinstance(one, str))
    elif isinstance(held, list):
        for part in objects(held):
            for key, value in part.items():
                if key.endswith("labels"):
                    yield from (cut(one, 200) for one in listed(value) if word(one))
