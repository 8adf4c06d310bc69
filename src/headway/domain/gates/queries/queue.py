"""How long functions take to answer, from history, and what that means for a gate's review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.gates.models import ApprovalRequest, Gate
from headway.domain.gates.queries.seen import needed_functions
from headway.domain.plans.models import Dependency, WorkItem
from headway.domain.programs.rules.queue import QueueTime, joint_range, queue_times, wait_of

#: Answers older than the newest so many do not speak: how a function works today counts.
MOST_ANSWERS = 100


def queue_times_of(actor: Actor, at: datetime) -> Sequence[QueueTime]:
    """Return how long each function of the workspace took to answer as known at `at`; one query.

    Working days are those of the program whose release was asked about, else Monday to Friday.
    """
    require(actor, Permission.VIEW)
    rows = (
        ApprovalRequest.objects.select_related("gate__release__project__program")
        .filter(workspace_id=actor.workspace_id, requested_at__lte=at)
        .order_by("-requested_at", "id")
    )
    waits, count = [], dict[str, int]()
    for row in rows[: MOST_ANSWERS * 4]:
        count[row.function] = count.get(row.function, 0) + 1
        if count[row.function] > MOST_ANSWERS:
            continue
        project = row.gate.release.project
        calendar = project.program.calendar if project else {}
        answered = row.answered_at if row.answered_at and row.answered_at <= at else None
        if answered is None and row.round != row.gate.round:
            continue  # asked in a round that was sent back: nobody waits for it any more
        waits.append(wait_of(row.function, row.requested_at, answered, at, calendar))
    return queue_times(waits)


@dataclass(frozen=True, slots=True)
class QueueOffer:
    """What history says of a gate's review, for the work item that stands for it in the plan.

    `item` is the address "project/key", empty where no review stands before the milestone;
    `before` its estimate now, `after` what is offered, None where too few answers are known.
    """

    functions: Sequence[QueueTime]
    item: str = ""
    name: str = ""
    before: tuple[float, ...] = ()
    after: tuple[float, float, float] | None = None
    version: int = 0

    @property
    def is_new(self) -> bool:
        """Say whether there is something to take."""
        return bool(self.item) and self.after is not None and self.after != self.before


def queue_offer(actor: Actor, gate: Gate, at: datetime) -> QueueOffer:
    """Return what the queue times of a gate's functions mean for its review in the plan."""
    wanted = set(needed_functions(gate))
    times = [one for one in queue_times_of(actor, at) if one.function in wanted]
    asked = {one.function for one in times}
    times += [QueueTime(function, 0) for function in sorted(wanted - asked)]
    review = _review(gate)
    if review is None:
        return QueueOffer(times)
    return QueueOffer(
        times,
        f"{review.project.slug}/{review.key}",
        review.name,
        tuple(float(part) for part in review.estimate or ()),
        joint_range(times),
        review.version,
    )


def _review(gate: Gate) -> WorkItem | None:
    """Return the unfinished review right before a gate's milestone; the first by key."""
    if gate.milestone_id is None:
        return None
    links = Dependency.objects.select_related("predecessor__project").filter(
        item_id=gate.milestone_id, predecessor__kind="review", predecessor__finished__isnull=True
    )
    first = links.order_by("predecessor__key").first()
    return first.predecessor if first else None
