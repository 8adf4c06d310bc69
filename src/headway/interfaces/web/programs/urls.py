"""Addresses of portfolio, programs, projects, work and the import of plans."""

from __future__ import annotations

from headway.domain.accounts.rules import Permission
from headway.interfaces.web.layout.routes import route
from headway.interfaces.web.programs import (
    bridging,
    calibrating,
    checking,
    dependencies,
    edit_urls,
    exporting,
    forecast_page,
    gantt,
    import_jobs,
    importing,
    judging,
    planning_urls,
    portfolio,
    program,
    project,
    resourcing,
    work,
)

_BOTH = ("GET", "POST")
_POST = ("POST",)
_HERE = "w/<slug:workspace>/"
_IMPORT = _HERE + "import/<uuid:job>/"
_PROGRAM = _HERE + "programs/<slug:program>/"
_PROJECT = _HERE + "projects/<slug:project>/"
_ITEM = _PROJECT + "items/<str:item>/"

urlpatterns = [
    route(_HERE + "programs/", portfolio.portfolio, Permission.VIEW, "programs"),
    route(
        _HERE + "calibration/",
        calibrating.calibration_of_all,
        Permission.VIEW,
        "calibration_of_all",
    ),
    # Beside `programs/`, not below it: a program may be called "import" or "new".
    route(_HERE + "import/", importing.import_page, Permission.PLAN, "import_plan", _BOTH),
    route(_IMPORT, import_jobs.import_job, Permission.PLAN, "import_job"),
    route(_IMPORT + "cancel/", import_jobs.cancel, Permission.PLAN, "cancel_import", _POST),
    route(_IMPORT + "skipped/", import_jobs.skipped, Permission.PLAN, "skipped_rows"),
    route(_HERE + "new-program/", portfolio.new_program, Permission.PROGRAM, "new_program", _BOTH),
    route(_PROGRAM, program.program, Permission.VIEW, "program"),
    route(_PROGRAM + "plan/", work.program_plan, Permission.VIEW, "program_plan"),
    route(_PROGRAM + "plan/check/", checking.plan_check, Permission.VIEW, "plan_check"),
    route(_PROGRAM + "plan/files/", exporting.plan_files, Permission.VIEW, "plan_files"),
    route(_PROGRAM + "plan/files/<slug:ending>/", exporting.file, Permission.VIEW, "plan_file"),
    route(_PROGRAM + "plan/add/", work.add, Permission.PLAN, "add_item", _POST),
    route(_PROGRAM + "plan/gantt/", gantt.program_gantt, Permission.VIEW, "program_gantt"),
    route(_PROGRAM + "plan/behind/", gantt.program_behind, Permission.VIEW, "program_behind"),
    route(_PROGRAM + "plan/find/", dependencies.found, Permission.VIEW, "find_items"),
    route(
        _PROGRAM + "forecast/", forecast_page.program_forecast, Permission.VIEW, "program_forecast"
    ),
    route(_PROGRAM + "forecast/now/", program.forecast_now, Permission.PLAN, "forecast_now", _POST),
    route(_PROGRAM + "bridge/", bridging.program_bridge, Permission.VIEW, "program_bridge"),
    route(
        _PROGRAM + "calibration/", calibrating.program_calibration, Permission.VIEW, "calibration"
    ),
    route(_PROGRAM + "resources/", resourcing.resources, Permission.VIEW, "resources"),
    route(_PROGRAM + "judge/", judging.judge_program, Permission.JUDGE, "judge_program", _BOTH),
    route(
        _PROGRAM + "new-project/", portfolio.new_project, Permission.PROGRAM, "new_project", _BOTH
    ),
    route(_PROJECT, project.project, Permission.VIEW, "project"),
    route(_PROJECT + "gantt/", gantt.project_gantt, Permission.VIEW, "project_gantt"),
    route(_PROJECT + "runs/", project.project_runs, Permission.VIEW, "project_runs"),
    route(_PROJECT + "judge/", judging.judge_project, Permission.JUDGE, "judge_project", _BOTH),
    route(_PROJECT + "import/", importing.import_page, Permission.PLAN, "project_import", _BOTH),
    route(_PROJECT + "import/undo/", importing.undo, Permission.PLAN, "undo_import", _POST),
    route(_ITEM, work.item, Permission.VIEW, "item"),
    route(_ITEM + "links/", dependencies.panel, Permission.VIEW, "item_links"),
    route(_ITEM + "links/add/", dependencies.add, Permission.PLAN, "add_link", _POST),
    route(_ITEM + "links/remove/", dependencies.remove, Permission.PLAN, "remove_link", _POST),
    route(_ITEM + "cell/<str:field>/", work.item_cell, Permission.PLAN, "item_cell", _BOTH),
    route(_ITEM + "restore/<int:version>/", work.restore, Permission.PLAN, "restore_item", _POST),
    route(_ITEM + "remove/", work.remove, Permission.PLAN, "remove_item", _POST),
    route(
        _HERE + "judgements/<uuid:judgement>/withdraw/",
        judging.withdraw,
        Permission.JUDGE,
        "withdraw_judgement",
        _POST,
    ),
    *edit_urls.urlpatterns,
    *planning_urls.urlpatterns,
]
