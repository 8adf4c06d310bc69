"""Random problems of every kind, and a slow scheduler that is plainly right."""

from __future__ import annotations

from hypothesis import strategies as st

from headway.analysis.schedule.levelling.problem import (
    ALWAYS,
    FREE,
    NEVER,
    Kind,
    Link,
    Mode,
    Problem,
    constant,
)


@st.composite
def plain_problems(draw, most=12) -> Problem:
    """Constant capacities that suffice, all kinds of links with lags and leads, releases."""
    size = draw(st.integers(1, most))
    resources = draw(st.integers(1, 6))
    levels = draw(st.lists(st.integers(1, 4), min_size=resources, max_size=resources))
    return Problem(
        durations=[draw(st.integers(0, 6)) for _ in range(size)],
        demands=[[draw(st.integers(0, level)) for level in levels] for _ in range(size)],
        capacities=constant(*levels),
        links=_links(draw, size, ()),
        releases=[draw(st.sampled_from([0, 0, 0, 3, 11])) for _ in range(size)],
    )


@st.composite
def any_problems(draw, most=9) -> Problem:
    """Steps, calendars, windows, fixed starts, modes, demand above capacity: all at once."""
    size, resources = draw(st.integers(1, most)), draw(st.integers(1, 3))
    masks = [
        [True, True, False, *draw(st.lists(st.booleans(), max_size=20))]
        for _ in range(draw(st.integers(0, 2)))
    ]
    calendars = [ALWAYS, *range(len(masks))]
    demand = st.lists(st.integers(0, 3), min_size=resources, max_size=resources)
    other = st.builds(Mode, demand.map(tuple), st.integers(0, 5), st.sampled_from(calendars))
    modes = {number: (draw(other),) for number in range(size) if draw(st.integers(0, 4)) == 0}
    return Problem(
        durations=[draw(st.integers(0, 5)) for _ in range(size)],
        demands=[draw(demand) for _ in range(size)],
        capacities=tuple(_steps(draw) for _ in range(resources)),
        links=_links(draw, size, calendars),
        releases=[draw(st.sampled_from([0, 0, 0, 4])) for _ in range(size)],
        fixed=[draw(st.sampled_from([FREE] * 6 + [0, 5])) for _ in range(size)],
        latest=[draw(st.sampled_from([NEVER] * 6 + [8, 20])) for _ in range(size)],
        calendar=[draw(st.sampled_from(calendars)) for _ in range(size)],
        calendars=tuple(masks),
        modes=modes,
        priorities=[draw(st.sampled_from([500, 500, 900])) for _ in range(size)],
    )


def _steps(draw) -> tuple[tuple[int, int], ...]:
    slots = sorted(draw(st.sets(st.integers(1, 15), max_size=3)))
    return ((0, draw(st.integers(1, 4))), *((slot, draw(st.integers(0, 4))) for slot in slots))


def _links(draw, size, calendars) -> list[Link]:
    numbers = draw(st.permutations(range(size)))
    links = []
    for after in range(1, size):
        for _ in range(draw(st.integers(0, 2))):
            before = draw(st.integers(0, after - 1))
            lag = draw(st.sampled_from([0, 0, 0, 2, -2, 5]))
            kind = draw(st.sampled_from([Kind.FS, Kind.FS, *Kind]))
            calendar = draw(st.sampled_from(calendars)) if calendars else ALWAYS
            links.append(Link(numbers[before], numbers[after], kind, lag, calendar))
    return links


def reference(problem: Problem, order: list[int]) -> list[int]:
    """Return the starts of serial generation for a plain problem, slot by slot, in plain Python."""
    durations, demands = problem.durations.tolist(), problem.demands.tolist()
    used: dict[tuple[int, int], int] = {}
    starts: dict[int, int] = {}
    for number in order:
        slot = int(problem.releases[number])
        for first, second, kind, lag, _ in problem.links.tolist():
            if second == number:
                begin = starts[first] + lag
                begin += durations[first] if kind in (Kind.FS, Kind.FF) else 0
                begin -= durations[second] if kind in (Kind.FF, Kind.SF) else 0
                slot = max(slot, begin)
        held = [(resource, asked) for resource, asked in enumerate(demands[number]) if asked]
        while any(
            used.get((resource, time), 0) + asked > problem.capacities[resource][0][1]
            for resource, asked in held
            for time in range(slot, slot + durations[number])
        ):
            slot += 1
        for resource, asked in held:
            for time in range(slot, slot + durations[number]):
                used[resource, time] = used.get((resource, time), 0) + asked
        starts[number] = slot
    return [starts[number] for number in range(problem.size)]
