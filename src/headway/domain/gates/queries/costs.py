"""What gates that did not open have cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.finance.queries import actuals_by_program
from headway.domain.finance.rules import ActualFacts
from headway.domain.gates.models import GateDecision
from headway.domain.gates.rules.costs import CLOSED, FailedGate, spent_between
from headway.domain.programs.models import StageMove
from headway.domain.programs.queries import programs_of, projects_by_program
from headway.domain.programs.rules.fields import decimals_of


def failed_gates(actor: Actor, at: datetime | None = None) -> Sequence[FailedGate]:
    """Return every decision against a release known at `at`, the dearest first; flat in rows.

    A release without a project has no cost of its own and is left out.
    """
    require(actor, Permission.VIEW)
    decisions = GateDecision.objects.filter(workspace_id=actor.workspace_id)
    if at is not None:
        decisions = decisions.filter(at__lte=at)
    rows = list(decisions.select_related("gate__release__system").order_by("at", "serial"))
    if not any(row.outcome in CLOSED for row in rows):
        return []
    spent = _spent(actor, at)
    turns = _turns(actor, rows)
    found = []
    for row in rows:
        release = row.gate.release
        home = spent.get(release.project_id) if release.project_id else None
        if row.outcome not in CLOSED or home is None:
            continue
        name, currency, actuals = home
        since = max((day for day in turns[release.id] if day < row.at), default=None)
        began: date | None = since.date() if since else None
        cent = Decimal(1).scaleb(-decimals_of(currency))
        amount = spent_between(actuals, began, row.at.date(), cent)
        told = (release.name, release.system.name, row.gate.stage, row.outcome, name)
        found.append(FailedGate(*told, began, row.at.date(), amount, currency))
    return sorted(found, key=lambda one: (-(one.amount or Decimal(0)), one.decided))


def _spent(
    actor: Actor, at: datetime | None
) -> Mapping[UUID, tuple[str, str, Sequence[ActualFacts]]]:
    """Return name, currency and actuals of each project, by its id."""
    programs = programs_of(actor, at)
    projects = projects_by_program(actor, programs, at)
    actuals = actuals_by_program(actor, programs, projects, at)
    found: dict[UUID, tuple[str, str, list[ActualFacts]]] = {}
    for program in programs:
        for project in projects[program.id]:
            found[project.id] = (project.name, program.currency, [])
        for row in actuals[program.id].rows:
            if row.project_id in found:
                found[row.project_id][2].append(row)
    return found


def _turns(actor: Actor, rows: Sequence[GateDecision]) -> Mapping[UUID, Sequence[datetime]]:
    """Return when each release moved or was decided on, by its id."""
    found: dict[UUID, list[datetime]] = {row.gate.release_id: [] for row in rows}
    moves = StageMove.objects.filter(workspace_id=actor.workspace_id, release_id__in=list(found))
    for release, moved in moves.values_list("release_id", "at"):
        found[release].append(moved)
    for row in rows:
        found[row.gate.release_id].append(row.at)
    return found
