"""Addresses of the roster, and of everybody's check-in."""

from __future__ import annotations

from headway.domain.accounts.rules import Permission
from headway.interfaces.web.layout.routes import Public, route
from headway.interfaces.web.people import (
    checking_in,
    hiring,
    hours,
    operating,
    paying,
    person,
    roster,
    roster_files,
    skilling,
    working,
)

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
    route(_HERE + "people/skills/", skilling.skills, Permission.VIEW, "skills"),
    route(_HERE + "edit-need/", skilling.edit_need, Permission.PLAN, "edit_need", _BOTH),
    route(
        _HERE + "edit-need/<int:version>/restore/",
        skilling.undo_need,
        Permission.PLAN,
        "restore_need",
        ("POST",),
    ),
    route(_HERE + "people/hiring/", hiring.hiring, Permission.VIEW, "hiring"),
    route(_HERE + "new-opening/", hiring.add_opening, Permission.PROGRAM, "add_opening", _BOTH),
    route(
        _HERE + "people/hiring/<slug:opening>/edit/",
        hiring.edit_opening,
        Permission.PROGRAM,
        "edit_opening",
        _BOTH,
    ),
    route(
        _HERE + "people/hiring/<slug:opening>/<int:version>/restore/",
        hiring.undo_opening,
        Permission.PROGRAM,
        "restore_opening",
        ("POST",),
    ),
    route(
        _HERE + "people/hiring/<slug:opening>/capacity/",
        hiring.count_capacity,
        Permission.PLAN,
        "count_capacity",
        ("POST",),
    ),
    route(_HERE + "people/operations/", operating.operations, Permission.VIEW, "operations"),
    route(_HERE + "new-load/", operating.add_load, Permission.PLAN, "add_load", _BOTH),
    route(
        _HERE + "people/operations/<uuid:load>/edit/",
        operating.edit_load,
        Permission.PLAN,
        "edit_load",
        _BOTH,
    ),
    route(
        _HERE + "people/operations/<uuid:load>/remove/",
        operating.remove_load,
        Permission.PLAN,
        "remove_load",
        ("POST",),
    ),
    route(
        _HERE + "people/operations/<uuid:load>/<int:version>/restore/",
        operating.undo_load,
        Permission.PLAN,
        "restore_load",
        ("POST",),
    ),
    route(_HERE + "people/rates/", paying.rates, Permission.VIEW, "rates"),
    route(_HERE + "edit-rates/", paying.edit_rates, Permission.PROGRAM, "edit_rates", _BOTH),
    route(
        _HERE + "people/rates/<int:version>/restore/",
        paying.undo_rates,
        Permission.PROGRAM,
        "restore_rates",
        ("POST",),
    ),
    route(
        _HERE + "people/import/",
        roster_files.import_people,
        Permission.PROGRAM,
        "import_people",
        _BOTH,
    ),
    route(_HERE + "roster.<str:ending>", roster_files.roster_file, Permission.VIEW, "roster_file"),
    route(_ONE, person.person, Permission.VIEW, "person"),
    route(_HERE + "hours/", hours.own_hours, Permission.SELF, "own_hours"),
    route(_ONE + "hours/", hours.hours, Permission.VIEW, "hours", _BOTH),
    route(_ONE + "skills/", person.edit_skills, Permission.VIEW, "edit_skills", _BOTH),
    route(
        _ONE + "certificates/", person.edit_certificate, Permission.VIEW, "edit_certificate", _BOTH
    ),
    route(
        _ONE + "drop-certificate/",
        person.drop_certificate,
        Permission.VIEW,
        "drop_certificate",
        ("POST",),
    ),
    route(_ONE + "growth/", person.edit_growth, Permission.VIEW, "edit_growth", _BOTH),
    route(_ONE + "pay/", paying.edit_pay, Permission.VIEW, "edit_pay", _BOTH),
    route(
        _ONE + "pay/<str:since>/remove/", paying.drop_pay, Permission.VIEW, "drop_pay", ("POST",)
    ),
    route(_ONE + "days-off/", working.days_off, Permission.SELF, "leave_file", ("POST",)),
    route(_ONE + "forget/", person.forget, Permission.MEMBERS, "forget_person", ("POST",)),
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
