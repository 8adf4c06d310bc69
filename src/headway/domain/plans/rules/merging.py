"""What an import of a tracker changes: what the tracker changed since, and nothing else.

Three things are compared: what the last import brought, what the tracker says now, and what stands
in the plan. Where only the tracker moved, the plan follows; where a person changed the plan, theirs
is kept, and a difference is said. How far an item is, is never typed against the tracker: there its
latest word counts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from headway.connectors.work import WorkRow
from headway.domain.plans.rules.importing import LONGEST_KEY

#: What a tracker states of an item; all else (needs, attempts, money, what is left) is Headway's.
STATED = (
    "name",
    "kind",
    "owner",
    "estimate",
    "distribution",
    "not_before",
    "deadline",
    "started",
    "finished",
)
#: Fields whose latest word is the tracker's, whoever changed the plan.
PROGRESS = frozenset({"started", "finished"})
#: How far the team's history must move a range before the plan takes it, as a share of it.
_DRIFT = 0.1

#: `[predecessor, kind, lag]` of each link an import brought.
Links = Sequence[Sequence[object]]


@dataclass(frozen=True, slots=True)
class Brought:
    """What an import made of an item: the numbers it was `said`, its `fields`, its `links`."""

    said: Sequence[object]
    fields: Mapping[str, object]
    links: Links

    def as_json(self) -> dict[str, Any]:
        """Return plain JSON that `brought_from` reads."""
        links = [list(link) for link in self.links]
        return {"said": list(self.said), "fields": dict(self.fields), "links": links}


def brought_from(held: Mapping[str, Any] | None) -> Brought | None:
    """Return what was kept, None where nothing was."""
    return Brought(held["said"], held["fields"], held["links"]) if held else None


def said_of(row: WorkRow) -> list[object]:
    """Return the numbers that a range was made of, as JSON."""
    due = row.due.isoformat() if row.due and row.estimate is None else None
    return [row.estimate, row.unit.value, row.low, row.high, due]


@dataclass(frozen=True, slots=True)
class Merged:
    """Which fields the plan takes, what is remembered as brought, and what was kept instead."""

    changes: Mapping[str, object]
    fields: Mapping[str, object]
    kept: Sequence[str]


def merge(
    now: Mapping[str, object],
    told: Mapping[str, object],
    before: Brought | None,
    said: Sequence[object],
) -> Merged:
    """Return what becomes of an item that stands `now` and is `told` so (both as plain JSON)."""
    if before is None:
        return Merged({name: told[name] for name in told if told[name] != now[name]}, told, ())
    fields = dict(told)
    if list(before.said) == list(said) and _is_near(told, before.fields):
        for name in ("estimate", "distribution"):
            fields[name] = before.fields.get(name)
    moved = {name for name, value in fields.items() if value != before.fields.get(name)}
    if moved & PROGRESS:  # a start without its finish would be of two stories
        moved |= PROGRESS
    differing = {name for name in moved if fields[name] != now[name]}
    taken = {name for name in differing if name in PROGRESS or now[name] == before.fields.get(name)}
    changes = {name: fields[name] for name in STATED if name in taken}
    return Merged(changes, fields, [name for name in STATED if name in differing - taken])


def _is_near(told: Mapping[str, object], before: Mapping[str, object]) -> bool:
    """Say whether a range moved by less than it takes to be news."""
    new, old = told.get("estimate"), before.get("estimate")
    if not isinstance(new, list) or not isinstance(old, list) or len(new) != len(old):
        return False
    pairs = zip(new, old, strict=True)
    return all(abs(one - other) <= _DRIFT * max(abs(other), 1e-9) for one, other in pairs)


def is_untouched(now: Mapping[str, object], before: Brought) -> bool:
    """Say whether an item stands as the import brought it."""
    return all(now[name] == value for name, value in before.fields.items())


def fitting(rows: Iterable[WorkRow]) -> list[WorkRow]:
    """Return rows whose keys a plan can hold; a longer one keeps its end, behind a digest."""
    return [
        replace(
            row,
            key=fitting_key(row.key),
            parent=fitting_key(row.parent),
            links=tuple(replace(link, other=fitting_key(link.other)) for link in row.links),
            blocks=tuple(map(fitting_key, row.blocks)),
        )
        for row in rows
    ]


def fitting_key(key: str) -> str:
    """Return the key under which an item of a tracker stands in a plan."""
    if len(key) <= LONGEST_KEY:
        return key
    digest = hashlib.sha256(key.encode()).hexdigest()[:8]
    return f"{digest}~{key[-(LONGEST_KEY - 9) :]}"
