"""Writing a scenario down, trying it, applying it to the plan, taking it back, throwing it away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from headway.analysis.schedule.soundness import problems, summary
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.plans.actions.changing import make_change
from headway.domain.plans.models import Scenario, ScenarioOutlook
from headway.domain.plans.queries.decisions import decision_named
from headway.domain.plans.queries.network import is_quick, joined_parts
from headway.domain.plans.queries.scenarios import (
    inherited_by,
    scenario_named,
    scenarios_of,
    weighed,
    write_scenario_outlook,
)
from headway.domain.plans.rules import JoinedParts, joined_plan, touched_by, with_changes
from headway.domain.plans.rules.inputs import key as read_key
from headway.domain.plans.rules.scenarios import (
    APPLIED,
    MOST_DEEP,
    MOST_OPEN,
    OPEN,
    SCENARIO_FIELDS,
    THROWN,
    Override,
    ScenarioFacts,
    made_of,
    overrides_of,
    undone_by,
    value_now,
    written,
)
from headway.domain.programs.actions.rows import add_row, change_row
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.fields import clean, fresh_key, meant
from headway.errors import Conflict, Invalid, NotFound


@transaction.atomic
def set_scenario(
    actor: Actor,
    program: str,
    key: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> ScenarioFacts:
    """Set the scenario `key` of a program: made from `values` (SCENARIO_FIELDS), or changed.

    Its changes must leave a plan that holds; what they make of the forecast is worked out and
    kept. The plan itself stays as it is. Raises Conflict for one that was applied or thrown away.
    """
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    key = str(read_key("key", key))
    fields: dict[str, Any] = clean(values, SCENARIO_FIELDS)
    rows = _locked(parent)
    row = next((one for one in rows.values() if one.key == key), None)
    below = fields.pop("parent", "")
    changes = fields.pop("changes", None)
    if row is None:
        row = _new(actor, parent, key, fields, _below(rows, below))
    else:
        _require_open(row)
        if below and (row.parent_id is None or rows[row.parent_id].key != below):
            sentence = f"“{row.name}” stays on what it was written on; make another one instead."
            raise Conflict(sentence)
    if changes is not None:
        fields["overrides"] = _checked(actor, parent, inherited_by(row, rows), changes, row)
    if row._state.adding:
        for name, value in fields.items():
            setattr(row, name, value)
        add_row(actor, row, at, "set_scenario", program=program, **fields)
    else:
        change_row(actor, row, fields, at, "set_scenario", version)
    _weigh_soon(actor, parent, at, [key, *_above(row, rows)])
    return scenario_named(actor, parent, key)


def _new(
    actor: Actor, program: ProgramFacts, key: str, fields: Mapping[str, Any], below: Scenario | None
) -> Scenario:
    if "name" not in fields:
        sentence = f"The scenario '{key}' is new and needs a name."
        raise Invalid(sentence)
    held = Scenario.objects.filter(program_id=program.id, state=OPEN).count()
    if held >= MOST_OPEN:
        sentence = f"{program.name} has {held} open scenarios; throw one away or apply it first."
        raise Conflict(sentence)
    return Scenario(workspace_id=actor.workspace_id, program_id=program.id, key=key, parent=below)


def _below(rows: Mapping[Any, Scenario], key: str) -> Scenario | None:
    """Return the scenario that a new one stands on; None for the plan itself."""
    if not key:
        return None
    found = next((one for one in rows.values() if one.key == key), None)
    if found is None:
        hint = meant(key, (one.key for one in rows.values()))
        sentence = f"There is no scenario '{key}' to build on{hint or '.'}"
        raise NotFound(sentence)
    _require_open(found)
    deep, here = 1, found
    while here.parent_id is not None:
        deep, here = deep + 1, rows[here.parent_id]
    if deep >= MOST_DEEP:
        sentence = f"“{found.name}” stands on {deep - 1} others; {MOST_DEEP} deep is the most."
        raise Invalid(sentence)
    return found


def _checked(
    actor: Actor,
    program: ProgramFacts,
    inherited: Sequence[Override],
    changes: Sequence[Mapping[str, Any]],
    row: Scenario,
) -> list[dict[str, Any]]:
    """Return the overrides to keep. Raises Invalid for one that leaves no plan that holds."""
    parts = joined_parts(actor, program)
    kept = written(parts, inherited, changes, overrides_of(row.overrides))
    made, _ = made_of(parts, [*inherited, *overrides_of(kept)])
    found = problems(joined_plan(made)) if made.items else []
    if found and changes:
        raise Invalid(summary(f"The scenario “{row.name or row.key}” does not hold", found))
    return kept


def _require_open(row: Scenario) -> None:
    if row.state != OPEN:
        told = "applied to the plan" if row.state == APPLIED else "thrown away"
        sentence = f"“{row.name}” was {told}; only an open scenario can be changed."
        raise Conflict(sentence)


def _above(row: Scenario, rows: Mapping[Any, Scenario]) -> list[str]:
    """Return the open scenarios that stand on one, however deep."""
    mine = [one for one in rows.values() if one.parent_id == row.id and one.state == OPEN]
    return [key for one in mine for key in (one.key, *_above(one, rows))]


def _locked(program: ProgramFacts) -> dict[Any, Scenario]:
    rows = Scenario.objects.select_for_update().filter(program_id=program.id)
    return {row.id: row for row in rows}


@transaction.atomic
def scenario_from_option(
    actor: Actor, program: str, place: tuple[str, str], at: datetime
) -> ScenarioFacts:
    """Write an option of a decision (decision, option) down as a scenario of its own."""
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    decision = decision_named(actor, parent, place[0])
    option = decision.option(place[1])
    if option is None:
        known = ", ".join(one.key for one in decision.options) or "none"
        sentence = f"'{place[1]}' is no option of “{decision.question}”; there is {known}."
        raise Invalid(sentence)
    taken = Scenario.objects.filter(program_id=parent.id).values_list("key", flat=True)
    values = {
        "name": option.name,
        "words": option.words,
        "origin": f"An answer to “{decision.question}”"[:300],
        "changes": list(option.changes),
    }
    return set_scenario(actor, program, fresh_key(option.key, taken), values, at)


@transaction.atomic
def accept_moves(
    actor: Actor, place: tuple[str, str], at: datetime, *, version: int | None = None
) -> ScenarioFacts:
    """Keep every override of a scenario though the plan moved: what it says now is what it was.

    What is gone is let go with its override.
    """
    parent, rows, row = _of(actor, place)
    _require_open(row)
    parts, _ = made_of(joined_parts(actor, parent), inherited_by(row, rows))
    held = overrides_of(row.overrides)
    gone = {one.place for one in made_of(parts, held)[1] if one.is_gone}
    left = [one.change for number, one in enumerate(held) if number not in gone]
    kept = written(parts, [], left)
    change_row(actor, row, {"overrides": kept}, at, "accept_moves", version)
    _weigh_soon(actor, parent, at, [row.key, *_above(row, rows)])
    return scenario_named(actor, parent, row.key)


@transaction.atomic
def throw_away_scenario(
    actor: Actor, place: tuple[str, str], at: datetime, *, version: int | None = None
) -> ScenarioFacts:
    """Throw a scenario away; `bring_back_scenario` takes it back."""
    parent, rows, row = _of(actor, place)
    _require_open(row)
    above = _above(row, rows)
    if above:
        sentence = f"{', '.join(above)} stands on “{row.name}”; throw that away first."
        raise Conflict(sentence)
    settled = {"state": THROWN, "settled_at": at, "settled_by": actor.label}
    change_row(actor, row, settled, at, "throw_away_scenario", version)
    return scenario_named(actor, parent, row.key)


@transaction.atomic
def bring_back_scenario(
    actor: Actor, place: tuple[str, str], at: datetime, *, version: int | None = None
) -> ScenarioFacts:
    """Take a scenario back that was thrown away."""
    parent, rows, row = _of(actor, place)
    if row.state != THROWN:
        sentence = f"“{row.name}” was not thrown away."
        raise Conflict(sentence)
    if row.parent_id is not None and rows[row.parent_id].state == THROWN:
        sentence = f"It stands on “{rows[row.parent_id].name}”, which was thrown away; see to that."
        raise Conflict(sentence)
    fields = {"state": OPEN, "settled_at": None, "settled_by": ""}
    change_row(actor, row, fields, at, "bring_back_scenario", version)
    _weigh_soon(actor, parent, at, [row.key])
    return scenario_named(actor, parent, row.key)


@transaction.atomic
def apply_scenario(
    actor: Actor,
    place: tuple[str, str],
    at: datetime,
    *,
    anyway: bool = False,
    version: int | None = None,
) -> ScenarioFacts:
    """Make every change of the scenario at `place` (program, key) in the plan, or none of them.

    Raises Conflict when the plan moved under it (unless `anyway`: then what moved is overridden
    and what is gone left out), or when what it stands on was not applied; Invalid or Refused as
    the edit of a person would.
    """
    parent, rows, row = _of(actor, place)
    _require_open(row)
    if row.parent_id is not None and rows[row.parent_id].state != APPLIED:
        sentence = f"It stands on “{rows[row.parent_id].name}”; apply that one first."
        raise Conflict(sentence)
    parts = joined_parts(actor, parent)
    held = overrides_of(row.overrides)
    conflicts = made_of(parts, held)[1]
    if conflicts and not anyway:
        first = conflicts[0]
        sentence = (
            f"The plan moved under “{row.name}” ({len(conflicts)} of {len(held)} changes): "
            f"{first.sentence} Look at it, then apply it all the same."
        )
        raise Conflict(sentence)
    gone = {one.place for one in conflicts if one.is_gone}
    changes = [one.change for number, one in enumerate(held) if number not in gone]
    undo = _apply(actor, parent, parts, changes, at)
    settled = {"state": APPLIED, "settled_at": at, "settled_by": actor.label, "undo": undo}
    change_row(actor, row, settled, at, "apply_scenario", version)
    return scenario_named(actor, parent, row.key)


def _apply(
    actor: Actor,
    program: ProgramFacts,
    parts: JoinedParts,
    changes: Sequence[Mapping[str, Any]],
    at: datetime,
) -> list[dict[str, Any]]:
    """Make the changes in order; return those that take them back, in their order."""
    back: list[dict[str, Any]] = []
    for change in changes:
        back = [*undone_by(parts, change), *back]
        make_change(actor, program, change, at)
        parts = with_changes(parts, [change])
    return back


@transaction.atomic
def undo_scenario(
    actor: Actor, place: tuple[str, str], at: datetime, *, version: int | None = None
) -> ScenarioFacts:
    """Take an applied scenario back: the plan is what it was, and the scenario open again.

    Raises Conflict when the plan moved on what it changed since: then edit the plan itself.
    """
    parent, rows, row = _of(actor, place)
    if row.state != APPLIED or not row.undo:
        sentence = f"“{row.name}” is not applied, so there is nothing to take back."
        raise Conflict(sentence)
    if any(one.parent_id == row.id and one.state == APPLIED for one in rows.values()):
        sentence = f"Another scenario was applied on top of “{row.name}”; take that back first."
        raise Conflict(sentence)
    _require_unmoved(joined_parts(actor, parent), overrides_of(row.overrides))
    for change in row.undo:
        make_change(actor, parent, change, at)
    fields: dict[str, object] = {"state": OPEN, "settled_at": None, "settled_by": "", "undo": []}
    change_row(actor, row, fields, at, "undo_scenario", version)
    _weigh_soon(actor, parent, at, [row.key])
    return scenario_named(actor, parent, row.key)


def _require_unmoved(parts: JoinedParts, held: Sequence[Override]) -> None:
    """Raise Conflict when a value that a scenario wrote is another one by now."""
    last = {_written(one.change): one.change for one in held}
    for change in last.values():
        wanted = change.get("now", change.get("units"))
        try:
            now = value_now(parts, change)
        except Invalid:
            continue  # a risk that it closed is not in the plan, as it left it
        if wanted is not None and now != wanted:
            sentence = (
                f"{touched_by(change)} changed since: the scenario wrote {wanted}, and it is "
                f"{now}. Edit the plan instead."
            )
            raise Conflict(sentence)


def _written(change: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what a change writes: of two that write the same, the later one counts."""
    names = ("field", "program", "resource", "after", "kind")
    return (touched_by(change), *(str(change.get(name, "")) for name in names))


