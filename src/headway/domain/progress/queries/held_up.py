"""Work that waits for approvals: what they leave of it, and what that is to its program's end."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

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

    `thing` is what the subject is called. `criticality` is the share of outcomes in which the item
    decides the program's end, `p80` that end; both of the latest forecast, None where it is silent.
    """

    subject: str
    thing: str
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
    programs = {one.id: one for one in programs_of(actor, known_at)}
    homes = {
        project.id: project
        for many in projects_by_program(actor, programs.values(), known_at).values()
        for project in many
    }
    held = [
        facts(ItemFacts, row)
        for row in rows_at(WorkItem, known_at, workspace_id=actor.workspace_id, id__in=[*follows])
        if row.finished is None and row.project_id in homes
    ]
    ends = _ends(
        actor,
        [programs[one] for one in {homes[item.project_id].program_id for item in held}],
        known_at,
    )
    found: dict[str, list[HeldUp]] = {}
    for item in sorted(held, key=lambda one: one.key):
        follow, project = follows[item.id], homes[item.project_id]
        program = programs[project.program_id]
        pull, thing, working = of_approvals(waits, follow.subject)
        proposal = proposed(
            pull,
            item.estimate if item.started is None else item.remaining,
            working,
            is_started=item.started is not None,
            is_finished=False,
            has_attempts=bool(item.attempts),
        )
        told = (thing, program.slug, program.name, project.slug, item, follow.mode, proposal)
        said = _said(ends.get(program.id), f"{project.slug}/{item.key}")
        found.setdefault(follow.subject, []).append(HeldUp(follow.subject, *told, *said))
    return found


def _ends(
    actor: Actor, programs: Collection[ProgramFacts], at: datetime | None
) -> Mapping[UUID, Mapping[str, Any]]:
    """Return what the latest forecast of each program answered, by its id."""
    return {key: one.answer for key, one in latest_forecasts(actor, programs, at).items()}


def _said(answer: Mapping[str, Any] | None, address: str) -> tuple[float | None, date | None]:
    """Return how often an item decides the end, and the end at P80."""
    if answer is None:
        return None, None
    said = (answer.get("items") or {}).get(address) or {}
    end = (answer.get("finish_dates") or {}).get("p80")
    return said.get("criticality"), date.fromisoformat(end) if end else None
