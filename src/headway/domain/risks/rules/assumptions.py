"""Assumptions: what is taken to be true, what rests on it, and how one would notice that it is not.

An assumption may watch a metric by a success criterion, with a bound of its own where that differs
from what was promised: then evidence judges it, in `assessments`, and nobody types a verdict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from headway.domain.programs.rules.fields import Reader, day, number, text
from headway.errors import Invalid

#: "held" and "failed" are what it turned out to be.
STATES = ("open", "held", "failed")


@dataclass(frozen=True, slots=True)
class AssumptionFacts:
    """An assumption. `criterion_id` is what it watches, `bound` what the metric has to reach.

    `bound` None is the criterion's own target; without a criterion nothing is watched.
    """

    id: UUID
    workspace_id: UUID
    program_id: UUID
    criterion_id: UUID | None
    key: str
    name: str
    rests_on_it: str
    owner: str
    bound: float | None
    review_on: date | None
    state: str
    note: str
    settled_at: datetime | None
    settled_by: str
    version: int
    reopened_at: datetime | None = None  # by evidence, after it had held

    @property
    def is_open(self) -> bool:
        """Say whether it is still taken to be true without being known."""
        return self.state == "open"

    def is_overdue(self, today: date) -> bool:
        """Say whether its review is past."""
        return self.is_open and self.review_on is not None and self.review_on < today


def require_watched(criterion_id: object, bound: object) -> None:
    """Raise Invalid for a bound of nothing."""
    if bound is not None and criterion_id is None:
        sentence = (
            f"The bound {bound} is for a metric, but no criterion is watched; name one as "
            "project/criterion, or leave the bound empty."
        )
        raise Invalid(sentence)


ASSUMPTION_FIELDS: Mapping[str, Reader] = {
    "name": text(300, required=True),
    "rests_on_it": text(2_000),
    "owner": text(200),
    "bound": number(),
    "review_on": day,
    "note": text(2_000),
}
