"""What is asked of a levelling proposal, how far it is, and what applying it would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from headway.analysis.schedule.levelling.translation import Asked
from headway.analysis.schedule.plan import OnePoint
from headway.domain.plans.rules.jobs import ENDED, SILENT_AFTER, JobState
from headway.domain.plans.rules.joining import JoinedParts, joined_plan, plan_digest
from headway.domain.programs.rules.fields import Reader, flag, number, texts, whole

#: Seconds for which the worker improves an answer, where nothing else is asked.
SECONDS = 10.0
#: The longest that anybody may ask for.
MOST_SECONDS = 600.0
#: Schedules tried for the first answer, while somebody waits.
FIRST_SCHEDULES = 200
#: Proposals of a program that are kept; older ones that were never applied are forgotten.
MOST_KEPT = 20

#: What may be asked of a proposal. Without `resources` all are levelled.
LEVELLING_FIELDS: Mapping[str, Reader] = {
    "resources": texts(200, 100),
    "smooth": flag,
    "seconds": number(0, MOST_SECONDS),
    "seed": whole(0, 2**31 - 1),
}


@dataclass(frozen=True, slots=True)
class LevellingOptions:
    """What is asked: which resources, whether within float only, how long, with which seed."""

    resources: Sequence[str] = ()
    smooth: bool = False
    seconds: float = SECONDS
    seed: int = 1

    @classmethod
    def read(cls, held: Mapping[str, Any]) -> LevellingOptions:
        """Return what `stored` gave, or fields that were read; what is missing is as usual."""
        given = {name: value for name, value in held.items() if value is not None}
        options = cls(**given)
        return replace(options, resources=tuple(options.resources))

    def stored(self) -> dict[str, object]:
        """Return plain JSON that `read` understands."""
        return {
            "resources": list(self.resources),
            "smooth": self.smooth,
            "seconds": self.seconds,
            "seed": self.seed,
        }

    def asked(self, as_of: date) -> Asked:
        """Return the same question to the engine, with whole days, as of a status date."""
        return Asked(as_of=as_of, smooth=self.smooth, resources=tuple(self.resources), coarse=True)


@dataclass(frozen=True, slots=True)
class LevellingFacts:
    """A proposal as a reader sees it. `answer` is that of `headway level --json`, the best so far.

    `is_stale`: the plan is not any more what was levelled. `is_applied`: the items hold it now.
    """

    id: UUID
    program: str
    options: LevellingOptions
    state: JobState
    sentence: str
    done: float
    total: float
    at: datetime
    answer: Mapping[str, Any] = field(default_factory=dict)
    is_stale: bool = False
    is_applied: bool = False
    applied_at: datetime | None = None
    applied_by: str = ""
    undone_at: datetime | None = None
    version: int = 1

    @property
    def has_ended(self) -> bool:
        """Say whether nothing more will be computed."""
        return self.state in ENDED

    @property
    def has_answer(self) -> bool:
        """Say whether there is anything to look at or to apply."""
        return bool(self.answer)


def unlevelled(parts: JoinedParts) -> JoinedParts:
    """Return the parts of a plan without what levelling has held back."""
    return replace(parts, items=[replace(item, levelled_start=None) for item in parts.items])


def levelling_digest(parts: JoinedParts) -> str:
    """Return the digest of what levelling reads of a plan: no risks, no target, no money.

    What levelling itself has changed does not count: a proposal says where everything starts.
    """
    plan = joined_plan(unlevelled(parts))
    resources = tuple(replace(resource, rate=None) for resource in plan.resources)
    read = replace(
        plan,
        name="",
        risks=(),
        correlations=(),
        target=None,
        budget=None,
        resources=resources,
        one_point=OnePoint.CERTAIN,
    )
    return plan_digest(read)


def held_starts(answer: Mapping[str, Any]) -> dict[str, date]:
    """Return by address (`project/key`) the days to which a proposal holds items back."""
    return {
        str(move["item"]): date.fromisoformat(move["after_date"])
        for move in answer.get("moves", ())
        if move["held"] and move["after_date"]
    }


def sentence_of(state: JobState, options: LevellingOptions, *, waited: float, error: str) -> str:
    """Say how far a proposal is; `waited` are the seconds since its state changed."""
    match state:
        case JobState.RUNNING:
            spent = min(waited, options.seconds)
            return f"Looking for a better answer: {spent:.0f} of {options.seconds:g} s."
        case JobState.WAITING if waited > SILENT_AFTER:
            return (
                f"No worker has taken it up for {waited:,.0f} s: `headway up` runs one. The answer "
                "so far stands; it is improved when a worker runs."
            )
        case JobState.WAITING:
            return "Waits for the worker to look for a better answer."
        case JobState.FAILED:
            return error
        case JobState.CANCELLED:
            return "Stopped: the best answer so far stands."
        case _:
            return f"Searched for {options.seconds:g} s." if options.seconds else "Computed."
