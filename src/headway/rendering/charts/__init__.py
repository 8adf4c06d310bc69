"""Charts: plain values in, a finding, an SVG picture and its table out. One module per question.

Importing this package is cheap; the drawing engine is loaded by the first chart that is drawn.
"""

from __future__ import annotations

from headway.rendering.charts.chart import Chart, Frame, Palette
from headway.rendering.charts.cost import CostForecast, cost_curve
from headway.rendering.charts.load import LoadOf, LoadWeek, resource_load
from headway.rendering.charts.milestones import MilestoneRow, milestones
from headway.rendering.charts.odds import FinishOdds, Forecasted, odds_over_time, s_curve
from headway.rendering.charts.runs import BestSoFar, RunPoint, best_so_far
from headway.rendering.charts.segments import SegmentRow, Segments, segments

__all__ = [
    "BestSoFar",
    "Chart",
    "CostForecast",
    "FinishOdds",
    "Forecasted",
    "Frame",
    "LoadOf",
    "LoadWeek",
    "MilestoneRow",
    "Palette",
    "RunPoint",
    "SegmentRow",
    "Segments",
    "best_so_far",
    "cost_curve",
    "milestones",
    "odds_over_time",
    "resource_load",
    "s_curve",
    "segments",
]
