"""Judgements about risks, assumptions, actions and blockers: what one may hold, how it stands."""

from headway.domain.risks.rules.actions import ACTION_FIELDS, SOURCES, ActionFacts
from headway.domain.risks.rules.assumptions import ASSUMPTION_FIELDS, AssumptionFacts
from headway.domain.risks.rules.blockers import (
    BLOCKER_FIELDS,
    BlockerFacts,
    EscalationStep,
    steps_of,
)
from headway.domain.risks.rules.issues import ISSUE_FIELDS, IssueFacts, severity_of
from headway.domain.risks.rules.matrix import (
    POLICY_FIELDS,
    Cell,
    PolicyFacts,
    Scale,
    cell_of,
    mean_of,
)
from headway.domain.risks.rules.risks import (
    RISK_CATEGORIES,
    RISK_FIELDS,
    STAGES,
    STRATEGIES,
    RiskFacts,
    Said,
    composed_name,
    require_closure,
    require_stage,
    require_strategy,
)

__all__ = [
    "ACTION_FIELDS",
    "ASSUMPTION_FIELDS",
    "BLOCKER_FIELDS",
    "ISSUE_FIELDS",
    "POLICY_FIELDS",
    "RISK_CATEGORIES",
    "STAGES",
    "STRATEGIES",
    "Cell",
    "IssueFacts",
    "PolicyFacts",
    "Said",
    "Scale",
    "cell_of",
    "composed_name",
    "mean_of",
    "require_stage",
    "require_strategy",
    "severity_of",
    "RISK_FIELDS",
    "SOURCES",
    "ActionFacts",
    "AssumptionFacts",
    "BlockerFacts",
    "RiskFacts",
    "EscalationStep",
    "require_closure",
    "steps_of",
]
