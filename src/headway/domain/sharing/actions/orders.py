"""Standing orders: composing what is due, sending on a word or by the order, telling what waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.queries import headway_actor
from headway.domain.accounts.rules import Actor, Permission, Role, require
from headway.domain.accounts.rules.permissions import ROLE_PERMISSIONS
from headway.domain.notices.actions import tell_member
from headway.domain.notices.rules import Kind, Telling
from headway.domain.programs.queries import program_named
from headway.domain.reports.actions import freeze_drafted
from headway.domain.reports.models import Report
from headway.domain.reports.queries import compose_pack
from headway.domain.reports.rules import PackDraft, refuse_unwritten, to_snapshot
from headway.domain.sharing.models import Dispatch, PackMail, StandingOrder
from headway.domain.sharing.rules.orders import LEAD, next_due, read_order
from headway.errors import Conflict, Invalid, NotFound

_GONE = "Who ordered it may not freeze reports here any more; somebody else has to send it."


@transaction.atomic
def order_pack(
    actor: Actor, program: str, values: Mapping[str, object], at: datetime
) -> StandingOrder:
    """Order that a program's pack goes out by a rhythm (ORDER_FIELDS says what can be chosen).

    With `sends` the order itself sends; else a draft is composed a day before and waits for a
    word. The order ends with the right to freeze reports of whoever gave it.
    """
    require(actor, Permission.REPORT)
    facts = program_named(actor, program)
    draft = read_order(values)
    due = next_due(draft.rhythm, draft.on_day, draft.hour, draft.time_zone, at)
    row = StandingOrder.objects.create(
        workspace_id=actor.workspace_id,
        program_id=facts.id,
        name=draft.name,
        audiences=list(draft.audiences),
        formats=list(draft.formats),
        by_link=draft.by_link,
        rhythm=draft.rhythm,
        on_day=draft.on_day,
        hour=draft.hour,
        time_zone=draft.time_zone,
        recipients=[{"name": one.name, "email": one.email} for one in draft.recipients],
        sends=draft.sends,
        ordered_by_id=actor.member_id,
        created_at=at,
        until=draft.until,
        next_at=due,
    )
    told = {"recipients": len(draft.recipients), "sends": draft.sends, "next": due.isoformat()}
    write_audit(actor, "order_pack", f"{program} {row.name}", at, **told, order=str(row.id))
    return row


@transaction.atomic
def end_order(actor: Actor, program: str, order: UUID, at: datetime) -> None:
    """End a standing order: nothing is composed or sent by it any more. Drafts stay."""
    require(actor, Permission.REPORT)
    facts = program_named(actor, program)
    row = (
        StandingOrder.objects.select_for_update()
        .filter(workspace_id=actor.workspace_id, program_id=facts.id, id=order)
        .filter(ended_at__isnull=True)
        .first()
    )
    if row is None:
        sentence = f"{facts.name} has no such standing order that runs."
        raise NotFound(sentence)
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    write_audit(actor, "end_order", f"{program} {row.name}", at, order=str(row.id))


def run_orders(actor: Actor, at: datetime) -> int:
    """Compose what is due, send what an order sends, tell what waits; return how many turns."""
    require(actor, Permission.SYNC)
    rows = StandingOrder.objects.select_related("program", "ordered_by__user").filter(
        workspace_id=actor.workspace_id, ended_at__isnull=True, next_at__lte=at + LEAD
    )
    count = 0
    for row in rows.order_by("next_at", "id"):
        if row.until is not None and row.next_at.date() > row.until:
            StandingOrder.objects.filter(id=row.id).update(ended_at=at)
        elif not row.sends or row.next_at <= at:
            count += _turn(actor, row, at)
    _tell_late(actor, at)
    return count


def _turn(actor: Actor, order: StandingOrder, at: datetime) -> bool:
    """Compose an order's pack for its due moment, and move the order on; once per moment."""
    draft = PackDraft(tuple(order.audiences))
    facts = program_named(actor, order.program.slug)
    pack = compose_pack(actor, facts, at, known_at=at, draft=draft)
    problem = ""
    try:
        refuse_unwritten(pack.overruled, "")
    except Invalid as error:
        problem = str(error)
    if order.sends and not _may_send(order):
        problem = f"{problem} {_GONE}".strip()
    due = order.next_at
    following = next_due(order.rhythm, order.on_day, order.hour, order.time_zone, max(due, at))
    with transaction.atomic():
        moved = StandingOrder.objects.filter(id=order.id, next_at=due).update(next_at=following)
        if not moved:
            return False
        dispatch = Dispatch.objects.create(
            workspace_id=order.workspace_id,
            order=order,
            due_at=due,
            composed_at=at,
            snapshot=to_snapshot(pack),
            problem=problem,
        )
    if order.sends and not problem:
        label = (
            f"{order.ordered_by.user.email if order.ordered_by else 'headway'} by standing order"
        )
        _send(replace(actor, label=label), dispatch, at, "")
    elif problem:
        _tell(actor, dispatch, f"blocked {dispatch.id}", f"does not go out. {problem}", at)
    else:
        _tell(actor, dispatch, f"draft {dispatch.id}", "is drafted: look at it and send it.", at)
    return True


