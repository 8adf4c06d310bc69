"""Compiled placing of activities whose calendars pause them and whose capacities step.

Whole numbers only, so the same bits everywhere. Importing this module compiles it, once per
installation; import it where it is needed.
"""

from __future__ import annotations

import numpy as np

from headway.analysis.compiled import kernel
from headway.analysis.schedule.levelling.kernels import Whole, Words, draw, respect_links, sort
from headway.analysis.schedule.levelling.problem import Mask, Numbers

Modes = tuple[Numbers, Numbers, Numbers, Numbers]
Links = tuple[Numbers, Numbers, Numbers, Numbers, Numbers]
Windows = tuple[Numbers, Numbers, Numbers]

#: A schedule's value: conflicts * CONFLICT + makespan, the less the better.
CONFLICT = np.int64(1 << 40)
NEVER = np.int64(1 << 40)

_N, _A, _T, _M, _W = "int64", "int64[::1]", "int64[:, ::1]", "boolean[:, ::1]", "uint64[::1]"
#: mode pointers [n + 1]; then of each mode its duration, its calendar, its demands
_MODES = f"Tuple(({_A}, {_A}, {_A}, {_T}))"
#: pointers [n + 1]; then of each link into an activity: from, kind, lag, calendar
_LINKS = f"Tuple(({_A}, {_A}, {_A}, {_A}, {_A}))"
#: releases, fixed starts, latest finishes
_WINDOWS = f"Tuple(({_A}, {_A}, {_A}))"


@kernel(f"boolean({_M}, {_N}, {_N})")
def works(masks: Mask, calendar: Whole, slot: Whole) -> bool:
    """Say whether a calendar works a slot; beyond what is written, it does."""
    if calendar < 0 or slot < 0 or slot >= masks.shape[1]:
        return True
    return bool(masks[calendar, slot])


@kernel(f"{_N}({_M}, {_N}, {_N}, {_N})")
def advance(masks: Mask, slot: Whole, lag: Whole, calendar: Whole) -> Whole:
    """Return the slot `lag` worked slots on, or back."""
    if calendar < 0:
        return slot + lag
    left = abs(lag)
    while left > 0:
        if lag < 0:
            slot -= 1
        if works(masks, calendar, slot):
            left -= 1
        if lag > 0:
            slot += 1
    return slot


@kernel(f"{_N}({_M}, {_N}, {_N}, {_N})")
def finish_of(masks: Mask, calendar: Whole, start: Whole, duration: Whole) -> Whole:
    """Return the slot right after the last one in which work that begins at `start` goes on."""
    slot = start
    left = duration
    while left > 0:
        if works(masks, calendar, slot):
            left -= 1
        slot += 1
    return slot


@kernel(f"{_N}({_T}, {_M}, {_N}, {_N}, {_A}, {_N}, {_N}, {_N})")
def earliest(
    free: Numbers,
    masks: Mask,
    calendar: Whole,
    duration: Whole,
    demand: Numbers,
    begin: Whole,
    end: Whole,
    latest: Whole,
) -> Whole:
    """Return the first start at or after `begin` at which all fits, or NEVER.

    It must finish at or after `end`, and at or before `latest`.
    """
    horizon = free.shape[1]
    start = max(begin, end) if duration == 0 else begin
    if duration == 0:
        return start if start <= latest else NEVER
    while start < horizon:
        if not works(masks, calendar, start):
            start += 1
            continue
        slot = start
        left = duration
        hindered = False
        while left > 0 and slot < horizon:
            if works(masks, calendar, slot):
                for r in range(len(demand)):
                    if demand[r] > 0 and free[r, slot] < demand[r]:
                        hindered = True
                if hindered:
                    break
                left -= 1
            slot += 1
        if hindered:
            start = slot + 1
        elif left > 0 or slot > latest:
            return NEVER
        elif slot < end:
            start += 1
        else:
            return start
    return NEVER


@kernel(f"void({_T}, {_M}, {_N}, {_N}, {_A}, {_N})")
def hold(
    free: Numbers, masks: Mask, calendar: Whole, duration: Whole, demand: Numbers, start: Whole
) -> None:
    """Take the demand from each slot in which the activity works."""
    slot = start
    left = duration
    while left > 0 and slot < free.shape[1]:
        if works(masks, calendar, slot):
            for r in range(len(demand)):
                free[r, slot] -= demand[r]
            left -= 1
        slot += 1


