"""Reading the model registry: versions, and aliases whose moves MLflow does not remember.

Setting an alias changes no timestamp and names no actor, so each read lists the whole registry
and compares. A move lies between the begin of the last complete look and the end of this one; a
version that vanished is asked for by name before it is called deleted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from headway.connectors.base import Batch
from headway.connectors.mlflow.client import MlflowClient
from headway.connectors.mlflow.options import MlflowOptions, matches
from headway.connectors.mlflow.position import ModelPosition, Position, VersionPosition
from headway.connectors.mlflow.reading import AliasMove, Reader
from headway.connectors.mlflow.wire import Experiment, ModelVersion, RegisteredModel
from headway.errors import Problem
from headway.observation import Observation, canonical, digest

_BATCH_SIZE = 200


@dataclass(frozen=True, slots=True)
class _Listing:
    """The registry as one look found it."""

    models: Mapping[str, RegisteredModel]
    versions: Mapping[str, Mapping[str, ModelVersion]]


@dataclass(frozen=True, slots=True)
class RegistryRead:
    """One read of the registry. `moment` says what time it is now, counted on from the begin."""

    client: MlflowClient
    options: MlflowOptions
    reader: Reader
    position: Position
    moment: Callable[[], datetime]
    experiments: Mapping[str, Experiment]
    _told: list[Observation] = field(default_factory=list)
    _refused: list[Problem] = field(default_factory=list)

    def read(self) -> Iterator[Batch]:
        """Yield versions that changed and aliases that moved."""
        began_at = self.moment()
        listing = self._listing()
        known = {name for name in self.position.models if matches(name, self.options.models)}
        for name in sorted(known | listing.models.keys()):
            self._read_model(name, listing)
            if len(self._told) >= _BATCH_SIZE:
                yield self._batch()
        self.position.registry_at = began_at
        self.position.registry_globs = self.options.models
        yield self._batch()

    def _listing(self) -> _Listing:
        models = {
            model.name: model
            for model in self.client.registered_models()
            if matches(model.name, self.options.models)
        }
        versions: dict[str, dict[str, ModelVersion]] = {}
        for version in self.client.model_versions():
            if matches(version.name, self.options.models):
                versions.setdefault(version.name, {})[version.version] = version
        return _Listing(models, versions)

    def _read_model(self, name: str, listing: _Listing) -> None:
        model = listing.models.get(name) or self.client.registered_model(name)
        if isinstance(model, Problem):
            self._refused.append(model)
            return
        state = self.position.models.setdefault(name, ModelPosition())
        shown = model or RegisteredModel(name=name)
        for version in listing.versions.get(name, {}).values():
            self._read_version(version, shown, state)
        self._read_missing(name, model, listing, state)
        self._read_aliases(shown, state)
        if model is None:
            del self.position.models[name]

    def _read_version(
        self, version: ModelVersion, model: RegisteredModel, state: ModelPosition
    ) -> None:
        known = state.versions.get(version.version)
        run_project = self._run_project(version, known)
        told = self.reader.version(version, model, run_project)
        if isinstance(told, Problem):
            self._refused.append(told)
            return
        content = digest(canonical([str(told.subject), told.project, told.payload]))[:16]
        if known is None or known.digest != content:
            self._told.append(told)
        state.versions[version.version] = VersionPosition(
            digest=content, run_id=version.run_id or None, project=told.project
        )

    def _run_project(self, version: ModelVersion, known: VersionPosition | None) -> str | None:
        """Return the project of the version's run, asking the server the first time only."""
        if not self.options.projects or not version.run_id:
            return None
        if known is not None and known.run_id == version.run_id:
            return known.project
        experiment = self.experiments.get(self.client.run_experiment(version.run_id) or "")
        return self.options.project_of_experiment(experiment.name) if experiment else None

    def _read_missing(
        self, name: str, model: RegisteredModel | None, listing: _Listing, state: ModelPosition
    ) -> None:
        """Tell of versions that were known and are gone; a listing alone does not prove it."""
        missing = state.versions.keys() - listing.versions.get(name, {}).keys()
        for version in sorted(missing):
            if model is not None and self.client.has_version(name, version):
                continue
            known = state.versions.pop(version)
            told = self.reader.deleted_version(
                name, version, known.run_id, known.project, self.moment()
            )
            self._keep(told)

    def _read_aliases(self, model: RegisteredModel, state: ModelPosition) -> None:
        """Tell of aliases that point elsewhere than at the last look."""
        found = {alias.alias: alias.version for alias in model.aliases}
        for alias in sorted(found.keys() | state.aliases.keys()):
            move = AliasMove(model.name, alias, state.aliases.get(alias), found.get(alias))
            if move.version == move.from_version:
                continue
            holder = state.versions.get(move.version or move.from_version or "")
            project = holder.project if holder else self.options.project
            told = self.reader.alias_move(move, project, self._seen_after(), self.moment())
            self._keep(told)
        state.aliases = found

    def _seen_after(self) -> datetime | None:
        """Return when the last complete look began, None when it was about other models."""
        is_comparable = self.position.registry_globs == self.options.models
        return self.position.registry_at if is_comparable else None

    def _keep(self, told: Observation | Problem) -> None:
        if isinstance(told, Problem):
            self._refused.append(told)
        else:
            self._told.append(told)

    def _batch(self) -> Batch:
        deleted = sum(one.payload.get("deleted") is True for one in self._told)
        batch = Batch(
            observations=tuple(self._told),
            cursor=self.position.dump(),
            refused=(*self._refused, *self.client.take_problems()),
            tombstoned=deleted,
        )
        self._told.clear()
        self._refused.clear()
        return batch
