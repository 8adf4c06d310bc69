"""Addresses of maturity: all systems, one of them, a person's word on a criterion."""

from __future__ import annotations

from headway.domain.accounts.rules import Permission
from headway.interfaces.web.layout.routes import route
from headway.interfaces.web.maturity import attesting, goals, pages

_BOTH = ("GET", "POST")
_POST = ("POST",)
_HERE = "w/<slug:workspace>/governance/maturity/"
_ONE = _HERE + "<slug:system>/"
_GOAL = _ONE + "goals/<slug:goal_key>/"
_SEE, _KEEP, _PLAN = Permission.VIEW, Permission.EVIDENCE, Permission.PLAN

urlpatterns = [
    route(_HERE, pages.overview, _SEE, "maturity"),
    route(_ONE, pages.system, _SEE, "system_maturity"),
    route(_ONE + "attest/<str:criterion_id>/", attesting.attest_one, _KEEP, "attest", _BOTH),
    route(
        _ONE + "take-back/<str:criterion_id>/",
        attesting.take_back,
        _KEEP,
        "take_back_attestation",
        _POST,
    ),
    route(_ONE + "goal/", goals.goal, _PLAN, "maturity_goal", _BOTH),
    route(_GOAL + "drop/", goals.drop, _PLAN, "drop_goal", _POST),
    route(_GOAL + "restore/<int:version>/", goals.restore, _PLAN, "restore_goal", _POST),
]
