"""The portfolio: one line a program, ranked by how far its P80 lies beyond the target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway.domain.assessments.queries import ProgramHealth, connect_next, programs_health
from headway.domain.programs.actions import create_program, create_project
from headway.domain.programs.queries import program_named, programs_of
from headway.domain.programs.rules import ProgramFacts
from headway.errors import HeadwayError
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.layout.toasts import tell
from headway.interfaces.web.programs.addresses import address, is_live
from headway.interfaces.web.programs.connecting import connect_panel
from headway.interfaces.web.programs.forecasting import decimal, part
from headway.interfaces.web.programs.forms import ProgramForm, ProjectForm
from headway.interfaces.web.programs.standing import Standing, standings_of

#: A program without any P80 weighs more than every late one.
_NEVER = 1e9


@dataclass(frozen=True, slots=True)
class Row:
    """One program. `late` is days of P80 beyond the target; None: it cannot be said."""

    program: ProgramFacts
    projects: int
    standings: Sequence[Standing]
    p50: date | None
    p80: date | None
    p_on_time: float | None
    late: int | None
    cost_p80: Decimal | None
    budget: Decimal | None
    why_not: str
    weight: float


def portfolio(request: WorkspaceRequest) -> HttpResponse:
    """Show every program."""
    at = request.at or request.now
    programs = programs_of(request.actor, request.at)
    found = programs_health(request.actor, programs, at, known_at=request.at)
    rows = sorted((_row(request, one) for one in found), key=lambda row: -row.weight)
    found_next = connect_next(request.actor, at, found) if is_live(request) else None
    values = {
        "rows": rows,
        "sure": [row for row in rows if (row.p_on_time or 0) >= 0.8],
        "connect": connect_panel(request, found_next),
    }
    return render(request, "programs_web/portfolio.html", values)


def new_program(request: WorkspaceRequest) -> HttpResponse:
    """Make a program from a name, a target and a currency."""
    form = ProgramForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            program = create_program(request.actor, form.cleaned_data, request.now)
        except HeadwayError as error:
            form.add_error(None, str(error))
        else:
            tell(request, f"{program.name} is made. Give it a plan next.")
            return redirect(address(request, "program", program=program.slug))
    values = {"form": form}
    return render(request, "programs_web/new_program.html", values, status=_status(form))


def new_project(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Make a project in a program."""
    parent = program_named(request.actor, program)
    form = ProjectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            project = create_project(request.actor, program, form.cleaned_data, request.now)
        except HeadwayError as error:
            form.add_error(None, str(error))
        else:
            tell(request, f"{project.name} is made. Import its plan or add work.")
            return redirect(address(request, "project", project=project.slug))
    values = {"form": form, "program": parent}
    return render(request, "programs_web/new_project.html", values, status=_status(form))


def _status(form: ProgramForm | ProjectForm) -> int:
    return 422 if form.errors else 200


def _row(request: WorkspaceRequest, found: ProgramHealth) -> Row:
    program, forecast = found.program, found.forecast
    p80 = forecast.finish("p80") if forecast else None
    late = (p80 - program.target).days if p80 and program.target else None
    why_not = _why_not(found)
    never = forecast is not None and not forecast.problem and p80 is None
    return Row(
        program=program,
        projects=len(found.projects),
        standings=standings_of(
            request,
            found.dimensions,
            found.judgements,
            address(request, "program", program=program.slug),
        ),
        p50=forecast.finish("p50") if forecast else None,
        p80=p80,
        p_on_time=forecast.p_on_time if forecast else None,
        late=late,
        cost_p80=decimal(part(forecast.answer, "cost").get("p80")) if forecast else None,
        budget=found.budget.total,
        why_not=why_not,
        weight=_NEVER if never else float(late) if late is not None else -_NEVER,
    )


def _why_not(found: ProgramHealth) -> str:
    if found.forecast is None:
        return "not forecast yet"
    if found.forecast.problem:
        return "the plan has a problem"
    return "never, in too many outcomes"
