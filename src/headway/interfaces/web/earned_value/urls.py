"""Addresses of earned value: a program's page, its items, and the portfolio."""

from __future__ import annotations

from headway.domain.accounts.rules import Permission
from headway.interfaces.web.earned_value import changing, pages
from headway.interfaces.web.layout.routes import route

_BOTH = ("GET", "POST")
_POST = ("POST",)
_HERE = "w/<slug:workspace>/"
_EARNED = _HERE + "programs/<slug:program>/earned-value/"
_ITEM = _EARNED + "<slug:project>/<str:item>/"

urlpatterns = [
    route(_HERE + "money/earned-value/", pages.portfolio, Permission.VIEW, "earned_values"),
    route(_EARNED, pages.program, Permission.VIEW, "earned_value"),
    route(_EARNED + "together/", pages.together, Permission.VIEW, "quality_odds"),
    route(_ITEM + "measure/", changing.measure, Permission.PLAN, "measure_item", _BOTH),
    route(_ITEM + "measure/clear/", changing.clear, Permission.PLAN, "clear_measure", _POST),
    route(
        _ITEM + "measure/back/<int:version>/",
        changing.measure_back,
        Permission.PLAN,
        "put_back_measure",
        _POST,
    ),
    route(_ITEM + "follow/", changing.follow, Permission.PLAN, "follow_item", _BOTH),
    route(_ITEM + "follow/clear/", changing.unfollow, Permission.PLAN, "clear_follow", _POST),
    route(
        _ITEM + "follow/back/<int:version>/",
        changing.follow_back,
        Permission.PLAN,
        "put_back_follow",
        _POST,
    ),
    route(_ITEM + "follow/take/", changing.take, Permission.PLAN, "take_proposal", _POST),
]