@kernel(f"boolean({_T}, {_M}, {_N}, {_A}, {_N}, {_N})")
def overbooked(
    free: Numbers, masks: Mask, calendar: Whole, demand: Numbers, start: Whole, finish: Whole
) -> bool:
    """Say whether more is held than there is, in a slot in which the activity works."""
    for slot in range(start, min(finish, free.shape[1])):
        if works(masks, calendar, slot):
            for r in range(len(demand)):
                if demand[r] > 0 and free[r, slot] < 0:
                    return True
    return False


@kernel(
    f"{_N}({_A}, {_MODES}, {_LINKS}, {_WINDOWS}, {_T}, {_M}, {_T}, {_A}, {_A}, {_A}, {_A}, {_A})"
)
def place(
    order: Numbers,
    modes: Modes,
    links: Links,
    windows: Windows,
    capacity: Numbers,
    masks: Mask,
    free: Numbers,
    asked: Numbers,
    starts: Numbers,
    finishes: Numbers,
    chosen: Numbers,
    odd: Numbers,
) -> Whole:
    """Place each activity of `order` as early as it fits, in the mode that finishes first.

    `asked` is the mode each must have, or -1. Fixed ones hold their slots before all others. What
    fits nowhere stays where its links put it, and counts as a conflict (`odd` marks it).
    """
    mptr, durations, calendars, demands = modes
    lptr, sources, kinds, lags, lag_calendars = links
    releases, fixed, latest = windows
    for r in range(capacity.shape[0]):
        for t in range(capacity.shape[1]):
            free[r, t] = capacity[r, t]
    for j in range(len(order)):
        odd[j] = 0
        chosen[j] = 0
        if fixed[j] >= 0:
            m = mptr[j] + max(asked[j], 0)
            starts[j] = fixed[j]
            finishes[j] = finish_of(masks, calendars[m], fixed[j], durations[m])
            chosen[j] = m - mptr[j]
            hold(free, masks, calendars[m], durations[m], demands[m], fixed[j])
    conflicts = np.int64(0)
    makespan = np.int64(0)
    for j in range(len(order)):
        m = mptr[j] + chosen[j]
        if fixed[j] >= 0 and overbooked(
            free, masks, calendars[m], demands[m], starts[j], finishes[j]
        ):
            conflicts += 1
            odd[j] = 1
    for q in range(len(order)):
        j = order[q]
        begin = releases[j] if fixed[j] < 0 else np.int64(0)
        end = np.int64(0)
        for k in range(lptr[j], lptr[j + 1]):
            source = sources[k]
            from_finish = kinds[k] == 0 or kinds[k] == 2
            bound = advance(
                masks,
                finishes[source] if from_finish else starts[source],
                lags[k],
                lag_calendars[k],
            )
            if kinds[k] < 2:
                begin = max(begin, bound)
            else:
                end = max(end, bound)
        if fixed[j] >= 0:
            if starts[j] < begin or finishes[j] < end or finishes[j] > latest[j]:
                conflicts += 1 - odd[j]
                odd[j] = 1
        else:
            best: Whole = NEVER
            pick: Whole = NEVER
            for m in range(mptr[j], mptr[j + 1]):
                if asked[j] >= 0 and m - mptr[j] != asked[j]:
                    continue
                s = earliest(
                    free, masks, calendars[m], durations[m], demands[m], begin, end, latest[j]
                )
                if s < NEVER:
                    f = finish_of(masks, calendars[m], s, durations[m])
                    if f < best:
                        best = f
                        pick = m
                        starts[j] = s
            if pick == NEVER:
                conflicts += 1
                odd[j] = 1
                pick = mptr[j] + max(asked[j], 0)
                s = max(begin, end) if durations[pick] == 0 else begin
                while durations[pick] > 0 and (
                    not works(masks, calendars[pick], s)
                    or finish_of(masks, calendars[pick], s, durations[pick]) < end
                ):
                    s += 1
                starts[j] = s
            m = pick
            finishes[j] = finish_of(masks, calendars[m], starts[j], durations[m])
            chosen[j] = m - mptr[j]
            hold(free, masks, calendars[m], durations[m], demands[m], starts[j])
        makespan = max(makespan, finishes[j])
    return conflicts * CONFLICT + makespan


