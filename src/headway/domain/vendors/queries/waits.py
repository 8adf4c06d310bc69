"""What approvals still take, for the work that waits for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.programs.rules.queue import wait_of
from headway.domain.vendors.models import VendorApproval
from headway.domain.vendors.queries.approvals import MOST_ANSWERS, Approving, approvings_in
from headway.domain.vendors.queries.columns import ContractRow, OrderRow, kept_rows
from headway.domain.vendors.queries.naming import Named
from headway.domain.vendors.queries.rows import books_of, homes_of, vendor_rows
from headway.domain.vendors.rules.approvals import ApprovalStanding
from headway.domain.vendors.rules.waits import (
    Answer,
    ApprovalWait,
    Range,
    joint_left,
    told,
    wait_left,
)


@dataclass(frozen=True, slots=True)
class ThingWait:
    """What is left until every function has approved a thing.

    `left` are working days, None where nothing waits. `refused` says who refused: waiting will
    not do.
    """

    named: Named
    waits: Sequence[ApprovalWait]
    left: Range | None
    refused: str

    @property
    def words(self) -> str:
        """Say what is waited for, as a plan quotes it."""
        return told(self.waits)

    @property
    def sentence(self) -> str:
        """Say what is left, or that everybody approved."""
        if self.refused:
            return self.refused
        if self.left is None:
            return "Nobody's approval is waited for any more."
        return " ".join(one.sentence for one in self.waits)


def approval_waits(
    actor: Actor, subjects: Collection[str], at: datetime, known_at: datetime | None = None
) -> Mapping[str, ThingWait]:
    """Return what is left of the approvals of these contracts, orders and invoices, by subject.

    A subject that is no more is left out. The number of queries does not grow with the subjects.
    """
    require(actor, Permission.VIEW)
    if not subjects:
        return {}
    owners = _owners(actor.workspace_id, subjects, known_at)
    books = books_of(actor.workspace_id, known_at, owners)
    found = approvings_in(actor, books, subjects, at, known_at)
    answers = _answers(actor, known_at or at) if found else []
    return {subject: _wait(one, answers, at) for subject, one in found.items()}


def _wait(one: Approving, answers: Sequence[Answer], at: datetime) -> ThingWait:
    named = one.thing.named
    waiting = [part for part in one.standings if part.waiting is not None or not part.holds]
    refused = [part for part in waiting if part.waiting is None and part.state == "refused"]
    waits = [
        wait_left(part.function, named.sort, _waited(part, at), answers)
        for part in waiting
        if part not in refused
    ]
    said = " ".join(f"{part.function.capitalize()} {part.sentence}" for part in refused)
    return ThingWait(named, waits, None if refused else joint_left(waits), said)


def _waited(part: ApprovalStanding, at: datetime) -> float | None:
    """Return the working days that a question has waited; None where nobody asked."""
    if part.waiting is None:
        return None
    return wait_of(part.function, part.waiting.requested_at, None, at, {}).days


def _answers(actor: Actor, at: datetime) -> list[Answer]:
    """Return how long the newest answers took as known at `at`; one query."""
    rows = VendorApproval.objects.filter(workspace_id=actor.workspace_id, answered_at__lte=at)
    told_ = rows.order_by("-requested_at", "id").values_list(
        "function", "subject", "requested_at", "answered_at"
    )
    return [
        Answer(function, subject.partition(":")[0], wait_of(function, asked, told, at, {}).days)
        for function, subject, asked, told in told_[: MOST_ANSWERS * 4]
    ]


def _owners(workspace: UUID, subjects: Collection[str], at: datetime | None) -> Collection[UUID]:
    """Return the vendors of what these subjects name; four queries at most."""
    places = [one.partition(":")[2] for one in subjects if not one.startswith("order:")]
    keys = {place.partition("/")[0] for place in places}
    found = {one.id for one in vendor_rows(workspace, at).values() if one.key in keys}
    orders = {one.partition(":")[2] for one in subjects if one.startswith("order:")}
    if orders:
        homes = homes_of(workspace)
        named = [one.partition("/")[2] for one in orders]
        rows = kept_rows(OrderRow, at, workspace_id=workspace, key__in=named)
        under = {
            one.contract_id for one in rows if f"{homes.get(one.program_id)}/{one.key}" in orders
        }
        contracts = kept_rows(ContractRow, at, workspace_id=workspace, id__in=list(under))
        found |= {one.vendor_id for one in contracts}
    return found
