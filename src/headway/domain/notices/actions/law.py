"""What the law asks of people: a clock that runs, and obligations that are about to bind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby

from django.db import transaction

from headway.domain.accounts.models import Member
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.compliance.queries import IncidentLine, obligation_lines, running_clocks
from headway.domain.notices.actions.tell import add_notices, answerers
from headway.domain.notices.models import Notice
from headway.domain.notices.queries import members_by_name
from headway.domain.notices.rules import Kind, Telling

#: How long before a report is due it is told again, and an obligation is told at all.
NEAR, AHEAD = timedelta(days=1), timedelta(days=30)

#: Something to tell, and the name of whom it is told to; empty: who answers for programs.
Addressed = tuple[Telling, str]


@transaction.atomic
def tell_law(actor: Actor, at: datetime) -> int:
    """Tell clocks that run, are near and are past, and what binds within 30 days, once each.

    A clock is told to who reports it, an obligation to whose it is; where nobody is named, to
    those who answer for programs.
    """
    require(actor, Permission.SYNC)
    found = [*_clocks(actor, at), *_obligations(actor, at)]
    if not found:
        return 0
    rows = Notice.objects.filter(
        workspace_id=actor.workspace_id, about__in=[telling.about for telling, _ in found]
    )
    known = set(rows.values_list("about", flat=True))
    names = members_by_name(actor)
    members = Member.objects.select_related("user").filter(workspace_id=actor.workspace_id)
    by_id = {row.id: row for row in members}
    count = 0
    for telling, whom in found:
        if telling.about not in known:
            named = by_id.get(names[whom.lower()]) if whom.lower() in names else None
            count += add_notices(
                actor, [named] if named else answerers(actor), [(telling, None)], at
            )
    return count


def _clocks(actor: Actor, at: datetime) -> Iterator[Addressed]:
    for line in running_clocks(actor, at):
        held = line.incident
        sentence = f"{held.title}, {line.system.name}: {line.clock.sentence}"
        link = f"governance/incidents/{held.key}/"
        about = f"incident {held.id} {held.harm} {_stage(line)}"
        yield Telling(Kind.DECISION, about, sentence, link), held.owner


def _stage(line: IncidentLine) -> str:
    if line.clock.left < timedelta(0):
        return "overdue"
    return "near" if line.clock.left <= NEAR else "running"


def _obligations(actor: Actor, at: datetime) -> Iterator[Addressed]:
    """Yield what begins to bind a system within 30 days and is not met: one telling a day."""
    lines = [
        line
        for line in obligation_lines(actor, at)
        if line.verdict == "not_due" and 0 <= (line.days_left or 0) <= AHEAD.days
    ]
    lines.sort(key=lambda line: (line.system.slug, line.due.applies_from, line.owner))
    for (slug, day, owner), group in groupby(
        lines, key=lambda line: (line.system.slug, line.due.applies_from, line.owner)
    ):
        held = list(group)
        articles = ", ".join(line.due.article for line in held)
        sentence = f"{held[0].system.name}: from {day:%-d %b %Y} the law asks for {articles}."
        about = f"obligations {held[0].system.id} {day} {owner}"[:100]
        link = f"governance/systems/{slug}/"
        yield Telling(Kind.DECISION, about, sentence, link), owner
