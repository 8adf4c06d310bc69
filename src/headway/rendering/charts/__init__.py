"""Charts: plain values in, a finding, an SVG picture and its table out. One module per question.

Importing this package is cheap; the drawing engine is loaded by the first chart that is drawn.
"""

from __future__ import annotations

from headway.rendering.charts.chart import Chart, Frame, Palette
from headway.rendering.charts.cost import CostForecast, cost_curve
from headway.rendering.charts.joint import Frontier, JointOdds, joint_odds
from headway.rendering.charts.load import LoadOf, LoadWeek, resource_load
from headway.rendering.charts.milestones import MilestoneRow, milestones
from headway.rendering.charts.odds import FinishOdds, Forecasted, odds_over_time, s_curve
from headway.rendering.charts.quadrant import ItemWeight, Weights, quadrant
from headway.rendering.charts.runs import BestSoFar, RunPoint, best_so_far
from headway.rendering.charts.segments import SegmentRow, Segments, segments
from headway.rendering.charts.tornado import Removal, Removals, tornado

__all__ = [
    "BestSoFar",
    "Chart",
    "CostForecast",
    "FinishOdds",
    "Forecasted",
    "Frame",
    "Frontier",
    "ItemWeight",
    "JointOdds",
    "LoadOf",
    "LoadWeek",
    "MilestoneRow",
    "Palette",
    "Removal",
    "Removals",
    "RunPoint",
    "SegmentRow",
    "Segments",
    "Weights",
    "best_so_far",
    "cost_curve",
    "joint_odds",
    "milestones",
    "odds_over_time",
    "quadrant",
    "resource_load",
    "s_curve",
    "segments",
    "tornado",
]
