"""Every read of plans: the joint network, the work table, forecasts, what moved."""

from headway.domain.plans.queries.baselines import (
    active_baseline,
    active_baselines,
    baseline_named,
    baselines_of,
    broken_baselines,
)
from headway.domain.plans.queries.behind import is_behind, is_current
from headway.domain.plans.queries.bridge import odds_bridge
from headway.domain.plans.queries.calibration import (
    Calibration,
    ScoredItem,
    calibration_of,
    workspace_calibration,
)
from headway.domain.plans.queries.decisions import (
    Outcome,
    decision_named,
    decisions_by_program,
    decisions_of,
    may_answer,
    outcomes_of,
)
from headway.domain.plans.queries.exporting import PlanFile, export_losses, plan_file
from headway.domain.plans.queries.forecasts import (
    ForecastFacts,
    Score,
    forecast_facts,
    forecast_history,
    latest_forecast,
    latest_forecasts,
    score_forecasts,
)
from headway.domain.plans.queries.gantt import GanttTable, GanttView, gantt_table
from headway.domain.plans.queries.import_jobs import import_job_of
from headway.domain.plans.queries.levelling import (
    held_now,
    latest_levelling,
    levelling_of,
    levellings_of,
)
from headway.domain.plans.queries.links import (
    FoundItem,
    ItemLink,
    find_items,
    item_meant,
    links_of,
)
from headway.domain.plans.queries.marks import item_addresses, item_marks
from headway.domain.plans.queries.moved import what_moved
from headway.domain.plans.queries.network import (
    is_quick,
    joined_parts,
    plan_groups,
    plan_value,
)
from headway.domain.plans.queries.quality import PlanQuality, plan_quality, plan_weakness
from headway.domain.plans.queries.reasons import WhyHere, why_here
from headway.domain.plans.queries.risk_standings import (
    bare_standings,
    heaviest_standings,
    mapped,
    risk_grounds,
    risk_standing_named,
    risk_standings,
)
from headway.domain.plans.queries.scenarios import (
    Comparison,
    compare_scenarios,
    scenario_named,
    scenarios_of,
)
from headway.domain.plans.queries.summary import WorkCount, work_counts
from headway.domain.plans.queries.supposing import SuppositionFacts, supposed, supposition_of
from headway.domain.plans.queries.variance import baseline_bridge, variance_of
from headway.domain.plans.queries.waits import (
    blocker_standing,
    blocker_standings,
    promise_standing,
    promise_standings,
)
from headway.domain.plans.queries.what_if import SupposedOdds, WhatIf, odds_of, what_if
from headway.domain.plans.queries.work import (
    ItemHistoryLine,
    WorkLine,
    WorkTable,
    WorkView,
    history_of_item,
    item_named,
    work_line,
    work_table,
)

__all__ = [
    "bare_standings",
    "heaviest_standings",
    "mapped",
    "risk_grounds",
    "risk_standing_named",
    "risk_standings",
    "SuppositionFacts",
    "Comparison",
    "Calibration",
    "Comparison",
    "ForecastFacts",
    "FoundItem",
    "GanttTable",
    "GanttView",
    "ItemHistoryLine",
    "ItemLink",
    "Outcome",
    "PlanFile",
    "PlanQuality",
    "Score",
    "WhyHere",
    "PlanQuality",
    "Score",
    "ScoredItem",
    "SupposedOdds",
    "WhatIf",
    "WorkCount",
    "WorkLine",
    "WorkTable",
    "WorkView",
    "active_baseline",
    "active_baselines",
    "baseline_bridge",
    "baseline_named",
    "baselines_of",
    "blocker_standing",
    "blocker_standings",
    "broken_baselines",
    "compare_scenarios",
    "calibration_of",
    "compare_scenarios",
    "decision_named",
    "decisions_by_program",
    "decisions_of",
    "export_losses",
    "find_items",
    "forecast_facts",
    "forecast_history",
    "gantt_table",
    "held_now",
    "history_of_item",
    "import_job_of",
    "is_behind",
    "is_current",
    "is_quick",
    "item_addresses",
    "item_marks",
    "item_meant",
    "item_named",
    "joined_parts",
    "latest_forecast",
    "latest_forecasts",
    "latest_levelling",
    "levelling_of",
    "levellings_of",
    "links_of",
    "may_answer",
    "odds_bridge",
    "outcomes_of",
    "plan_file",
    "odds_of",
    "outcomes_of",
    "plan_file",
    "plan_groups",
    "plan_quality",
    "plan_value",
    "plan_weakness",
    "promise_standing",
    "promise_standings",
    "scenario_named",
    "scenarios_of",
    "score_forecasts",
    "variance_of",
    "supposed",
    "supposition_of",
    "what_if",
    "what_moved",
    "why_here",
    "work_counts",
    "work_line",
    "work_table",
    "workspace_calibration",
]
