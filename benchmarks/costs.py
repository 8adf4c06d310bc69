"""A million FOCUS rows imported and allocated, in CPU seconds, against DuckDB's bare sum of them.

The file is Parquet as a cloud exports it: 44 columns are not needed for the claim, 16 are written;
decimals, tags as JSON, five accounts, forty services, 2,000 resources, a month of hours. Imported
is: read, every row judged, copies looked for, grouped, recorded as evidence, projected; allocated:
every charge placed by five rules and added up by project. The floor is `SELECT sum(BilledCost),
sum(EffectiveCost)` over the same file in the same run, one thread. `peak_memory` tells what a
process of its own takes at most; it is printed beside.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.timing import cpu_of

ROWS = 1_000_000

_COLUMNS = """
    CAST(random() * 3 AS DECIMAL(20, 11)) AS BilledCost,
    CAST(random() * 2 AS DECIMAL(20, 11)) AS EffectiveCost,
    CAST(random() * 3 AS DECIMAL(20, 11)) AS ListCost,
    CAST(random() * 2 AS DECIMAL(20, 11)) AS ContractedCost,
    'USD' AS BillingCurrency,
    CASE WHEN i % 997 = 0 THEN 'Tax' WHEN i % 499 = 0 THEN 'Credit' ELSE 'Usage' END
        AS ChargeCategory,
    TIMESTAMP '2026-09-01' + to_hours((i % 720)::INT) AS ChargePeriodStart,
    TIMESTAMP '2026-09-01' + to_hours((i % 720)::INT + 1) AS ChargePeriodEnd,
    TIMESTAMP '2026-09-01' AS BillingPeriodStart,
    'Kind ' || (i % 9) AS ServiceCategory,
    'Service ' || (i % 40) AS ServiceName,
    'Cloud' AS ProviderName,
    '4711' AS BillingAccountId,
    'sub-' || (i % 5) AS SubAccountId,
    'arn:resource:' || (hash(i) % 2000) AS ResourceId,
    '{"team": "team-' || (i % 12) || '", "environment": "' ||
        CASE WHEN i % 3 = 0 THEN 'dev' ELSE 'prod' END || '", "pod": "p' || (i % 50000) || '"}'
        AS Tags
"""


def measure() -> Iterator[tuple[str, float, float]]:
    """Yield (claim, our CPU seconds, the floor's CPU seconds)."""
    with tempfile.TemporaryDirectory(prefix="headway-bench-") as folder:
        path = Path(folder) / "focus.parquet"
        make(path, ROWS)
        floor = cpu_of(3, lambda: _floor(path))
        yield "1M FOCUS rows imported and allocated, CPU", cpu_of(1, _imported(path)), floor
        small = Path(folder) / "small.parquet"
        make(small, ROWS // 10)
        few, many = peak_memory(small), peak_memory(path)
        print(f"  peak memory of reading: {few:.0f} MiB at 100k rows, {many:.0f} MiB at 1M")


def make(path: Path, rows: int) -> None:
    """Write the seeded bill."""
    import duckdb

    with duckdb.connect() as made:
        made.execute("SELECT setseed(0.20261126)")
        made.execute("SET threads = 1")
        made.execute(
            f"COPY (SELECT {_COLUMNS} FROM range({rows}) r(i)) TO '{path}' (FORMAT parquet)"
        )


def _floor(path: Path) -> None:
    import duckdb

    with duckdb.connect(config={"threads": 1}) as asked:
        asked.execute(f"SELECT sum(BilledCost), sum(EffectiveCost) FROM '{path}'").fetchall()


def _imported(path: Path):  # type: ignore[no-untyped-def]  # noqa: ANN202 - work for cpu_of
    """Return what imports and allocates the bill, in a workspace that is there already."""
    import django

    django.setup()
    from headway import clock
    from headway.domain.accounts.actions import create_workspace
    from headway.domain.accounts.queries import headway_actor
    from headway.domain.costs.actions import BillFile, import_bill, set_allocation_rule
    from headway.domain.costs.queries import CostView, explore
    from headway.domain.installation.actions import prepare_database
    from headway.domain.programs.actions import create_program, create_project

    prepare_database()
    at = clock.now()
    actor = headway_actor(create_workspace("Bench", at, slug="costs").id)
    create_program(actor, {"name": "Fraud", "slug": "fraud"}, at)
    for number in range(5):
        create_project(actor, "fraud", {"name": f"P{number}", "slug": f"p{number}"}, at)
        values = {"conditions": [["tag:team", f"team-{number}"]], "shares": [[f"p{number}", "1"]]}
        set_allocation_rule(actor, f"r{number}", values, at)

    def work() -> None:
        done = import_bill(actor, BillFile(path, "focus.parquet"), at)
        table = explore(actor, CostView(), at)
        if done.read.rows != ROWS or len(table.rows) < 6:
            sentence = f"{done.read.rows} rows were read, {len(table.rows)} projects found."
            raise RuntimeError(sentence)

    return work


def peak_memory(path: Path) -> float:
    """Return the most memory (MiB) that a process takes to read and group a bill."""
    code = f"from benchmarks.costs import read; read({str(path)!r})"
    run = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ}
    )
    return float(run.stdout)


def read(name: str) -> None:
    """Read and group a bill, and print the most memory this process took, in MiB."""
    from headway.connectors.focus import bill_parts, bill_read, open_bill

    with open_bill(Path(name)) as bill:
        bill_read(bill)
        bill_parts(bill, ["team", "environment", "pod"])
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    os.environ["HEADWAY_HOME"] = tempfile.mkdtemp(prefix="headway-bench-")
    os.environ["DJANGO_SETTINGS_MODULE"] = "headway.site.settings"
    for claim, ours, floor in measure():
        print(f"{claim:52}{ours:9.3f}s{floor:9.3f}s{ours / floor:8.1f}")
