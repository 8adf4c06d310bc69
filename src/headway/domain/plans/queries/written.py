"""Whether anything of the plans of a workspace was written since a moment: one query."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, Model, Q

from headway.domain.accounts.models import Workspace
from headway.domain.accounts.rules import Actor
from headway.domain.finance.models import BudgetLine, ExchangeRate
from headway.domain.people.models import Opening, Resource, WorkingTime
from headway.domain.plans.models import Dependency, Need, Plan, RiskEffect, WorkItem
from headway.domain.programs.models import Program, Project
from headway.domain.risks.models import Risk

#: Everything that `joined_parts` reads.
_PARTS: tuple[type[Model], ...] = (
    *(Program, Project, Plan, WorkItem, Dependency, Need),
    *(Risk, RiskEffect, Resource, WorkingTime, BudgetLine, Opening, ExchangeRate),
)


def written_since(actor: Actor, moment: datetime) -> bool:
    """Say whether any part of a plan of the workspace was written at `moment` or later.

    Of the whole workspace, not of one program: no join, and a busy neighbour costs a comparison.
    """
    anything = Q()
    for part in _PARTS:
        history: Any = part.history  # type: ignore[attr-defined]  # simple_history is not typed
        rows = history.filter(workspace_id=actor.workspace_id, history_date__gte=moment)
        anything |= Q(Exists(rows.order_by()))
    return Workspace.objects.filter(anything, id=actor.workspace_id).exists()
