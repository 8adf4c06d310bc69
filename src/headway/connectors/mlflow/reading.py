"""From MLflow's values to Observations. Pure: the same answer gives the same observations.

`observed_at` is a run's end, else its start, so that reading a run twice gives equal values.
Times from MLflow are milliseconds since 1970 in UTC.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from headway.connectors.mlflow.most import LEFT_OUT, within_bounds
from headway.connectors.mlflow.options import MlflowOptions
from headway.connectors.mlflow.personal import impersonal_tags, without_personal
from headway.connectors.mlflow.wire import (
    Experiment,
    Metric,
    ModelVersion,
    Pair,
    RegisteredModel,
    Run,
)
from headway.errors import Invalid, Problem
from headway.observation import Observation, SubjectRef, instant

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_COMMIT = re.compile(r"[0-9a-f]{7,64}")
_NOT_SET = {None, 0}


def moment_of(milliseconds: int | None) -> datetime | None:
    """Return the time, None when it is not set. Raises Invalid when no calendar holds it."""
    if milliseconds in _NOT_SET or milliseconds is None:
        return None
    try:
        return _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        sentence = f"The time {milliseconds} ms lies outside the calendar; log milliseconds."
        raise Invalid(sentence) from None


def milliseconds_of(moment: datetime) -> int:
    """Return whole milliseconds since 1970."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Reader:
    """Turns what one server sends into observations that carry its name."""

    options: MlflowOptions

    @property
    def source(self) -> str:
        """The name observations carry as their source."""
        return f"mlflow:{self.options.server}"

    def run(self, run: Run, experiment: Experiment) -> Observation | Problem:
        """Return a run as evidence, or why it cannot be."""
        where = f"run {run.info.run_id}"
        try:
            observed_at = _run_observed_at(run, experiment)
            kept, left_out = within_bounds(run, self.options.series)
            payload = _run_payload(kept, experiment, left_out)
        except Invalid as error:
            return Problem(where, str(error))
        if observed_at is None:
            return Problem(where, "It has neither a start, an end nor a metric; set its start.")
        subject = SubjectRef("run", f"{self.options.server}/{run.info.run_id}")
        project = self.run_project(run, experiment)
        return self._observation(subject, "run", observed_at, payload, project)

    def run_project(self, run: Run, experiment: Experiment) -> str | None:
        """Return the project a run says it belongs to, else its experiment's."""
        return _tagged(run.data.tags) or self.options.project_of_experiment(experiment.name)

    def series(
        self, run: Run, experiment: Experiment, metric: str, points: Sequence[Metric]
    ) -> list[Observation | Problem]:
        """Return a metric's history, one observation for each dataset it was measured on."""
        groups: dict[str, list[Metric]] = {}
        for point in points:
            groups.setdefault(point.dataset_digest, []).append(point)
        subject = SubjectRef("run", f"{self.options.server}/{run.info.run_id}")
        project = self.run_project(run, experiment)
        made: list[Observation | Problem] = []
        for digest, group in sorted(groups.items()):
            try:
                observed_at, payload = _series_payload(metric, digest, group)
            except Invalid as error:
                made.append(Problem(f"metric {metric} of run {run.info.run_id}", str(error)))
                continue
            made.append(self._observation(subject, "metric_series", observed_at, payload, project))
        return made

    def version(
        self, version: ModelVersion, model: RegisteredModel, run_project: str | None
    ) -> Observation | Problem:
        """Return a model version as evidence; `run_project` is where its run belongs."""
        where = f"model {version.name} version {version.version}"
        updated = version.last_updated_timestamp or version.creation_timestamp
        try:
            observed_at = moment_of(updated)
        except Invalid as error:
            return Problem(where, str(error))
        if observed_at is None:
            return Problem(where, "MLflow does not say when it was made; it was left out.")
        project = _tagged(version.tags) or _tagged(model.tags) or run_project
        return self._observation(
            self.model_subject(version.name, version.version),
            "model_version",
            observed_at,
            _version_payload(version),
            project or self.options.project,
        )

    def deleted_version(
        self, name: str, version: str, run_id: str | None, project: str | None, seen_by: datetime
    ) -> Observation | Problem:
        """Return the tombstone of a version that the server no longer has."""
        payload: dict[str, object] = {
            "status": "deleted",
            "run_id": run_id,
            "source": None,
            "tags": {},
            "description": None,
            "deleted": True,
        }
        subject = self.model_subject(name, version)
        return self._observation(subject, "model_version", seen_by, payload, project)

    def alias_move(
        self, move: AliasMove, project: str | None, seen_after: datetime | None, seen_by: datetime
    ) -> Observation | Problem:
        """Return a move that happened after `seen_after` (None: no idea) and before `seen_by`.

        MLflow keeps no time of it, so there is an interval and never an instant.
        """
        subject = SubjectRef(
            "alias", f"{self.options.server}/{self.model_name(move.model)}/{escaped(move.alias)}"
        )
        payload: dict[str, object] = {
            "model": self.model_name(move.model),
            "alias": move.alias,
            "version": move.version,
            "from_version": move.from_version,
            "seen_after": instant(seen_after) if seen_after else None,
            "seen_by": instant(seen_by),
        }
        return self._observation(subject, "alias_move", seen_by, payload, project)

    def model_name(self, name: str) -> str:
        """Return the name of a model in subjects."""
        return self.options.model_prefix + escaped(name)

    def model_subject(self, name: str, version: str) -> SubjectRef:
        """Return the subject of a model version."""
        return SubjectRef("model", self.model_name(name), version)

    def _observation(
        self,
        subject: SubjectRef,
        kind: str,
        observed_at: datetime,
        payload: dict[str, object],
        project: str | None,
    ) -> Observation | Problem:
        try:
            is_subject = SubjectRef.parse(str(subject)) == subject
        except Invalid:
            is_subject = False
        if not is_subject:
            sentence = "Its name is too long for a subject (300 characters); shorten it in MLflow."
            return Problem(f"{subject.kind} {subject.name[:100]}", sentence)
        return Observation(subject, kind, self.source, observed_at, payload, project=project)


