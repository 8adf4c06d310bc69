"""Batches, pilots and guidelines with how they stand, as known at a moment."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from headway.analysis.agreement.inspecting import Bound, SamplingPlan, bound_sample, draw
from headway.analysis.agreement.proportions import percent
from headway.domain.accounts.rules import Actor
from headway.domain.annotation.queries.rows import Labels, OrderLine, labels_of
from headway.domain.annotation.rules.facts import GuidelineFacts
from headway.domain.annotation.rules.pilots import PilotStanding, pilot_standing
from headway.domain.annotation.rules.standing import (
    BatchStanding,
    Delivery,
    batch_standing,
    rule_of,
)
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
class BatchPage:
    """A batch with its order, its guideline, and the sample that waits to be inspected."""

    standing: BatchStanding
    order: OrderLine | None
    guideline: GuidelineFacts | None
    sample: Sample | None


def standings_in(labels: Labels) -> Sequence[BatchStanding]:
    """Return every batch with how it stands."""
    return [
        batch_standing(
            one,
            labels.events_of("batch", one.program_id, one.key),
            labels.guideline_of(one.program_id, one.guideline),
        )
        for one in labels.batches.values()
    ]


def pilots_in(labels: Labels) -> Sequence[PilotStanding]:
    """Return every pilot with its annotators."""
    return [
        pilot_standing(
            one,
            labels.events_of("pilot", one.program_id, one.key),
            labels.guideline_of(one.program_id, one.guideline),
        )
        for one in labels.pilots.values()
    ]


def batch_standings(
    actor: Actor, programs: Iterable[ProgramFacts], at: datetime | None = None
) -> Mapping[UUID, Sequence[BatchStanding]]:
    """Return the batches of programs by program id with how they stand; flat in rows."""
    asked = list(programs)
    found: dict[UUID, list[BatchStanding]] = {program.id: [] for program in asked}
    for one in standings_in(labels_of(actor, asked, at)):
        found[one.batch.program_id].append(one)
    return found


def batch_page(
    actor: Actor, program: ProgramFacts, key: str, at: datetime | None = None
) -> BatchPage:
    """Return one batch; NotFound with the nearest key."""
    labels = labels_of(actor, [program], at)
    batch = entry_named(labels.batches.values(), key, "batch", program)
    standing = next(one for one in standings_in(labels) if one.batch.id == batch.id)
    order = labels.orders.get(batch.order_id) if batch.order_id else None
    guideline = labels.guideline_of(program.id, batch.guideline)
    return BatchPage(standing, order, guideline, sample_of(standing))


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
    return pilots_in(labels_of(actor, [program], at))


def pilot_named(
    actor: Actor, program: ProgramFacts, key: str, at: datetime | None = None
) -> PilotStanding:
    """Return the pilot of a program with this key; NotFound with the nearest key."""
    found = pilot_standings(actor, program, at)
    pilot = entry_named([one.pilot for one in found], key, "pilot", program)
    return next(one for one in found if one.pilot.id == pilot.id)


def guidelines_of(
    actor: Actor, program: ProgramFacts, at: datetime | None = None
) -> Sequence[GuidelineFacts]:
    """Return the guidelines of a program with their versions, by key."""
    return list(labels_of(actor, [program], at).guidelines.values())


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
