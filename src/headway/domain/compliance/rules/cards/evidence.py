"""What a card is written from: one frozen value, gathered by the queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from headway.analysis.verdicts import Verdict
from headway.domain.compliance.rules.cards.paragraphs import Words
from headway.domain.inventory.rules.deployments import Placed
from headway.domain.inventory.rules.reproducibility import RunFacts
from headway.domain.inventory.rules.versions import ModelVersion
from headway.domain.programs.rules import CriterionFacts, StageMoveFacts


@dataclass(frozen=True, slots=True)
class Number:
    """A measurement as a card prints it. `segment` is empty for all rows."""

    record: int
    version: str
    metric: str
    segment: str
    value: float | None
    n: int | None
    low: float | None
    high: float | None
    confidence: float | None
    dataset: str
    digest: str
    split: str
    is_estimated: bool
    observed_at: datetime
    valid_until: datetime | None


@dataclass(frozen=True, slots=True)
class Data:
    """A version of a dataset as it is known; texts are empty and numbers None where nobody said."""

    name: str
    version: str
    digest: str
    rows: int | None
    columns: int | None
    source: str
    split: str
    licence: str
    personal_data: str
    consent: str
    description: str
    record: int
    observed_at: datetime


@dataclass(frozen=True, slots=True)
class Heard:
    """Something told once by a record: an approval, a drill, a decision, an attestation."""

    record: int
    kind: str
    about: str
    label: str
    text: str
    at: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """A success criterion with how it stands."""

    criterion: CriterionFacts
    verdict: Verdict
    sentence: str
    records: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Watch:
    """A monitor with how it stands."""

    name: str
    kind: str
    rhythm: str
    verdict: Verdict
    sentence: str
    records: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Danger:
    """A risk of the register."""

    key: str
    name: str
    state: str
    owner: str
    chance: float
    next_action: str


@dataclass(frozen=True, slots=True)
class ModelEvidence:
    """All that is known of a model at `at`; `version` is the one that the card is about."""

    name: str
    at: datetime
    version: ModelVersion | None
    system: str
    tier: str
    owner: str
    licence: str
    licence_records: tuple[int, ...]
    run: RunFacts | None
    reproducible: str
    aliases: Sequence[tuple[str, tuple[int, ...]]]
    placed: Sequence[Placed]
    numbers: Sequence[Number]
    data: Sequence[Data]
    promises: Sequence[Promise]
    watches: Sequence[Watch]
    approvals: Sequence[Heard]
    charter: Mapping[str, str]
    words: Mapping[str, Words] = field(default_factory=dict)

    @property
    def about(self) -> str:
        """Return the subject that the card is about."""
        return self.version.subject if self.version else f"model:{self.name}"

    def data_of(self, name: str, digest: str) -> Data | None:
        """Return the dataset of this digest, else the newest of this name."""
        by_digest = [one for one in self.data if digest and one.digest == digest]
        by_name = [one for one in self.data if name and one.name == name]
        found = by_digest or (by_name if not digest else [])
        return max(found, key=lambda one: one.observed_at, default=None)


@dataclass(frozen=True, slots=True)
class DatasetEvidence:
    """All that is known of a dataset at `at`; `versions` the newest first."""

    name: str
    at: datetime
    owner: str
    versions: Sequence[Data]
    checks: Sequence[Watch]
    used_by: Sequence[tuple[str, tuple[int, ...]]]
    words: Mapping[str, Words] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SystemEvidence:
    """All that is known of an ML system at `at`."""

    slug: str
    name: str
    owner: str
    tier: str
    at: datetime
    models: Sequence[ModelEvidence]
    risks: Sequence[Danger]
    moves: Sequence[tuple[str, StageMoveFacts]]
    heard: Sequence[Heard]
    packs: Sequence[str]
    law: Sequence[tuple[str, str, tuple[int, ...]]]
    words: Mapping[str, Words] = field(default_factory=dict)
