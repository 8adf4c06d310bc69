"""Editing in place the register of risks and the budget."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpResponse

from headway.domain.finance.actions import (
    remove_budget_line,
    restore_budget_line,
    set_budget_line,
)
from headway.domain.finance.queries import budget_of
from headway.domain.finance.rules import BUDGET_FIELDS, BudgetLineFacts
from headway.domain.plans.actions import set_risk_effects
from headway.domain.plans.queries import plan_value
from headway.domain.programs.queries import program_named
from headway.domain.risks.actions import close_risk, restore_risk, set_risk
from headway.domain.risks.queries import risk_named, risks_of
from headway.domain.risks.rules import RISK_FIELDS
from headway.errors import Conflict, NotFound
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.edit_forms import BudgetLineForm, RiskForm, without
from headway.interfaces.web.programs.editing import Done, Edit, asked_version, edit_page, leave

_NEW_RISK = {"kind": "threat", "state": "open"}
_NEW_LINE = {"purpose": "budget", "category": "people"}


def add_risk(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Write a risk down, with the items that it delays."""
    parent = program_named(request.actor, program)

    def save(values: dict[str, object], _version: int | None) -> Done:
        key = str(values.pop("key"))
        if key in {one.key for one in risks_of(request.actor, parent)}:
            sentence = f"There is a risk '{key}' already; choose another key."
            raise Conflict(sentence)
        items = _addresses(values.pop("items"))
        with transaction.atomic():
            made = set_risk(request.actor, program, key, values, request.now)
            set_risk_effects(request.actor, program, key, items, request.now)
        return Done(f"The risk {made.name} is written down.")

    edit = Edit("Add a risk", _money(request, program), RiskForm, save, _NEW_RISK, blame="items")
    return edit_page(request, lambda: edit)


def edit_risk(request: WorkspaceRequest, program: str, risk: str) -> HttpResponse:
    """Change a risk and the items that it delays; a closed one delays none."""
    parent = program_named(request.actor, program)

    def save(values: dict[str, object], version: int | None) -> Done:
        before = risk_named(request.actor, parent, risk)
        items = _addresses(values.pop("items")) if "items" in values else None
        with transaction.atomic():
            saved = set_risk(request.actor, program, risk, values, request.now, version=version)
            if items is not None:
                set_risk_effects(request.actor, program, risk, items, request.now)
        undo = address(request, "restore_risk", program=program, risk=risk, version=before.version)
        return Done(f"The risk {saved.name} is changed.", undo if saved != before else "")

    def load() -> Edit:
        held = risk_named(request.actor, parent, risk)
        plan = plan_value(request.actor, parent)
        delays = next((one.delays for one in plan.risks if one.id == risk), None)
        gone = ("key",) if delays is not None else ("key", "items")
        fields = {name: getattr(held, name) for name in RISK_FIELDS}
        for names in ("closes_resources", "closes_items"):
            fields[names] = ", ".join(fields[names])
        is_open = held.state != "closed"
        return Edit(
            f"Edit {held.name}",
            _money(request, program),
            without(RiskForm, *gone),
            save,
            fields | {"items": ", ".join(delays or ())},
            held.version,
            blame="items" if delays is not None else "",
            remove=address(request, "close_risk", program=program, risk=risk) if is_open else "",
            remove_label="Close this risk",
        )

    return edit_page(request, load)


def shut_risk(request: WorkspaceRequest, program: str, risk: str) -> HttpResponse:
    """Close a risk; the toast opens it again."""
    before = risk_named(request.actor, program_named(request.actor, program), risk)
    close_risk(request.actor, program, risk, request.now, version=asked_version(request))
    place = {"program": program, "risk": risk, "version": before.version}
    done = Done(f"The risk {before.name} is closed.", address(request, "restore_risk", **place))
    return leave(request, _money(request, program), done)


def undo_risk(request: WorkspaceRequest, program: str, risk: str, version: int) -> HttpResponse:
    """Put a risk back to an earlier version."""
    back = restore_risk(request.actor, program, risk, version, request.now)
    return leave(request, _money(request, program), Done(f"{back.name} is as it was before."))


def add_line(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Set an amount aside."""
    parent = program_named(request.actor, program)

    def save(values: dict[str, object], _version: int | None) -> Done:
        key = str(values.pop("key"))
        if key in {line.key for line in budget_of(request.actor, parent).lines}:
            sentence = f"There is a budget line '{key}' already; choose another key."
            raise Conflict(sentence)
        made = set_budget_line(request.actor, program, key, values, request.now)
        return Done(f"The budget line {made.name} is set.")

    page = _money(request, program)
    edit = Edit("Add a budget line", page, BudgetLineForm, save, _NEW_LINE, blame="key")
    return edit_page(request, lambda: edit)


def edit_line(request: WorkspaceRequest, program: str, line: str) -> HttpResponse:
    """Change a budget line."""

    def save(values: dict[str, object], version: int | None) -> Done:
        before = _line(request, program, line)
        saved = set_budget_line(request.actor, program, line, values, request.now, version=version)
        undo = address(request, "restore_line", program=program, line=line, version=before.version)
        return Done(f"The budget line {saved.name} is changed.", undo if saved != before else "")

    def load() -> Edit:
        held = _line(request, program, line)
        return Edit(
            f"Edit {held.name}",
            _money(request, program),
            without(BudgetLineForm, "key"),
            save,
            {name: getattr(held, name) for name in BUDGET_FIELDS},
            held.version,
            remove=address(request, "remove_line", program=program, line=line),
            remove_label="Remove this budget line",
        )

    return edit_page(request, load)


def drop_line(request: WorkspaceRequest, program: str, line: str) -> HttpResponse:
    """Take a budget line away; the toast brings it back."""
    held = _line(request, program, line)
    version = asked_version(request)
    remove_budget_line(request.actor, program, line, request.now, version=version)
    undo = address(request, "restore_line", program=program, line=line, version=held.version)
    done = Done(f"The budget line {held.name} is taken away.", undo)
    return leave(request, _money(request, program), done)


def undo_line(request: WorkspaceRequest, program: str, line: str, version: int) -> HttpResponse:
    """Put a budget line back to an earlier version."""
    back = restore_budget_line(request.actor, program, line, version, request.now)
    return leave(request, _money(request, program), Done(f"{back.name} is as it was before."))


def _line(request: WorkspaceRequest, program: str, key: str) -> BudgetLineFacts:
    parent = program_named(request.actor, program)
    for line in budget_of(request.actor, parent).lines:
        if line.key == key:
            return line
    sentence = f"There is no budget line '{key}' in {parent.name}."
    raise NotFound(sentence)


def _money(request: WorkspaceRequest, program: str) -> str:
    return address(request, "program_money", program=program)


def _addresses(words: object) -> list[str]:
    """Return the addresses of a list that a person typed, with commas or lines between."""
    return [part.strip() for part in str(words or "").replace("\n", ",").split(",") if part.strip()]
