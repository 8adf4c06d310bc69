"""Datasets: their versions by digest, what people say of them, and where they went."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.evidence.queries import ThingRecord, records_of_kinds
from headway.domain.inventory.models import DatasetEntry
from headway.domain.inventory.queries import reading
from headway.domain.inventory.queries.held import held_models, made_by
from headway.domain.inventory.queries.lineage import Thread, producers, threads_of
from headway.domain.inventory.rules.said import DatasetSaid
from headway.domain.inventory.rules.versions import DatasetVersion, ModelVersion
from headway.domain.programs.queries import facts, row_at, rows_at
from headway.domain.programs.rules.fields import meant
from headway.errors import NotFound

#: The newest model versions whose data are looked at.
_MOST_VERSIONS = 500


@dataclass(frozen=True, slots=True)
class DatasetLine:
    """A dataset. What a person says wins over its records and is marked as theirs.

    `gaps` are the questions that nobody answered: licence, personal data, consent.
    """

    name: str
    home: str
    owner: str
    licence: str
    personal_data: str
    consent: str
    newest: DatasetVersion
    versions: int
    gaps: Sequence[str]
    said: DatasetSaid | None


@dataclass(frozen=True, slots=True)
class DatasetPage:
    """One dataset whole; versions the newest first."""

    line: DatasetLine
    versions: Sequence[DatasetVersion]
    made_by: Mapping[str, Sequence[str]]
    lineage: Sequence[Thread]


def dataset_lines(actor: Actor, at: datetime | None = None) -> Sequence[DatasetLine]:
    """Return every dataset that evidence names: those with most open questions first."""
    said = {row.name: facts(DatasetSaid, row) for row in _entries(actor, at)}
    lines = [_line(name, rows, said.get(name)) for name, rows in _told(actor, at).items()]
    return sorted(lines, key=lambda line: (-len(line.gaps), line.name))


def dataset_page(actor: Actor, name: str, at: datetime | None = None) -> DatasetPage:
    """Return one dataset with what was made of it. Raises NotFound with the nearest name."""
    told = _told(actor, at)
    if name not in told:
        hint = meant(name, told) or "; a record of dataset:NAME@VERSION makes one known."
        sentence = f"There is no dataset '{name}' in this workspace{hint}"
        raise NotFound(sentence)
    said = {row.name: facts(DatasetSaid, row) for row in _entries(actor, at)}
    versions = _last_of_each(told[name])
    return DatasetPage(
        line=_line(name, told[name], said.get(name)),
        versions=versions,
        made_by=producers(actor, at),
        lineage=_threads(actor, name, versions, at),
    )


def dataset_said(actor: Actor, name: str, at: datetime | None = None) -> DatasetSaid:
    """Return what a person says of a dataset; NotFound where nobody said anything."""
    require(actor, Permission.VIEW)
    missing = f"Nobody said anything of dataset '{name}' yet."
    return facts(
        DatasetSaid, row_at(DatasetEntry, at, missing, workspace_id=actor.workspace_id, name=name)
    )


def _entries(actor: Actor, at: datetime | None) -> Sequence[DatasetEntry]:
    return rows_at(DatasetEntry, at, workspace_id=actor.workspace_id)


def _told(actor: Actor, at: datetime | None) -> Mapping[str, Sequence[ThingRecord]]:
    """Return the records of each dataset's versions, oldest first, by name."""
    found: dict[str, list[ThingRecord]] = {}
    for row in records_of_kinds(actor, ("dataset_version",), at):
        found.setdefault(row.name, []).append(row)
    return dict(sorted(found.items()))


def _last_of_each(rows: Iterable[ThingRecord]) -> Sequence[DatasetVersion]:
    """Return the last state of each version, the newest first."""
    last: dict[str, ThingRecord] = {}
    for row in rows:
        last.pop(row.version, None)
        last[row.version] = row
    return [reading.dataset_version(row) for row in reversed(last.values())]


def _line(name: str, rows: Sequence[ThingRecord], said: DatasetSaid | None) -> DatasetLine:
    versions = _last_of_each(rows)
    newest = versions[0]
    licence = (said.licence if said else "") or newest.licence
    personal = (said.personal_data if said else "") or newest.personal_data
    consent = (said.consent if said else "") or newest.consent
    homes = [row.home for row in rows if row.home]
    return DatasetLine(
        name=name,
        home=homes[-1] if homes else "",
        owner=said.owner if said else "",
        licence=licence,
        personal_data=personal,
        consent=consent,
        newest=newest,
        versions=len(versions),
        gaps=_gaps(licence, personal, consent),
        said=said,
    )


def _gaps(licence: str, personal: str, consent: str) -> Sequence[str]:
    """Return what nobody answered; consent is asked for where people are in the data."""
    gaps = [] if licence else ["licence"]
    if not personal:
        gaps.append("personal data")
    elif personal != "none" and not consent:
        gaps.append("consent")
    return gaps


def _threads(
    actor: Actor, name: str, versions: Iterable[DatasetVersion], at: datetime | None
) -> Sequence[Thread]:
    """Return the model versions whose runs used the dataset, by its name or by a digest."""
    held = held_models(actor, at)
    known = [one for some in held.versions.values() for one in some]
    newest = sorted(known, key=_registered, reverse=True)[:_MOST_VERSIONS]
    made = made_by(actor, newest, at)
    digests = {one.digest for one in versions}
    using = [
        one
        for one in newest
        if one.subject in made
        and any(used == name or digest in digests for used, digest, _ in made[one.subject].run.data)
    ]
    return threads_of(actor, held, using, made, at)


def _registered(version: ModelVersion) -> tuple[bool, str]:
    moment = version.registered
    return (moment is not None, moment.isoformat() if moment else "")
