"""What a query about programs answers: frozen values, as known at one moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from headway.domain.programs.rules.stages import Stage


@dataclass(frozen=True, slots=True)
class ProgramFacts:
    """A program. `calendar` is its own ({}: weekdays), `calendars` those that work may name.

    `progress` says whether work begun out of order goes on (override) or waits (retained),
    `one_point` whether an estimate of one number is certain, or widened by history.
    """

    id: UUID
    workspace_id: UUID
    slug: str
    name: str
    purpose: str
    manager: str
    sponsor: str
    target: date | None
    currency: str
    calendar: Mapping[str, object]
    calendars: Mapping[str, Mapping[str, object]]
    is_sample: bool
    version: int
    progress: str = "override"
    one_point: str = "certain"


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """A project of a program; `system_id` is the ML system it works on."""

    id: UUID
    workspace_id: UUID
    program_id: UUID
    system_id: UUID | None
    slug: str
    name: str
    purpose: str
    owner: str
    charter: Mapping[str, object]
    order: int
    is_sample: bool
    version: int


@dataclass(frozen=True, slots=True)
class SystemFacts:
    """An ML system."""

    id: UUID
    workspace_id: UUID
    slug: str
    name: str
    owner: str
    tier: str
    state: str
    is_sample: bool
    version: int


@dataclass(frozen=True, slots=True)
class StageTemplateFacts:
    """The stages of a release, in order."""

    id: UUID
    workspace_id: UUID
    name: str
    stages: tuple[Stage, ...]
    version: int


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """A release, where it stands, and how often it moved back."""

    id: UUID
    workspace_id: UUID
    system_id: UUID
    system_slug: str
    system_name: str
    project_id: UUID | None
    name: str
    stage: str
    stages: tuple[Stage, ...]
    moves: int
    moves_back: int
    version: int

    @property
    def stage_name(self) -> str:
        """Return the name of the stage it stands in."""
        return next((one.name for one in self.stages if one.id == self.stage), self.stage)

    @property
    def position(self) -> int:
        """Return the place of its stage among its stages, from 0; -1 where the stage is gone."""
        return next((place for place, one in enumerate(self.stages) if one.id == self.stage), -1)

    @property
    def next_stage(self) -> str:
        """Return the id of the stage that comes next; empty at the last one."""
        following = self.stages[self.position + 1 :]
        return following[0].id if following else ""


@dataclass(frozen=True, slots=True)
class StageMoveFacts:
    """One move of a release."""

    from_stage: str
    to_stage: str
    is_back: bool
    reason: str
    at: datetime
    actor: str


@dataclass(frozen=True, slots=True)
class ObjectiveFacts:
    """What a program (or one of its projects) is for."""

    id: UUID
    workspace_id: UUID
    program_id: UUID
    project_id: UUID | None
    key: str
    name: str
    version: int


@dataclass(frozen=True, slots=True)
class CriterionFacts:
    """What was promised of a model: see `criteria` for the words of each field."""

    id: UUID
    workspace_id: UUID
    project_id: UUID
    objective_id: UUID | None
    key: str
    name: str
    kind: str
    is_guardrail: bool
    subject: str
    metric: str
    direction: str
    start_value: float | None
    target: float
    unit: str
    segment: str
    dataset: str
    split: str
    basis: str
    minimum_n: int | None
    freshness_days: int | None
    due: date | None
    order: int
    version: int


@dataclass(frozen=True, slots=True)
class PortfolioLine:
    """A program with its projects: one line of the portfolio."""

    program: ProgramFacts
    projects: Sequence[ProjectFacts]
