"""Editing the budget in place."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpResponse

from headway.domain.finance.actions import (
    remove_budget_line,
    restore_budget_line,
    set_budget_line,
)
from headway.domain.finance.queries import budget_line_named, budget_of
from headway.domain.finance.rules import BUDGET_FIELDS, BudgetLineFacts, shares_text
from headway.domain.people.queries.staffing import openings_of
from headway.domain.programs.queries import program_named, projects_of
from headway.domain.programs.rules import ProgramFacts
from headway.errors import Conflict
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.edit_forms import BudgetLineForm, without
from headway.interfaces.web.programs.editing import Done, Edit, asked_version, edit_page, leave

_NEW_LINE = {"purpose": "budget", "category": "people"}


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

    edit = Edit(
        "Add a budget line",
        _money(request, program),
        BudgetLineForm,
        save,
        _NEW_LINE,
        blame="key",
        lists=_lists(request, parent),
    )
    return edit_page(request, lambda: edit)


def edit_line(request: WorkspaceRequest, program: str, line: str) -> HttpResponse:
    """Change a budget line."""

    def save(values: dict[str, object], version: int | None) -> Done:
        before = _line(request, program, line)
        saved = set_budget_line(request.actor, program, line, values, request.now, version=version)
        undo = address(request, "restore_line", program=program, line=line, version=before.version)
        return Done(f"The budget line {saved.name} is changed.", undo if saved != before else "")

    def load() -> Edit:
        parent = program_named(request.actor, program)
        held = budget_line_named(request.actor, parent, line)
        slugs = {one.id: one.slug for one in projects_of(request.actor, parent)}
        return Edit(
            f"Edit {held.name}",
            _money(request, program),
            without(BudgetLineForm, "key"),
            save,
            _fields(held, slugs),
            held.version,
            lists=_lists(request, parent),
            remove=address(request, "remove_line", program=program, line=line),
            remove_label="Remove this budget line",
        )

    return edit_page(request, load)


def _lists(request: WorkspaceRequest, program: ProgramFacts) -> Mapping[str, list[str]]:
    openings = openings_of(request.actor, program)
    return {
        "edit-projects": [one.slug for one in projects_of(request.actor, program)],
        "edit-openings": [one.key for one in openings if one.is_coming],
    }


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
    return budget_line_named(request.actor, program_named(request.actor, program), key)


def _fields(held: BudgetLineFacts, slugs: Mapping[UUID, str]) -> dict[str, object]:
    """Return what the form shows of a line: months, shares and project as a person writes them."""
    fields = {name: getattr(held, name) for name in BUDGET_FIELDS}
    shares = shares_text((slugs.get(one, str(one)), share) for one, share in held.shares)
    project = slugs.get(held.project_id, "") if held.project_id else ""
    told = {"phasing": held.phasing_words, "shares": shares, "project": project}
    return fields | told | {"covers": ", ".join(held.covers)}


def _money(request: WorkspaceRequest, program: str) -> str:
    return address(request, "budget", program=program)
