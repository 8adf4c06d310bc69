"""The Monday brief by mail: to each who answers for programs, at their own time."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from headway.domain.accounts.models import Workspace
from headway.domain.accounts.queries import actor_for_user
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.notices.actions.post import post
from headway.domain.notices.actions.tell import answerers
from headway.domain.notices.models import Notice
from headway.domain.notices.queries import (
    address_of_stop,
    brief_letter,
    links_of_preferences,
    preferences_by_member,
)
from headway.domain.notices.rules import How, Kind, Preferences
from headway.domain.people.rules.moments import last_weekly

#: A brief that could not go out by then (nothing ran) is left out: the next week's is due.
LATE = timedelta(days=1)


@transaction.atomic
def tell_briefs(actor: Actor, at: datetime) -> int:
    """Put a brief into the outbox for each owner and manager whose weekly time has come, once."""
    require(actor, Permission.SYNC)
    members = answerers(actor)
    held = preferences_by_member(actor, [member.id for member in members])
    fresh = []
    for member in members:
        wants = held[member.id]
        moment = last_weekly(wants.week_day, wants.brief_at, wants.zone, at)
        if wants.how(Kind.BRIEF) == How.NONE or at - moment > LATE or member.joined_at > moment:
            continue
        fresh.append(
            Notice(
                workspace_id=actor.workspace_id,
                member=member,
                kind=Kind.BRIEF,
                about=f"brief {moment:%Y-%m-%d}",
                sentence="The Monday brief",
                made_at=at,
                mail_after=wants.awake(at),
            )
        )
    told = Notice.objects.filter(workspace_id=actor.workspace_id, kind=Kind.BRIEF)
    known = set(told.filter(made_at__gt=at - 2 * LATE).values_list("member_id", "about"))
    new = [one for one in fresh if (one.member_id, one.about) not in known]
    Notice.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def send_brief(workspace: Workspace, notice: Notice, wants: Preferences, at: datetime) -> bool:
    """Send one member's brief as it stands now; a quiet one only to who wants those."""
    member = notice.member
    if member is None:
        return False
    reader = actor_for_user(member.user_id, workspace.slug)
    foot = links_of_preferences(workspace.slug, member.id, [Kind.BRIEF])
    letter, is_quiet = brief_letter(reader, at, foot=foot)
    if wants.how(Kind.BRIEF) == How.NONE or (is_quiet and not wants.quiet_brief):
        Notice.objects.filter(id=notice.id).update(mail_after=None)
        return False
    stop = address_of_stop(member.id, [Kind.BRIEF])
    return post([notice], letter, member.user.email, at, stop=stop)
