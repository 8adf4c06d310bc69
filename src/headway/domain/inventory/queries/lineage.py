"""What came from what: data → run → version → deployment → monitor, read in either direction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from headway.domain.accounts.rules import Actor
from headway.domain.evidence.queries import records_of_kinds
from headway.domain.inventory.queries.held import Held, Made
from headway.domain.inventory.rules.deployments import Placed, placed_now
from headway.domain.inventory.rules.reproducibility import RunFacts
from headway.domain.inventory.rules.versions import ModelVersion

#: Of each version's checks so many are looked at for what watches it.
_MOST_CHECKS = 60


@dataclass(frozen=True, slots=True)
class Used:
    """Data that went into a run: `subject` names its version where a record tells of its digest."""

    dataset: str
    digest: str
    use: str
    subject: str


@dataclass(frozen=True, slots=True)
class Watch:
    """A monitor that looked at a version, how it stood then, and when."""

    name: str
    standing: str
    at: datetime
    record: int


@dataclass(frozen=True, slots=True)
class Thread:
    """One version with everything before and after it."""

    version: ModelVersion
    run: RunFacts | None
    data: Sequence[Used]
    made_by: Sequence[str]  # pipelines whose run produced it
    placed: Sequence[Placed]
    watched: Sequence[Watch]


def threads_of(
    actor: Actor,
    held: Held,
    versions: Iterable[ModelVersion],
    made: Mapping[str, Made],
    at: datetime | None,
) -> Sequence[Thread]:
    """Return the thread of each version, in their order; three queries."""
    asked = list(versions)
    models = {one.model for one in asked}
    known = dataset_subjects(actor, at)
    watched = _watches(actor, models, at)
    produced = producers(actor, at)
    placed = [one for one in placed_now(held.deployments) if one.deployment.model in models]
    return [
        Thread(
            version=one,
            run=made[one.subject].run if one.subject in made else None,
            data=_used(made.get(one.subject), known),
            made_by=produced.get(one.subject, ()),
            placed=[
                place
                for place in placed
                if place.deployment.is_running
                and (place.deployment.model, place.deployment.version) == (one.model, one.version)
            ],
            watched=watched.get((one.model, one.version), ()),
        )
        for one in asked
    ]


def dataset_subjects(actor: Actor, at: datetime | None) -> Mapping[str, str]:
    """Return the dataset version of each digest that a record tells of."""
    rows = records_of_kinds(actor, ("dataset_version",), at)
    return {str(row.payload["digest"]): row.subject for row in rows}


def producers(actor: Actor, at: datetime | None) -> Mapping[str, Sequence[str]]:
    """Return the pipelines whose last runs produced each subject."""
    rows = records_of_kinds(actor, ("pipeline_run",), at, most_each=200)
    found: dict[str, dict[str, None]] = {}
    for row in rows:
        if row.payload["produced"]:
            found.setdefault(str(row.payload["produced"]), {})[row.name] = None
    return {subject: list(names) for subject, names in found.items()}


def _used(made: Made | None, known: Mapping[str, str]) -> Sequence[Used]:
    if made is None:
        return ()
    return [Used(name, digest, use, known.get(digest, "")) for name, digest, use in made.run.data]


def _watches(
    actor: Actor, models: Collection[str], at: datetime | None
) -> Mapping[tuple[str, str], Sequence[Watch]]:
    """Return what monitors said last of each version: a monitor's check knows how it stands."""
    rows = (
        records_of_kinds(actor, ("check",), at, names=models, most_each=_MOST_CHECKS)
        if models
        else ()
    )
    last: dict[tuple[str, str], dict[str, Watch]] = {}
    for row in rows:
        standing = row.payload.get("standing")
        if standing:
            name = str(row.payload["check"])
            watch = Watch(name, str(standing), row.observed_at, row.record)
            last.setdefault((row.name, row.version), {})[name] = watch
    return {key: list(found.values()) for key, found in last.items()}
