"""Compiled inner loops of the search, for resources whose capacity never changes.

Capacities are packed: four of 15 bits and a guard bit each in one word. A demand fits where
subtracting it leaves every guard bit set. A `direction` is the network seen from the start or from
the finish, as a tuple of arrays (see `packing.Packed`); the same loops serve both. Activities are
numbered so that links go upwards. Only whole numbers decide, so a seed gives the same bits
everywhere. Importing this module compiles it, once per installation; import it where it is needed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from headway.analysis.compiled import kernel

#: An int64 in machine code; in Python sometimes NumPy's and sometimes its own.
Whole = Any
Numbers = NDArray[np.int64]
Words = NDArray[np.uint64]
Direction = tuple[Numbers, Numbers, Numbers, Numbers, Numbers, Words, Numbers, Numbers, Numbers]

WORD = np.uint64
GUARDS = WORD(0x8000800080008000)
#: Worse than any value.
WORST = np.int64(1 << 62)

_N, _A, _T, _W = "int64", "int64[::1]", "int64[:, ::1]", "uint64[::1]"
_D = f"Tuple(({_A}, {_A}, {_A}, {_A}, {_A}, {_W}, {_A}, {_A}, {_A}))"


@kernel(f"{_N}({_W}, {_N})")
def draw(state: Words, below: Whole) -> Whole:
    """Return a number from 0 to below - 1 (xorshift, Marsaglia 2003)."""
    x = state[0]
    x ^= x << WORD(13)
    x ^= x >> WORD(7)
    x ^= x << WORD(17)
    state[0] = x
    return np.int64(((x >> WORD(32)) * WORD(below)) >> WORD(32))


@kernel(f"{_N}({_D}, {_A}, {_W}, {_W}, {_A}, {_A})")
def serial(
    direction: Direction, order: Numbers, base: Words, free: Words, used: Numbers, starts: Numbers
) -> Whole:
    """Place each activity of `order` as early as it fits; return the makespan.

    `free` holds a row of slots for each word of `base`; `used` [1] the slots to be reset first.
    """
    durations, heads, tails, wptr, wnum, wdem, pptr, pidx, poff = direction
    horizon = len(free) // len(base)
    for w in range(len(base)):
        for t in range(w * horizon, w * horizon + used[0]):
            free[t] = base[w]
    makespan = np.int64(0)
    used[0] = 0
    for q in range(len(order)):
        j = order[q]
        s = heads[j]
        for k in range(pptr[j], pptr[j + 1]):
            s = max(s, starts[pidx[k]] + poff[k])
        d = durations[j]
        a = wptr[j]
        z = wptr[j + 1]
        if d > 0 and z > a:
            low = s
            end = s + d
            if z - a == 1:
                row = wnum[a] * horizon
                demand = wdem[a]
                while True:
                    t = end - 1
                    while t >= low and ((free[row + t] - demand) & GUARDS) == GUARDS:
                        t -= 1
                    if t < low:
                        break
                    # Slots behind the hindrance are known to fit; test only the new ones.
                    low = end
                    end = t + 1 + d
                for t in range(row + end - d, row + end):
                    free[t] -= demand
            else:
                while True:
                    t = end - 1
                    while t >= low:
                        fits = True
                        for w in range(a, z):
                            word = free[wnum[w] * horizon + t] - wdem[w]
                            fits = fits and (word & GUARDS) == GUARDS
                        if not fits:
                            break
                        t -= 1
                    if t < low:
                        break
                    low = end
                    end = t + 1 + d
                for w in range(a, z):
                    row = wnum[w] * horizon
                    for t in range(row + end - d, row + end):
                        free[t] -= wdem[w]
            s = end - d
            used[0] = max(used[0], end)
        starts[j] = s
        makespan = max(makespan, s + tails[j])
    return makespan


@kernel(f"void({_A}, {_A}, boolean, {_A})")
def respect_links(pptr: Numbers, pidx: Numbers, mirrored: bool, keys: Numbers) -> None:
    """Raise keys so that none is below the key of an activity that a link puts before it.

    `mirrored` says that the links go downwards, as seen from the finish.
    """
    n = len(keys)
    for q in range(n):
        j = n - 1 - q if mirrored else q
        for k in range(pptr[j], pptr[j + 1]):
            keys[j] = max(keys[j], keys[pidx[k]])


@kernel(f"void({_A}, boolean, boolean, {_A}, {_A})")
def sort(keys: Numbers, downwards: bool, mirrored: bool, count: Numbers, order: Numbers) -> None:
    """Put activities in `order` by key, from low to high or `downwards`.

    Of equal keys the lower number comes first, the higher where the order serves a `mirrored`
    network, so that a milestone stands on the right side of what it is linked to.
    """
    n = len(keys)
    top = np.int64(0)
    for i in range(n):
        top = max(top, keys[i])
    for k in range(top + 2):
        count[k] = 0
    for i in range(n):
        count[top - keys[i] + 1 if downwards else keys[i] + 1] += 1
    for k in range(top + 1):
        count[k + 1] += count[k]
    for q in range(n):
        i = n - 1 - q if mirrored else q
        k = top - keys[i] if downwards else keys[i]
        order[count[k]] = i
        count[k] += 1


@kernel(f"void({_W}, {_D}, {_D}, {_A}, {_A}, {_A}, {_A})")
def sample(
    state: Words,
    forward: Direction,
    backward: Direction,
    latest: Numbers,
    waits: Numbers,
    eligible: Numbers,
    order: Numbers,
) -> None:
    """Draw a list: the earlier an activity's `latest` finish, the likelier it comes next."""
    pptr = forward[6]
    sptr = backward[6]
    sidx = backward[7]
    ready = 0
    for i in range(len(order)):
        waits[i] = pptr[i + 1] - pptr[i]
        if waits[i] == 0:
            eligible[ready] = i
            ready += 1
    for q in range(len(order)):
        worst = np.int64(0)
        least = np.int64(1 << 60)
        for k in range(ready):
            worst = max(worst, latest[eligible[k]])
            least = min(least, latest[eligible[k]])
        # Regrets are scaled to 0..1024, so that their squares always sum to less than 2 ** 60.
        reach = max(np.int64(1), worst - least)
        total = np.int64(0)
        for k in range(ready):
            regret = (worst - latest[eligible[k]]) * 1024 // reach + 1024 // reach + 1
            total += regret * regret
        left = draw(state, 1 << 30) * (total >> 10) >> 20
        pick = ready - 1
        for k in range(ready):
            regret = (worst - latest[eligible[k]]) * 1024 // reach + 1024 // reach + 1
            left -= regret * regret
            if left < 0:
                pick = k
                break
        i = eligible[pick]
        ready -= 1
        eligible[pick] = eligible[ready]
        order[q] = i
        for k in range(sptr[i], sptr[i + 1]):
            j = sidx[k]
            waits[j] -= 1
            if waits[j] == 0:
                eligible[ready] = j
                ready += 1


