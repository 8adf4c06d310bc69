"""Models as pages, API and terminal show them: what is live, since when, how it was made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from headway.domain.accounts.rules import Actor
from headway.domain.evidence.queries import records_of_kinds, versions_heard
from headway.domain.inventory.queries.held import Held, Made, held_models, made_by
from headway.domain.inventory.queries.lineage import Thread, threads_of
from headway.domain.inventory.rules.aliases import (
    UNKNOWN,
    Change,
    Pointing,
    Span,
    pointing_at,
    spans,
)
from headway.domain.inventory.rules.deployments import (
    Deployment,
    Matrix,
    Placed,
    history_of,
    matrix,
    placed_now,
    version_order,
)
from headway.domain.inventory.rules.judged import Judged, rank
from headway.domain.inventory.rules.reproducibility import without_run
from headway.domain.inventory.rules.said import ModelSaid
from headway.domain.inventory.rules.versions import ModelVersion, is_live_alias
from headway.domain.programs.rules.fields import meant
from headway.errors import NotFound

#: Versions that a page shows; how many more there are is said.
MOST_VERSIONS = 100


@dataclass(frozen=True, slots=True)
class AliasLine:
    """An alias of a model: where it points now, and the changes, the newest first."""

    model: str
    alias: str
    server: str
    pointing: Pointing
    spans: Sequence[Span]
    is_live: bool

    @property
    def version(self) -> str:
        """Return the version it points to; empty where it points to nothing."""
        return (self.pointing.versions[-1] or "") if self.pointing.versions else ""

    @property
    def began(self) -> Change | None:
        """Return the change since which it points there."""
        return self.spans[0].began if self.spans else None


@dataclass(frozen=True, slots=True)
class Live:
    """A version that serves: by which alias, or where it is deployed; since (after, by].

    `after` equal to `by` is a time that its deployment names; None: since before anybody looked.
    """

    version: str
    by_what: str
    status: str
    after: datetime | None
    by: datetime
    records: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version: what points to it, where it runs, how it was made, when it was last looked at."""

    version: ModelVersion
    aliases: Sequence[str]
    placed: Sequence[Placed]
    made: Made | None
    reproducible: Judged
    looked_at: datetime | None

    @property
    def stage(self) -> str:
        """Return where it stands, in a word or two: its aliases, else where it runs."""
        running = [one.deployment for one in self.placed if one.deployment.is_running]
        words = [f"@{alias}" for alias in self.aliases]
        words += [f"{one.environment} ({one.status_words})" for one in running]
        return ", ".join(words)


@dataclass(frozen=True, slots=True)
class ModelLine:
    """A model in a list. `reproducible` is that of what serves, else of the newest version."""

    name: str
    system: str
    system_name: str
    owner: str
    tier: str
    home: str
    versions: int
    newest: str
    live: Sequence[Live]
    reproducible: Judged
    looked_at: datetime | None
    said: ModelSaid | None


@dataclass(frozen=True, slots=True)
class Drill:
    """Something that was tried on purpose."""

    record: int
    about: str
    drill: str
    passed: bool | None
    environment: str
    seconds: float | None
    sentence: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ModelPage:
    """One model whole; versions and changes the newest first."""

    line: ModelLine
    aliases: Sequence[AliasLine]
    versions: Sequence[VersionLine]
    matrix: Matrix
    deployments: Sequence[Deployment]
    drills: Sequence[Drill]
    lineage: Sequence[Thread]
    more_versions: int = 0


def model_lines(actor: Actor, at: datetime | None = None) -> Sequence[ModelLine]:
    """Return every model that evidence names, by name; as known at `at` (None: now)."""
    held = held_models(actor, at)
    shown = {name: _versions_to_judge(held, name) for name in held.heard}
    made = made_by(actor, (one for some in shown.values() for one in some), at)
    return [_line(held, name, shown[name], made) for name in sorted(held.heard)]


def model_page(actor: Actor, name: str, at: datetime | None = None) -> ModelPage:
    """Return one model with all its versions. Raises NotFound with the nearest name there is."""
    held = known_model(actor, name, at)
    ordered = sorted(
        held.versions.get(name, ()), key=lambda one: version_order(one.version), reverse=True
    )
    shown = list(dict.fromkeys((*ordered[:MOST_VERSIONS], *_versions_to_judge(held, name))))
    made = made_by(actor, shown, at)
    told = [one for one in held.deployments if one.model == name]
    placed = placed_now(told)
    aliases = alias_lines(held, name)
    return ModelPage(
        line=_line(held, name, _versions_to_judge(held, name), made),
        aliases=aliases,
        versions=[_version_line(held, one, aliases, placed, made) for one in shown],
        matrix=matrix(placed),
        deployments=history_of(told),
        drills=_drills(actor, name, at),
        lineage=threads_of(actor, held, shown, made, at),
        more_versions=len(ordered) - len(shown),
    )


