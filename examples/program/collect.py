"""Turns what the runs left in MLflow into evidence files: JSON Lines, one observation a line.

Every number is read back from the server. Three things are the story's, so that a story can be told
and that remaking the files gives the same bytes: times, run ids (name-based instead of random), and
the order. Numbers are rounded to six decimals, below which processors disagree.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

import mlflow
from mlflow.artifacts import load_dict
from mlflow.entities import DatasetInput, Run
from mlflow.exceptions import MlflowException

from examples.program.story import Moment, Story
from examples.program.tracking import CHECKS, DATASETS, EVALUATIONS

SOURCE = "examples"
DECIMALS = 6
STORY_TAG = {"story": "times and run ids are the story's; the numbers are measured"}
KEPT_TAGS = ("headway.project", "purpose", "evaluates", "git.clean")
STATUS = {"FINISHED": "finished", "FAILED": "failed", "KILLED": "killed", "RUNNING": "running"}
LOOKED_EVERY = timedelta(minutes=15)

Line = dict[str, object]


@dataclass(frozen=True)
class Left:
    """One run and everything it left: `moment` is its place in the story."""

    project: str
    run: Run
    moment: Moment

    @property
    def name(self) -> str:
        """Return the run's name."""
        return str(self.run.info.run_name)

    def records(self, path: str) -> list[dict[str, object]]:
        """Return the records of one of its artifacts; none where it left no such artifact."""
        try:
            return list(load_dict(f"{self.run.info.artifact_uri}/{path}")["records"])
        except MlflowException:
            return []


class Collection:
    """Everything on the server, read once, told in the story's time."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.client = mlflow.MlflowClient()

    @cached_property
    def left(self) -> list[Left]:
        """Return every run in the order of the story."""
        found = []
        for experiment in self.client.search_experiments():
            for run in self.client.search_runs([experiment.experiment_id], max_results=1000):
                moment = self.story.moment(experiment.name, run.info.run_name)
                found.append(Left(experiment.name, run, moment))
        return sorted(found, key=lambda left: (left.moment.started_at, left.name))

    @cached_property
    def story_ids(self) -> Mapping[str, str]:
        """Return the story's run id for each id that MLflow drew."""
        return {left.run.info.run_id: left.moment.run_id for left in self.left}

    @cached_property
    def version_of(self) -> Mapping[tuple[str, str], str]:
        """Return `model:name@version` for each (project, run name) that was registered."""
        return {
            (str(told["model"]), str(told["run"])): f"model:{told['model']}@{told['version']}"
            for told in self.story.versions
        }

    def run_subject(self, run_id: str) -> str:
        """Return the subject of a run by the story's id."""
        return f"run:{self.story.server}/{run_id}"

    def judged(self, left: Left) -> str:
        """Return what a run's evaluations are about: a registered version, else the run."""
        name = left.run.data.tags.get("evaluates", left.name)
        return self.version_of.get((left.project, name)) or self.run_subject(left.moment.run_id)

    def line(self, subject: str, kind: str, at: datetime, project: str, payload: Line) -> Line:
        """Return one line of an evidence file."""
        return {
            "subject": subject,
            "kind": kind,
            "source": SOURCE,
            "observed_at": _text(at),
            "valid_until": None,
            "project": project,
            "payload": _rounded(payload),
            "recorded_at": _text(at + self.story.known_after),
        }

    def of_run(self, left: Left) -> Iterator[Line]:
        """Yield what one run left: data, the run itself, curves, evaluations, checks."""
        subject, end = self.run_subject(left.moment.run_id), left.moment.ended_at
        for record in left.records(DATASETS):
            data = str(record.pop("about"))
            yield self.line(data, "dataset_version", left.moment.started_at, left.project, record)
        yield self.line(subject, "run", end, left.project, self._run(left))
        for metric in sorted(left.run.data.metrics):
            curve = self._curve(left, metric)
            if len(curve) > 1:
                series = {"metric": metric, "points": curve, "dataset_digest": None}
                yield self.line(subject, "metric_series", end, left.project, series)
        for record in left.records(EVALUATIONS):
            yield self.line(self.judged(left), "evaluation", end, left.project, record)
        for record in left.records(CHECKS):
            about = str(record.pop("about") or self.judged(left))
            holds = record.pop("holds_days")
            check = self.line(about, "check", end, left.project, record)
            if isinstance(holds, int):
                check["valid_until"] = _text(end + timedelta(days=holds))
            yield check

    def _run(self, left: Left) -> Line:
        info, data = left.run.info, left.run.data
        parent = data.tags.get("mlflow.parentRunId")
        return {
            "run_id": left.moment.run_id,
            "name": left.name,
            "group": left.project,
            "status": STATUS[info.status],
            "started_at": _text(left.moment.started_at),
            "ended_at": _text(left.moment.ended_at),
            "parent_run_id": self.story_ids[parent] if parent else None,
            "commit": data.tags.get("mlflow.source.git.commit"),
            "params": dict(sorted(data.params.items())),
            "metrics": dict(sorted(data.metrics.items())),
            "tags": {**{tag: data.tags[tag] for tag in KEPT_TAGS if tag in data.tags}, **STORY_TAG},
            "datasets": [_dataset(used) for used in left.run.inputs.dataset_inputs],
            "deleted": False,
        }

    def _curve(self, left: Left, metric: str) -> list[Line]:
        """Return the points of a metric, spread evenly over the run's time in the story."""
        points = sorted(
            self.client.get_metric_history(left.run.info.run_id, metric), key=lambda p: p.step
        )
        begun, length = left.moment.started_at, left.moment.ended_at - left.moment.started_at
        share = length / max(len(points), 1)
        return [
            {"step": point.step, "at": _text(begun + share * (place + 1)), "value": point.value}
            for place, point in enumerate(points)
        ]

    def of_registry(self) -> Iterator[Line]:
        """Yield versions and alias moves; the server must end where the story ends."""
        for told in self.story.versions:
            model, version = str(told["model"]), str(told["version"])
            held = self.client.get_model_version(model, version)
            run_id = self.story_ids[held.run_id]
            payload: Line = {
                "status": held.status,
                "run_id": run_id,
                "source": f"runs:/{run_id}/model",
                "tags": {**held.tags, **STORY_TAG},
                "description": held.description,
                "deleted": False,
            }
            at = _instant(told["at"])
            yield self.line(f"model:{model}@{version}", "model_version", at, model, payload)
        yield from self._alias_moves()

    def _alias_moves(self) -> Iterator[Line]:
        pointing: dict[tuple[str, str], str] = {}
        for move in self.story.aliases:
            model, alias, version = (str(move[key]) for key in ("model", "alias", "version"))
            at = _instant(move["at"])
            payload: Line = {
                "model": model,
                "alias": alias,
                "version": version,
                "from_version": pointing.get((model, alias)),
                "seen_after": _text(at - LOOKED_EVERY),
                "seen_by": _text(at),
            }
            pointing[model, alias] = version
            subject = f"alias:{self.story.server}/{model}/{alias}"
            yield self.line(subject, "alias_move", at, model, payload)
        for (model, alias), version in pointing.items():
            held = self.client.get_model_version_by_alias(model, alias).version
            if str(held) != version:
                raise RuntimeError(f"{model}@{alias} is {held} on the server, {version} in story.")

    def of_people(self) -> Iterator[Line]:
        """Yield the sample records: what people approved and wrote, and what was billed."""
        for told in self.story.approvals:
            payload: Line = {key: told[key] for key in ("function", "decision", "statement")}
            yield self._said(told, "approval", {**payload, "by_ref": told["by"]})
        for told in self.story.notes:
            yield self._said(told, "note", {"text": told["text"]})
        for told in self.story.costs:
            payload = {
                "amount": told["amount"],
                "currency": "USD",
                "category": told["category"],
                "period_start": str(told["from"]),
                "period_end": str(told["to"]),
                "description": told["description"],
            }
            yield self._said(told, "cost", payload)
        for told in self.story.kpis:
            payload = {
                "kpi": told["kpi"],
                "value": told["value"],
                "unit": told["unit"],
                "period_start": str(told["from"]),
                "period_end": str(told["to"]),
                "description": told["description"],
            }
            yield self._said(told, "kpi", payload)

    def of_operations(self) -> Iterator[Line]:
        """Yield the sample records of what runs: deployments, pipelines, drills."""
        for told in self.story.deployments:
            at = _text(_instant(told["at"]))
            more = {"commit": None, "endpoint": None, "deployed_at": at}
            yield self._said(told, "deployment", {**_payload(told), **more})
        for told in self.story.pipeline_runs:
            blank = dict.fromkeys(("commit", "produced", "rows", "data_until"))
            payload = {**blank, **_payload(told), "ended_at": _text(_instant(told["at"]))}
            yield self._said(told, "pipeline_run", payload)
        for told in self.story.drills:
            yield self._said(told, "drill", _payload(told))

    def _said(self, told: Mapping[str, object], kind: str, payload: Line) -> Line:
        subject = str(told["subject"])
        project = subject.partition(":")[2].partition("@")[0].partition("/")[0]
        return self.line(subject, kind, _instant(told["at"]), project, payload)


