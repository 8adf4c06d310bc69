"""People to be hired as a network holds them: what waits for them, and what they cost on top."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from headway.analysis.schedule.plan import Estimate, Opening
from headway.domain.finance.rules import PricedOpening
from headway.domain.people.rules import ResourceFacts
from headway.domain.people.rules.hiring import SCHEDULE_ODDS, OpeningFacts, with_steps
from headway.errors import Invalid


def waiting_items(
    openings: Sequence[OpeningFacts],
    resources: Iterable[ResourceFacts],
    needs: Mapping[str, Mapping[str, float]],
    addresses: Collection[str],
) -> Mapping[str, Sequence[str]]:
    """Return which items wait for each opening, by its key.

    Those that it names; and those that need more of its resource than there is without people to
    be hired: they wait until enough of them have come, whoever comes first.
    """
    live = [one for one in openings if one.state != "cancelled"]
    found = {one.key: {item: None for item in one.items if item in addresses} for one in live}
    for resource in resources:
        mine = [one for one in live if one.resource == resource.name]
        mine.sort(key=lambda one: (one.arrives(SCHEDULE_ODDS), one.key))
        there = _without(resource, mine) if mine else 0.0
        for one in mine:
            for item, held in needs.items():
                if held.get(resource.name, 0.0) > there + 1e-9:
                    found[one.key][item] = None
            there += one.units
    return {one.key: tuple(found.get(one.key, ())) for one in openings}


def _without(resource: ResourceFacts, openings: Sequence[OpeningFacts]) -> float:
    """Return the most there ever is of a resource without what openings add to it."""
    steps = resource.steps
    for one in openings:
        try:
            steps = with_steps(resource.capacity, steps, one.raised, -1)
        except Invalid:  # somebody changed the steps since
            continue
    return max(resource.capacity, *(float(str(units)) for _, units in steps), 0.0)


def opening_value(one: PricedOpening, items: Sequence[str], until: date | None) -> Opening:
    """Return an opening as the engine knows it; one that is filled comes on its day, and is paid.

    Its pay is on the roster then, and the plan's as everybody's.
    """
    told = one.opening
    live = told.state != "cancelled"
    lead, certain, opened = told.lead, 1.0, told.opened_on
    if told.filled_on is not None:
        opened = min(opened, told.filled_on)
        lead = [(told.filled_on - opened).days] * 3
    elif told.is_coming:
        certain = told.probability
    is_apart = told.is_coming and told.paid == "apart" and until is not None
    return Opening(
        f"opening {told.key}",
        opened,
        _estimate(lead),
        name=f"{told.role}, {told.key}",
        ramp=_estimate(told.ramp),
        lost=told.lost,
        filled=certain,
        items=tuple(items) if live else (),
        yearly=one.yearly if is_apart and one.yearly is not None else Decimal(0),
        until=until if is_apart else None,
    )


def _estimate(span: Sequence[float]) -> Estimate:
    low, likely, high = span
    return Estimate(float(low), float(likely), float(high))


def opening_state(one: PricedOpening, value: Opening) -> Mapping[str, object]:
    """Return what of an opening moves a forecast, as named fields in words."""
    told = one.opening
    came = told.opened_on + timedelta(days=round(told.lead[1]))
    return {
        "name": f"The opening {told.key} ({told.role})",
        "state": told.state,
        "lead time": f"{_range(told.lead)} days from {told.opened_on}, most likely until {came}",
        "first day": told.filled_on,
        "ramp-up": f"{_range(told.ramp)} weeks from {told.first_share:g}",
        "probability": told.probability,
        "paid": "on top of the work" if value.yearly else "by the work",
        "cost": f"{value.yearly:,.2f} a year" if value.yearly else "",
        "waits for it": ", ".join(value.items),
    }


def _range(span: Sequence[float]) -> str:
    return "/".join(f"{one:g}" for one in span)
