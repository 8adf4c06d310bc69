"""Reading runs so that none is missed, although MLflow cannot say what was updated last.

A run has a start and an end time and nothing else that moves. So each read looks (a) at starts
from the watermark on, (b) at ends from the watermark on, because an old run may finish late, (c)
at deleted runs, and (d) at every run last seen open. Tags and metrics that change after the end
leave no trace at all: a sweep reads everything again, and equal content is stored once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from headway.connectors.base import Batch
from headway.connectors.mlflow.client import POINT_LIMIT, By, MlflowClient
from headway.connectors.mlflow.most import LEFT_OUT
from headway.connectors.mlflow.options import MlflowOptions, matches
from headway.connectors.mlflow.position import ExperimentPosition, Position, SweepPosition
from headway.connectors.mlflow.reading import Reader
from headway.connectors.mlflow.wire import Experiment, Run
from headway.errors import Invalid, Problem
from headway.observation import Observation, canonical, digest

_IDS_A_CALL = 100


@dataclass(slots=True)
class _Told:
    """What one page brought."""

    observations: list[Observation] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)
    tombstoned: int = 0

    def add(self, told: Observation | Problem) -> None:
        """Add an observation, or the reason why there is none."""
        if isinstance(told, Problem):
            self.refused.append(told)
        else:
            self.observations.append(told)


@dataclass(frozen=True, slots=True)
class RunRead:
    """One read of a server's runs; `at` (ms) caps the watermarks, whatever a run claims."""

    client: MlflowClient
    options: MlflowOptions
    reader: Reader
    position: Position
    at: int

    def read(self, experiments: Iterable[Experiment], *, sweep: bool) -> Iterator[Batch]:
        """Yield the runs of the chosen experiments, a batch for each page."""
        chosen = [one for one in experiments if matches(one.name, self.options.experiments)]
        if not sweep:
            for experiment in chosen:
                yield from self._of(experiment).catch_up()
            return
        progress = self.position.sweep = self.position.sweep or SweepPosition()
        for experiment in chosen:
            if experiment.experiment_id not in progress.done:
                yield from self._of(experiment).sweep(progress)

    def _of(self, experiment: Experiment) -> _ExperimentRead:
        positions = self.position.experiments
        state = positions.setdefault(experiment.experiment_id, ExperimentPosition(end=self.at))
        return _ExperimentRead(self, experiment, state)


