"""Addresses of the forms that edit a program in place."""

from __future__ import annotations

from headway.domain.accounts.rules import Permission
from headway.interfaces.web.layout.routes import route
from headway.interfaces.web.programs import (
    calendars,
    chartering,
    deciding,
    levelling,
    linking,
    promising,
    registering,
    resourcing,
    watching,
)

_BOTH = ("GET", "POST")
_POST = ("POST",)
_PROGRAM = "w/<slug:workspace>/programs/<slug:program>/"
_PROJECT = "w/<slug:workspace>/projects/<slug:project>/"
_ITEM = _PROJECT + "items/<str:item>/"
_OBJECTIVE = _PROGRAM + "objectives/<str:objective>/"
_CRITERION = _PROJECT + "criteria/<str:criterion>/"
_LINE = _PROGRAM + "lines/<str:line>/"
_RESOURCE = _PROGRAM + "resources/<path:resource>/"
_CASE = _PROJECT + "business-case/"
_CASE_LINE = _CASE + "lines/<str:line>/"
_DECISION = _PROGRAM + "decisions/<str:decision>/"
_CALENDAR = _PROGRAM + "calendars/<str:calendar>/"
_RESTORE = "restore/<int:version>/"
_LEVELLING = _PROGRAM + "levelling/"
_PROPOSAL = _LEVELLING + "<uuid:levelling>/"

urlpatterns = [
    route(_LEVELLING, levelling.levelling, Permission.VIEW, "levelling"),
    route(_LEVELLING + "new/", levelling.propose, Permission.PLAN, "propose_levelling", _POST),
    route(_LEVELLING + "clear/", levelling.clear, Permission.PLAN, "clear_levelling", _POST),
    route(_PROPOSAL, levelling.progress, Permission.VIEW, "levelling_progress"),
    route(_PROPOSAL + "cancel/", levelling.cancel, Permission.PLAN, "cancel_levelling", _POST),
    route(_PROPOSAL + "apply/", levelling.apply, Permission.PLAN, "apply_levelling", _POST),
    route(_PROPOSAL + "undo/", levelling.undo, Permission.PLAN, "undo_levelling", _POST),
    route(_PROGRAM + "calendars/", calendars.calendars, Permission.VIEW, "calendars"),
    # Beside `calendars/`, not below it: a calendar may be called "new".
    route(
        _PROGRAM + "new-calendar/", calendars.add_calendar, Permission.PLAN, "add_calendar", _BOTH
    ),
    route(
        _PROGRAM + "own-calendar/",
        calendars.edit_own_calendar,
        Permission.PLAN,
        "edit_own_calendar",
        _BOTH,
    ),
    route(_PROGRAM + "days-off/", calendars.days_off, Permission.PLAN, "days_off", _POST),
    route(_CALENDAR + "edit/", calendars.edit_calendar, Permission.PLAN, "edit_calendar", _BOTH),
    route(
        _CALENDAR + "remove/", calendars.remove_calendar, Permission.PLAN, "remove_calendar", _POST
    ),
    route(_PROGRAM + "decisions/", deciding.decisions, Permission.VIEW, "decisions"),
    route(
        _PROGRAM + "new-decision/", deciding.add_decision, Permission.PLAN, "add_decision", _BOTH
    ),
    route(_DECISION, deciding.decision, Permission.VIEW, "decision"),
    route(_DECISION + "edit/", deciding.edit_decision, Permission.PLAN, "edit_decision", _BOTH),
    route(_DECISION + "new-option/", deciding.add_option, Permission.PLAN, "add_option", _BOTH),
    route(_DECISION + "take/", deciding.take, Permission.DECIDE, "take_decision", _POST),
    route(_DECISION + "reopen/", deciding.reopen, Permission.PROGRAM, "reopen_decision", _POST),
    route(_DECISION + "watch/", watching.watch, Permission.PLAN, "watch_decision", _BOTH),
    route(_DECISION + "keep/", watching.keep, Permission.PROGRAM, "keep_decision", _POST),
    route(
        _DECISION + "withdraw/",
        deciding.withdraw_decision,
        Permission.PLAN,
        "withdraw_decision",
        _POST,
    ),
    route(_PROGRAM + "edit/", promising.program_form, Permission.PROGRAM, "edit_program", _BOTH),
    route(
        _PROGRAM + _RESTORE, promising.undo_program, Permission.PROGRAM, "restore_program", _POST
    ),
    route(
        _PROGRAM + "new-objective/",
        promising.add_objective,
        Permission.PROGRAM,
        "add_objective",
        _BOTH,
    ),
    route(
        _OBJECTIVE + "edit/", promising.edit_objective, Permission.PROGRAM, "edit_objective", _BOTH
    ),
    route(_PROGRAM + "new-line/", registering.add_line, Permission.PROGRAM, "add_line", _BOTH),
    route(_LINE + "edit/", registering.edit_line, Permission.PROGRAM, "edit_line", _BOTH),
    route(_LINE + "remove/", registering.drop_line, Permission.PROGRAM, "remove_line", _POST),
    route(_LINE + _RESTORE, registering.undo_line, Permission.PROGRAM, "restore_line", _POST),
    route(
        _PROGRAM + "new-resource/", resourcing.add_resource, Permission.PLAN, "add_resource", _BOTH
    ),
    route(_RESOURCE + "edit/", resourcing.edit_resource, Permission.PLAN, "edit_resource", _BOTH),
    route(
        _RESOURCE + _RESTORE, resourcing.undo_resource, Permission.PLAN, "restore_resource", _POST
    ),
    route(_PROJECT + "edit/", promising.project_form, Permission.PROGRAM, "edit_project", _BOTH),
    route(_PROJECT + "charter/", chartering.charter, Permission.VIEW, "charter"),
    route(_CASE + "edit/", chartering.edit_case, Permission.PROGRAM, "edit_case", _BOTH),
    route(
        _CASE + "new-line/", chartering.add_case_line, Permission.PROGRAM, "add_case_line", _BOTH
    ),
    route(_CASE + _RESTORE, chartering.undo_case, Permission.PROGRAM, "restore_case", _POST),
    route(
        _CASE_LINE + "edit/", chartering.edit_case_line, Permission.PROGRAM, "edit_case_line", _BOTH
    ),
    route(
        _CASE_LINE + "remove/",
        chartering.drop_case_line,
        Permission.PROGRAM,
        "remove_case_line",
        _POST,
    ),
    route(
        _PROJECT + "new-criterion/",
        promising.add_criterion,
        Permission.PROGRAM,
        "add_criterion",
        _BOTH,
    ),
    route(
        _CRITERION + "edit/", promising.edit_criterion, Permission.PROGRAM, "edit_criterion", _BOTH
    ),
    route(
        _CRITERION + "remove/",
        promising.drop_criterion,
        Permission.PROGRAM,
        "remove_criterion",
        _POST,
    ),
    route(
        _CRITERION + _RESTORE,
        promising.undo_criterion,
        Permission.PROGRAM,
        "restore_criterion",
        _POST,
    ),
    route(_ITEM + "link/", linking.link, Permission.PLAN, "link_item", _BOTH),
    route(_ITEM + "unlink/", linking.unlink, Permission.PLAN, "unlink_item", _POST),
    route(_ITEM + "need/", linking.need, Permission.PLAN, "need_item", _BOTH),
]
