"""Address of the governance page; what it leads to has addresses of its own below it."""

from __future__ import annotations

from headway.domain.accounts.rules import Permission
from headway.interfaces.web.governance import pages
from headway.interfaces.web.layout.routes import route

urlpatterns = [
    route("w/<slug:workspace>/governance/", pages.hub, Permission.VIEW, "governance"),
]
