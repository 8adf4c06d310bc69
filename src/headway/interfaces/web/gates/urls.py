"""Addresses of releases and their gates."""

from __future__ import annotations

from headway.domain.accounts.rules import Permission
from headway.interfaces.web.gates import desk_urls, pages, releases
from headway.interfaces.web.layout.routes import route

_BOTH = ("GET", "POST")
_HERE = "w/<slug:workspace>/releases/"
_GATE = _HERE + "gates/<uuid:gate>/"
_ONE = _HERE + "<uuid:release>/"

urlpatterns = [
    route(_HERE, releases.releases, Permission.VIEW, "releases"),
    route(_HERE + "new-system/", releases.add_system, Permission.PROGRAM, "new_system", _BOTH),
    route(_HERE + "new/", releases.add, Permission.PLAN, "new_release", _BOTH),
    route(_ONE, releases.release, Permission.VIEW, "release"),
    route(_ONE + "gates/", pages.open_for, Permission.PROGRAM, "open_gates", _BOTH),
    route(_GATE, pages.gate, Permission.VIEW, "gate"),
    route(_GATE + "edit/", pages.edit, Permission.PLAN, "edit_gate", _BOTH),
    route(_GATE + "rules/", pages.renew, Permission.PROGRAM, "renew_gate_rules", ("POST",)),
    route(_GATE + "why/<slug:requirement>/", pages.trace, Permission.VIEW, "gate_trace"),
    *desk_urls.urlpatterns,
]
