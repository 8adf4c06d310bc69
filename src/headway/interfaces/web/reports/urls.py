"""Addresses of a program's packs, and of the decks they are laid out on."""

from __future__ import annotations

from headway.domain.accounts.rules import Permission
from headway.interfaces.web.layout.routes import route
from headway.interfaces.web.reports import said, templates, views

_HERE = "w/<slug:workspace>/programs/<slug:program>/reports/"
_DECKS = "w/<slug:workspace>/settings/templates/"
_SAID = "w/<slug:workspace>/programs/<slug:program>/said/"

urlpatterns = [
    route(_SAID, said.said, Permission.VIEW, "what_we_said"),
    route(_HERE, views.reports, Permission.VIEW, "reports"),
    route(_HERE + "freeze/", views.freeze_report, Permission.REPORT, "freeze_report", ("POST",)),
    route(_HERE + "<int:number>/", views.report, Permission.VIEW, "report"),
    route(
        _HERE + "<int:number>.<slug:form>", views.download_report, Permission.VIEW, "report_file"
    ),
    route(_DECKS, templates.templates, Permission.VIEW, "templates"),
    route(_DECKS + "starter.pptx", templates.starter, Permission.VIEW, "starter_template"),
    route(_DECKS + "keep/", templates.keep, Permission.REPORT, "keep_template", ("POST",)),
    route(
        _DECKS + "<uuid:template>/retire/",
        templates.retire,
        Permission.REPORT,
        "retire_template",
        ("POST",),
    ),
]
