"""The best of a few runs: what the machine can do when nobody else asks for it."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable


def best_of(
    times: int, work: Callable[[], object], clock: Callable[[], float] = time.perf_counter
) -> float:
    """Return the least seconds that `work` took by `clock` (wall), `times` tried."""
    found = []
    for _ in range(times):
        begun = clock()
        work()
        found.append(clock() - begun)
    return min(found)


def cpu_of(times: int, work: Callable[[], object]) -> float:
    """Return the least CPU seconds that `work` and its child processes took, `times` tried."""
    found = []
    for _ in range(times):
        begun = _cpu_seconds()
        work()
        found.append(_cpu_seconds() - begun)
    return min(found)


def _cpu_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)
