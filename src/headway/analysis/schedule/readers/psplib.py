"""The single-mode files of PSPLIB (`.sm`): jobs, what follows them, what they hold.

Kolisch and Sprecher, European Journal of Operational Research 96 (1996), 205-216. Ids are the job
numbers, the dummies at both ends included; times are plain numbers from 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from headway.analysis.schedule.plan import Estimate, Item, Link, Plan, Resource
from headway.analysis.schedule.soundness import MOST_ITEMS
from headway.errors import Invalid, Problem

MOST_RESOURCES = 1_000
#: The longest number: no duration or demand needs more digits.
MOST_DIGITS = 9
_SECTIONS = {
    "PRECEDENCE RELATIONS:": "relations",
    "REQUESTS/DURATIONS:": "requests",
    "RESOURCEAVAILABILITIES:": "capacities",
}
_KINDS = re.compile(r"-\s*(renewable|nonrenewable|doubly constrained)\s*:\s*(\d{1,9})\b")
_JOBS = re.compile(r"jobs\s*\(incl[^)]*\)\s*:\s*(\d{1,9})\b")


@dataclass(slots=True)
class _File:
    """The rows of numbers of each section, with their lines; and what is wrong."""

    jobs: int = -1
    kinds: dict[str, int] = field(default_factory=dict)
    rows: dict[str, list[tuple[int, list[int]]]] = field(
        default_factory=lambda: {name: [] for name in _SECTIONS.values()}
    )
    problems: list[Problem] = field(default_factory=list)

    def note(self, line: int, sentence: str) -> None:
        self.problems.append(Problem(f"line {line}", sentence))


def read_psplib(text: str, name: str) -> tuple[Plan, list[Problem]]:
    """Return the plan and the problems of its rows.

    Raises Invalid when a section is missing, or there are more jobs or resources than allowed.
    """
    file = _sections(text)
    _require_form(file, name)
    resources = _resources(file)
    after = _relations(file)
    items = tuple(_items(file, after, resources))
    if not file.problems and len(items) != file.jobs:
        file.note(
            1, f"The file announces {file.jobs} jobs and requests {len(items)}; add the rest."
        )
    return Plan(name=name, items=items, resources=resources), file.problems


def _sections(text: str) -> _File:
    file, section = _File(), ""
    for number, line in enumerate(text.splitlines(), 1):
        said = line.strip()
        if said.startswith("***"):
            section = ""
        elif said in _SECTIONS:
            section = _SECTIONS[said]
        elif section and re.match(r"-?\d", said):
            cells = said.split()
            if all(re.fullmatch(rf"\d{{1,{MOST_DIGITS}}}", cell) for cell in cells):
                file.rows[section].append((number, [int(cell) for cell in cells]))
            else:
                sentence = f"The row {said[:60]!r} has something other than whole numbers."
                file.note(number, f"{sentence} Correct it.")
        elif found := _JOBS.search(said):
            file.jobs = int(found[1])
        elif found := _KINDS.search(said):
            file.kinds[found[1]] = int(found[2])
    return file


def _require_form(file: _File, name: str) -> None:
    missing = [title for title, key in _SECTIONS.items() if not file.rows[key]]
    if (missing or file.jobs < 0) and not file.problems:
        what = missing[0] if missing else "jobs (incl. supersource/sink ):"
        sentence = f"{name} has nothing under {what!r}; a PSPLIB file has it. Export it again."
        raise Invalid(sentence)
    if len(file.rows["requests"]) > MOST_ITEMS or file.jobs > MOST_ITEMS:
        jobs = max(len(file.rows["requests"]), file.jobs)
        sentence = f"{name} has {jobs:,} jobs; the most is {MOST_ITEMS:,}. Split it."
        raise Invalid(sentence)
    if sum(file.kinds.values()) > MOST_RESOURCES:
        sentence = (
            f"{name} has {sum(file.kinds.values()):,} resources; "
            f"the most is {MOST_RESOURCES:,}. Leave out those that nobody needs."
        )
        raise Invalid(sentence)
    for kind in ("nonrenewable", "doubly constrained"):
        if file.kinds.get(kind):
            sentence = (
                f"{name} has {file.kinds[kind]} {kind} resources; "
                "only renewable ones can be levelled. Remove them."
            )
            raise Invalid(sentence)


def _resources(file: _File) -> tuple[Resource, ...]:
    count = file.kinds.get("renewable", 0)
    rows = file.rows["capacities"]
    if not rows:
        return ()
    line, levels = rows[0]
    if len(rows) > 1 or len(levels) != count:
        file.note(line, f"There are {count} renewable resources and {len(levels)} capacities here.")
    levels = [*levels, *[1] * count][:count]
    return tuple(
        Resource(f"R{number}", float(level), line=line) for number, level in enumerate(levels, 1)
    )


def _relations(file: _File) -> Mapping[int, list[int]]:
    """Return the jobs that come before each job."""
    after: dict[int, list[int]] = {}
    seen = set()
    for line, row in file.rows["relations"]:
        if len(row) < 3 or len(row) != 3 + row[2]:
            said = row[2] if len(row) > 2 else "no"
            sentence = f"Job {row[0]} announces {said} successors and lists {max(len(row) - 3, 0)}."
            file.note(line, f"{sentence} Make them equal.")
            continue
        if row[1] != 1:
            file.note(line, f"Job {row[0]} has {row[1]} modes; only one can be read.")
        if row[0] in seen:
            file.note(line, f"Job {row[0]} has a second row of successors; remove one.")
        seen.add(row[0])
        for follower in dict.fromkeys(row[3:]):
            after.setdefault(follower, []).append(row[0])
    if file.rows["relations"] and len(file.rows["relations"]) != file.jobs:
        line, rows = file.rows["relations"][0][0], len(file.rows["relations"])
        file.note(line, f"The file announces {file.jobs} jobs and relates {rows}; give each a row.")
    known = {row[0] for _, row in file.rows["requests"]}
    for follower in sorted(set(after) - known):
        line = next(line for line, row in file.rows["relations"] if follower in row[3:])
        file.note(line, f"Job {follower} follows others and has no duration; add its row.")
    return after


def _items(
    file: _File, after: Mapping[int, list[int]], resources: tuple[Resource, ...]
) -> Iterator[Item]:
    for line, row in file.rows["requests"]:
        if len(row) != 3 + len(resources):
            sentence = f"Job {row[0]} has {max(len(row) - 3, 0)} requests for {len(resources)}"
            file.note(line, f"{sentence} resources; give one for each.")
            continue
        needs = {
            resource.name: float(asked)
            for resource, asked in zip(resources, row[3:], strict=True)
            if asked
        }
        yield Item(
            id=str(row[0]),
            estimate=Estimate.certain(float(row[2])),
            after=tuple(Link(str(first)) for first in after.get(row[0], ())),
            needs=needs,
            line=line,
        )
