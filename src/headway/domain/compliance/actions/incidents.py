"""A serious incident: from becoming aware of it to its reports; each step goes on record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from headway.domain.accounts.queries import headway_actor
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.compliance.actions.homes import home_of
from headway.domain.compliance.models import Incident
from headway.domain.compliance.queries.incidents import (
    IncidentLine,
    incident_facts,
    incident_named,
)
from headway.domain.compliance.rules.incidents import check_past, check_step, said_step
from headway.domain.compliance.rules.inputs import INCIDENT_FIELDS, StepDraft
from headway.domain.evidence.actions import record_evidence
from headway.domain.programs.actions.rows import add_row, change_row, require_version
from headway.domain.programs.queries import system_named
from headway.domain.programs.rules import SystemFacts
from headway.domain.programs.rules.fields import clean, fresh_key, text
from headway.errors import Invalid
from headway.observation import Observation, SubjectRef

#: Which column holds when a step was taken.
_COLUMNS = {
    "initial_report": "initial_at",
    "final_report": "final_at",
    "closed": "closed_at",
}


@transaction.atomic
def open_incident(
    actor: Actor, slug: str, values: Mapping[str, object], at: datetime
) -> IncidentLine:
    """Start the clock of a serious incident of a system: it runs from `aware_at`.

    Raises Invalid without a title, for an unknown harm, and for a moment to come.
    """
    require(actor, Permission.EVIDENCE)
    system = system_named(actor, slug)
    fields = clean({"title": "", "harm": "", **values}, INCIDENT_FIELDS)
    aware_at = fields["aware_at"] = fields.get("aware_at") or at
    check_past(aware_at, at)  # type: ignore[arg-type]
    taken = Incident.objects.filter(workspace_id=actor.workspace_id).values_list("key", flat=True)
    key = fresh_key(str(fields["title"]), taken)
    row = Incident(workspace_id=actor.workspace_id, system_id=system.id, key=key, **fields)
    add_row(actor, row, at, "open_incident", system=slug, **fields)
    _record(actor, row, system, StepDraft("aware", row.aware_at, row.title), at)
    return incident_named(actor, key, at)


@transaction.atomic
def edit_incident(
    actor: Actor,
    key: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> IncidentLine:
    """Correct an incident: a graver harm shortens its clock, from the same moment on."""
    require(actor, Permission.EVIDENCE)
    row, line = _locked(actor, key, at)
    fields = clean(values, INCIDENT_FIELDS)
    if fields.get("aware_at", True) is None:
        fields.pop("aware_at")
    check_past(fields.get("aware_at", row.aware_at), at)  # type: ignore[arg-type]
    first = row.initial_at or row.final_at or row.closed_at
    if first is not None and fields.get("aware_at", row.aware_at) > first:  # type: ignore[operator]
        sentence = f"It was reported on {first:%Y-%m-%d %H:%M} UTC; nobody was aware only later."
        raise Invalid(sentence)
    if change_row(actor, row, fields, at, "edit_incident", version):
        _record(actor, row, line.system, StepDraft("aware", row.aware_at, row.title), at)
    return incident_named(actor, key, at)


@transaction.atomic
def take_incident_step(
    actor: Actor,
    key: str,
    draft: StepDraft,
    at: datetime,
    *,
    version: int | None = None,
) -> IncidentLine:
    """Note that an incident was reported or closed.

    The first report may be incomplete; without any, closing needs its reason. Raises Conflict for
    a step that was taken, Invalid for a moment to come or before the step before it.
    """
    require(actor, Permission.EVIDENCE)
    row, line = _locked(actor, key, at)
    require_version(row, version)
    step, happened = draft.step, draft.when or at
    said = str(text(5_000)("words", draft.words))
    check_step(incident_facts(row), step, happened, at)
    if step == "closed" and row.initial_at is None and row.final_at is None and not said:
        sentence = "It was never reported; write why it is closed all the same."
        raise Invalid(sentence)
    changes: dict[str, object] = {_COLUMNS[step]: happened}
    if step == "closed":
        changes["closing"] = said
    change_row(actor, row, changes, at, f"take_{step}")
    sentence = said or f"{said_step(step).capitalize()} of “{row.title}”."
    _record(actor, row, line.system, StepDraft(step, happened, sentence), at)
    return incident_named(actor, key, at)


def _locked(actor: Actor, key: str, at: datetime) -> tuple[Incident, IncidentLine]:
    line = incident_named(actor, key, at)
    return Incident.objects.select_for_update().get(id=line.incident.id), line


def _record(
    actor: Actor, row: Incident, system: SystemFacts, draft: StepDraft, at: datetime
) -> None:
    """Put a step on record about the system, so that no clock can be wound back unseen."""
    when = draft.when or at
    payload = {
        "incident": row.key,
        "step": draft.step,
        "harm": row.harm,
        "at": when,
        "sentence": draft.words,
    }
    about, home = SubjectRef("system", system.slug), home_of(system)
    seen = Observation(about, "incident", "headway", when, payload, project=home)
    record_evidence(headway_actor(actor.workspace_id), [seen], at, may_lack_project=True)
