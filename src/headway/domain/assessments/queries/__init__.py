"""Every read of assessments: the health of projects and programs, shifts, judgements."""

from headway.domain.assessments.queries.brief import ProgramBrief, program_brief
from headway.domain.assessments.queries.health import (
    ProgramHealth,
    ProjectHealth,
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
    "ProjectHealth",
    "ShiftLine",
    "judgements_of",
    "program_brief",
    "program_health",
    "programs_health",
    "project_health",
    "recent_shifts",
]
