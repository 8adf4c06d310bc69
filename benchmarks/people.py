"""A plan of many people who each do one thing at a time, and others who level it."""

from __future__ import annotations

import csv
import resource
import shutil
import subprocess
import tempfile
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from headway.analysis.schedule.levelling.problem import Link, Problem, constant

START = date(2026, 1, 5)
WINDOW = 40


def people_plan(seed: int, size: int = 1_000, people: int = 20) -> tuple[Problem, list[Link]]:
    """Return tasks of 1-10 days, each of one person, after 1-3 of the 40 tasks before it."""
    draw = np.random.default_rng(seed)
    durations = draw.integers(1, 11, size)
    demands = np.zeros((size, people), dtype=np.int64)
    demands[np.arange(size), draw.integers(0, people, size)] = 1
    links = [
        Link(before, after)
        for after in range(1, size)
        for before in sorted(
            set(draw.integers(max(0, after - WINDOW), after, draw.integers(1, 4)).tolist())
        )
    ]
    return Problem(durations, demands, constant(*[1] * people), links), links


def list_rule(problem: Problem, links: list[Link]) -> int:
    """Return the days of plain serial scheduling by the longest tail, in plain Python."""
    durations, who = problem.durations.tolist(), problem.demands.argmax(axis=1).tolist()
    tails, before = list(durations), [[] for _ in durations]
    for link in sorted(links, key=lambda link: -link.after):
        tails[link.before] = max(tails[link.before], durations[link.before] + tails[link.after])
        before[link.after].append(link.before)
    busy: list[set[int]] = [set() for _ in range(problem.resources)]
    finishes = [0] * len(durations)
    for task in sorted(range(len(durations)), key=lambda task: (-tails[task], task)):
        day, held = max((finishes[first] for first in before[task]), default=0), busy[who[task]]
        while not held.isdisjoint(range(day, day + durations[task])):
            day += 1
        finishes[task] = day + durations[task]
        held.update(range(day, finishes[task]))
    return max(finishes)


def task_juggler(problem: Problem, links: list[Link]) -> float | None:
    """Return the CPU seconds of TaskJuggler, and print its days; None without `tj3`."""
    if shutil.which("tj3") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "plan.tjp").write_text(_tjp(problem, links), encoding="utf-8")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(["tj3", "plan.tjp"], cwd=folder, capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        rows = csv.DictReader((Path(folder) / "out.csv").open(), delimiter=";")
        last = max(date.fromisoformat(row["End"]) for row in rows)
    days = int(np.busday_count(START, last + timedelta(days=1)))
    print(f"TaskJuggler: {days} working days")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _tjp(problem: Problem, links: list[Link]) -> str:
    before: list[list[str]] = [[] for _ in range(problem.size)]
    for link in links:
        before[link.after].append(f"!t{link.before}")
    who = problem.demands.argmax(axis=1).tolist()
    tasks = "\n".join(
        f'task t{task} "t{task}" {{ effort {days}d allocate p{who[task]}'
        + (f" depends {', '.join(before[task])}" if before[task] else "")
        + " }"
        for task, days in enumerate(problem.durations.tolist())
    )
    people = "\n".join(f'resource p{number} "p{number}"' for number in range(problem.resources))
    return (
        f'project plan "plan" {START} +6y {{ timeformat "%Y-%m-%d" dailyworkinghours 8\n'
        f"workinghours mon - fri 9:00 - 17:00 }}\n{people}\n{tasks}\n"
        'taskreport "out" { formats csv columns id, end timeformat "%Y-%m-%d" }\n'
    )
