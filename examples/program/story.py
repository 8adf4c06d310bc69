"""Reads story.yaml: when things happened in the demo's story, and what people said about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import yaml

FILE = Path(__file__).with_name("story.yaml")


@dataclass(frozen=True)
class Moment:
    """When a run happened in the story, and the id it has there."""

    run_id: str
    started_at: datetime
    ended_at: datetime


@dataclass(frozen=True)
class Story:
    """The story as a whole: see story.yaml for each part."""

    server: str
    known_after: timedelta
    runs: Mapping[tuple[str, str], Moment]  # (project, run name)
    apart: Mapping[str, str]
    versions: Sequence[Mapping[str, object]]
    aliases: Sequence[Mapping[str, object]]
    costs: Sequence[Mapping[str, object]]
    kpis: Sequence[Mapping[str, object]]
    approvals: Sequence[Mapping[str, object]]
    notes: Sequence[Mapping[str, object]]
    deployments: Sequence[Mapping[str, object]]
    pipeline_runs: Sequence[Mapping[str, object]]
    drills: Sequence[Mapping[str, object]]

    def moment(self, project: str, run: str) -> Moment:
        """Return when `run` happened; KeyError names a run that the story does not tell."""
        return self.runs[project, run]


def read_story(path: Path = FILE) -> Story:
    """Return the story in `path`."""
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    runs = {
        (project, name): _moment(project, name, start, minutes)
        for project, of_project in told["runs"].items()
        for name, (start, minutes) in of_project.items()
    }
    records = ("costs", "kpis", "approvals", "notes", "deployments", "pipeline_runs", "drills")
    lists = {key: told[key] for key in ("versions", "aliases", *records)}
    after = timedelta(minutes=told["known_after"])
    return Story(told["server"], after, runs, told["apart"], **lists)


def _moment(project: str, name: str, start: datetime, minutes: float) -> Moment:
    begun = start.astimezone(UTC)
    run_id = uuid5(NAMESPACE_URL, f"headway-example/{project}/{name}").hex
    return Moment(run_id, begun, begun + timedelta(minutes=minutes))
