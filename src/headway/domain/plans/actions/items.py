"""Adding, changing, removing and restoring single work items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.people.models import Resource
from headway.domain.plans.actions.soundness import require_sound_plan
from headway.domain.plans.models import (
    BlockedItem,
    Dependency,
    Need,
    Plan,
    PromiseItem,
    RiskEffect,
    WorkItem,
)
from headway.domain.plans.queries import item_named
from headway.domain.plans.rules import ITEM_FIELDS, ItemFacts
from headway.domain.plans.rules.inputs import key as read_key
from headway.domain.programs.actions.rows import (
    add_dated,
    add_row,
    change_row,
    delete_dated,
    drop_row,
)
from headway.domain.programs.queries import facts, program_of, project_named
from headway.domain.programs.rules import ProjectFacts
from headway.domain.programs.rules.calendars import require_held_calendar
from headway.domain.programs.rules.fields import clean
from headway.domain.risks.models import Risk
from headway.errors import Conflict, Invalid, NotFound


@transaction.atomic
def add_item(
    actor: Actor,
    project: str,
    key: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    origin: Mapping[str, object] | None = None,
) -> ItemFacts:
    """Add a work item to a project (ITEM_FIELDS; a name is needed). The project gets a plan.

    `origin` says which evidence it came from: "words", and the "record" that opens it.
    """
    require(actor, Permission.PLAN)
    parent = project_named(actor, project)
    fields = clean({"name": values.get("name", ""), **values}, ITEM_FIELDS)
    need_plan(actor, parent, at)
    last = WorkItem.objects.filter(project_id=parent.id).order_by("-order").first()
    fields.setdefault("order", last.order + 1 if last else 0)
    row = WorkItem(
        workspace_id=actor.workspace_id,
        project_id=parent.id,
        key=str(read_key("key", key)),
        origin=dict(origin or {}),
        **fields,
    )
    add_row(actor, row, at, "add_item", project=project, **fields)
    require_sound_plan(actor, parent)
    return facts(ItemFacts, row)


def need_plan(actor: Actor, project: ProjectFacts, at: datetime) -> None:
    """Give a project a plan that starts on the day of `at` when it has none yet."""
    if not Plan.objects.filter(project_id=project.id).exists():
        row = Plan(
            workspace_id=actor.workspace_id,
            project_id=project.id,
            name=project.name,
            start=at.date(),
        )
        add_row(actor, row, at, "start_plan", project=project.slug)


@transaction.atomic
def edit_item(
    actor: Actor,
    place: tuple[str, str],
    changes: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> ItemFacts:
    """Change fields of the item at `place` (project, key).

    Raises Conflict when it changed since `version`, naming both values; Invalid when the plan
    would no longer hold.
    """
    require(actor, Permission.PLAN)
    parent, row = _locked(actor, place)
    fields = clean(changes, ITEM_FIELDS)
    if fields.get("calendar"):
        require_held_calendar(program_of(actor, parent), str(fields["calendar"]))
    if change_row(actor, row, fields, at, "edit_item", version):
        require_sound_plan(actor, parent)
    return facts(ItemFacts, row)


@transaction.atomic
def take_remaining(  # noqa: PLR0913  what is taken over, from where, and from which version on
    actor: Actor,
    place: tuple[str, str],
    remaining: Sequence[float],
    origin: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> ItemFacts:
    """Write down what evidence says is left of the item at `place`, with its origin.

    `origin` holds "words" and, where one opens it, the "record". Raises Invalid for an item that
    is not under way: its range is an estimate then, and somebody's own.
    """
    require(actor, Permission.PLAN)
    parent, row = _locked(actor, place)
    if row.started is None or row.finished is not None:
        state = "is finished" if row.finished else "has not started"
        sentence = (
            f"“{row.name}” {state}, so no remaining range is taken over; change its estimate."
        )
        raise Invalid(sentence)
    wanted = clean({"remaining": list(remaining)}, ITEM_FIELDS)
    fields = {**wanted, "origin": {**row.origin, **origin}}
    if change_row(actor, row, fields, at, "take_remaining", version):
        require_sound_plan(actor, parent)
    return facts(ItemFacts, row)


@transaction.atomic
def take_estimate(  # noqa: PLR0913  what is taken over, from where, and from which version on
    actor: Actor,
    place: tuple[str, str],
    estimate: Sequence[float],
    origin: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> ItemFacts:
    """Write down how long evidence says the item at `place` takes from its start, with its origin.

    Raises Invalid for an item that has started (what remains is asked for then), and for one with
    attempts, whose own range replaces its estimate.
    """
    require(actor, Permission.PLAN)
    parent, row = _locked(actor, place)
    if row.started is not None or row.finished is not None or row.attempts:
        state = "has attempts of its own range" if row.attempts else "has started"
        sentence = f"“{row.name}” {state}, so no estimate is taken over; change its range."
        raise Invalid(sentence)
    wanted = clean({"estimate": list(estimate)}, ITEM_FIELDS)
    fields = {**wanted, "origin": {**row.origin, **origin}}
    if change_row(actor, row, fields, at, "take_estimate", version):
        require_sound_plan(actor, parent)
    return facts(ItemFacts, row)


@transaction.atomic
def remove_item(
    actor: Actor, place: tuple[str, str], at: datetime, *, version: int | None = None
) -> None:
    """Take an item out of the plan, with its links; `restore_item` brings it back."""
    require(actor, Permission.PLAN)
    parent, row = _locked(actor, place)
    if version is not None and version != row.version:
        sentence = f"{row.name} changed since you read it (version {version}, now {row.version})."
        raise Conflict(sentence)
    for model in (Dependency, Need, RiskEffect, BlockedItem, PromiseItem):
        for part in model.objects.filter(item_id=row.id):
            delete_dated(actor, part, at)
    for link in Dependency.objects.filter(predecessor_id=row.id):
        delete_dated(actor, link, at)
    drop_row(actor, row, at, "remove_item", project=parent.slug)
    require_sound_plan(actor, parent)


@transaction.atomic
def restore_item(actor: Actor, place: tuple[str, str], history_id: int, at: datetime) -> ItemFacts:
    """Put an item back to an earlier version of itself: the undo of an edit or a removal.

    A removed item comes back with the links, needs, risks, blockers and promises that went with
    it, where the other end is still there.
    """
    require(actor, Permission.PLAN)
    project, key = place
    parent = project_named(actor, project)
    past = WorkItem.history.filter(
        history_id=history_id, project_id=parent.id, key=key, workspace_id=actor.workspace_id
    ).first()
    if past is None:
        sentence = f"There is no such earlier version of '{key}' in {parent.name}."
        raise NotFound(sentence)
    fields = {name: getattr(past, name) for name in (*ITEM_FIELDS, "origin")}
    row = WorkItem.objects.select_for_update().filter(project_id=parent.id, key=key).first()
    if row is None:
        row = WorkItem(
            id=past.id,
            workspace_id=actor.workspace_id,
            project_id=parent.id,
            key=key,
            version=past.version + 1,
            levelled_start=past.levelled_start,
            **fields,
        )
        add_row(actor, row, at, "restore_item", project=project)
        _restore_parts(actor, row, at)
    else:
        change_row(actor, row, fields, at, "restore_item")
    require_sound_plan(actor, parent)
    return facts(ItemFacts, row)


def _restore_parts(actor: Actor, item: WorkItem, at: datetime) -> None:
    """Bring back what was deleted in the same moment as `item`, at its last removal."""
    removals = WorkItem.history.filter(id=item.id, history_type="-", history_date__lte=at)
    removed = removals.order_by("-history_date", "-history_id").first()
    if removed is None:
        return
    there = set(
        WorkItem.objects.filter(workspace_id=item.workspace_id).values_list("id", flat=True)
    )
    resources = set(
        Resource.objects.filter(workspace_id=item.workspace_id).values_list("id", flat=True)
    )
    risks = set(Risk.objects.filter(workspace_id=item.workspace_id).values_list("id", flat=True))
    went = Q(history_type="-", history_date=removed.history_date)
    links = Dependency.history.filter(went, Q(item_id=item.id) | Q(predecessor_id=item.id))
    needs = Need.history.filter(went, item_id=item.id)
    effects = RiskEffect.history.filter(went, item_id=item.id)
    back = {row.id: row.instance for row in links if {row.item_id, row.predecessor_id} <= there}
    add_dated(actor, Dependency, back.values(), at)
    add_dated(actor, Need, [row.instance for row in needs if row.resource_id in resources], at)
    add_dated(actor, RiskEffect, [row.instance for row in effects if row.risk_id in risks], at)
    # Blockers and promises are never deleted, so their end is there.
    for model in (BlockedItem, PromiseItem):
        gone = model.history.filter(went, item_id=item.id)
        add_dated(actor, model, [row.instance for row in gone], at)


def _locked(actor: Actor, place: tuple[str, str]) -> tuple[ProjectFacts, WorkItem]:
    """Return the project and the locked row of an item. Raises NotFound across workspaces."""
    project, key = place
    parent = project_named(actor, project)
    item = item_named(actor, parent, key)
    return parent, WorkItem.objects.select_for_update().get(id=item.id)
