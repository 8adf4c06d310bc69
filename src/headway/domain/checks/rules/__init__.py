"""Judgements about monitors: what a run means, when one alerts, when one is due."""

from headway.domain.checks.rules.hysteresis import Stand, Standing, after, fold
from headway.domain.checks.rules.monitors import (
    DIMENSIONS,
    KINDS,
    MONITOR_FIELDS,
    MonitorFacts,
    MonitorVerdict,
    check_monitor,
    lasts_until,
    verdict_of,
)
from headway.domain.checks.rules.results import (
    ColumnResult,
    Distribution,
    EffectResult,
    Engine,
    Opened,
    Progress,
    RunRequest,
    RunResult,
    SegmentResult,
    outcome_of,
)
from headway.domain.checks.rules.retraining import ProposalFacts, proposed_range
from headway.domain.checks.rules.rhythm import Rhythm, rhythm_of
from headway.domain.checks.rules.trials import (
    AmendmentFacts,
    LookFacts,
    TrialFacts,
    plan_digest,
    read_plan,
)

__all__ = [
    "DIMENSIONS",
    "KINDS",
    "MONITOR_FIELDS",
    "AmendmentFacts",
    "ColumnResult",
    "Distribution",
    "EffectResult",
    "Engine",
    "LookFacts",
    "MonitorFacts",
    "MonitorVerdict",
    "Opened",
    "Progress",
    "ProposalFacts",
    "Rhythm",
    "RunRequest",
    "RunResult",
    "SegmentResult",
    "Stand",
    "Standing",
    "TrialFacts",
    "after",
    "check_monitor",
    "fold",
    "lasts_until",
    "outcome_of",
    "plan_digest",
    "proposed_range",
    "read_plan",
    "rhythm_of",
    "verdict_of",
]
