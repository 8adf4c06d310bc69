"""What an import would change: the file's items, links and needs compared with those held.

Pure, so that the preview and the import cannot disagree: both compare here, one of them writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid4

from headway.analysis.schedule.plan import Item, LagUnit, Link, Plan
from headway.domain.plans.rules.importing import item_fields
from headway.domain.plans.rules.joining import (
    DependencyFacts,
    ItemFacts,
    JoinedParts,
    NeedFacts,
)

Place = TypeVar("Place", bound=tuple[str, ...])
Value = TypeVar("Value")
#: Item, predecessor, kind of link; its lag and what the lag counts.
LinkPlace = tuple[str, str, str]
LagValue = tuple[float, str]
#: Item, resource.
NeedPlace = tuple[str, str]
Fields = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class HeldParts:
    """What a project holds: its items, and what the file's items wait for and need."""

    items: Mapping[str, tuple[UUID, Fields]]
    links: Mapping[LinkPlace, tuple[UUID, LagValue]]
    needs: Mapping[NeedPlace, tuple[UUID, float]]


@dataclass(frozen=True, slots=True)
class Scale:
    """How the file's numbers become the program's: working days of a unit, currency, owners."""

    days: float
    currency: str
    owners: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Difference(Generic[Place, Value]):
    """What is `wanted` and what is held: added, given another value, taken away."""

    wanted: Mapping[Place, Value]
    fresh: Sequence[Place]
    moved: Mapping[UUID, Value]
    gone: Sequence[UUID]
    items: frozenset[str]  #: whose links or needs these are


@dataclass(frozen=True, slots=True)
class Changes:
    """What an import would change. `fields` and `ids` are of every item of the file."""

    fields: Mapping[str, Fields]
    ids: Mapping[str, UUID]
    fresh: frozenset[str]
    updated: frozenset[str]
    missing: Sequence[str]  #: items that the file no longer has; they stay
    links: Difference[LinkPlace, LagValue]
    needs: Difference[NeedPlace, float]

    @property
    def changed(self) -> frozenset[str]:
        """Return the items of which anything changes; each once."""
        return self.fresh | self.updated | self.links.items | self.needs.items


def changes_of(plan: Plan, scale: Scale, held: HeldParts) -> Changes:
    """Return what `plan` changes of what is `held`; nothing when it was imported before."""
    fields = {
        item.id: _fields(item, order, scale, held.items.get(item.id))
        for order, item in enumerate(plan.items)
    }
    there = held.items
    needs = {(item.id, name): units for item in plan.items for name, units in item.needs.items()}
    return Changes(
        fields,
        {key: there[key][0] if key in there else uuid4() for key in fields},
        frozenset(key for key in fields if key not in there),
        frozenset(key for key in fields if key in there and _differs(there[key][1], fields[key])),
        sorted(there.keys() - fields.keys()),
        _difference(held.links, _wanted_links(plan, scale.days)),
        _difference(held.needs, needs),
    )


def _fields(item: Item, order: int, scale: Scale, there: tuple[UUID, Fields] | None) -> Fields:
    fields = item_fields(item, order, scale.days, scale.currency)
    if not scale.owners:
        return fields
    return fields | {"owner": scale.owners.get(item.id) or (there[1]["owner"] if there else "")}


def _differs(held: Fields, wanted: Fields) -> bool:
    return any(held[name] != value for name, value in wanted.items())


def _wanted_links(plan: Plan, days: float) -> dict[LinkPlace, LagValue]:
    def lag(link: Link) -> float:
        if link.unit is LagUnit.PERCENT:
            return link.lag
        if link.unit is LagUnit.WORKING:
            return link.lag * days
        # Elapsed lags count days of the wall, not of work.
        return link.lag * {"hours": 1 / 24, "days": 1.0, "weeks": 7.0}[plan.unit.value]

    return {
        (item.id, link.predecessor, link.type.value): (lag(link), link.unit.value)
        for item in plan.items
        for link in item.after
    }


def _difference(
    held: Mapping[Place, tuple[UUID, Value]], wanted: Mapping[Place, Value]
) -> Difference[Place, Value]:
    fresh = [place for place in wanted if place not in held]
    moved = [place for place, value in wanted.items() if place in held and held[place][1] != value]
    gone = [place for place in held if place not in wanted]
    return Difference(
        wanted,
        fresh,
        {held[place][0]: wanted[place] for place in moved},
        [held[place][0] for place in gone],
        frozenset(str(place[0]) for place in (*fresh, *moved, *gone)),
    )


def parts_after(
    parts: JoinedParts,
    project_id: UUID,
    changes: Changes,
    delayed: Mapping[UUID, Iterable[str]],
) -> JoinedParts:
    """Return a program's `parts` as they would stand after the import: the file's in their place.

    `delayed` holds the keys of the items that each of the file's risks delays.
    """
    ids = changes.ids
    mine = frozenset(ids.values())
    held = {row.id: row for row in parts.items if row.id in mine}
    items = [row for row in parts.items if row.id not in mine]
    items += [
        _item(ids[key], key, project_id, fields, held.get(ids[key]))
        for key, fields in changes.fields.items()
    ]
    places = {one: place for place, one in enumerate(parts.slugs)}
    items.sort(key=lambda row: (places[row.project_id], row.order, row.key))
    kept = [
        row
        for row in parts.dependencies
        if not (row.item_id in mine and row.predecessor_id in mine)
    ]
    links = [
        DependencyFacts(ids[item], ids[before], kind, lag, unit)
        for (item, before, kind), (lag, unit) in changes.links.wanted.items()
    ]
    resources = {row.name: row.id for row in parts.resources}
    needs = [row for row in parts.needs if row.item_id not in mine]
    needs += [
        NeedFacts(ids[item], resources[name], units)
        for (item, name), units in changes.needs.wanted.items()
    ]
    effects = {risk: [ids[key] for key in keys] for risk, keys in delayed.items()}
    return replace(
        parts,
        items=items,
        dependencies=[*kept, *links],
        needs=needs,
        effects={**parts.effects, **effects},
    )


def _item(
    item_id: UUID, key: str, project_id: UUID, fields: Mapping[str, Any], held: ItemFacts | None
) -> ItemFacts:
    """Return an item as the file leaves it; who does it plays no part in the network."""
    owner, version = (held.owner, held.version) if held else ("", 1)
    place = {"id": item_id, "workspace_id": project_id, "project_id": project_id, "key": key}
    kept = {"levelled_start": held.levelled_start if held else None}
    return ItemFacts(**{**place, **kept, "owner": owner, "version": version, **fields})
