"""Parents and children of a table: the work is counted once, where its estimate stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from headway.connectors.work import WorkRow
from headway.domain.plans.rules.importing import Skipped

#: A link to a parent becomes links to its parts, unless there are more than these.
_MOST_PARTS = 50


def families(
    rows: Sequence[WorkRow], skipped: list[Skipped]
) -> tuple[list[WorkRow], Mapping[str, Sequence[str]]]:
    """Return the rows that are work themselves, and for each key of the table those it stands for.

    A parent (an epic, a summary task) is left out, unless only it has an estimate: then its parts
    are. A circle of parents counts as no family.
    """
    by_key = {row.key: row for row in rows}
    children: dict[str, list[str]] = {}
    for row in rows:
        if row.parent in by_key and not _is_circle(row, by_key):
            children.setdefault(row.parent, []).append(row.key)
    if not children:
        return list(rows), dict(zip(by_key, zip(by_key, strict=True), strict=True))
    gone = _left_out(by_key, children)
    _tell(by_key, gone, children, skipped)
    places = {key: gone.get(key, (key,)) for key in by_key}
    return [row for row in rows if row.key not in gone], {
        key: tuple(one for one in there if one not in gone) for key, there in places.items()
    }


def _left_out(
    by_key: Mapping[str, WorkRow], children: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, ...]]:
    """Return the rows that are not work themselves, each with what stands for it."""
    gone: dict[str, tuple[str, ...]] = {}
    for key in children:
        if key in gone:
            continue
        parts = _below(key, children)
        if by_key[key].estimate and not any(by_key[part].estimate for part in parts):
            gone |= dict.fromkeys(parts, (key,))
    for key in children:
        if key not in gone and not any(gone.get(part) == (key,) for part in children[key]):
            parts = [part for part in _below(key, children) if part not in children]
            gone[key] = tuple(parts[:_MOST_PARTS])
    return gone


def _is_circle(row: WorkRow, by_key: Mapping[str, WorkRow]) -> bool:
    seen = {row.key}
    above = by_key.get(row.parent)
    while above is not None:
        if above.key in seen:
            return True
        seen.add(above.key)
        above = by_key.get(above.parent)
    return False


def _below(key: str, children: Mapping[str, Sequence[str]]) -> list[str]:
    found, waiting = [], list(children.get(key, ()))
    while waiting:
        part = waiting.pop()
        found.append(part)
        waiting += children.get(part, ())
    return sorted(found)


def _tell(
    by_key: Mapping[str, WorkRow],
    gone: Mapping[str, tuple[str, ...]],
    children: Mapping[str, Sequence[str]],
    skipped: list[Skipped],
) -> None:
    for key in gone:
        line = by_key[key].where.removeprefix("line ")
        number = int(line) if line.isdigit() else None
        count = len(children.get(key, ()))
        if len(gone[key]) == 1 and gone[key][0] not in children.get(key, ()):
            reason = f"'{key}' is a part of '{gone[key][0]}', which carries the estimate."
        else:
            reason = f"'{key}' is the sum of {count} other items; they are the work."
        skipped.append(Skipped(number, reason))
