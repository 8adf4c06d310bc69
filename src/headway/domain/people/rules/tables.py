"""Allocations as a table: the columns it is written with, which are read back, and others' names.

A share is written as a number with its sign (50 %), a day as 2026-03-15: what is exported and read
again changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from headway.domain.people.rules.allocations import AllocationFacts
from headway.errors import Invalid

HEADINGS = (
    "key",
    "person",
    "program",
    "project",
    "item",
    "share",
    "hours a week",
    "first day",
    "last day",
    "tentative",
    "note",
)
_FIELDS = (
    "key",
    "person",
    "program",
    "project",
    "item",
    "share",
    "weekly_hours",
    "starts_on",
    "ends_on",
    "is_tentative",
    "note",
)
#: Other headings that mean the same, in small letters.
_ALSO = {
    "who": "person",
    "resource": "person",
    "work item": "item",
    "task": "item",
    "allocation": "share",
    "percent": "share",
    "weekly hours": "weekly_hours",
    "hours": "weekly_hours",
    "from": "starts_on",
    "start": "starts_on",
    "starts on": "starts_on",
    "to": "ends_on",
    "until": "ends_on",
    "end": "ends_on",
    "ends on": "ends_on",
    "comment": "note",
}


def read_rows(
    header: Sequence[str], rows: Sequence[Sequence[str]], lines: Sequence[int]
) -> list[tuple[int, Mapping[str, object]]]:
    """Return each row as fields with its line. Raises Invalid where a column is missing or twice.

    A column that nobody knows is left out.
    """
    known = dict(zip(HEADINGS, _FIELDS, strict=True)) | {one: one for one in _FIELDS} | _ALSO
    columns = [known.get(name.strip().lower().replace("_", " "), "") for name in header]
    columns = [
        one or known.get(name.strip().lower(), "")
        for one, name in zip(columns, header, strict=True)
    ]
    used = [one for one in columns if one]
    if len(used) > len(set(used)):
        twice = next(one for one in used if used.count(one) > 1)
        sentence = f"Two columns are read as '{twice.replace('_', ' ')}'; leave one."
        raise Invalid(sentence)
    lacking = [one for one in ("person", "starts_on", "ends_on") if one not in used]
    if lacking:
        said = ", ".join(HEADINGS[_FIELDS.index(one)] for one in lacking)
        sentence = f"The table lacks: {said}. It has: {', '.join(header)[:200]}."
        raise Invalid(sentence)
    return [
        (line, {name: cell for name, cell in zip(columns, row, strict=True) if name})
        for line, row in zip(lines, rows, strict=True)
    ]


def written_rows(found: Sequence[AllocationFacts]) -> list[list[str]]:
    """Return allocations as rows below HEADINGS."""
    return [
        [
            one.key,
            one.person,
            one.program,
            one.project,
            one.item,
            f"{one.share * 100:.6g} %" if one.share is not None else "",
            f"{one.weekly_hours:g}" if one.weekly_hours is not None else "",
            one.starts_on.isoformat(),
            one.ends_on.isoformat(),
            "yes" if one.is_tentative else "",
            one.note,
        ]
        for one in found
    ]
