"""Addresses of the audits of repositories; the name of one may hold slashes."""

from __future__ import annotations

from headway.domain.accounts.rules import Permission
from headway.interfaces.web.audits import pages
from headway.interfaces.web.layout.routes import route

_HERE = "w/<slug:workspace>/governance/repositories/"

urlpatterns = [
    route(_HERE, pages.audits, Permission.VIEW, "audits"),
    route(_HERE + "<path:repository>/", pages.audit, Permission.VIEW, "repository_audit"),
]
