"""Goals of a system: what one would take, shown first; its work items, made by one click."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.maturity.actions import drop_goal, restore_goal, set_goal
from headway.domain.maturity.queries import (
    GoalProposal,
    SystemMaturity,
    goal_proposal,
    system_maturity,
)
from headway.domain.maturity.rules import Goal
from headway.domain.maturity.rules.goals import GOAL_FIELDS, goals_ahead
from headway.domain.programs.rules.fields import Reader, clean
from headway.errors import Invalid
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.layout.toasts import tell
from headway.interfaces.web.programs.addresses import address, back
from headway.interfaces.web.programs.edit_forms import ReadForm, day_field
from headway.interfaces.web.programs.editing import Done, asked_version, leave
from headway.rendering.phrases import quantity

_AIM = "aim"


class GoalForm(ReadForm):
    """What to reach, by when, and whose plan takes the work."""

    readers: ClassVar[Mapping[str, Reader]] = {"due": GOAL_FIELDS["due"]}

    aim = forms.ChoiceField(label="Reach")
    due = day_field("By", "The deadline of each work item.")
    project = forms.ChoiceField(label="The work goes into the plan of", required=False)


def goal(request: WorkspaceRequest, system: str) -> HttpResponse:
    """Ask for a goal; show what it takes; and, posted, make the work items."""
    found = system_maturity(request.actor, system, request.now)
    asked = request.POST if request.method == "POST" else request.GET
    form = _form(found, asked if asked.get(_AIM) else None)
    proposal, status = None, 200
    if form.is_bound:
        try:
            proposal = _proposal(request, found, form)
            if request.method == "POST":
                return _made(request, found, form)
        except Invalid as error:
            form.add_error(None, str(error))
            status = 422
    values = {"system": found.system, "form": form, "proposal": proposal, "score": found.score}
    return render(request, "maturity_web/goal.html", values, status=status)


def _form(found: SystemMaturity, asked: object) -> GoalForm:
    """Return the form that offers what is not reached yet, and the system's projects."""
    form = GoalForm(asked)
    ahead = [(_name(one), str(one)) for one in goals_ahead(found.answers)]
    form.fields[_AIM].choices = ahead  # type: ignore[attr-defined]
    form.fields["project"].choices = [  # type: ignore[attr-defined]
        (one.slug, one.name) for one in found.projects
    ]
    return form


def _name(goal: Goal) -> str:
    return f"{goal.model}:{goal.column}:{goal.target:g}"


def _fields(form: GoalForm) -> dict[str, object]:
    """Return what was asked, as the action takes it. Raises Invalid where the form is wrong."""
    if not form.is_valid():
        wrong = next(iter(form.errors.values()))
        raise Invalid(str(wrong[0]))
    model, column, target = str(form.cleaned_data[_AIM]).split(":")
    asked = {name: form.cleaned_data[name] for name in ("due", "project")}
    return {"model": model, "column": column, "target": target, **asked}


def _proposal(request: WorkspaceRequest, found: SystemMaturity, form: GoalForm) -> GoalProposal:
    fields = clean(_fields(form), GOAL_FIELDS)
    aim = Goal(str(fields["model"]), str(fields["column"]), float(str(fields["target"])))
    due, project = fields["due"], str(fields["project"])
    return goal_proposal(
        request.actor,
        found,
        aim,
        request.now,
        due=due,  # type: ignore[arg-type]  # read as a day
        project=project,
    )


def _made(request: WorkspaceRequest, found: SystemMaturity, form: GoalForm) -> HttpResponse:
    slug = found.system.slug
    made = set_goal(request.actor, slug, _fields(form), request.now)
    items = quantity(len(made.steps), "work item")
    undo = address(request, "drop_goal", system=slug, goal_key=made.key)
    tell(request, f"The goal is set; its {items} stand in the plan.", undo)
    return back(request, address(request, "system_maturity", system=slug))


def drop(request: WorkspaceRequest, system: str, goal_key: str) -> HttpResponse:
    """Take a goal back with the items that nobody has begun."""
    held = drop_goal(request.actor, system, goal_key, request.now, version=asked_version(request))
    undo = address(request, "restore_goal", system=system, goal_key=goal_key, version=held.version)
    page = address(request, "system_maturity", system=system)
    return leave(request, page, Done("The goal is gone, with the items nobody began.", undo))


def restore(request: WorkspaceRequest, system: str, goal_key: str, version: int) -> HttpResponse:
    """Bring a goal back, with its items."""
    restore_goal(request.actor, system, goal_key, version, request.now)
    page = address(request, "system_maturity", system=system)
    return leave(request, page, Done("The goal and its work items are back."))
