"""How members want to be told, and the signed way to stop a mail without signing in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from uuid import UUID

from django.conf import settings
from django.core import signing

from headway.domain.accounts.models import Member, Workspace
from headway.domain.accounts.queries import workspace_of
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.notices.models import Preference
from headway.domain.notices.rules import How, Kind, Preferences
from headway.domain.people.models import Person
from headway.domain.people.queries import person_facts
from headway.domain.people.rules import PersonFacts
from headway.domain.people.rules.moments import zone_of
from headway.errors import NotFound, Refused
from headway.rendering.letter import Line

_SALT = "headway.notices.stop"


@dataclass(frozen=True, slots=True)
class PreferenceFacts:
    """How the actor wants to be told; version 0 while nothing was ever chosen.

    An empty `time_zone` is the workspace's, which `zone` names. Days are 0 (Monday) to 6.
    """

    id: UUID
    workspace_id: UUID
    hows: Mapping[str, str]
    time_zone: str
    zone: str
    mail_at: time
    week_day: int
    brief_at: time
    quiet_brief: bool
    quiet_from: time | None
    quiet_until: time | None
    quiet_days: Sequence[int]
    version: int


@dataclass(frozen=True, slots=True)
class Stopping:
    """What a link in a mail stops: mails of these kinds to a member, or questions to a person."""

    member_id: UUID | None
    person: PersonFacts | None
    workspace: str
    email: str
    kinds: Sequence[Kind]
    is_stopped: bool


def preferences_of(actor: Actor) -> PreferenceFacts:
    """Return how the actor wants to be told. Raises Refused for what is no member."""
    require(actor, Permission.SELF)
    if actor.member_id is None:
        sentence = "Only a member has preferences; name one (`--as` on the command line)."
        raise Refused(sentence)
    row = Preference.objects.filter(
        workspace_id=actor.workspace_id, member_id=actor.member_id
    ).first()
    workspace = workspace_of(actor)
    held = _preferences(row, workspace)
    return PreferenceFacts(
        id=actor.member_id,
        workspace_id=actor.workspace_id,
        hows={kind.value: held.how(kind).value for kind in Kind},
        time_zone=row.time_zone if row else "",
        zone=held.zone.key,
        mail_at=held.mail_at,
        week_day=held.week_day,
        brief_at=held.brief_at,
        quiet_brief=held.quiet_brief,
        quiet_from=held.quiet_from,
        quiet_until=held.quiet_until,
        quiet_days=held.quiet_days,
        version=row.version if row else 0,
    )


def preferences_by_member(actor: Actor, members: Iterable[UUID]) -> Mapping[UUID, Preferences]:
    """Return the preferences of fellow members by id; for Headway, when it is about to tell."""
    require(actor, Permission.SELF)
    wanted = list(members)
    workspace = workspace_of(actor)
    rows = Preference.objects.filter(workspace_id=actor.workspace_id, member_id__in=wanted)
    held = {row.member_id: row for row in rows}
    return {member: _preferences(held.get(member), workspace) for member in wanted}


def _preferences(row: Preference | None, workspace: Workspace) -> Preferences:
    if row is None:
        return Preferences(zone_of(workspace.time_zone))
    return Preferences(
        zone=zone_of(row.time_zone or workspace.time_zone),
        hows=row.hows,
        mail_at=row.mail_at,
        week_day=row.week_day,
        brief_at=row.brief_at,
        quiet_brief=row.quiet_brief,
        quiet_from=row.quiet_from,
        quiet_until=row.quiet_until,
        quiet_days=tuple(row.quiet_days),
    )


def stop_token(member: UUID, kinds: Iterable[Kind]) -> str:
    """Return the signed word by which a mail's link stops mails of `kinds` to `member`."""
    return signing.dumps({"member": member.hex, "kinds": sorted(kinds)}, salt=_SALT)


def address_of_stop(member: UUID, kinds: Iterable[Kind]) -> str:
    """Return the whole address of that link."""
    return f"{settings.BASE_URL}/stop-mails/{stop_token(member, kinds)}/"


def address_of_silence(person: UUID) -> str:
    """Return the address by which somebody on the roster is asked no more."""
    token = signing.dumps({"person": person.hex}, salt=_SALT)
    return f"{settings.BASE_URL}/stop-mails/{token}/"


def stopping(token: str) -> Stopping:
    """Return what a link stops. Raises NotFound for one that Headway did not sign, or for nobody.

    It says the address the mail went to, and nothing else of the workspace.
    """
    try:
        held = signing.loads(token, salt=_SALT)
        if "person" in held:
            return _silence(UUID(held["person"]))
        return _stopping(UUID(held["member"]), [Kind(word) for word in held["kinds"]])
    except (signing.BadSignature, ValueError, TypeError, KeyError):
        sentence = "This link is not one that Headway sent; use the newest mail's."
        raise NotFound(sentence) from None


def _stopping(member_id: UUID, kinds: Sequence[Kind]) -> Stopping:
    member = Member.objects.select_related("user", "workspace").filter(id=member_id).first()
    if member is None:
        sentence = "Whoever got this mail is no member any more, and gets none."
        raise NotFound(sentence)
    row = Preference.objects.filter(member_id=member_id).first()
    hows = row.hows if row else {}
    return Stopping(
        member_id,
        None,
        member.workspace.name,
        member.user.email,
        kinds,
        all(hows.get(kind) == How.NONE for kind in kinds),
    )


def _silence(person_id: UUID) -> Stopping:
    row = Person.objects.select_related("workspace").filter(id=person_id).first()
    if row is None:
        sentence = "Whoever got this mail is not on the roster any more, and gets none."
        raise NotFound(sentence)
    kinds, person = [Kind.CHECK_IN], person_facts(row)
    return Stopping(None, person, row.workspace.name, row.email, kinds, not row.is_asked)


def links_of_preferences(slug: str, member: UUID, kinds: Iterable[Kind]) -> Sequence[Line]:
    """Return the foot of a mail: where it is stopped, and where preferences are kept."""
    return [
        Line("Stop mails like this one", address_of_stop(member, kinds)),
        Line(
            "Choose what you are told, and when",
            f"{settings.BASE_URL}/w/{slug}/settings/notifications/",
        ),
    ]
