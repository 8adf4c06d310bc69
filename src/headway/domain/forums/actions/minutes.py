"""Writing minutes: each line lands where it belongs, and the minutes point at it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.forums.models import Meeting, Minute
from headway.domain.forums.queries import MeetingPage, meeting_page
from headway.domain.forums.rules import MeetingFacts, MinuteDraft, MinuteLine, MinuteSort
from headway.domain.forums.rules.minutes import read_note
from headway.domain.plans.actions import set_decision, take_decision
from headway.domain.plans.queries import decision_named
from headway.domain.programs.actions.rows import add_row, drop_row, put_back
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules.fields import choice, fresh_key
from headway.domain.risks.actions import set_action, set_blocker, set_risk
from headway.domain.risks.queries import risks_of
from headway.errors import Conflict, Invalid, NotFound

#: Lines of one meeting's minutes.
MOST_LINES = 500

Place = tuple[str, str, int]
Writer = Callable[[Actor, MeetingPage, MinuteDraft, datetime], str]

_SORT = choice(*MinuteSort)


@transaction.atomic
def write_minute(actor: Actor, place: Place, draft: MinuteDraft, at: datetime) -> MinuteLine:
    """Write one line into the minutes of the meeting at `place` while it is held.

    An action, a risk, a blocker and what is decided are made by the same actions as anywhere, so
    that the same permissions and rules hold; the minutes keep nothing but their key. Raises
    Conflict for a meeting that is not being held, Invalid for a line that says too little.
    """
    require(actor, Permission.PLAN)
    sort = MinuteSort(str(_SORT("sort", draft.sort)))
    page = meeting_page(actor, program_named(actor, place[0]), (place[1], place[2]))
    # Locked until the line stands: it cannot be closed meanwhile, and lines keep their order.
    row = Meeting.objects.select_for_update().get(id=page.meeting.id)
    _require_held(page.meeting)
    last = Minute.history.filter(meeting_id=row.id).order_by("-order").first()
    order = (last.order if last else 0) + 1
    if order > MOST_LINES:
        sentence = f"The minutes hold {MOST_LINES} lines, which is all that fit one meeting."
        raise Invalid(sentence)
    key = _WRITERS[sort](actor, page, draft, at) if sort in _WRITERS else ""
    line = Minute(
        workspace_id=row.workspace_id,
        meeting_id=row.id,
        order=order,
        sort=sort.value,
        key=key,
        words="" if key else str(read_note("note", draft.words)),
        at=at,
        author=actor.label,
    )
    add_row(actor, line, at, "write_minute", meeting=f"{page.forum.key} {row.number}")
    again = meeting_page(actor, page.program, (place[1], place[2]))
    return next(one for one in again.lines if one.id == line.id)


@transaction.atomic
def drop_minute(actor: Actor, line: UUID, at: datetime) -> int:
    """Take a line out of the minutes while the meeting is held; return the version it had.

    What it stood for stays where it is: an action is dropped on its own page.
    """
    require(actor, Permission.PLAN)
    row = Minute.objects.select_for_update().filter(id=line).first()
    if row is None or row.workspace_id != actor.workspace_id:
        sentence = "There is no such line in the minutes of a meeting here."
        raise NotFound(sentence)
    _require_open(row.meeting_id)
    drop_row(actor, row, at, "drop_minute")
    return row.version


@transaction.atomic
def restore_minute(actor: Actor, line: UUID, version: int, at: datetime) -> None:
    """Put a line back that was taken out: the undo of it."""
    require(actor, Permission.PLAN)
    past = Minute.history.filter(workspace_id=actor.workspace_id, id=line).first()
    if past is None:
        sentence = "There never was such a line in the minutes of a meeting here."
        raise NotFound(sentence)
    _require_open(past.meeting_id)
    put_back(actor, Minute, version, at, id=line)


def _require_held(meeting: MeetingFacts) -> None:
    if not meeting.is_held:
        why = "is not open yet" if meeting.is_planned else "is closed, and its minutes are frozen"
        sentence = f"Meeting {meeting.number} {why}; nothing is written into it."
        raise Conflict(sentence)


def _require_open(meeting: UUID) -> None:
    row = Meeting.objects.select_for_update().get(id=meeting)
    if row.state != "held":
        sentence = f"Meeting {row.number} is {row.state}; its minutes do not change."
        raise Conflict(sentence)


def _action(actor: Actor, page: MeetingPage, draft: MinuteDraft, at: datetime) -> str:
    values = {
        "name": draft.words,
        "owner": draft.who,
        "due": draft.by,
        "source_kind": "forum",
        "source_key": f"{page.forum.key}/{page.meeting.number}"[:60],
    }
    return set_action(actor, page.program.slug, "", values, at).key


def _blocker(actor: Actor, page: MeetingPage, draft: MinuteDraft, at: datetime) -> str:
    values = {"name": draft.words, "waits_for": draft.who}
    return set_blocker(actor, page.program.slug, "", values, at).key


def _risk(actor: Actor, page: MeetingPage, draft: MinuteDraft, at: datetime) -> str:
    if not draft.words.strip():
        sentence = "The risk has no words; say what may happen."
        raise Invalid(sentence)
    key = fresh_key(draft.words, [one.key for one in risks_of(actor, page.program)])
    values: dict[str, object] = {"name": draft.words, "owner": draft.who, "review_on": draft.by}
    if draft.probability is not None:
        values["probability"] = draft.probability
    return set_risk(actor, page.program.slug, key, values, at).key


def _decided(actor: Actor, page: MeetingPage, draft: MinuteDraft, at: datetime) -> str:
    where = (page.program.slug, draft.decision)
    reason = draft.words or f"Decided in {page.forum.name}, meeting {page.meeting.number}."
    return take_decision(actor, where, draft.option, at, reason=reason).key


def _deferred(actor: Actor, page: MeetingPage, draft: MinuteDraft, at: datetime) -> str:
    if draft.by is None or draft.by <= at.date():
        sentence = "A decision is deferred to a later day; write one, such as 2026-12-07."
        raise Invalid(sentence)
    if not draft.decision:
        sentence = "Say which decision is deferred, by its key."
        raise Invalid(sentence)
    # A question of this key has to be there: to defer must not ask a new one.
    held = decision_named(actor, page.program, draft.decision)
    return set_decision(actor, page.program.slug, held.key, {"due": draft.by}, at).key


_WRITERS: Mapping[MinuteSort, Writer] = {
    MinuteSort.ACTION: _action,
    MinuteSort.BLOCKER: _blocker,
    MinuteSort.RISK: _risk,
    MinuteSort.DECIDED: _decided,
    MinuteSort.DEFERRED: _deferred,
}
