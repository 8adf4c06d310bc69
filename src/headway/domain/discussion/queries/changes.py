"""What changed of the things that members follow, read on from where it was read before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.discussion.models import Watch
from headway.domain.discussion.queries.mentions import members_by_owner
from headway.domain.discussion.rules import About, Kind
from headway.domain.plans.models import Decision, WorkItem
from headway.domain.programs.models import Program, Project, SuccessCriterion
from headway.domain.risks.models import Action, Assumption, Blocker, Risk
from headway.domain.stakeholders.models import Promise

#: Rows of history read at once.
MOST_CHANGES = 5_000


@dataclass(frozen=True, slots=True)
class Tracked:
    """A kind whose changes are told: its table, where it stands, whose it is, what it is called."""

    model: type[Model]
    place: str
    owner: str
    name: str


@dataclass(frozen=True, slots=True)
class Change:
    """A thing that somebody changed or removed. `by` is a user; None for Headway itself."""

    about: About
    name: str
    owner: str
    by: UUID | None
    position: int


TRACKED: Mapping[Kind, Tracked] = {
    Kind.PROGRAM: Tracked(Program, "", "manager", "name"),
    Kind.PROJECT: Tracked(Project, "", "owner", "name"),
    Kind.ITEM: Tracked(WorkItem, "project", "owner", "name"),
    Kind.CRITERION: Tracked(SuccessCriterion, "project", "", "name"),
    Kind.RISK: Tracked(Risk, "program", "owner", "name"),
    Kind.DECISION: Tracked(Decision, "program", "owner", "question"),
    Kind.ACTION: Tracked(Action, "program", "owner", "name"),
    Kind.BLOCKER: Tracked(Blocker, "program", "owner", "name"),
    Kind.ASSUMPTION: Tracked(Assumption, "program", "owner", "name"),
    Kind.PROMISE: Tracked(Promise, "program", "owner", "name"),
}


def newest_change(actor: Actor, kind: Kind) -> int:
    """Return the position of the last change of a kind; 0 before the first."""
    last = _history(actor, kind).order_by("-history_id").values_list("history_id", flat=True)
    return int(last.first() or 0)


def changes_after(actor: Actor, kind: Kind, position: int) -> Sequence[Change]:
    """Return what was changed or removed of a kind after `position`, in order; not what is new."""
    tracked = TRACKED[kind]
    rows = _history(actor, kind).filter(history_id__gt=position).order_by("history_id")
    rows = rows.exclude(history_type="+")[:MOST_CHANGES]
    slugs = _slugs(actor, tracked)
    found = []
    for row in rows:
        key = row.key if tracked.place else row.slug
        if tracked.place:
            key = f"{slugs.get(getattr(row, f'{tracked.place}_id'), '?')}/{key}"
        owner = getattr(row, tracked.owner) if tracked.owner else ""
        name = getattr(row, tracked.name)
        about = About(kind, key)
        found.append(Change(about, name, owner, row.history_user_id, row.history_id))
    return found


def followers_by_thing(actor: Actor, changes: Sequence[Change]) -> Mapping[About, set[UUID]]:
    """Return who follows each thing that changed, its owner unless stopped; three queries."""
    require(actor, Permission.VIEW)
    keys = {change.about.key for change in changes}
    rows = Watch.objects.filter(workspace_id=actor.workspace_id, key__in=keys)
    said = {(About(Kind(row.kind), row.key), row.member_id): row.is_on for row in rows}
    found: dict[About, set[UUID]] = {change.about: set() for change in changes}
    for (about, member), is_on in said.items():
        if is_on and about in found:
            found[about].add(member)
    owners = members_by_owner(actor, {change.owner for change in changes if change.owner})
    for change in changes:
        owner = owners.get(change.owner)
        if owner is not None and said.get((change.about, owner), True):
            found[change.about].add(owner)
    return found


def _history(actor: Actor, kind: Kind) -> Any:  # noqa: ANN401 - simple_history is not typed
    require(actor, Permission.VIEW)
    history: Any = TRACKED[kind].model.history  # type: ignore[attr-defined]
    return history.filter(workspace_id=actor.workspace_id)


def _slugs(actor: Actor, tracked: Tracked) -> Mapping[UUID, str]:
    places: Mapping[str, Callable[..., Any]] = {
        "program": Program.objects.filter,
        "project": Project.objects.filter,
    }
    if tracked.place not in places:
        return {}
    rows = places[tracked.place](workspace_id=actor.workspace_id)
    return dict(rows.values_list("id", "slug"))
