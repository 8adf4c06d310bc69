"""What Headway notices by itself and tells: verdicts that changed, decisions, reports."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from headway.domain.accounts.models import Member
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.assessments.models import Shift
from headway.domain.notices.actions.tell import add_notices, answerers
from headway.domain.notices.models import Notice
from headway.domain.notices.queries import members_by_name
from headway.domain.notices.rules import Kind, Telling, is_worth_telling, shift_sentence
from headway.domain.plans.models import Decision
from headway.domain.reports.models import Report

#: Reports older than this are no news.
NEWS = timedelta(days=7)


@transaction.atomic
def tell_shifts(actor: Actor, at: datetime) -> int:
    """Make a notice of each untold shift for each member who answers for programs."""
    require(actor, Permission.SYNC)
    untold = list(
        Shift.objects.select_for_update(of=("self",))
        .select_related("program", "project")
        .filter(workspace_id=actor.workspace_id, told_at__isnull=True)
        .order_by("at", "id")[:5_000]
    )
    tellings = [
        (_of_shift(shift), shift)
        for shift in untold
        if is_worth_telling(shift.old_verdict, shift.new_verdict, shift.criterion)
    ]
    count = add_notices(actor, answerers(actor), tellings, at) if tellings else 0
    Shift.objects.filter(id__in=[shift.id for shift in untold]).update(told_at=at)
    return count


def _of_shift(shift: Shift) -> Telling:
    place = str(shift.project or shift.program)
    verdicts = (shift.old_verdict, shift.new_verdict)
    return Telling(
        Kind.VERDICT,
        str(shift.id),
        shift_sentence(place, shift.dimension, verdicts, shift.sentence),
        f"projects/{shift.project.slug}/" if shift.project else f"programs/{shift.program.slug}/",
    )


@transaction.atomic
def tell_decisions(actor: Actor, at: datetime) -> int:
    """Tell whoever is to decide of each open question, once; not of a question of one's own."""
    require(actor, Permission.SYNC)
    waiting = list(
        Decision.objects.select_related("program")
        .filter(workspace_id=actor.workspace_id, state="open")
        .exclude(owner="")
        .order_by("id")
    )
    abouts = {one.id: f"{one.id} {one.owner}"[:120] for one in waiting}
    kind = Notice.objects.filter(workspace_id=actor.workspace_id, kind=Kind.DECISION)
    known = set(kind.filter(about__in=abouts.values()).values_list("about", flat=True))
    fresh = [one for one in waiting if abouts[one.id] not in known]
    names = members_by_name(actor) if fresh else {}
    count = 0
    for one in fresh:
        decides = names.get(one.owner.lower())
        if decides is None:
            continue
        member = Member.objects.select_related("user").filter(id=decides)
        asked_by = Decision.history.filter(id=one.id).order_by("history_id").first()
        due = f", by {one.due:%Y-%m-%d}" if one.due else ""
        telling = Telling(
            Kind.DECISION,
            abouts[one.id],
            f"{one.program.name}: you decide{due}: {one.question}",
            f"programs/{one.program.slug}/decisions/{one.key}/",
        )
        others = [row for row in member if row.user_id != getattr(asked_by, "history_user_id", 0)]
        count += add_notices(actor, others, [(telling, None)], at)
    return count


@transaction.atomic
def tell_reports(actor: Actor, at: datetime) -> int:
    """Tell who answers for programs of each report that somebody else froze, once."""
    require(actor, Permission.SYNC)
    fresh = Report.objects.select_related("program").filter(
        workspace_id=actor.workspace_id, made_at__gt=at - NEWS, made_at__lte=at
    )
    told = Notice.objects.filter(workspace_id=actor.workspace_id, kind=Kind.REPORT)
    known = set(told.values_list("about", flat=True))
    count = 0
    for report in fresh.order_by("made_at"):
        if str(report.id) in known:
            continue
        # "mia@example.com by token ci" and "… at the command line" are Mia's own acts too.
        author = report.author.partition(" ")[0]
        telling = Telling(
            Kind.REPORT,
            str(report.id),
            f"{report.program.name}: report {report.number} was frozen.",
            f"programs/{report.program.slug}/reports/{report.number}/",
        )
        others = [member for member in answerers(actor) if member.user.email != author]
        count += add_notices(actor, others, [(telling, None)], at)
    return count
