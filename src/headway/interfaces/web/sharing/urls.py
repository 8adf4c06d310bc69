"""Addresses of links: public ones for whoever holds a secret, and those that give them out."""

from __future__ import annotations

from headway.domain.accounts.rules import Permission
from headway.interfaces.web.layout.routes import Public, route
from headway.interfaces.web.sharing import answering, asking

_BOTH = ("GET", "POST")
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
]
