"""The simulation and the critical path against plain NumPy and named peers, in CPU seconds.

The peers do what they do (pmcontrols: PERT and criticality; TruePPM: a calendar and sensitivity;
cost-core: triangular factors, criticality and cost); each is set beside our row that does as much.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.generated import dated, naive, network, with_resources
from benchmarks.peers import peer_seconds
from benchmarks.timing import cpu_of
from headway.analysis import compiled
from headway.analysis.schedule.critical_path import critical_path
from headway.analysis.schedule.draws import draw
from headway.analysis.schedule.futures import KERNELS, CompiledRun
from headway.analysis.schedule.passes import forward
from headway.analysis.schedule.plan import Distribution
from headway.analysis.schedule.pools import pools_of
from headway.analysis.schedule.ranking import cruciality
from headway.analysis.schedule.simulation import Settings, frame_of, simulate

TRIALS = 10_000
Row = tuple[str, float, float]


def measure() -> Iterator[Row]:
    """Yield (claim, our CPU seconds, the floor's or the peer's)."""
    compiled.load(KERNELS)
    yield from _triangular()
    yield from _everything()
    yield from _ten_thousand()
    yield from _limited()
    yield from _critical_path()
    yield _cold()


def _triangular() -> Iterator[Row]:
    plan = network(1_000)
    floor = cpu_of(5, lambda: naive(plan, TRIALS))
    frame = frame_of(plan)
    run = CompiledRun(frame, draw(plan, frame.timings, 0, TRIALS, held=False))
    ours = cpu_of(15, lambda: run.finish_of(frame.last))
    yield "1,000 items, triangular, finish; against NumPy", ours, floor
    whole = cpu_of(5, lambda: np.sort(simulate(plan).finish))
    yield "the same from the plan on, network and all", whole, floor


def _everything() -> Iterator[Row]:
    plan = network(1_000, Distribution.PERT)

    def ours_of() -> None:
        simulation = simulate(plan)
        _ = (simulation.criticality, np.sort(simulation.finish), cruciality(simulation))

    ours = cpu_of(5, ours_of)
    floor = cpu_of(3, lambda: naive(plan, TRIALS))
    yield "PERT, criticality, cruciality; NumPy: finish only", ours, floor
    for peer in ("pmcontrols", "trueppm", "cost-core"):
        theirs = peer_seconds(peer, plan, TRIALS)
        if theirs is not None:
            yield f"the same; against {peer}", ours, theirs


def _ten_thousand() -> Iterator[Row]:
    plan = network(10_000, Distribution.PERT)
    frame = frame_of(plan)
    run = CompiledRun(frame, draw(plan, frame.timings, 0, TRIALS, held=False))

    def ours_of() -> None:
        run.__dict__.pop("critical_counts", None)
        _ = run.critical_counts

    ours = cpu_of(3, ours_of)
    floor = cpu_of(1, lambda: naive(plan, TRIALS))
    yield "10,000 items, PERT, criticality; NumPy: finish only", ours, floor
    yield "the same from the plan on", cpu_of(2, lambda: simulate(plan).criticality), floor


def _limited() -> Iterator[Row]:
    plan = with_resources(network(1_000))
    asked = Settings(trials=1_000, respect_resources=True)
    ours = cpu_of(5, lambda: simulate(plan, asked).finish)
    frame = frame_of(plan)
    late = list(critical_path(frame).late_start.values())
    draws = draw(plan, frame.timings, 0, 1_000)
    floor = cpu_of(
        2, lambda: forward(frame, draws, pools_of(plan, frame.network, late, 1_000)).finish
    )
    yield "4 resources respected, 1,000 trials; our NumPy", ours, floor


def _critical_path() -> Iterator[Row]:
    plan = dated(network(10_000))
    frame = frame_of(plan)

    def ours_of() -> None:
        path, time = critical_path(frame), frame.time
        for starts in (path.early_start, path.late_start):
            time.dates_of_start(np.fromiter(starts.values(), float))
        for ends in (path.early_finish, path.late_finish):
            time.dates_of_finish(np.fromiter(ends.values(), float))

    ours = cpu_of(7, ours_of)
    for peer in ("pmcontrols", "trueppm"):
        theirs = peer_seconds(peer, plan, 0)
        if theirs is not None:
            yield f"critical path, 10,000 items, dates; {peer}", ours, theirs


def _cold() -> Row:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "plan.yaml")
        rows = [
            f"  - {{id: {item.id}, estimate: {[round(n, 2) for n in item.estimate.numbers]},"
            f" after: [{', '.join(link.predecessor for link in item.after)}]}}"
            for item in network(100).items
            if item.estimate
        ]
        file.write_text("plan: cold\ncalendar: none\nitems:\n" + "\n".join(rows) + "\n")
        headway = str(Path(sys.executable).with_name("headway"))
        ours = cpu_of(3, lambda: _silent([headway, "forecast", str(file)]))
    return "cold `headway forecast`, 100 items; python -c pass", ours, cpu_of(3, _nothing)


def _nothing() -> None:
    _silent([sys.executable, "-c", "pass"])


def _silent(command: list[str]) -> None:
    subprocess.run(command, capture_output=True, check=True)
