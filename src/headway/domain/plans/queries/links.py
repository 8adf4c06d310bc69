"""The links of one item, and finding the item that somebody means."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.plans.models import Dependency, WorkItem
from headway.domain.plans.rules import DependencyFacts, ItemFacts
from headway.domain.programs.queries import facts, projects_of, rows_at
from headway.domain.programs.rules import ProgramFacts, ProjectFacts
from headway.errors import Invalid

#: Items that a search offers at once.
MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class ItemLink:
    """A link between two items of a program: their addresses `project/key` and their names."""

    predecessor: str
    successor: str
    predecessor_name: str
    successor_name: str
    kind: str
    lag: float
    lag_unit: str

    @property
    def lag_text(self) -> str:
        """Return the lag as a plan file writes it: +2, +2e, +50%; empty without one."""
        suffix = {"elapsed": "e", "percent": "%"}.get(self.lag_unit, "")
        return f"{self.lag:+g}{suffix}" if self.lag else ""


@dataclass(frozen=True, slots=True)
class FoundItem:
    """An item that a search found: its address `project/key`, and its name."""

    address: str
    name: str


def links_of(
    actor: Actor,
    program: ProgramFacts,
    items: Collection[ItemFacts],
    at: datetime | None = None,
    known: Mapping[UUID, ItemFacts] | None = None,
) -> Sequence[ItemLink]:
    """Return the links that touch any of `items`, by address.

    Two queries for them, one more for the items at their ends when these are not all `known`.
    """
    require(actor, Permission.VIEW, program)
    ids = [item.id for item in items]
    found: dict[UUID, DependencyFacts] = {}
    for column in ("item_id__in", "predecessor_id__in"):
        for row in rows_at(Dependency, at, **{column: ids}) if ids else ():
            found[row.pk] = facts(DependencyFacts, row)
    if known is None:
        ends = {end for one in found.values() for end in (one.item_id, one.predecessor_id)}
        rows = rows_at(WorkItem, at, id__in=list(ends)) if ends else ()
        known = {row.id: facts(ItemFacts, row) for row in rows}
    slugs = {one.id: one.slug for one in projects_of(actor, program, at)} if found else {}
    links = [
        _link(known[one.predecessor_id], known[one.item_id], slugs, one)
        for one in found.values()
        if one.item_id in known and one.predecessor_id in known
    ]
    return sorted(links, key=lambda one: (one.predecessor, one.successor, one.kind))


def _link(
    before: ItemFacts, after: ItemFacts, slugs: Mapping[UUID, str], one: DependencyFacts
) -> ItemLink:
    return ItemLink(
        f"{slugs[before.project_id]}/{before.key}",
        f"{slugs[after.project_id]}/{after.key}",
        before.name,
        after.name,
        one.kind,
        one.lag,
        one.lag_unit,
    )


def find_items(actor: Actor, program: ProgramFacts, word: str) -> Sequence[FoundItem]:
    """Return items whose address or name holds `word`, those that begin with it first."""
    require(actor, Permission.VIEW, program)
    text = word.strip()
    if not text:
        return []
    slug, slash, key = text.partition("/")
    within = Q(project__slug=slug, key__icontains=key) if slash else Q()
    here = Q(name__icontains=text) | Q(key__icontains=text)
    rows = WorkItem.objects.filter(
        here | within if slash else here, project__program_id=program.id
    ).select_related("project")
    ordered = sorted(
        rows.order_by("project__order", "project__slug", "order", "key")[: 10 * MOST_FOUND],
        key=lambda row: (
            not (
                row.name.lower().startswith(text.lower())
                or row.key.lower().startswith(text.lower())
            )
        ),
    )
    return [FoundItem(f"{row.project.slug}/{row.key}", row.name) for row in ordered[:MOST_FOUND]]


def item_meant(actor: Actor, program: ProgramFacts, project: ProjectFacts, text: str) -> str:
    """Return the address of the item that `text` means, seen from `project`.

    An address `project/key`, a key of the same project, a key or a name that only one item of the
    program has, or a part of a name that only one has. Raises Invalid with those that it may be.
    """
    wanted = text.strip()
    found = find_items(actor, program, wanted)
    exact = [one for one in found if wanted in (one.address, one.name)]
    near = [one for one in found if one.address == f"{project.slug}/{wanted}"]
    keyed = [one for one in found if one.address.partition("/")[2] == wanted]
    for some in (near, exact, keyed, found):
        if len(some) == 1:
            return some[0].address
    if not found:
        sentence = f"No work item of {program.name} has '{wanted[:60]}' in its key or name."
        raise Invalid(sentence)
    few = ", ".join(one.address for one in found[:4])
    more = f" and {len(found) - 4} more" if len(found) > 4 else ""
    sentence = f"'{wanted[:60]}' may be {few}{more}: write one of these."
    raise Invalid(sentence)
