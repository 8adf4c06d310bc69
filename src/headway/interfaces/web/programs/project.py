"""A project's pages: what was promised and measured, its runs, its charter and its data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.assessments.queries import ProjectHealth, project_health
from headway.domain.assessments.rules import Assessment
from headway.domain.evidence.queries import (
    BestPoint,
    Measurement,
    RunsView,
    best_so_far,
    logged_names,
    measurements_of,
    runs_page,
)
from headway.domain.programs.queries import (
    criteria_of,
    program_of,
    project_named,
    releases_of,
)
from headway.domain.programs.rules import CriterionFacts, ProgramFacts, ProjectFacts
from headway.errors import NotFound
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs import pictures
from headway.interfaces.web.programs.addresses import address, is_live
from headway.interfaces.web.programs.standing import standings_of

STATUSES = ("running", "finished", "failed", "killed", "scheduled")


@dataclass(frozen=True, slots=True)
class Promise:
    """A success criterion, what was measured of it, and the record that opens the number."""

    criterion: CriterionFacts
    assessment: Assessment
    measured: Measurement | None
    best: BestPoint | None
    href: str

    @property
    def value(self) -> float | None:
        """Return the number that decides."""
        if self.measured is not None:
            return self.measured.value
        return self.best.best if self.best is not None else None


@dataclass(frozen=True, slots=True)
class Check:
    """The last answer of a check on data or compliance."""

    found: Measurement
    href: str


def project(request: WorkspaceRequest, project: str) -> HttpResponse:
    """Answer first: is the model as good as promised; then why, open down to the records."""
    facts = project_named(request.actor, project, request.at)
    program = program_of(request.actor, facts, request.at)
    at = request.at or request.now
    health = project_health(request.actor, program, project, at, known_at=request.at)
    if health is None:
        sentence = f"There is no project '{project}' in {program.name}."
        raise NotFound(sentence)
    measured = measurements_of(request.actor, [facts.id], request.at)
    courses = _courses(request, facts.id, [one for one, _ in health.criteria])
    promises = [_promise(request, *pair, measured, courses) for pair in health.criteria]
    releases = releases_of(request.actor, request.at, project_id=facts.id)
    values = head_of_project(request, program, facts, health) | {
        "standings": standings_of(request, health.dimensions, health.judgements),
        "judge": address(request, "judge_project", project=project),
        "promises": promises,
        "segments": pictures.segment_charts(health.criteria, measured),
        "courses": pictures.course_charts([one.criterion for one in promises], courses),
        "checks": _checks(request, measured),
        "releases": releases,
        "evidence": address(request, "evidence"),
    }
    return render(request, "programs_web/project.html", values)


def project_runs(request: WorkspaceRequest, project: str) -> HttpResponse:
    """List the runs a page at a time, with the promised metrics as columns to sort by."""
    facts = project_named(request.actor, project, request.at)
    program = program_of(request.actor, facts, request.at)
    criteria = criteria_of(request.actor, facts, request.at)
    promised = [(one.metric, one.split) for one in criteria]
    logged = logged_names(request.actor, facts.id, promised, request.at)
    metrics = tuple(dict.fromkeys(logged.get(metric, metric) for metric, _ in promised))
    status = request.GET.get("status", "")
    view = RunsView(
        metrics,
        status if status in STATUSES else "",
        _sort(request, metrics),
        request.GET.get("cursor", ""),
    )
    page = runs_page(request.actor, facts.id, view, request.at)
    rows = [
        (line, [line.metrics.get(metric) for metric in metrics], _record(request, line.record))
        for line in page.lines
    ]
    kept = {key: value for key, value in request.GET.items() if key != "cursor"}
    more = f"{request.path}?{urlencode({**kept, 'cursor': page.older})}" if page.older else ""
    values = head_of_project(request, program, facts, None) | {
        "page": page,
        "rows": rows,
        "metrics": metrics,
        "statuses": STATUSES,
        "status": view.status,
        "more": more,
        "sources": address(request, "sources"),
    }
    return render(request, "programs_web/runs.html", values)


def _sort(request: WorkspaceRequest, metrics: Sequence[str]) -> str:
    """Return the asked order where the table has that column, else newest first."""
    asked = request.GET.get("sort", "newest")
    return asked if asked.removeprefix("-") in metrics else "newest"


def head_of_project(
    request: WorkspaceRequest,
    program: ProgramFacts,
    facts: ProjectFacts,
    health: ProjectHealth | None,
) -> dict[str, object]:
    """Return what every page of a project shows around its own content."""
    here = address(request, "project", project=facts.slug)
    plan = address(request, "program_plan", program=program.slug)
    return {
        "program": program,
        "project": facts,
        "health": health,
        "live": is_live(request),
        "home": here,
        "portfolio": address(request, "programs"),
        "program_page": address(request, "program", program=program.slug),
        "tabs": [
            ("Overview", here),
            ("Charter", here + "charter/"),
            ("Runs", here + "runs/"),
            ("Work", f"{plan}?{urlencode({'project': facts.slug})}"),
            ("Gantt", here + "gantt/"),
            ("Import a plan", here + "import/"),
        ],
    }


def _record(request: WorkspaceRequest, sequence: int) -> str:
    return address(request, "record", sequence=sequence)


def _courses(
    request: WorkspaceRequest, project_id: UUID, criteria: Sequence[CriterionFacts]
) -> dict[str, Sequence[BestPoint]]:
    """Return the runs towards each promise of quality by metric; one look-up a metric."""
    promised = [(one.metric, one.split) for one in criteria if one.kind == "quality"]
    logged = logged_names(request.actor, project_id, promised, request.at)
    directions = {one.metric: one.direction for one in criteria}
    return {
        metric: best_so_far(request.actor, project_id, name, directions[metric], request.at)
        for metric, name in logged.items()
    }


def _promise(
    request: WorkspaceRequest,
    criterion: CriterionFacts,
    assessment: Assessment,
    measured: Sequence[Measurement],
    courses: dict[str, Sequence[BestPoint]],
) -> Promise:
    record = assessment.records[0] if assessment.records else None
    found = pictures.deciding(criterion, [one for one in measured if one.record == record])
    runs = [one for one in courses.get(criterion.metric, ()) if one.record == record]
    return Promise(
        criterion=criterion,
        assessment=assessment,
        measured=found,
        best=runs[0] if runs else None,
        href=_record(request, record) if record else "",
    )


def _checks(request: WorkspaceRequest, measured: Sequence[Measurement]) -> list[Check]:
    """Return the last answer of each check, failed ones first."""
    latest: dict[tuple[str, str, str], Measurement] = {}
    for one in measured:
        if one.kind == "check":
            latest[(one.subject_kind, one.subject_name, one.metric)] = one
    found = [Check(one, _record(request, one.record)) for one in latest.values()]
    return sorted(
        found, key=lambda one: (one.found.context.get("passed") is True, one.found.metric)
    )
