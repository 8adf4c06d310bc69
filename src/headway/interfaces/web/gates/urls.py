"""Addresses of releases and their gates."""

from __future__ import annotations

from headway.domain.accounts.rules import Permission
from headway.interfaces.web.gates import desk_urls, releases
from headway.interfaces.web.layout.routes import route

_BOTH = ("GET", "POST")
_HERE = "w/<slug:workspace>/releases/"
_ONE = _HERE + "<uuid:release>/"

urlpatterns = [
    route(_HERE, releases.releases, Permission.VIEW, "releases"),
    route(_HERE + "new/", releases.add, Permission.PLAN, "new_release", _BOTH),
    route(_ONE, releases.release, Permission.VIEW, "release"),
    *desk_urls.urlpatterns,
]
