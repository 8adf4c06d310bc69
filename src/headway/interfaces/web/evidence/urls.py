"""Addresses of the evidence."""

from __future__ import annotations

from headway.domain.accounts.rules import Permission
from headway.interfaces.web.evidence import inbox, measures, views
from headway.interfaces.web.layout.routes import route

_HERE = "w/<slug:workspace>/evidence/"
_RULE = _HERE + "rules/<uuid:rule>/"
_MEASURES = _HERE + "metrics/<slug:project>/"
_BOTH = ("GET", "POST")

urlpatterns = [
    route(_HERE, views.records, Permission.VIEW, "evidence"),
    route(_HERE + "unplaced/", inbox.inbox, Permission.VIEW, "unplaced"),
    route(_HERE + "rules/", inbox.rules, Permission.VIEW, "run_rules"),
    route(_HERE + "rules/new/", inbox.add_rule, Permission.EVIDENCE, "add_run_rule", _BOTH),
    route(_RULE + "edit/", inbox.edit_rule, Permission.EVIDENCE, "edit_run_rule", _BOTH),
    route(_RULE + "remove/", inbox.remove_rule, Permission.EVIDENCE, "remove_run_rule", ("POST",)),
    route(
        _RULE + "restore/<int:version>/",
        inbox.restore_rule,
        Permission.EVIDENCE,
        "restore_run_rule",
        ("POST",),
    ),
    route(_MEASURES, measures.measures, Permission.VIEW, "measures"),
    route(_MEASURES + "bind/", measures.bind, Permission.PROGRAM, "bind_metric", ("POST",)),
    route(
        _MEASURES + "promise/", measures.promise, Permission.PROGRAM, "promise_metric", ("POST",)
    ),
    route(
        _HERE + "subjects/<uuid:subject>/place/",
        views.place_subject,
        Permission.EVIDENCE,
        "place_subject",
        ("POST",),
    ),
    route(_HERE + "<int:sequence>/", views.record, Permission.VIEW, "record"),
]
