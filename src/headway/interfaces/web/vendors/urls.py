"""Addresses of vendors, and of the pages that a vendor's own people see."""

from __future__ import annotations

from headway.domain.accounts.rules import Permission
from headway.interfaces.web.layout.routes import route
from headway.interfaces.web.vendors import approving, changing, filing, ordering, own, pages

_BOTH = ("GET", "POST")
_POST = ("POST",)
_HERE = "w/<slug:workspace>/"
_VENDOR = _HERE + "vendors/<slug:vendor>/"
_CONTRACT = _VENDOR + "contracts/<slug:contract>/"
_INVOICE = _VENDOR + "invoices/<slug:invoice>/"
_PROGRAM = _HERE + "programs/<slug:program>/"
_ORDER = _PROGRAM + "purchases/<slug:purchase>/"
_SEE, _PLAN, _RUN = Permission.VIEW, Permission.PLAN, Permission.PROGRAM

urlpatterns = [
    route(_HERE + "vendors/", pages.vendors, _SEE, "vendors"),
    route(_HERE + "new-vendor/", changing.add_vendor, _RUN, "add_vendor", _BOTH),
    route(_HERE + "vendor-approvals/", pages.approvals, _SEE, "vendor_approvals"),
    route(_HERE + "vendor-approvals/ask/", approving.ask, _PLAN, "ask_about_vendor", _POST),
    route(
        _HERE + "vendor-approvals/<uuid:ask>/answer/",
        approving.answer,
        Permission.DECIDE,
        "answer_about_vendor",
        _BOTH,
    ),
    route(_HERE + "vendor-rules/", approving.rules, _RUN, "vendor_rules", _BOTH),
    route(_HERE + "vendor-comparison/", pages.comparison, _SEE, "vendor_comparison"),
    route(_HERE + "vendor-undo/", changing.restore, _PLAN, "restore_vendor_thing", _POST),
    route(_HERE + "vendor-import/", filing.bring, _RUN, "import_vendor_rows", _BOTH),
    route(
        _HERE + "vendor-export/<slug:rows_kind>.<slug:table_kind>",
        filing.table,
        _SEE,
        "export_vendor_rows",
    ),
    route(_VENDOR, pages.vendor, _SEE, "vendor"),
    route(_VENDOR + "edit/", changing.edit_vendor, _RUN, "edit_vendor", _BOTH),
    route(_VENDOR + "members/", approving.member, _RUN, "set_vendor_member", _POST),
    route(_VENDOR + "new-contract/", changing.add_contract, _RUN, "add_contract", _BOTH),
    route(_CONTRACT, pages.contract, _SEE, "contract"),
    route(_CONTRACT + "edit/", changing.edit_contract, _RUN, "edit_contract", _BOTH),
    route(_CONTRACT + "review/", changing.review, Permission.EVIDENCE, "review_contract", _BOTH),
    route(_VENDOR + "new-invoice/", ordering.add_invoice, _PLAN, "add_invoice", _BOTH),
    route(_INVOICE, pages.invoice, _SEE, "invoice"),
    route(_INVOICE + "edit/", ordering.edit_invoice, _PLAN, "edit_invoice", _BOTH),
    route(_INVOICE + "move/", ordering.move_invoice, _RUN, "move_invoice", _POST),
    route(_PROGRAM + "new-purchase/", ordering.add_purchase, _RUN, "add_purchase", _BOTH),
    route(_ORDER, pages.purchase, _SEE, "purchase"),
    route(_ORDER + "edit/", ordering.edit_purchase, _RUN, "edit_purchase", _BOTH),
    route(_ORDER + "change/", ordering.change_purchase, _RUN, "change_purchase", _BOTH),
    route(_ORDER + "receipt/", ordering.receipt, _PLAN, "receipt", _BOTH),
    route(_HERE + "vendor/", own.own, Permission.SELF, "own_vendor"),
    route(_HERE + "vendor/orders/<uuid:own_order_id>/", own.order, Permission.SELF, "own_order"),
    route(
        _HERE + "vendor/new-invoice/", own.new_invoice, Permission.SELF, "own_new_invoice", _BOTH
    ),
]
