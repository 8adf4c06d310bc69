"""What progress decides: how an item earns its planned value, and what evidence says is left."""

from headway.domain.progress.rules.confidence import Confidence, TradeLine
from headway.domain.progress.rules.earning import (
    METHOD_WORDS,
    METHODS,
    Deliveries,
    Method,
    Step,
    Work,
    default_method,
    earned_by,
    earned_on,
    planned_by,
    planned_on,
    planned_points,
    why_earned,
)
from headway.domain.progress.rules.facts import (
    FOLLOW_FIELDS,
    MEASURE_FIELDS,
    FollowFacts,
    MeasureFacts,
    follow_fields,
    measure_fields,
)
from headway.domain.progress.rules.following import Proposal, Pull, proposed
from headway.domain.progress.rules.runs import EFFORTS, Measured, question_of, runs_of

__all__ = [
    "EFFORTS",
    "FOLLOW_FIELDS",
    "MEASURE_FIELDS",
    "METHODS",
    "METHOD_WORDS",
    "Confidence",
    "Deliveries",
    "FollowFacts",
    "Measured",
    "MeasureFacts",
    "Method",
    "Proposal",
    "Pull",
    "Step",
    "TradeLine",
    "Work",
    "default_method",
    "earned_by",
    "earned_on",
    "follow_fields",
    "measure_fields",
    "planned_by",
    "planned_on",
    "planned_points",
    "proposed",
    "question_of",
    "runs_of",
    "why_earned",
]
