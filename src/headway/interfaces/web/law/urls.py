"""Addresses of the law: classes, obligations, impact assessments, incidents."""

from __future__ import annotations

from headway.domain.accounts.rules import Permission
from headway.interfaces.web.law import answering, assessing, handing, incidents, pages
from headway.interfaces.web.layout.routes import route

_BOTH, _POST = ("GET", "POST"), ("POST",)
_HERE = "w/<slug:workspace>/governance/"
_ALL = _HERE + "systems/"
_ONE = _ALL + "<slug:system>/"
_ANSWER = _ONE + "<slug:law>/<slug:point>/"
_DPIA = _ONE + "impact-assessment/"
_INCIDENT = _HERE + "incidents/<slug:incident>/"
_SEE, _JUDGE, _KEEP = Permission.VIEW, Permission.JUDGE, Permission.EVIDENCE

urlpatterns = [
    route(_ALL, pages.classifications, _SEE, "classifications"),
    route(_ONE, pages.system, _SEE, "ai_act"),
    route(_DPIA, assessing.dpia, _SEE, "dpia"),
    route(_DPIA + "write/", assessing.write, _KEEP, "write_dpia", _BOTH),
    route(_DPIA + "approve/", assessing.approve, Permission.DECIDE, "approve_dpia", _BOTH),
    route(_ONE + "duties/<str:obligation>/", answering.duty, _JUDGE, "set_duty", _BOTH),
    route(_ANSWER, answering.answer, _JUDGE, "answer_law", _BOTH),
    route(_ANSWER + "withdraw/", answering.withdraw, _JUDGE, "withdraw_law", _POST),
    route(_ANSWER + "restore/<int:version>/", answering.restore, _JUDGE, "restore_law", _POST),
    route(_HERE + "obligations/", pages.obligations, _SEE, "obligations"),
    route(_HERE + "hand-over/", handing.hand_over, Permission.AUDIT, "hand_over"),
    route(_HERE + "hand-over/<str:handed>/", handing.package, Permission.AUDIT, "audit_package"),
    route(_HERE + "incidents/", incidents.incidents, _SEE, "incidents"),
    route(_HERE + "new-incident/", incidents.add, _KEEP, "new_incident", _BOTH),
    route(_INCIDENT, incidents.incident, _SEE, "incident"),
    route(_INCIDENT + "edit/", incidents.edit, _KEEP, "edit_incident", _BOTH),
    route(_INCIDENT + "<slug:step>/", incidents.step, _KEEP, "incident_step", _BOTH),
]
