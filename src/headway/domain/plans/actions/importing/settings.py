"""What a file says of the whole plan: start, distribution, calendar, target and budget."""

from __future__ import annotations

from headway.analysis.schedule.plan import OnePoint, Progress
from headway.domain.accounts.rules import Permission, may
from headway.domain.finance.actions import set_budget_line
from headway.domain.finance.queries import agreement_of, budget_of
from headway.domain.plans.actions.importing.job import Import
from headway.domain.plans.models import Plan
from headway.domain.programs.actions import edit_program, keep_calendar, set_calendar
from headway.domain.programs.actions.rows import add_row, change_row
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules.calendars import calendar_from, calendar_text, named_calendars


def write_settings(job: Import) -> None:
    """Keep start and distribution; calendar, target and budget only where none is set."""
    is_first = not Plan.objects.filter(project__program_id=job.program.id).exists()
    fields = {
        "name": job.plan.name,
        "start": job.plan.start,
        "distribution": job.plan.distribution.value,
        "correlations": [
            {"items": list(row.items), "rho": row.rho} for row in job.plan.correlations
        ],
    }
    held = Plan.objects.select_for_update().filter(project_id=job.project.id).first()
    if held is None:
        fresh = Plan(workspace_id=job.actor.workspace_id, project_id=job.project.id, **fields)
        add_row(job.actor, fresh, job.at, "start_plan", project=job.project.slug)
    else:
        change_row(job.actor, held, fields, job.at, "edit_plan")
    _calendar(job, is_first=is_first)
    _named_calendars(job)
    _readings(job, is_first=is_first)
    _target(job)
    _budget(job)


def _calendar(job: Import, *, is_first: bool) -> None:
    calendar = job.plan.calendar
    if calendar is None or calendar_from(job.program.calendar) == calendar:
        return
    if is_first:
        set_calendar(job.actor, job.program, calendar_text(calendar), job.at)
    else:
        job.skip(None, f"calendar {calendar.name!r}: the program's own calendar is kept for all")


def _named_calendars(job: Import) -> None:
    """Keep the calendars that the file's work and resources name; another of that name stays."""
    named = {item.calendar for item in job.plan.items}
    named |= {resource.calendar for resource in job.plan.resources}
    program = program_named(job.actor, job.program.slug)
    held = {calendar.name: calendar for calendar in named_calendars(program.calendars)}
    own = calendar_from(program.calendar).name
    for calendar in job.plan.calendars:
        if (
            calendar.name not in named
            or calendar.name == own
            or held.get(calendar.name) == calendar
        ):
            continue
        if calendar.name in held:
            job.skip(None, f"calendar {calendar.name!r}: the program's own of that name is kept")
        else:
            keep_calendar(job.actor, program.slug, calendar, job.at)


def _readings(job: Import, *, is_first: bool) -> None:
    """Keep how the file reads single numbers, and work begun out of order, where it matters."""
    plan, wanted = job.plan, {}
    if plan.one_point is not OnePoint.CERTAIN and plan.one_point != job.program.one_point:
        wanted["one_point"] = plan.one_point.value
    # Of a plan in which nothing is under way it says nothing yet.
    is_under_way = any(item.started and not item.finished for item in plan.items)
    is_new = plan.progress not in (Progress.OVERRIDE, job.program.progress)
    if is_under_way and is_new:
        wanted["progress"] = plan.progress.value
    if wanted and is_first and may(job.actor, Permission.PROGRAM):
        edit_program(job.actor, job.program.slug, wanted, job.at)
        return
    for name, word in wanted.items():
        why = (
            "the program's own is kept for all" if not is_first else "a manager of programs sets it"
        )
        job.skip(None, f"{name.replace('_', ' ')} {word}: {why}")


def _target(job: Import) -> None:
    target = job.plan.target
    if target is None or target == job.program.target:
        return
    if not may(job.actor, Permission.PROGRAM):
        job.skip(None, f"target {target}: setting it is for a manager of programs")
    elif job.program.target is None:
        edit_program(job.actor, job.program.slug, {"target": target}, job.at)
    else:
        job.skip(None, f"target {target}: the program's target {job.program.target} is kept")


def _budget(job: Import) -> None:
    budget = job.plan.budget
    if budget is None:
        return
    held = budget_of(job.actor, job.program).of_project(job.project.id)
    if budget.currency != job.program.currency:
        job.skip(
            None,
            f"budget {budget}: the program keeps its money in {job.program.currency}",
        )
    elif held is None and not may(job.actor, Permission.PROGRAM):
        job.skip(None, f"budget {budget}: setting it is for a manager of programs")
    elif held is None and agreement_of(job.actor, job.program) is not None:
        job.skip(None, f"budget {budget}: the program's budget is agreed; ask for a budget change")
    elif held is None:
        values = {
            "name": f"Budget of {job.project.name}",
            "amount": budget.amount,
            "project": job.project.slug,
        }
        key = f"plan-{job.project.slug}"
        set_budget_line(job.actor, job.program.slug, key, values, job.at)
    elif held != budget.amount:
        job.skip(None, f"budget {budget}: the project's budget of {held} is kept")
