"""Every read of progress: earned value, promised metrics with their dates, what evidence says."""

from headway.domain.progress.queries.attainment import (
    MetricStanding,
    attained,
    metric_standings,
    metric_tries,
)
from headway.domain.progress.queries.confidence import Bounds, QualityOdds, quality_odds
from headway.domain.progress.queries.earned_value import earned_value, earned_value_of_portfolio
from headway.domain.progress.queries.following import (
    FollowedItem,
    followed_items,
)
from headway.domain.progress.queries.held_up import HeldUp, held_up
from headway.domain.progress.queries.measures import (
    follow_of,
    follows_by_item,
    measure_named,
    measure_of,
    measures_by_item,
)
from headway.domain.progress.rules.values import (
    CurvePoint,
    ItemValue,
    PortfolioValue,
    ProgramValue,
    ProjectValue,
)

__all__ = [
    "Bounds",
    "CurvePoint",
    "FollowedItem",
    "HeldUp",
    "ItemValue",
    "MetricStanding",
    "PortfolioValue",
    "ProgramValue",
    "ProjectValue",
    "QualityOdds",
    "attained",
    "earned_value",
    "earned_value_of_portfolio",
    "follow_of",
    "followed_items",
    "held_up",
    "follows_by_item",
    "measure_named",
    "measure_of",
    "measures_by_item",
    "metric_standings",
    "metric_tries",
    "quality_odds",
]
