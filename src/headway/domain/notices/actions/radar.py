"""Telling that the radar proposes a risk that nobody has answered."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.notices.actions.tell import add_notices, answerers
from headway.domain.notices.models import Notice
from headway.domain.notices.rules import Kind, Telling
from headway.domain.programs.queries import program_named
from headway.domain.radar.queries import radar_of


@transaction.atomic
def tell_radar(actor: Actor, program: str, at: datetime) -> int:
    """Tell whoever answers for programs of each new proposal; once for the same (rounded) facts."""
    require(actor, Permission.SYNC)
    facts = program_named(actor, program)
    lines = [one for one in radar_of(actor, facts, at) if not one.is_quiet]
    abouts = {one.proposal.key: f"radar {facts.id} {one.proposal.digest[:24]}" for one in lines}
    told = Notice.objects.filter(workspace_id=actor.workspace_id, about__in=abouts.values())
    known = set(told.values_list("about", flat=True))
    tellings = [
        Telling(
            Kind.DECISION,
            abouts[one.proposal.key],
            f"{facts.name}: a risk? “{one.proposal.name}”, for {one.proposal.cause}.",
            f"programs/{facts.slug}/radar/",
        )
        for one in lines
        if abouts[one.proposal.key] not in known
    ]
    if not tellings:
        return 0
    return add_notices(actor, answerers(actor), [(one, None) for one in tellings], at)
