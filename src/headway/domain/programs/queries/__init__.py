"""Every read of programs: takes the actor, and the moment as of which to look."""

from headway.domain.programs.queries.business_case import business_case_of, cases_by_project
from headway.domain.programs.queries.columns import as_text, read_json
from headway.domain.programs.queries.past import ids_ever, row_at, rows_at, rows_at_each
from headway.domain.programs.queries.programs import (
    criteria_by_project,
    criteria_of,
    criterion_named,
    objectives_of,
    portfolio_lines,
    program_named,
    program_of,
    programs_of,
    project_named,
    project_within,
    projects_by_program,
    projects_of,
)
from headway.domain.programs.queries.registers import entry_named, register_rows
from headway.domain.programs.queries.shaping import facts
from headway.domain.programs.queries.systems import (
    moves_of,
    release_of,
    releases_of,
    stage_templates_of,
    system_named,
    systems_of,
)

__all__ = [
    "as_text",
    "read_json",
    "business_case_of",
    "cases_by_project",
    "criteria_by_project",
    "criteria_of",
    "criterion_named",
    "entry_named",
    "facts",
    "ids_ever",
    "moves_of",
    "objectives_of",
    "portfolio_lines",
    "program_named",
    "program_of",
    "programs_of",
    "project_named",
    "project_within",
    "projects_by_program",
    "projects_of",
    "register_rows",
    "release_of",
    "releases_of",
    "row_at",
    "rows_at",
    "rows_at_each",
    "stage_templates_of",
    "system_named",
    "systems_of",
]
