"""Addresses of budgets: below their program, and over all programs below `money/`."""

from __future__ import annotations

from headway.domain.accounts.rules import Permission
from headway.interfaces.web.budgets import changing, filing, pages, rating
from headway.interfaces.web.layout.routes import route

_BOTH = ("GET", "POST")
_POST = ("POST",)
_HERE = "w/<slug:workspace>/programs/<slug:program>/budget/"
_CHANGE = _HERE + "changes/<str:change>/"
_ACCRUAL = _HERE + "accruals/<str:accrual>/"
_MONEY = "w/<slug:workspace>/money/"
_RATE = _MONEY + "rates/<str:base>/<str:quote>/<str:day>/"
_SEE, _RUN = Permission.VIEW, Permission.PROGRAM

urlpatterns = [
    route(_HERE, pages.budget, _SEE, "budget"),
    route(_HERE + "lines/<str:line>/", pages.line, _SEE, "budget_line"),
    route(_HERE + "agree/", changing.agree, _RUN, "agree_budget", _POST),
    route(_HERE + "open/", changing.open_again, _RUN, "open_budget", _POST),
    route(_HERE + "new-change/", changing.add_change, Permission.PLAN, "add_budget_change", _BOTH),
    route(
        _CHANGE + "answer/",
        changing.answer_change,
        Permission.DECIDE,
        "answer_budget_change",
        _POST,
    ),
    route(
        _CHANGE + "reverse/",
        changing.reverse_change,
        Permission.PLAN,
        "reverse_budget_change",
        _POST,
    ),
    route(
        _CHANGE + "withdraw/",
        changing.withdraw_change,
        Permission.PLAN,
        "withdraw_budget_change",
        _POST,
    ),
    route(_HERE + "new-accrual/", changing.add_accrual, _RUN, "add_accrual", _BOTH),
    route(_ACCRUAL + "edit/", changing.edit_accrual, _RUN, "edit_accrual", _BOTH),
    route(_ACCRUAL + "reverse/", changing.reverse, _RUN, "reverse_accrual", _BOTH),
    route(
        _ACCRUAL + "restore/<int:version>/", changing.undo_accrual, _RUN, "restore_accrual", _POST
    ),
    route(_HERE + "table.<str:table_kind>", filing.table, _SEE, "budget_table"),
    route(_HERE + "import/", filing.bring, _RUN, "import_budget", _BOTH),
    route(_MONEY + "budgets/", pages.budgets, _SEE, "budgets"),
    route(_MONEY + "rates/", pages.rates, _SEE, "exchange_rates"),
    route(_MONEY + "new-rate/", rating.add_rate, _RUN, "add_rate", _BOTH),
    route(_MONEY + "rules/", rating.edit_rules, _RUN, "edit_money_rules", _BOTH),
    route(_RATE + "edit/", rating.edit_rate, _RUN, "edit_rate", _BOTH),
    route(_RATE + "remove/", rating.drop_rate, _RUN, "remove_rate", _POST),
    route(_RATE + "restore/<int:version>/", rating.undo_rate, _RUN, "restore_rate", _POST),
]
