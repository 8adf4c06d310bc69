"""The law: classes, obligations, impact assessments, incidents; auditors' packages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from ninja import Path, Query, Router
from pydantic import Field

from headway.domain.accounts.rules import Permission
from headway.domain.compliance.actions import (
    answer_law,
    open_incident,
    set_duty,
    take_incident_step,
    write_dpia,
)
from headway.domain.compliance.queries import (
    AnswerFacts,
    DpiaPage,
    IncidentLine,
    ObligationLine,
    SystemLaw,
    all_systems_law,
    dpia_page,
    incident_named,
    incidents_of,
    obligation_lines,
    system_law,
)
from headway.domain.compliance.rules.incidents import IncidentFacts
from headway.domain.compliance.rules.inputs import AnswerDraft, StepDraft
from headway.domain.reports.queries import auditors_package
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.operations import File, documented, operation
from headway.interfaces.api.paging import AskedAt, At, Instant, Page, page_of

router = Router(tags=["Law"])

_ZIP = {"description": "The package.", "content": {"application/zip": {}}}

#: How a package names what it is about: program:fraud, system:scoring, or the address alone.
About = Annotated[str, Path(max_length=120)]


@dataclass(frozen=True, slots=True)
class ClassView:
    """What the EU AI Act makes of a system. `system_class` is "open" while a question is."""

    system: str
    system_class: str
    verdict: str
    next_question: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ObligationView:
    """One obligation of a system; `not_verified`: not checked against the Official Journal."""

    system: str
    id: str
    article: str
    title: str
    applies_from: date
    source: str
    not_verified: bool
    verdict: str
    owner: str
    days_left: int | None
    records: Sequence[int]


@dataclass(frozen=True, slots=True)
class LawView:
    """A system under the Act: its class, the answers it rests on, what it owes."""

    classification: ClassView
    asked: Sequence[str]
    answers: Sequence[AnswerFacts]
    obligations: Sequence[ObligationView]


@dataclass(frozen=True, slots=True)
class AssessmentView:
    """A system's impact assessment; `is_required` is null while that is open."""

    system: str
    is_required: bool | None
    screening: str
    verdict: str
    sentence: str
    document: dict[str, str]
    changed: Sequence[str]


@dataclass(frozen=True, slots=True)
class IncidentView:
    """A serious incident and its clock."""

    incident: IncidentFacts
    system: str
    step: str
    deadline: datetime
    verdict: str
    sentence: str


class AnswerBody(Given):
    """An answer to a question of a law (ai_act, dpia), and why."""

    law: str
    question: str
    value: Any
    rationale: str


class DutyBody(Given):
    """How a system stands to an obligation: open, done, not_applicable."""

    obligation: str
    state: str | None = None
    owner: str | None = None
    rationale: str | None = None
    records: Annotated[list[int], Field(max_length=50)] | None = None
    done_on: date | None = None
    review_on: date | None = None


class AssessmentBody(Given):
    """Parts of an impact assessment to write."""

    description: str | None = None
    necessity: str | None = None
    risks: str | None = None
    measures: str | None = None
    advice: str | None = None
    views: str | None = None
    residual_risk: str | None = None
    consulted: str | None = None


class IncidentBody(Given):
    """A serious incident: serious, death, widespread, critical_infrastructure."""

    system: str
    title: str
    harm: str
    aware_at: Instant | None = None
    owner: str | None = None


class StepBody(Given):
    """A step of an incident: initial_report, final_report, closed."""

    step: str
    when: Instant | None = None
    words: str = ""


@operation(router, "GET", "/law/systems", Permission.VIEW, Page[ClassView])
def list_classes(request: ApiRequest, asked: Query[AskedAt]) -> Page[ClassView]:
    """List the systems with the class that the EU AI Act gives each, by address."""
    known_at = asked.moment(request)
    laws = all_systems_law(request.auth, known_at or request.now, known_at=known_at)
    return page_of([_class(one) for one in laws], lambda one: one.system, asked)


@operation(router, "GET", "/law/systems/{slug}", Permission.VIEW, LawView)
def read_system_law(request: ApiRequest, slug: str, asked: Query[At]) -> LawView:
    """Read a system's class, the answers it rests on, and what it owes from when."""
    return _law(request, slug, asked.moment(request))


@operation(router, "POST", "/law/systems/{slug}/answers", Permission.JUDGE, LawView)
def answer_law_question(request: ApiRequest, slug: str, body: AnswerBody) -> LawView:
    """Answer a question of the law; the former answer stays in the history."""
    draft = AnswerDraft(body.law, body.question, body.value, body.rationale)
    answer_law(request.auth, slug, draft, request.now)
    return _law(request, slug, None)


