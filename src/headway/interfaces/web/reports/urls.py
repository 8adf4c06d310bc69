"""Addresses of a program's reports."""

from __future__ import annotations

from headway.domain.accounts.rules import Permission
from headway.interfaces.web.layout.routes import route
from headway.interfaces.web.reports import views

_HERE = "w/<slug:workspace>/programs/<slug:program>/reports/"

urlpatterns = [
    route(_HERE, views.reports, Permission.VIEW, "reports"),
    route(_HERE + "freeze/", views.freeze_report, Permission.REPORT, "freeze_report", ("POST",)),
    route(_HERE + "<int:number>/", views.report, Permission.VIEW, "report"),
    route(
        _HERE + "<int:number>.<slug:form>", views.download_report, Permission.VIEW, "report_file"
    ),
]
