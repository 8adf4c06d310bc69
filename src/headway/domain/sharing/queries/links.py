"""Links to decisions: what their holder is shown, and which were given to whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from headway.domain.accounts.queries import headway_actor
from headway.domain.accounts.rules import Actor, Permission, may, require
from headway.domain.accounts.rules.secrets import hash_secret
from headway.domain.people.queries import names_of
from headway.domain.plans.queries import decision_named, plan_value
from headway.domain.plans.rules import DecisionFacts
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules import ProgramFacts
from headway.domain.sharing.models import DecisionLink
from headway.domain.sharing.rules import LinkState, dead_link, link_state


@dataclass(frozen=True, slots=True)
class DecisionLinkLine:
    """A link that was given out. `email` is empty for readers who do not manage programs."""

    id: UUID
    name: str
    email: str
    asked_by: str
    asked_at: datetime
    expires_at: datetime
    used_at: datetime | None
    state: LinkState
    by_mail: bool
    mailed_at: datetime | None
    failure: str


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """What the holder of a link to a decision is shown: the question, and nothing beside it.

    `has_changed` says that the question is not as it was when they were asked. `titles` are the
    names of the plan's items by address, `owner` the name of who decides.
    """

    name: str
    asked_by: str
    program: ProgramFacts
    decision: DecisionFacts
    owner: str
    titles: Mapping[str, str]
    expires_at: datetime
    at: datetime
    has_changed: bool


def live_decision_link(secret: str, at: datetime, *, lock: bool = False) -> DecisionLink:
    """Return the link with this secret, if it still works at `at`, with its decision's program.

    With `lock` nobody else uses or revokes it until the transaction ends. Raises NotFound for an
    unknown one, SpentLink for one that was used, taken back, has expired or asks no longer.
    """
    rows = DecisionLink.objects.all()
    if lock:
        rows = rows.select_for_update(of=("self",))
    link = (
        rows.select_related("decision__program", "workspace", "asked_by__user")
        .filter(secret_hash=hash_secret(secret))
        .first()
    )
    if link is None:
        raise dead_link()
    state = link_state(link.used_at, link.revoked_at, link.expires_at, moment_of(link, at))
    if state != LinkState.OPEN or link.decision.state != "open":
        raise dead_link(known=True)
    return link


def moment_of(link: DecisionLink, at: datetime) -> datetime:
    """Return the moment in the link's workspace: its own while it is pinned (the sample)."""
    return link.workspace.pinned_at or at


def answer_page(secret: str, at: datetime) -> AnswerPage:
    """Return what the holder of `secret` is shown; raises as `live_decision_link` does."""
    link = live_decision_link(secret, at)
    reader = headway_actor(link.workspace_id)
    program = program_named(reader, link.decision.program.slug)
    decision = decision_named(reader, program, link.decision.key)
    return AnswerPage(
        name=link.name,
        asked_by=asker_of(link),
        program=program,
        decision=decision,
        owner=names_of(reader).get(decision.owner, decision.owner),
        titles={item.id: item.name for item in plan_value(reader, program).items},
        expires_at=link.expires_at,
        at=moment_of(link, at),
        has_changed=decision.version != link.version,
    )


def asker_of(link: DecisionLink) -> str:
    """Return the name of who asked: an address is not shown outside."""
    member = link.asked_by
    return (member.user.name if member else "") or "A member of the program"


def decision_links(
    actor: Actor, decision: DecisionFacts, at: datetime
) -> Sequence[DecisionLinkLine]:
    """Return the links that were given out for a decision by `at`, newest first."""
    require(actor, Permission.VIEW, decision)
    rows = DecisionLink.objects.select_related("asked_by__user").filter(
        workspace_id=actor.workspace_id, decision_id=decision.id, created_at__lte=at
    )
    shows = may(actor, Permission.PROGRAM)
    return [_line(row, at, shows=shows) for row in rows.order_by("-created_at", "id")]


def _line(row: DecisionLink, at: datetime, *, shows: bool) -> DecisionLinkLine:
    return DecisionLinkLine(
        row.id,
        row.name,
        row.email if shows else "",
        asker_of(row),
        row.created_at,
        row.expires_at,
        row.used_at,
        link_state(row.used_at, row.revoked_at, row.expires_at, at),
        row.mail_after is not None,
        row.mailed_at,
        row.failure if shows else "",
    )
