"""Levelling beside others, in CPU seconds: `python -m benchmarks.levelling FOLDER`.

FOLDER holds PSPLIB instances (`.sm`, which carry no licence and are not shipped) and `bounds.csv`
(problem, lb, ub). The gap is to the best known makespan. `--peers PYTHON` names an interpreter with
ortools and pyjobshop. Every schedule of ours is verified.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import mean

from benchmarks.people import list_rule, people_plan, task_juggler
from benchmarks.timing import best_of
from headway.analysis.schedule.levelling.problem import (
    Budget,
    Levelling,
    Link,
    Problem,
    Status,
    constant,
)
from headway.analysis.schedule.levelling.search import improve, level
from headway.analysis.schedule.levelling.verification import violations
from headway.analysis.schedule.readers import read_plan

LEVEL = Path(__file__).parent / "peers" / "level.py"
PEERS = Path(__file__).parents[1] / ".venv-peers" / "bin" / "python"
SETS = {"J30": "j30", "J60": "j60", "J90": "j90", "J120": "j120"}
#: One second on two cores.
SECONDS = 2.0


def measure() -> Iterator[tuple[str, float, float]]:
    """Yield what needs no instances: the first answer, and people who do one thing at a time."""
    problem, links = people_plan(seed=20261123)
    next(improve(problem, Budget(prove=False)))
    floor = best_of(3, lambda: list_rule(problem, links), time.process_time)
    first = best_of(3, lambda: next(improve(problem, Budget(1, prove=False))), time.process_time)
    yield "first answer, 1,000 items", first, floor
    days = list_rule(problem, links)
    begun = time.process_time()
    answer = level(problem, Budget(None, 0.09, time.process_time, prove=False))
    ours = time.process_time() - begun
    shown = f"{answer.schedule.makespan} days (list rule {days})"
    yield f"1,000 tasks of 20 people: {shown}", ours, task_juggler(problem, links) or floor


def main() -> None:
    """Print the gap of each solver to the best known makespan, set by set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="CPU seconds an instance")
    parser.add_argument("--peers", type=Path, default=PEERS, help="Python with pyjobshop")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    known = {
        row["problem"]: int(row["ub"])
        for row in csv.DictReader((asked.folder / "bounds.csv").open())
    }
    solvers: dict[str, Callable[[Problem], tuple[int, bool, float]]] = {
        "headway": lambda problem: ours(problem, asked.seconds, asked.seed)
    }
    if asked.peers.exists():
        for peer in ("pyjobshop", "cp-sat"):
            solvers[peer] = lambda problem, peer=peer: peers(
                peer, problem, asked.seconds, asked.peers
            )
    print(f"{'set':6}{'solver':12}{'gap %':>8}{'proved':>9}{'CPU s':>8}")
    for title, prefix in SETS.items():
        names = [name for name in known if name.startswith(prefix)]
        problems = {name: read(asked.folder / f"{name}.sm") for name in names}
        for solver, solve in solvers.items():
            if not names:
                continue
            found = {name: solve(problems[name]) for name in names}
            gap = mean(100 * (found[name][0] / known[name] - 1) for name in names)
            proved = sum(proved for _, proved, _ in found.values())
            spent = mean(seconds for _, _, seconds in found.values())
            shown = f"{proved}/{len(names)}"
            print(f"{title:6}{solver:12}{gap:8.2f}{shown:>9}{spent:8.2f}", flush=True)


def read(path: Path) -> Problem:
    """Return the instance in a file."""
    plan = read_plan(path.read_bytes(), path.name)
    place = {item.id: number for number, item in enumerate(plan.items)}
    return Problem(
        [round(item.estimate.most_likely) if item.estimate else 0 for item in plan.items],
        [[round(item.needs.get(r.name, 0)) for r in plan.resources] for item in plan.items],
        constant(*(round(resource.capacity) for resource in plan.resources)),
        [
            Link(place[link.predecessor], place[item.id])
            for item in plan.items
            for link in item.after
        ],
    )


def ours(problem: Problem, seconds: float, seed: int) -> tuple[int, bool, float]:
    """Return our makespan, whether it is proved, and the CPU seconds."""
    next(improve(problem, Budget(20, prove=False)))
    begun = time.process_time()
    found: Levelling = level(problem, Budget(None, seconds, time.process_time, seed))
    spent = time.process_time() - begun
    broken = violations(problem, found.schedule)
    if broken:
        raise RuntimeError(broken[0])
    return found.schedule.makespan, found.status is Status.OPTIMAL, spent


def peers(peer: str, problem: Problem, seconds: float, python: Path) -> tuple[int, bool, float]:
    """Return the same of another solver; one that finds nothing has done all in turn."""
    asked = {
        "solver": peer,
        "seconds": seconds,
        "durations": problem.durations.tolist(),
        "demands": problem.demands.tolist(),
        "capacities": [steps[0][1] for steps in problem.capacities],
        "links": problem.links[:, :2].tolist(),
    }
    done = subprocess.run(
        [str(python), str(LEVEL)], input=json.dumps(asked), capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    found = json.loads(done.stdout)
    makespan = found["makespan"] or int(problem.durations.sum())
    return makespan, bool(found["proved"]), float(found["seconds"])


if __name__ == "__main__":
    main()
