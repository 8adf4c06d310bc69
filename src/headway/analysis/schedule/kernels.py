"""The Monte-Carlo simulation as machine code: the same bits as `draws` and `passes`, in blocks.

A block is some hundred trials of the whole network, drawn, passed forward and walked back while it
lies in the processor's own memory; nothing but what was asked for is stored. Items stand in
topological order ("positions"); their times lie in slots that are given to others after the last
successor. Where no link asks for a start or a length of work, those of all items share one row.
Which trials a link binds is a bit each, so that the way back is a few operations for 64 trials.

What the arrays hold is in `recipe`. Every expression is written as the NumPy code writes it: the
order of operations is the result. Tests compare both bit by bit.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from headway.analysis import elementary
from headway.analysis.compiled import inlined, kernel
from headway.analysis.schedule import tables
from headway.analysis.schedule.calendars import TOLERANCE

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Words = NDArray[np.uint64]
Bools = NDArray[np.bool_]

#: Trials of a block: the most of these whose times fit into BLOCK_BYTES.
BLOCKS = (1024, 512, 256, 128)
BLOCK_BYTES = 1 << 20

#: Columns of an item's whole numbers.
KIND, ROW, DELAY, TAKEN, FAILED, STATE, SLOT, OWN, TAIL = range(9)
EDGES, EXPERIMENTS, SIMPLE, NEEDS, COLUMNS = range(9, 14)
#: Kinds of durations.
CERTAIN, TRIANGULAR, PERT, LOGNORMAL, UNIFORM, GIVEN = range(6)
#: States of an item.
OPEN, STARTED, FINISHED, HELD = range(4)
#: Columns of an item's numbers: five of its range, then its known times.
EARLIEST, WORK_FROM, END, RESUMES, NUMBERS = range(5, 10)
#: Columns of a link: where it comes from, from and to which end, and whether its lag is a share.
SOURCE, FROM_FINISH, TO_START, PERCENT, LINK = range(5)
#: Columns of a need: the first unit of its pool among all units, how many it takes, the pool's end.
POOL, UNITS, POOL_END, NEED = range(4)
#: Trials that are drawn at once where they are computed one after the other.
ABREAST = 64
#: Which row is asked for.
NOTHING, STARTS, FINISHES, LASTING = range(4)

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST = np.uint64(0xBF58476D1CE4E5B9)
SECOND = np.uint64(0x94D049BB133111EB)
ONE = np.uint64(1)
NONE = np.uint64(0)
BY_11, BY_27, BY_30, BY_31 = np.uint64(11), np.uint64(27), np.uint64(30), np.uint64(31)

MANTISSA = 0xFFFFFFFFFFFFF
HALF = 1022 << 52
HALVINGS = tables.HALVINGS
CELLS = float(tables.CELLS)
KNOTS = tables.KNOTS
LAST_PLACE = KNOTS - 1.0
EXP_TERMS = elementary.EXP_TERMS
LOG2_E, LN2_HIGH, LN2_LOW = elementary.LOG2_E, elementary.LN2_HIGH, elementary.LN2_LOW


@inlined
def _mixed(bits: np.uint64) -> float:
    """Return the uniform number of a counter: `chance.uniforms`."""
    bits = (bits ^ (bits >> BY_30)) * FIRST
    bits = (bits ^ (bits >> BY_27)) * SECOND
    bits = bits ^ (bits >> BY_31)
    return (np.float64(bits >> BY_11) + 0.5) * 2.0**-53


@inlined
def _triangular(out: Floats, row: int, bits: np.uint64, size: int, numbers: Floats, n: int) -> None:
    low, high, cut = numbers[n, 0], numbers[n, 1], numbers[n, 2]
    rising, falling = numbers[n, 3], numbers[n, 4]
    for k in range(size):
        u = _mixed(bits)
        bits = bits + GOLDEN
        rises = u < cut
        root = np.sqrt(u * rising if rises else (1.0 - u) * falling)
        out[row, k] = low + root if rises else high - root


@inlined
def _uniform(out: Floats, row: int, bits: np.uint64, size: int, numbers: Floats, n: int) -> None:
    low, span = numbers[n, 0], numbers[n, 1]
    for k in range(size):
        out[row, k] = low + span * _mixed(bits)
        bits = bits + GOLDEN


@inlined
def _cells(share: Floats, row: int, cells: Words, bits: np.uint64, size: int) -> None:
    """Find the cell of the table that each number falls into, and where in it: `look_up`."""
    for k in range(size):
        u = _mixed(bits)
        bits = bits + GOLDEN
        rest = 1.0 - u
        tail = u if u < rest else rest
        raw = np.float64(tail).view(np.int64)
        exponent = (raw >> 52) - 1022
        mantissa = np.int64((raw & MANTISSA) | HALF).view(np.float64)
        place: float = np.float64(exponent + HALVINGS) * CELLS + (mantissa * 2.0 - 1.0) * CELLS
        place = place if place > 0.0 else 0.0
        place = place if place < LAST_PLACE else LAST_PLACE
        cell = int(place)
        cell = cell if cell < KNOTS - 2 else KNOTS - 2
        share[row, k] = place - np.float64(cell)
        cells[k] = np.uint64(cell + (KNOTS if u > 0.5 else 0))


@inlined
def _pert(
    out: Floats, row: int, cells: Words, size: int, beta: Floats, at: int, numbers: Floats, n: int
) -> None:
    low, span, share = numbers[n, 0], numbers[n, 1], numbers[n, 2]
    rest = 1.0 - share
    for k in range(size):
        cell = cells[k]
        one = beta[at, cell] * rest + beta[at + 1, cell] * share
        other = beta[at, cell + ONE] * rest + beta[at + 1, cell + ONE] * share
        out[row, k] = low + span * (one + out[row, k] * (other - one))


@inlined
def _lognormal(
    out: Floats, row: int, cells: Words, size: int, normal: Floats, numbers: Floats, n: int
) -> None:
    mode, spread = numbers[n, 0], numbers[n, 1]
    for k in range(size):
        cell = cells[k]
        one = normal[cell]
        out[row, k] = one + out[row, k] * (normal[cell + ONE] - one)
    for k in range(size):
        x = spread * out[row, k]
        x = min(max(x, -700.0), 700.0)
        doublings = np.rint(x * LOG2_E)
        rest = (x - doublings * LN2_HIGH) - doublings * LN2_LOW
        total = EXP_TERMS[0]
        for term in EXP_TERMS[1:]:
            total = total * rest + term
        power = np.int64((np.int64(doublings) + 1023) << 52).view(np.float64)
        out[row, k] = mode * (total * power)


@inlined
def _drawn(
    out: Floats,
    row: int,
    cells: Words,
    trial: int,
    size: int,
    key: np.uint64,
    items: Ints,
    numbers: Floats,
    n: int,
    beta: Floats,
    normal: Floats,
    given: Floats,
) -> None:
    """Draw the durations of one item in a block that begins at `trial`."""
    kind, at = items[n, KIND], items[n, ROW]
    bits = key + GOLDEN * np.uint64(trial + 1)
    if kind == TRIANGULAR:
        _triangular(out, row, bits, size, numbers, n)
    elif kind == PERT:
        _cells(out, row, cells, bits, size)
        _pert(out, row, cells, size, beta, at, numbers, n)
    elif kind == LOGNORMAL:
        _cells(out, row, cells, bits, size)
        _lognormal(out, row, cells, size, normal, numbers, n)
    elif kind == UNIFORM:
        _uniform(out, row, bits, size, numbers, n)
    elif kind == GIVEN:
        for k in range(size):
            out[row, k] = given[at, trial + k]
    else:
        for k in range(size):
            out[row, k] = numbers[n, 0]


@inlined
def _latest(
    out: Floats,
    at: int,
    least: float,
    times: Floats,
    lasting: Floats,
    source: int,
    worker: int,
    size: int,
    gap: float,
    percent: bool,
    is_first: bool,
) -> None:
    """Raise a row of `out`, or `least`, to the times to which a link binds: `passes.reach`."""
    if percent:
        for k in range(size):
            reached = times[source, k] + lasting[worker, k] * gap
            before = least if is_first else out[at, k]
            out[at, k] = reached if reached > before else before
    elif is_first:
        for k in range(size):
            reached = times[source, k] + gap
            out[at, k] = reached if reached > least else least
    else:
        for k in range(size):
            reached = times[source, k] + gap
            out[at, k] = reached if reached > out[at, k] else out[at, k]


@inlined
def _marks(
    out: Words,
    at: int,
    times: Floats,
    source: int,
    lasting: Floats,
    worker: int,
    gap: float,
    percent: bool,
    bound: Floats,
    row: int,
    size: int,
    words: int,
) -> None:
    """Set a bit for each trial in which a link reaches the bound of its successor: `binds`."""
    for w in range(words):
        base = 64 * w
        word = NONE
        if percent:
            for k in range(min(64, size - base)):
                reached = times[source, base + k] + lasting[worker, base + k] * gap
                is_bound = reached >= bound[row, base + k] - TOLERANCE
                word |= np.uint64(is_bound) << np.uint64(k)
        else:
            for k in range(min(64, size - base)):
                reached = times[source, base + k] + gap
                is_bound = reached >= bound[row, base + k] - TOLERANCE
                word |= np.uint64(is_bound) << np.uint64(k)
        out[at, w] = word


@inlined
def _packed(flags: Bools, row: int, trial: int, size: int) -> np.uint64:
    """Return up to 64 flags as the bits of one word."""
    packed = NONE
    for k in range(size):
        packed |= np.uint64(flags[row, trial + k]) << np.uint64(k)
    return packed


@inlined
def _ones(word: np.uint64) -> np.int64:
    """Return how many bits of a word are set."""
    word = word - ((word >> ONE) & np.uint64(0x5555555555555555))
    word = (word & np.uint64(0x3333333333333333)) + (
        (word >> np.uint64(2)) & np.uint64(0x3333333333333333)
    )
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((word * np.uint64(0x0101010101010101)) >> np.uint64(56))


@inlined
def _ended(
    n: int,
    slot: int,
    own: int,
    starting: Floats,
    ending: Floats,
    working: Floats,
    least: Floats,
    held: Floats,
    size: int,
    has_end: bool,
    items: Ints,
    numbers: Floats,
) -> None:
    """Find when an item ends that is not finished: `passes._place`, from its start on."""
    is_open = items[n, STATE] == OPEN
    if is_open:
        for k in range(size):
            ending[slot, k] = starting[own, k] + working[own, k]
    elif items[n, STATE] == HELD:
        begin, since, resumes = numbers[n, WORK_FROM], numbers[n, EARLIEST], numbers[n, RESUMES]
        for k in range(size):
            pause = held[0, k] - resumes
            worked = (begin + pause) + working[own, k]
            is_later = pause > 0.0 and held[0, k] > worked
            ending[slot, k] = held[0, k] if is_later else worked
            working[own, k] = (begin + working[own, k]) - since
    else:
        begin, since = numbers[n, WORK_FROM], numbers[n, EARLIEST]
        for k in range(size):
            worked = begin + working[own, k]
            ending[slot, k] = worked
            working[own, k] = worked - since
    if has_end:
        for k in range(size):
            if least[0, k] > ending[slot, k]:
                ending[slot, k] = least[0, k]
                if is_open:
                    starting[own, k] = least[0, k] - working[own, k]


@inlined
def _followed(
    n: int,
    slot: int,
    own: int,
    starting: Floats,
    ending: Floats,
    working: Floats,
    size: int,
    items: Ints,
    numbers: Floats,
    links: Ints,
    gaps: Floats,
) -> None:
    """Find when an open item starts and ends that only follows the finishes of others.

    The same as the general way, in fewer walks over the block.
    """
    earliest = numbers[n, EARLIEST]
    first, last = items[n, EDGES], items[n + 1, EDGES] - 1
    if last < first:
        for k in range(size):
            starting[own, k] = earliest
            ending[slot, k] = earliest + working[own, k]
        return
    source = items[links[last, SOURCE], SLOT]
    gap = gaps[last]
    if last == first:
        for k in range(size):
            reached = ending[source, k] + gap
            start = reached if reached > earliest else earliest
            starting[own, k] = start
            ending[slot, k] = start + working[own, k]
        return
    for e in range(first, last - 1):
        before = items[links[e, SOURCE], SLOT]
        _latest(
            starting, own, earliest, ending, working, before, 0, size, gaps[e], False, e == first
        )
    other, other_gap = items[links[last - 1, SOURCE], SLOT], gaps[last - 1]
    is_pair = last - 1 == first
    if is_pair:
        for k in range(size):
            one, two = ending[other, k] + other_gap, ending[source, k] + gap
            start = one if one > earliest else earliest
            start = two if two > start else start
            starting[own, k] = start
            ending[slot, k] = start + working[own, k]
    else:
        for k in range(size):
            one, two = ending[other, k] + other_gap, ending[source, k] + gap
            start = starting[own, k]
            start = one if one > start else start
            start = two if two > start else start
            starting[own, k] = start
            ending[slot, k] = start + working[own, k]


@inlined
def _ends_of_triangular(
    n: int,
    slot: int,
    ending: Floats,
    bits: np.uint64,
    size: int,
    items: Ints,
    numbers: Floats,
    links: Ints,
    gaps: Floats,
) -> None:
    """Draw and pass an open item that follows at most three others, in one walk over the block.

    The same as `_triangular` and `_followed` where only its end is asked for: the roots of the
    draws, which take the processor longest, then go on while the ends of others are fetched.
    """
    low, high, cut = numbers[n, 0], numbers[n, 1], numbers[n, 2]
    rising, falling = numbers[n, 3], numbers[n, 4]
    earliest = numbers[n, EARLIEST]
    first, last = items[n, EDGES], items[n + 1, EDGES] - 1
    if last < first:
        for k in range(size):
            u = _mixed(bits)
            bits = bits + GOLDEN
            rises = u < cut
            root = np.sqrt(u * rising if rises else (1.0 - u) * falling)
            ending[slot, k] = earliest + (low + root if rises else high - root)
        return
    source, gap = items[links[first, SOURCE], SLOT], gaps[first]
    if last == first:
        for k in range(size):
            u = _mixed(bits)
            bits = bits + GOLDEN
            rises = u < cut
            root = np.sqrt(u * rising if rises else (1.0 - u) * falling)
            reached = ending[source, k] + gap
            start = reached if reached > earliest else earliest
            ending[slot, k] = start + (low + root if rises else high - root)
        return
    other, other_gap = items[links[first + 1, SOURCE], SLOT], gaps[first + 1]
    if last == first + 1:
        for k in range(size):
            u = _mixed(bits)
            bits = bits + GOLDEN
            rises = u < cut
            root = np.sqrt(u * rising if rises else (1.0 - u) * falling)
            one, two = ending[source, k] + gap, ending[other, k] + other_gap
            start = one if one > earliest else earliest
            start = two if two > start else start
            ending[slot, k] = start + (low + root if rises else high - root)
        return
    third, third_gap = items[links[last, SOURCE], SLOT], gaps[last]
    for k in range(size):
        u = _mixed(bits)
        bits = bits + GOLDEN
        rises = u < cut
        root = np.sqrt(u * rising if rises else (1.0 - u) * falling)
        one, two = ending[source, k] + gap, ending[other, k] + other_gap
        start = one if one > earliest else earliest
        start = two if two > start else start
        one = ending[third, k] + third_gap
        start = one if one > start else start
        ending[slot, k] = start + (low + root if rises else high - root)


@kernel(
    "void(u8[::1], i8[:,::1], f8[:,::1], i8[:,::1], f8[::1], i8[::1], i8, i8, i8, f8[:,::1],"
    "f8[::1], f8[:,::1], f8[:,::1], b1[:,::1], b1[::1], i8[::1], i8, i8, i8, i8, i8, b1, f8[::1],"
    "f8[:,::1], i8[::1])"
)
def futures(
    keys: Words,
    items: Ints,
    numbers: Floats,
    links: Ints,
    gaps: Floats,
    experiments: Ints,
    slots: int,
    own_rows: int,
    tail_count: int,
    beta: Floats,
    normal: Floats,
    given: Floats,
    delays: Floats,
    flags: Bools,
    ends: Bools,
    places: Ints,
    which: int,
    stop: int,
    first: int,
    until: int,
    block: int,
    is_critical: bool,
    finish: Floats,
    rows: Floats,
    counts: Ints,
) -> None:
    """Simulate the trials from `first` to before `until`, the first `stop` positions of a network.

    Fills `finish` with the latest end of the positions marked in `ends`, `rows[places[position]]`
    with the times that `which` names, and with `is_critical` adds to `counts`.
    """
    words = block // 64
    # Where starts and lengths lie in one row that nobody reads again, they need not be written.
    is_lean = not is_critical and own_rows == 1
    starting = np.zeros((own_rows, block))
    ending = np.zeros((slots, block))
    working = np.zeros((own_rows, block))
    tails = np.zeros((tail_count if is_critical else 1, block))
    least = np.zeros((1, block))
    latest = np.zeros((1, block))
    held = np.zeros((1, block))
    cells = np.zeros(block, np.uint64)
    binding = np.zeros((len(links) + 1 if is_critical else 1, words), np.uint64)
    critical = np.zeros((len(items) if is_critical else 1, words), np.uint64)
    for trial in range(first, until, block):
        size = min(block, until - trial)
        for k in range(size):
            latest[0, k] = -np.inf
        for n in range(stop):
            slot, own = items[n, SLOT], items[n, OWN]
            state = items[n, STATE]
            earliest = numbers[n, EARLIEST]
            if state == FINISHED:
                for k in range(size):
                    starting[own, k] = earliest
                    ending[slot, k] = numbers[n, END]
                    working[own, k] = numbers[n, END] - earliest
            elif (
                is_lean
                and items[n, KIND] == TRIANGULAR
                and items[n, SIMPLE] == 1
                and items[n, DELAY] < 0
                and items[n, FAILED] < 0
                and places[n] < 0
                and items[n + 1, EDGES] - items[n, EDGES] <= 3
            ):
                bits = keys[n] + GOLDEN * np.uint64(trial + 1)
                _ends_of_triangular(n, slot, ending, bits, size, items, numbers, links, gaps)
            else:
                _drawn(
                    working,
                    own,
                    cells,
                    trial,
                    size,
                    keys[n],
                    items,
                    numbers,
                    n,
                    beta,
                    normal,
                    given,
                )
                delay = items[n, DELAY]
                if delay >= 0:
                    for k in range(size):
                        working[own, k] = max(working[own, k] + delays[delay, trial + k], 0.0)
                taken = items[n, TAKEN]
                if items[n, SIMPLE] == 1:
                    _followed(
                        n, slot, own, starting, ending, working, size, items, numbers, links, gaps
                    )
                else:
                    has_start = False
                    has_end = False
                    is_held = False
                    for e in range(items[n, EDGES], items[n + 1, EDGES]):
                        before, percent = links[e, SOURCE], links[e, PERCENT] == 1
                        worker = items[before, OWN]
                        source = items[before, SLOT] if links[e, FROM_FINISH] == 1 else worker
                        times = ending if links[e, FROM_FINISH] == 1 else starting
                        if links[e, TO_START] == 0:
                            _latest(
                                least,
                                0,
                                -np.inf,
                                times,
                                working,
                                source,
                                worker,
                                size,
                                gaps[e],
                                percent,
                                not has_end,
                            )
                            has_end = True
                        elif state == OPEN:
                            _latest(
                                starting,
                                own,
                                earliest,
                                times,
                                working,
                                source,
                                worker,
                                size,
                                gaps[e],
                                percent,
                                not has_start,
                            )
                            has_start = True
                        elif state == HELD:
                            _latest(
                                held,
                                0,
                                numbers[n, RESUMES],
                                times,
                                working,
                                source,
                                worker,
                                size,
                                gaps[e],
                                percent,
                                not is_held,
                            )
                            is_held = True
                    if not has_start:
                        for k in range(size):
                            starting[own, k] = earliest
                    if taken >= 0:
                        for k in range(size):
                            if not flags[taken, trial + k]:
                                working[own, k] = 0.0
                    _ended(
                        n,
                        slot,
                        own,
                        starting,
                        ending,
                        working,
                        least,
                        held,
                        size,
                        has_end,
                        items,
                        numbers,
                    )
                failed = items[n, FAILED]
                if failed >= 0:
                    for k in range(size):
                        if flags[failed, trial + k]:
                            ending[slot, k] = np.inf
                if taken >= 0:
                    for k in range(size):
                        least[0, k] = -np.inf
                    for x in range(items[n, EXPERIMENTS], items[n + 1, EXPERIMENTS]):
                        source = items[experiments[x], SLOT]
                        for k in range(size):
                            least[0, k] = max(least[0, k], ending[source, k])
                    for k in range(size):
                        if not flags[taken, trial + k]:
                            starting[own, k] = least[0, k]
                            ending[slot, k] = least[0, k]
                if is_critical:
                    for e in range(items[n, EDGES], items[n + 1, EDGES]):
                        to_start = links[e, TO_START] == 1
                        if to_start and state == STARTED:
                            continue
                        worker = items[links[e, SOURCE], OWN]
                        from_finish = links[e, FROM_FINISH] == 1
                        bound, row = (starting, own) if to_start else (ending, slot)
                        if to_start and state == HELD:
                            bound, row = held, 0
                        _marks(
                            binding,
                            e,
                            ending if from_finish else starting,
                            items[links[e, SOURCE], SLOT] if from_finish else worker,
                            working,
                            worker,
                            gaps[e],
                            links[e, PERCENT] == 1,
                            bound,
                            row,
                            size,
                            words,
                        )
            if ends[n]:
                for k in range(size):
                    end = ending[slot, k]
                    latest[0, k] = end if end > latest[0, k] else latest[0, k]
            if is_critical and items[n, TAIL] >= 0:
                for k in range(size):
                    tails[items[n, TAIL], k] = ending[slot, k]
            place = places[n]
            if place >= 0:
                wanted = starting if which == STARTS else ending if which == FINISHES else working
                for k in range(size):
                    rows[place, trial + k] = wanted[slot if which == FINISHES else own, k]
        for k in range(size):
            finish[trial + k] = latest[0, k]
        if not is_critical:
            continue
        for n in range(stop):
            tail = items[n, TAIL]
            if tail >= 0:
                _marks(critical, n, tails, tail, working, 0, 0.0, False, latest, 0, size, words)
                for w in range(words):
                    for k in range(min(64, size - 64 * w)):
                        if latest[0, 64 * w + k] == np.inf:
                            critical[n, w] &= ~(ONE << np.uint64(k))
            else:
                for w in range(words):
                    critical[n, w] = NONE
        for n in range(stop - 1, -1, -1):
            state = items[n, STATE]
            if state == FINISHED:
                continue
            if items[n, TAKEN] >= 0:
                for w in range(words):
                    left = max(0, min(64, size - 64 * w))
                    critical[n, w] &= _packed(flags, items[n, TAKEN], trial + 64 * w, left)
            for w in range(words):
                counts[n] += _ones(critical[n, w])
            for e in range(items[n, EDGES], items[n + 1, EDGES]):
                if links[e, TO_START] == 1 and state == STARTED:
                    continue
                source = links[e, SOURCE]
                for w in range(words):
                    critical[source, w] |= critical[n, w] & binding[e, w]


@kernel("void(u8[::1], i8[::1], i8[:,::1])")
def graded(keys: Words, ranks: Ints, sums: Ints) -> None:
    """Add up, for each key, the products of its grades with `ranks`, the grades, their squares."""
    for n in range(len(keys)):
        bits = keys[n] + GOLDEN
        products, total, squares = np.int64(0), np.int64(0), np.int64(0)
        for k in range(len(ranks)):
            mixed = (bits ^ (bits >> BY_30)) * FIRST
            mixed = (mixed ^ (mixed >> BY_27)) * SECOND
            mixed = mixed ^ (mixed >> BY_31)
            bits = bits + GOLDEN
            grade = np.int64(mixed >> np.uint64(44)) * 2 + 1 - (1 << 20)
            products += grade * ranks[k]
            total += grade
            squares += grade * grade
        sums[n, 0], sums[n, 1], sums[n, 2] = products, total, squares


@inlined
def _waited(
    n: int,
    start: float,
    needs: Ints,
    first: int,
    last: int,
    free: Floats,
    holder: Ints,
    waits: Ints,
) -> float:
    """Return when the units of an item are free, and note whom it waits for: `Pools.wait`."""
    waits[n] = -1
    for i in range(first, last):
        unit = needs[i, POOL] + needs[i, UNITS] - 1
        if free[unit] > start:
            start = free[unit]
            waits[n] = holder[unit]
    return start


@inlined
def _occupied(
    n: int, until: float, needs: Ints, first: int, last: int, free: Floats, holder: Ints
) -> None:
    """Hold the units that come free first until the work ends: `Pools.occupy`."""
    for i in range(first, last):
        begin, units, end = needs[i, POOL], needs[i, UNITS], needs[i, POOL_END]
        place = begin
        while place + units < end and free[place + units] < until:
            free[place] = free[place + units]
            holder[place] = holder[place + units]
            place += 1
        for unit in range(place, place + units):
            free[unit] = until
            holder[unit] = n


@kernel(
    "void(u8[::1], i8[:,::1], f8[:,::1], i8[:,::1], f8[::1], i8[::1], i8[:,::1], i8, f8[:,::1],"
    "f8[::1], f8[:,::1], f8[:,::1], b1[:,::1], b1[::1], i8[::1], i8, i8, i8, b1, f8[::1],"
    "f8[:,::1], i8[::1])"
)
def limited(
    keys: Words,
    items: Ints,
    numbers: Floats,
    links: Ints,
    gaps: Floats,
    experiments: Ints,
    needs: Ints,
    units: int,
    beta: Floats,
    normal: Floats,
    given: Floats,
    delays: Floats,
    flags: Bools,
    ends: Bools,
    places: Ints,
    which: int,
    first: int,
    until: int,
    is_critical: bool,
    finish: Floats,
    rows: Floats,
    counts: Ints,
) -> None:
    """Simulate as `futures` does, where items wait for resources too: one trial after the other.

    Positions are the order in which items are placed; `pools` says by which policy.
    """
    count = len(keys)
    drawn = np.zeros((count, ABREAST))
    cells = np.zeros(ABREAST, np.uint64)
    start, end, lasting = np.zeros(count), np.zeros(count), np.zeros(count)
    waits = np.zeros(count, np.int64)
    held = np.zeros(count)
    marked = np.zeros(count, np.bool_)
    free = np.zeros(units)
    holder = np.zeros(units, np.int64)
    for block in range(first, until, ABREAST):
        size = min(ABREAST, until - block)
        for n in range(count):
            if items[n, STATE] == FINISHED:
                continue
            _drawn(drawn, n, cells, block, size, keys[n], items, numbers, n, beta, normal, given)
            delay, taken = items[n, DELAY], items[n, TAKEN]
            if delay >= 0:
                for k in range(size):
                    drawn[n, k] = max(drawn[n, k] + delays[delay, block + k], 0.0)
            if taken >= 0:
                for k in range(size):
                    if not flags[taken, block + k]:
                        drawn[n, k] = 0.0
        for k in range(size):
            trial = block + k
            latest = -np.inf
            for unit in range(units):
                free[unit] = 0.0
                holder[unit] = -1
            for n in range(count):
                state, earliest = items[n, STATE], numbers[n, EARLIEST]
                if state == FINISHED:
                    start[n], end[n] = earliest, numbers[n, END]
                    lasting[n] = numbers[n, END] - earliest
                    waits[n] = -1
                else:
                    begin, least = earliest, -np.inf
                    held[n] = numbers[n, RESUMES]
                    for e in range(items[n, EDGES], items[n + 1, EDGES]):
                        source = links[e, SOURCE]
                        reached = end[source] if links[e, FROM_FINISH] == 1 else start[source]
                        if links[e, PERCENT] == 1:
                            reached = reached + lasting[source] * gaps[e]
                        else:
                            reached = reached + gaps[e]
                        if links[e, TO_START] == 0:
                            least = max(least, reached)
                        elif state == OPEN:
                            begin = max(begin, reached)
                        elif state == HELD:
                            held[n] = max(held[n], reached)
                    lo, hi = items[n, NEEDS], items[n + 1, NEEDS]
                    waits[n] = -1
                    if state == OPEN:
                        begin = _waited(n, begin, needs, lo, hi, free, holder, waits)
                    work = drawn[n, k]
                    since = begin if state == OPEN else numbers[n, WORK_FROM]
                    worked = since + work
                    if state == HELD:
                        pause = held[n] - numbers[n, RESUMES]
                        worked = (since + pause) + work
                        if pause > 0.0:
                            worked = max(worked, held[n])
                    ended = max(worked, least)
                    if state == OPEN and least > worked:
                        begin = least - work
                    if items[n, FAILED] >= 0 and flags[items[n, FAILED], trial]:
                        ended = np.inf
                    is_done = True
                    if items[n, TAKEN] >= 0 and not flags[items[n, TAKEN], trial]:
                        is_done = False
                        settled = -np.inf
                        for x in range(items[n, EXPERIMENTS], items[n + 1, EXPERIMENTS]):
                            settled = max(settled, end[experiments[x]])
                        begin, ended = settled, settled
                    start[n], end[n] = begin, ended
                    lasting[n] = work if state == OPEN else (since + work) - begin
                    if is_done and begin < np.inf:
                        _occupied(n, worked, needs, lo, hi, free, holder)
                if ends[n]:
                    latest = max(latest, end[n])
                if places[n] >= 0:
                    wanted = start[n] if which == STARTS else end[n]
                    rows[places[n], trial] = lasting[n] if which == LASTING else wanted
            finish[trial] = latest
            if not is_critical or latest == np.inf:
                continue
            for n in range(count):
                marked[n] = end[n] >= latest - TOLERANCE
            for n in range(count - 1, -1, -1):
                state = items[n, STATE]
                if items[n, TAKEN] >= 0 and not flags[items[n, TAKEN], trial]:
                    marked[n] = False
                if state == FINISHED:
                    marked[n] = False
                if not marked[n]:
                    continue
                counts[n] += 1
                for e in range(items[n, EDGES], items[n + 1, EDGES]):
                    to_start = links[e, TO_START] == 1
                    if to_start and state == STARTED:
                        continue
                    source = links[e, SOURCE]
                    reached = end[source] if links[e, FROM_FINISH] == 1 else start[source]
                    if links[e, PERCENT] == 1:
                        reached = reached + lasting[source] * gaps[e]
                    else:
                        reached = reached + gaps[e]
                    bound = start[n] if to_start else end[n]
                    if to_start and state == HELD:
                        bound = held[n]
                    if reached >= bound - TOLERANCE:
                        marked[source] = True
                if waits[n] >= 0:
                    marked[waits[n]] = True
