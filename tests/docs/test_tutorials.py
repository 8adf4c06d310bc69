"""Pages run as they are printed: every file is written, every `$ headway` line is run."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from tests.prepared import demo_beside

from headway.interfaces.cli.main import run

TUTORIALS = Path(__file__).parents[2] / "docs" / "tutorial"
HOW_TO = TUTORIALS.with_name("how-to")
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


@pytest.mark.parametrize("page", ["bring-your-bills", "date-a-metric", "read-earned-value"])
def test_the_example_of_a_how_to_prints_what_it_shows(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for language, option, value, content in _BLOCK.findall((HOW_TO / f"{page}.md").read_text()):
        if option == "file":
            Path(value).write_text(content)
        elif language == "console":
            command, *shown = content.splitlines()
            assert run(shlex.split(command)[2:]) == 0
            printed = capsys.readouterr().out
            assert [line for line in shown if line not in printed] == []
