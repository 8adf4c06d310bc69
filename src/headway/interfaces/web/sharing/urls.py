"""Addresses of links: public ones for whoever holds a secret, and those that give them out."""

from __future__ import annotations

from headway.domain.accounts.rules import Permission
from headway.interfaces.web.layout.routes import Public, route
from headway.interfaces.web.sharing import answering, asking, ordering, shared, sharing

_READ = Public("the secret is the key to one frozen report, while it lasts")
_BOTH = ("GET", "POST")
_REPORT = "w/<slug:workspace>/programs/<slug:program>/reports/<int:number>/"
_ORDERS = "w/<slug:workspace>/programs/<slug:program>/reports/orders/"
_DECISION = "w/<slug:workspace>/programs/<slug:program>/decisions/<str:decision>/"

urlpatterns = [
    route(
        "answer/<str:answer>/",
        answering.answer,
        Public("the secret is the key to one question, once"),
        "answer",
        _BOTH,
    ),
    route(_DECISION + "ask/", asking.ask_decision, Permission.PROGRAM, "ask_decision", _BOTH),
    route(
        _DECISION + "links/<uuid:decision_link>/revoke/",
        asking.revoke_ask,
        Permission.PROGRAM,
        "revoke_ask",
        ("POST",),
    ),
    route("shared/<str:shared>/", shared.shared, _READ, "shared"),
    route("shared/<str:shared>/report.<slug:form>", shared.shared_file, _READ, "shared_file"),
    route(_REPORT + "links/", sharing.report_sharing, Permission.VIEW, "report_sharing"),
    route(_REPORT + "links/make/", sharing.make_share, Permission.REPORT, "make_share", ("POST",)),
    route(
        _REPORT + "links/<uuid:report_link>/revoke/",
        sharing.revoke_share,
        Permission.REPORT,
        "revoke_share",
        ("POST",),
    ),
    route(_ORDERS, ordering.orders, Permission.VIEW, "pack_orders"),
    route(_ORDERS + "new/", ordering.order, Permission.REPORT, "order_pack", ("POST",)),
    route(_ORDERS + "<uuid:order>/end/", ordering.end, Permission.REPORT, "end_order", ("POST",)),
    route(_ORDERS + "drafts/<uuid:dispatch>/", ordering.draft, Permission.VIEW, "pack_draft"),
    route(
        _ORDERS + "drafts/<uuid:dispatch>/send/",
        ordering.send,
        Permission.REPORT,
        "send_draft",
        ("POST",),
    ),
]
