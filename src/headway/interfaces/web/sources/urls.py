"""Addresses of connected systems, and of the door for their deliveries."""

from __future__ import annotations

from headway.domain.accounts.rules import Permission
from headway.interfaces.web.layout.routes import Public, route
from headway.interfaces.web.sources import hooks, views, working

_HERE = "w/<slug:workspace>/settings/sources/"
_BOTH = ("GET", "POST")

urlpatterns = [
    route(
        "hooks/mlflow/<uuid:source>/",
        hooks.mlflow_hook,
        Public("the delivery's signature is the key"),
        "mlflow_hook",
        ("POST",),
    ),
    route(_HERE, views.sources, Permission.VIEW, "sources"),
    route(_HERE + "add/", views.add_source, Permission.SOURCE, "add_source", _BOTH),
    route(
        _HERE + "named/<slug:connection>/",
        views.edit_source,
        Permission.SOURCE,
        "edit_source",
        _BOTH,
    ),
    route(
        _HERE + "named/<slug:connection>/disconnect/",
        views.disconnect_source,
        Permission.SOURCE,
        "disconnect_source",
        ("POST",),
    ),
    route(
        _HERE + "named/<slug:connection>/sync/",
        views.sync_source,
        Permission.SYNC,
        "sync_source",
        ("POST",),
    ),
    route(
        _HERE + "named/<slug:connection>/check/",
        working.check,
        Permission.SOURCE,
        "check_source",
        ("POST",),
    ),
    route(
        _HERE + "named/<slug:connection>/work/",
        working.work,
        Permission.PLAN,
        "source_work",
        _BOTH,
    ),
]
