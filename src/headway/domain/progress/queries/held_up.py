"""Work that waits for approvals: what they leave of it, and what that is to its program's end."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.plans.models import WorkItem
from headway.domain.plans.queries import latest_forecasts
from headway.domain.plans.rules import ItemFacts
from headway.domain.programs.queries import facts, programs_of, projects_by_program, rows_at
from headway.domain.programs.rules import ProgramFacts
from headway.domain.progress.models import Follow
from headway.domain.progress.queries.following import of_approvals
from headway.domain.progress.rules.following import Proposal, proposed
from headway.domain.vendors.queries import approval_waits


@dataclass(frozen=True, slots=True)
class HeldUp:
    """An unfinished item that waits for the approvals of `subject`, and what they leave of it.

    `criticality` is the share of outcomes in which it decides the program's end, `p80` that end;
    both of the latest forecast, None where it says nothing.
    """

    subject: str
    program: str
    program_name: str
    project: str
    item: ItemFacts
    mode: str
    proposal: Proposal
    criticality: float | None
    p80: date | None

    @property
    def address(self) -> str:
        """Return project/key."""
        return f"{self.project}/{self.item.key}"


def held_up(
    actor: Actor,
    at: datetime,
    known_at: datetime | None = None,
    *,
    only: Collection[str] | None = None,
) -> Mapping[str, Sequence[HeldUp]]:
    """Return the unfinished work that waits for approvals, by what is approved; flat in rows.

    `only` are the subjects that somebody looks at. Where no item waits one query is asked.
    """
    require(actor, Permission.VIEW)
    rows = rows_at(Follow, known_at, workspace_id=actor.workspace_id)
    follows = {
        row.item_id: row
        for row in rows
        if row.what == "approvals" and (only is None or row.subject in only)
    }
    if not follows:
        return {}
    waits = approval_waits(actor, {row.subject for row in follows.values()}, at, known_at)
    programs = programs_of(actor, known_at)
    homes = {
        project.id: (program, project.slug)
        for program in programs
        for project in projects_by_program(actor, programs, known_at)[program.id]
    }
    held = rows_at(WorkItem, known_at, workspace_id=actor.workspace_id, id__in=list(follows))
    found: dict[str, list[HeldUp]] = {}
    ends = _ends(actor, [one for one, _ in homes.values()], known_at)
    for row in sorted(held, key=lambda one: one.key):
        if row.finished is not None or row.project_id not in homes:
            continue
        item, follow = facts(ItemFacts, row), follows[row.id]
        program, slug = homes[row.project_id]
        pull, _, working = of_approvals(waits, follow.subject)
        proposal = proposed(
            pull,
            item.estimate if item.started is None else item.remaining,
            working,
            is_started=item.started is not None,
            is_finished=False,
            has_attempts=bool(item.attempts),
        )
        answer = ends.get(program.slug, {})
        said = (answer.get("items") or {}).get(f"{slug}/{item.key}") or {}
        end = (answer.get("finish_dates") or {}).get("p80")
        found.setdefault(follow.subject, []).append(
            HeldUp(
                follow.subject,
                program.slug,
                program.name,
                slug,
                item,
                follow.mode,
                proposal,
                said.get("criticality"),
                date.fromisoformat(end) if end else None,
            )
        )
    return found


def _ends(
    actor: Actor, programs: Collection[ProgramFacts], at: datetime | None
) -> Mapping[str, Mapping[str, Any]]:
    """Return what the latest forecast of each program answered, by its address."""
    known = {one.id: one for one in programs}
    forecasts = latest_forecasts(actor, known.values(), at)
    return {known[key].slug: one.answer for key, one in forecasts.items()}
