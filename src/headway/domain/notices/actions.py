"""Tells members of shifts: on the first page at once, by mail from the outbox afterwards."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction

from headway.domain.accounts.models import Member
from headway.domain.accounts.rules import Actor, Permission, Role, require
from headway.domain.assessments.models import Shift
from headway.domain.notices.models import Notice
from headway.domain.notices.rules import MOST_TRIES, digest_mail, is_worth_telling, next_mail_in

#: Who is told: those who answer for programs. Others see the shifts on the pages.
TOLD = (Role.OWNER, Role.MANAGER)


@transaction.atomic
def tell_shifts(actor: Actor, at: datetime) -> int:
    """Make a notice of each untold shift for each member who answers for programs."""
    require(actor, Permission.SYNC)
    untold = list(
        Shift.objects.select_for_update()
        .filter(workspace_id=actor.workspace_id, told_at__isnull=True)
        .order_by("at", "id")[:5_000]
    )
    members = list(
        Member.objects.filter(workspace_id=actor.workspace_id, role__in=TOLD, user__is_active=True)
    )
    fresh = [
        Notice(
            workspace_id=actor.workspace_id, member=member, shift=shift, made_at=at, mail_after=at
        )
        for shift in untold
        if is_worth_telling(shift.old_verdict, shift.new_verdict, shift.criterion)
        for member in members
    ]
    Notice.objects.bulk_create(fresh, batch_size=500, ignore_conflicts=True)
    Shift.objects.filter(id__in=[shift.id for shift in untold]).update(told_at=at)
    return len(fresh)


def send_notices(actor: Actor, at: datetime) -> int:
    """Send each member one mail with what waits for them; return how many went out.

    Nothing is sent where no mail server is set up. A mail that fails is tried five times within a
    day or so, and its failure is kept.
    """
    require(actor, Permission.SYNC)
    if not settings.MAIL_IS_SET:
        return 0
    waiting = (
        Notice.objects.select_related("member__user", "shift__program", "shift__project")
        .filter(workspace_id=actor.workspace_id, mailed_at__isnull=True, mail_after__lte=at)
        .filter(read_at__isnull=True, tries__lt=MOST_TRIES, member__user__is_active=True)
        .order_by("shift__at", "id")
    )
    piles: dict[UUID, list[Notice]] = defaultdict(list)
    for notice in waiting[:1_000]:
        piles[notice.member_id].append(notice)
    return sum(_send(pile, at) for pile in piles.values())


def _send(pile: list[Notice], at: datetime) -> bool:
    """Send one member's pile as one mail; remember whether it worked."""
    address = pile[0].member.user.email
    subject, body = digest_mail(
        [(str(notice.shift.project or notice.shift.program), notice.shift) for notice in pile],
        settings.BASE_URL,
    )
    ids = [notice.id for notice in pile]
    try:
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [address])
    except OSError as error:
        for notice in pile:
            notice.tries += 1
            notice.failure = str(error)[:500]
            notice.mail_after = at + next_mail_in(notice.tries)
        Notice.objects.bulk_update(pile, ["tries", "failure", "mail_after"])
        return False
    Notice.objects.filter(id__in=ids).update(mailed_at=at, failure="")
    return True


@transaction.atomic
def read_notices(actor: Actor, at: datetime) -> int:
    """Mark everything the actor was told as read."""
    require(actor, Permission.SELF)
    mine = Notice.objects.filter(
        workspace_id=actor.workspace_id, member=actor.member_id, read_at__isnull=True
    )
    return mine.update(read_at=at)
