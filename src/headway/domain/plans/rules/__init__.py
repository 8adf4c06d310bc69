"""Judgements about plans: how rows become a network, how fields are read, what moved."""

from headway.domain.plans.rules.answer import ANSWER_ITEMS, answer_of
from headway.domain.plans.rules.baselines import (
    BASELINE_FIELDS,
    BaselineFacts,
    PlannedItem,
    PlannedWhole,
)
from headway.domain.plans.rules.bridge import BridgeEnd, BridgeLine, OddsBridge, told_bridge
from headway.domain.plans.rules.coverage import coverage_interval, coverage_words
from headway.domain.plans.rules.decisions import (
    DECISION_FIELDS,
    DecisionFacts,
    OptionFacts,
    OptionOutlook,
    Outlook,
    options_of,
)
from headway.domain.plans.rules.inputs import ITEM_FIELDS, range_text
from headway.domain.plans.rules.joining import (
    DependencyFacts,
    ItemFacts,
    ItemMark,
    JoinedParts,
    NeedFacts,
    PlanFacts,
    joined_openings,
    joined_plan,
    plan_digest,
)
from headway.domain.plans.rules.moves import Move, moves_between
from headway.domain.plans.rules.news import ForecastNews
from headway.domain.plans.rules.options import held_back, touched_by, with_changes
from headway.domain.plans.rules.risk_standing import At80, Doubled, RiskStanding
from headway.domain.plans.rules.scenarios import (
    SCENARIO_FIELDS,
    Clash,
    Override,
    ScenarioFacts,
    ScenarioOutlook,
    ScenarioStand,
)
from headway.domain.plans.rules.triggers import (
    Trigger,
    Watched,
    met_parts,
    read_trigger,
    trigger_of,
)
from headway.domain.plans.rules.variance import (
    Standing,
    Variance,
    VarianceLine,
    VarianceTotals,
    VarianceView,
    headline,
    totals,
    viewed,
)
from headway.domain.plans.rules.waits import (
    BlockerOutlook,
    BlockerStanding,
    PromiseOutlook,
    PromiseStanding,
    WaitEffect,
    WaitItem,
    WeekCost,
)

__all__ = [
    "At80",
    "Doubled",
    "RiskStanding",
    "Trigger",
    "Watched",
    "coverage_interval",
    "coverage_words",
    "met_parts",
    "read_trigger",
    "trigger_of",
    "ANSWER_ITEMS",
    "BASELINE_FIELDS",
    "BaselineFacts",
    "PlannedItem",
    "PlannedWhole",
    "SCENARIO_FIELDS",
    "Clash",
    "Override",
    "ScenarioFacts",
    "ScenarioOutlook",
    "ScenarioStand",
    "Standing",
    "Variance",
    "VarianceLine",
    "VarianceTotals",
    "totals",
    "VarianceView",
    "headline",
    "viewed",
    "DECISION_FIELDS",
    "ITEM_FIELDS",
    "BlockerOutlook",
    "BlockerStanding",
    "BridgeEnd",
    "BridgeLine",
    "DecisionFacts",
    "DependencyFacts",
    "ForecastNews",
    "ItemFacts",
    "ItemMark",
    "JoinedParts",
    "Move",
    "OddsBridge",
    "NeedFacts",
    "OptionFacts",
    "OptionOutlook",
    "Outlook",
    "PlanFacts",
    "PromiseOutlook",
    "PromiseStanding",
    "WaitEffect",
    "WaitItem",
    "WeekCost",
    "answer_of",
    "held_back",
    "joined_openings",
    "joined_plan",
    "moves_between",
    "options_of",
    "plan_digest",
    "range_text",
    "told_bridge",
    "touched_by",
    "with_changes",
]