@operation(router, "POST", "/law/systems/{slug}/duties", Permission.JUDGE, ObligationView)
def set_system_duty(request: ApiRequest, slug: str, body: DutyBody) -> ObligationView:
    """Say whose an obligation is, and what shows that it is met."""
    values = body.given()
    obligation = values.pop("obligation")
    return _obligation(set_duty(request.auth, slug, obligation, values, request.now))


@operation(router, "GET", "/law/systems/{slug}/impact-assessment", Permission.VIEW, AssessmentView)
def read_impact_assessment(request: ApiRequest, slug: str, asked: Query[At]) -> AssessmentView:
    """Read whether an impact assessment is due, what is written, and whether it stands."""
    return _assessment(dpia_page(request.auth, slug, known_at=asked.moment(request)))


@operation(
    router, "POST", "/law/systems/{slug}/impact-assessment", Permission.EVIDENCE, AssessmentView
)
def write_impact_assessment(request: ApiRequest, slug: str, body: AssessmentBody) -> AssessmentView:
    """Write parts of an impact assessment; privacy approves it on its page."""
    return _assessment(write_dpia(request.auth, slug, body.given(), request.now))


@operation(router, "GET", "/law/obligations", Permission.VIEW, Page[ObligationView])
def list_obligations(request: ApiRequest, asked: Query[AskedAt]) -> Page[ObligationView]:
    """List the obligations of all systems, by system and article."""
    known_at = asked.moment(request)
    lines = obligation_lines(request.auth, known_at or request.now, known_at=known_at)
    views = [_obligation(one) for one in lines]
    return page_of(views, lambda one: f"{one.system} {one.id}", asked)


@operation(router, "GET", "/law/incidents", Permission.VIEW, Page[IncidentView])
def list_incidents(request: ApiRequest, asked: Query[AskedAt]) -> Page[IncidentView]:
    """List the serious incidents with their clocks, by key."""
    known_at = asked.moment(request)
    lines = incidents_of(request.auth, known_at or request.now, known_at=known_at)
    return page_of([_incident(one) for one in lines], lambda one: one.incident.key, asked)


@operation(router, "POST", "/law/incidents", Permission.EVIDENCE, IncidentView, 201)
def start_incident(request: ApiRequest, body: IncidentBody) -> IncidentView:
    """Start the clock of a serious incident: it runs from `aware_at`, or from now."""
    values = body.given()
    system = values.pop("system")
    return _incident(open_incident(request.auth, system, values, request.now))


@operation(router, "GET", "/law/incidents/{key}", Permission.VIEW, IncidentView)
def read_incident(request: ApiRequest, key: str, asked: Query[At]) -> IncidentView:
    """Read a serious incident and its clock."""
    known_at = asked.moment(request)
    at = known_at or request.now
    return _incident(incident_named(request.auth, key, at, known_at=known_at))


@operation(router, "POST", "/law/incidents/{key}/steps", Permission.EVIDENCE, IncidentView)
def note_incident_step(request: ApiRequest, key: str, body: StepBody) -> IncidentView:
    """Note that an incident was reported or closed; the first report may be incomplete."""
    draft = StepDraft(body.step, body.when, body.words)
    return _incident(take_incident_step(request.auth, key, draft, request.now))


@operation(router, "GET", "/audit-packages/{about}", Permission.AUDIT, File)
@documented(responses={200: _ZIP})
def download_audit_package(request: ApiRequest, about: About, asked: Query[At]) -> File:
    """Take the auditor's package of a program or a system away: one file that checks itself."""
    at = asked.moment(request) or request.now
    package = auditors_package(request.auth, about, at)
    return File(package.name, "application/zip", package.data)


def _law(request: ApiRequest, slug: str, known_at: datetime | None) -> LawView:
    at = known_at or request.now
    law = system_law(request.auth, slug, at, known_at=known_at)
    lines = obligation_lines(request.auth, at, known_at=known_at, slug=slug)
    answers = sorted(law.answers.values(), key=lambda one: one.question)
    return LawView(
        _class(law), law.classification.asked, answers, [_obligation(one) for one in lines]
    )


def _class(law: SystemLaw) -> ClassView:
    found = law.classification
    return ClassView(
        law.system.slug, found.system_class, found.verdict, found.next_question, found.sentence
    )


def _obligation(line: ObligationLine) -> ObligationView:
    due = line.due
    return ObligationView(
        line.system.slug,
        due.id,
        due.article,
        due.title,
        due.applies_from,
        due.source,
        due.verify,
        line.verdict,
        line.owner,
        line.days_left,
        line.duty.records if line.duty else (),
    )


def _assessment(page: DpiaPage) -> AssessmentView:
    return AssessmentView(
        page.system.slug,
        page.screening.is_required,
        page.screening.sentence,
        page.state.verdict,
        page.state.sentence,
        page.document,
        page.changed,
    )


def _incident(line: IncidentLine) -> IncidentView:
    held = line.incident
    return IncidentView(
        held, line.system.slug, held.step, held.deadline, line.clock.verdict, line.clock.sentence
    )
