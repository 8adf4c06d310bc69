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
    planned_by,
    planned_words,
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
from headway.domain.progress.rules.runs import EFFORT_WORDS, EFFORTS, Measured, question_of, runs_of
from headway.domain.progress.rules.tallies import Course, Known, Tally

__all__ = [
    "EFFORTS",
    "EFFORT_WORDS",
    "FOLLOW_FIELDS",
    "MEASURE_FIELDS",
    "METHODS",
    "METHOD_WORDS",
    "Confidence",
    "Course",
    "Deliveries",
    "FollowFacts",
    "Known",
    "Measured",
    "MeasureFacts",
    "Method",
    "Proposal",
    "Pull",
    "Step",
    "Tally",
    "TradeLine",
    "Work",
    "default_method",
    "earned_by",
    "follow_fields",
    "measure_fields",
    "planned_by",
    "planned_words",
    "proposed",
    "question_of",
    "runs_of",
    "why_earned",
]
