"""The calls to MLflow's REST interface that reading needs, each listing read to its end.

Runs are paged by key, not by MLflow's offset tokens: the next page asks for start (or end) times
from the last one seen, so a run that appears or vanishes meanwhile pushes no other out of sight.
Tokens serve only inside a tie longer than a page. Sources: mlflow 3.17 and 3.18, protos and store.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NoReturn, TypeVar

from headway.connectors.http import Answer, Outbound, TooLarge
from headway.connectors.mlflow import wire
from headway.connectors.mlflow.options import MlflowOptions
from headway.errors import Problem, SourceError

By = Literal["start_time", "end_time"]
View = Literal["ALL", "DELETED_ONLY"]

Json = Mapping[str, object]
Thing = TypeVar(
    "Thing", wire.Experiment, wire.Run, wire.RegisteredModel, wire.ModelVersion, wire.Metric
)

_RUNS = "runs/search"

#: A listing with more pages than this is taken for one that never ends.
PAGE_LIMIT = 20_000
#: Pages in a row that bring nothing new before a listing is taken for one that repeats itself.
_STALL_LIMIT = 3
#: A metric's history with more points than this is not evidence but a log.
POINT_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class Page:
    """Some runs, those that could not be read, and the token of the next page."""

    runs: Sequence[wire.Run]
    problems: Sequence[Problem] = ()
    token: str = ""


@dataclass(slots=True)
class _Key:
    """Where paging by key stands: times from `bound` on, without the runs `seen` at it."""

    by: By
    bound: int | None
    token: str = ""
    seen: set[str] = field(default_factory=set)
    stalled: int = 0

    def fresh(self, page: Page) -> list[wire.Run]:
        """Return the runs of `page` that are new."""
        return [run for run in page.runs if run.info.run_id not in self.seen]

    def advance(self, page: Page) -> None:
        """Move behind `page`: by the time of its last run, or by its token within a tie."""
        self.stalled = 0 if self.fresh(page) else self.stalled + 1
        last = self._time(page.runs[-1]) if page.runs else None
        if last is not None and (self.bound is None or last > self.bound):
            self.bound, self.token = last, ""
            self.seen = {run.info.run_id for run in page.runs if self._time(run) == last}
        else:
            self.token = page.token
            self.seen |= {run.info.run_id for run in page.runs}

    def _time(self, run: wire.Run) -> int | None:
        return run.info.start_time if self.by == "start_time" else run.info.end_time


class MlflowClient:
    """One server's REST interface. Every failure is a SourceError; nothing is written."""

    def __init__(
        self, outbound: Outbound, options: MlflowOptions, *, page_limit: int = PAGE_LIMIT
    ) -> None:
        self._outbound = outbound
        self._page_limit = page_limit
        self._options = options
        #: Runs a page; fewer once a page of this server's runs was larger than may be read.
        self._page_size = options.page_size
        #: What could not be read since it was last taken, by `take_problems`.
        self._problems: list[Problem] = []

    def take_problems(self) -> tuple[Problem, ...]:
        """Return what could not be read since the last call."""
        problems, self._problems = tuple(self._problems), []
        return problems

    def experiments(self) -> list[wire.Experiment]:
        """Return all experiments, deleted ones too, oldest first."""
        body = {"view_type": "ALL", "order_by": ["creation_time ASC"], "max_results": 1000}
        pages = self._pages("POST", "experiments/search", body)
        return [item for page in pages for item in self._read(wire.Experiment, page, "experiments")]

    def run_pages(
        self, experiment_id: str, *, by: By, since: int | None, view: View = "ALL"
    ) -> Iterator[Page]:
        """Yield an experiment's runs with that time from `since` (ms) on, earliest first."""
        key = _Key(by, since)
        for _ in range(self._page_limit):
            clause = "" if key.bound is None else f"attributes.{by} >= {key.bound}"
            page = self._run_page(experiment_id, clause, by, view, key.token)
            yield Page(key.fresh(page), page.problems)
            if not page.token:
                return
            key.advance(page)
            if key.stalled >= _STALL_LIMIT:
                break
        raise self._endless(_RUNS)

    def runs_by_id(self, experiment_id: str, run_ids: Sequence[str]) -> Page:
        """Return those of `run_ids` (100 at most) that the server still has."""
        listed = ", ".join(f"'{run_id}'" for run_id in run_ids)
        clause = f"attributes.run_id IN ({listed})"
        runs: list[wire.Run] = []
        problems: list[Problem] = []
        token = ""
        for _ in range(len(run_ids) + 1):
            page = self._run_page(experiment_id, clause, "start_time", "ALL", token)
            runs += page.runs
            problems += page.problems
            token = page.token
            if not token:
                return Page(runs, problems)
        raise self._endless(_RUNS)

    def run_experiment(self, run_id: str) -> str | None:
        """Return the id of the experiment a run belongs to, None when there is no such run."""
        answer = self._find("runs/get", {"run_id": run_id})
        run = answer.get("run") if answer else None
        info = run.get("info") if isinstance(run, dict) else None
        return str(info["experiment_id"]) if isinstance(info, dict) and info else None

    def history(self, run_id: str, metric: str) -> list[wire.Metric]:
        """Return a metric's logged points, one more than POINT_LIMIT at most."""
        query: dict[str, str | int] = {
            "run_id": run_id,
            "metric_key": metric,
            "max_results": POINT_LIMIT + 1,
        }
        points: list[wire.Metric] = []
        for page in self._pages("GET", "metrics/get-history", query):
            points += self._read(wire.Metric, page, "metrics")
            if len(points) > POINT_LIMIT:
                break
        return points

    def registered_models(self) -> list[wire.RegisteredModel]:
        """Return all models of the registry with their aliases."""
        query = {"max_results": 500}
        pages = self._pages("GET", "registered-models/search", query)
        return [
            item
            for page in pages
            for item in self._read(wire.RegisteredModel, page, "registered_models")
        ]

    def registered_model(self, name: str) -> wire.RegisteredModel | Problem | None:
        """Return one model, why it cannot be read, or None when the server says there is none."""
        answer = self._find("registered-models/get", {"name": name})
        if answer is None:
            return None
        item = answer.get("registered_model")
        found, problems = wire.read_each(wire.RegisteredModel, [item])
        return found[0] if found else problems[0]

    def model_versions(self) -> list[wire.ModelVersion]:
        """Return all versions of all models."""
        query = {"max_results": 1000}
        pages = self._pages("GET", "model-versions/search", query)
        return [
            item for page in pages for item in self._read(wire.ModelVersion, page, "model_versions")
        ]

    def has_version(self, name: str, version: str) -> bool:
        """Say whether the server has that version."""
        return self._find("model-versions/get", {"name": name, "version": version}) is not None

    def _run_page(self, experiment_id: str, clause: str, by: By, view: View, token: str) -> Page:
        body: dict[str, object] = {
            "experiment_ids": [experiment_id],
            "run_view_type": view,
            "max_results": self._page_size,
            "order_by": [f"attributes.{by} ASC", "attributes.run_id ASC"],
        }
        if clause:
            body["filter"] = clause
        if token:
            body["page_token"] = token
        try:
            answer = self._ask("POST", _RUNS, body)
        except TooLarge:
            if self._page_size == 1:
                raise
            self._page_size = max(1, self._page_size // 8)
            return self._run_page(experiment_id, clause, by, view, token)
        runs, problems = wire.read_each(wire.Run, self._items(answer, "runs"))
        return Page(runs, problems, self._token(answer))

    def _pages(self, method: str, path: str, query: Mapping[str, object]) -> Iterator[Json]:
        """Yield the pages of a listing by token. A token that comes back ends in SourceError."""
        tokens: set[str] = set()
        token = ""
        for _ in range(self._page_limit):
            page = self._ask(method, path, {**query, **({"page_token": token} if token else {})})
            yield page
            token = self._token(page)
            if not token:
                return
            if token in tokens:
                break
            tokens.add(token)
        raise self._endless(path)

    def _read(self, shape: type[Thing], page: Json, key: str) -> list[Thing]:
        found, problems = wire.read_each(shape, self._items(page, key))
        self._problems += problems
        return found

    def _items(self, page: Json, key: str) -> Sequence[object]:
        items = page.get(key, [])
        if not isinstance(items, list):
            self._fail_as_stranger(f"{key} is not a list")
        return items

    def _token(self, page: Json) -> str:
        token = page.get("next_page_token") or ""
        if not isinstance(token, str):
            self._fail_as_stranger("next_page_token is not a text")
        return token

    def _find(self, path: str, query: Mapping[str, object]) -> Json | None:
        """Ask for one thing; None when MLflow itself says there is no such thing."""
        answer = self._send("GET", path, query)
        if answer.status == 404 and _error_code(answer) == "RESOURCE_DOES_NOT_EXIST":
            return None
        return self._accepted(path, answer)

    def _ask(self, method: str, path: str, query: Mapping[str, object]) -> Json:
        return self._accepted(path, self._send(method, path, query))

    def _send(self, method: str, path: str, query: Mapping[str, object]) -> Answer:
        url = f"{self._options.url}/api/2.0/mlflow/{path}"
        headers = self._options.headers
        if method == "POST":
            return self._outbound.send_patiently("POST", url, headers=headers, json=dict(query))
        params = {key: value for key, value in query.items() if isinstance(value, str | int)}
        return self._outbound.send_patiently("GET", url, headers=headers, params=params)

    def _accepted(self, path: str, answer: Answer) -> Json:
        if answer.status != 200:
            code = _error_code(answer)
            reason = f"status {answer.status}" + (f", {code}" if code else "")
            sentence = (
                f"MLflow at {self._options.server} refused {path} ({reason}); "
                "check the address, the token's rights and the server's version."
            )
            raise SourceError(sentence, retry=False)
        value = answer.json()
        if not isinstance(value, dict):
            self._fail_as_stranger("the answer is not an object")
        return value

    def _fail_as_stranger(self, reason: str) -> NoReturn:
        sentence = (
            f"{self._options.server} does not answer as MLflow does ({reason}); "
            "check that the address is MLflow's."
        )
        raise SourceError(sentence, retry=False)

    def _endless(self, path: str) -> SourceError:
        sentence = (
            f"MLflow at {self._options.server} sends the pages of {path} without end; "
            "what was read before is kept."
        )
        return SourceError(sentence, retry=False)


def _error_code(answer: Answer) -> str:
    """Return MLflow's error code, empty when there is none. Its message is not repeated."""
    try:
        value = answer.json()
    except SourceError:
        return ""
    code = value.get("error_code") if isinstance(value, dict) else None
    return code if isinstance(code, str) and re.fullmatch(r"[A-Z_]{1,60}", code) else ""
