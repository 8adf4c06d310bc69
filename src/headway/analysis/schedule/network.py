"""The network of a plan: items by number in topological order, and the links that bind them.

A fallback item is linked by what it is: it comes after its experiment, and whatever waits for the
experiment waits for the fallback too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from headway.analysis.schedule.loops import short_cycles
from headway.analysis.schedule.plan import Item, LagUnit, LinkType, Plan
from headway.errors import Invalid, Problem


@dataclass(frozen=True, slots=True)
class Edge:
    """A link as seen from its successor: `source` is the predecessor's number."""

    source: int
    type: LinkType
    lag: float
    unit: LagUnit


@dataclass(frozen=True, slots=True)
class Network:
    """Items are numbered as in the plan; `order` lists each number after its predecessors'."""

    ids: tuple[str, ...]
    order: tuple[int, ...]
    edges: tuple[tuple[Edge, ...], ...]
    #: For each item the experiments whose fallback it is.
    fallback_of: tuple[tuple[int, ...], ...]
    #: Items whose start no link moves: begun, done or pinned.
    fixed: frozenset[int] = frozenset()
    #: Whether all work is done in one calendar, so that lags of several links may be added up.
    one_calendar: bool = True


def network(plan: Plan) -> Network:
    """Return the network of `plan`. Raises Invalid for an unknown predecessor and for a cycle."""
    numbers = {item.id: number for number, item in enumerate(plan.items)}
    problems = unknown_references(plan)
    edges = _edges(plan, numbers, skip_unknown=bool(problems))
    order = _order([[edge.source for edge in into] for into in edges])
    if len(order) < len(edges):
        problems += cycles(plan)
    if problems:
        sentence = f"The plan {plan.name!r} cannot be scheduled: {problems[0].sentence}"
        raise Invalid(sentence, problems)
    fixed = frozenset(number for number, item in enumerate(plan.items) if _is_fixed(item))
    named = {name for item in plan.items for name in (item.calendar, *item.also)}
    named |= {one.calendar for one in plan.resources}
    return Network(
        tuple(numbers), tuple(order), edges, _fallback_of(plan, numbers), fixed, named <= {""}
    )


def _is_fixed(item: Item) -> bool:
    return any(moment is not None for moment in (item.started, item.finished, item.pinned))


def where(item: Item) -> str:
    """Return the place of `item` in the words of its source: its id, and its line if it has one."""
    return f"item {item.id}" if item.line is None else f"item {item.id}, line {item.line}"


def unknown_references(plan: Plan) -> list[Problem]:
    """Return a problem for each predecessor and fallback that is not an item of the plan."""
    known = {item.id for item in plan.items}
    problems = []
    for item in plan.items:
        for link in item.after:
            if link.predecessor not in known:
                problems.append(Problem(where(item), _unknown(item, "after", link.predecessor)))
        fallback = item.attempts.fallback if item.attempts else None
        if fallback is not None and fallback not in known:
            problems.append(Problem(where(item), _unknown(item, "else", fallback)))
    return problems


def _unknown(item: Item, key: str, reference: str) -> str:
    return (
        f"Item {item.id!r} names {reference!r} under `{key}`, and no item has that id; "
        "correct the id or add the item."
    )


def cycles(plan: Plan) -> list[Problem]:
    """Return a problem for each short cycle among the links, up to MOST_CYCLES; none without."""
    numbers = {item.id: number for number, item in enumerate(plan.items)}
    predecessors = [
        [edge.source for edge in into] for into in _edges(plan, numbers, skip_unknown=True)
    ]
    if len(_order(predecessors)) == len(plan.items):
        return []
    problems = []
    for loop in short_cycles(predecessors):
        path = " → ".join(plan.items[number].id for number in [*loop, loop[0]])
        first = plan.items[loop[0]]
        sentence = f"Item {first.id!r} waits for itself: {path}; remove one of these links."
        problems.append(Problem(where(first), sentence))
    return problems


def _edges(
    plan: Plan, numbers: Mapping[str, int], *, skip_unknown: bool = False
) -> tuple[tuple[Edge, ...], ...]:
    chains = {item.id: _fallbacks(plan, numbers, item.id) for item in plan.items if item.attempts}
    found: list[list[Edge]] = []
    for item in plan.items:
        into = []
        stated = {link.predecessor for link in item.after} if chains else set()
        for link in item.after:
            if skip_unknown and link.predecessor not in numbers:
                continue
            into.append(Edge(numbers[link.predecessor], link.type, link.lag, link.unit))
            chain = chains.get(link.predecessor, [])
            more = [other for other in chain if other not in stated] if item.id not in chain else []
            into += [Edge(numbers[other], link.type, link.lag, link.unit) for other in more]
        found.append(into)
    for item in plan.items:
        fallback = item.attempts.fallback if item.attempts else None
        if fallback is not None and fallback in numbers:
            after = Edge(numbers[item.id], LinkType.FS, 0.0, LagUnit.WORKING)
            found[numbers[fallback]].append(after)
    return tuple(_once(into) for into in found)


def _once(edges: list[Edge]) -> tuple[Edge, ...]:
    """Return each of some links once; usually they come from as many predecessors."""
    if len({edge.source for edge in edges}) == len(edges):
        return tuple(edges)
    return tuple(dict.fromkeys(edges))


def _fallbacks(plan: Plan, numbers: Mapping[str, int], item_id: str) -> list[str]:
    """Return the fallback of an experiment, the fallback of that, and so on."""
    chain: list[str] = []
    following = _fallback(plan, numbers[item_id])
    while following is not None and following in numbers and following not in chain:
        chain.append(following)
        following = _fallback(plan, numbers[following])
    return chain


def _fallback(plan: Plan, number: int) -> str | None:
    attempts = plan.items[number].attempts
    return attempts.fallback if attempts else None


def _fallback_of(plan: Plan, numbers: Mapping[str, int]) -> tuple[tuple[int, ...], ...]:
    found: list[list[int]] = [[] for _ in plan.items]
    for number, item in enumerate(plan.items):
        if item.attempts and item.attempts.fallback is not None:
            found[numbers[item.attempts.fallback]].append(number)
    return tuple(tuple(experiments) for experiments in found)


def _order(predecessors: Sequence[Sequence[int]]) -> list[int]:
    """Return the numbers that can be ordered, each after its predecessors (Kahn, plan order)."""
    successors: list[list[int]] = [[] for _ in predecessors]
    waiting = [len(sources) for sources in predecessors]
    for number, sources in enumerate(predecessors):
        for source in sources:
            successors[source].append(number)
    ready = [number for number, count in enumerate(waiting) if count == 0]
    for number in ready:
        for successor in successors[number]:
            waiting[successor] -= 1
            if waiting[successor] == 0:
                ready.append(successor)
    return ready
