"""What a change overrides besides items: links, needs, resources, risks, and the program's frame.

{"link": "project/key", "after": "project/other", "kind": "FS", "lag": 0, "lag_unit": "working"}
{"unlink": "project/key", "after": "project/other"}
{"need": "project/key", "resource": "annotator", "units": 2}        (0 takes the need away)
{"resource": "annotator", "field": "capacity", "now": 4}            (or rate, steps)
{"risk": "R1", "field": "state", "now": "closed"}                   (or probability, delay, …)
{"program": "target", "now": "2027-05-21"}                          (or budget, calendar)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from headway.analysis.schedule.plan import WEEKDAYS, Calendar
from headway.domain.people.rules import RESOURCE_FIELDS, ResourceFacts
from headway.domain.plans.rules.joining import DependencyFacts, ItemFacts, JoinedParts, NeedFacts
from headway.domain.programs.rules.calendars import calendar_text
from headway.domain.programs.rules.fields import Reader, choice, clean, day, decimal, meant, number
from headway.domain.risks.rules import RISK_FIELDS, RiskFacts
from headway.errors import Invalid

_KIND = choice("FS", "SS", "FF", "SF")
_LAG = number(-1e6, 1e6)
_LAG_UNIT = choice("working", "elapsed", "percent")
_UNITS = number(0, 1e6, required=True)

_RESOURCE: Mapping[str, Reader] = {
    name: read for name, read in RESOURCE_FIELDS.items() if name in ("capacity", "rate", "steps")
}
_RISK: Mapping[str, Reader] = {
    name: RISK_FIELDS[name] for name in ("state", "probability", "delay", "cost", "is_mitigated")
}


def read_amount(field: str, value: object) -> Decimal | None:
    """Read a budget: an amount above nothing, or none."""
    if value in (None, ""):
        return None
    found = decimal(field, value)
    if found < 0:
        sentence = f"The {field} is {found}; a budget holds 0 or more."
        raise Invalid(sentence)
    return found


def read_calendar(field: str, value: object) -> Mapping[str, Any]:
    """Read a calendar as a program keeps one; an empty one is Monday to Friday."""
    if not isinstance(value, Mapping):
        sentence = f"The {field} is a {type(value).__name__}; write weekdays, windows, holidays."
        raise Invalid(sentence)
    known = {"name", "weekdays", "windows", "holidays"}
    if set(value) - known:
        sentence = f"The {field} knows {', '.join(sorted(known))}, and nothing else."
        raise Invalid(sentence)
    weekdays = value.get("weekdays", list(WEEKDAYS.weekdays))
    windows = value.get("windows", [list(window) for window in WEEKDAYS.windows])
    holidays = value.get("holidays", [])
    if not _are_whole(weekdays) or not _are_hours(windows) or not isinstance(holidays, list):
        sentence = (
            f"The {field} holds weekdays from 0 (Monday) to 6, windows as [9, 17], and holidays as "
            "2026-12-24."
        )
        raise Invalid(sentence)
    days = [day("holiday", one) for one in holidays]
    return calendar_text(
        Calendar(
            str(value.get("name") or WEEKDAYS.name)[:100],
            tuple(sorted(set(weekdays))),
            tuple((float(begin), float(end)) for begin, end in windows),
            tuple(sorted({one for one in days if one is not None})),
        )
    )


def _are_whole(value: object) -> bool:
    return isinstance(value, list) and all(type(one) is int and 0 <= one <= 6 for one in value)


def _are_hours(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(pair, list)
        and len(pair) == 2
        and all(type(hour) in (int, float) and 0 <= hour <= 24 for hour in pair)
        for pair in value
    )


_PROGRAM: Mapping[str, Reader] = {
    "target": day,
    "budget": read_amount,
    "calendar": read_calendar,
}


def _link(value: Mapping[str, Any]) -> dict[str, object]:
    return {
        "link": address(value["link"]),
        "after": address(value["after"]),
        "kind": _KIND("kind", value.get("kind") or "FS"),
        "lag": _LAG("lag", value.get("lag")) or 0.0,
        "lag_unit": _LAG_UNIT("lag unit", value.get("lag_unit") or "working"),
    }


def _unlink(value: Mapping[str, Any]) -> dict[str, object]:
    return {"unlink": address(value["unlink"]), "after": address(value["after"])}


def _need(value: Mapping[str, Any]) -> dict[str, object]:
    return {
        "need": address(value["need"]),
        "resource": str(value["resource"]).strip(),
        "units": _UNITS("units", value["units"]),
    }


def _field(
    sort: str, fields: Mapping[str, Reader]
) -> Callable[[Mapping[str, Any]], dict[str, object]]:
    def read(value: Mapping[str, Any]) -> dict[str, object]:
        name = str(value["field"])
        now = clean({name: value["now"]}, fields)[name]
        return {sort: str(value[sort]).strip(), "field": name, "now": plain(now)}

    return read


def _frame(value: Mapping[str, Any]) -> dict[str, object]:
    name = str(value["program"])
    return {"program": name, "now": plain(clean({name: value["now"]}, _PROGRAM)[name])}


#: How each sort is read: the keys it must have, those it may have, and its reader.
READERS: Mapping[
    str, tuple[frozenset[str], frozenset[str], Callable[[Mapping[str, Any]], dict[str, object]]]
] = {
    "link": (frozenset({"link", "after"}), frozenset({"kind", "lag", "lag_unit"}), _link),
    "unlink": (frozenset({"unlink", "after"}), frozenset(), _unlink),
    "need": (frozenset({"need", "resource", "units"}), frozenset(), _need),
    "resource": (
        frozenset({"resource", "field", "now"}),
        frozenset(),
        _field("resource", _RESOURCE),
    ),
    "risk": (frozenset({"risk", "field", "now"}), frozenset(), _field("risk", _RISK)),
    "program": (frozenset({"program", "now"}), frozenset(), _frame),
}


def read_override(value: Mapping[str, Any]) -> dict[str, object] | None:
    """Read a change of one of these sorts as JSON to keep; None for another sort."""
    keys = set(value)
    for must, may, read in READERS.values():
        if must <= keys <= must | may:
            return read(value)
    return None


def address(value: object) -> str:
    """Read the address of an item. Raises Invalid for what is none."""
    found = str(value).strip()
    slug, _, key = found.partition("/")
    if not slug or not key or len(found) > 130:
        sentence = f"'{found[:60]}' is no address of an item; write it as project/key."
        raise Invalid(sentence)
    return found


def plain(value: object) -> object:
    """Return a value that was read as JSON to keep."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return list(value) if isinstance(value, tuple) else value


