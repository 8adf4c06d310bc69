"""Answering a check-in: all of it changes the plan in one transaction, or none of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.queries import workspace_of
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.accounts.rules.links import refuse_spent
from headway.domain.accounts.rules.secrets import hash_secret
from headway.domain.checkins.actions.blocking import note_blockers, take_back_blockers
from headway.domain.checkins.models import CheckIn, CheckInLink
from headway.domain.checkins.queries import (
    CheckInFacts,
    OpenWork,
    check_in_facts,
    held_up,
    open_work,
    waiting_row,
)
from headway.domain.checkins.rules import (
    ANSWER_FIELDS,
    MOST_ITEMS,
    ItemAnswer,
    Rhythm,
    blamed,
    changes_of,
    read_line,
)
from headway.domain.people.queries import (
    mailed_actor,
    person_facts,
    person_named,
    working_actor,
)
from headway.domain.people.rules import PersonFacts
from headway.domain.plans.actions import edit_item, restore_item
from headway.domain.plans.models import WorkItem
from headway.domain.programs.rules.fields import clean
from headway.errors import Conflict, Invalid, NotFound


@transaction.atomic
def answer_check_in(
    actor: Actor, key: str, answers: Sequence[ItemAnswer], line: str, at: datetime
) -> CheckInFacts:
    """Say how the work of `key` stands: for they themselves, and for who runs programs.

    Every change is an ordinary edit of the item with the actor as its author, in one transaction.
    Raises NotFound for an item that is not open work of theirs, Conflict for one that changed
    since its `version`, Invalid for what does not fit; then nothing was changed.
    """
    require(actor, Permission.SELF)
    person = person_named(actor, key)
    acting = working_actor(actor, person)
    row = waiting_row(person.id, at)
    return _answer(acting, person, row, (answers, line), at)


@transaction.atomic
def answer_by_link(
    secret: str, answers: Sequence[ItemAnswer], line: str, at: datetime
) -> CheckInFacts:
    """Answer the check-in that a mailed link leads to, and spend all links to it.

    Raises NotFound for an unknown link, Conflict for one that is spent or has expired.
    """
    links = CheckInLink.objects.select_for_update(of=("self",)).select_related("check_in__person")
    link = links.filter(secret_hash=hash_secret(secret)).first()
    if link is None:
        sentence = "This link is not known here; ask for a new one."
        raise NotFound(sentence)
    refuse_spent(link.used_at, link.expires_at, at)
    person = person_facts(link.check_in.person)
    return _answer(mailed_actor(person), person, link.check_in, (answers, line), at)


def _answer(
    actor: Actor,
    person: PersonFacts,
    row: CheckIn | None,
    said: tuple[Sequence[ItemAnswer], str],
    at: datetime,
) -> CheckInFacts:
    answers, line = said[0], str(read_line("line", said[1]))
    if len(answers) > MOST_ITEMS:
        sentence = f"There are {len(answers)} items; at most {MOST_ITEMS} fit one check-in."
        raise Invalid(sentence)
    today = Rhythm.of(person, workspace_of(actor).time_zone).today(at)
    mine = {one.address: one for one in open_work(actor, [person], {person.id: today})[person.id]}
    found = [(answer, _own(mine, answer, person)) for answer in answers]
    pairs = [(_read(answer, work), work) for answer, work in found]
    changes = [_change(actor, answer, work, today, at) for answer, work in pairs]
    row = row or CheckIn(workspace_id=actor.workspace_id, person_id=person.id)
    row.answered_at, row.author, row.line = at, actor.label, line
    row.changes = [change for change in changes if change]
    held = held_up(actor, {work.program for _, work in pairs}, today)
    row.blocked = note_blockers(actor, person, held, pairs, at)
    row.version += 0 if row._state.adding else 1
    row.save()
    CheckInLink.objects.filter(check_in_id=row.id, used_at__isnull=True).update(used_at=at)
    changed = [str(change["item"]) for change in row.changes]
    write_audit(
        actor, "answer_check_in", f"person {person.key}", at, changed=changed, id=str(row.id)
    )
    return check_in_facts(row)


def _read(answer: ItemAnswer, work: OpenWork) -> ItemAnswer:
    try:
        return replace(answer, said=clean(answer.said, ANSWER_FIELDS))
    except Invalid as error:
        raise blamed(work.item, work.address, error) from None


def _own(mine: Mapping[str, OpenWork], answer: ItemAnswer, person: PersonFacts) -> OpenWork:
    """Return the open work an answer speaks of. Raises NotFound for anybody else's."""
    found = mine.get(answer.address)
    if found is None:
        sentence = f"There is no open work '{answer.address}' of {person.name}."
        raise NotFound(sentence)
    return found


def _change(
    actor: Actor, answer: ItemAnswer, work: OpenWork, today: date, at: datetime
) -> dict[str, object]:
    """Make what one answer changes in the plan; return which versions it stands between."""
    item = work.item
    try:
        changes = changes_of(item, answer.said, today)
        if not changes:
            return {}
        before = _newest(item.id)
        edit_item(actor, (work.project, item.key), changes, at, version=answer.version)
    except Invalid as error:
        raise blamed(item, work.address, error) from None
    return {
        "item": work.address,
        "project": work.project,
        "key": item.key,
        "name": item.name,
        "program": work.program,
        "fields": sorted(changes),
        "before": before,
        "after": _newest(item.id),
    }


def _newest(item: UUID) -> int:
    """Return the number of an item's newest version."""
    versions = WorkItem.history.filter(id=item).order_by("-history_id")
    return int(versions.values_list("history_id", flat=True)[0])


@transaction.atomic
def undo_check_in(actor: Actor, check_in: UUID, at: datetime) -> CheckInFacts:
    """Take an answer back: its items are as they were, and the question waits again.

    For whoever may answer. Raises Conflict when one of the items changed since; then nothing is.
    """
    require(actor, Permission.SELF)
    rows = CheckIn.objects.select_for_update(of=("self",)).select_related("person")
    row = rows.filter(workspace_id=actor.workspace_id, id=check_in).first()
    if row is None:
        sentence = "There is no such check-in in this workspace."
        raise NotFound(sentence)
    person = person_facts(row.person)
    acting = working_actor(actor, person)
    if row.answered_at is None:
        sentence = f"{person.name} has not answered; there is nothing to take back."
        raise Conflict(sentence)
    for change in reversed(row.changes):
        project, key = str(change["project"]), str(change["key"])
        item = WorkItem.objects.filter(
            workspace_id=actor.workspace_id, project__slug=project, key=key
        ).first()
        if item is None or _newest(item.id) != change["after"]:
            sentence = f"{change['name']} changed since; take back its last edit on its own page."
            raise Conflict(sentence)
        restore_item(acting, (project, key), int(change["before"]), at)
    take_back_blockers(acting, row.blocked, at)
    row.answered_at, row.author, row.line, row.changes, row.blocked = None, "", "", [], []
    row.version += 1
    row.save()
    write_audit(acting, "undo_check_in", f"person {person.key}", at, id=str(row.id))
    return check_in_facts(row)
