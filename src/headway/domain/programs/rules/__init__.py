"""Judgements about programs: what their fields may hold, which way a release moves."""

from headway.domain.programs.rules.business_case import BusinessCaseFacts, CaseLine
from headway.domain.programs.rules.criteria import Basis, CriterionKind, Direction
from headway.domain.programs.rules.facts import (
    CriterionFacts,
    ObjectiveFacts,
    PortfolioLine,
    ProgramFacts,
    ProjectFacts,
    ReleaseFacts,
    StageMoveFacts,
    StageTemplateFacts,
    SystemFacts,
)
from headway.domain.programs.rules.stages import DEFAULT_STAGES, Stage

__all__ = [
    "DEFAULT_STAGES",
    "Basis",
    "BusinessCaseFacts",
    "CaseLine",
    "CriterionFacts",
    "CriterionKind",
    "Direction",
    "ObjectiveFacts",
    "PortfolioLine",
    "ProgramFacts",
    "ProjectFacts",
    "ReleaseFacts",
    "Stage",
    "StageMoveFacts",
    "StageTemplateFacts",
    "SystemFacts",
]