def known_model(actor: Actor, name: str, at: datetime | None) -> Held:
    """Return what is known of one model. Raises NotFound, with the nearest name there is."""
    held = held_models(actor, at, [name])
    if name not in held.heard:
        names = {one.name for one in versions_heard(actor, "model", at)}
        hint = meant(name, names) or "; evidence about model:NAME makes one known."
        sentence = f"There is no model '{name}' in this workspace{hint}"
        raise NotFound(sentence)
    return held


def pointing_of(
    actor: Actor, name: str, alias: str, moment: datetime, at: datetime | None = None
) -> Pointing:
    """Return which version an alias pointed to at `moment`, from what was known at `at`.

    Several servers may have the model: then every answer of theirs is possible.
    """
    held = known_model(actor, name, at)
    found = [
        pointing_at(changes, moment)
        for (model, one, _), changes in held.changes.items()
        if model == name and one == alias
    ]
    known = [one for one in found if one.versions]
    if not known:
        return UNKNOWN
    versions = dict.fromkeys(version for one in known for version in one.versions)
    records = sorted({record for one in known for record in one.records})
    return Pointing(tuple(versions), tuple(records))


def alias_lines(held: Held, name: str) -> Sequence[AliasLine]:
    """Return the aliases of a model, those that serve first."""
    lines = [
        AliasLine(
            name,
            alias,
            server,
            pointing_at(changes, changes[-1].by) if changes else UNKNOWN,
            tuple(reversed(spans(changes))),
            is_live_alias(alias),
        )
        for (model, alias, server), changes in held.changes.items()
        if model == name
    ]
    return sorted(lines, key=lambda line: (not line.is_live, line.alias, line.server))


def live_versions(held: Held, name: str) -> Sequence[Live]:
    """Return what serves of a model: by an alias that means so, or by a deployment."""
    found = [
        Live(line.version, f"@{line.alias}", "live", began.after, began.by, began.records)
        for line in alias_lines(held, name)
        if line.is_live and line.version and (began := line.began)
    ]
    told = [one for one in held.deployments if one.model == name]
    found += [
        Live(
            one.deployment.version,
            f"{one.deployment.environment} ({one.deployment.target})",
            one.deployment.status,
            one.since,
            one.since,
            one.records,
        )
        for one in placed_now(told)
        if one.deployment.is_live
    ]
    return found


def _versions_to_judge(held: Held, name: str) -> Sequence[ModelVersion]:
    """Return the versions that serve; without any the newest."""
    versions = held.versions.get(name, ())
    serving = {one.version for one in live_versions(held, name)}
    return [one for one in versions if one.version in serving] or _newest(versions)


def _newest(versions: Sequence[ModelVersion]) -> Sequence[ModelVersion]:
    return [max(versions, key=lambda one: version_order(one.version))] if versions else []


def _line(
    held: Held, name: str, judged: Iterable[ModelVersion], made: Mapping[str, Made]
) -> ModelLine:
    system, said = held.system(name), held.said.get(name)
    versions = held.versions.get(name, ())
    newest = _newest([one for one in versions if not one.is_deleted])
    found = list(judged)
    verdicts = [_reproducible(one, made) for one in found] or [without_run(f"model:{name}")]
    looks = [held.looked.get((name, one.version)) for one in found]
    return ModelLine(
        name=name,
        system=system.slug if system else "",
        system_name=system.name if system else "",
        owner=(said.owner if said else "") or (system.owner if system else ""),
        tier=(said.tier if said else "") or (system.tier if system else ""),
        home=held.home(name),
        versions=len(versions),
        newest=newest[0].version if newest else "",
        live=live_versions(held, name),
        reproducible=min(verdicts, key=lambda one: rank(one.verdict)),
        looked_at=max((one for one in looks if one), default=None),
        said=said,
    )


def _version_line(
    held: Held,
    version: ModelVersion,
    aliases: Iterable[AliasLine],
    placed: Iterable[Placed],
    made: Mapping[str, Made],
) -> VersionLine:
    return VersionLine(
        version=version,
        aliases=[line.alias for line in aliases if line.version == version.version],
        placed=[one for one in placed if one.deployment.version == version.version],
        made=made.get(version.subject),
        reproducible=_reproducible(version, made),
        looked_at=held.looked.get((version.model, version.version)),
    )


def _reproducible(version: ModelVersion, made: Mapping[str, Made]) -> Judged:
    found = made.get(version.subject)
    return found.reproducible.whole if found else without_run(version.subject)


def _drills(actor: Actor, name: str, at: datetime | None) -> Sequence[Drill]:
    """Return the drills of a model and of its deployments, the newest first."""
    rows = records_of_kinds(actor, ("drill",), at)
    about = [row for row in rows if row.name == name or row.name.startswith(f"{name}/")]
    return [
        Drill(
            row.record,
            row.subject,
            str(row.payload["drill"]).replace("_", " "),
            row.payload["passed"],
            str(row.payload["environment"]),
            row.payload["seconds"],
            str(row.payload["sentence"]),
            row.observed_at,
        )
        for row in reversed(about)
    ]
