"""Gates of releases, judged from evidence; the templates that say what is asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Query, Router
from pydantic import BaseModel, Field

from headway.domain.accounts.rules import Permission
from headway.domain.gates.actions import (
    add_gate_template,
    change_gate_rules,
    edit_gate,
    edit_gate_rules,
    install_gate_templates,
    open_gates,
    remove_requirement,
    set_requirement,
)
from headway.domain.gates.queries import (
    GateAnswer,
    GateListed,
    GateQuestion,
    gate_answer,
    gate_check,
    gate_rows,
    gates_listed,
    rules_numbered,
    template_named,
    templates_of,
)
from headway.domain.gates.rules.facts import GateFacts, RulesFacts, TemplateFacts
from headway.domain.gates.rules.gate_files import file_text, read_requirement
from headway.domain.gates.rules.requirements import GatedStage
from headway.errors import NotFound
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.etags import edit
from headway.interfaces.api.operations import operation
from headway.interfaces.api.paging import AskedAt, At, Page, page_of

router = Router(tags=["Gates"])

_ONE = "/gates/{uuid:gate_id}"
_TEMPLATE = "/gate-templates/{key}"
_REQUIREMENT = _TEMPLATE + "/stages/{stage}/requirements/{name}"

Short = Annotated[str, Field(max_length=200)]


class GatesAsked(AskedAt):
    """Of which project."""

    project: Annotated[str, Field(max_length=60, description="Of this project only.")] = ""


class CheckAsked(At):
    """Before which stage, of which release, judging which version."""

    stage: Annotated[str, Field(min_length=1, max_length=60, description="The stage to enter.")]
    version: Annotated[str, Field(max_length=200, description="Default: the gate's own.")] = ""
    release: Annotated[str, Field(max_length=100, description="Default: the newest gated.")] = ""


class OpenBody(Given):
    """From which template gates are opened, and before which stages (default: all of it)."""

    template: str
    stages: Sequence[str] = ()


class GateBody(Given):
    """What of a gate can be changed; `milestone` is the id of the item that waits for it."""

    subject: str | None = None
    owner: str | None = None
    due: date | None = None
    milestone: str | None = None


class RulesChoice(Given):
    """By which template and version a gate is judged; without a number the newest."""

    template: str
    number: Annotated[int, Field(ge=1)] | None = None


class RulesBody(Given):
    """A gate file as text (YAML or JSON), and why it changes."""

    rules: str
    reason: str = ""


class RequirementBody(Given):
    """A requirement as a gate file writes it (its key stands in the address), and why."""

    rule: Annotated[dict[str, Any], Field(description="What is asked, as a gate file writes it.")]
    name: str | None = None
    owner: str | None = None
    how: str | None = None
    command: str | None = None
    tiers: Sequence[str] = ()
    waivable: bool = True
    reason: str = ""


class TemplateTold(BaseModel):
    """A template without its rules, which are read by their number."""

    id: UUID
    key: str
    name: str
    words: str
    made_for: str
    is_light: bool
    is_retired: bool
    version: int
    stages: Sequence[str]
    rules: Sequence[RulesFacts]


class RulesTold(BaseModel):
    """One version of a template's rules, as the text of a gate file."""

    template: str
    number: int
    digest: str
    rules: str


def _told(one: TemplateFacts) -> TemplateTold:
    return TemplateTold(
        id=one.id,
        key=one.key,
        name=one.name,
        words=one.words,
        made_for=one.made_for,
        is_light=one.is_light,
        is_retired=one.is_retired,
        version=one.version,
        stages=one.stages,
        rules=one.rules,
    )


def _settings(request: ApiRequest, gate_id: UUID, at: datetime | None = None) -> GateFacts:
    """Return how a gate is set. Raises NotFound."""
    rows = gate_rows(request.auth, at, id=gate_id)
    if not rows:
        sentence = "There is no such gate in this workspace."
        raise NotFound(sentence)
    return rows[0].facts


@operation(router, "GET", "/gates", Permission.VIEW, Page[GateListed])
def list_gates(request: ApiRequest, asked: Query[GatesAsked]) -> Page[GateListed]:
    """List the gates of releases with how each stands, by their id."""
    moment = asked.moment(request)
    rows = gates_listed(request.auth, moment or request.now, project=asked.project, known_at=moment)
    ordered = sorted(rows, key=lambda row: str(row.id))
    return page_of(ordered, lambda row: str(row.id), asked)


@operation(router, "GET", _ONE, Permission.VIEW, GateAnswer)
def read_gate(request: ApiRequest, gate_id: UUID, asked: Query[At]) -> GateAnswer:
    """Read a gate as it stands: each requirement with its verdict, trace and who owes it."""
    moment = asked.moment(request)
    return gate_answer(request.auth, gate_id, moment or request.now, known_at=moment)


@operation(router, "GET", "/projects/{slug}/gate-check", Permission.VIEW, GateAnswer)
def check_gate(request: ApiRequest, slug: str, asked: Query[CheckAsked]) -> GateAnswer:
    """Ask whether a project's release may enter a stage: what `headway gate check` asks."""
    moment = asked.moment(request)
    question = GateQuestion(slug, asked.stage, asked.version, asked.release)
    return gate_check(request.auth, question, moment or request.now, known_at=moment)


