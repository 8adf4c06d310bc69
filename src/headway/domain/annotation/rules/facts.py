"""Guidelines, pilots and batches as frozen values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """The words of a guideline from a moment on."""

    number: int
    text: str
    reason: str
    is_compatible: bool
    compatible_reason: str
    published_at: datetime
    published_by: str


@dataclass(frozen=True, slots=True)
class GuidelineFacts:
    """A guideline with its versions, oldest first."""

    id: UUID
    workspace_id: UUID
    program_id: UUID
    key: str
    name: str
    owner: str
    version: int
    versions: Sequence[VersionFacts] = ()

    @property
    def current(self) -> int:
        """Return the number of the newest version; 0 where none is published."""
        return self.versions[-1].number if self.versions else 0

    def counts_still(self, number: int | None) -> bool:
        """Say whether labels by version `number` count: every later one is compatible.

        Of a guideline with versions, labels by none of them (or by nobody knows which) do not.
        """
        if not self.versions:
            return True
        if number is None or number not in {one.number for one in self.versions}:
            return False
        return all(one.is_compatible for one in self.versions if one.number > number)


@dataclass(frozen=True, slots=True)
class PilotFacts:
    """A round on gold items. `vendor` and `guideline` are keys, empty where none is named."""

    id: UUID
    workspace_id: UUID
    program_id: UUID
    vendor_id: UUID | None
    key: str
    name: str
    vendor: str
    guideline: str
    gold_items: int | None
    bar: float
    version: int


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """Labels ordered together. `order`, `project` and `guideline` are keys, empty for none."""

    id: UUID
    workspace_id: UUID
    program_id: UUID
    order_id: UUID | None
    key: str
    name: str
    project: str
    order: str
    guideline: str
    guideline_version: int | None
    promised: int | None
    due: date | None
    a_week: float | None
    ramp_weeks: int
    overlap: float
    quotas: Mapping[str, int]
    measure: str
    agreement_floor: float | None
    rule: str
    bound: float
    confidence: float
    aql: float | None
    ltpd: float | None
    seed: int
    note: str
    version: int
