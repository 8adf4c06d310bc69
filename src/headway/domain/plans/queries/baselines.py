"""Baselines of a program: the list, one with its dates, the active one, and its own plan."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from headway.analysis.schedule.plan import Plan
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.plans.models import Baseline, BaselineState
from headway.domain.plans.rules.baselines import (
    ACTIVE,
    STATES,
    BaselineFacts,
    PlannedItem,
    PlannedWhole,
)
from headway.domain.programs.queries import rows_at
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.fields import meant
from headway.errors import NotFound
from headway.observation import digest

if TYPE_CHECKING:
    from pydantic import TypeAdapter


def baselines_of(
    actor: Actor, program: ProgramFacts, at: datetime | None = None
) -> Sequence[BaselineFacts]:
    """Return the baselines of a program without their items: the active one, kept ones, the rest.

    Newest first within each; two queries.
    """
    require(actor, Permission.VIEW, program)
    states = _states(actor, program, at)
    rows = Baseline.objects.filter(program_id=program.id, id__in=states).defer("items", "plan")
    found = [_facts(row, states[row.id], {}) for row in rows.order_by("-at", "key")]
    return sorted(found, key=lambda one: STATES.index(one.state))


def baseline_named(
    actor: Actor, program: ProgramFacts, key: str, at: datetime | None = None
) -> BaselineFacts:
    """Return one baseline with its items. Raises NotFound with the nearest key."""
    require(actor, Permission.VIEW, program)
    states = _states(actor, program, at)
    held = Baseline.objects.filter(program_id=program.id, id__in=states)
    row = held.filter(key=key).defer("plan").first()
    if row is None:
        hint = meant(key, held.values_list("key", flat=True))
        sentence = f"There is no baseline '{key}' of {program.name}{hint or '.'}"
        raise NotFound(sentence)
    return _facts(row, states[row.id], _items(row))


def active_baseline(
    actor: Actor, program: ProgramFacts, at: datetime | None = None
) -> BaselineFacts | None:
    """Return the active baseline with the days of each item by address; None without one."""
    require(actor, Permission.VIEW, program)
    states = _states(actor, program, at)
    active = next((one for one, row in states.items() if row.state == ACTIVE), None)
    if active is None:
        return None
    row = Baseline.objects.defer("plan").get(id=active)
    return _facts(row, states[row.id], _items(row))


def active_baselines(
    actor: Actor, programs: Sequence[ProgramFacts], at: datetime | None = None
) -> Mapping[Any, BaselineFacts]:
    """Return the active baseline of each program that has one, with its items; two queries."""
    for program in programs:
        require(actor, Permission.VIEW, program)
    ids = [program.id for program in programs]
    rows = rows_at(BaselineState, at, workspace_id=actor.workspace_id, program_id__in=ids)
    active = {row.baseline_id: row for row in rows if row.state == ACTIVE}
    held = Baseline.objects.filter(id__in=active).defer("plan")
    return {row.program_id: _facts(row, active[row.id], _items(row)) for row in held}


def baseline_plan(actor: Actor, baseline: BaselineFacts) -> Plan:
    """Return the network that a baseline kept: its own copy, whatever was erased since.

    Raises NotFound when what is stored is not what was frozen.
    """
    require(actor, Permission.VIEW, baseline)
    row = Baseline.objects.get(id=baseline.id, workspace_id=actor.workspace_id)
    if not is_intact(row):
        sentence = f"The baseline “{row.name}” is not as it was frozen; restore it from a backup."
        raise NotFound(sentence)
    return _of_plan().validate_json(row.plan)


def broken_baselines(actor: Actor) -> Sequence[str]:
    """Return the names of the workspace's baselines whose content does not fit their digest."""
    require(actor, Permission.AUDIT)
    rows = Baseline.objects.filter(workspace_id=actor.workspace_id).order_by("at", "key")
    return [row.name for row in rows.iterator(chunk_size=1) if not is_intact(row)]


def is_intact(row: Baseline) -> bool:
    """Say whether a stored baseline is what was frozen."""
    return row.digest == content_digest(row.whole, row.items, row.plan)


def content_digest(whole: str, items: str, plan: str) -> str:
    """Return the digest of what a baseline froze."""
    return digest(json.dumps([whole, items, plan]))


def write_content(
    whole: PlannedWhole, items: Mapping[str, PlannedItem], plan: Plan
) -> Mapping[str, str]:
    """Return the fields of a baseline that hold its content, and their digest."""
    texts = {
        "whole": _of_whole().dump_json(whole).decode(),
        "items": _of_items().dump_json(dict(items)).decode(),
        "plan": _of_plan().dump_json(plan).decode(),
    }
    return {**texts, "digest": content_digest(**texts)}


def _states(
    actor: Actor, program: ProgramFacts, at: datetime | None
) -> Mapping[Any, BaselineState]:
    rows = rows_at(BaselineState, at, workspace_id=actor.workspace_id, program_id=program.id)
    return {row.baseline_id: row for row in rows}


def _facts(
    row: Baseline, standing: BaselineState, items: Mapping[str, PlannedItem]
) -> BaselineFacts:
    return BaselineFacts(
        id=row.id,
        workspace_id=row.workspace_id,
        program_id=row.program_id,
        key=row.key,
        name=row.name,
        reason=row.reason,
        at=row.at,
        made_by=row.made_by,
        state=standing.state,
        version=standing.version,
        digest=row.digest,
        whole=_of_whole().validate_json(row.whole),
        items=items,
    )


def _items(row: Baseline) -> Mapping[str, PlannedItem]:
    return _of_items().validate_json(row.items)


@lru_cache(maxsize=1)
def _of_whole() -> TypeAdapter[PlannedWhole]:
    from pydantic import TypeAdapter

    return TypeAdapter(PlannedWhole)


@lru_cache(maxsize=1)
def _of_items() -> TypeAdapter[dict[str, PlannedItem]]:
    from pydantic import TypeAdapter

    return TypeAdapter(dict[str, PlannedItem])


@lru_cache(maxsize=1)
def _of_plan() -> TypeAdapter[Plan]:
    from pydantic import TypeAdapter

    return TypeAdapter(Plan)
