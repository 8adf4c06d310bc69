"""Addresses of baselines and scenarios."""

from __future__ import annotations

from headway.domain.accounts.rules import Permission
from headway.interfaces.web.layout.routes import route
from headway.interfaces.web.programs import baselining

_BOTH = ("GET", "POST")
_POST = ("POST",)
_PROGRAM = "w/<slug:workspace>/programs/<slug:program>/"
_BASELINE = _PROGRAM + "baselines/<str:baseline>/"

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
]