def item_of(parts: JoinedParts, place: str) -> ItemFacts:
    """Return the item at an address. Raises Invalid with the nearest address."""
    found = {f"{parts.slugs[item.project_id]}/{item.key}": item for item in parts.items}
    if place not in found:
        sentence = f"There is no item '{place}' in the plan{meant(place, found) or '.'}"
        raise Invalid(sentence)
    return found[place]


def resource_of(parts: JoinedParts, name: str) -> ResourceFacts:
    """Return a resource of the program. Raises Invalid with the nearest name."""
    found = {resource.name: resource for resource in parts.resources}
    if name not in found:
        sentence = f"There is no resource '{name}' in the program{meant(name, found) or '.'}"
        raise Invalid(sentence)
    return found[name]


def risk_of(parts: JoinedParts, key: str) -> RiskFacts:
    """Return an open risk of the program. Raises Invalid with the nearest key."""
    found = {risk.key: risk for risk in parts.risks}
    if key not in found:
        sentence = f"There is no open risk '{key}' in the program{meant(key, found) or '.'}"
        raise Invalid(sentence)
    return found[key]


def links_between(parts: JoinedParts, change: Mapping[str, Any]) -> Sequence[DependencyFacts]:
    """Return the links between the two items of a change."""
    waiting = item_of(parts, change.get("link") or change["unlink"]).id
    awaited = item_of(parts, change["after"]).id
    return [
        link
        for link in parts.dependencies
        if (link.item_id, link.predecessor_id) == (waiting, awaited)
    ]


def units_of(parts: JoinedParts, change: Mapping[str, Any]) -> float:
    """Return how much of a resource an item takes before a change of it; 0 for nothing."""
    item, resource = item_of(parts, change["need"]).id, resource_of(parts, change["resource"]).id
    held = (
        need.units for need in parts.needs if (need.item_id, need.resource_id) == (item, resource)
    )
    return next(held, 0.0)


def _linked(parts: JoinedParts, change: Mapping[str, Any]) -> JoinedParts:
    same = {link for link in links_between(parts, change) if link.kind == change["kind"]}
    fresh = DependencyFacts(
        item_of(parts, change["link"]).id,
        item_of(parts, change["after"]).id,
        change["kind"],
        change["lag"],
        change["lag_unit"],
    )
    left = [link for link in parts.dependencies if link not in same]
    return replace(parts, dependencies=[*left, fresh])


def _unlinked(parts: JoinedParts, change: Mapping[str, Any]) -> JoinedParts:
    gone = set(links_between(parts, change))
    if not gone:
        sentence = f"{change['unlink']} does not wait for {change['after']}."
        raise Invalid(sentence)
    return replace(parts, dependencies=[one for one in parts.dependencies if one not in gone])


def _needing(parts: JoinedParts, change: Mapping[str, Any]) -> JoinedParts:
    item, resource = item_of(parts, change["need"]).id, resource_of(parts, change["resource"]).id
    left = [need for need in parts.needs if (need.item_id, need.resource_id) != (item, resource)]
    fresh = [NeedFacts(item, resource, change["units"])] if change["units"] else []
    return replace(parts, needs=[*left, *fresh])


def _resourced(parts: JoinedParts, change: Mapping[str, Any]) -> JoinedParts:
    held = resource_of(parts, change["resource"])
    fields: dict[str, Any] = clean({change["field"]: change["now"]}, _RESOURCE)
    edited = replace(held, **fields)
    return replace(
        parts, resources=[edited if one.id == held.id else one for one in parts.resources]
    )


def _risked(parts: JoinedParts, change: Mapping[str, Any]) -> JoinedParts:
    held = risk_of(parts, change["risk"])
    fields: dict[str, Any] = clean({change["field"]: change["now"]}, _RISK)
    if fields.get("state") == "closed":
        return replace(parts, risks=[one for one in parts.risks if one.id != held.id])
    edited = replace(held, **fields)
    return replace(parts, risks=[edited if one.id == held.id else one for one in parts.risks])


def _framed(parts: JoinedParts, change: Mapping[str, Any]) -> JoinedParts:
    fields: dict[str, Any] = clean({change["program"]: change["now"]}, _PROGRAM)
    return replace(parts, **fields)


#: How each sort changes the parts of the network.
MAKERS: Mapping[str, Callable[[JoinedParts, Mapping[str, Any]], JoinedParts]] = {
    "link": _linked,
    "unlink": _unlinked,
    "need": _needing,
    "resource": _resourced,
    "risk": _risked,
    "program": _framed,
}
