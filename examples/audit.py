"""Writes the record of auditing this folder, as the demo holds it: what is found is found really.

    python -m examples.audit

Only its moment is the story's. A test compares the verdicts with what the audit gives now.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from headway.analysis.repository import audit
from headway.interfaces.cli.audit import observation

FOLDER = Path(__file__).parent
RECORD = FOLDER.parent / "src/headway/domain/installation/demo/audit.jsonl"
AT = datetime(2026, 11, 20, 16, tzinfo=UTC)
PROJECT = "meter-reading"


def line() -> str:
    """Return the record of auditing the examples by themselves."""
    told = observation(audit(FOLDER, AT, alone=True), PROJECT, AT)
    return json.dumps({**told, "source": "examples", "recorded_at": AT.isoformat()}, sort_keys=True)


if __name__ == "__main__":
    RECORD.write_text(line() + "\n", encoding="utf-8")