@dataclass(frozen=True, slots=True)
class AliasMove:
    """An alias of a model pointed to `from_version` (None: to nothing) and now to `version`."""

    model: str
    alias: str
    from_version: str | None
    version: str | None


def escaped(name: str) -> str:
    """Return `name` fit for a subject: percent-encoded where it holds @, % or odd white space."""
    inner = re.sub(r"[%@\x00-\x1f\x7f]|[^\S ]", _percent, name)
    return re.sub(r"^ | $", "%20", inner)


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "surrogatepass"))


def _tagged(tags: Sequence[Pair]) -> str | None:
    """Return the value of the tag `headway.project`, None without."""
    return next((tag.value.strip() for tag in tags if tag.key == "headway.project"), None) or None


def _tag(run: Run, key: str) -> str | None:
    return next((tag.value for tag in run.data.tags if tag.key == key), None) or None


def _run_observed_at(run: Run, experiment: Experiment) -> datetime | None:
    """Return the end, else the start, else the last metric's time, else the experiment's start."""
    latest = max(run.info.start_time or 0, run.info.end_time or 0)
    if not latest:
        latest = max((metric.timestamp for metric in run.data.metrics), default=0)
    return moment_of(latest) or moment_of(experiment.creation_time)


def _run_payload(run: Run, experiment: Experiment, left_out: str) -> dict[str, object]:
    started_at = moment_of(run.info.start_time)
    ended_at = None if run.is_open else moment_of(run.info.end_time)
    commit = _tag(run, "mlflow.source.git.commit") or ""
    return {
        "run_id": run.info.run_id,
        "name": without_personal(run.info.run_name)[:300],
        "group": without_personal(experiment.name)[:300],
        "status": run.info.status.lower(),
        "started_at": instant(started_at) if started_at else None,
        "ended_at": instant(ended_at) if ended_at else None,
        "parent_run_id": _tag(run, "mlflow.parentRunId"),
        "commit": commit if _COMMIT.fullmatch(commit) else None,
        "params": {param.key: without_personal(param.value) for param in run.data.params},
        "metrics": {metric.key: metric.value for metric in run.data.metrics},
        "tags": dict(impersonal_tags(run.data.tags)) | ({LEFT_OUT: left_out} if left_out else {}),
        "datasets": _datasets(run),
        "deleted": run.is_deleted,
    }


def _datasets(run: Run) -> list[dict[str, str | None]]:
    """Return each dataset and its use once; MLflow repeats an input that is logged twice."""
    rows = {
        (
            without_personal(entry.dataset.name),
            entry.dataset.digest,
            next((tag.value for tag in entry.tags if tag.key == "mlflow.data.context"), ""),
        )
        for entry in run.inputs.dataset_inputs
    }
    return [
        {"name": name, "digest": digest, "context": context or None}
        for name, digest, context in sorted(rows)
    ]


def _series_payload(
    metric: str, digest: str, points: Sequence[Metric]
) -> tuple[datetime, dict[str, object]]:
    ordered = sorted(points, key=lambda point: (point.timestamp, point.step, str(point.value)))
    moments = [moment_of(point.timestamp) or _EPOCH for point in ordered]
    rows = [
        {"step": point.step, "at": instant(moment), "value": point.value}
        for point, moment in zip(ordered, moments, strict=True)
    ]
    return moments[-1], {"metric": metric, "points": rows, "dataset_digest": digest or None}


def _version_payload(version: ModelVersion) -> dict[str, object]:
    tags = dict(impersonal_tags(version.tags))
    if version.current_stage not in {"", "None"}:
        tags["mlflow.stage"] = version.current_stage
    return {
        "status": version.status.lower(),
        "run_id": version.run_id or None,
        "source": without_personal(version.source) or None,
        "tags": tags,
        "description": without_personal(version.description) or None,
        "deleted": False,
    }
