"""The ways to staff an item: who may do what needs a skill."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice, product

from headway.analysis.schedule.plan import Item, Plan

#: Ways to staff one item that are tried; further ones are not.
MOST_WAYS = 24

#: What one way to do an item takes: an amount by resource.
Way = Mapping[str, float]


def ways_of(item: Item, plan: Plan) -> Sequence[Way]:
    """Return the ways to staff an item: a need that names a skill is met by whoever has it.

    Of very many only the first MOST_WAYS are returned, in the plan's order of resources.
    """
    named = {resource.name for resource in plan.resources}
    choices = [
        [(need, units)]
        if need in named
        else [(one.name, units) for one in plan.resources if need in one.skills]
        for need, units in item.needs.items()
    ]
    found: dict[tuple[tuple[str, float], ...], Way] = {}
    for picked in islice(product(*choices), MOST_WAYS):
        way: dict[str, float] = {}
        for name, units in picked:
            way[name] = way.get(name, 0.0) + units
        found.setdefault(tuple(sorted(way.items())), way)
    return tuple(found.values())
