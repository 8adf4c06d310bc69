"""Telling what came of a batch or a pilot: every count is a record of evidence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.annotation.queries import batch_page, pilot_named
from headway.domain.annotation.rules import DELIVERY_FIELDS, INSPECTION_FIELDS, BatchStanding
from headway.domain.annotation.rules.pilots import PilotStanding
from headway.domain.annotation.rules.standing import ADJUDICATION, DELIVERY, GOLD, INSPECTION
from headway.domain.evidence.actions import record_evidence
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules.fields import Reader, clean, text, whole
from headway.errors import Invalid
from headway.observation import Observation, SubjectRef

#: Who says what was typed into Headway.
SOURCE = "headway"

ADJUDICATION_FIELDS: Mapping[str, Reader] = {
    "delivery": text(60),
    "units": whole(0),
    "changed": whole(0),
}
GOLD_FIELDS: Mapping[str, Reader] = {
    "annotator": text(60, required=True),
    "right": whole(0),
    "of": whole(1),
    "guideline": whole(1),
}


def batch_subject(program: str, key: str) -> SubjectRef:
    """Return what evidence about a batch is about."""
    return SubjectRef("batch", f"{program}/{key}")


def pilot_subject(program: str, key: str) -> SubjectRef:
    """Return what evidence about a pilot is about."""
    return SubjectRef("pilot", f"{program}/{key}")


def record_delivery(
    actor: Actor, place: tuple[str, str], values: Mapping[str, object], at: datetime
) -> BatchStanding:
    """Record labels that came for the batch at `place` (program, key): DELIVERY_FIELDS."""
    fields = clean(values, DELIVERY_FIELDS)
    if fields.get("units") is None:
        sentence = "Say how many labels were delivered."
        raise Invalid(sentence)
    payload = {name: value for name, value in fields.items() if value not in (None, "")}
    return _tell(actor, place, DELIVERY, payload, at)


def record_adjudication(
    actor: Actor, place: tuple[str, str], values: Mapping[str, object], at: datetime
) -> BatchStanding:
    """Record labels that were decided where annotators differed: delivery, units, changed."""
    fields = clean(values, ADJUDICATION_FIELDS)
    return _tell(actor, place, ADJUDICATION, _numbers(fields, "units", "changed"), at)


def record_inspection(
    actor: Actor, place: tuple[str, str], values: Mapping[str, object], at: datetime
) -> BatchStanding:
    """Record what an inspection of the batch at `place` found so far: INSPECTION_FIELDS.

    `deliveries` are names with commas between; none means all that came and was not inspected.
    Raises Invalid for a delivery that nobody told of, and for more defects than inspected.
    """
    fields = _numbers(clean(values, INSPECTION_FIELDS), "inspected", "defects")
    names = [one.strip() for one in str(fields.get("deliveries") or "").split(",") if one.strip()]
    standing = batch_page(actor, program_named(actor, place[0]), place[1]).standing
    known = {one.name: one.units for one in standing.deliveries}
    strange = [name for name in names if name not in known]
    if strange:
        sentence = f"There is no delivery '{strange[0]}' of this batch; known are {list(known)}."
        raise Invalid(sentence)
    lot = sum(known[name] for name in names or known)
    if fields["inspected"] > lot:
        sentence = f"{fields['inspected']} inspected is more than the lot of {lot}."
        raise Invalid(sentence)
    payload = {**fields, "deliveries": names, "seed": standing.batch.seed}
    return _tell(actor, place, INSPECTION, payload, at)


def record_gold(
    actor: Actor, place: tuple[str, str], values: Mapping[str, object], at: datetime
) -> PilotStanding:
    """Record how many gold items an annotator got right in the pilot at `place`."""
    require(actor, Permission.EVIDENCE)
    program = program_named(actor, place[0])
    pilot_named(actor, program, place[1])
    fields = _numbers(clean(values, GOLD_FIELDS), "right", "of")
    payload = {name: value for name, value in fields.items() if value is not None}
    told = Observation(pilot_subject(*place), GOLD, SOURCE, at, payload)
    _recorded(actor, told, at)
    return pilot_named(actor, program, place[1])


def _numbers(fields: dict[str, Any], *names: str) -> dict[str, Any]:
    """Return fields in which these numbers are given. Raises Invalid for the first that is not."""
    for name in names:
        if fields.get(name) is None:
            sentence = f"Say how many: the number '{name}' is missing."
            raise Invalid(sentence)
    return fields


def _tell(
    actor: Actor, place: tuple[str, str], kind: str, payload: Mapping[str, object], at: datetime
) -> BatchStanding:
    """Record one thing about a batch and return how it stands then."""
    require(actor, Permission.EVIDENCE)
    program = program_named(actor, place[0])
    batch = batch_page(actor, program, place[1]).standing.batch
    subject = batch_subject(*place)
    told = Observation(subject, kind, SOURCE, at, payload, project=batch.project or None)
    _recorded(actor, told, at)
    return batch_page(actor, program, place[1]).standing


def _recorded(actor: Actor, told: Observation, at: datetime) -> None:
    outcome = record_evidence(actor, [told], at)
    if outcome.refused:
        raise Invalid(outcome.refused[0].reason)
