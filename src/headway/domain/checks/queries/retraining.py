"""Proposals to retrain: those that wait for somebody, and what became of the others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.checks.models import RetrainingProposal
from headway.domain.checks.rules import ProposalFacts
from headway.domain.programs.models import Project
from headway.domain.programs.queries import facts, ids_ever, rows_at
from headway.domain.programs.rules import ProgramFacts
from headway.errors import NotFound


def retraining_proposals(
    actor: Actor, at: datetime | None = None, *, program: ProgramFacts | None = None
) -> Sequence[ProposalFacts]:
    """Return the proposals of the workspace or a program: those that wait first, then newest."""
    require(actor, Permission.VIEW, program)
    where: dict[str, object] = {"workspace_id": actor.workspace_id}
    if program is not None:
        where["project_id__in"] = ids_ever(Project, at, program_id=program.id)
    rows = rows_at(RetrainingProposal, at, **where)
    rows.sort(key=lambda row: (row.state != "open", -row.made_at.timestamp(), row.key))
    return [facts(ProposalFacts, row) for row in rows]


def proposal_named(actor: Actor, key: str, at: datetime | None = None) -> ProposalFacts:
    """Return one proposal. Raises NotFound."""
    require(actor, Permission.VIEW)
    rows = rows_at(RetrainingProposal, at, workspace_id=actor.workspace_id, key=key)
    if not rows:
        sentence = f"There is no proposal '{key}' to retrain in this workspace."
        raise NotFound(sentence)
    return facts(ProposalFacts, rows[0])
