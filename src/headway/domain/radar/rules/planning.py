"""Proposals from the plan alone: a trend, a person, a habit, a promise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import median

from headway.domain.radar.rules.proposals import Fact, Proposal, between, coarse, spread
from headway.rendering import phrases

#: Moves of P80 in a row that make a trend, and calendar days that they have to add up to.
LEAST_MOVES, LEAST_SLIP = 3, 5
#: Items of one owner that each decide the finish in this share of the futures.
MANY, CRITICAL = 3, 0.5
#: A person is out unplanned in about one week of fifty: the stated default.
OUT_A_WEEK = 0.02
#: Half of a kind's finished items took so many times their estimate.
BIASED = 1.2
#: Working days in a calendar week.
WEEK = 5


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An unfinished item: whose, its likely days, how often it decides the finish."""

    address: str
    name: str
    kind: str
    owner: str
    likely: float | None
    criticality: float
    is_started: bool = False
    each: tuple[float, ...] | None = None  # an attempt's range, of an experiment


@dataclass(frozen=True, slots=True)
class KindBias:
    """How long finished items of a kind took against their estimates."""

    kind: str
    count: int
    median: float
    p80: float
    is_enough: bool


@dataclass(frozen=True, slots=True)
class OpenPromise:
    """A promise to us that asks for somebody, and the items that wait for it."""

    key: str
    name: str
    giver: str
    asks: str
    needed_by: date | None
    promised: date | None
    float_days: int | None
    items: Sequence[str]


def slipping(history: Sequence[tuple[date, date]], items: Sequence[OpenItem]) -> Iterator[Proposal]:
    """Propose that the slipping goes on. `history` are (data date, P80), oldest first."""
    slips = [(now[1] - then[1]).days for then, now in pairwise(history)]
    last = slips[-LEAST_MOVES:]
    if len(last) < LEAST_MOVES or min(last) < 0 or sum(last) < LEAST_SLIP or last.count(0) > 1:
        return
    total = sum(last)
    first, end = history[-len(last) - 1], history[-1]
    later = sum(1 for one in slips if one > 0)
    leading = sorted(items, key=lambda one: -one.criticality)[:1]
    days = [one * WEEK / 7 for one in last]
    yield Proposal(
        rule="slipping",
        subject="program",
        name="The finish keeps slipping",
        cause=f"P80 moved {total} days later over the last {len(last)} forecasts",
        event="it slips again by the next one as it did before",
        effect="the target is missed by more than is told today",
        facts=[
            Fact(
                f"On {phrases.day(when)} P80 was {phrases.day(p80)}.", "forecast", when.isoformat()
            )
            for when, p80 in (first, *history[-len(last) :])
        ],
        material=[coarse(total, 5), len(last)],
        probability=between((later + 1) / (len(slips) + 2)),
        why_probability=(
            f"{later} of {len(slips)} forecasts moved P80 later: ({later} + 1) / "
            f"({len(slips)} + 2), to the nearest 5 %"
        ),
        delay=spread(min(days), median(days), max(days)),
        cost=None,
        why_range=f"the least, the middle and the most of the last {len(last)} moves",
        items=[one.address for one in leading],
        category="schedule",
        strategy="reduce",
        response=f"Look at what moved since {phrases.day(end[0])} and settle what slips most.",
    )


def one_person(
    items: Sequence[OpenItem], names: Mapping[str, str], weeks_left: float
) -> Iterator[Proposal]:
    """Propose that somebody who holds three critical items is away."""
    held: dict[str, list[OpenItem]] = {}
    for one in items:
        if one.owner and one.criticality >= CRITICAL:
            held.setdefault(one.owner, []).append(one)
    for owner, mine in sorted(held.items()):
        if len(mine) < MANY:
            continue
        name = names.get(owner, owner)
        chance = 1 - (1 - OUT_A_WEEK) ** max(weeks_left, 1)
        mine.sort(key=lambda one: one.address)
        yield Proposal(
            rule="one-person",
            subject=owner,
            name=f"{name} is away while {len(mine)} critical items wait",
            cause=f"{len(mine)} items that decide the finish are with {name} alone",
            event=f"{name} is away for a week or more",
            effect="none of them moves",
            facts=[
                Fact(
                    f"{one.name} decides the finish in {phrases.share(one.criticality)} of the "
                    "futures.",
                    "item",
                    one.address,
                )
                for one in mine
            ],
            material=[tuple(one.address for one in mine)],
            probability=between(chance),
            why_probability=(
                f"somebody is out unplanned in about one week of fifty; {weeks_left:.0f} weeks "
                "are left (a default, not this person's record)"
            ),
            delay=(3.0, 5.0, 15.0),
            cost=None,
            why_range="from three days to three weeks, a default",
            items=[one.address for one in mine],
            category="people",
            strategy="reduce",
            response="Name a stand-in for each of them, and let one be handed over.",
        )


