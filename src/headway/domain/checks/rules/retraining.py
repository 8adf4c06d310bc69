"""From an alert to work: what retraining is proposed, how long it may take, why one thinks so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from headway.analysis.schedule.reference_class import reference_class
from headway.domain.programs.rules.fields import Reader, number, text, texts
from headway.domain.programs.rules.ranges import read_range
from headway.errors import Invalid

#: Kinds of monitor whose alert on a model proposes to train it anew.
PROPOSES = ("drift", "segments", "fit", "metric")

#: Working days that a retraining takes where nobody has trained anything yet: a stated default.
DEFAULT_DAYS = 5.0


@dataclass(frozen=True, slots=True)
class ProposalFacts:
    """A proposal to retrain: what it rests on, the work it would be, and what became of it."""

    id: UUID
    workspace_id: UUID
    monitor_id: UUID
    project_id: UUID
    key: str
    subject: str
    sentence: str
    record: int | None
    work: Mapping[str, Any]
    range_words: str
    state: str  #: open, accepted, dismissed
    reason: str
    made_at: datetime
    settled_at: datetime | None
    settled_by: str
    item: str
    version: int

    @property
    def is_open(self) -> bool:
        """Say whether it waits for somebody."""
        return self.state == "open"


def proposed_range(trained: Sequence[float], ratios: Sequence[float]) -> tuple[list[float], str]:
    """Return the range of a retraining in working days, and the words for where it is from.

    Its middle is the median of what finished trainings took (`trained`), or the stated default;
    it is widened by the reference class of the program's finished work: actual / estimate.
    """
    known = sorted(day for day in trained if day > 0)
    point = known[len(known) // 2] if known else DEFAULT_DAYS
    found = reference_class(ratios)
    widened = found.widen(point)
    ends = (widened.optimistic, widened.most_likely, widened.pessimistic)
    spread = [max(0.5, round(2 * day) / 2) for day in ends]
    count = len(known)
    whose = (
        f"{point:g} days are the median of {count} finished training{'s' if count > 1 else ''}"
        if known
        else f"{point:g} days are a stated default: no training is finished here yet"
    )
    by = "a default of others" if found.is_foreign else f"{found.count} finished items here"
    return spread, f"{whose}; widened by {by}."


def _estimate(field: str, value: object) -> list[float] | None:
    return read_range(field, value)


def _needs(field: str, value: object) -> dict[str, float]:
    if value in (None, ""):
        return {}
    if not isinstance(value, Mapping):
        sentence = f"The {field} are units by the name of what is needed; write an object."
        raise Invalid(sentence)
    read = number(0, 1e6, required=True)
    return {str(name): read(f"need of {name}", one) for name, one in value.items()}  # type: ignore[misc]


#: What a person may say of the work when a proposal is accepted.
WORK_FIELDS: Mapping[str, Reader] = {
    "key": text(60),
    "name": text(300),
    "estimate": _estimate,
    "needs": _needs,
    "after": texts(50, 200),
    "before": texts(50, 200),
}
