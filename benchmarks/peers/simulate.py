"""Run by the peers' own interpreter: one simulation of a plan on standard input, its CPU seconds.

Making the peer's own objects from the rows is not counted.
"""

import json
import math
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta


def of_pmcontrols(rows: list, trials: int) -> Callable[[], object]:
    """PERT-beta and criticality; with 0 trials the critical path."""
    from pmcontrols import network

    listed = [
        {
            "id": row["id"],
            "predecessors": row["after"],
            "duration": row["range"][1],
            **dict(zip("amb", row["range"], strict=True)),
        }
        for row in rows
    ]
    if not trials:
        return lambda: network.cpm(listed)
    return lambda: network.pert(listed, n_sim=trials)


def of_trueppm(rows: list, trials: int) -> Callable[[], object]:
    """PERT-beta over a calendar, with its sensitivity; it takes whole days only."""
    from trueppm_scheduler import engine, models

    tasks = [
        models.Task(
            row["id"],
            row["id"],
            timedelta(days=round(row["range"][1])),
            optimistic_duration=timedelta(days=math.floor(row["range"][0])),
            most_likely_duration=timedelta(days=round(row["range"][1])),
            pessimistic_duration=timedelta(days=math.ceil(row["range"][2])),
        )
        for row in rows
    ]
    links = [models.Dependency(source, row["id"]) for row in rows for source in row["after"]]
    project = models.Project("p", "p", date(2026, 1, 5), tasks, links)
    if not trials:
        return lambda: engine.schedule(project)
    return lambda: engine.monte_carlo(project, runs=trials, seed=0)


def of_cost_core(rows: list, trials: int) -> Callable[[], object]:
    """Triangular factors, criticality, and cost beside it."""
    from cost_core.schedule import jcl

    listed = [
        jcl.Activity(
            row["id"],
            row["range"][1],
            {
                "type": "triangular",
                "left": row["range"][0] / row["range"][1],
                "mode": 1.0,
                "right": row["range"][2] / row["range"][1],
            },
            tuple(row["after"]),
        )
        for row in rows
    ]
    project = jcl.Project(listed)
    return lambda: jcl.simulate(project, n_iter=trials, seed=0)


def main() -> None:
    """Answer on standard output."""
    asked = json.load(sys.stdin)
    peers = {"pmcontrols": of_pmcontrols, "trueppm": of_trueppm, "cost-core": of_cost_core}
    work = peers[asked["peer"]](asked["items"], asked["trials"])
    found = []
    for _ in range(asked["tries"]):
        begun = time.process_time()
        work()
        found.append(time.process_time() - begun)
    print(json.dumps({"seconds": min(found)}))


if __name__ == "__main__":
    main()
