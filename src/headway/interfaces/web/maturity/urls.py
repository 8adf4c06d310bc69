"""Addresses of maturity: all systems, one of them, a person's word on a criterion."""

from __future__ import annotations

from headway.domain.accounts.rules import Permission
from headway.interfaces.web.layout.routes import route
from headway.interfaces.web.maturity import attesting, pages

_BOTH = ("GET", "POST")
_HERE = "w/<slug:workspace>/governance/maturity/"
_ONE = _HERE + "<slug:system>/"
_SEE, _KEEP = Permission.VIEW, Permission.EVIDENCE

urlpatterns = [
    route(_HERE, pages.overview, _SEE, "maturity"),
    route(_ONE, pages.system, _SEE, "system_maturity"),
    route(_ONE + "attest/<str:criterion_id>/", attesting.attest_one, _KEEP, "attest", _BOTH),
    route(
        _ONE + "take-back/<str:criterion_id>/",
        attesting.take_back,
        _KEEP,
        "take_back_attestation",
        ("POST",),
    ),
]
