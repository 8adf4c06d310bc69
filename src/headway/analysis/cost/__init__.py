"""Where money went: charges placed by ordered rules, split exactly, and what stands out."""

from headway.analysis.cost.allocation import (
    Condition,
    Origin,
    Placing,
    Rule,
    RuleBook,
    Share,
    place,
    whole_micros,
)
from headway.analysis.cost.anomalies import Anomaly, Point, Sighting, anomalies, folded
from headway.analysis.cost.apportioning import apportion, ratios, split

__all__ = [
    "Anomaly",
    "Condition",
    "Origin",
    "Placing",
    "Point",
    "Rule",
    "RuleBook",
    "Share",
    "Sighting",
    "anomalies",
    "apportion",
    "folded",
    "place",
    "ratios",
    "split",
    "whole_micros",
]
