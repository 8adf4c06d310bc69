"""Addresses of costs: what was spent, the bills that say so, and whose it is."""

from __future__ import annotations

from headway.domain.accounts.rules import Permission
from headway.interfaces.web.costs import bills, explorer, rules, units
from headway.interfaces.web.layout.routes import route

_HERE = "w/<slug:workspace>/money/"
_RULE = _HERE + "allocation/<slug:placing>/"
_BOTH = ("GET", "POST")
_POST = ("POST",)

urlpatterns = [
    route(_HERE + "costs/", explorer.costs, Permission.VIEW, "costs"),
    route(_HERE + "unit-costs/", units.unit_costs, Permission.VIEW, "unit_costs"),
    route(_HERE + "bills/", bills.bills, Permission.VIEW, "bills"),
    route(_HERE + "bring-bill/", bills.bring_bill, Permission.EVIDENCE, "bring_bill", _BOTH),
    route(_HERE + "bills/<int:bill>/", bills.bill, Permission.VIEW, "bill"),
    route(_HERE + "allocation/", rules.allocation, Permission.VIEW, "allocation"),
    route(
        _HERE + "new-allocation-rule/",
        rules.add_rule,
        Permission.PROGRAM,
        "add_allocation_rule",
        _BOTH,
    ),
    route(_RULE + "edit/", rules.edit_rule, Permission.PROGRAM, "edit_allocation_rule", _BOTH),
    route(_RULE + "remove/", rules.remove_rule, Permission.PROGRAM, "drop_allocation_rule", _POST),
    route(
        _RULE + "restore/<int:version>/",
        rules.restore_rule,
        Permission.PROGRAM,
        "restore_allocation_rule",
        _POST,
    ),
]
