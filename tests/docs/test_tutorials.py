"""The tutorials run as they are printed: every file is written, every `$ headway` line is run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.prepared import demo_beside

TUTORIALS = Path(__file__).parents[2] / "docs" / "tutorial"
_BLOCK = re.compile(r"^```(\w+)(?: (file|exit)=(\S+))?\n(.*?)^```$", re.M | re.S)


def follow(page: str, folder: Path) -> None:
    """Do what the page says, in `folder`, and compare what it shows with what comes."""
    binaries = str(Path(sys.executable).parent)
    environment = {"PATH": f"{binaries}:{os.environ['PATH']}", "HEADWAY_HOME": f"{folder}/home"}
    for language, option, value, content in _BLOCK.findall((TUTORIALS / page).read_text()):
        if option == "file":
            (folder / value).write_text(content)
        elif language == "console":
            _run(content, int(value or 0), folder, environment)


def _run(content: str, expected: int, folder: Path, environment: dict[str, str]) -> None:
    commands = [line[2:] for line in content.splitlines() if line.startswith("$ ")]
    shown = [line for line in content.splitlines() if not line.startswith("$ ")]
    for command in commands:
        if command.startswith("export HEADWAY_HOME="):
            environment["HEADWAY_HOME"] += "-demo"
            continue
        done = subprocess.run(
            command, shell=True, cwd=folder, env=environment, capture_output=True, text=True
        )
        assert done.returncode == expected, f"{command}\n{done.stderr}"
        if command == commands[0] or len(commands) > 1:
            shown = [line for line in shown if line not in done.stdout]
    assert not shown, f"{commands} did not print {shown}"


def test_the_first_forecast_runs_as_printed(tmp_path: Path) -> None:
    follow("first-forecast.md", tmp_path)


@pytest.mark.slow
def test_evidence_to_verdict_runs_as_printed(tmp_path: Path) -> None:
    demo_beside(tmp_path / "home")
    follow("evidence-to-verdict.md", tmp_path)
