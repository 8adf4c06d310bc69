"""Makes the lock of the scaffold from the locks of this repository, which know each digest.

    python -m tests.analysis.repository.locking

writes it; a test compares what is written with what this makes.
"""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
LOCK = ROOT / "src/headway/analysis/repository/scaffold/files/constraints.txt.tmpl"
WANTED = ("numpy", "scikit-learn", "pytest", "ruff")
_HEAD = """\
# Each package with its digests; install with pip install --require-hashes -r constraints.txt
# Not in it: the extra `tracking` (MLflow).
"""


def blocks() -> list[dict[str, list[str]]]:
    """Return the blocks of each of our locks by package; the examples' come first."""
    found = []
    for name in ("examples/constraints.txt", "constraints.txt"):
        own: dict[str, list[str]] = {}
        text = (ROOT / name).read_text()
        for block in re.split(r"^(?=[a-z0-9][\w.-]*==)", text, flags=re.M)[1:]:
            own.setdefault(block.partition("==")[0], []).append(block)
        found.append(own)
    return found


def closure() -> list[str]:
    """Return the packages that the wanted ones need, told by the `via` of the locks."""
    needed = set(WANTED)
    while True:
        more = {
            package
            for known in blocks()
            for package, told in known.items()
            for block in told
            if needed & set(re.findall(r"^    #(?: via)?\s+([\w.-]+)", block, re.M))
        }
        if more <= needed:
            return sorted(needed)
        needed |= more


def lock() -> str:
    """Return the lock: every block of the packages without what it is needed by."""
    examples, ours = blocks()
    known = {**ours, **examples}
    told = [block for package in closure() for block in known[package]]
    return _HEAD + "".join(re.sub(r"^    #.*\n", "", block, flags=re.M) for block in told)


if __name__ == "__main__":
    LOCK.write_text(lock())