@kernel(f"void({_A}, {_A}, {_A}, {_N}, {_A})")
def density(
    starts: Numbers, durations: Numbers, weights: Numbers, makespan: Whole, sums: Numbers
) -> None:
    """Fill `sums`: the weighted use of all slots before each slot."""
    for t in range(makespan + 2):
        sums[t] = 0
    for i in range(len(starts)):
        sums[starts[i]] += weights[i]
        sums[starts[i] + durations[i]] -= weights[i]
    level = np.int64(0)
    total = np.int64(0)
    for t in range(makespan + 1):
        level += sums[t]
        sums[t] = total
        total += level


@kernel(f"void({_W}, {_A}, {_A}, {_N}, {_N}, {_A}, {_A}, {_A}, {_A})")
def cross(
    state: Words,
    father: Numbers,
    mother: Numbers,
    span: Whole,
    other: Whole,
    durations: Numbers,
    weights: Numbers,
    sums: Numbers,
    keys: Numbers,
) -> None:
    """Fill `keys` of a child: the father's densest stretch in his order, the rest in hers.

    The peak crossover of Valls, Ballestín and Quintanilla (2008), with the stretch of Debels and
    Vanhoucke (2007): a quarter to three quarters of the schedule, where resources are used most.
    """
    density(father, durations, weights, span, sums)
    length = span // 4 + draw(state, span // 2 + 1)
    begin = draw(state, span - length + 1)
    if draw(state, 10) > 0:
        most = np.int64(-1)
        for t in range(span - length + 1):
            use = sums[t + length] - sums[t]
            if use > most:
                most = use
                begin = t
    shift = max(span, other) + 1
    for i in range(len(keys)):
        ends = father[i] + durations[i]
        if ends <= begin:
            keys[i] = mother[i] + durations[i]
        elif ends <= begin + length:
            keys[i] = shift + ends
        else:
            keys[i] = 2 * shift + mother[i] + durations[i]