def write(story: Story, folder: Path) -> dict[Path, int]:
    """Write one file a project, and the files apart, to `folder`; return each file's lines."""
    collection = Collection(story)
    files: dict[str, list[Line]] = {}
    for left in collection.left:
        name = story.apart.get(left.name, left.project)
        files.setdefault(name, []).extend(collection.of_run(left))
    for line in (
        *collection.of_registry(),
        *collection.of_people(),
        *collection.of_operations(),
    ):
        files.setdefault(str(line["project"]), []).append(line)
    folder.mkdir(parents=True, exist_ok=True)
    return {folder / f"{name}.jsonl": _save(folder, name, lines) for name, lines in files.items()}


def _save(folder: Path, name: str, lines: list[Line]) -> int:
    """Write `lines` in the order in which they became known, each content once."""
    seen: dict[str, Line] = {}
    for line in lines:
        state = line["kind"] == "dataset_version"
        known_by = json.dumps([line["subject"], line["payload"]] if state else line, sort_keys=True)
        seen.setdefault(known_by, line)
    ordered = sorted(seen.values(), key=lambda line: str(line["recorded_at"]))
    text = "".join(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n" for line in ordered)
    (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return len(ordered)


def _dataset(used: DatasetInput) -> Line:
    context = {tag.key: tag.value for tag in used.tags}.get("mlflow.data.context")
    return {"name": used.dataset.name, "digest": used.dataset.digest, "context": context}


def _payload(told: Mapping[str, object]) -> Line:
    """Return what a sample record says, its times as text."""
    said = {key: value for key, value in told.items() if key not in ("subject", "at")}
    return {
        key: _text(_instant(value)) if isinstance(value, datetime) else value
        for key, value in said.items()
    }


def _rounded(value: object) -> object:
    """Return `value` with every number rounded to the decimals that processors agree on."""
    if isinstance(value, float):
        return round(value, DECIMALS)
    if isinstance(value, Mapping):
        return {key: _rounded(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_rounded(part) for part in value]
    return value


def _instant(value: object) -> datetime:
    if not isinstance(value, datetime):
        raise TypeError(f"{value!r} in story.yaml is not a time, like 2026-08-06T09:10:00Z.")
    return value.astimezone(UTC)


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
