"""Making one change of a decision's option or a scenario in the real plan, as a person would."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from headway.domain.accounts.rules import Actor
from headway.domain.finance.actions import set_budget_line
from headway.domain.finance.queries import budget_of
from headway.domain.people.actions import set_resource
from headway.domain.plans.actions.items import add_item, edit_item, remove_item, restore_item
from headway.domain.plans.actions.links import LinkDraft, link_items, set_need, unlink_items
from headway.domain.plans.queries import history_of_item
from headway.domain.programs.actions import edit_program
from headway.domain.programs.actions.programs import set_calendar
from headway.domain.programs.queries import project_named
from headway.domain.programs.rules import ProgramFacts
from headway.domain.risks.actions import set_risk
from headway.errors import Invalid

Maker = Callable[[Actor, ProgramFacts, Mapping[str, Any], datetime], None]


def make_change(
    actor: Actor, program: ProgramFacts, change: Mapping[str, Any], at: datetime
) -> None:
    """Make one change in the real plan, through the actions that a person's edit takes.

    Raises what they raise: Refused, NotFound, Invalid when the plan would not hold.
    """
    sort = next(name for name in _MAKERS if name in change)
    _MAKERS[sort](actor, program, change, at)


def _edit(actor: Actor, _program: ProgramFacts, change: Mapping[str, Any], at: datetime) -> None:
    edit_item(actor, _place(change["item"]), {change["field"]: change["now"]}, at)


def _drop(actor: Actor, _program: ProgramFacts, change: Mapping[str, Any], at: datetime) -> None:
    remove_item(actor, _place(change["drop"]), at)


def _restore(actor: Actor, _program: ProgramFacts, change: Mapping[str, Any], at: datetime) -> None:
    project, key = _place(change["restore"])
    versions = history_of_item(actor, project_named(actor, project), key)
    past = next(one for one in versions if one.kind != "removed")
    restore_item(actor, (project, key), past.history_id, at)


def _add(actor: Actor, _program: ProgramFacts, change: Mapping[str, Any], at: datetime) -> None:
    address = str(change["add"])
    project, key = _place(address)
    values = {"name": key, **change["fields"]}
    add_item(actor, project, key, values, at, origin=change.get("origin"))
    for resource, units in change["needs"].items():
        set_need(actor, address, resource, units, at)
    for predecessor in change["after"]:
        link_items(actor, LinkDraft(address, predecessor), at)
    for successor in change["before"]:
        link_items(actor, LinkDraft(successor, address), at)


def _link(actor: Actor, _program: ProgramFacts, change: Mapping[str, Any], at: datetime) -> None:
    draft = LinkDraft(
        change["link"], change["after"], change["kind"], change["lag"], change["lag_unit"]
    )
    link_items(actor, draft, at)


def _unlink(actor: Actor, _program: ProgramFacts, change: Mapping[str, Any], at: datetime) -> None:
    unlink_items(actor, change["unlink"], change["after"], at, kind=change.get("kind", ""))


def _need(actor: Actor, _program: ProgramFacts, change: Mapping[str, Any], at: datetime) -> None:
    set_need(actor, change["need"], change["resource"], change["units"], at)


def _resource(actor: Actor, program: ProgramFacts, change: Mapping[str, Any], at: datetime) -> None:
    set_resource(actor, program.slug, change["resource"], {change["field"]: change["now"]}, at)


def _risk(actor: Actor, program: ProgramFacts, change: Mapping[str, Any], at: datetime) -> None:
    set_risk(actor, program.slug, change["risk"], {change["field"]: change["now"]}, at)


def _frame(actor: Actor, program: ProgramFacts, change: Mapping[str, Any], at: datetime) -> None:
    now = change["now"]
    match change["program"]:
        case "target":
            edit_program(actor, program.slug, {"target": now}, at)
        case "calendar":
            set_calendar(actor, program, now, at)
        case _:
            _budget(actor, program, now, at)


def _budget(actor: Actor, program: ProgramFacts, now: object, at: datetime) -> None:
    """Set the budget: what lies above the other lines becomes the amount of a line of its own."""
    lines = budget_of(actor, program).lines
    others = [
        line.amount
        for line in lines
        if line.key != SCENARIO_LINE and line.purpose in ("budget", "contingency")
    ]
    held = sum(others, Decimal(0))
    wanted = held if now is None else Decimal(str(now))
    if wanted < held:
        sentence = (
            f"The lines of the budget hold {held:,} {program.currency}; a scenario can raise it. "
            "Lower a line yourself to spend less."
        )
        raise Invalid(sentence)
    values = {"name": "Set by a scenario", "purpose": "budget", "amount": str(wanted - held)}
    set_budget_line(actor, program.slug, SCENARIO_LINE, values, at)


#: The budget line that holds what scenarios added.
SCENARIO_LINE = "by-scenario"

_MAKERS: Mapping[str, Maker] = {
    "item": _edit,
    "drop": _drop,
    "restore": _restore,
    "add": _add,
    "link": _link,
    "unlink": _unlink,
    "need": _need,
    "resource": _resource,
    "risk": _risk,
    "program": _frame,
}


def _place(address: str) -> tuple[str, str]:
    project, _, key = address.partition("/")
    return project, key
