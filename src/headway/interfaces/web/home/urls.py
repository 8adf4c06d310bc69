"""Addresses of the first page, the palette, the trust page and the health check."""

from __future__ import annotations

from headway.domain.accounts.rules import Permission
from headway.interfaces.web.home import health, trust, views
from headway.interfaces.web.layout.routes import Public, route

_HERE = "w/<slug:workspace>/"

urlpatterns = [
    route("healthz", health.healthz, Public("says only whether the server answers"), "healthz"),
    route(_HERE, views.home, Permission.SELF, "home"),
    route(_HERE + "palette/", views.palette, Permission.VIEW, "palette"),
    route(_HERE + "notices/read/", views.read_notices, Permission.SELF, "read_notices", ("POST",)),
    route(_HERE + "settings/installation/", trust.installation, Permission.AUDIT, "installation"),
]
