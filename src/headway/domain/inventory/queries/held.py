"""What the ledger and people say about models, read once in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.evidence.queries import (
    ThingRecord,
    VersionHeard,
    records_of_kinds,
    runs_alike,
    runs_named,
    versions_heard,
)
from headway.domain.inventory.models import ModelEntry
from headway.domain.inventory.queries import reading
from headway.domain.inventory.rules.aliases import Change, Sighting, timeline
from headway.domain.inventory.rules.deployments import Deployment
from headway.domain.inventory.rules.reproducibility import (
    Reproducibility,
    RunFacts,
    reproducibility,
)
from headway.domain.inventory.rules.said import ModelSaid
from headway.domain.inventory.rules.versions import ModelVersion
from headway.domain.programs.models import Project
from headway.domain.programs.queries import facts, row_at, rows_at, systems_of
from headway.domain.programs.rules import SystemFacts

#: What the ledger tells of models and of where they run.
_KINDS = ("model_version", "alias_move", "deployment")
#: What counts as having looked at a version.
_LOOKS = ("evaluation", "check")

#: An alias by its model, its own name and the server it lives on.
AliasKey = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Held:
    """What is known of all models of a workspace (or of some) at a moment."""

    versions: Mapping[str, Sequence[ModelVersion]]  # by model, oldest first
    changes: Mapping[AliasKey, Sequence[Change]]
    deployments: Sequence[Deployment]
    heard: Mapping[str, Sequence[VersionHeard]]
    looked: Mapping[tuple[str, str], datetime]
    said: Mapping[str, ModelSaid]
    systems: Mapping[UUID, SystemFacts]
    system_of_project: Mapping[str, UUID]

    def system(self, model: str) -> SystemFacts | None:
        """Return the system of a model: as a person said, else that of its project."""
        said = self.said.get(model)
        chosen = said.system_id if said is not None else None
        if chosen is not None and chosen in self.systems:
            return self.systems[chosen]
        system_id = self.system_of_project.get(self.home(model))
        return self.systems.get(system_id) if system_id else None

    def home(self, model: str) -> str:
        """Return the slug of the project that the model's newest version belongs to."""
        homes = [one.home for one in self.heard.get(model, ()) if one.home]
        return homes[-1] if homes else ""


def held_models(actor: Actor, at: datetime | None = None, names: Collection[str] = ()) -> Held:
    """Return what is known of all models, or of those called so."""
    require(actor, Permission.VIEW)
    only = next(iter(names)) if len(names) == 1 else ""
    # The name stands in those of its versions, its aliases (server/model/alias), its deployments.
    records = records_of_kinds(actor, _KINDS, at, holding_name=only)
    heard: dict[str, list[VersionHeard]] = {}
    for one in versions_heard(actor, "model", at, names=names):
        heard.setdefault(one.name, []).append(one)
    looks = versions_heard(actor, "model", at, kinds=_LOOKS, names=names)
    systems = {one.id: one for one in systems_of(actor, at)}
    projects = rows_at(Project, at, workspace_id=actor.workspace_id)
    moves = {key: seen for key, seen in _moves(records).items() if not names or key[0] in names}
    told = [reading.deployment(row) for row in records if row.kind == "deployment"]
    return Held(
        versions=_versions(records, heard, moves),
        changes={key: timeline(seen) for key, seen in sorted(moves.items())},
        deployments=[one for one in told if not names or one.model in names],
        heard=heard,
        looked={(one.name, one.version): one.last for one in looks},
        said={row.name: facts(ModelSaid, row) for row in model_entries(actor, at)},
        systems=systems,
        system_of_project={row.slug: row.system_id for row in projects if row.system_id},
    )


def model_entries(actor: Actor, at: datetime | None = None) -> Sequence[ModelEntry]:
    """Return what people say of models."""
    return rows_at(ModelEntry, at, workspace_id=actor.workspace_id)


def model_said(actor: Actor, name: str, at: datetime | None = None) -> ModelSaid:
    """Return what a person says of a model; NotFound where nobody said anything."""
    require(actor, Permission.VIEW)
    missing = f"Nobody said anything of model '{name}' yet."
    return facts(
        ModelSaid, row_at(ModelEntry, at, missing, workspace_id=actor.workspace_id, name=name)
    )


def _moves(records: Iterable[ThingRecord]) -> Mapping[AliasKey, list[Sighting]]:
    moves: dict[AliasKey, list[Sighting]] = {}
    for row in records:
        if row.kind == "alias_move":
            moves.setdefault(reading.alias_of(row), []).append(reading.sighting(row))
    return moves


def _versions(
    records: Iterable[ThingRecord],
    heard: Mapping[str, Sequence[VersionHeard]],
    moves: Mapping[AliasKey, object],
) -> Mapping[str, Sequence[ModelVersion]]:
    """Return the versions of each model: the last state of each, oldest first.

    A version that evidence speaks of and no registry told of is one all the same.
    """
    servers: dict[str, list[str]] = {}
    for model, _, server in moves:
        servers.setdefault(model, []).append(server)
    told = {
        (row.name, row.version): reading.model_version(row, servers.get(row.name, ()))
        for row in records
        if row.kind == "model_version"
    }
    return {
        model: [
            told.get((model, one.version)) or _unregistered(model, one.version)
            for one in found
            if one.version
        ]
        for model, found in heard.items()
    }


def _unregistered(model: str, version: str) -> ModelVersion:
    return ModelVersion(model, version, None, None, "", "", (), "", False)


@dataclass(frozen=True, slots=True)
class Made:
    """How a version was made: its run, where one is known, and whether that can be made again."""

    run: RunFacts
    reproducible: Reproducibility


def made_by(
    actor: Actor, versions: Iterable[ModelVersion], at: datetime | None = None
) -> Mapping[str, Made]:
    """Return how each version was made, by its subject; versions without a known run are left out.

    Four queries, whatever their number.
    """
    asked = list(versions)
    runs = runs_by_name(actor, {name for one in asked for name in one.runs}, at)
    found: dict[str, RunFacts] = {}
    for one in asked:
        name = next((name for name in one.runs if name in runs), None)
        if name is not None:
            found[one.subject] = runs[name]
    alike = alike_runs(actor, found.values(), at)
    return {subject: Made(run, reproducibility(run, alike)) for subject, run in found.items()}


def runs_by_name(
    actor: Actor, names: Collection[str], at: datetime | None
) -> Mapping[str, RunFacts]:
    """Return the runs with these names."""
    rows = runs_named(actor, names, at) if names else []
    return {row.name: reading.run_facts(row) for row in rows}


def alike_runs(actor: Actor, runs: Iterable[RunFacts], at: datetime | None) -> Sequence[RunFacts]:
    """Return the runs among which a rerun of `runs` may be."""
    rows = runs_alike(actor, {run.commit for run in runs}, at)
    return [reading.run_facts(row) for row in rows]
