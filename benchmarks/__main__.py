"""Run every claim and print its ratio to a named floor, both measured in this run."""

from __future__ import annotations

import os
import platform
import tempfile
from importlib import import_module

CLAIMS = (
    "annotation",
    "budgets",
    "capacity",
    "costs",
    "drift",
    "earned",
    "forecast",
    "gates",
    "importing",
    "ledger",
    "levelling",
    "pages",
    "quality",
    "raid",
    "segments",
    "simulation",
    "start",
    "trials",
    "vendors",
)


def main() -> None:
    """Print one line a claim."""
    with tempfile.TemporaryDirectory(prefix="headway-bench-") as home:
        os.environ["HEADWAY_HOME"] = home
        os.environ.pop("DATABASE_URL", None)
        os.environ["DJANGO_SETTINGS_MODULE"] = "headway.site.settings"
        print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} CPUs")
        print(f"{'claim':52}{'ours':>10}{'floor':>10}{'ratio':>8}")
        for name in CLAIMS:
            for claim, ours, floor in import_module(f"benchmarks.{name}").measure():
                print(f"{claim:52}{ours:9.3f}s{floor:9.3f}s{ours / floor:8.1f}", flush=True)


if __name__ == "__main__":
    main()
