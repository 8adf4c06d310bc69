"""Every read of maturity: frozen values, as of any moment."""

from headway.domain.maturity.queries.audits import (
    AuditPage,
    PastAudit,
    repository_audit,
    repository_audits,
)
from headway.domain.maturity.queries.goals import (
    GoalLine,
    GoalProposal,
    GoalRow,
    goal_named,
    goal_proposal,
    goals_of,
    system_goals,
)
from headway.domain.maturity.queries.pages import (
    SystemMaturity,
    TrendPoint,
    maturity_overview,
    month_ends,
    system_maturity,
)

__all__ = [
    "GoalLine",
    "GoalProposal",
    "GoalRow",
    "AuditPage",
    "PastAudit",
    "SystemMaturity",
    "TrendPoint",
    "goal_named",
    "goal_proposal",
    "goals_of",
    "maturity_overview",
    "month_ends",
    "system_goals",
    "repository_audit",
    "repository_audits",
    "system_maturity",
]
