"""A newcomer's first command on an empty installation works."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.own_sqlite]

PLAN = "plan: First\nstart: 2026-01-05\nitems:\n  - {id: A, name: Only item, estimate: [2, 3, 5]}\n"


def test_a_plan_is_imported_into_an_installation_that_was_empty(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(PLAN)
    environment = {key: word for key, word in os.environ.items() if key != "DATABASE_URL"}
    environment |= {"HEADWAY_HOME": str(tmp_path / "home")}
    answer = subprocess.run(
        [Path(sys.executable).with_name("headway"), "import", "plan.yaml", "--json"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout)["created"] == 1
