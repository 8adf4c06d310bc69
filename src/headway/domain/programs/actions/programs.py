"""Making and changing programs and projects."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.programs.actions.rows import add_row, change_row, put_back
from headway.domain.programs.models import Program, Project, System
from headway.domain.programs.queries import (
    facts,
    program_named,
    project_named,
    system_named,
)
from headway.domain.programs.rules import ProgramFacts, ProjectFacts
from headway.domain.programs.rules.calendars import require_calendar
from headway.domain.programs.rules.fields import clean
from headway.domain.programs.rules.inputs import PROGRAM_FIELDS, PROJECT_FIELDS, slug_from
from headway.errors import Conflict


@transaction.atomic
def create_program(
    actor: Actor, values: Mapping[str, object], at: datetime, *, is_sample: bool = False
) -> ProgramFacts:
    """Make a program from `values` (PROGRAM_FIELDS, and `slug`; name is needed).

    Raises Invalid for a field that does not fit, Conflict when the address is taken.
    """
    require(actor, Permission.PROGRAM)
    given, slug = _with_slug(values)
    fields = clean(given, PROGRAM_FIELDS)
    row = Program(workspace_id=actor.workspace_id, slug=slug, is_sample=is_sample, **fields)
    return facts(ProgramFacts, add_row(actor, row, at, "create_program", **fields))


@transaction.atomic
def edit_program(
    actor: Actor,
    slug: str,
    changes: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> ProgramFacts:
    """Change fields of a program (PROGRAM_FIELDS). Its address stays.

    The currency may change only while the program has no project: amounts are not converted.
    """
    require(actor, Permission.PROGRAM)
    program = program_named(actor, slug)
    fields = clean(changes, PROGRAM_FIELDS)
    row = Program.objects.select_for_update().get(id=program.id)
    wanted = fields.get("currency", row.currency)
    if wanted != row.currency and row.projects.exists():
        sentence = (
            f"{row.name} keeps its money in {row.currency} and has projects already; "
            f"amounts would not be converted to {wanted}. Make another program for it."
        )
        raise Conflict(sentence)
    change_row(actor, row, fields, at, "edit_program", version)
    return facts(ProgramFacts, row)


@transaction.atomic
def restore_program(actor: Actor, slug: str, version: int, at: datetime) -> ProgramFacts:
    """Put a program back to its earlier `version`: the undo of a change of it."""
    require(actor, Permission.PROGRAM)
    program = program_named(actor, slug)
    return facts(ProgramFacts, put_back(actor, Program, version, at, id=program.id))


@transaction.atomic
def set_calendar(
    actor: Actor,
    program: ProgramFacts,
    calendar: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> ProgramFacts:
    """Set the calendar that all plans of a program share, as a plan file writes it.

    Who may plan may set it: it comes with the first plan. Raises Invalid for what is no calendar.
    """
    require(actor, Permission.PLAN, program)
    row = Program.objects.select_for_update().get(id=program.id)
    change_row(
        actor, row, {"calendar": dict(require_calendar(calendar))}, at, "set_calendar", version
    )
    return facts(ProgramFacts, row)


@transaction.atomic
def create_project(
    actor: Actor,
    program: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    is_sample: bool = False,
) -> ProjectFacts:
    """Make a project of the program with this address (PROJECT_FIELDS, `slug`, `system`)."""
    require(actor, Permission.PROGRAM)
    parent = program_named(actor, program)
    given, slug = _with_slug(values)
    system = _system(actor, given)
    fields = clean(given, PROJECT_FIELDS)
    row = Project(
        workspace_id=actor.workspace_id,
        program_id=parent.id,
        slug=slug,
        is_sample=is_sample,
        **{**system, **fields},
    )
    add_row(actor, row, at, "create_project", program=parent.slug, **fields)
    return facts(ProjectFacts, row)


@transaction.atomic
def edit_project(
    actor: Actor,
    slug: str,
    changes: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> ProjectFacts:
    """Change fields of a project (PROJECT_FIELDS, `system` by its address)."""
    require(actor, Permission.PROGRAM)
    project = project_named(actor, slug)
    given = dict(changes)
    fields = {**_system(actor, given), **clean(given, PROJECT_FIELDS)}
    row = Project.objects.select_for_update().get(id=project.id)
    change_row(actor, row, fields, at, "edit_project", version)
    return facts(ProjectFacts, row)


def _with_slug(values: Mapping[str, object]) -> tuple[dict[str, object], str]:
    """Return the values with a name (Invalid when it is missing), and the address they make."""
    given = {"name": "", **values}
    wanted = given.pop("slug", "")
    clean({"name": given["name"]}, PROGRAM_FIELDS)
    return given, slug_from(str(given["name"]), wanted)


def _system(actor: Actor, given: dict[str, object]) -> dict[str, object]:
    """Take `system` out of `given` and return its id under the column's name; {} when absent."""
    if "system" not in given:
        return {}
    slug = str(given.pop("system") or "")
    found: System | None = None
    if slug:
        found = System.objects.get(id=system_named(actor, slug).id)
    return {"system_id": found.id if found else None}
