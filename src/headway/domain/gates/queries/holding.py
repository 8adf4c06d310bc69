"""What closed gates hold up in the plans, and what each further week costs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.gates.queries.seen import blocker_key
from headway.domain.plans.queries import blocker_standings
from headway.domain.plans.rules import BlockerStanding
from headway.domain.programs.queries import programs_of


def held_up(
    actor: Actor, gates: Collection[UUID], at: datetime, *, known_at: datetime | None = None
) -> Mapping[UUID, BlockerStanding]:
    """Return the open blocker of each gate that holds something up, by gate.

    As many queries for a hundred gates as for one.
    """
    require(actor, Permission.VIEW)
    programs = programs_of(actor, known_at)
    found = blocker_standings(actor, programs, at.date(), known_at, only_open=True)
    standings = {one.blocker.key: one for rows in found.values() for one in rows}
    keys = {gate: blocker_key(gate) for gate in gates}
    return {gate: standings[key] for gate, key in keys.items() if key in standings}
