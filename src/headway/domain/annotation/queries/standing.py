"""Batches, pilots and guidelines with how they stand, as known at a moment."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from headway.analysis.agreement import Accuracy
from headway.analysis.agreement.inspecting import (
    Bound,
    Look,
    SamplingPlan,
    bound_sample,
    draw,
    looks,
)
from headway.analysis.agreement.proportions import percent
from headway.domain.accounts.rules import Actor
from headway.domain.annotation.queries.rows import (
    Labels,
    OrderLine,
    labels_of,
    nothing,
    of_batch,
    of_batches,
    of_pilots,
)
from headway.domain.annotation.rules.differences import DifferencesSeen, differences_seen
from headway.domain.annotation.rules.facts import BatchFacts, GuidelineFacts, PilotFacts
from headway.domain.annotation.rules.pilots import (
    AnnotatorLine,
    PilotStanding,
    annotator_lines,
    pilot_standing,
    pooled,
)
from headway.domain.annotation.rules.standing import (
    DIFFERENCES,
    GOLD,
    BatchStanding,
    Delivery,
    Event,
    batch_standing,
    rule_of,
)
from headway.domain.evidence.queries import told_of_kinds
from headway.domain.programs.queries import entry_named
from headway.domain.programs.rules import ProgramFacts
from headway.errors import NotFound

#: What an inspector expects of good work when the size of a sample is worked out.
_GOOD_SHARE = 1 / 3


@dataclass(frozen=True, slots=True)
class Sample:
    """Which labels of a lot to inspect: `places` from 1 to `lot`, in order of delivery."""

    deliveries: Sequence[str]
    lot: int
    places: Sequence[int]
    sentence: str


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of a guideline against the version before: same, new or gone."""

    sort: str
    text: str


@dataclass(frozen=True, slots=True)
class BatchDetails:
    """Who is right on items that are known, where annotators differ, and how many to look at.

    `lot` is what `looks` are for: the lot that waits, else what is promised.
    """

    known: Sequence[AnnotatorLine]
    pooled: Accuracy
    differences: DifferencesSeen | None
    lot: int
    looks: Sequence[Look]


@dataclass(frozen=True, slots=True)
class BatchPage:
    """A batch with its order, its guideline, and the sample that waits to be inspected."""

    standing: BatchStanding
    order: OrderLine | None
    guideline: GuidelineFacts | None
    sample: Sample | None


def standings_in(labels: Labels) -> Sequence[BatchStanding]:
    """Return every batch with how it stands."""
    return [standing_in(labels, one) for one in labels.batches.values()]


def standing_in(labels: Labels, batch: BatchFacts) -> BatchStanding:
    """Return how one batch stands."""
    return batch_standing(
        batch,
        labels.events_of("batch", batch.program_id, batch.key),
        labels.guideline_of(batch.program_id, batch.guideline),
    )


def pilots_in(labels: Labels) -> Sequence[PilotStanding]:
    """Return every pilot with its annotators."""
    return [pilot_in(labels, one) for one in labels.pilots.values()]


def pilot_in(labels: Labels, pilot: PilotFacts) -> PilotStanding:
    """Return one pilot with its annotators."""
    return pilot_standing(
        pilot,
        labels.events_of("pilot", pilot.program_id, pilot.key),
        labels.guideline_of(pilot.program_id, pilot.guideline),
    )


def batch_standings(
    actor: Actor, programs: Iterable[ProgramFacts], at: datetime | None = None
) -> Mapping[UUID, Sequence[BatchStanding]]:
    """Return the batches of programs by program id with how they stand; flat in rows."""
    asked = list(programs)
    found: dict[UUID, list[BatchStanding]] = {program.id: [] for program in asked}
    for one in standings_in(labels_of(actor, asked, at, told=of_batches)):
        found[one.batch.program_id].append(one)
    return found


def batch_page(
    actor: Actor, program: ProgramFacts, key: str, at: datetime | None = None
) -> BatchPage:
    """Return one batch; NotFound with the nearest key."""
    labels = labels_of(actor, [program], at, told=of_batch(key))
    batch = entry_named(labels.batches.values(), key, "batch", program)
    standing = standing_in(labels, batch)
    order = labels.orders.get(batch.order_id) if batch.order_id else None
    guideline = labels.guideline_of(program.id, batch.guideline)
    return BatchPage(standing, order, guideline, sample_of(standing))


