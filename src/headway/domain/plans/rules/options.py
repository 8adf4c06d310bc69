"""What an option or a scenario changes in the plan: changes applied to the parts of the network.

Three sorts are of items; those of links, needs, resources, risks and the program's frame are
`overrides`.

{"item": "project/key", "field": "remaining", "now": [20, 25, 40]}
{"drop": "project/key"}
{"add": "project/key", "fields": {…}, "needs": {"annotator": 2}, "after": […], "before": […]}
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from headway.analysis.schedule.plan import USUAL_PRIORITY
from headway.domain.plans.rules.inputs import ITEM_FIELDS
from headway.domain.plans.rules.joining import DependencyFacts, ItemFacts, JoinedParts, NeedFacts
from headway.domain.plans.rules.overrides import (
    MAKERS,
    address,
    item_of,
    plain,
    read_override,
)
from headway.domain.programs.rules.fields import clean, meant, number
from headway.errors import Invalid

#: How many working days a decision that waits for a week takes hold later.
WORKING_WEEK = 5.0
#: Ids of items that exist only while an option is weighed.
_SUPPOSED = UUID("6d1d3f0e-5a0e-5b57-9d0b-2f3f0f3a9c11")

_NEW = {
    "name": "",
    "kind": "task",
    "owner": "",
    "estimate": None,
    "remaining": None,
    "distribution": "",
    "attempts": None,
    "cost_minor": 0,
    "not_before": None,
    "deadline": None,
    "started": None,
    "finished": None,
    "pinned": None,
    "done": None,
    "calendar": "",
    "priority": USUAL_PRIORITY,
    "outline": (),
    "order": 0,
}


def read_change(value: object) -> dict[str, object]:
    """Read one change as JSON to keep. Raises Invalid for what is none of the sorts."""
    if isinstance(value, Mapping):
        override = read_override(value)
        if override is not None:
            return override
        keys = set(value)
        if keys == {"item", "field", "now"}:
            field = str(value["field"])
            now = clean({field: value["now"]}, ITEM_FIELDS)[field]
            return {"item": address(value["item"]), "field": field, "now": plain(now)}
        if keys == {"drop"}:
            return {"drop": address(value["drop"])}
        if "add" in keys and keys <= {"add", "fields", "needs", "after", "before"}:
            return _addition(value)
    sentence = (
        "A change is an item with a field and what it is now, or drop, or add with fields, needs, "
        "after and before, or link, unlink, need, resource, risk or program; this is "
        f"{str(value)[:80]!r}."
    )
    raise Invalid(sentence)


def _addition(value: Mapping[str, Any]) -> dict[str, object]:
    fields, needs = value.get("fields") or {}, value.get("needs") or {}
    if not isinstance(fields, Mapping) or not isinstance(needs, Mapping):
        sentence = "The fields and needs of an item to add are names with values."
        raise Invalid(sentence)
    read = clean(fields, ITEM_FIELDS)
    units = number(0, 1e6, required=True)
    return {
        "add": address(value["add"]),
        "fields": {name: plain(part) for name, part in read.items()},
        "needs": {str(name): units(f"need of {name}", amount) for name, amount in needs.items()},
        "after": _addresses(value.get("after")),
        "before": _addresses(value.get("before")),
    }


def _addresses(value: object) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list):
        sentence = "What an item waits for is a list of addresses such as reading/LABEL."
        raise Invalid(sentence)
    return [address(one) for one in value]


def touched_by(change: Mapping[str, Any]) -> str:
    """Return what a change is about as `moves` names it: an item's address, a resource, a risk."""
    for sort in ("item", "drop", "add", "link", "unlink", "need"):
        if sort in change:
            return str(change[sort])
    if "program" in change:
        return "program"
    sort = "resource" if "resource" in change else "risk"
    return f"{sort} {change[sort]}"


def with_changes(parts: JoinedParts, changes: Iterable[Mapping[str, Any]]) -> JoinedParts:
    """Return the parts of the network with the changes made. Raises Invalid for what is not there.

    The change of a real plan takes the same path through the actions of items and links; a test
    holds the two against each other.
    """
    for change in changes:
        sort = next(name for name in _SORTS if name in change)
        parts = _SORTS[sort](parts, change)
    return parts


