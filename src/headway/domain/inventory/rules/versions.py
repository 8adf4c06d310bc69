"""Versions of models and of datasets, as records tell of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """A version of a model. `runs` are the names that its run may have in the ledger, best first.

    `registered` None: evidence speaks of it, and no registry has told of it.
    """

    model: str
    version: str
    record: int | None
    registered: datetime | None
    status: str
    description: str
    runs: tuple[str, ...]
    source: str
    is_deleted: bool

    @property
    def subject(self) -> str:
        """Return what evidence about it is about."""
        return f"model:{self.model}@{self.version}" if self.version else f"model:{self.model}"


@dataclass(frozen=True, slots=True)
class DatasetVersion:
    """A version of a dataset, known by the digest of its content."""

    dataset: str
    version: str
    record: int
    digest: str
    rows: int | None
    columns: int | None
    source: str
    split: str
    licence: str
    personal_data: str
    consent: str
    description: str
    observed_at: datetime

    @property
    def subject(self) -> str:
        """Return what evidence about it is about."""
        return f"dataset:{self.dataset}@{self.version}"


#: Aliases and states of a deployment that mean that a version serves, or is tried beside it, by the
#: stage of a release that they stand for. A word that is not here means nothing.
STAGES_OF_ALIAS: Mapping[str, Sequence[str]] = {
    "champion": ("live",),
    "production": ("live",),
    "prod": ("live",),
    "live": ("live",),
    "challenger": ("shadow", "canary", "ramp"),
    "shadow": ("shadow",),
    "canary": ("canary", "ramp"),
}
STAGES_OF_STATUS: Mapping[str, Sequence[str]] = {
    "live": ("live",),
    "rolling_out": ("ramp", "live"),
    "canary": ("canary", "ramp"),
    "shadow": ("shadow",),
}


def is_live_alias(alias: str) -> bool:
    """Say whether a version with this alias is the one that serves."""
    return "live" in STAGES_OF_ALIAS.get(alias.lower(), ())
