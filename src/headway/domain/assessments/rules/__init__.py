"""Judgements from plan and evidence: pure functions of facts and `at`."""

from headway.domain.assessments.rules.combine import all_of
from headway.domain.assessments.rules.criterion import Criterion, Evidence, assess
from headway.domain.assessments.rules.health import (
    CheckFacts,
    CostStanding,
    RiskStanding,
    ScheduleStanding,
    assess_compliance,
    assess_cost,
    assess_data,
    assess_risk,
    assess_schedule,
)
from headway.domain.assessments.rules.judgement import JudgementDraft, check_judgement
from headway.domain.assessments.rules.verdicts import (
    DIMENSIONS,
    Assessment,
    Dimension,
    Level,
    Verdict,
    level_of,
)

__all__ = [
    "DIMENSIONS",
    "Assessment",
    "CheckFacts",
    "CostStanding",
    "Criterion",
    "Dimension",
    "Evidence",
    "JudgementDraft",
    "Level",
    "RiskStanding",
    "ScheduleStanding",
    "Verdict",
    "all_of",
    "assess",
    "assess_compliance",
    "assess_cost",
    "assess_data",
    "assess_risk",
    "assess_schedule",
    "check_judgement",
    "level_of",
]
