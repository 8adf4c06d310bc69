"""Address of the page of people and money; what it leads to has addresses of its own."""

from __future__ import annotations

from headway.domain.accounts.rules import Permission
from headway.interfaces.web.layout.routes import route
from headway.interfaces.web.money import pages

urlpatterns = [
    route("w/<slug:workspace>/money/", pages.hub, Permission.VIEW, "money"),
]
