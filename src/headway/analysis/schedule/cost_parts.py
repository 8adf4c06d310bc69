"""Of what a plan's simulated cost consists, trial by trial: people, machines, bought work, risks.

The parts come from the futures of one simulation, so they add up to its cost in every single one.
Their percentiles do not: a P80 of each is a future in which all of them turn dear at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from headway.analysis.schedule.plan import Item, ItemKind
from headway.analysis.schedule.simulation import Simulation

Times = NDArray[np.float64]

#: What a fixed price is spent on, by the kind of its work; of a task, who asks may say.
_BOUGHT = {
    ItemKind.ANNOTATION: "annotation",
    ItemKind.DATA: "data",
    ItemKind.TRAINING: "compute",
    ItemKind.EXPERIMENT: "compute",
}
#: What risks cost, with their mitigation: no category of work.
RISKS = "risks"


def cost_parts(
    simulation: Simulation,
    item_ids: Sequence[str] | None = None,
    bought: Mapping[str, str] | None = None,
) -> dict[str, Times]:
    """Return the cost of each trial by what it is spent on; of some items only, without risks.

    Hours cost what their resource does and are of its kind (people, compute); a fixed price goes
    by the kind of its item, of a task by `bought` (by item id; "other" where it does not say). An
    experiment's tries are compute, openings are people.
    """
    wanted = None if item_ids is None else set(item_ids)
    kinds = {resource.name: resource.kind for resource in simulation.plan.resources}
    found: dict[str, Times] = {}
    for number, item in enumerate(simulation.plan.items):
        if wanted is None or item.id in wanted:
            price = _BOUGHT.get(item.kind) or (bought or {}).get(item.id, "other")
            for sort, amount in _spent(simulation, number, item, (kinds, price)):
                found[sort] = found.get(sort, 0.0) + amount
    if wanted is None:
        for opening in simulation.draws.openings:
            found["people"] = found.get("people", 0.0) + opening.cost
        rest = simulation.cost - sum(found.values(), np.zeros(simulation.trials))
        if simulation.draws.risks:
            found[RISKS] = np.maximum(rest, 0.0)  # what is left but for the rounding of sums
    return {sort: np.broadcast_to(found[sort], simulation.trials) for sort in sorted(found)}


def _spent(
    simulation: Simulation, number: int, item: Item, sorts: tuple[Mapping[str, str], str]
) -> list[tuple[str, Times]]:
    """Return what an item costs in each trial, in parts; nothing where it is never begun.

    `sorts` are the kinds of resources by name, and what its fixed price is spent on.
    """
    kinds, price = sorts
    hourly: dict[str, float] = {}
    for name, units in item.needs.items():
        rate = simulation.hourly.get(name, 0.0)
        if rate and units:
            # What is no resource's name is a skill, and skills are people's.
            sort = kinds.get(name, "people")
            hourly[sort] = hourly.get(sort, 0.0) + rate * units
    tries = simulation.run.tries.get(number)
    fixed = float(item.cost)
    tried = float(item.attempts.cost) if item.attempts is not None and tries is not None else 0.0
    if not hourly and not fixed and not tried:
        return []
    done = simulation.begun(number)
    if number in simulation.run.taken:
        done = done & simulation.run.taken[number]
    parts: list[tuple[str, Times]] = []
    if hourly:
        hours = simulation.hours_per_unit * simulation.work_of(number)
        parts += [(sort, np.where(done, rate * hours, 0.0)) for sort, rate in hourly.items()]
    if fixed:
        parts.append((price, np.where(done, fixed, 0.0)))
    if tried and tries is not None:
        parts.append(("compute", np.where(done, tried * tries, 0.0)))
    return parts
