"""Level one problem with a solver of others; JSON in, JSON out. Runs in the peers' environment.

Each gets as much CPU as it is told, whatever the machine does beside it: CP-SAT is stopped when its
process has used it; PyJobShop, which knows wall time only, is asked again with a longer limit.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from typing import Any

WORKERS = 2


def main() -> None:
    """Print the makespan (null: none found), whether it was proved, and the CPU seconds."""
    asked = json.load(sys.stdin)
    solve = {"cp-sat": cp_sat, "pyjobshop": pyjobshop}[asked["solver"]]
    print(json.dumps(solve(asked)))


def cp_sat(asked: dict[str, Any]) -> dict[str, Any]:
    """Solve with OR-tools' CP-SAT alone, with two workers."""
    from ortools.sat.python import cp_model

    model: Any = cp_model.CpModel()
    horizon = sum(asked["durations"])
    starts = [model.new_int_var(0, horizon, "") for _ in asked["durations"]]
    intervals = [
        model.new_fixed_size_interval_var(start, duration, "")
        for start, duration in zip(starts, asked["durations"], strict=True)
    ]
    makespan = model.new_int_var(0, horizon, "")
    for start, duration in zip(starts, asked["durations"], strict=True):
        model.add(makespan >= start + duration)
    for before, after in asked["links"]:
        model.add(starts[after] >= starts[before] + asked["durations"][before])
    for number, capacity in enumerate(asked["capacities"]):
        demands = [row[number] for row in asked["demands"]]
        model.add_cumulative(intervals, demands, capacity)
    model.minimize(makespan)
    return _stopped(cp_model, model, asked["seconds"])


def _stopped(cp_model: Any, model: Any, seconds: float) -> dict[str, Any]:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = WORKERS
    begun = time.process_time()
    finished = threading.Event()

    def watch() -> None:
        while not finished.wait(0.01):
            if time.process_time() - begun >= seconds:
                solver.stop_search()

    watcher = threading.Thread(target=watch)
    watcher.start()
    status = solver.solve(model)
    finished.set()
    watcher.join()
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return {
        "makespan": round(solver.objective_value) if found else None,
        "proved": status == cp_model.OPTIMAL,
        "seconds": time.process_time() - begun,
    }


def pyjobshop(asked: dict[str, Any]) -> dict[str, Any]:
    """Solve with PyJobShop on OR-tools, with two workers."""
    from pyjobshop import Model

    limit = asked["seconds"] / WORKERS
    for _ in range(4):
        model = Model()
        resources = [model.add_renewable(capacity) for capacity in asked["capacities"]]
        tasks = [model.add_task() for _ in asked["durations"]]
        for task, duration, demands in zip(
            tasks, asked["durations"], asked["demands"], strict=True
        ):
            model.add_mode(task, resources, duration, demands)
        for before, after in asked["links"]:
            model.add_end_before_start(tasks[before], tasks[after])
        begun = time.process_time()
        found = model.solve(solver="ortools", time_limit=limit, num_workers=WORKERS, display=False)
        used = time.process_time() - begun
        proved = found.status.value == "Optimal"
        if proved or used >= 0.9 * asked["seconds"]:
            break
        limit *= min(8.0, asked["seconds"] / max(used, 0.01))
    none = found.objective == float("inf")
    return {"makespan": None if none else round(found.objective), "proved": proved, "seconds": used}


if __name__ == "__main__":
    main()
