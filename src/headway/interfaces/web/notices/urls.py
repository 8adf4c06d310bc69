"""Addresses of notification preferences, and of the link that stops a mail."""

from __future__ import annotations

from headway.domain.accounts.rules import Permission
from headway.interfaces.web.layout.routes import Public, route
from headway.interfaces.web.notices import views

_HERE = "w/<slug:workspace>/"
_BOTH = ("GET", "POST")

urlpatterns = [
    route(
        "stop-mails/<str:signed>/",
        views.stop,
        Public("whoever wants no mail need not sign in; the signature is the key"),
        "stop_mails",
        _BOTH,
    ),
    route(
        _HERE + "settings/notifications/",
        views.notifications,
        Permission.SELF,
        "notifications",
        _BOTH,
    ),
    route(_HERE + "brief-mail/", views.brief_mail, Permission.VIEW, "brief_mail"),
]