def batch_details(
    actor: Actor, program: ProgramFacts, page: BatchPage, at: datetime | None = None
) -> BatchDetails:
    """Return what is told of a batch besides how it stands; one query."""
    batch = page.standing.batch
    names = [f"{program.slug}/{batch.key}"]
    told = [
        Event(one.record, one.kind, one.observed_at, one.payload)
        for one in told_of_kinds(actor, (GOLD, DIFFERENCES), at, names)
        if one.subject == f"batch:{names[0]}"
    ]
    known = annotator_lines(told, 1.0, page.guideline)
    lot = page.sample.lot if page.sample else batch.promised or 0
    return BatchDetails(
        known,
        pooled(known),
        differences_seen(one for one in told if one.kind == DIFFERENCES),
        lot,
        looks(lot, rule_of(batch, lot)) if lot else (),
    )


def sample_of(standing: BatchStanding) -> Sample | None:
    """Return which labels to look at next: of the newest open lot, else of what is not inspected.

    None where everything is decided. The sample is drawn by the batch's seed, so anybody can draw
    it again.
    """
    waiting = [one for one in standing.deliveries if _waits(one)]
    if not waiting:
        return None
    names = [one.name for one in waiting]
    open_lots = [lot for lot in standing.lots if set(lot.deliveries) & set(names)]
    if open_lots:
        names = list(open_lots[-1].deliveries)
    units = {one.name: one.units for one in standing.deliveries}
    lot = sum(units[name] for name in names)
    if not lot:
        return None
    size, why = _size(standing, lot)
    batch = standing.batch
    places = draw(lot, size, seed=batch.seed, stream=f"{batch.key}: {', '.join(names)}")
    return Sample(names, lot, places, why)


def _waits(one: Delivery) -> bool:
    return one.counts and not one.is_stale and one.outcome == "insufficient"


def _size(standing: BatchStanding, lot: int) -> tuple[int, str]:
    """Return how many to look at, and why so many."""
    rule = rule_of(standing.batch, lot)
    if isinstance(rule, SamplingPlan):
        return rule.sample, (
            f"{rule.sample:,} of {lot:,}, at most {rule.accept} wrong. A lot with "
            f"{percent(rule.aql, 1)} wrong is refused in {percent(rule.producer_risk, 1)} of "
            f"cases, one with {percent(rule.ltpd, 1)} accepted in {percent(rule.consumer_risk, 1)}."
        )
    size = bound_sample(lot, Bound(rule.most, rule.confidence), rule.most * _GOOD_SHARE)
    return size, (
        f"{size:,} of {lot:,}: enough to show at most {percent(rule.most, 1)} at "
        f"{percent(rule.confidence)} when {percent(rule.most * _GOOD_SHARE, 1)} are wrong."
    )


def pilot_standings(
    actor: Actor, program: ProgramFacts, at: datetime | None = None
) -> Sequence[PilotStanding]:
    """Return the pilots of a program with their annotators, by key."""
    return pilots_in(labels_of(actor, [program], at, told=of_pilots))


def pilot_named(
    actor: Actor, program: ProgramFacts, key: str, at: datetime | None = None
) -> PilotStanding:
    """Return the pilot of a program with this key; NotFound with the nearest key."""
    wanted = labels_of(actor, [program], at, told=lambda one: one.key == key and of_pilots(one))
    pilot = entry_named(wanted.pilots.values(), key, "pilot", program)
    return pilot_in(wanted, pilot)


def guidelines_of(
    actor: Actor, program: ProgramFacts, at: datetime | None = None
) -> Sequence[GuidelineFacts]:
    """Return the guidelines of a program with their versions, by key."""
    return list(labels_of(actor, [program], at, told=nothing).guidelines.values())


def guideline_named(
    actor: Actor, program: ProgramFacts, key: str, at: datetime | None = None
) -> GuidelineFacts:
    """Return the guideline of a program with this key; NotFound with the nearest key."""
    return entry_named(guidelines_of(actor, program, at), key, "guideline", program)


def guideline_diff(guideline: GuidelineFacts, number: int) -> Sequence[DiffLine]:
    """Return version `number` line by line against the one before it."""
    by_number = {one.number: one for one in guideline.versions}
    if number not in by_number:
        sentence = f"There is no version {number} of {guideline.name}."
        raise NotFound(sentence)
    before = by_number[number - 1].text if number - 1 in by_number else ""
    sorts = {" ": "same", "+": "new", "-": "gone"}
    compared = difflib.ndiff(before.splitlines(), by_number[number].text.splitlines())
    return [DiffLine(sorts[line[0]], line[2:]) for line in compared if line[0] in sorts]
