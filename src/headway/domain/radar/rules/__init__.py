"""Rules over plan and evidence that propose risks, with the facts behind them: no Django."""

from headway.domain.radar.rules.house import contract_lapse, money_burn, slow_approvals
from headway.domain.radar.rules.models import drifting, plateau, silent_experiment
from headway.domain.radar.rules.planning import (
    estimate_bias,
    one_person,
    slipping,
    unconfirmed_promise,
)
from headway.domain.radar.rules.proposals import (
    RULES,
    AnswerFacts,
    Fact,
    Proposal,
    RadarLine,
    answered,
    fact_of,
)

__all__ = [
    "RULES",
    "AnswerFacts",
    "Fact",
    "Proposal",
    "RadarLine",
    "answered",
    "contract_lapse",
    "drifting",
    "estimate_bias",
    "fact_of",
    "money_burn",
    "one_person",
    "plateau",
    "silent_experiment",
    "slipping",
    "slow_approvals",
    "unconfirmed_promise",
]
