"""Addresses of baselines and scenarios."""

from __future__ import annotations

from headway.domain.accounts.rules import Permission
from headway.interfaces.web.layout.routes import route
from headway.interfaces.web.programs import baselining, supposing, trying

_BOTH = ("GET", "POST")
_POST = ("POST",)
_PROGRAM = "w/<slug:workspace>/programs/<slug:program>/"
_SCENARIO = _PROGRAM + "scenarios/<str:scenario>/"
_BASELINE = _PROGRAM + "baselines/<str:baseline>/"
_SUPPOSED = _PROGRAM + "what-if/<uuid:supposition>/"

urlpatterns = [
    route(_PROGRAM + "baselines/", baselining.baselines, Permission.VIEW, "baselines"),
    route(
        _PROGRAM + "new-baseline/",
        baselining.add_baseline,
        Permission.PROGRAM,
        "add_baseline",
        _BOTH,
    ),
    route(_BASELINE, baselining.baseline, Permission.VIEW, "baseline"),
    route(_BASELINE + "why/", baselining.baseline_why, Permission.VIEW, "baseline_bridge"),
    route(_BASELINE + "variance.csv", baselining.baseline_csv, Permission.VIEW, "baseline_csv"),
    route(
        _BASELINE + "activate/",
        baselining.activate,
        Permission.PROGRAM,
        "activate_baseline",
        _POST,
    ),
    route(
        _BASELINE + "set-aside/",
        baselining.set_aside,
        Permission.PROGRAM,
        "set_aside_baseline",
        _POST,
    ),
    route(
        _BASELINE + "put-back/",
        baselining.put_back,
        Permission.PROGRAM,
        "put_back_baseline",
        _POST,
    ),
    route(_PROGRAM + "scenarios/", trying.scenarios, Permission.VIEW, "scenarios"),
    route(_PROGRAM + "compare-scenarios/", trying.compare, Permission.VIEW, "compare_scenarios"),
    route(_PROGRAM + "new-scenario/", trying.add_scenario, Permission.PLAN, "add_scenario", _BOTH),
    route(_PROGRAM + "weigh-scenarios/", trying.weigh, Permission.PLAN, "weigh_scenarios", _POST),
    route(_PROGRAM + "what-if/", supposing.ask, Permission.PLAN, "ask_what_if", _POST),
    route(_SUPPOSED, supposing.progress, Permission.VIEW, "what_if_progress"),
    route(_SUPPOSED + "cancel/", supposing.cancel, Permission.PLAN, "cancel_what_if", _POST),
    route(_PROGRAM + "keep-what-if/", trying.keep_what_if, Permission.PLAN, "keep_what_if", _POST),
    route(_SCENARIO, trying.scenario, Permission.VIEW, "scenario"),
    route(_SCENARIO + "edit/", trying.edit_scenario, Permission.PLAN, "edit_scenario", _BOTH),
    route(_SCENARIO + "new-change/", trying.add_change, Permission.PLAN, "add_change", _BOTH),
    route(_SCENARIO + "drop-change/", trying.drop_change, Permission.PLAN, "drop_change", _POST),
    route(_SCENARIO + "accept/", trying.accept, Permission.PLAN, "accept_moves", _POST),
    route(_SCENARIO + "apply/", trying.apply, Permission.PLAN, "apply_scenario", _POST),
    route(_SCENARIO + "undo/", trying.undo, Permission.PLAN, "undo_scenario", _POST),
    route(
        _SCENARIO + "throw-away/",
        trying.throw_away,
        Permission.PLAN,
        "throw_away_scenario",
        _POST,
    ),
    route(
        _SCENARIO + "bring-back/",
        trying.bring_back,
        Permission.PLAN,
        "bring_back_scenario",
        _POST,
    ),
    route(
        _PROGRAM + "decisions/<str:decision>/try/",
        trying.try_option,
        Permission.PLAN,
        "try_option",
        _POST,
    ),
]
