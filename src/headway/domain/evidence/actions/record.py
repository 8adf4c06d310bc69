"""Adds observations to the ledger: idempotent, chained, all or nothing.

Observation → payload checked → known already? → chained → Record → readings → placed
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter

from django.db import transaction

from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.accounts.rules.chain import GENESIS, seal
from headway.domain.evidence.actions.fresh import fresh_drafts
from headway.domain.evidence.actions.project import project_records
from headway.domain.evidence.actions.settle import ground_of, settle
from headway.domain.evidence.actions.subjects import find_subjects
from headway.domain.evidence.models import Head, Record, Subject
from headway.domain.evidence.rules import Defaults, Refusal, read_lines
from headway.domain.evidence.rules.ledger import Draft, draft, record_text
from headway.errors import Invalid
from headway.observation import Observation

#: How far a source's clock may run ahead of ours before its evidence is refused.
CLOCK_AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a push: numbers of lines, the refusals, and where the ledger stands now."""

    recorded: int
    already_known: int
    refused: Sequence[Refusal]
    head_sequence: int
    head_digest: str
    sequences: Sequence[int] = field(default=())


def push_evidence(actor: Actor, text: str, defaults: Defaults, at: datetime) -> Outcome:
    """Record every good line of a JSON Lines `text`; name the others by line and reason."""
    numbers: list[int] = []
    observations: list[Observation] = []
    refused: list[Refusal] = []
    for number, read in read_lines(text, defaults):
        if isinstance(read, Refusal):
            refused.append(read)
        else:
            numbers.append(number)
            observations.append(read)
    outcome = record_evidence(actor, observations, at, lines=numbers)
    return Outcome(
        outcome.recorded,
        outcome.already_known,
        sorted([*refused, *outcome.refused], key=lambda refusal: refusal.line),
        outcome.head_sequence,
        outcome.head_digest,
        outcome.sequences,
    )


@transaction.atomic
def record_evidence(
    actor: Actor,
    observations: Sequence[Observation],
    at: datetime,
    *,
    lines: Sequence[int] = (),
    may_lack_project: bool = False,
) -> Outcome:
    """Record `observations` as learned at `at`; the same one twice is stored once.

    `lines` number them in refusals (default 1, 2, …). With `may_lack_project` an observation that
    names a project we do not have waits unplaced instead of being refused: a source's tags are
    not ours to correct. Evidence from the future is refused, evidence from the past is welcome.
    """
    require(actor, Permission.EVIDENCE)
    head = _locked_head(actor)
    refused: list[Refusal] = []
    drafts: list[Draft] = []
    for number, observation in zip(
        lines or range(1, len(observations) + 1), observations, strict=True
    ):
        try:
            drafts.append(_checked(observation, at, number))
        except Invalid as error:
            refused.append(Refusal(number, str(error)))
    # What was observed first is weighed first, in whatever order the lines came.
    drafts.sort(key=attrgetter("observed_at"))
    ground = ground_of(actor.workspace_id)
    subjects, unplaced = find_subjects(ground, drafts, at, may_lack_project=may_lack_project)
    refused += unplaced
    without_a_place = {refusal.line for refusal in unplaced}
    placed = [item for item in drafts if item.line not in without_a_place]
    fresh, known = fresh_drafts(actor.workspace_id, placed, subjects)
    records = _chain(head, fresh, subjects, at)
    Record.objects.bulk_create(records, batch_size=500)
    project_records(actor.workspace_id, records)
    settle(ground, subjects.values(), at)
    if records:
        head.save(update_fields=["sequence", "digest"])
        span = f"records {records[0].sequence} to {records[-1].sequence}"
        write_audit(actor, "record_evidence", span, at, count=len(records), head=head.digest)
    return Outcome(
        len(records),
        known,
        sorted(refused, key=lambda refusal: refusal.line),
        head.sequence,
        head.digest,
        [record.sequence for record in records],
    )


def _checked(observation: Observation, at: datetime, number: int) -> Draft:
    if observation.observed_at > at + CLOCK_AHEAD:
        sentence = (
            f"The observation is of {observation.observed_at.isoformat()}, which is more than a "
            "day ahead of this server's clock; correct the time."
        )
        raise Invalid(sentence)
    return draft(observation, number)


def _locked_head(actor: Actor) -> Head:
    """Return the ledger's head, locked: records of a workspace are added one push at a time."""
    Head.objects.get_or_create(workspace_id=actor.workspace_id, defaults={"digest": GENESIS})
    return Head.objects.select_for_update().get(workspace_id=actor.workspace_id)


def _chain(
    head: Head, drafts: Sequence[Draft], subjects: dict[str, Subject], at: datetime
) -> list[Record]:
    """Return the records for `drafts`, each sealed to the one before; moves `head` along."""
    records = []
    for item in drafts:
        sequence, previous = head.sequence + 1, head.digest
        head.digest = seal(previous, record_text(item, sequence, at))
        head.sequence = sequence
        records.append(
            Record(
                workspace_id=head.workspace_id,
                sequence=sequence,
                subject=subjects[item.subject],
                kind=item.kind,
                source=item.source,
                observed_at=item.observed_at,
                recorded_at=at,
                valid_until=item.valid_until,
                payload=item.payload,
                payload_digest=item.payload_digest,
                previous=previous,
                digest=head.digest,
            )
        )
    return records
