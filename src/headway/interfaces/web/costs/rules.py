"""Whose it is: the rules in their order, what none of them places, and trying a rule first."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.costs.actions import (
    remove_allocation_rule,
    restore_allocation_rule,
    set_allocation_rule,
)
from headway.domain.costs.queries import (
    RuleMoves,
    allocation_rules,
    explore,
    rule_moves,
    rule_named,
    unallocated_origins,
)
from headway.domain.costs.queries.explorer import CostView
from headway.domain.costs.rules import RuleFacts
from headway.errors import Conflict, Invalid
from headway.interfaces.web.costs.explorer import tabs
from headway.interfaces.web.costs.forms import RuleForm
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.layout.toasts import tell
from headway.interfaces.web.programs.addresses import address, back, is_live
from headway.interfaces.web.programs.editing import Done, asked_version, leave
from headway.rendering import phrases


def allocation(request: WorkspaceRequest) -> HttpResponse:
    """Answer first: how much belongs to nobody; then what that is, then the rules."""
    table = explore(request.actor, CostView(by="rule"), request.at)
    placed = {row.value: row for row in table.rows}
    rules = allocation_rules(request.actor, request.at)
    values = {
        "rules": [(rule, placed.get(rule.key)) for rule in rules],
        "by_itself": [(one, placed[one]) for one in ("tag", "run") if one in placed],
        "unplaced": unallocated_origins(request.actor, request.at),
        "table": table,
        "said": _said(table.unallocated, table.total, table.currency),
        "tabs": tabs(request),
        "live": is_live(request),
    }
    return render(request, "costs_web/allocation.html", values)


def _said(unallocated: Decimal, total: Decimal, currency: str) -> str:
    if not total:
        return "No bill says anything yet."
    if not unallocated:
        return "Every charge of these months belongs to a project."
    told = phrases.money(unallocated, currency)
    return f"{told} of the newest twelve months belongs to nobody yet."


def add_rule(request: WorkspaceRequest) -> HttpResponse:
    """Say whose charges are; try it before it is saved."""
    return _edited(request, None)


def edit_rule(request: WorkspaceRequest, placing: str) -> HttpResponse:
    """Change a rule; try it before it is saved."""
    return _edited(request, rule_named(request.actor, placing))


def _edited(request: WorkspaceRequest, held: RuleFacts | None) -> HttpResponse:
    moves: RuleMoves | None = None
    status = 200
    if request.method == "POST":
        form = RuleForm(request.POST)
        status = 422
        if form.is_valid():
            values = dict(form.typed)
            key = held.key if held else str(values["key"])
            values.pop("key", None)
            try:
                if "try" in request.POST:
                    moves = rule_moves(request.actor, key, values)
                    status = 200
                else:
                    return _saved(request, key, values, held)
            except (Invalid, Conflict) as error:
                form.add_error(None, str(error))
    else:
        form = RuleForm(initial=_texts(held) if held else request.GET.dict())
    values = {"form": form, "held": held, "moves": moves, "tabs": tabs(request)}
    return render(request, "costs_web/rule.html", values, status=status)


def _saved(
    request: WorkspaceRequest, key: str, values: Mapping[str, object], held: RuleFacts | None
) -> HttpResponse:
    version = asked_version(request) if held else None
    done = set_allocation_rule(request.actor, key, values, request.now, version=version)
    undo = ""
    if done.version > 1:
        place = {"placing": key, "version": done.version - 1}
        undo = address(request, "restore_allocation_rule", **place)
    tell(request, f"The rule “{done.name}” holds for every bill now.", undo)
    return back(request, address(request, "allocation"))


def _texts(rule: RuleFacts) -> dict[str, object]:
    """Return a rule as its form takes it."""
    shares = [
        " ".join(
            filter(
                None,
                (
                    *row[:2],
                    f"item:{row[2]}" if row[2:3] and row[2] else "",
                    f"model:{row[3]}" if row[3:4] and row[3] else "",
                ),
            )
        )
        for row in rule.shares
    ]
    return {
        "key": rule.key,
        "name": rule.name,
        "conditions": "\n".join(f"{field} = {pattern}" for field, pattern in rule.conditions),
        "shares": "\n".join(shares),
        "category": rule.category,
        "order": rule.order,
        "adds": rule.adds,
        "reason": rule.reason,
        "version": rule.version,
    }


def remove_rule(request: WorkspaceRequest, placing: str) -> HttpResponse:
    """Take a rule away, with the way back."""
    held = rule_named(request.actor, placing)
    remove_allocation_rule(request.actor, placing, request.now, version=asked_version(request))
    undo = address(request, "restore_allocation_rule", placing=placing, version=held.version)
    return leave(
        request, address(request, "allocation"), Done(f"The rule “{held.name}” is gone.", undo)
    )


def restore_rule(request: WorkspaceRequest, version: int, placing: str) -> HttpResponse:
    """Put a rule back as it was."""
    done = restore_allocation_rule(request.actor, placing, version, request.now)
    said = Done(f"The rule “{done.name}” is as before.")
    return leave(request, address(request, "allocation"), said)
