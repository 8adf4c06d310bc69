"""Choosing how one is told, and stopping a mail by the link in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.models import Member
from headway.domain.accounts.queries import actor_for_user
from headway.domain.accounts.rules import Actor, Scope
from headway.domain.notices.models import Notice, Preference
from headway.domain.notices.queries import (
    PreferenceFacts,
    Stopping,
    preferences_by_member,
    preferences_of,
    stopping,
)
from headway.domain.notices.rules import PREFERENCE_FIELDS, How, Kind
from headway.domain.people.actions import set_rhythm
from headway.domain.people.queries import mailed_actor
from headway.domain.programs.actions.rows import change_row
from headway.domain.programs.rules.fields import clean
from headway.errors import Conflict, Invalid, Refused


@transaction.atomic
def set_preferences(
    actor: Actor, values: Mapping[str, object], at: datetime, *, version: int | None = None
) -> PreferenceFacts:
    """Change how the actor is told (PREFERENCE_FIELDS); what waits to be mailed follows.

    Raises Conflict when it changed since `version`, Invalid for a night with one end only.
    """
    held = preferences_of(actor)  # says who may: a member, for oneself alone
    if actor.scopes is not None and Scope.ADMIN not in actor.scopes:
        sentence = "This token may not say how its owner is told; make one with the scope admin."
        raise Refused(sentence)
    fields = clean(values, PREFERENCE_FIELDS)
    if "hows" in fields:
        fields["hows"] = {**held.hows, **dict(values["hows"])}  # type: ignore[call-overload]
    _refuse_half_a_night(held, fields)
    rows = Preference.objects.select_for_update()
    row = rows.filter(workspace_id=actor.workspace_id, member_id=held.id).first()
    if row is None:
        if version:
            sentence = f"Your preferences changed since you read them (version {version})."
            raise Conflict(sentence)
        start = {name: getattr(held, name) for name in PREFERENCE_FIELDS} | fields
        start["quiet_days"] = list(start["quiet_days"])
        row = Preference.objects.create(workspace_id=actor.workspace_id, member_id=held.id, **start)
        write_audit(actor, "set_preferences", str(row), at, fields=sorted(fields))
    else:
        change_row(actor, row, fields, at, "set_preferences", version)
    _wait_anew(actor, held.id, at)
    return preferences_of(actor)


def _refuse_half_a_night(held: PreferenceFacts, fields: Mapping[str, object]) -> None:
    """Raise Invalid when quiet hours have a beginning and no end, or the other way round."""
    begins = fields.get("quiet_from", held.quiet_from)
    ends = fields.get("quiet_until", held.quiet_until)
    if (begins is None) != (ends is None):
        sentence = "Quiet hours need both ends, such as 20:00 and 07:00; leave both empty for none."
        raise Invalid(sentence)


def _wait_anew(actor: Actor, member: UUID, at: datetime) -> None:
    """Let what was told and is not mailed yet go out as the preferences say now."""
    held = preferences_by_member(actor, [member])[member]
    waiting = Notice.objects.filter(
        workspace_id=actor.workspace_id, member_id=member, mailed_at__isnull=True
    ).exclude(kind=Kind.BRIEF)
    for kind in Kind:
        waiting.filter(kind=kind, mail_after__isnull=False).update(
            mail_after=held.mail_after(kind, at)
        )


@transaction.atomic
def stop_mails(token: str, at: datetime, *, again: bool = False) -> Stopping:
    """Stop the mails that a signed link names, or let them come `again`; nothing else.

    Raises NotFound for a link that Headway did not sign.
    """
    found = stopping(token)
    if found.person is not None:
        own = mailed_actor(found.person)
        set_rhythm(own, found.person.key, {"is_asked": again}, at)
        return stopping(token)
    member = Member.objects.select_related("user", "workspace").get(id=str(found.member_id))
    actor = actor_for_user(member.user_id, member.workspace.slug)
    hows = {
        kind.value: How.WEEKLY if again and kind == Kind.BRIEF else How.DAILY if again else How.NONE
        for kind in found.kinds
    }
    set_preferences(actor, {"hows": hows}, at)
    return stopping(token)
