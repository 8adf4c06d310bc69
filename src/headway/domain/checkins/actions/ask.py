"""Asking people to check in, at their own time, and the one-time link that lets them answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.queries import workspace_of
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.accounts.rules.secrets import hash_secret, new_secret
from headway.domain.checkins.models import CheckIn, CheckInLink
from headway.domain.checkins.queries import changed_since, open_work, waiting_row
from headway.domain.checkins.rules import (
    OPEN_FOR,
    Rhythm,
    due_question,
    is_needless,
    worth_asking,
)
from headway.domain.people.queries import people_of, person_named
from headway.domain.people.rules import PersonFacts


def ask_check_ins(actor: Actor, at: datetime) -> int:
    """Ask everybody whose time it is, and remind who did not answer; return how many.

    Each is asked once a week and reminded once, a working day later. Nobody is asked who has
    nothing open, who is away, who has just answered, or of whose work nothing changed since the
    last answer while nothing of it is under way or due.
    """
    require(actor, Permission.SYNC)
    zone = workspace_of(actor).time_zone
    people = people_of(actor)
    rhythms = {person.id: Rhythm.of(person, zone) for person in people}
    moments = {
        person.id: moment
        for person in people
        if (moment := due_question(person, rhythms[person.id], at)) is not None
    }
    asked = _ask(actor, [one for one in people if one.id in moments], moments, rhythms, at)
    return asked + sum(_remind(actor, person, rhythms[person.id], at) for person in people)


def _ask(
    actor: Actor,
    people: list[PersonFacts],
    moments: Mapping[UUID, datetime],
    rhythms: Mapping[UUID, Rhythm],
    at: datetime,
) -> int:
    """Ask those of `people` whom nobody asked yet and who have something to answer."""
    rows = CheckIn.objects.filter(workspace_id=actor.workspace_id)
    known = set(
        rows.filter(asked_for__in=list(moments.values())).values_list("person_id", "asked_for")
    )
    latest: dict[UUID, datetime | None] = {
        row.person_id: row.answered_at
        for row in rows.filter(answered_at__lte=at).order_by("answered_at")
    }
    waiting = [
        person
        for person in people
        if (person.id, moments[person.id]) not in known
        and not is_needless(latest.get(person.id), moments[person.id])
    ]
    if not waiting:
        return 0
    work = open_work(actor, waiting, {one.id: rhythms[one.id].today(at) for one in waiting})
    count = 0
    for person in waiting:
        mine = work[person.id]
        changed = bool(mine) and changed_since([one.item.id for one in mine], latest.get(person.id))
        if worth_asking([one.standing for one in mine], changed=changed):
            count += _asked(actor, person, moments[person.id], at)
    return count


@transaction.atomic
def _asked(actor: Actor, person: PersonFacts, moment: datetime, at: datetime) -> bool:
    """Keep that somebody is asked; False when another turn of the worker was quicker."""
    row, is_new = CheckIn.objects.get_or_create(
        workspace_id=actor.workspace_id,
        person_id=person.id,
        asked_for=moment,
        defaults={"asked_at": at},
    )
    if is_new:
        write_audit(actor, "ask_check_in", f"person {person.key}", at, check_in=str(row.id))
    return is_new


@transaction.atomic
def _remind(actor: Actor, person: PersonFacts, rhythm: Rhythm, at: datetime) -> bool:
    """Remind somebody who was asked a working day ago and did not answer: once."""
    row = waiting_row(person.id, at)
    if row is None or row.asked_at is None or row.reminded_at is not None:
        return False
    if not person.is_asked or person.is_away(rhythm.today(at)):
        return False
    if row.asked_for is None or rhythm.reminder(row.asked_at) > at:
        return False
    return bool(CheckIn.objects.filter(id=row.id, reminded_at__isnull=True).update(reminded_at=at))


@transaction.atomic
def issue_check_in_link(actor: Actor, key: str, at: datetime) -> str:
    """Make a one-time link to somebody's check-in and return its secret, which is shown once.

    Handing it out is asking: where no question waits yet, one does from now on. The link opens
    that person's page and nothing else, until it is answered or for seven days.
    """
    require(actor, Permission.PROGRAM)
    person = person_named(actor, key)
    row = waiting_row(person.id, at)
    if row is None:
        row = CheckIn.objects.create(
            workspace_id=actor.workspace_id, person_id=person.id, asked_at=at
        )
    secret = new_secret("ci_")
    CheckInLink.objects.create(
        workspace_id=actor.workspace_id,
        check_in_id=row.id,
        secret_hash=secret.hash,
        created_at=at,
        expires_at=at + OPEN_FOR,
    )
    write_audit(actor, "issue_check_in_link", f"person {person.key}", at, check_in=str(row.id))
    return secret.plain


def withdraw_check_in_link(secret: str) -> None:
    """Forget a link whose mail did not go out: nobody has it."""
    CheckInLink.objects.filter(secret_hash=hash_secret(secret), used_at__isnull=True).delete()
