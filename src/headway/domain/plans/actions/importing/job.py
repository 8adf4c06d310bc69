"""One import under way: what was read, what was skipped and what is noted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from headway.analysis.schedule.plan import Plan as PlanValue
from headway.domain.accounts.rules import Actor
from headway.domain.plans.rules.importing import Skipped
from headway.domain.programs.rules import ProgramFacts, ProjectFacts

#: Told what is being done, how much of it is done, and of how much.
Progress = Callable[[str, int, int], None]


def silent(_what: str, _done: int, _total: int) -> None:
    """Tell nobody how far it is."""


#: What the audit trail keeps of an import.
AUDITED = ("project", "read", "created", "updated", "unchanged")


@dataclass(slots=True)
class Import:
    """An import of a dated `plan` into a project; `scale` is the working days of its unit."""

    actor: Actor
    project: ProjectFacts
    program: ProgramFacts
    at: datetime
    plan: PlanValue
    scale: float = 1.0
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    #: Who a table says does an item, by its key; a plan file says nothing of it.
    owners: Mapping[str, str] = field(default_factory=dict)
    tell: Progress = silent

    def skip(self, line: int | None, reason: str) -> None:
        """List something of the file as left out."""
        self.skipped.append(Skipped(line, reason))
