"""What every project logs to MLflow, in one way: parameters, data, metrics, evaluations, checks.

An evaluation (a metric with its interval and its segments) and a check (something that held or
not) do not fit into MLflow's metrics; each run keeps them in two JSON artifacts beside these.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path

import mlflow
import numpy as np

from examples.program.datasets import Dataset
from examples.program.intervals import Interval

EVALUATIONS = "evidence/evaluations.json"
CHECKS = "evidence/checks.json"
DATASETS = "evidence/datasets.json"
HERE = Path(__file__).parent
FIXED = 365  # days that a check of a file holds which nobody changes


@dataclass(frozen=True)
class Segment:
    """A metric on a part of the data, for example `digit=3`."""

    segment: str
    value: float | None
    n: int
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Evaluation:
    """A metric of a model on `data`, with its interval and its segments."""

    metric: str
    value: float
    data: Dataset
    interval: Interval | None = None
    n: int | None = None
    split: str = "test"
    context: Mapping[str, float | str] = field(default_factory=dict)
    segments: Sequence[Segment] = ()

    def payload(self) -> dict[str, object]:
        """Return it in the words of Headway's evidence."""
        interval = asdict(self.interval) if self.interval else {}
        return {
            "metric": self.metric,
            "value": self.value,
            "n": self.data.rows if self.n is None else self.n,
            "low": interval.get("low"),
            "high": interval.get("high"),
            "confidence": interval.get("confidence"),
            "interval_method": interval.get("method"),
            "dataset": self.data.name,
            "dataset_digest": self.data.digest,
            "split": self.split,
            "estimated": False,
            "context": dict(self.context),
            "segments": [asdict(segment) for segment in self.segments],
        }


@dataclass(frozen=True)
class Check:
    """Something that was looked at: did it hold? `data` says what it is about (else the run).

    `holds_days` is how long the answer holds: long for a file that does not change.
    """

    check: str
    passed: bool
    sentence: str
    observed: float | str
    bound: float | str
    rows: int
    rows_bad: int = 0
    dimension: str = "data"
    severity: str = "error"
    data: Dataset | None = None
    holds_days: int | None = None

    def payload(self) -> dict[str, object]:
        """Return it in the words of Headway's evidence, `about` naming the dataset."""
        fields = asdict(self)
        del fields["data"]
        return {**fields, "about": _reference(self.data) if self.data else None}


class Stopped(Exception):
    """Somebody stopped the attempt before it was done: its run is killed, not failed."""


class Attempt:
    """One MLflow run that is under way, and what it will leave behind."""

    def __init__(self, run: mlflow.ActiveRun) -> None:
        self.run = run
        self._evaluations: list[dict[str, object]] = []
        self._checks: list[dict[str, object]] = []
        self._datasets: list[dict[str, object]] = []

    def use(self, data: Dataset, context: str) -> None:
        """Record that `data` went into the run, for `training` or `testing`."""
        held = mlflow.data.from_numpy(
            data.features, targets=data.target, name=data.name, digest=data.digest
        )
        mlflow.log_input(held, context=context)
        self._datasets.append(_description(data))

    def evaluate(self, evaluation: Evaluation) -> None:
        """Record `evaluation`, and its value as the metric `<split>_<metric>`."""
        mlflow.log_metric(f"{evaluation.split}_{evaluation.metric}", evaluation.value)
        self._evaluations.append(evaluation.payload())

    def check(self, *checks: Check) -> None:
        """Record what was looked at."""
        self._checks.extend(check.payload() for check in checks)

    def curve(self, metric: str, points: Mapping[int, float]) -> None:
        """Log `metric` at each step."""
        for step, value in points.items():
            mlflow.log_metric(metric, value, step=step)

    def keep(self, model: object) -> None:
        """Keep the fitted `model` (of scikit-learn, or XGBoost's wrapper for it) to register it."""
        mlflow.sklearn.log_model(
            model,
            name="model",
            pip_requirements=["scikit-learn", "xgboost-cpu"],
            serialization_format="cloudpickle",
        )

    def close(self) -> None:
        """Write what was evaluated and checked beside the run's metrics."""
        for path, records in (
            (EVALUATIONS, self._evaluations),
            (CHECKS, self._checks),
            (DATASETS, self._datasets),
        ):
            if records:
                mlflow.log_dict({"records": records}, path)


