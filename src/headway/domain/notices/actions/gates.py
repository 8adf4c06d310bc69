"""What gates ask of people and tell them: answers that wait, debts that end, what was decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from headway.domain.accounts.models import Member
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.gates.models import ApprovalRequest, GateDecision
from headway.domain.gates.queries import approvals_waiting, conditions_owed, waivers_page
from headway.domain.gates.queries.seen import WITH_PLACES, place_of
from headway.domain.notices.actions.tell import add_notices, answerers
from headway.domain.notices.models import Notice
from headway.domain.notices.queries import members_by_name
from headway.domain.notices.rules import Kind, Telling

#: Decisions older than this are no news.
NEWS = timedelta(days=7)

_SAID = {
    "go": "go",
    "go_with_conditions": "go with conditions",
    "hold": "hold",
    "recycle": "go through it again",
    "kill": "end it",
}

#: Something to tell, and the names or members it is told to; none: who answers for programs.
Addressed = tuple[Telling, Sequence[str | UUID]]


@transaction.atomic
def tell_gates(actor: Actor, at: datetime) -> int:
    """Tell what waits at gates for whom, once each; return how many were told.

    A question goes to whoever may answer it, a debt or a condition to who owes it, and a decision
    to who opened the gate and who owns it.
    """
    require(actor, Permission.SYNC)
    found = [
        *_questions(actor, at),
        *_conditions(actor, at),
        *_waivers(actor, at),
        *_decisions(actor, at),
    ]
    known = _known(actor, found)
    fresh = [one for one in found if one[0].about not in known]
    if not fresh:
        return 0
    names = members_by_name(actor)
    rows = Member.objects.select_related("user").filter(workspace_id=actor.workspace_id)
    members = {row.id: row for row in rows}
    count = 0
    for telling, whom in fresh:
        ids = {names.get(one.lower()) if isinstance(one, str) else one for one in whom}
        told = [members[one] for one in ids if one in members]
        count += add_notices(actor, told or answerers(actor), [(telling, None)], at)
    return count


def _known(actor: Actor, found: Iterable[Addressed]) -> set[str]:
    abouts = [telling.about for telling, _ in found]
    rows = Notice.objects.filter(workspace_id=actor.workspace_id, about__in=abouts)
    return set(rows.values_list("about", flat=True))


def _link(gate_id: UUID) -> str:
    return f"releases/gates/{gate_id}/"


def _questions(actor: Actor, at: datetime) -> Iterator[Addressed]:
    """Yield the questions nobody was told of; gates are judged only where there is one."""
    rows = ApprovalRequest.objects.filter(
        workspace_id=actor.workspace_id, answered_at__isnull=True, requested_at__lte=at
    )
    abouts = {f"approval {one}" for one in rows.values_list("id", flat=True)}
    told = Notice.objects.filter(workspace_id=actor.workspace_id, about__in=abouts)
    if not abouts - set(told.values_list("about", flat=True)):
        return
    for one in approvals_waiting(actor, at):
        sentence = (
            f"{one.place}: {one.request.function} is asked to approve, "
            f"by {one.request.requested_by}."
        )
        about = f"approval {one.request.id}"
        yield Telling(Kind.DECISION, about, sentence, _link(one.gate_id)), list(one.who_ids)


def _conditions(actor: Actor, at: datetime) -> Iterator[Addressed]:
    for line in conditions_owed(actor, at):
        if line.state == "overdue":
            held = line.condition
            sentence = f"{line.place}: the condition “{held.text}” was due on {held.due:%-d %b %Y}."
            about = f"condition {held.id} {held.due}"
            yield Telling(Kind.DECISION, about, sentence, _link(line.gate_id)), [held.owner]


def _waivers(actor: Actor, at: datetime) -> Iterator[Addressed]:
    for line in waivers_page(actor, at).lines:
        if line.state in ("expiring", "expired"):
            verb = "ends" if line.state == "expiring" else "ended"
            sentence = (
                f"{line.place}: the waiver of “{line.requirement}” {verb} on "
                f"{line.waiver.until:%-d %b %Y}."
            )
            about = f"waiver {line.waiver.id} {line.state}"
            yield Telling(Kind.DECISION, about, sentence, _link(line.gate_id)), [line.waiver.owner]


def _decisions(actor: Actor, at: datetime) -> Iterator[Addressed]:
    places = [f"gate__{place}" for place in WITH_PLACES]
    rows = GateDecision.objects.select_related(*places).filter(
        workspace_id=actor.workspace_id, at__gt=at - NEWS, at__lte=at
    )
    for row in rows.order_by("at", "serial"):
        words = f": {row.reason}" if row.reason else "."
        sentence = f"{place_of(row.gate)}: decided to {_SAID[row.outcome]}{words}"
        whom: list[str | UUID] = [row.gate.owner]
        if row.gate.opened_by_id is not None:
            whom.append(row.gate.opened_by_id)
        yield Telling(Kind.DECISION, f"gate {row.id}", sentence, _link(row.gate_id)), whom
