"""Other people's schedulers, each asked in a process of an environment of its own."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from headway.analysis.schedule.plan import Plan

HERE = Path(__file__).parent
PYTHON = HERE.parents[1] / ".venv-peers" / "bin" / "python"


def peer_seconds(peer: str, plan: Plan, trials: int, tries: int = 3) -> float | None:
    """Return the least CPU seconds in which `peer` simulates `plan`; None without its environment.

    With 0 trials it computes the critical path.
    """
    if not PYTHON.exists():
        print(f"{peer} is not measured: its environment is missing; `make peers` makes it.")
        return None
    rows = [
        {
            "id": item.id,
            "range": item.estimate.numbers if item.estimate else (0.0, 0.0, 0.0),
            "after": [link.predecessor for link in item.after],
        }
        for item in plan.items
    ]
    asked = json.dumps({"peer": peer, "trials": trials, "tries": tries, "items": rows})
    command = [str(PYTHON), str(HERE / "simulate.py")]
    done = subprocess.run(command, input=asked, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{peer} is not measured: {done.stderr.strip().splitlines()[-1]}")
        return None
    return float(json.loads(done.stdout)["seconds"])