@kernel(
    f"{_N}({_W}, {_D}, {_D}, {_W}, {_W}, {_A}, {_A}, {_A}, "
    f"{_T}, {_A}, {_T}, {_A}, {_N}, boolean, boolean)"
)
def breed(
    state: Words,
    here: Direction,
    there: Direction,
    base: Words,
    free: Words,
    used: Numbers,
    weights: Numbers,
    sums: Numbers,
    old: Numbers,
    old_values: Numbers,
    new: Numbers,
    new_values: Numbers,
    children: Whole,
    odd: bool,
    mirrored: bool,
) -> Whole:
    """Let each of the `old` schedules have children, built from the other end; keep the best.

    `mirrored` says that `here` is the finish, so the old schedules are seen from there. Values
    are makespan * 2 ** 32 + the sum of starts, the less the better. Returns how many schedules
    were generated.
    """
    size, n = old.shape
    durations = here[0]
    order = np.empty(n, np.int64)
    keys = np.empty(n, np.int64)
    starts = np.empty(n, np.int64)
    for p in range(size):
        new_values[p] = WORST
        for _ in range(children):
            father = p
            mother = draw(state, size)
            rival = draw(state, size)
            if old_values[rival] < old_values[mother]:
                mother = rival
            if draw(state, 2) == 0:
                father = mother
                mother = p
            his, hers = old_values[father] >> 32, old_values[mother] >> 32
            cross(state, old[father], old[mother], his, hers, durations, weights, sums, keys)
            if odd:
                respect_links(here[6], here[7], mirrored, keys)
            sort(keys, True, not mirrored, sums, order)
            value = serial(there, order, base, free, used, starts) << 32
            for i in range(n):
                value += starts[i]
            if value < new_values[p]:
                new_values[p] = value
                new[p, :] = starts
    return size * children


@kernel(f"{_N}({_D}, {_D}, {_W}, {_W}, {_A}, {_A}, boolean, {_A}, {_A}, {_N})")
def justify(
    here: Direction,
    there: Direction,
    base: Words,
    free: Words,
    used: Numbers,
    count: Numbers,
    odd: bool,
    starts: Numbers,
    mirrored: Numbers,
    passes: Whole,
) -> Whole:
    """Build the schedule `starts` again from its other end, and back; return its makespan.

    Twice `passes` schedules; `mirrored` gets the last one seen from the other end.
    """
    n = len(starts)
    order = np.empty(n, np.int64)
    keys = np.empty(n, np.int64)
    makespan = np.int64(0)
    for _ in range(passes):
        for i in range(n):
            keys[i] = starts[i] + here[0][i]
        if odd:
            respect_links(here[6], here[7], False, keys)
        sort(keys, True, True, count, order)
        serial(there, order, base, free, used, mirrored)
        for i in range(n):
            keys[i] = mirrored[i] + here[0][i]
        if odd:
            respect_links(there[6], there[7], True, keys)
        sort(keys, True, False, count, order)
        makespan = serial(here, order, base, free, used, starts)
    return makespan


@kernel(f"{_N}({_W}, {_D}, {_D}, {_W}, {_W}, {_A}, {_A}, {_A}, {_A}, {_N}, {_N}, boolean)")
def polish(
    state: Words,
    here: Direction,
    there: Direction,
    base: Words,
    free: Words,
    used: Numbers,
    count: Numbers,
    current: Numbers,
    best: Numbers,
    times: Whole,
    target: Whole,
    odd: bool,
) -> Whole:
    """Shake a stretch of `current` and justify, again and again; go on from what is not longer.

    Stops after `times` schedules or at `target`. `best` is overwritten by anything shorter.
    Returns how many schedules were generated.
    """
    n = len(current)
    tails = here[2]
    order = np.empty(n, np.int64)
    keys = np.empty(n, np.int64)
    starts = np.empty(n, np.int64)
    mirrored = np.empty(n, np.int64)
    span = np.int64(0)
    shortest = np.int64(0)
    for i in range(n):
        span = max(span, current[i] + tails[i])
        shortest = max(shortest, best[i] + tails[i])
    made = np.int64(0)
    while made + 3 <= times and shortest > target:
        length = 2 + draw(state, span // 2 + 1)
        begin = draw(state, span + length) - length
        strength = 2 + draw(state, 40)
        for i in range(n):
            keys[i] = current[i]
            if begin <= keys[i] < begin + length:
                keys[i] += draw(state, strength)
        respect_links(here[6], here[7], False, keys)
        sort(keys, False, False, count, order)
        serial(here, order, base, free, used, starts)
        made += 3
        found = justify(here, there, base, free, used, count, odd, starts, mirrored, 1)
        # A little longer is taken now and then, which leads out of plateaus.
        bearable = found <= shortest + 1 + shortest // 150 and draw(state, 10_000) < 30
        if found <= span or bearable:
            span = found
            current[:] = starts
            if found < shortest:
                shortest = found
                best[:] = starts
    return made