def _of(actor: Actor, place: tuple[str, str]) -> tuple[ProgramFacts, dict[Any, Scenario], Scenario]:
    require(actor, Permission.PLAN)
    parent = program_named(actor, place[0])
    held = scenario_named(actor, parent, place[1])
    rows = _locked(parent)
    return parent, rows, rows[held.id]


def weigh_scenarios(
    actor: Actor, program: ProgramFacts, at: datetime, keys: Sequence[str] | None = None
) -> int:
    """Work out anew what open scenarios (or those of `keys`) make of the forecast, and keep it."""
    require(actor, Permission.PLAN)
    found = [
        one
        for one in scenarios_of(actor, program)
        if one.is_open and (keys is None or one.key in keys)
    ]
    if not found:
        return 0
    for scenario, outlook in weighed(actor, program, found, at).items():
        ScenarioOutlook.objects.update_or_create(
            workspace_id=actor.workspace_id,
            scenario_id=scenario,
            at=at,
            defaults={"answer": write_scenario_outlook(outlook)},
        )
    return len(found)


def _weigh_soon(actor: Actor, program: ProgramFacts, at: datetime, keys: Sequence[str]) -> None:
    """Weigh at once where that takes seconds; of a large plan the worker does it."""
    if is_quick(actor, program):
        weigh_scenarios(actor, program, at, keys)


def weigh_unweighed_scenarios(actor: Actor, program: str, at: datetime) -> int:
    """Weigh the open scenarios that changed since they were weighed; return how many."""
    require(actor, Permission.PLAN)
    parent = program_named(actor, program, at)
    rows = Scenario.objects.filter(
        workspace_id=actor.workspace_id, program_id=parent.id, state=OPEN
    )
    keys = [row.key for row in rows.order_by("key") if _is_unweighed(row)]
    return weigh_scenarios(actor, parent, at, keys) if keys else 0


def _is_unweighed(row: Scenario) -> bool:
    weighed_at = row.outlooks.aggregate(last=Max("at"))["last"]
    changed = row.history.aggregate(last=Max("history_date"))["last"]
    return weighed_at is None or weighed_at < changed
