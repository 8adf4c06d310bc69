"""A gate locked for an action: what is decided at one gate is decided one after the other."""

from __future__ import annotations

from uuid import UUID

from headway.domain.accounts.rules import Actor
from headway.domain.gates.models import Gate
from headway.domain.gates.queries.seen import WITH_PLACES
from headway.errors import NotFound


def locked_gate(actor: Actor, gate_id: UUID) -> Gate:
    """Return a gate with its release and rules, locked; NotFound, the same for another's gate."""
    row = (
        Gate.objects.select_for_update(of=("self",))
        .select_related(*WITH_PLACES)
        .filter(workspace_id=actor.workspace_id, id=gate_id)
        .first()
    )
    if row is None:
        sentence = "There is no such gate in this workspace."
        raise NotFound(sentence)
    return row
