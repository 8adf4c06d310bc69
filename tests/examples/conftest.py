"""The committed evidence of the examples, read once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "src/headway/domain/installation/demo"


@dataclass(frozen=True)
class Evidence:
    """All lines by file name, and the questions that tests ask of them."""

    files: Mapping[str, list[dict[str, Any]]]

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [line for lines in self.files.values() for line in lines]

    def runs(self, project: str) -> dict[str, dict[str, Any]]:
        """Return the payload of each run of a project by its name."""
        return {
            line["payload"]["name"]: line["payload"]
            for line in self.lines
            if line["kind"] == "run" and line["project"] == project
        }

    def evaluation(
        self, subject: str, metric: str, split: str = "test", digest: str = ""
    ) -> dict[str, Any]:
        """Return the only evaluation of a subject by a metric on a split."""
        found = [
            line["payload"]
            for line in self.lines
            if line["kind"] == "evaluation"
            and line["subject"] == subject
            and (line["payload"]["metric"], line["payload"]["split"]) == (metric, split)
            and line["payload"]["dataset_digest"].startswith(digest)
        ]
        (only,) = found
        return only

    def of_run(self, project: str, name: str) -> str:
        """Return the subject of a run."""
        return f"run:examples/{self.runs(project)[name]['run_id']}"


@pytest.fixture(scope="session")
def evidence() -> Evidence:
    files = sorted((DEMO / "evidence").glob("*.jsonl"))
    return Evidence(
        {
            file.stem: [json.loads(line) for line in file.read_text("utf-8").splitlines()]
            for file in files
        }
    )


@pytest.fixture(scope="session")
def readme() -> str:
    return " ".join((ROOT / "examples/README.md").read_text("utf-8").split())
