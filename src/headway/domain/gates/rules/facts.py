"""What a query about gates answers: frozen values, as known at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from headway.domain.gates.rules.requirements import TemplateRules


@dataclass(frozen=True, slots=True)
class RulesFacts:
    """One version of a template's rules."""

    id: UUID
    number: int
    digest: str
    author: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TemplateFacts:
    """A gate template with its versions, the newest first."""

    id: UUID
    workspace_id: UUID
    key: str
    name: str
    words: str
    made_for: str
    is_light: bool
    is_retired: bool
    version: int
    rules: tuple[RulesFacts, ...]
    stages: tuple[str, ...]
    content: TemplateRules

    @property
    def newest(self) -> RulesFacts:
        """Return the newest version of its rules."""
        return self.rules[0]


@dataclass(frozen=True, slots=True)
class GateFacts:
    """A gate, and where it stands: release, system, project (the first of the system), program."""

    id: UUID
    workspace_id: UUID
    release_id: UUID
    release: str
    release_stage: str
    system_id: UUID
    system: str
    system_name: str
    tier: str
    project: str
    project_name: str
    program: str
    program_name: str
    stage: str
    stage_name: str
    template: str
    template_name: str
    rules_id: UUID
    rules_number: int
    rules_digest: str
    newest_rules: int
    subject: str
    milestone_id: UUID | None
    owner: str
    due: date | None
    round: int
    opened_at: datetime
    version: int

    @property
    def is_behind(self) -> bool:
        """Say whether the template has newer rules than those the gate is judged by."""
        return self.newest_rules > self.rules_number
