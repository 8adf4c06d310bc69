"""Editing in place what was promised: criteria, a program, its objectives, a project's charter."""

from __future__ import annotations

from dataclasses import asdict

from django.http import HttpResponse

from headway.domain.programs.actions import (
    edit_program,
    edit_project,
    remove_criterion,
    restore_criterion,
    restore_program,
    set_criterion,
    set_objective,
)
from headway.domain.programs.queries import (
    criteria_of,
    criterion_named,
    objectives_of,
    program_named,
    project_named,
)
from headway.errors import Conflict, NotFound
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.edit_forms import (
    CHARTER,
    CriterionForm,
    ObjectiveForm,
    ProgramEditForm,
    ProjectEditForm,
    without,
)
from headway.interfaces.web.programs.editing import Done, Edit, asked_version, edit_page, leave

_NEW_CRITERION = {"kind": "quality", "direction": "maximise"}


def add_criterion(request: WorkspaceRequest, project: str) -> HttpResponse:
    """Promise one more thing of a project's model."""
    parent = project_named(request.actor, project)

    def save(values: dict[str, object], _version: int | None) -> Done:
        key = str(values.pop("key"))
        if key in {one.key for one in criteria_of(request.actor, parent)}:
            sentence = f"There is a success criterion '{key}' already; choose another key."
            raise Conflict(sentence)
        made = set_criterion(request.actor, project, key, values, request.now)
        return Done(f"{made.name} is promised.")

    page = address(request, "project", project=project)
    edit = Edit("Add a success criterion", page, CriterionForm, save, _NEW_CRITERION, blame="key")
    return edit_page(request, lambda: edit)


def edit_criterion(request: WorkspaceRequest, project: str, criterion: str) -> HttpResponse:
    """Change a success criterion."""
    parent = project_named(request.actor, project)
    place = {"project": project, "criterion": criterion}

    def save(values: dict[str, object], version: int | None) -> Done:
        before = criterion_named(request.actor, parent, criterion)
        saved = set_criterion(
            request.actor, project, criterion, values, request.now, version=version
        )
        undo = address(request, "restore_criterion", **place, version=before.version)
        return Done(f"{saved.name} is changed.", undo if saved != before else "")

    def load() -> Edit:
        held = criterion_named(request.actor, parent, criterion)
        return Edit(
            f"Edit {held.name}",
            address(request, "project", project=project),
            without(CriterionForm, "key"),
            save,
            {name: each for name, each in asdict(held).items() if name in CriterionForm.readers},
            held.version,
            remove=address(request, "remove_criterion", **place),
            remove_label="Remove this criterion",
        )

    return edit_page(request, load)


def drop_criterion(request: WorkspaceRequest, project: str, criterion: str) -> HttpResponse:
    """Take a success criterion away; the toast brings it back."""
    held = criterion_named(request.actor, project_named(request.actor, project), criterion)
    version = asked_version(request)
    remove_criterion(request.actor, project, criterion, request.now, version=version)
    place = {"project": project, "criterion": criterion, "version": held.version}
    done = Done(
        f"{held.name} is no longer promised.", address(request, "restore_criterion", **place)
    )
    return leave(request, address(request, "project", project=project), done)


def undo_criterion(
    request: WorkspaceRequest, project: str, criterion: str, version: int
) -> HttpResponse:
    """Put a success criterion back to an earlier version."""
    back = restore_criterion(request.actor, project, criterion, version, request.now)
    page = address(request, "project", project=project)
    return leave(request, page, Done(f"{back.name} is as it was before."))


def program_form(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Change what a program is for, who answers for it, and its target."""

    def save(values: dict[str, object], version: int | None) -> Done:
        before = program_named(request.actor, program)
        saved = edit_program(request.actor, program, values, request.now, version=version)
        undo = address(request, "restore_program", program=program, version=before.version)
        return Done(f"{saved.name} is changed.", undo if saved != before else "")

    def load() -> Edit:
        held = program_named(request.actor, program)
        page = address(request, "program", program=program)
        fields = {name: getattr(held, name) for name in ProgramEditForm.readers}
        return Edit(f"Edit {held.name}", page, ProgramEditForm, save, fields, held.version)

    return edit_page(request, load)


def undo_program(request: WorkspaceRequest, program: str, version: int) -> HttpResponse:
    """Put a program back to an earlier version."""
    back = restore_program(request.actor, program, version, request.now)
    page = address(request, "program", program=program)
    return leave(request, page, Done(f"{back.name} is as it was before."))


def add_objective(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Say one more thing that a program is for."""
    parent = program_named(request.actor, program)

    def save(values: dict[str, object], _version: int | None) -> Done:
        key = str(values["key"])
        if key in {one.key for one in objectives_of(request.actor, parent)}:
            sentence = f"There is an objective '{key}' already; choose another key."
            raise Conflict(sentence)
        set_objective(request.actor, program, key, str(values["name"]), request.now)
        return Done("The objective is set.")

    page = address(request, "program", program=program)
    edit = Edit("Add an objective", page, ObjectiveForm, save, blame="key")
    return edit_page(request, lambda: edit)


def edit_objective(request: WorkspaceRequest, program: str, objective: str) -> HttpResponse:
    """Say an objective in other words."""
    parent = program_named(request.actor, program)

    def save(values: dict[str, object], version: int | None) -> Done:
        name = str(values["name"])
        set_objective(request.actor, program, objective, name, request.now, version=version)
        return Done("The objective is changed.")

    def load() -> Edit:
        held = next(
            (one for one in objectives_of(request.actor, parent) if one.key == objective), None
        )
        if held is None:
            sentence = f"There is no objective '{objective}' in {parent.name}."
            raise NotFound(sentence)
        page = address(request, "program", program=program)
        form = without(ObjectiveForm, "key")
        return Edit("Edit the objective", page, form, save, {"name": held.name}, held.version)

    return edit_page(request, load)


def project_form(request: WorkspaceRequest, project: str) -> HttpResponse:
    """Change a project and its charter; what the charter says beside our names stays."""

    def save(values: dict[str, object], version: int | None) -> Done:
        before = project_named(request.actor, project)
        said = {name: str(values.pop(field)) for field, name in CHARTER.items()}
        kept = {name: words for name, words in before.charter.items() if name not in said}
        values["charter"] = {name: words for name, words in said.items() if words} | kept
        saved = edit_project(request.actor, project, values, request.now, version=version)
        return Done(f"{saved.name} is changed.")

    def load() -> Edit:
        held = project_named(request.actor, project)
        fields = {name: getattr(held, name) for name in ("name", "owner", "purpose")}
        charter = {field: str(held.charter.get(name, "")) for field, name in CHARTER.items()}
        page = address(request, "project", project=project)
        title = f"Edit {held.name}"
        return Edit(title, page, ProjectEditForm, save, {**fields, **charter}, held.version)

    return edit_page(request, load)
