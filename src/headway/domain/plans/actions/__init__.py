"""Every write of plans: import one, change its items and links, forecast it."""

from headway.domain.plans.actions.baselines import (
    activate_baseline,
    put_back_baseline,
    set_aside_baseline,
    set_baseline,
)
from headway.domain.plans.actions.decisions import (
    keep_decision,
    reopen_decision,
    say_reopen,
    set_decision,
    take_decision,
    watch_decision,
    weigh_unweighed,
)
from headway.domain.plans.actions.forecast import (
    forecast_decided,
    forecast_soon,
    make_forecast,
)
from headway.domain.plans.actions.importing import import_plan
from headway.domain.plans.actions.importing.drain import drain_imports
from headway.domain.plans.actions.importing.jobs import (
    cancel_import,
    forget_old_imports,
    preview_import,
    run_import,
    start_import,
    store_import,
)
from headway.domain.plans.actions.importing.tracked import (
    follow_source,
    follow_sources,
    import_source,
)
from headway.domain.plans.actions.importing.undo import UndoResult, undo_import
from headway.domain.plans.actions.items import (
    add_item,
    edit_item,
    remove_item,
    restore_item,
    take_estimate,
    take_remaining,
)
from headway.domain.plans.actions.levelling import (
    apply_levelling,
    cancel_levelling,
    clear_levelling,
    drain_levellings,
    propose_levelling,
    run_levelling,
    undo_levelling,
)
from headway.domain.plans.actions.links import (
    link_items,
    set_need,
    set_risk_effects,
    unlink_items,
)
from headway.domain.plans.actions.scenarios import (
    accept_moves,
    apply_scenario,
    bring_back_scenario,
    scenario_from_option,
    set_scenario,
    throw_away_scenario,
    undo_scenario,
    weigh_unweighed_scenarios,
)
from headway.domain.plans.actions.supposing import (
    ask_bottlenecks,
    ask_what_if,
    cancel_what_if,
    drain_what_ifs,
    run_what_if,
)
from headway.domain.plans.actions.waits import (
    plan_promise,
    set_blocked_items,
    set_promise_items,
    weigh_blocker,
    weigh_promise,
)

__all__ = [
    "ask_bottlenecks",
    "ask_what_if",
    "cancel_what_if",
    "drain_what_ifs",
    "run_what_if",
    "take_estimate",
    "take_remaining",
    "UndoResult",
    "accept_moves",
    "activate_baseline",
    "apply_scenario",
    "bring_back_scenario",
    "scenario_from_option",
    "set_scenario",
    "throw_away_scenario",
    "undo_scenario",
    "weigh_unweighed_scenarios",
    "add_item",
    "apply_levelling",
    "cancel_levelling",
    "clear_levelling",
    "drain_levellings",
    "propose_levelling",
    "run_levelling",
    "undo_levelling",
    "cancel_import",
    "drain_imports",
    "edit_item",
    "follow_source",
    "follow_sources",
    "forecast_decided",
    "forecast_soon",
    "forget_old_imports",
    "import_plan",
    "import_source",
    "keep_decision",
    "link_items",
    "make_forecast",
    "plan_promise",
    "preview_import",
    "put_back_baseline",
    "remove_item",
    "reopen_decision",
    "restore_item",
    "run_import",
    "set_aside_baseline",
    "set_baseline",
    "set_blocked_items",
    "say_reopen",
    "set_decision",
    "set_need",
    "set_promise_items",
    "set_risk_effects",
    "start_import",
    "store_import",
    "take_decision",
    "weigh_unweighed",
    "undo_import",
    "unlink_items",
    "watch_decision",
    "weigh_blocker",
    "weigh_promise",
]