@kernel(f"{_N}({_N}, {_MODES}, {_LINKS}, {_LINKS}, {_WINDOWS}, {_T}, {_M}, {_A}, {_A}, {_A})")
def justify(
    makespan: Whole,
    modes: Modes,
    links: Links,
    mirrored: Links,
    windows: Windows,
    capacity: Numbers,
    masks: Mask,
    starts: Numbers,
    finishes: Numbers,
    chosen: Numbers,
) -> Whole:
    """Move everything as late as it goes within `makespan`, then as early; return the value.

    The first is the second in a mirror: time runs from the finish. `mirrored` are the links so.
    Starts, finishes and modes are overwritten; where the mirror does not fit, -1 and nothing is.
    """
    n = len(starts)
    reach = makespan
    lanes = np.empty((capacity.shape[0], reach), np.int64)
    for r in range(capacity.shape[0]):
        for t in range(reach):
            lanes[r, t] = capacity[r, reach - 1 - t]
    views = np.ones((masks.shape[0], reach), np.bool_)
    for c in range(masks.shape[0]):
        for t in range(reach):
            views[c, t] = works(masks, c, reach - 1 - t)
    releases, fixed, latest = windows
    before = np.zeros(n, np.int64)
    held = np.full(n, -1, np.int64)
    until = np.empty(n, np.int64)
    for i in range(n):
        before[i] = max(0, reach - latest[i])
        until[i] = reach - (0 if fixed[i] >= 0 else releases[i])
        if fixed[i] >= 0:
            held[i] = reach - finishes[i]
    order = np.empty(n, np.int64)
    keys = finishes.copy()
    count = np.zeros(reach + 3, np.int64)
    odd = np.zeros(n, np.int64)
    asked = chosen.copy()
    begins = np.empty(n, np.int64)
    ends = np.empty(n, np.int64)
    respect_links(links[0], links[1], False, keys)
    sort(keys, True, True, count, order)
    value = place(
        order,
        modes,
        mirrored,
        (before, held, until),
        lanes,
        views,
        np.empty_like(lanes),
        asked,
        begins,
        ends,
        chosen,
        odd,
    )
    if value >= CONFLICT:
        return np.int64(-1)
    for i in range(n):
        keys[i] = reach - ends[i]
    respect_links(links[0], links[1], False, keys)
    sort(keys, False, False, count, order)
    lanes = np.ascontiguousarray(capacity[:, :reach])
    return place(
        order,
        modes,
        links,
        windows,
        lanes,
        masks,
        np.empty_like(lanes),
        asked,
        starts,
        finishes,
        chosen,
        odd,
    )


@kernel(
    f"{_N}({_W}, {_MODES}, {_LINKS}, {_LINKS}, {_WINDOWS}, {_T}, {_M}, "
    f"{_A}, {_A}, {_A}, {_A}, {_N}, {_N})"
)
def polish(
    state: Words,
    modes: Modes,
    links: Links,
    mirrored: Links,
    windows: Windows,
    capacity: Numbers,
    masks: Mask,
    current: Numbers,
    finishes: Numbers,
    chosen: Numbers,
    marks: Numbers,
    worth: Whole,
    times: Whole,
) -> Whole:
    """Shake a stretch of the schedule and place again, up to `times` schedules; keep no worse.

    `current`, `finishes`, `chosen` and `marks` (of conflicts) are overwritten.
    Returns the value reached, from `worth` on.
    """
    n = len(current)
    made = np.int64(0)
    starts = np.empty(n, np.int64)
    ends = np.empty(n, np.int64)
    picks = np.empty(n, np.int64)
    order = np.empty(n, np.int64)
    keys = np.empty(n, np.int64)
    odd = np.empty(n, np.int64)
    free = np.empty_like(capacity)
    asked = np.full(n, -1, np.int64)
    count = np.zeros(capacity.shape[1] + 256, np.int64)
    while made + 3 <= times:
        span = worth % CONFLICT
        length = 2 + draw(state, span // 2 + 1)
        begin = draw(state, span + length) - length
        strength = 2 + draw(state, 40)
        for i in range(n):
            keys[i] = current[i]
            if begin <= keys[i] < begin + length:
                keys[i] += draw(state, strength)
        respect_links(links[0], links[1], False, keys)
        sort(keys, False, False, count, order)
        value = place(
            order, modes, links, windows, capacity, masks, free, asked, starts, ends, picks, odd
        )
        made += 1
        if value < CONFLICT:
            made += 2
            justified = justify(
                value, modes, links, mirrored, windows, capacity, masks, starts, ends, picks
            )
            if justified >= 0:
                value = justified
        if value <= worth:
            worth = value
            marks[:] = odd
            current[:] = starts
            finishes[:] = ends
            chosen[:] = picks
    return worth
