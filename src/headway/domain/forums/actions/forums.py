"""Setting up a forum, and changing it: what is planned follows its rhythm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.forums.actions.meetings import next_meeting, shift_planned
from headway.domain.forums.models import Forum
from headway.domain.forums.queries import forum_facts
from headway.domain.forums.rules import FORUM_FIELDS, ForumFacts
from headway.domain.people.queries import names_of
from headway.domain.programs.actions.registers import set_entry
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules.fields import clean, meant
from headway.errors import Invalid

#: A change of these moves what is planned.
_RHYTHM = ("first_on", "hour", "time_zone", "every_weeks")


@transaction.atomic
def set_forum(
    actor: Actor,
    program: str,
    key: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> ForumFacts:
    """Set the forum `key` of a program from `values` (FORUM_FIELDS); "" makes a new one.

    A new one needs its first day and hour, and its first meeting is planned with it. When the
    rhythm changes the planned meeting moves, and every change of it renews the invitation.
    """
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    fields = clean(values, FORUM_FIELDS)
    if "members" in fields:
        _check_members(actor, fields["members"])  # type: ignore[arg-type]
    before = Forum.objects.filter(program_id=parent.id, key=key).first() if key else None
    missing = [] if before else [name for name in ("first_on", "hour") if name not in fields]
    if missing:
        sentence = f"The forum is new and needs its {' and '.join(missing).replace('_', ' ')}."
        raise Invalid(sentence)
    if before is None:
        fields["organizer_id"] = actor.member_id
    row = set_entry(actor, Forum, (parent, key), fields, at, version)
    forum = forum_facts(row)
    if before is None:
        next_meeting(actor, forum, at)
    elif before.version != row.version:
        moved = any(getattr(before, name) != getattr(row, name) for name in _RHYTHM)
        shift_planned(actor, forum, at, moved=moved)
    return forum


def _check_members(actor: Actor, members: Sequence[str]) -> None:
    known = names_of(actor)
    for key in members:
        if key not in known:
            sentence = f"Nobody on the roster has the key '{key}'{meant(key, known) or '.'}"
            raise Invalid(sentence)