@contextmanager
def attempt(
    project: str,
    name: str,
    params: Mapping[str, object] | None = None,
    *,
    purpose: str = "candidate",
    evaluates: str | None = None,
) -> Iterator[Attempt]:
    """Run one attempt of `project`; a run inside another becomes its child.

    An exception marks the run as failed and goes on to the caller, except Stopped, which marks it
    as killed and ends there. `evaluates` names the run whose model is judged here, where it is not
    this run's own.
    """
    tags = {"headway.project": project, "purpose": purpose, **_provenance()}
    if evaluates is not None:
        tags["evaluates"] = evaluates
    with mlflow.start_run(run_name=name, nested=mlflow.active_run() is not None) as run:
        mlflow.set_tags(tags)
        mlflow.log_params(dict(params or {}))
        under_way = Attempt(run)
        stopped = False
        try:
            yield under_way
        except Stopped:
            stopped = True
        finally:
            under_way.close()
        if stopped:
            mlflow.end_run("KILLED")


def check_complete(data: Dataset, thing: str) -> Check:
    """Look whether a fixed set of data has a value in every place."""
    gaps = int(np.isnan(data.features).any(axis=1).sum() + np.isnan(data.target).sum())
    return Check(
        check=f"no missing {thing}",
        passed=gaps == 0,
        sentence=f"{gaps} of {data.rows} rows have missing {thing}.",
        observed=gaps,
        bound=0,
        rows=data.rows,
        rows_bad=gaps,
        data=data,
        holds_days=FIXED,
    )


def check_apart(train: Dataset, test: Dataset) -> Check:
    """Look whether any example to train on is also in the test set."""
    tested = {row.tobytes() for row in test.features}
    leaked = sum(row.tobytes() in tested for row in train.features)
    return Check(
        check="no test example in training",
        passed=leaked == 0,
        sentence=f"{leaked} of {train.rows} training examples are also in the test set.",
        observed=leaked,
        bound=0,
        rows=train.rows,
        rows_bad=leaked,
        data=train,
        holds_days=FIXED,
    )


def steps_of(values: Sequence[float] | np.ndarray, every: int) -> dict[int, float]:
    """Return every `every`-th value by its step, counted from 1, and the last."""
    last = len(values)
    chosen = [step for step in range(1, last + 1) if step % every == 0 or step in (1, last)]
    return {step: float(values[step - 1]) for step in chosen}


@cache
def _provenance() -> dict[str, str]:
    """Return the commit that last changed this folder, and whether the folder is changed since."""
    commit = _git("log", "-1", "--format=%H", "--", str(HERE))
    if not commit:
        return {}
    dirty = bool(_git("status", "--porcelain", "--", str(HERE)))
    return {"mlflow.source.git.commit": commit, "git.clean": "no" if dirty else "yes"}


def _git(*arguments: str) -> str:
    """Return what git answers, or nothing where there is no git or no repository."""
    try:
        answer = subprocess.run(
            ["git", "-C", str(HERE), *arguments],
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return ""
    return answer.stdout.strip()


def _reference(data: Dataset) -> str:
    return f"dataset:{data.name}@{data.version}"


def _description(data: Dataset) -> dict[str, object]:
    return {
        "about": _reference(data),
        "digest": data.digest,
        "rows": data.rows,
        "columns": data.columns,
        "source": data.source,
        "split": data.split,
        "licence": data.licence,
        "description": data.description or None,
    }
