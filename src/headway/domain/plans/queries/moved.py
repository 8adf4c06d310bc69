"""What moved in a program's plan between two moments, by comparing the two states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.people.rules.working_time import shown_hours
from headway.domain.plans.queries.decisions import decided_between
from headway.domain.plans.queries.network import joined_parts
from headway.domain.plans.queries.written import written_since
from headway.domain.plans.rules import (
    JoinedParts,
    Move,
    joined_openings,
    moves_between,
    touched_by,
)
from headway.domain.plans.rules.hiring import opening_state
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.fields import from_minor
from headway.domain.programs.rules.ranges import shown
from headway.domain.risks.rules import RiskFacts
from headway.errors import NotFound

_ITEM_FIELDS = (
    "name",
    "kind",
    "owner",
    "estimate",
    "remaining",
    "attempts",
    "not_before",
    "deadline",
    "started",
    "finished",
    "pinned",
    "done",
    "calendar",
    "levelled_start",
)


#: Fields that evidence writes into an item, with its origin.
_RANGES = ("estimate", "remaining", "attempts")


def what_moved(
    actor: Actor, program: ProgramFacts, since: datetime, at: datetime | None = None
) -> Sequence[Move]:
    """Return every change of items, dependencies, risks, resources and the target since then."""
    if not written_since(actor, since):
        require(actor, Permission.VIEW, program)
        return ()
    now = program_named(actor, program.slug, at)
    parts = joined_parts(actor, now, at)
    after = _state(parts, now)
    try:
        then = program_named(actor, program.slug, since)
    except NotFound:  # the program is younger than the question: everything is new
        return _with_origins(parts, moves_between({}, after))
    before = joined_parts(actor, then, since)
    moves = moves_between(_state(before, then), after)
    told = _with_decisions(actor, now, moves, since, at)
    return _with_origins(parts, told, _origins(before))


def _with_origins(
    parts: JoinedParts,
    moves: Sequence[Move],
    before: Mapping[str, Mapping[str, object]] = MappingProxyType({}),
) -> Sequence[Move]:
    """Return the moves, with the evidence that what was added, or a new range, came from."""
    origins = _origins(parts)
    if not origins:
        return moves
    return [
        _with_origin(move, origins[move.thing])
        if move.thing in origins
        and (
            move.field == "added"
            or (move.field in _RANGES and origins[move.thing] != before.get(move.thing))
        )
        else move
        for move in moves
    ]


def _origins(parts: JoinedParts) -> Mapping[str, Mapping[str, object]]:
    """Return what evidence items came from, by address."""
    return {
        f"{parts.slugs[item.project_id]}/{item.key}": item.origin
        for item in parts.items
        if item.origin
    }


def _with_origin(move: Move, origin: Mapping[str, object]) -> Move:
    record = origin.get("record")
    records = (record,) if isinstance(record, int) else ()
    return replace(move, because=move.because or str(origin.get("words", "")), records=records)


def _with_decisions(
    actor: Actor,
    program: ProgramFacts,
    moves: Sequence[Move],
    since: datetime,
    at: datetime | None,
) -> Sequence[Move]:
    """Return the moves, those that a decision made with its name: the join of plan and decision."""
    if not moves:
        return moves
    reasons: dict[str, str] = {}
    for decision in decided_between(actor, program, since, at):
        option = decision.option(decision.chosen)
        if option is not None:
            told = f"decided: {option.name}"
            reasons |= {touched_by(change): told for change in option.changes}
    return [replace(move, because=reasons.get(move.thing, "")) for move in moves]


def _state(parts: JoinedParts, program: ProgramFacts) -> Mapping[str, Mapping[str, object]]:
    """Return the plan's state as named fields by address."""
    names = {item.id: f"{parts.slugs[item.project_id]}/{item.key}" for item in parts.items}
    waits: dict[str, list[str]] = {}
    for link in parts.dependencies:
        lag = f" {link.lag:+g}" if link.lag else ""
        word = f"{names[link.predecessor_id]} {link.kind}{lag}"
        waits.setdefault(names[link.item_id], []).append(word)
    state: dict[str, Mapping[str, object]] = {
        "program": {
            "name": program.name,
            "target": program.target,
            "budget": parts.budget,
            "progress": program.progress,
            "one_point": program.one_point,
        }
    }
    for item in parts.items:
        address = names[item.id]
        fields = {key: getattr(item, key) for key in _ITEM_FIELDS}
        fields["cost"] = from_minor(item.cost_minor, parts.currency)
        state[address] = {**fields, "waits for": ", ".join(sorted(waits.get(address, ())))}
    for risk in parts.risks:
        state[f"risk {risk.key}"] = {
            "name": risk.name,
            "state": risk.state,
            "probability": risk.probability,
            "delay": risk.delay,
            "cost": risk.cost,
            "closes": _closed(risk),
            "mitigated": risk.is_mitigated,
            "delays": ", ".join(sorted(names[one] for one in parts.effects.get(risk.id, ()))),
        }
    for resource in parts.resources:
        state[f"resource {resource.name}"] = {
            "name": resource.name,
            "capacity": resource.capacity,
            "rate": resource.rate,
            "steps": ", ".join(f"{day}: {units}" for day, units in resource.steps),
            "calendar": resource.calendar,
        }
    values = {one.id: one for one in joined_openings(parts)}
    for priced in parts.openings:
        key = f"opening {priced.opening.key}"
        if key in values:
            state[key] = opening_state(priced, values[key])
    for told in {one.key: one for one in parts.hands.values()}.values():
        state[f"hours {told.key}"] = {"name": f"Working time of {told.name}", **shown_hours(told)}
    return state


def _closed(risk: RiskFacts) -> str:
    """Return the time that a risk takes out of the calendar, in words; empty for none."""
    if risk.closes_days is None:
        return ""
    stopped = [*risk.closes_resources, *risk.closes_items]
    of = f" of {', '.join(stopped)}" if stopped else ""
    return f"{shown(risk.closes_days)} days{of} from {risk.closes_from} to {risk.closes_to}"
