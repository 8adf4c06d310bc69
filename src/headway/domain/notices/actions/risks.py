"""Telling whom a risk was given to, what is above the appetite, and what holds no more."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from headway.domain.accounts.models import Member
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.notices.actions.tell import add_notices, answerers
from headway.domain.notices.models import Notice
from headway.domain.notices.queries import members_by_name
from headway.domain.notices.rules import Kind, Telling
from headway.domain.plans.queries import bare_standings, risk_grounds
from headway.domain.programs.queries import program_named
from headway.domain.risks.models import Assumption, Risk


@dataclass(frozen=True, slots=True)
class _Word:
    """Something to say once: what it is known by, whom it concerns by name, and where it opens."""

    about: str
    names: Sequence[str]
    sentence: str
    link: str


@transaction.atomic
def tell_escalations(actor: Actor, at: datetime) -> int:
    """Tell whom an open risk was given to; somebody without a login: who answers for programs."""
    require(actor, Permission.SYNC)
    rows = Risk.objects.select_related("program").filter(
        workspace_id=actor.workspace_id, state="open"
    )
    return _tell(
        actor,
        [
            _Word(
                f"escalated {row.id} {row.escalated_to.lower()}",
                [row.escalated_to],
                f"{row.program.name}: the risk “{row.name}” was escalated to {row.escalated_to}.",
                _page(row.program.slug, "risks", row.key),
            )
            for row in rows.exclude(escalated_to="").order_by("id")
        ],
        at,
    )


@transaction.atomic
def tell_appetites(actor: Actor, program: str, at: datetime) -> int:
    """Tell owner and who answers for programs of each risk above the appetite; once a forecast day.

    One that was escalated already is with somebody who knows. A risk that comes back under the
    appetite and leaves it on another day is told again.
    """
    require(actor, Permission.SYNC)
    facts = program_named(actor, program)
    ground = risk_grounds(actor, [facts])[facts.id]
    if ground.policy.appetite_days is None and ground.policy.appetite_money is None:
        return 0
    held = bare_standings(actor, [facts], {facts.id: ground})[facts.id]
    above = [one for one in held if one.over and not one.risk.escalated_to]
    return _tell(
        actor,
        [
            _Word(
                f"appetite {one.risk.id} {one.risk.version}",
                [one.risk.owner, ""],
                f"{facts.name}: “{one.risk.name}” is above the appetite. {one.over}",
                _page(facts.slug, "risks", one.risk.key),
            )
            for one in above
        ],
        at,
    )


@transaction.atomic
def tell_crossings(actor: Actor, at: datetime) -> int:
    """Tell whose assumption evidence opened again, and who owns what rests on it; once each."""
    require(actor, Permission.SYNC)
    rows = Assumption.objects.select_related("program").filter(
        workspace_id=actor.workspace_id, state="open", reopened_at__isnull=False
    )
    words = []
    for row in rows.order_by("id"):
        resting = Risk.objects.filter(
            program_id=row.program_id, assumption=row.key, state="open"
        ).exclude(owner="")
        words.append(
            _Word(
                f"assumption {row.id} {row.reopened_at:%Y-%m-%dT%H:%M}",
                [row.owner, *resting.order_by("key").values_list("owner", flat=True)],
                f"{row.program.name}: “{row.name}” had held and does not any more; what rests on "
                "it is to be reviewed.",
                _page(row.program.slug, "assumptions", row.key),
            )
        )
    return _tell(actor, words, at)


def _page(program: str, register: str, key: str) -> str:
    return f"programs/{program}/{register}/{key}/"


def _tell(actor: Actor, words: Sequence[_Word], at: datetime) -> int:
    """Say what was not said yet; return how many notices that made."""
    told = Notice.objects.filter(
        workspace_id=actor.workspace_id, about__in=[one.about for one in words]
    )
    known = set(told.values_list("about", flat=True))
    count = 0
    for one in words:
        if one.about not in known:
            telling = Telling(Kind.DECISION, one.about, one.sentence, one.link)
            count += add_notices(actor, _members(actor, one.names), [(telling, None)], at)
    return count


def _members(actor: Actor, names: Iterable[str]) -> Collection[Member]:
    """Return the members of these names; those who answer for programs for one who is no member."""
    known = members_by_name(actor)
    asked = [known.get(name.lower()) for name in names]
    found = Member.objects.select_related("user").filter(id__in=[one for one in asked if one])
    people = {member.id: member for member in found}
    if not people or None in asked:
        people |= {member.id: member for member in answerers(actor)}
    return people.values()
