"""Gates on commits: what each says of its commit is put into the outbox, and sent from there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import transaction

from headway.connectors.github.options import GithubOptions
from headway.connectors.github.statuses import SHA, post_status
from headway.connectors.github.statuses import CommitStatus as Said
from headway.connectors.http import Outbound
from headway.domain.accounts.queries import workspace_of
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.gates.queries import GateStanding, gate_standings
from headway.domain.gates.rules import GateState
from headway.domain.notices.actions.post import below
from headway.domain.notices.models import CommitStatus
from headway.domain.notices.rules import MOST_TRIES, next_mail_in
from headway.domain.sources.actions.sync import options_of, outbound
from headway.domain.sources.models import Source
from headway.errors import HeadwayError, SourceError

#: State of a gate → what GitHub calls it. What waits to be decided is pending, not a success.
STATES: dict[GateState, Literal["success", "pending", "failure"]] = {
    GateState.PASSED: "success",
    GateState.OPEN: "pending",
    GateState.CLOSED: "failure",
    GateState.HELD: "failure",
}


@transaction.atomic
def tell_statuses(actor: Actor, at: datetime) -> int:
    """Put what changed since it was said last into the outbox; return how many.

    Only for sources of GitHub where it was switched on (`statuses`) and a token is set, and for
    gates whose evidence names a whole commit.
    """
    require(actor, Permission.SYNC)
    sources = _speaking(actor)
    if not sources:
        return 0
    speaking: dict[tuple[UUID, str, str], tuple[Source, GateStanding]] = {}
    # Of two releases from one commit the one that was gated last speaks.
    for one in sorted(gate_standings(actor, at), key=lambda one: one.gate.opened_at):
        for source in sources:
            is_its = source.project is None or source.project.slug == one.gate.project
            if is_its and SHA.fullmatch(one.commit):
                speaking[source.id, one.commit, one.gate.stage] = (source, one)
    return sum(_put(source, one, at) for source, one in speaking.values())


def _speaking(actor: Actor) -> Sequence[Source]:
    rows = Source.objects.select_related("project").filter(
        workspace_id=actor.workspace_id, kind="github", is_enabled=True, secret__isnull=False
    )
    return [row for row in rows.order_by("name") if row.options.get("statuses") is True]


def _put(source: Source, found: GateStanding, at: datetime) -> bool:
    """Keep what a gate says of its commit; False where that was said before."""
    said = {"state": STATES[found.standing.state], "description": words_of(found)}
    row, is_new = CommitStatus.objects.get_or_create(
        source=source,
        sha=found.commit,
        context=f"headway/gate/{found.gate.stage}"[:100],
        defaults={
            "workspace_id": source.workspace_id,
            "gate_id": found.gate.id,
            "made_at": at,
            "send_after": at,
            **said,
        },
    )
    if is_new:
        return True
    if (row.state, row.description) == (said["state"], said["description"]):
        return False
    again = {"gate_id": found.gate.id, "made_at": at, "send_after": at, "tries": 0, "failure": ""}
    CommitStatus.objects.filter(id=row.id).update(**said, **again)
    return True


def words_of(found: GateStanding) -> str:
    """Say how a gate stands in few words: GitHub shows 140 signs."""
    match found.standing.state:
        case GateState.PASSED:
            return f"Open: decided on {found.judged}."
        case GateState.OPEN:
            return "Nothing is lacking; it waits to be decided."
        case GateState.HELD:
            return "Closed by decision."
        case GateState.CLOSED:
            names = ", ".join(line.name for line in found.lacking[:3])
            return f"Closed: {len(found.lacking)} of {len(found.lines)} lacking: {names}"[:300]


def send_statuses(actor: Actor, at: datetime) -> int:
    """Send the statuses that wait; one that fails is tried again, as mails are, then given up."""
    require(actor, Permission.SYNC)
    waiting = CommitStatus.objects.select_related("source__project").filter(
        workspace_id=actor.workspace_id, send_after__lte=at, tries__lt=MOST_TRIES
    )
    rows = list(waiting.order_by("made_at", "id")[:200])
    if not rows:
        return 0
    with outbound() as client:
        return sum(_send(actor, client, row, at) for row in rows)


def _send(actor: Actor, client: Outbound, row: CommitStatus, at: datetime) -> bool:
    link = below(workspace_of(actor), f"releases/gates/{row.gate_id}/")
    said = Said(row.context, row.state, row.description, link)  # type: ignore[arg-type]
    mine = CommitStatus.objects.filter(id=row.id, made_at=row.made_at)
    try:
        post_status(client, GithubOptions.model_validate(options_of(row.source)), row.sha, said)
    except (HeadwayError, ValueError) as error:
        tries = row.tries + 1 if isinstance(error, SourceError) and error.retry else MOST_TRIES
        later = at + next_mail_in(tries) if tries < MOST_TRIES else None
        mine.update(tries=tries, failure=str(error)[:500], send_after=later)
        return False
    mine.update(sent_at=at, send_after=None, failure="")
    return True
