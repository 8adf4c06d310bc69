"""How versions stand in environments: a matrix, and what came before.

A deployment's record supersedes the older ones of its subject. A subject without a version holds
one version at a time (`deployment:<model>/<environment>`); where two run beside each other, each
has a subject with its version (`deployment:<model>/<environment>@<version>`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

#: States in which a version answers, or is looked at by, real requests.
RUNNING = ("live", "rolling_out", "canary", "shadow", "paused")


@dataclass(frozen=True, slots=True)
class Deployment:
    """What one record says. `version` "" where nothing is deployed; `traffic` is a share 0–1."""

    record: int
    subject: str
    model: str
    version: str
    environment: str
    target: str
    status: str
    traffic: float | None
    commit: str
    endpoint: str
    deployed_at: datetime | None
    observed_at: datetime
    description: str = ""

    @property
    def status_words(self) -> str:
        """Return the status as people say it."""
        return self.status.replace("_", " ")

    @property
    def is_running(self) -> bool:
        """Say whether the version is there and not retired or failed."""
        return bool(self.version) and self.status in RUNNING

    @property
    def is_live(self) -> bool:
        """Say whether it serves, wholly or on its way there."""
        return bool(self.version) and self.status in ("live", "rolling_out")


@dataclass(frozen=True, slots=True)
class Placed:
    """How a version stands in an environment now, since when, and what it rests on.

    `since` is the time that the record names, else when it was first seen there like that.
    """

    deployment: Deployment
    since: datetime
    records: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Versions (newest first) by environments (by name); cells only where something runs."""

    environments: Sequence[str]
    versions: Sequence[str]
    cells: Mapping[tuple[str, str], Placed]
    notes: Sequence[str] = ()

    @property
    def rows(self) -> Sequence[tuple[str, Sequence[Placed | None]]]:
        """Return each version with its cells in the order of the environments."""
        return [
            (version, [self.cells.get((version, one)) for one in self.environments])
            for version in self.versions
        ]


def placed_now(told: Iterable[Deployment]) -> Sequence[Placed]:
    """Return what stands now, by model, environment and version; of each subject the latest."""
    by_subject: dict[str, list[Deployment]] = {}
    for one in told:
        by_subject.setdefault(one.subject, []).append(one)
    standing = [_placed(history) for history in by_subject.values()]
    return sorted(standing, key=lambda one: _place(one.deployment))


def history_of(told: Iterable[Deployment]) -> Sequence[Deployment]:
    """Return what was told, newest first."""
    return sorted(told, key=lambda one: (one.observed_at, one.record), reverse=True)


def matrix(placed: Iterable[Placed]) -> Matrix:
    """Return the matrix of one model's versions by environments."""
    standing = list(placed)
    environments = sorted({one.deployment.environment for one in standing})
    running = [one for one in standing if one.deployment.is_running]
    cells = {(one.deployment.version, one.deployment.environment): one for one in running}
    versions = sorted({version for version, _ in cells}, key=version_order, reverse=True)
    return Matrix(environments, versions, cells, _notes(environments, running))


def version_order(version: str) -> tuple[int, int, str]:
    """Return a key by which versions are ordered: 2 before 10, numbers before words."""
    if version.isascii() and version.isdigit():
        return (0, int(version), version)
    return (1, 0, version)


def _placed(history: Sequence[Deployment]) -> Placed:
    """Return the latest of a subject's records, and since when it says the same."""
    ordered = sorted(history, key=lambda one: (one.observed_at, one.record))
    last = ordered[-1]
    same: list[Deployment] = []
    for one in reversed(ordered):
        if (one.version, one.status) != (last.version, last.status):
            break
        same.append(one)
    first = same[-1]
    return Placed(last, first.deployed_at or first.observed_at, (last.record,))


def _place(one: Deployment) -> tuple[str, str, tuple[int, int, str]]:
    return (one.model, one.environment, version_order(one.version))


def _notes(environments: Sequence[str], running: Sequence[Placed]) -> Sequence[str]:
    """Say where the shares of traffic do not add up to the whole."""
    notes = []
    for environment in environments:
        here = [one.deployment for one in running if one.deployment.environment == environment]
        shares = [one.traffic for one in here if one.traffic is not None]
        if len(shares) == len(here) and shares and sum(shares) > 1 + 1e-9:
            notes.append(f"In {environment} the shares of traffic add up to {sum(shares):.0%}.")
    return notes