def _giver(order: StandingOrder) -> str:
    return order.ordered_by.user.email if order.ordered_by else "somebody"


def _may_send(order: StandingOrder) -> bool:
    member = order.ordered_by
    if member is None or not member.user.is_active:
        return False
    return Permission.REPORT in ROLE_PERMISSIONS[Role(member.role)]


def send_dispatch(
    actor: Actor, program: str, dispatch: UUID, at: datetime, *, reason: str = ""
) -> int:
    """Send a draft on somebody's word: freeze it as it was composed, and mail it; its number.

    `reason` is why a judgement greener than the evidence is told, where there is one. Raises
    Conflict when it was sent already, or when what is known of its day changed since.
    """
    require(actor, Permission.REPORT)
    facts = program_named(actor, program)
    row = (
        Dispatch.objects.select_related("order__program")
        .filter(workspace_id=actor.workspace_id, order__program_id=facts.id, id=dispatch)
        .first()
    )
    if row is None:
        sentence = f"{facts.name} has no such draft."
        raise NotFound(sentence)
    return _send(actor, row, at, reason)


@transaction.atomic
def _send(actor: Actor, dispatch: Dispatch, at: datetime, reason: str) -> int:
    row = Dispatch.objects.select_for_update().get(id=dispatch.id)
    if row.sent_at is not None:
        sentence = "This pack was sent already."
        raise Conflict(sentence)
    order, moment = dispatch.order, row.composed_at
    draft = PackDraft(tuple(order.audiences), reason=reason)
    line = freeze_drafted(actor, order.program.slug, draft, row.snapshot, (moment, at))
    row.report = Report.objects.get(id=line.id)
    row.sent_at, row.sent_by, row.problem = at, actor.label[:200], ""
    row.save(update_fields=["report", "sent_at", "sent_by", "problem"])
    PackMail.objects.bulk_create(
        PackMail(
            workspace_id=order.workspace_id,
            dispatch=row,
            name=one["name"],
            email=one["email"],
            mail_after=at,
        )
        for one in order.recipients
    )
    told = {"recipients": len(order.recipients), "mail": settings.MAIL_IS_SET}
    write_audit(
        actor, "send_pack", f"{order.program.slug} {line.number}", at, **told, order=str(order.id)
    )
    return line.number


def _tell_late(actor: Actor, at: datetime) -> None:
    """Tell of each draft that was due and not sent, once."""
    late = Dispatch.objects.select_related("order__program").filter(
        workspace_id=actor.workspace_id, sent_at__isnull=True, late_at__isnull=True, due_at__lte=at
    )
    for row in late.order_by("due_at"):
        Dispatch.objects.filter(id=row.id).update(late_at=at)
        if not row.order.sends:
            _tell(actor, row, f"late {row.id}", "was due and is not sent.", at)


def _tell(actor: Actor, dispatch: Dispatch, about: str, words: str, at: datetime) -> None:
    order = dispatch.order
    if order.ordered_by_id is None:
        return
    link = f"programs/{order.program.slug}/reports/orders/drafts/{dispatch.id}/"
    sentence = f"{order.program.name}: the pack “{order.name}” {words}"
    house = headway_actor(actor.workspace_id)
    tell_member(house, order.ordered_by_id, Telling(Kind.REPORT, about, sentence, link), at)