def estimate_bias(biases: Sequence[KindBias], items: Sequence[OpenItem]) -> Iterator[Proposal]:
    """Propose that open items of a kind take longer than estimated, as finished ones did."""
    for one in biases:
        mine = [
            item for item in items if item.kind == one.kind and item.likely and not item.is_started
        ]
        if not one.is_enough or one.median < BIASED or not mine:
            continue
        longest = max(mine, key=lambda item: item.likely or 0.0)
        likely = longest.likely or 0.0
        yield Proposal(
            rule="bias",
            subject=one.kind,
            name=f"{one.kind.capitalize()} takes longer than estimated",
            cause=f"half of {one.count} finished items took ×{one.median:.2f} of their estimate",
            event=f"open work of the kind {one.kind} does the same",
            effect="it ends later than its estimate says",
            facts=[
                Fact(
                    f"{one.count} finished items of the kind {one.kind}: half took "
                    f"×{one.median:.2f} of the estimate, one in five ×{one.p80:.2f} or more.",
                    "calibration",
                    "",
                ),
                *(Fact(f"{item.name} is still open.", "item", item.address) for item in mine[:5]),
            ],
            material=[one.kind, coarse(one.median, 0.1), coarse(one.p80, 0.25), len(mine)],
            probability=0.5,
            why_probability="half of the finished items took as long as their median, or longer",
            delay=spread(0, (one.median - 1) * likely, (one.p80 - 1) * likely),
            cost=None,
            why_range=f"the longest open item, {likely:g} days, by the median and the P80",
            items=[longest.address],
            category="schedule",
            strategy="reduce",
            response="Widen the open estimates by what happened, or cut the scope.",
        )


def unconfirmed_promise(promises: Sequence[OpenPromise]) -> Iterator[Proposal]:
    """Propose that what nobody confirmed comes late."""
    for one in promises:
        if one.asks not in ("unconfirmed", "late", "undated", "overdue"):
            continue
        slack = one.float_days
        tight = slack is not None and slack < WEEK
        by = f", needed by {phrases.day(one.needed_by)}" if one.needed_by else ""
        promised = f"promised for {phrases.day(one.promised)}" if one.promised else "without a day"
        yield Proposal(
            rule="promise",
            subject=one.key,
            name=f"{one.giver or 'Somebody'} gives “{one.name}” later than it is needed",
            cause=f"it is {promised}{by}, and nobody confirmed it",
            event="it comes late",
            effect="what waits for it begins late",
            facts=[
                Fact(f"“{one.name}” is {one.asks}: {promised}{by}.", "promise", one.key),
                *(
                    [Fact(f"Its float is {slack} working days.", "promise", one.key)]
                    if slack is not None
                    else []
                ),
            ],
            material=[one.asks, coarse(slack, 5) if slack is not None else "", str(one.promised)],
            probability=0.5 if one.asks in ("late", "overdue") else 0.4 if tight else 0.3,
            why_probability=(
                "defaults: 30 % where nobody confirmed, 40 % where its float is under a week, "
                "50 % where it is late already"
            ),
            delay=spread(1, WEEK, 2 * WEEK + max(-(slack or 0), 0)),
            cost=None,
            why_range="from a day to two weeks and what it lacks already, a default",
            items=list(one.items),
            category="vendor",
            strategy="reduce",
            response=f"Ask {one.giver or 'the giver'} to confirm the day, in writing.",
        )
