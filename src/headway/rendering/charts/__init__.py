"""Charts: plain values in, a finding, an SVG picture and its table out. One module per question.

Importing this package is cheap; the drawing engine is loaded by the first chart that is drawn.
"""

from __future__ import annotations

from headway.rendering.charts.broken_rules import BrokenRule, broken_rules
from headway.rendering.charts.chart import Chart, Frame, Palette
from headway.rendering.charts.cost import CostForecast, cost_curve
from headway.rendering.charts.distributions import Bin, TwoDistributions, two_distributions
from headway.rendering.charts.drift_history import DriftCell, drift_history
from headway.rendering.charts.earned import EarnedCurves, earned_curves
from headway.rendering.charts.effects import (
    EffectLooks,
    Look,
    MetricEffect,
    effect_over_looks,
    metric_effects,
)
from headway.rendering.charts.fall import FallStep, MoneyFall, money_fall
from headway.rendering.charts.joint import Frontier, JointOdds, joint_odds
from headway.rendering.charts.load import LoadOf, LoadWeek, resource_load
from headway.rendering.charts.milestones import MilestoneRow, milestones
from headway.rendering.charts.odds import FinishOdds, Forecasted, odds_over_time, s_curve
from headway.rendering.charts.quadrant import ItemWeight, Weights, quadrant
from headway.rendering.charts.runs import BestSoFar, RunPoint, best_so_far
from headway.rendering.charts.segments import SegmentRow, Segments, segments
from headway.rendering.charts.spark import sparkline
from headway.rendering.charts.stacked import CostPart, StackedCosts, stacked_costs
from headway.rendering.charts.tornado import Removal, Removals, tornado
from headway.rendering.charts.values import ValueAt, ValueHistory, value_history

__all__ = [
    "BestSoFar",
    "Bin",
    "BrokenRule",
    "Chart",
    "CostForecast",
    "CostPart",
    "DriftCell",
    "FallStep",
    "EarnedCurves",
    "EffectLooks",
    "FinishOdds",
    "Forecasted",
    "Frame",
    "Frontier",
    "ItemWeight",
    "JointOdds",
    "LoadOf",
    "LoadWeek",
    "Look",
    "MetricEffect",
    "MilestoneRow",
    "MoneyFall",
    "Palette",
    "Removal",
    "Removals",
    "RunPoint",
    "SegmentRow",
    "Segments",
    "StackedCosts",
    "TwoDistributions",
    "ValueAt",
    "ValueHistory",
    "Weights",
    "best_so_far",
    "broken_rules",
    "cost_curve",
    "drift_history",
    "earned_curves",
    "effect_over_looks",
    "joint_odds",
    "metric_effects",
    "milestones",
    "money_fall",
    "odds_over_time",
    "quadrant",
    "resource_load",
    "s_curve",
    "segments",
    "sparkline",
    "stacked_costs",
    "tornado",
    "two_distributions",
    "value_history",
]