def held_back(
    parts: JoinedParts, changes: Sequence[Mapping[str, Any]], begins: date
) -> list[dict[str, Any]]:
    """Return the changes as they would be, taken a working week later.

    What has begun goes on for that week at the old pace, and only what is left of it then takes
    the new one; what is added cannot begin before `begins`. Items that have not begun change alike.
    """
    found = _by_address(parts)
    return [_later(change, found, begins) for change in changes]


def _later(
    change: Mapping[str, Any], found: Mapping[str, ItemFacts], begins: date
) -> dict[str, Any]:
    if "add" in change:
        given = change["fields"].get("not_before")
        first = max(filter(None, [given, begins.isoformat()]))
        return {**change, "fields": {**change["fields"], "not_before": first}}
    item = found.get(str(change.get("item")))
    is_running = item is not None and item.started is not None and item.finished is None
    old = (item.remaining or item.estimate) if item is not None else None
    if not is_running or change.get("field") != "remaining" or not old or not change["now"]:
        return dict(change)
    blended = [_blend(float(was), float(now)) for was, now in zip(old, change["now"], strict=True)]
    return {**change, "now": sorted(blended)}


def _blend(was: float, now: float) -> float:
    """Return what is left when the new pace begins a working week from now."""
    if was <= WORKING_WEEK:
        return was
    return WORKING_WEEK + now * (1 - WORKING_WEEK / was)


def _by_address(parts: JoinedParts) -> dict[str, ItemFacts]:
    return {f"{parts.slugs[item.project_id]}/{item.key}": item for item in parts.items}


def _edited(parts: JoinedParts, change: Mapping[str, Any]) -> JoinedParts:
    item = item_of(parts, change["item"])
    fields: dict[str, Any] = clean({change["field"]: change["now"]}, ITEM_FIELDS)
    edited = replace(item, **fields)
    return replace(parts, items=[edited if one.id == item.id else one for one in parts.items])


def _dropped(parts: JoinedParts, change: Mapping[str, Any]) -> JoinedParts:
    gone = item_of(parts, change["drop"]).id
    return replace(
        parts,
        items=[one for one in parts.items if one.id != gone],
        dependencies=[
            link for link in parts.dependencies if gone not in (link.item_id, link.predecessor_id)
        ],
        needs=[need for need in parts.needs if need.item_id != gone],
        effects={risk: [one for one in ids if one != gone] for risk, ids in parts.effects.items()},
    )


def _added(parts: JoinedParts, change: Mapping[str, Any]) -> JoinedParts:
    place = change["add"]
    slug, _, key = place.partition("/")
    project = next((held for held, name in parts.slugs.items() if name == slug), None)
    if project is None or project not in {plan.project_id for plan in parts.plans}:
        sentence = f"There is no plan '{slug}' in the program to add '{key}' to."
        raise Invalid(sentence)
    if place in _by_address(parts):
        sentence = f"There is an item '{place}' already; choose another key."
        raise Invalid(sentence)
    fields: dict[str, Any] = clean({"name": key, **change["fields"]}, ITEM_FIELDS)
    new = ItemFacts(
        id=uuid5(_SUPPOSED, place),
        workspace_id=parts.items[0].workspace_id if parts.items else _SUPPOSED,
        project_id=project,
        key=key,
        version=1,
        **{**_NEW, **fields},
    )
    grown = replace(parts, items=[*parts.items, new])
    links = [
        *(_link(new.id, item_of(grown, one).id) for one in change["after"]),
        *(_link(item_of(grown, one).id, new.id) for one in change["before"]),
    ]
    return replace(
        grown,
        dependencies=[*parts.dependencies, *links],
        needs=[*parts.needs, *_needs(parts, new.id, change["needs"])],
    )


def _link(item: UUID, predecessor: UUID) -> DependencyFacts:
    return DependencyFacts(item, predecessor, "FS", 0.0, "working")


def _needs(parts: JoinedParts, item: UUID, needs: Mapping[str, float]) -> list[NeedFacts]:
    names = {resource.name: resource.id for resource in parts.resources}
    for name in needs:
        if name not in names:
            sentence = f"There is no resource '{name}' in the program{meant(name, names) or '.'}"
            raise Invalid(sentence)
    return [NeedFacts(item, names[name], units) for name, units in needs.items()]


_SORTS: Mapping[str, Callable[[JoinedParts, Mapping[str, Any]], JoinedParts]] = {
    "item": _edited,
    "drop": _dropped,
    "add": _added,
    **MAKERS,
}
