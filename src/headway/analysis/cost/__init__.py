"""Where money went: charges placed by ordered rules, split exactly, and what stands out."""

from headway.analysis.cost.allocation import (
    Condition,
    Origin,
    Placing,
    Rule,
    RuleBook,
    Share,
    place,
    split,
    split_by,
    whole_micros,
)
from headway.analysis.cost.anomalies import Anomaly, Point, anomalies

__all__ = [
    "Anomaly",
    "Condition",
    "Origin",
    "Placing",
    "Point",
    "Rule",
    "RuleBook",
    "Share",
    "anomalies",
    "place",
    "split",
    "split_by",
    "whole_micros",
]
