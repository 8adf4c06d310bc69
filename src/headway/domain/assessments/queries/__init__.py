"""Every read of assessments: the health of projects and programs, shifts, judgements."""

from headway.domain.assessments.queries.assumptions import assumption_standings
from headway.domain.assessments.queries.brief import ProgramBrief, program_brief
from headway.domain.assessments.queries.business_case import (
    ProjectCase,
    program_cases,
    project_case,
)
from headway.domain.assessments.queries.connect import connect_next
from headway.domain.assessments.queries.health import (
    ProgramHealth,
    ProjectHealth,
    measured_by_project,
    program_health,
    programs_health,
    project_health,
)
from headway.domain.assessments.queries.notes import (
    JudgementLine,
    ShiftLine,
    judgements_of,
    recent_shifts,
)

__all__ = [
    "JudgementLine",
    "ProgramBrief",
    "ProgramHealth",
    "ProjectCase",
    "ProjectHealth",
    "ShiftLine",
    "assumption_standings",
    "connect_next",
    "judgements_of",
    "measured_by_project",
    "program_brief",
    "program_cases",
    "program_health",
    "programs_health",
    "project_case",
    "project_health",
    "recent_shifts",
]
