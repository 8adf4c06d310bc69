"""What functions were asked about gates, and what they answered, as known at a moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from headway.domain.accounts.models import Member
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.gates.models import ApprovalRequest
from headway.domain.gates.rules.approvals import RequestFacts
from headway.domain.gates.rules.decisions import seen_of


def member_names(actor: Actor) -> Mapping[UUID, str]:
    """Return the display name of every member; an address is shown where there is no name."""
    rows = Member.objects.select_related("user").filter(workspace_id=actor.workspace_id)
    return {row.id: str(row.user) for row in rows}


def requests_by_gate(
    actor: Actor, gates: Collection[UUID], at: datetime | None = None
) -> Mapping[UUID, Sequence[RequestFacts]]:
    """Return what was asked about these gates as known at `at`, oldest first; two queries."""
    require(actor, Permission.VIEW)
    rows = ApprovalRequest.objects.filter(workspace_id=actor.workspace_id, gate_id__in=gates)
    if at is not None:
        rows = rows.filter(requested_at__lte=at)
    names = member_names(actor)
    found: dict[UUID, list[RequestFacts]] = defaultdict(list)
    for row in rows.order_by("requested_at", "id"):
        found[row.gate_id].append(request_facts(row, names, at))
    return found


def request_facts(
    row: ApprovalRequest, names: Mapping[UUID, str], at: datetime | None = None
) -> RequestFacts:
    """Return a question with its answer; one that came after `at` is not known yet."""
    is_known = row.answered_at is not None and (at is None or row.answered_at <= at)
    return RequestFacts(
        id=row.id,
        workspace_id=row.workspace_id,
        gate_id=row.gate_id,
        round=row.round,
        function=row.function,
        requested_at=row.requested_at,
        requested_by=name_of(names, row.requested_by_id, "Headway"),
        requested_by_id=row.requested_by_id,
        answered_at=row.answered_at if is_known else None,
        answered_by=name_of(names, row.answered_by_id, "a member who left") if is_known else "",
        answered_by_id=row.answered_by_id if is_known else None,
        in_place_of=name_of(names, row.for_member_id, "") if is_known else "",
        decision=row.decision if is_known else "",
        statement=row.statement if is_known else "",
        seen=seen_of(row.seen) if is_known and row.seen else None,
        seen_digest=row.seen_digest if is_known else "",
        record=row.record if is_known else None,
        version=row.version,
    )


def name_of(names: Mapping[UUID, str], member: UUID | None, nobody: str) -> str:
    """Return a member's name; `nobody` stands for none, words for one who left."""
    return nobody if member is None else names.get(member, "a member who left")
