"""Addresses of what people do at gates: answer, waive, decide; and of what comes next."""

from __future__ import annotations

from headway.domain.accounts.rules import Permission
from headway.interfaces.web.gates import approving, deciding, waiving
from headway.interfaces.web.layout.routes import route

_BOTH = ("GET", "POST")
_POST = ("POST",)
_RELEASE = "w/<slug:workspace>/releases/<uuid:release>/"
_GATE = "w/<slug:workspace>/releases/gates/<uuid:gate>/"
_GOVERNANCE = "w/<slug:workspace>/governance/"
_APPROVALS = _GOVERNANCE + "approvals/"

urlpatterns = [
    route(_GATE + "ask/", approving.ask, Permission.PLAN, "ask_approvals", _POST),
    route(
        _GATE + "answers/<uuid:question>/",
        approving.answer,
        Permission.DECIDE,
        "answer_approval",
        _BOTH,
    ),
    route(_GATE + "waive/", waiving.waive, Permission.DECIDE, "grant_waiver", _BOTH),
    route(_GATE + "decide/", deciding.decide, Permission.DECIDE, "decide_gate", _BOTH),
    route(_GATE + "queue/", deciding.take_queue, Permission.PLAN, "take_queue_time", _POST),
    route(_RELEASE + "move/", deciding.move, Permission.PLAN, "move_release", _BOTH),
    route(_APPROVALS, approving.approvals, Permission.VIEW, "approvals"),
    route(
        _APPROVALS + "stand-in/",
        approving.add_delegation,
        Permission.DECIDE,
        "add_delegation",
        _BOTH,
    ),
    route(
        _APPROVALS + "stand-ins/<uuid:delegation>/revoke/",
        approving.drop_delegation,
        Permission.DECIDE,
        "revoke_delegation",
        _POST,
    ),
    route(_GOVERNANCE + "waivers/", waiving.waivers, Permission.VIEW, "waivers"),
    route(
        _GOVERNANCE + "waivers/<uuid:waiver>/revoke/",
        waiving.drop_waiver,
        Permission.DECIDE,
        "revoke_waiver",
        _POST,
    ),
    route(
        _GOVERNANCE + "conditions/<uuid:condition>/met/",
        deciding.meet,
        Permission.DISCUSS,
        "meet_condition",
        _BOTH,
    ),
    route(_GOVERNANCE + "calendar/", deciding.calendar, Permission.VIEW, "gate_calendar"),
    route(
        _GOVERNANCE + "calendar/reviews.ics",
        deciding.calendar_file,
        Permission.VIEW,
        "gate_calendar_file",
    ),
]
