"""What a member was told and has not read yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.notices.models import Notice


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One notice on the first page."""

    id: UUID
    program: str
    project: str
    place: str
    dimension: str
    old_verdict: str
    new_verdict: str
    new_level: str
    sentence: str
    at: datetime
    is_read: bool


def notices_of(
    actor: Actor, at: datetime | None = None, *, limit: int = 30
) -> Sequence[NoticeLine]:
    """Return what the actor was told, newest first; nothing for a token or for Headway itself."""
    require(actor, Permission.SELF)
    rows = Notice.objects.select_related("shift__program", "shift__project").filter(
        workspace_id=actor.workspace_id, member=actor.member_id
    )
    if at is not None:
        rows = rows.filter(made_at__lte=at)
    return [
        NoticeLine(
            row.id,
            row.shift.program.slug,
            row.shift.project.slug if row.shift.project else "",
            str(row.shift.project or row.shift.program),
            row.shift.dimension,
            row.shift.old_verdict,
            row.shift.new_verdict,
            row.shift.new_level,
            row.shift.sentence,
            row.shift.at,
            row.read_at is not None,
        )
        for row in rows.order_by("-shift__at", "id")[:limit]
    ]