@dataclass(frozen=True, slots=True)
class _ExperimentRead:
    """One read of one experiment; `told` and `refused` hold what this read has yielded."""

    whole: RunRead
    experiment: Experiment
    state: ExperimentPosition
    told: dict[str, str] = field(default_factory=dict)
    refused: set[Problem] = field(default_factory=set)

    def catch_up(self) -> Iterator[Batch]:
        """Yield what is new since the watermarks, what was open, deleted or restored."""
        known_open, known_deleted = set(self.state.open), set(self.state.deleted)
        is_first = self.state.start is None
        yield from self._by_start(self._again_from(self.state.start))
        if is_first:
            return
        yield from self._by_end()
        listed: set[str] = set()
        yield from self._deleted(known_deleted, listed)
        yield from self._by_id(sorted((known_open | (known_deleted - listed)) - self.told.keys()))

    def sweep(self, progress: SweepPosition) -> Iterator[Batch]:
        """Yield every run, going on where an interrupted sweep stopped."""
        name = self.experiment.experiment_id
        since = progress.start if progress.experiment == name else None
        progress.experiment, progress.start = name, since
        for page in self._pages("start_time", since):
            self._advance_start(page)
            progress.start = _latest(progress.start, (run.info.start_time for run in page.runs))
            yield self._batch(page.told)
        progress.done.add(name)

    def _by_start(self, since: int | None) -> Iterator[Batch]:
        for page in self._pages("start_time", since):
            self._advance_start(page)
            yield self._batch(page.told)

    def _by_end(self) -> Iterator[Batch]:
        for page in self._pages("end_time", self._again_from(self.state.end)):
            latest = _latest(self.state.end, (run.info.end_time for run in page.runs))
            self.state.end = min(latest or 0, max(self.whole.at, self.state.end))
            yield self._batch(page.told)

    def _deleted(self, known: set[str], listed: set[str]) -> Iterator[Batch]:
        """Yield the tombstones of runs not `known` as deleted; fill `listed` with all deleted."""
        client, name = self.whole.client, self.experiment.experiment_id
        for page in client.run_pages(name, by="start_time", since=None, view="DELETED_ONLY"):
            listed |= {run.info.run_id for run in page.runs}
            fresh = [run for run in page.runs if run.info.run_id not in known]
            told = self._tell(fresh, page.problems)
            if told.observations or told.refused:
                yield self._batch(told)

    def _by_id(self, run_ids: Sequence[str]) -> Iterator[Batch]:
        for first in range(0, len(run_ids), _IDS_A_CALL):
            asked = run_ids[first : first + _IDS_A_CALL]
            page = self.whole.client.runs_by_id(self.experiment.experiment_id, asked)
            told = self._tell(page.runs, page.problems)
            if not page.problems:
                self._drop_erased(set(asked) - {run.info.run_id for run in page.runs}, told)
            yield self._batch(told)

    def _drop_erased(self, gone: set[str], told: _Told) -> None:
        """Forget runs that the server has erased for good, and say so of those that were open."""
        for run_id in sorted(gone & self.state.open):
            sentence = (
                "It was open when last seen, and the server no longer has it; erasing leaves no "
                "trace, so what is known of it stays."
            )
            told.refused.append(Problem(f"run {run_id}", sentence))
        self.state.open -= gone
        self.state.deleted -= gone

    def _pages(self, by: By, since: int | None) -> Iterator[_ToldPage]:
        pages = self.whole.client.run_pages(self.experiment.experiment_id, by=by, since=since)
        for page in pages:
            yield _ToldPage(page.runs, self._tell(page.runs, page.problems))

    def _tell(self, runs: Sequence[Run], problems: Sequence[Problem]) -> _Told:
        """Turn runs into observations, each content once a read, and note what stays open."""
        told = _Told(refused=list(problems))
        for run in runs:
            is_news = run.is_deleted and run.info.run_id not in self.state.deleted
            self._note(run)
            for one in self._observed(run):
                told.add(one)
                told.tombstoned += is_news and _is_run(one)
        return told

    def _observed(self, run: Run) -> Iterator[Observation | Problem]:
        """Yield the run and its series, nothing when this read has yielded the same before."""
        seen = self.whole.reader.run(run, self.experiment)
        if isinstance(seen, Observation):
            try:
                content = digest(canonical(seen.payload))
            except (Invalid, ValueError):
                sentence = "It holds a text or a number that JSON cannot carry; it was left out."
                yield Problem(f"run {run.info.run_id}", sentence)
                return
            if self.told.get(run.info.run_id) == content:
                return
            self.told[run.info.run_id] = content
        yield seen
        if isinstance(seen, Observation):
            yield from _left_out(run, seen)
        if not run.is_open and not run.is_deleted:
            yield from self._series(run)

    def _series(self, run: Run) -> Iterator[Observation | Problem]:
        for metric in run.data.metrics:
            if not matches(metric.key, self.whole.options.series):
                continue
            points = self.whole.client.history(run.info.run_id, metric.key)
            if len(points) > POINT_LIMIT:
                sentence = f"It has more than {POINT_LIMIT} points; log it less often."
                yield Problem(f"metric {metric.key} of run {run.info.run_id}", sentence)
            else:
                yield from self.whole.reader.series(run, self.experiment, metric.key, points)

    def _note(self, run: Run) -> None:
        """Remember whether the run may still change, and whether it is deleted."""
        run_id = run.info.run_id
        (self.state.deleted.add if run.is_deleted else self.state.deleted.discard)(run_id)
        stays_open = run.is_open and not run.is_deleted
        (self.state.open.add if stays_open else self.state.open.discard)(run_id)

    def _advance_start(self, page: _ToldPage) -> None:
        """Move the start watermark behind a page that was read in order of start times."""
        starts = (min(run.info.start_time or 0, self.whole.at) for run in page.runs)
        self.state.start = _latest(self.state.start, starts)

    def _again_from(self, watermark: int | None) -> int | None:
        if watermark is None:
            return None
        return max(0, watermark - self.whole.options.overlap_minutes * 60_000)

    def _batch(self, told: _Told) -> Batch:
        """Return what was told, each problem once a read, with the position reached."""
        problems = dict.fromkeys((*told.refused, *self.whole.client.take_problems()))
        fresh = tuple(problem for problem in problems if problem not in self.refused)
        self.refused.update(fresh)
        return Batch(
            observations=tuple(told.observations),
            cursor=self.whole.position.dump(),
            refused=fresh,
            tombstoned=told.tombstoned,
        )


@dataclass(frozen=True, slots=True)
class _ToldPage:
    """A page of runs and what it brought."""

    runs: Sequence[Run]
    told: _Told


def _is_run(told: Observation | Problem) -> bool:
    return isinstance(told, Observation) and told.kind == "run"


def _left_out(run: Run, seen: Observation) -> Iterator[Problem]:
    """Yield what the run holds beyond its record, which says so itself in a tag."""
    tags = seen.payload["tags"]
    if isinstance(tags, Mapping) and LEFT_OUT in tags and not run.is_deleted:
        sentence = f"It was kept without {tags[LEFT_OUT]}: one record holds no more."
        yield Problem(f"run {run.info.run_id}", sentence)


def _latest(known: int | None, times: Iterable[int | None]) -> int | None:
    """Return the latest of what is set, None when nothing is."""
    return max((time for time in (known, *times) if time is not None), default=None)
