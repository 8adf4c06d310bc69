"""Addresses of the evidence."""

from __future__ import annotations

from headway.domain.accounts.rules import Permission
from headway.interfaces.web.evidence import views
from headway.interfaces.web.layout.routes import route

_HERE = "w/<slug:workspace>/evidence/"

urlpatterns = [
    route(_HERE, views.records, Permission.VIEW, "evidence"),
    route(_HERE + "unplaced/", views.unplaced, Permission.VIEW, "unplaced"),
    route(
        _HERE + "subjects/<uuid:subject>/place/",
        views.place_subject,
        Permission.EVIDENCE,
        "place_subject",
        ("POST",),
    ),
    route(_HERE + "<int:sequence>/", views.record, Permission.VIEW, "record"),
]
