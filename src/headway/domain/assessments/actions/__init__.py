"""Every write of assessments: remember what changed, and what a person says beside it."""

from headway.domain.assessments.actions.assumptions import watch_assumptions
from headway.domain.assessments.actions.judge import judge_health, withdraw_judgement
from headway.domain.assessments.actions.refresh import refresh_assessments
from headway.domain.assessments.actions.triggers import watch_triggers

__all__ = [
    "judge_health",
    "refresh_assessments",
    "watch_assumptions",
    "watch_triggers",
    "withdraw_judgement",
]
