"""How a batch stands: from what was delivered, inspected and agreed to what counts as accepted.

Pure: the same events give the same answer, in any order of telling and told twice. Status is worked
out, never typed; what nobody inspected, and what no evidence shows, is not accepted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from headway.analysis.agreement.inspecting import (
    ACCEPTED,
    REWORK,
    Bound,
    Finding,
    Quota,
    SamplingPlan,
    judged,
    quotas,
    single_plan,
)
from headway.domain.annotation.rules.facts import BatchFacts, GuidelineFacts

DELIVERY = "annotation_delivery"
ADJUDICATION = "annotation_adjudication"
AGREEMENT = "annotation_agreement"
INSPECTION = "annotation_inspection"
DIFFERENCES = "annotation_differences"
GOLD = "annotation_gold"
BATCH_KINDS = (DELIVERY, ADJUDICATION, AGREEMENT, INSPECTION)


@dataclass(frozen=True, slots=True)
class Event:
    """A record about a batch or a pilot: its number in the ledger, kind, moment and payload."""

    record: int
    kind: str
    moment: datetime
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Delivery:
    """Labels that came together. `outcome` is accepted, rework, insufficient, or stale.

    `replaced_by` names the delivery that reworks it; then its labels count no more.
    """

    record: int
    name: str
    moment: datetime
    units: int
    classes: Mapping[str, int]
    guideline: int | None
    overlap_units: int | None
    reworks: str
    replaced_by: str
    is_stale: bool
    outcome: str

    @property
    def counts(self) -> bool:
        """Say whether its labels are among those delivered: nothing has replaced them."""
        return not self.replaced_by


@dataclass(frozen=True, slots=True)
class Lot:
    """Deliveries that were inspected together, and what that allows."""

    record: int
    moment: datetime
    deliveries: Sequence[str]
    finding: Finding


@dataclass(frozen=True, slots=True)
class AgreementSeen:
    """Agreement as last told, against the floor of the batch.

    Of regions: the IoU from which two are one, which share is matched, its mean IoU, and how much
    of it has one class.
    """

    record: int
    moment: datetime | None
    measure: str
    value: float | None
    low: float | None
    high: float | None
    items: int
    raters: int
    verdict: str
    sentence: str
    threshold: float | None = None
    matched: float | None = None
    overlap: float | None = None
    same_class: float | None = None


@dataclass(frozen=True, slots=True)
class BatchStanding:
    """How a batch stands, in labels. `state` is one word, the sentence says why.

    `measured` is agreement by every measure that was told, `agreement` by the batch's own.
    delivered ⊇ accepted + rework + waiting + stale; `waiting` was delivered and is not decided.
    """

    batch: BatchFacts
    state: str
    sentence: str
    delivered: int
    adjudicated: int
    changed: int
    accepted: int
    rework: int
    waiting: int
    stale: int
    deliveries: Sequence[Delivery]
    lots: Sequence[Lot]
    agreement: AgreementSeen
    quotas: Sequence[Quota]
    overlap: float | None
    overlap_verdict: str
    current: int
    records: Sequence[int] = field(default=())
    measured: Sequence[AgreementSeen] = ()

    @property
    def id(self) -> UUID:
        """Return the batch's id: what is edited is the batch."""
        return self.batch.id

    @property
    def version(self) -> int:
        """Return the batch's version."""
        return self.batch.version

    @property
    def remaining(self) -> int | None:
        """Return how many promised labels are not accepted yet."""
        return None if self.batch.promised is None else max(0, self.batch.promised - self.accepted)

    @property
    def short(self) -> Sequence[Quota]:
        """Return the classes whose quota is missed although all labels are there."""
        return [one for one in self.quotas if one.verdict == "unmet"]

    @property
    def decided(self) -> int:
        """Return how many labels were ever accepted or sent back, replaced ones too."""
        return sum(one.units for one in self.deliveries if one.outcome in (ACCEPTED, REWORK))

    @property
    def decided_lots(self) -> Sequence[tuple[int, int]]:
        """Return (labels, accepted of them) of each delivery that was decided."""
        return [
            (one.units, one.units if one.outcome == ACCEPTED else 0)
            for one in self.deliveries
            if one.outcome in (ACCEPTED, REWORK)
        ]

    @property
    def passed(self) -> int:
        """Return how many labels were ever accepted, also those that a new guideline made stale."""
        return sum(one.units for one in self.deliveries if one.outcome == ACCEPTED)


