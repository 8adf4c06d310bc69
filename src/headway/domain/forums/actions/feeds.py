"""The secret address of a member's calendar: made, seen once, revoked."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.accounts.rules.secrets import new_secret
from headway.domain.forums.models import CalendarFeed
from headway.errors import NotFound, Refused

#: A use is noted at most so often: calendars ask every few minutes.
NOTE_EVERY = timedelta(hours=1)


@transaction.atomic
def make_feed(actor: Actor, at: datetime) -> str:
    """Make the secret of the actor's calendar and return it, once; an earlier one is revoked."""
    require(actor, Permission.VIEW)
    if actor.member_id is None or actor.kind == "token":
        sentence = "A calendar belongs to a member who is signed in; no token makes one."
        raise Refused(sentence)
    _revoke(actor, at)
    secret = new_secret("cal_")
    row = CalendarFeed.objects.create(
        workspace_id=actor.workspace_id,
        member_id=actor.member_id,
        secret_hash=secret.hash,
        hint=secret.hint,
        created_at=at,
    )
    write_audit(actor, "make_feed", f"calendar {row.hint}", at)
    return secret.plain


@transaction.atomic
def revoke_feed(actor: Actor, at: datetime) -> None:
    """Revoke the actor's calendar: it is answered no more, from the next time it is asked."""
    require(actor, Permission.VIEW)
    if not _revoke(actor, at):
        sentence = "You have no calendar whose address could be revoked."
        raise NotFound(sentence)


def _revoke(actor: Actor, at: datetime) -> bool:
    if actor.member_id is None:
        return False
    mine = CalendarFeed.objects.select_for_update().filter(
        workspace_id=actor.workspace_id, member_id=actor.member_id, revoked_at__isnull=True
    )
    rows = list(mine)
    for row in rows:
        row.revoked_at = at
        row.save(update_fields=["revoked_at"])
        write_audit(actor, "revoke_feed", f"calendar {row.hint}", at)
    return bool(rows)


def note_feed_use(feed: UUID, at: datetime) -> None:
    """Note that a calendar was read: its owner sees when it last was."""
    rows = CalendarFeed.objects.filter(id=feed)
    stale = rows.exclude(last_used_at__gt=at - NOTE_EVERY)
    stale.update(last_used_at=at)
