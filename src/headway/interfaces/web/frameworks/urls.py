"""Addresses of frameworks, of what is held to them, and of policies."""

from __future__ import annotations

from headway.domain.accounts.rules import Permission
from headway.interfaces.web.frameworks import answering, pages, policies, statements
from headway.interfaces.web.layout.routes import route

_BOTH = ("GET", "POST")
_POST = ("POST",)
_ALL = "w/<slug:workspace>/governance/frameworks/"
_POLICY = _ALL + "policies/<slug:policy>/"
_PACK = _ALL + "<slug:framework>/"
_HELD = _PACK + "<slug:scope>/<slug:held>/"
_CONTROL = _HELD + "controls/<str:control>/"
_SEE, _MANAGE, _DECIDE = Permission.VIEW, Permission.PROGRAM, Permission.DECIDE

urlpatterns = [
    route(_ALL, pages.frameworks, _SEE, "frameworks"),
    route(_ALL + "differences/", pages.differences, _SEE, "framework_differences"),
    route(_ALL + "new-policy/", policies.add, _MANAGE, "add_policy", _BOTH),
    route(_POLICY, policies.policy, _SEE, "policy"),
    route(_POLICY + "new-version/", policies.change, _MANAGE, "change_policy", _BOTH),
    route(_PACK, pages.framework, _SEE, "framework"),
    route(_PACK + "assign/", answering.assign, _MANAGE, "assign_framework", _BOTH),
    route(_HELD, pages.standing, _SEE, "framework_standing"),
    route(_HELD + "end/", answering.end, _MANAGE, "end_framework", _POST),
    route(_HELD + "statement/", statements.statement_page, _SEE, "framework_statement"),
    route(
        _HELD + "statement.<slug:ending>",
        statements.statement_file,
        _SEE,
        "framework_statement_file",
    ),
    route(_CONTROL + "attest/", answering.attest, _DECIDE, "attest_control", _BOTH),
    route(_CONTROL + "applies/", answering.applies, _DECIDE, "control_applies", _BOTH),
    route(
        _CONTROL + "applies/restore/<int:version>/",
        answering.restore,
        _DECIDE,
        "restore_control",
        _POST,
    ),
]