def batch_standing(
    batch: BatchFacts, events: Iterable[Event], guideline: GuidelineFacts | None
) -> BatchStanding:
    """Return how a batch stands by the events that are known."""
    told = sorted({one.record: one for one in events}.values(), key=lambda e: (e.moment, e.record))
    agreement = _agreement(batch, [one for one in told if one.kind == AGREEMENT])
    raw = _deliveries(batch, [one for one in told if one.kind == DELIVERY], guideline)
    lots = _lots(batch, raw, [one for one in told if one.kind == INSPECTION])
    deliveries = [_decided(one, lots, agreement) for one in raw.values()]
    live = [one for one in deliveries if one.counts]
    sums = Counter[str]()
    for one in live:
        sums["stale" if one.is_stale else one.outcome] += one.units
    delivered = sum(one.units for one in live)
    changes = {
        str(e.payload.get("delivery") or e.record): e for e in told if e.kind == ADJUDICATION
    }
    state, sentence = _state(batch, delivered, sums, agreement, lots)
    overlap, overlap_verdict = _overlap(batch, live)
    is_complete = batch.promised is not None and delivered >= batch.promised
    classes = Counter[str]()
    for one in live:
        if not one.is_stale and one.outcome != REWORK:
            classes.update(one.classes)
    return BatchStanding(
        batch,
        state,
        sentence,
        delivered,
        sum(int(one.payload["units"]) for one in changes.values()),
        sum(int(one.payload["changed"]) for one in changes.values()),
        sums[ACCEPTED],
        sums[REWORK],
        delivered - sums[ACCEPTED] - sums[REWORK] - sums["stale"],
        sums["stale"],
        deliveries,
        lots,
        agreement,
        quotas(batch.quotas, classes, is_complete=is_complete),
        overlap,
        overlap_verdict,
        guideline.current if guideline else 0,
        [one.record for one in told],
        _measured([one for one in told if one.kind == AGREEMENT]),
    )


def _deliveries(
    batch: BatchFacts, told: Sequence[Event], guideline: GuidelineFacts | None
) -> dict[str, Delivery]:
    """Return each delivery as last told, by name in order of its first telling."""
    latest = {str(one.payload["delivery"]): one for one in told}
    replaced = {
        str(one.payload["reworks"]): name
        for name, one in latest.items()
        if one.payload.get("reworks") and one.payload["reworks"] in latest
    }
    found = {}
    for name, one in latest.items():
        by = one.payload.get("guideline")
        number = batch.guideline_version if by is None else int(by)
        found[name] = Delivery(
            one.record,
            name,
            one.moment,
            int(one.payload["units"]),
            {str(label): int(n) for label, n in (one.payload.get("classes") or {}).items()},
            number,
            one.payload.get("overlap_units"),
            str(one.payload.get("reworks") or ""),
            replaced.get(name, ""),
            guideline is not None and not guideline.counts_still(number),
            "insufficient",
        )
    return found


def _lots(
    batch: BatchFacts, deliveries: Mapping[str, Delivery], told: Sequence[Event]
) -> Sequence[Lot]:
    """Return what was inspected together, each as last told; a delivery is of its newest lot."""
    latest: dict[frozenset[str], tuple[Event, Sequence[str]]] = {}
    for one in told:
        named = [name for name in one.payload.get("deliveries") or () if name in deliveries]
        if not one.payload.get("deliveries"):
            taken = {name for _, names in latest.values() for name in names}
            named = [
                name
                for name, delivery in deliveries.items()
                if delivery.moment <= one.moment and name not in taken
            ]
        if named:
            latest[frozenset(named)] = (one, named)
    lots = []
    for one, names in latest.values():
        size = sum(deliveries[name].units for name in names)
        seen = min(int(one.payload["inspected"]), size)
        if size:
            found = judged(size, seen, min(int(one.payload["defects"]), seen), rule_of(batch, size))
            lots.append(Lot(one.record, one.moment, names, found))
    return lots


def rule_of(batch: BatchFacts, lot: int) -> Bound | SamplingPlan:
    """Return by which rule a lot of a batch is accepted."""
    if batch.rule == "plan" and batch.aql is not None and batch.ltpd is not None:
        return single_plan(lot, batch.aql, batch.ltpd)
    return Bound(batch.bound, batch.confidence)


