"""What stands at a gate, as deciding needs it: its row with its places, its requirements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.gates.models import Gate
from headway.domain.gates.queries.counted import sight
from headway.domain.gates.queries.pages import GateStanding, gate_page, gate_standings
from headway.domain.gates.queries.rows import rules_content
from headway.domain.gates.rules import Requirement, StageRules, approving_functions
from headway.domain.gates.rules.decisions import Seen
from headway.domain.programs.queries import rows_at
from headway.domain.programs.rules import ReleaseFacts
from headway.domain.programs.rules.stages import Stage, read_stages
from headway.errors import NotFound

#: What is read with a gate, so that nothing of it is asked for one by one.
WITH_PLACES = (
    "release__system",
    "release__template",
    "release__project__program",
    "rules",
    "milestone__project__program",
)


def gates_by_id(actor: Actor, known_at: datetime | None = None) -> Mapping[UUID, Gate]:
    """Return the gates of the workspace by id with their places, as set at `known_at`."""
    require(actor, Permission.VIEW)
    rows = Gate.objects.select_related(*WITH_PLACES).filter(workspace_id=actor.workspace_id)
    ordered = rows.order_by("release__system__name", "release__name", "id")
    past = None if known_at is None else _past(actor, known_at)
    return {row.id: _as_known(row, past) for row in ordered if past is None or row.id in past}


def _past(actor: Actor, known_at: datetime) -> Mapping[UUID, Gate]:
    return {row.id: row for row in rows_at(Gate, known_at, workspace_id=actor.workspace_id)}


def _as_known(row: Gate, past: Mapping[UUID, Gate] | None) -> Gate:
    """Give a row that is only read the round, the owner and the day of then."""
    if past is not None:
        then = past[row.id]
        row.round, row.owner, row.due = then.round, then.owner, then.due
    return row


def gate_row(actor: Actor, gate_id: UUID, known_at: datetime | None = None) -> Gate:
    """Return one gate with its places; NotFound, the same for another workspace's."""
    row = gates_by_id(actor, known_at).get(gate_id)
    if row is None:
        sentence = "There is no such gate in this workspace."
        raise NotFound(sentence)
    return row


def stage_rules(gate: Gate) -> StageRules | None:
    """Return what the gate's rules say of its stage; None where they do not know it."""
    return rules_content(gate.rules).stage(gate.stage)


def is_light(gate: Gate) -> bool:
    """Say whether the gate's template is approved beforehand: routine retraining."""
    return rules_content(gate.rules).is_light


def requirement_of(gate: Gate, key: str) -> Requirement | None:
    """Return a requirement of the gate's rules; None where they have none of this key."""
    stage = stage_rules(gate)
    return next((one for one in stage.requirements if one.key == key), None) if stage else None


def requirement_name(gate: Gate, key: str) -> str:
    """Return what a requirement is called; its key where the rules have it no more."""
    found = requirement_of(gate, key)
    return found.name if found else key


def needed_functions(gate: Gate) -> Sequence[str]:
    """Return the functions whose approval the gate's rules ask for at this tier."""
    stage = stage_rules(gate)
    asked = stage.asked(gate.release.system.tier) if stage else ()
    return list(dict.fromkeys(name for one in asked for name in approving_functions(one)))


def seen_by_gate(
    actor: Actor, gates: Sequence[Gate], at: datetime, *, known_at: datetime | None = None
) -> Mapping[UUID, Seen]:
    """Return each gate as it is seen at a moment; as many queries for many gates as for one."""
    wanted = list({gate.release_id for gate in gates})
    found = gate_standings(actor, at, known_at=known_at, release_ids=wanted) if wanted else ()
    return {one.gate.id: seen_in(one) for one in found}


def seen_now(actor: Actor, gate: Gate, at: datetime) -> Seen:
    """Return one gate as it is seen now."""
    return seen_in(gate_page(actor, gate.id, at))


def seen_in(found: GateStanding) -> Seen:
    """Return what a judged gate shows to who answers there."""
    return sight(found.gate, found.judged, found.standing)


def place_of(gate: Gate) -> str:
    """Return how people name a gate: the system, the release, the stage behind it."""
    name = next((one.name for one in _stages(gate) if one.id == gate.stage), gate.stage)
    return f"{gate.release.system.name} {gate.release.name}, {name}"


def _stages(gate: Gate) -> Sequence[Stage]:
    return read_stages(gate.release.template.stages)


def gate_before(actor: Actor, release: ReleaseFacts, stage: str) -> Sequence[Gate]:
    """Return the gates that a release passes on its way forward to a stage, in their order."""
    order = [one.id for one in release.stages]
    here = order.index(release.stage) if release.stage in order else -1
    there = order.index(stage) if stage in order else -1
    passed = order[here + 1 : there + 1]
    rows = Gate.objects.select_related(*WITH_PLACES).filter(
        workspace_id=actor.workspace_id, release_id=release.id, stage__in=passed
    )
    return sorted(rows, key=lambda gate: order.index(gate.stage))


def blocks_since(gate: Gate, today: date, near: timedelta) -> bool:
    """Say whether a closed gate holds its milestone up: its release stands right before it, or its
    day is near; not once the release went past.
    """
    order = [one.id for one in _stages(gate)]
    if gate.stage not in order or gate.release.stage not in order:
        return False
    ahead = order.index(gate.stage) - order.index(gate.release.stage)
    return ahead == 1 or (ahead > 1 and gate.due is not None and gate.due <= today + near)


def blocker_key(gate_id: UUID) -> str:
    """Return the key of a gate's blocker in the register of its program."""
    return f"gate-{gate_id.hex[:12]}"
