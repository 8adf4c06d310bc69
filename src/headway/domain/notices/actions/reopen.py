"""Telling whose answer may not hold any more: the trigger of a taken decision is met."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from headway.domain.accounts.models import Member
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.notices.actions.tell import add_notices, answerers
from headway.domain.notices.models import Notice
from headway.domain.notices.queries import members_by_name
from headway.domain.notices.rules import Kind, Telling
from headway.domain.plans.models import Decision


@transaction.atomic
def tell_reopenings(actor: Actor, at: datetime) -> int:
    """Tell who decided, or whoever answers for programs, that a trigger is met; once each time."""
    require(actor, Permission.SYNC)
    rows = Decision.objects.select_related("program").filter(
        workspace_id=actor.workspace_id, state="taken", reopen_said_at__isnull=False
    )
    abouts = {row.id: f"reopen {row.id} {row.reopen_said_at:%Y-%m-%dT%H:%M}" for row in rows}
    told = Notice.objects.filter(workspace_id=actor.workspace_id, about__in=abouts.values())
    known = set(told.values_list("about", flat=True))
    fresh = [row for row in rows.order_by("id") if abouts[row.id] not in known]
    names = members_by_name(actor) if fresh else {}
    count = 0
    for row in fresh:
        telling = Telling(
            Kind.DECISION,
            abouts[row.id],
            f"{row.program.name}: to be reopened? “{row.question}” {row.reopen_said}",
            f"programs/{row.program.slug}/decisions/{row.key}/",
        )
        decides = names.get(row.owner.lower())
        owner = Member.objects.select_related("user").filter(id=decides) if decides else ()
        count += add_notices(actor, list(owner) or answerers(actor), [(telling, None)], at)
    return count
