"""Takes the last import of a project back, as far as nobody has built on it since.

An import writes every row's history at its own moment; the undo finds the rows by it and puts each
back to what stood before. What was changed after the import is kept and listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.models import AuditEntry
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.plans.actions.soundness import require_sound_program
from headway.domain.plans.models import (
    BlockedItem,
    Dependency,
    Need,
    Plan,
    PromiseItem,
    RiskEffect,
    WorkItem,
)
from headway.domain.programs.actions.rows import add_dated, delete_dated, save_dated
from headway.domain.programs.queries import program_of, project_named
from headway.domain.programs.rules import ProjectFacts
from headway.domain.sources.actions import take_import_back
from headway.errors import Conflict

#: What an item's row says of itself; its version goes on counting.
_ITEM_FIELDS = tuple(
    field.attname
    for field in WorkItem._meta.concrete_fields
    if field.attname not in ("id", "workspace_id", "project_id", "key", "version")
)
_PLAN_FIELDS = ("name", "start", "distribution", "correlations")


@dataclass(frozen=True, slots=True)
class UndoResult:
    """What an undo took away and put back; `kept` names items that somebody changed since."""

    project: str
    removed: int
    restored: int
    kept: Sequence[str]


@transaction.atomic
def undo_import(actor: Actor, project: str, at: datetime) -> UndoResult:
    """Undo the last import into `project`: new items go, changes and removals are put back.

    Resources, risks, budget and calendar that came with a plan file stay: they are the program's.
    Raises Conflict when there is no import to undo, or it was undone already.
    """
    require(actor, Permission.PLAN)
    parent = project_named(actor, project)
    moment = _moment(actor, parent)
    touched = WorkItem.history.filter(project_id=parent.id, history_date=moment)
    kinds: dict[UUID, str] = dict(touched.values_list("id", "history_type"))
    later = WorkItem.history.filter(id__in=kinds, history_date__gt=moment)
    changed = set(later.values_list("id", flat=True)) | _built_on(kinds, moment)
    changed |= _waited_for(changed, set(kinds))
    back = _bring_back(actor, parent, moment, {key for key in kinds if key not in changed}, at)
    _undo_links(actor, Dependency, parent, moment, changed, at)
    _undo_links(actor, Need, parent, moment, changed, at)
    fresh = [key for key, kind in kinds.items() if kind == "+" and key not in changed]
    removed = 0
    for row in WorkItem.objects.select_for_update().filter(id__in=fresh):
        delete_dated(actor, row, at)
        removed += 1
    edited = [key for key, kind in kinds.items() if kind == "~" and key not in changed]
    restored = back + _put_back(actor, WorkItem, edited, moment, _ITEM_FIELDS, at)
    plans = Plan.history.filter(project_id=parent.id, history_date=moment, history_type="~")
    _put_back(actor, Plan, list(plans.values_list("id", flat=True)), moment, _PLAN_FIELDS, at)
    kept = sorted(WorkItem.objects.filter(id__in=changed).values_list("key", flat=True))
    take_import_back(actor, parent.id, moment)
    require_sound_program(actor, program_of(actor, parent))
    write_audit(
        actor, "undo_import", parent.slug, at, imported_at=moment.isoformat(), removed=removed
    )
    return UndoResult(parent.slug, removed, restored, kept)


def _moment(actor: Actor, parent: ProjectFacts) -> datetime:
    """Return when the import that is to be undone was made."""
    rows = AuditEntry.objects.filter(
        workspace_id=actor.workspace_id,
        thing=parent.slug,
        action__in=("import_plan", "undo_import"),
    )
    last = rows.order_by("-sequence").first()
    if last is None or last.action == "undo_import":
        sentence = (
            f"There is no import into {parent.name} to undo."
            if last is None
            else f"The last import into {parent.name} was undone already."
        )
        raise Conflict(sentence)
    return last.at


def _built_on(kinds: dict[UUID, str], moment: datetime) -> set[UUID]:
    """Return the new items that something of others, or of later, hangs on."""
    fresh = [key for key, kind in kinds.items() if kind == "+"]
    found: set[UUID] = set()
    for model, field in (
        (Dependency, "predecessor_id"),
        (Dependency, "item_id"),
        (Need, "item_id"),
    ):
        manager: Any = model
        rows = manager.objects.filter(**{f"{field}__in": fresh})
        begun = dict(
            manager.history.filter(id__in=rows.values("id"))
            .values_list("id")
            .annotate(Max("history_date"))
        )
        found |= {
            item for row, item in rows.values_list("id", field) if begun.get(row, moment) > moment
        }
    for tie in (RiskEffect, BlockedItem, PromiseItem):
        ties: Any = tie
        found |= set(ties.objects.filter(item_id__in=fresh).values_list("item_id", flat=True))
    return found


def _waited_for(changed: set[UUID], touched: set[UUID]) -> set[UUID]:
    """Return what the items that are kept wait for: they need it, directly or not."""
    found: set[UUID] = set()
    waiting = set(changed)
    while waiting:
        links = Dependency.objects.filter(item_id__in=waiting)
        ends = set(links.values_list("predecessor_id", flat=True))
        waiting = (ends & touched) - found - changed
        found |= waiting
    return found


def _bring_back(
    actor: Actor, parent: ProjectFacts, moment: datetime, keys: set[UUID], at: datetime
) -> int:
    """Bring the items back that the import took out; return how many."""
    gone = WorkItem.history.filter(project_id=parent.id, history_date=moment, history_type="-")
    taken = set(WorkItem.objects.filter(project_id=parent.id).values_list("key", flat=True))
    rows = [past.instance for past in gone.filter(id__in=keys) if past.key not in taken]
    for row in rows:
        row.version += 1
    add_dated(actor, WorkItem, rows, at)
    return len(rows)


def _undo_links(
    actor: Actor,
    model: Any,  # noqa: ANN401 - simple_history is not typed
    parent: ProjectFacts,
    moment: datetime,
    changed: set[UUID],
    at: datetime,
) -> None:
    """Put links or needs of the import's items back: new ones go, gone ones come, lags return."""
    items = set(WorkItem.history.filter(project_id=parent.id).values_list("id", flat=True))
    history = model.history.filter(item_id__in=items - changed, history_date=moment)
    rows = {row.id: row for row in model.objects.filter(item_id__in=items)}
    for past in history:
        row = rows.get(past.id)
        if past.history_type == "+" and row is not None:
            delete_dated(actor, row, at)
        elif past.history_type == "~" and row is not None:
            names = ("units",) if model is Need else ("lag", "lag_unit")
            _put_back(actor, model, [past.id], moment, names, at)
        elif past.history_type == "-" and row is None and _ends_stand(past):
            again = past.instance
            again._history_date = at
            again.save(force_insert=True)


def _ends_stand(past: Any) -> bool:  # noqa: ANN401
    ends = {past.item_id, getattr(past, "predecessor_id", past.item_id)}
    return WorkItem.objects.filter(id__in=ends).count() == len(ends)


def _put_back(
    actor: Actor,
    model: Any,  # noqa: ANN401
    keys: Iterable[UUID],
    moment: datetime,
    fields: Sequence[str],
    at: datetime,
) -> int:
    """Give each row the fields it had just before `moment`; return how many."""
    wanted = list(keys)
    before: dict[UUID, Any] = {}
    past = model.history.filter(id__in=wanted, history_date__lt=moment)
    for row in past.order_by("history_date", "history_id"):
        before[row.id] = row
    rows = []
    for row in model.objects.select_for_update().filter(id__in=wanted):
        if row.id in before:
            for field in fields:
                setattr(row, field, getattr(before[row.id], field))
            if hasattr(row, "version"):
                row.version += 1
            rows.append(row)
    names = [*fields, "version"] if rows and hasattr(rows[0], "version") else list(fields)
    save_dated(actor, model, rows, names, at)
    return len(rows)