def _decided(delivery: Delivery, lots: Sequence[Lot], agreement: AgreementSeen) -> Delivery:
    """Return the delivery with what its newest lot allows; agreement short of its floor holds it.

    A lot sent back is sent back whatever the agreement is.
    """
    mine = [lot for lot in lots if delivery.name in lot.deliveries]
    outcome = max(mine, key=lambda lot: (lot.moment, lot.record)).finding.outcome if mine else ""
    if outcome == ACCEPTED and agreement.verdict not in ("met", "not_applicable"):
        outcome = "insufficient"
    return Delivery(
        delivery.record,
        delivery.name,
        delivery.moment,
        delivery.units,
        delivery.classes,
        delivery.guideline,
        delivery.overlap_units,
        delivery.reworks,
        delivery.replaced_by,
        delivery.is_stale,
        outcome or "insufficient",
    )


def _agreement(batch: BatchFacts, told: Sequence[Event]) -> AgreementSeen:
    """Return the newest agreement by the batch's measure, against its floor."""
    fitting = [one for one in told if one.payload["measure"] == batch.measure]
    floor = batch.agreement_floor
    if not fitting:
        asked = floor is not None
        said = f"Agreement of at least {floor:g} is asked, and none is measured." if asked else ""
        verdict = "missing" if asked else "not_applicable"
        return AgreementSeen(0, None, batch.measure, None, None, None, 0, 0, verdict, said)
    last = fitting[-1]
    value, low, high = (last.payload.get(name) for name in ("value", "low", "high"))
    return _seen(last, "not_applicable" if floor is None else _against(floor, value, low, high))


def _measured(told: Sequence[Event]) -> Sequence[AgreementSeen]:
    """Return the newest agreement by each measure."""
    latest = {str(one.payload["measure"]): one for one in told}
    return [_seen(latest[name], "not_applicable") for name in sorted(latest)]


def _seen(told: Event, verdict: str) -> AgreementSeen:
    payload = told.payload
    names = ("value", "low", "high", "threshold", "matched", "overlap", "same_class")
    numbers = {name: payload.get(name) for name in names}
    return AgreementSeen(
        record=told.record,
        moment=told.moment,
        measure=str(payload["measure"]),
        items=int(payload.get("items") or 0),
        raters=int(payload.get("raters") or 0),
        verdict=verdict,
        sentence=str(payload.get("sentence") or ""),
        **numbers,
    )


def _against(floor: float, value: float | None, low: float | None, high: float | None) -> str:
    """Return met where the whole interval is at or above the floor, unmet where it is below."""
    if value is None:
        return "insufficient"
    if (value if low is None else low) >= floor:
        return "met"
    return "unmet" if (value if high is None else high) < floor else "insufficient"


def _overlap(batch: BatchFacts, live: Sequence[Delivery]) -> tuple[float | None, str]:
    """Return which share was labelled by two or more, and whether that is what was asked."""
    told = [one for one in live if one.overlap_units is not None]
    units = sum(one.units for one in told)
    share = sum(one.overlap_units or 0 for one in told) / units if units else None
    if not batch.overlap:
        return share, "not_applicable"
    if share is None:
        return None, "missing"
    return share, "met" if share >= batch.overlap else "unmet"


def _state(
    batch: BatchFacts,
    delivered: int,
    sums: Mapping[str, int],
    agreement: AgreementSeen,
    lots: Sequence[Lot],
) -> tuple[str, str]:
    """Return one word for a batch and a sentence for it."""
    accepted = sums.get(ACCEPTED, 0)
    if not delivered:
        return "ordered", "Nothing is delivered yet."
    if sums.get(REWORK):
        newest = [lot for lot in lots if lot.finding.outcome == REWORK][-1]
        return "rework", f"{sums[REWORK]:,} labels go back: {newest.finding.sentence}"
    if batch.promised is not None and accepted >= batch.promised:
        return "accepted", f"All {accepted:,} labels are accepted."
    stale = sums.get("stale", 0)
    if stale and stale == delivered:
        return "stale", f"All {stale:,} labels follow no version that counts."
    waiting = delivered - accepted - stale
    if waiting:
        why = _why_waiting(agreement, lots)
        return "inspecting", f"{waiting:,} labels wait to be decided: {why}"
    return "delivering", f"{accepted:,} of {batch.promised or delivered:,} labels are accepted."


def _why_waiting(agreement: AgreementSeen, lots: Sequence[Lot]) -> str:
    if agreement.verdict in ("missing", "unmet", "insufficient"):
        words = {
            "missing": "agreement is asked and not measured.",
            "unmet": "agreement is below its floor.",
            "insufficient": "agreement is not shown to reach its floor.",
        }
        return words[agreement.verdict]
    open_ = [lot for lot in lots if lot.finding.outcome not in (ACCEPTED, REWORK)]
    return open_[-1].finding.sentence if open_ else "nobody inspected them."
