"""Whether runs and versions can be made again: what gates and cards ask."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.evidence.queries import records_of_kinds
from headway.domain.inventory.queries import reading
from headway.domain.inventory.queries.held import alike_runs, made_by, runs_by_name
from headway.domain.inventory.rules.judged import Judged
from headway.domain.inventory.rules.reproducibility import (
    Reproducibility,
    reproducibility,
    without_run,
)
from headway.domain.inventory.rules.versions import ModelVersion
from headway.observation import SubjectRef


def reproducibility_of(
    actor: Actor, subjects: Collection[str], at: datetime | None = None
) -> Mapping[str, Judged]:
    """Return whether each of `subjects` (`model:name@version`, `run:server/id`) can be made again.

    A subject whose run nobody told of is missing; so is a model without a version.
    """
    found = reproducibilities_of(actor, subjects, at)
    return {
        subject: found[subject].whole if subject in found else without_run(subject)
        for subject in subjects
    }


def reproducibilities_of(
    actor: Actor, subjects: Collection[str], at: datetime | None = None
) -> Mapping[str, Reproducibility]:
    """Return the same with every term; what has no known run is left out."""
    require(actor, Permission.VIEW)
    asked = {subject: SubjectRef.parse(subject) for subject in subjects}
    names = {ref.name for ref in asked.values() if ref.kind == "model"}
    found: dict[str, Reproducibility] = {}
    if names:
        made = made_by(actor, _versions(actor, names, at), at)
        found |= {one: made[one].reproducible for one in asked if one in made}
    runs = {one: ref.name for one, ref in asked.items() if ref.kind == "run"}
    if runs:
        known = runs_by_name(actor, set(runs.values()), at)
        alike = alike_runs(actor, known.values(), at)
        found |= {
            one: reproducibility(known[name], alike) for one, name in runs.items() if name in known
        }
    return found


def _versions(
    actor: Actor, names: Collection[str], at: datetime | None
) -> Collection[ModelVersion]:
    rows = records_of_kinds(actor, ("model_version",), at, names=names)
    aliases = records_of_kinds(actor, ("alias_move",), at)
    servers: dict[str, list[str]] = {}
    for row in aliases:
        model, _, server = reading.alias_of(row)
        servers.setdefault(model, []).append(server)
    last = {row.subject: row for row in rows}
    return [reading.model_version(row, servers.get(row.name, ())) for row in last.values()]
