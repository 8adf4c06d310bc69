"""Judgements about risks, assumptions, actions and blockers: what one may hold, how it stands."""

from headway.domain.risks.rules.actions import ACTION_FIELDS, SOURCES, ActionFacts
from headway.domain.risks.rules.assumptions import ASSUMPTION_FIELDS, AssumptionFacts
from headway.domain.risks.rules.blockers import (
    BLOCKER_FIELDS,
    BlockerFacts,
    EscalationStep,
    steps_of,
)
from headway.domain.risks.rules.risks import RISK_FIELDS, RiskFacts, require_closure

__all__ = [
    "ACTION_FIELDS",
    "ASSUMPTION_FIELDS",
    "BLOCKER_FIELDS",
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
