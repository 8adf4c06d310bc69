"""People to be hired, with what they cost in their program's currency."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.finance.queries.rates import exchange_rates
from headway.domain.finance.rules import PricedOpening, Rates
from headway.domain.people.queries.staffing import openings_of
from headway.domain.programs.rules import ProgramFacts


def openings_by_program(
    actor: Actor, programs: Iterable[ProgramFacts], at: datetime | None = None
) -> Mapping[UUID, Sequence[PricedOpening]]:
    """Return the openings of many programs by program id; one query, two where one is converted.

    Pay in another currency counts at the rate of the day the opening was written for; without a
    rate by then it has no price here: none is guessed.
    """
    asked = {one.id: one for one in programs}
    for program in asked.values():
        require(actor, Permission.VIEW, program)
    only = next(iter(asked.values())) if len(asked) == 1 else None
    known = [one for one in openings_of(actor, only, at) if one.program_id in asked]
    foreign = any(one.band["currency"] != asked[one.program_id].currency for one in known)
    rates = Rates(exchange_rates(actor, at) if foreign else ())
    found: dict[UUID, list[PricedOpening]] = {key: [] for key in asked}
    for one in known:
        told, into = one.band["currency"], asked[one.program_id].currency
        there = None if told == into else rates.convert(one.yearly, told, into, one.opened_on)
        yearly = one.yearly if told == into else there.amount if there else None
        found[one.program_id].append(PricedOpening(one, yearly))
    return found
