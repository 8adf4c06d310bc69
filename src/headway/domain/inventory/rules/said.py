"""What people say about models, data and pipelines: it stands beside the evidence, as theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from headway.domain.inventory.rules.pipelines import ServiceLevel
from headway.domain.inventory.rules.windows import read_window
from headway.domain.programs.rules.fields import Reader, choice, number, text

PERSONAL_DATA = ("", "none", "pseudonymous", "personal", "special")
PERSONAL_WORDS: Mapping[str, str] = {
    "": "not said",
    "none": "none",
    "pseudonymous": "pseudonymous",
    "personal": "personal data",
    "special": "special categories",
}
TIERS = ("", "standard", "high")

#: Ten years: no pipeline is slower.
_MOST_HOURS = 24 * 3660


@dataclass(frozen=True, slots=True)
class ModelSaid:
    """What a person says of a model. Empty fields say nothing; the system's stand in for them."""

    id: UUID
    name: str
    system_id: UUID | None
    owner: str
    tier: str
    licence: str
    change_window: str
    note: str
    said_by: str
    said_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class DatasetSaid:
    """What a person says of a dataset."""

    id: UUID
    name: str
    owner: str
    licence: str
    personal_data: str
    consent: str
    note: str
    said_by: str
    said_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class PipelineSaid:
    """What a person expects of a pipeline."""

    id: UUID
    name: str
    owner: str
    every_hours: float | None
    within_hours: float | None
    data_hours: float | None
    note: str
    said_by: str
    said_at: datetime
    version: int

    @property
    def level(self) -> ServiceLevel:
        """Return the service level."""
        return ServiceLevel(self.every_hours, self.within_hours, self.data_hours)


MODEL_FIELDS: Mapping[str, Reader] = {
    "owner": text(200),
    "tier": choice(*TIERS),
    "licence": text(200),
    "change_window": read_window,
    "note": text(2_000),
}
DATASET_FIELDS: Mapping[str, Reader] = {
    "owner": text(200),
    "licence": text(200),
    "personal_data": choice(*PERSONAL_DATA),
    "consent": text(300),
    "note": text(2_000),
}
PIPELINE_FIELDS: Mapping[str, Reader] = {
    "owner": text(200),
    "every_hours": number(0.01, _MOST_HOURS),
    "within_hours": number(0.01, _MOST_HOURS),
    "data_hours": number(0.01, _MOST_HOURS),
    "note": text(2_000),
}
