"""Addresses of gate templates and their versions."""

from __future__ import annotations

from headway.domain.accounts.rules import Permission
from headway.interfaces.web.gate_templates import editing, pages, requirements
from headway.interfaces.web.layout.routes import route

_BOTH = ("GET", "POST")
_POST = ("POST",)
_HERE = "w/<slug:workspace>/governance/gate-templates/"
_ONE = _HERE + "<slug:gate_template>/"
_ASKED = _ONE + "stages/<slug:stage>/requirements/"
_REQUIREMENT = _ASKED + "<slug:requirement>/"
_SEE, _KEEP = Permission.VIEW, Permission.PROGRAM

urlpatterns = [
    route(_HERE, pages.templates, _SEE, "gate_templates"),
    route(_HERE + "install/", editing.install, _KEEP, "install_gate_templates", _POST),
    route(_HERE + "new/", editing.add, _KEEP, "new_gate_template", _BOTH),
    route(_ONE, pages.template, _SEE, "gate_template"),
    route(_ONE + "edit/", editing.edit, _KEEP, "edit_gate_rules", _BOTH),
    route(_ONE + "retire/", editing.retire, _KEEP, "retire_gate_template", _POST),
    route(_ASKED + "new/", requirements.add, _KEEP, "new_requirement", _BOTH),
    route(_REQUIREMENT + "edit/", requirements.edit, _KEEP, "edit_requirement", _BOTH),
    route(_REQUIREMENT + "remove/", requirements.remove, _KEEP, "remove_requirement", _POST),
    route(_ONE + "take-back/", editing.take_back, _KEEP, "take_back_gate_template", _POST),
]
