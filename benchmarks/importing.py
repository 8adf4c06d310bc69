"""Previewing and importing a table of 100,000 rows, against csv.reader over the same bytes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from benchmarks.timing import best_of

ROWS = 100_000
#: Of these rows, in percent: finished long ago, as in any tracker of some years.
FINISHED = 85
_AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
_HEAD = "Issue key,Summary,Issue Type,Status,Assignee,Created,Started,Resolved,Due date,Estimate"


def table(rows: int = ROWS) -> bytes:
    """Return a tracker's export: keys, names, states, four dates, an estimate, some links."""
    held = io.StringIO()
    write = csv.writer(held).writerow
    write([*_HEAD.split(","), "Predecessors"])
    first = date(2021, 1, 4)
    for number in range(1, rows + 1):
        is_done = number * 100 <= rows * FINISHED
        made = first + timedelta(days=number * 2_100 // rows)
        days = 1 + number * 7 % 13
        write(
            [
                f"ML-{number}",
                f"Check the labels of batch {number}, and note what is wrong with them",
                ("Story", "Task", "Bug")[number % 3],
                "Done" if is_done else "In Progress" if number % 5 == 0 else "To Do",
                ("Ines Duarte", "Bo Lindqvist", "Amara Nwosu", "Jun Sato")[number % 4],
                made,
                made + timedelta(days=2) if is_done or number % 5 == 0 else "",
                made + timedelta(days=2 + days * (1 + number % 2)) if is_done else "",
                made + timedelta(days=40 + number % 200),
                days,
                f"ML-{number - 3}" if number % 10 == 4 else "",
            ]
        )
    return held.getvalue().encode()


def measure() -> Iterator[tuple[str, float, float]]:
    """Yield (claim, our seconds, the floor's seconds) on a fresh database."""
    import django

    django.setup()
    from tests.builders.workspace import Size, build_workspace

    from headway.domain.accounts.queries import headway_actor
    from headway.domain.installation.actions import prepare_database
    from headway.domain.plans.actions import import_plan

    prepare_database()
    workspace = build_workspace(Size(projects=0, items=0, records=0), slug="importing")
    actor, data = headway_actor(workspace.id), table()
    floor = best_of(3, lambda: _cells(data))

    def bring(*, dry_run: bool) -> None:
        import_plan(actor, data, "tracker.csv", _AT, dry_run=dry_run)

    yield "preview a CSV of 100,000 rows", best_of(2, lambda: bring(dry_run=True)), floor
    yield "import it", best_of(1, lambda: bring(dry_run=False)), floor
    yield "preview it again", best_of(2, lambda: bring(dry_run=True)), floor
    yield "import it again: nothing changes", best_of(1, lambda: bring(dry_run=False)), floor


def _cells(data: bytes) -> int:
    """Cut the same bytes into cells, and nothing else."""
    return sum(len(row) for row in csv.reader(io.StringIO(data.decode(), newline="")))
