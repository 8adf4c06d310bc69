"""Check-ins by mail: the question, its one reminder, and the answer told to who runs programs."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from headway.domain.accounts.models import Member
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.checkins.actions import issue_check_in_link
from headway.domain.checkins.actions.ask import withdraw_check_in_link
from headway.domain.checkins.models import CheckIn
from headway.domain.checkins.queries import check_in_by_link, waiting_row
from headway.domain.checkins.rules import OPEN_FOR
from headway.domain.notices.actions.post import post
from headway.domain.notices.actions.tell import add_notices, answerers
from headway.domain.notices.models import Notice
from headway.domain.notices.queries import address_of_silence, preferences_by_member
from headway.domain.notices.rules import MOST_TRIES, How, Kind, Telling, question_letter

#: Answers older than this are no news.
NEWS = timedelta(days=7)


@transaction.atomic
def tell_questions(actor: Actor, at: datetime) -> int:
    """Put a mail into the outbox for each question and reminder of a check-in, once.

    Somebody without an address, or who as a member wants no such mail, is not mailed: the page
    lists them, and a link can be handed out.
    """
    require(actor, Permission.SYNC)
    rows = CheckIn.objects.select_related("person").filter(
        workspace_id=actor.workspace_id,
        answered_at__isnull=True,
        asked_for__isnull=False,
        asked_at__gt=at - OPEN_FOR,
        asked_at__lte=at,
    )
    silent = _wanting_none(actor)
    fresh = [
        Notice(
            workspace_id=actor.workspace_id,
            person=row.person,
            kind=Kind.CHECK_IN,
            about=f"{row.id} {word}",
            sentence="How does your work stand?",
            made_at=at,
            mail_after=at,
        )
        for row in rows.exclude(person__email="")
        for word, since in (("asked", row.asked_at), ("reminded", row.reminded_at))
        if since is not None and row.person.email not in silent
    ]
    known = set(
        Notice.objects.filter(
            workspace_id=actor.workspace_id, about__in=[one.about for one in fresh]
        ).values_list("about", flat=True)
    )
    new = [one for one in fresh if one.about not in known]
    Notice.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def _wanting_none(actor: Actor) -> set[str]:
    """Return the addresses of members who want no mail about check-ins."""
    members = Member.objects.filter(workspace_id=actor.workspace_id)
    addresses = dict(members.values_list("id", "user__email"))
    held = preferences_by_member(actor, addresses)
    return {addresses[one] for one in held if held[one].how(Kind.CHECK_IN) == How.NONE}


def send_questions(actor: Actor, at: datetime) -> int:
    """Send the questions that wait; each mail carries a one-time link made for it."""
    require(actor, Permission.SYNC)
    waiting = Notice.objects.select_related("person").filter(
        workspace_id=actor.workspace_id,
        kind=Kind.CHECK_IN,
        person__isnull=False,
        mailed_at__isnull=True,
        mail_after__lte=at,
        tries__lt=MOST_TRIES,
    )
    return sum(_send_question(actor, notice, at) for notice in waiting.order_by("made_at")[:500])


def _send_question(actor: Actor, notice: Notice, at: datetime) -> bool:
    """Send one question, unless it was answered or taken back meanwhile."""
    person = notice.person
    if person is None:
        return False
    check_in, _, word = notice.about.partition(" ")
    row = waiting_row(person.id, at)
    if row is None or str(row.id) != check_in or not (person.email and person.is_asked):
        Notice.objects.filter(id=notice.id).update(mail_after=None)
        return False
    secret = issue_check_in_link(actor, person.key, at)
    page = check_in_by_link(secret, at)
    names = [(one.item.name, one.project_name) for one in page.work]
    stop = address_of_silence(person.id)
    letter = question_letter(
        (page.workspace, person.name),
        names,
        f"{settings.BASE_URL}/check-in/{secret}/",
        stop,
        again=word == "reminded",
    )
    sent = post([notice], letter, person.email, at, stop=stop)
    if not sent:
        withdraw_check_in_link(secret)
    return sent


@transaction.atomic
def tell_check_ins(actor: Actor, at: datetime) -> int:
    """Tell who answers for programs what was answered: once, and not what they wrote themselves."""
    require(actor, Permission.SYNC)
    rows = CheckIn.objects.select_related("person").filter(
        workspace_id=actor.workspace_id, answered_at__gt=at - NEWS, answered_at__lte=at
    )
    told = Notice.objects.filter(workspace_id=actor.workspace_id, kind=Kind.CHECK_IN)
    known = set(told.values_list("about", flat=True))
    count = 0
    for row in rows.order_by("answered_at"):
        about = f"{row.id} answer {row.version}"
        if about in known or not (row.line or row.changes or row.blocked):
            continue
        author = row.author.partition(" ")[0]
        telling = Telling(Kind.CHECK_IN, about, _answer_sentence(row), "people/")
        others = [member for member in answerers(actor) if member.user.email != author]
        count += add_notices(actor, others, [(telling, None)], at)
    return count


def _answer_sentence(row: CheckIn) -> str:
    """Say an answer in one line."""
    changed = ", ".join(str(change["name"]) for change in row.changes)
    parts = [
        row.line,
        f"Changed: {changed}." if changed else "",
        *[
            f"{one['name']} is blocked by {one['by']}."
            if one["by"]
            else f"{one['name']} is not blocked any more."
            for one in row.blocked
        ],
    ]
    return f"{row.person.name} checked in: {' '.join(part for part in parts if part)}"
