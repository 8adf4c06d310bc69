"""Cycles among numbered things that wait for each other: the short ones, so that a person can act.

Strongly connected components by Tarjan 1972, without recursion; inside each, the shortest cycle
through every member by breadth-first search. All elementary cycles can be exponentially many, so
a cycle is named once for the set of its members, and there is a most.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

MOST_CYCLES = 10
#: Members of one component through which a shortest cycle is looked for.
MOST_MEMBERS = 200

Waits = Sequence[Sequence[int]]


def short_cycles(predecessors: Waits, most: int = MOST_CYCLES) -> list[tuple[int, ...]]:
    """Return at most `most` cycles, each in the order of the work, those of few members first.

    Every group of things that wait for each other has at least one, while `most` lasts.
    """
    first: list[tuple[int, ...]] = []
    further: dict[frozenset[int], tuple[int, ...]] = {}
    for group in _components(predecessors):
        members = set(group)
        found: dict[frozenset[int], tuple[int, ...]] = {}
        for number in group[:MOST_MEMBERS]:
            cycle = _through(predecessors, number, members)
            if cycle:
                found.setdefault(frozenset(cycle), cycle)
        ranked = sorted(found.values(), key=lambda cycle: (len(cycle), cycle))
        if ranked:
            first.append(ranked[0])
            further.update((frozenset(cycle), cycle) for cycle in ranked[1:])
    first.sort(key=lambda cycle: (len(cycle), cycle))
    rest = sorted(further.values(), key=lambda cycle: (len(cycle), cycle))
    return [*first, *rest][:most]


def _through(predecessors: Waits, begin: int, members: set[int]) -> tuple[int, ...]:
    """Return a shortest cycle through `begin`, as a walk from it with the work; () without one."""
    towards: dict[int, int] = {}
    layer = [begin]
    while layer:
        following = []
        for number in layer:
            for source in predecessors[number]:
                if source == begin:
                    return _walk(towards, begin, number)
                if source in members and source not in towards:
                    towards[source] = number
                    following.append(source)
        layer = following
    return ()


def _walk(towards: dict[int, int], begin: int, last: int) -> tuple[int, ...]:
    walk = [begin]
    number = last
    while number != begin:
        walk.append(number)
        number = towards[number]
    return tuple(walk)


def _components(predecessors: Waits) -> Iterator[list[int]]:
    """Yield the groups of more than one member, and single members that wait for themselves."""
    index = [-1] * len(predecessors)
    low = [0] * len(predecessors)
    on_stack = [False] * len(predecessors)
    stack: list[int] = []
    count = 0
    for root in range(len(predecessors)):
        if index[root] >= 0:
            continue
        work = [(root, 0)]
        while work:
            number, place = work.pop()
            if place == 0:
                index[number] = low[number] = count
                count += 1
                stack.append(number)
                on_stack[number] = True
            following = _next_unseen(predecessors[number], place, (index, low, on_stack), number)
            if following is not None:
                work.append((number, following + 1))
                work.append((predecessors[number][following], 0))
                continue
            if work:
                low[work[-1][0]] = min(low[work[-1][0]], low[number])
            if low[number] == index[number]:
                yield from _popped(stack, on_stack, number, predecessors)


def _next_unseen(
    sources: Sequence[int], place: int, state: tuple[list[int], list[int], list[bool]], number: int
) -> int | None:
    """Return the place of the next source that was not seen; note how far back the seen ones go."""
    index, low, on_stack = state
    for position in range(place, len(sources)):
        source = sources[position]
        if index[source] < 0:
            return position
        if on_stack[source]:
            low[number] = min(low[number], index[source])
    return None


def _popped(
    stack: list[int], on_stack: list[bool], root: int, predecessors: Waits
) -> Iterator[list[int]]:
    group = []
    while True:
        member = stack.pop()
        on_stack[member] = False
        group.append(member)
        if member == root:
            break
    if len(group) > 1 or root in predecessors[root]:
        yield sorted(group)
