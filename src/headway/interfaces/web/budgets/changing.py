"""Changing a budget: agreeing on it, asking for changes and answering them, accruals."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse

from headway.domain.finance.actions import (
    agree_budget,
    answer_budget_change,
    request_budget_change,
    restore_accrual,
    reverse_accrual,
    reverse_budget_change,
    set_accrual,
    withdraw_agreement,
    withdraw_budget_change,
)
from headway.domain.finance.queries import accrual_named, budget_of
from headway.domain.finance.rules import ACCRUAL_FIELDS
from headway.domain.finance.rules.phasing import month_text
from headway.domain.programs.queries import program_named, projects_of
from headway.domain.programs.rules import ProgramFacts
from headway.interfaces.web.budgets.forms import AccrualForm, ChangeForm, ReversalForm
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.editing import Done, Edit, asked_version, edit_page, leave


def agree(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Agree on the budget as it stands."""
    agreed = agree_budget(
        request.actor, program, request.now, reason=request.POST.get("reason", "")
    )
    done = Done(f"Agreed: {len(agreed.lines)} lines. From here a change needs a second hand.")
    return leave(request, _page(request, program), done)


def open_again(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Take the agreement back: lines may be edited again."""
    withdraw_agreement(request.actor, program, request.now)
    return leave(request, _page(request, program), Done("The budget is open to edits again."))


def add_change(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Ask for a transfer, a draw, or a change of the total."""
    parent = program_named(request.actor, program)

    def save(values: dict[str, object], _version: int | None) -> Done:
        made = request_budget_change(request.actor, program, values, request.now)
        return Done(f"{made.key} is asked for; somebody else with finance answers it.")

    edit = Edit(
        "Ask for a budget change",
        _page(request, program),
        ChangeForm,
        save,
        blame="source",
        button="Ask for it",
        lists={"edit-lines-of": [one.key for one in budget_of(request.actor, parent).lines]},
    )
    return edit_page(request, lambda: edit)


def answer_change(request: WorkspaceRequest, program: str, change: str) -> HttpResponse:
    """Approve or refuse a change that somebody else asked for."""
    done = answer_budget_change(
        request.actor,
        (program, change),
        request.POST.get("answer", ""),
        request.now,
        note=request.POST.get("note", ""),
        version=asked_version(request),
    )
    moved = "its money has moved" if done.state == "approved" else "nothing moved"
    return leave(request, _page(request, program), Done(f"{done.key} is {done.state}: {moved}."))


def reverse_change(request: WorkspaceRequest, program: str, change: str) -> HttpResponse:
    """Ask for the opposite of a change that was approved."""
    made = reverse_budget_change(request.actor, (program, change), request.now)
    said = f"{made.key} takes {change} back as soon as somebody else with finance approves it."
    return leave(request, _page(request, program), Done(said))


def withdraw_change(request: WorkspaceRequest, program: str, change: str) -> HttpResponse:
    """Take a change back before anybody answered."""
    version = asked_version(request)
    done = withdraw_budget_change(request.actor, (program, change), request.now, version=version)
    return leave(request, _page(request, program), Done(f"{done.key} is withdrawn."))


def add_accrual(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Write down what a month owes."""
    parent = program_named(request.actor, program)

    def save(values: dict[str, object], _version: int | None) -> Done:
        made = set_accrual(request.actor, (program, ""), values, request.now)
        return Done(f"“{made.reason}” is accrued in {month_text(made.month)}.")

    edit = Edit(
        "Accrue a cost",
        _page(request, program),
        AccrualForm,
        save,
        {"category": "other"},
        blame="order",
        lists=_lists(request, parent),
    )
    return edit_page(request, lambda: edit)


def edit_accrual(request: WorkspaceRequest, program: str, accrual: str) -> HttpResponse:
    """Change an accrual whose invoice has not come."""
    parent = program_named(request.actor, program)

    def save(values: dict[str, object], version: int | None) -> Done:
        before = accrual_named(request.actor, parent, accrual)
        saved = set_accrual(request.actor, (program, accrual), values, request.now, version=version)
        undo = _undo(request, program, accrual, before.version)
        return Done(f"“{saved.reason}” is changed.", undo if saved != before else "")

    def load() -> Edit:
        held = accrual_named(request.actor, parent, accrual)
        slugs = {one.id: one.slug for one in projects_of(request.actor, parent)}
        fields = {name: getattr(held, name) for name in ACCRUAL_FIELDS}
        project = slugs.get(held.project_id, "") if held.project_id else ""
        fields |= {"month": month_text(held.month), "project": project}
        return Edit(
            "Edit the accrual",
            _page(request, program),
            AccrualForm,
            save,
            fields,
            held.version,
            blame="order",
            lists=_lists(request, parent),
        )

    return edit_page(request, load)


def reverse(request: WorkspaceRequest, program: str, accrual: str) -> HttpResponse:
    """Say that the invoice came; the toast takes it back."""
    parent = program_named(request.actor, program)

    def save(values: dict[str, object], version: int | None) -> Done:
        before = accrual_named(request.actor, parent, accrual)
        on = date.fromisoformat(str(values["on"]))
        place, invoice = (program, accrual), str(values["invoice"])
        done = reverse_accrual(request.actor, place, invoice, on, request.now, version=version)
        undo = _undo(request, program, accrual, before.version)
        return Done(f"“{done.reason}” is reversed by {done.invoice}.", undo)

    def load() -> Edit:
        held = accrual_named(request.actor, parent, accrual)
        return Edit(
            f"The invoice of “{held.reason}” came",
            _page(request, program),
            ReversalForm,
            save,
            {"on": request.now.date()},
            held.version,
            blame="invoice",
            button="Reverse the accrual",
        )

    return edit_page(request, load)


def undo_accrual(
    request: WorkspaceRequest, program: str, accrual: str, version: int
) -> HttpResponse:
    """Put an accrual back to an earlier version."""
    held = restore_accrual(request.actor, (program, accrual), version, request.now)
    return leave(request, _page(request, program), Done(f"“{held.reason}” is as it was before."))


def _page(request: WorkspaceRequest, program: str) -> str:
    return address(request, "budget", program=program)


def _undo(request: WorkspaceRequest, program: str, accrual: str, version: int) -> str:
    place = {"program": program, "accrual": accrual, "version": version}
    return address(request, "restore_accrual", **place)


def _lists(request: WorkspaceRequest, program: ProgramFacts) -> dict[str, list[str]]:
    return {"edit-projects": [one.slug for one in projects_of(request.actor, program)]}
