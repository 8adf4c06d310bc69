"""`headway --version` against an interpreter that does nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.timing import best_of


def measure() -> Iterator[tuple[str, float, float]]:
    """Yield (claim, our seconds, the floor's seconds)."""
    headway = str(Path(sys.executable).with_name("headway"))
    ours = best_of(5, lambda: subprocess.run([headway, "--version"], capture_output=True))
    floor = best_of(5, lambda: subprocess.run([sys.executable, "-c", "pass"]))
    yield "headway --version, against python -c pass", ours, floor