@operation(
    router, "POST", "/releases/{uuid:release_id}/gates", Permission.PROGRAM, Page[GateFacts], 201
)
def new_gates(request: ApiRequest, release_id: UUID, body: OpenBody) -> Page[GateFacts]:
    """Open the gates of a template for a release; those that are open already stay as they are."""
    rows = open_gates(request.auth, release_id, body.template, request.now, stages=body.stages)
    return Page(items=list(rows), next=None)


@operation(router, "GET", _ONE + "/settings", Permission.VIEW, GateFacts)
def read_gate_settings(request: ApiRequest, gate_id: UUID, asked: Query[At]) -> GateFacts:
    """Read how a gate is set; its ETag is what a change sends as If-Match."""
    return _settings(request, gate_id, asked.moment(request))


@operation(router, "PATCH", _ONE + "/settings", Permission.PLAN, GateFacts)
def change_gate(request: ApiRequest, gate_id: UUID, body: GateBody) -> GateFacts:
    """Change what a gate judges, who answers for it, when it is due, which milestone waits."""
    actor, at, values = request.auth, request.now, body.given()

    def write(version: int) -> GateFacts:
        return edit_gate(actor, gate_id, values, at, version=version)

    return edit(request, lambda: _settings(request, gate_id), write)


@operation(router, "PUT", _ONE + "/rules", Permission.PROGRAM, GateFacts)
def choose_rules(request: ApiRequest, gate_id: UUID, body: RulesChoice) -> GateFacts:
    """Judge a gate by another version of its rules; decisions that were made stay with theirs."""
    actor, at = request.auth, request.now

    def write(version: int) -> GateFacts:
        choice = (body.template, body.number)
        return change_gate_rules(actor, gate_id, *choice, at, version=version)

    return edit(request, lambda: _settings(request, gate_id), write)


@operation(router, "GET", "/gate-templates", Permission.VIEW, Page[TemplateTold])
def list_gate_templates(request: ApiRequest, asked: Query[AskedAt]) -> Page[TemplateTold]:
    """List the gate templates with their versions, by key."""
    rows = [_told(one) for one in templates_of(request.auth, asked.moment(request))]
    ordered = sorted(rows, key=lambda row: row.key)
    return page_of(ordered, lambda row: row.key, asked)


@operation(router, "POST", "/gate-templates", Permission.PROGRAM, TemplateTold, 201)
def new_gate_template(request: ApiRequest, body: RulesBody) -> TemplateTold:
    """Make a gate template from a gate file; the shipped ones come with it where they lack."""
    install_gate_templates(request.auth, request.now)
    made = add_gate_template(request.auth, body.rules, request.now, reason=body.reason)
    return _told(made)


@operation(router, "GET", _TEMPLATE, Permission.VIEW, TemplateTold)
def read_gate_template(request: ApiRequest, key: str, asked: Query[At]) -> TemplateTold:
    """Read a gate template; its ETag is what new rules send as If-Match."""
    return _told(template_named(request.auth, key, asked.moment(request)))


@operation(router, "PUT", _TEMPLATE, Permission.PROGRAM, TemplateTold)
def put_gate_rules(request: ApiRequest, key: str, body: RulesBody) -> TemplateTold:
    """Add the next version of a template's rules; gates and decisions stay with theirs."""
    actor, at = request.auth, request.now

    def write(version: int) -> TemplateTold:
        found = edit_gate_rules(actor, key, body.rules, at, reason=body.reason, version=version)
        return _told(found)

    return edit(request, lambda: _told(template_named(actor, key)), write)


@operation(router, "PUT", _REQUIREMENT, Permission.PROGRAM, TemplateTold)
def put_requirement(
    request: ApiRequest, key: str, stage: str, name: str, body: RequirementBody
) -> TemplateTold:
    """Ask one requirement before a stage, new or changed: the template's next version."""
    actor, at, place = request.auth, request.now, GatedStage(key, stage)
    told = {field: value for field, value in body.given().items() if field != "reason"}

    def write(version: int) -> TemplateTold:
        asked = read_requirement({**told, "key": name})
        found = set_requirement(actor, place, asked, at, reason=body.reason, version=version)
        return _told(found)

    return edit(request, lambda: _told(template_named(actor, key)), write)


@operation(router, "DELETE", _REQUIREMENT, Permission.PROGRAM, TemplateTold)
def delete_requirement(request: ApiRequest, key: str, stage: str, name: str) -> TemplateTold:
    """Ask one requirement no more: the template's next version; the earlier one keeps it."""
    actor, at, place = request.auth, request.now, GatedStage(key, stage)

    def write(version: int) -> TemplateTold:
        return _told(remove_requirement(actor, place, name, at, version=version))

    return edit(request, lambda: _told(template_named(actor, key)), write)


@operation(router, "GET", _TEMPLATE + "/rules/{int:number}", Permission.VIEW, RulesTold)
def read_gate_rules(request: ApiRequest, key: str, number: int, asked: Query[At]) -> RulesTold:
    """Read one version of a template's rules as the text of a gate file."""
    template = template_named(request.auth, key, asked.moment(request))
    rules = rules_numbered(request.auth, template, number)
    held = next(one for one in template.rules if one.number == number)
    return RulesTold(template=key, number=number, digest=held.digest, rules=file_text(rules))
