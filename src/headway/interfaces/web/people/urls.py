"""Addresses of the roster, and of everybody's check-in."""

from __future__ import annotations

from headway.domain.accounts.rules import Permission
from headway.interfaces.web.layout.routes import Public, route
from headway.interfaces.web.people import checking_in, roster, working

_HERE = "w/<slug:workspace>/"
_ONE = _HERE + "people/<slug:person>/"
_BOTH = ("GET", "POST")

urlpatterns = [
    route(
        "check-in/<str:ticket>/",
        checking_in.by_link,
        Public("the mailed secret is the key, to that one person's check-in and nothing else"),
        "check_in_link",
        _BOTH,
    ),
    route(_HERE + "check-in/", checking_in.own_check_in, Permission.SELF, "own_check_in"),
    route(
        _HERE + "check-ins/<uuid:check_in>/undo/",
        checking_in.undo,
        Permission.SELF,
        "undo_check_in",
        ("POST",),
    ),
    route(_HERE + "people/", roster.people, Permission.VIEW, "people"),
    route(_HERE + "new-person/", roster.add_person, Permission.PROGRAM, "add_person", _BOTH),
    route(_ONE + "edit/", roster.edit_person, Permission.PROGRAM, "edit_person", _BOTH),
    route(_ONE + "check-in/", checking_in.check_in, Permission.SELF, "check_in", _BOTH),
    route(_ONE + "asking/", roster.edit_rhythm, Permission.SELF, "edit_rhythm", _BOTH),
    route(_ONE + "working-time/", working.edit_hours, Permission.SELF, "working_time", _BOTH),
    route(
        _ONE + "working-time/<int:version>/restore/",
        working.undo_hours,
        Permission.SELF,
        "restore_working_time",
        ("POST",),
    ),
    route(_ONE + "link/", roster.hand_out_link, Permission.PROGRAM, "hand_out_link", ("POST",)),
]
