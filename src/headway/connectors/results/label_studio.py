"""Label Studio's exports: JSON (tasks with annotations); JSON-MIN and CSV (an annotation a row)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice

from headway.connectors.results.base import (
    Asked,
    Mark,
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
from headway.connectors.results.documents import json_items, table_rows
from headway.connectors.results.label_studio_regions import marks_of
from headway.connectors.results.labelling import (
    MOST_ITEMS,
    ONLY_CLASS,
    Said,
    kept_marks,
    opaque,
    tell_labels,
)
from headway.errors import Invalid

TOOL = "label-studio"

#: Keys of a JSON-MIN row that are no label, and the usual names of what was shown.
_ABOUT = frozenset(
    {"id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time", "agreement"}
)
_SHOWN = frozenset(
    {"image", "text", "audio", "video", "html", "url", "file", "csv", "pdf", "title", "body"}
)


#: Members of a list that are looked at to know whose it is; annotations of one task.
_LOOKED_AT = 50
_MOST_ANNOTATIONS = 1_000


def looks_text(start: str) -> bool:
    """Say whether a text is a JSON list whose first members are of Label Studio."""
    if not start.startswith("["):
        return False
    try:
        return _is_any(islice(json_items(start), _LOOKED_AT))
    except Invalid:
        return False


def looks_table(start: str) -> bool:
    """Say whether a text begins as a table that Label Studio exports."""
    head = start.split("\n", 1)[0][:20_000].replace('"', "").strip()
    return {"annotator", "annotation_id", "id"} <= set(head.replace("\t", ",").split(","))


def _is_any(members: Iterable[object]) -> bool:
    return any(_is_task(one) or _is_row(one) for one in islice(members, _LOOKED_AT))


def _is_task(one: object) -> bool:
    held = mapping(one)
    return isinstance(held.get("annotations"), list) and isinstance(held.get("data"), dict)


def _is_row(one: object) -> bool:
    return {"annotator", "annotation_id"} <= set(mapping(one))


def read_text(text: str, asked: Asked) -> Results:
    """Return what an export in JSON says, task by task: only one is in memory. Raises Invalid."""
    return _read(json_items(text), asked)


def read_table(text: str, asked: Asked) -> Results:
    """Return what an export in CSV (or with tabs) says. Raises Invalid."""
    head = text.lstrip().split("\n", 1)[0]
    rows = table_rows(text, "\t" if head.count("\t") > head.count(",") else ",")
    names = next(rows, ())
    return _read(
        ({name: _cell(cell) for name, cell in zip(names, row, strict=False)} for row in rows),
        asked,
    )


def _cell(cell: str) -> object:
    """Return a cell as the value that it holds: lists and objects are written as JSON."""
    if not cell.startswith(("[", "{")):
        return cell
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return cell


def _read(members: Iterable[object], asked: Asked) -> Results:
    """Return the deliveries of an export by day, and who labelled what."""
    collector = told(TOOL, asked, asked.at)
    rows = _counted(members)
    first = list(islice(rows, _LOOKED_AT))
    whole = chain(first, rows)
    if any(_is_task(one) for one in first):
        said = list(_of_tasks(whole, collector))
    else:
        said = list(_of_rows([mapping(one) for one in whole], collector))
    if not said:
        sentence = "The export holds no finished annotation; export completed tasks."
        raise Invalid(sentence)
    newest = max((one.moment for one in said if one.moment is not None), default=None)
    if newest is None:
        collector.note("time", "The file names no time; the time of sending is taken.")
    collector.observed_at = newest or asked.at
    project = next((str(mapping(one)["project"]) for one in first
                    if isinstance(mapping(one).get("project"), int)), "")  # fmt: skip
    return tell_labels(collector, said, project, tool=TOOL)


def _counted(members: Iterable[object]) -> Iterator[object]:
    """Yield members of a list. Raises Invalid where they are too many."""
    for place, one in enumerate(members):
        if place >= MOST_ITEMS:
            sentence = f"The file holds more than {MOST_ITEMS:,} tasks or rows. Split it."
            raise Invalid(sentence)
        yield one


def _of_tasks(rows: Iterable[object], collector: Told) -> Iterator[Said]:
    for place, row in enumerate(rows, start=1):
        task = mapping(row)
        item = task.get("id")
        if not isinstance(item, int | str) or not _is_task(row):
            collector.note(f"task {place}", "It has no id or no annotations, and was left out.")
            continue
        for one in objects(task["annotations"], _MOST_ANNOTATIONS):
            if one.get("was_cancelled"):
                continue
            when = moment(one.get("created_at")) or moment(one.get("updated_at"))
            who = opaque(one.get("completed_by"), "ls")
            parts = list(objects(one.get("result"), MOST_ITEMS))
            labels = tuple(_labels(parts))
            marks = _marks(parts, f"task {item}", collector)
            is_gold = bool(one.get("ground_truth"))
            yield Said(str(item), who, labels, when, is_gold, marks)


def _marks(parts: Iterable[Mapping[str, object]], where: str, collector: Told) -> tuple[Mark, ...]:
    """Return the regions of an annotation, at most so many as are compared."""
    found: list[Mark] = []
    is_odd = False
    for part in parts:
        shapes, odd = marks_of(part)
        is_odd |= odd
        found += shapes
    if is_odd:
        collector.note(where, ONLY_CLASS)
    return kept_marks(found, where, collector)


def _labels(parts: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """Yield the classes of an annotation's regions and choices; texts and ratings as they are."""
    for part in parts:
        value = mapping(part.get("value"))
        for key, held in value.items():
            if key == "choices" or key.endswith("labels"):
                yield from (cut(one, 200) for one in listed(held) if isinstance(one, str))
            elif key == "rating" and isinstance(held, int):
                yield str(held)


def _of_rows(rows: Sequence[Mapping[str, object]], collector: Told) -> Iterator[Said]:
    column = _column(rows)
    for place, row in enumerate(rows, start=1):
        held = row.get(column)
        labels = tuple(_flat(held))
        item = row.get("id")
        if not labels or not isinstance(item, int | str):
            collector.note(f"row {place}", "It has no id or no label, and was left out.")
            continue
        when = moment(row.get("created_at")) or moment(row.get("updated_at"))
        # A region stands in the row as it stands in a result, sizes of the image beside it.
        parts = [{**one, "value": one} for one in objects(held, MOST_ITEMS)]
        marks = _marks(parts, f"row {place}", collector)
        yield Said(str(item), opaque(row.get("annotator"), "ls"), labels, when, False, marks)


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
