"""Judgements about labels: what fields may hold, how a batch stands, what weeks say."""

from headway.domain.annotation.rules.facts import (
    BatchFacts,
    GuidelineFacts,
    PilotFacts,
    VersionFacts,
)
from headway.domain.annotation.rules.fields import (
    BATCH_FIELDS,
    DELIVERY_FIELDS,
    GUIDELINE_FIELDS,
    INSPECTION_FIELDS,
    PILOT_FIELDS,
    VERSION_FIELDS,
)
from headway.domain.annotation.rules.standing import (
    BATCH_KINDS,
    GOLD,
    BatchStanding,
    Event,
    batch_standing,
)
from headway.domain.annotation.rules.supply import Week, weeks_of

__all__ = [
    "BATCH_FIELDS",
    "BATCH_KINDS",
    "DELIVERY_FIELDS",
    "GOLD",
    "GUIDELINE_FIELDS",
    "INSPECTION_FIELDS",
    "PILOT_FIELDS",
    "VERSION_FIELDS",
    "BatchFacts",
    "BatchStanding",
    "Event",
    "GuidelineFacts",
    "PilotFacts",
    "VersionFacts",
    "Week",
    "batch_standing",
    "weeks_of",
]
