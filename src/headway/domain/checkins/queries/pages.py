"""The check-in page of one person, by sign-in or by a mailed link, and who has not answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from headway.domain.accounts.queries import workspace_of
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.accounts.rules.links import refuse_spent
from headway.domain.accounts.rules.secrets import hash_secret
from headway.domain.checkins.models import CheckIn, CheckInLink
from headway.domain.checkins.queries.blocking import held_up
from headway.domain.checkins.queries.work import OpenWork, open_work
from headway.domain.checkins.rules import OPEN_FOR, Rhythm, Standing
from headway.domain.people.queries import (
    mailed_actor,
    people_of,
    person_facts,
    person_named,
    require_person,
)
from headway.domain.people.rules import PersonFacts
from headway.domain.plans.models import WorkItem
from headway.domain.programs.queries import projects_of
from headway.domain.programs.rules import ProgramFacts
from headway.errors import NotFound

#: Items that come next, on the page: the rest is far away.
MOST_NEXT = 3
#: The roster tells of answers for so long.
REMEMBERED = timedelta(days=60)
#: Lines of the roster page that say what was answered.
MOST_ANSWERS = 20


@dataclass(frozen=True, slots=True)
class CheckInFacts:
    """A check-in: asked, answered by whom, its one line, and how much of the plan it changed."""

    id: UUID
    workspace_id: UUID
    person: str
    person_name: str
    asked_at: datetime | None
    reminded_at: datetime | None
    answered_at: datetime | None
    author: str
    line: str
    changes: Sequence[Mapping[str, object]]
    blocked: Sequence[Mapping[str, object]]
    version: int


@dataclass(frozen=True, slots=True)
class CheckInPage:
    """What one person is shown: their open work and the question that waits, if one does.

    `blocked` says by whom which item (project/key) is held up, as the registers have it.
    """

    person: PersonFacts
    workspace: str
    today: date
    work: Sequence[OpenWork]
    more_next: int
    waiting: CheckInFacts | None
    last: CheckInFacts | None
    blocked: Mapping[str, str]
    next_at: datetime


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One person on the roster: when they are asked next, and how this week stands.

    `state` is one of: answered, asked, reminded, waits, off, away, nothing_open.
    """

    person: PersonFacts
    zone: str
    state: str
    next_at: datetime
    open: int
    last: CheckInFacts | None


@dataclass(frozen=True, slots=True)
class NotCheckedIn:
    """Somebody who was asked and has not answered."""

    person: str
    name: str
    asked_at: datetime
    reminded_at: datetime | None

    @property
    def sentence(self) -> str:
        """Return it as a person says it."""
        also = ", reminded once" if self.reminded_at else ""
        return f"{self.name} was asked on {self.asked_at:%Y-%m-%d}{also}, and has not answered."


def check_in_facts(row: CheckIn) -> CheckInFacts:
    """Return a check-in as a frozen value; its person must be loaded with it."""
    return CheckInFacts(
        row.id,
        row.workspace_id,
        row.person.key,
        row.person.name,
        row.asked_at,
        row.reminded_at,
        row.answered_at,
        row.author,
        row.line,
        row.changes,
        row.blocked,
        row.version,
    )


def check_in_page(actor: Actor, key: str, at: datetime) -> CheckInPage:
    """Return the check-in page of somebody: for they themselves, and for who runs programs."""
    require(actor, Permission.SELF)
    person = person_named(actor, key)
    require_person(actor, person)
    return _page(mailed_actor(person), person, at)


def check_in_by_link(secret: str, at: datetime) -> CheckInPage:
    """Return the page that a mailed link opens.

    Raises NotFound for an unknown link, Conflict for one that is spent or has expired.
    """
    link = CheckInLink.objects.select_related("check_in__person").filter(
        secret_hash=hash_secret(secret)
    )
    found = link.first()
    if found is None:
        sentence = "This link is not known here; ask for a new one."
        raise NotFound(sentence)
    refuse_spent(found.used_at, found.expires_at, at)
    person = person_facts(found.check_in.person)
    return _page(mailed_actor(person), person, at)


def _page(actor: Actor, person: PersonFacts, at: datetime) -> CheckInPage:
    workspace = workspace_of(actor)
    rhythm = Rhythm.of(person, workspace.time_zone)
    today = rhythm.today(at)
    work = open_work(actor, [person], {person.id: today})[person.id]
    coming = [one for one in work if one.standing == Standing.NEXT]
    shown = [one for one in work if one.standing != Standing.NEXT] + coming[:MOST_NEXT]
    rows = CheckIn.objects.select_related("person").filter(person_id=person.id)
    last = rows.filter(answered_at__lte=at).order_by("-answered_at").first()
    waiting = waiting_row(person.id, at)
    return CheckInPage(
        person=person,
        workspace=workspace.name,
        today=today,
        work=shown,
        more_next=max(0, len(coming) - MOST_NEXT),
        waiting=check_in_facts(waiting) if waiting else None,
        last=check_in_facts(last) if last else None,
        blocked={
            address: one.by
            for address, one in held_up(actor, {work.program for work in shown}, today).items()
        },
        next_at=rhythm.next(at),
    )


