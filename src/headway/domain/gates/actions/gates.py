"""Opening gates for a release, and changing what a gate judges, by which rules, who answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.gates.actions.templates import install_gate_templates
from headway.domain.gates.models import Gate, GateRules
from headway.domain.gates.queries import gate_rows, template_named
from headway.domain.gates.rules.facts import GateFacts, TemplateFacts
from headway.domain.plans.models import WorkItem
from headway.domain.programs.actions.rows import add_row, change_row
from headway.domain.programs.queries import release_of
from headway.domain.programs.rules import ReleaseFacts
from headway.domain.programs.rules.fields import clean, day, meant, text
from headway.errors import Conflict, Invalid, NotFound
from headway.observation import SubjectRef


def read_subject(field: str, value: object) -> str:
    """Return the judged version as `model:name@version`; empty: the newest that is known."""
    found = str(value or "").strip()
    if not found:
        return ""
    ref = SubjectRef.parse(found)
    if ref.kind != "model" or not ref.version:
        sentence = f"The {field} {found!r} is no version of a model; write model:name@version."
        raise Invalid(sentence)
    return str(ref)


GATE_FIELDS = {"subject": read_subject, "owner": text(200), "due": day}


@transaction.atomic
def open_gates(
    actor: Actor,
    release_id: UUID,
    template: str,
    at: datetime,
    *,
    stages: Sequence[str] = (),
) -> Sequence[GateFacts]:
    """Open the gates of a template for a release: one before each stage that has none yet.

    `stages` narrows them. The shipped templates come with the first need. Raises NotFound, and
    Invalid for a stage that the template does not gate or the release does not go through.
    """
    require(actor, Permission.PROGRAM)
    install_gate_templates(actor, at)
    release = release_of(actor, release_id)
    found = template_named(actor, template)
    if found.is_retired:
        sentence = f"{found.name} is retired; choose a template that is in use."
        raise Conflict(sentence)
    wanted = _stages(release, found, stages)
    held = set(Gate.objects.filter(release_id=release.id).values_list("stage", flat=True))
    for stage in wanted:
        if stage not in held:
            _open(actor, release, found, stage, at)
    return [row.facts for row in gate_rows(actor, release_id=release.id)]


def _stages(release: ReleaseFacts, template: TemplateFacts, asked: Sequence[str]) -> Sequence[str]:
    through = [stage.id for stage in release.stages]
    for stage in asked:
        if stage not in template.stages or stage not in through:
            both = [one for one in template.stages if one in through]
            sentence = (
                f"{template.name} asks nothing before '{stage}'{meant(stage, both)}. "
                f"It gates: {', '.join(both)}."
            )
            raise Invalid(sentence)
    return list(asked) or [one for one in template.stages if one in through]


def _open(
    actor: Actor, release: ReleaseFacts, template: TemplateFacts, stage: str, at: datetime
) -> None:
    row = Gate(
        workspace_id=actor.workspace_id,
        release_id=release.id,
        stage=stage,
        rules_id=template.newest.id,
        opened_at=at,
        opened_by_id=actor.member_id,
    )
    add_row(actor, row, at, "open_gate", stage=stage, rules=str(template.newest.number))


@transaction.atomic
def edit_gate(
    actor: Actor,
    gate_id: UUID,
    changes: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> GateFacts:
    """Change a gate: the judged `subject`, `owner`, `due`, and `milestone` (the id of an item).

    Raises NotFound, Invalid; Conflict when it moved on since `version`.
    """
    require(actor, Permission.PLAN)
    given = dict(changes)
    milestone = given.pop("milestone", None)
    fields: dict[str, object] = clean(given, GATE_FIELDS)
    row = _locked(actor, gate_id)
    if "milestone" in changes:
        fields["milestone_id"] = _milestone(actor, row, milestone)
    change_row(actor, row, fields, at, "edit_gate", version)
    return _facts(actor, gate_id)


@transaction.atomic
def change_gate_rules(
    actor: Actor,
    gate_id: UUID,
    template: str,
    number: int | None,
    at: datetime,
    *,
    version: int | None = None,
) -> GateFacts:
    """Judge a gate by another version of its rules, or another template (None: the newest).

    Decisions that were made stay with the version that they were made by.
    """
    require(actor, Permission.PROGRAM)
    row = _locked(actor, gate_id)
    found = template_named(actor, template)
    wanted = found.newest.number if number is None else number
    rules = GateRules.objects.filter(template_id=found.id, number=wanted).first()
    if rules is None:
        sentence = f"{found.name} has no version {wanted}; the newest is {found.newest.number}."
        raise NotFound(sentence)
    if row.stage not in found.stages:
        sentence = f"{found.name} asks nothing before '{row.stage}'."
        raise Invalid(sentence)
    change_row(actor, row, {"rules_id": rules.id}, at, "change_gate_rules", version)
    return _facts(actor, gate_id)


def _locked(actor: Actor, gate_id: UUID) -> Gate:
    held = Gate.objects.select_for_update().filter(workspace_id=actor.workspace_id, id=gate_id)
    row = held.first()
    if row is None:
        sentence = "There is no such gate in this workspace."
        raise NotFound(sentence)
    return row


def _facts(actor: Actor, gate_id: UUID) -> GateFacts:
    return gate_rows(actor, id=gate_id)[0].facts


def _milestone(actor: Actor, row: Gate, value: object) -> UUID | None:
    """Return the id of the item that waits for the gate: one of its release's projects."""
    if value in (None, ""):
        return None
    allowed = gate_rows(actor, id=row.id)[0].project_ids
    rows = WorkItem.objects.filter(workspace_id=actor.workspace_id, project_id__in=allowed)
    ids = rows.values_list("id", flat=True)
    found = next((one for one in ids if str(one) == str(value)), None)
    if found is None:
        sentence = "The milestone is no item of a project that works on this system."
        raise Invalid(sentence)
    return found