def waiting_row(person: UUID, at: datetime) -> CheckIn | None:
    """Return the newest check-in of somebody that was asked for and may still be answered."""
    rows = CheckIn.objects.select_related("person").filter(
        person_id=person, answered_at__isnull=True, asked_at__gt=at - OPEN_FOR, asked_at__lte=at
    )
    return rows.order_by("-asked_at").first()


def roster_page(actor: Actor, at: datetime) -> Sequence[RosterLine]:
    """Return the roster, each with when they are asked next and how this week stands."""
    require(actor, Permission.VIEW)
    people = people_of(actor)
    zone = workspace_of(actor).time_zone
    rhythms = {person.id: Rhythm.of(person, zone) for person in people}
    today = {person.id: rhythms[person.id].today(at) for person in people}
    work = open_work(actor, people, today)
    rows = CheckIn.objects.select_related("person").filter(workspace_id=actor.workspace_id)
    asked = rows.filter(asked_at__gt=at - REMEMBERED, asked_at__lte=at).order_by("asked_at")
    newest = {row.person_id: row for row in asked}
    said = rows.filter(answered_at__gt=at - REMEMBERED, answered_at__lte=at)
    answered = {row.person_id: row for row in said.order_by("answered_at")}
    return [
        RosterLine(
            person,
            rhythms[person.id].zone.key,
            _state(person, newest.get(person.id), len(work[person.id]), today[person.id], at),
            rhythms[person.id].next(at),
            len(work[person.id]),
            check_in_facts(answered[person.id]) if person.id in answered else None,
        )
        for person in people
    ]


def _state(person: PersonFacts, row: CheckIn | None, open_: int, today: date, at: datetime) -> str:
    """Return how this week stands for one person, in a word."""
    if row is not None and row.asked_at is not None and row.asked_at > at - OPEN_FOR:
        if row.answered_at is not None:
            return "answered"
        return "reminded" if row.reminded_at else "asked"
    if not person.is_asked:
        return "off"
    if person.is_away(today):
        return "away"
    return "waits" if open_ else "nothing_open"


def answers_of(actor: Actor, at: datetime | None = None) -> Sequence[CheckInFacts]:
    """Return the newest check-ins that were answered, newest first."""
    require(actor, Permission.VIEW)
    rows = CheckIn.objects.select_related("person").filter(
        workspace_id=actor.workspace_id, answered_at__isnull=False
    )
    if at is not None:
        rows = rows.filter(answered_at__lte=at)
    return [check_in_facts(row) for row in rows.order_by("-answered_at")[:MOST_ANSWERS]]


def not_checked_in(
    actor: Actor, at: datetime, program: ProgramFacts | None = None
) -> Sequence[NotCheckedIn]:
    """Return who was asked in the last seven days and had not answered at `at`, by name.

    With a `program` only those who own open work of it. The newest question of each counts.
    """
    require(actor, Permission.VIEW, program)
    rows = CheckIn.objects.select_related("person").filter(
        workspace_id=actor.workspace_id, asked_at__gt=at - OPEN_FOR, asked_at__lte=at
    )
    newest = {row.person_id: row for row in rows.order_by("asked_at")}
    open_rows = [row for row in newest.values() if row.answered_at is None or row.answered_at > at]
    if program is not None and open_rows:
        owners = _owners_in(actor, program)
        open_rows = [row for row in open_rows if owners & _names(row)]
    found = [
        NotCheckedIn(
            row.person.key,
            row.person.name,
            row.asked_at,
            row.reminded_at if row.reminded_at and row.reminded_at <= at else None,
        )
        for row in open_rows
        if row.asked_at is not None
    ]
    return sorted(found, key=lambda one: (one.name, one.person))


def _owners_in(actor: Actor, program: ProgramFacts) -> set[str]:
    projects = [project.id for project in projects_of(actor, program)]
    rows = WorkItem.objects.filter(project_id__in=projects, finished__isnull=True)
    return {owner.strip().lower() for owner in rows.values_list("owner", flat=True) if owner}


def _names(row: CheckIn) -> set[str]:
    person = row.person
    return {person.key.lower(), person.name.strip().lower(), person.email} - {""}
