"""Charges where they belong: what each origin's tag, run or rule says, and its shares.

Nothing of it is stored: the rules in force at `at` place the charges known at `at`, so a changed
rule is seen at once and a past moment is answered by the rules of then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from headway.analysis.cost import Origin as Told
from headway.analysis.cost import Placing, Rule, RuleBook, place, split
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.costs.models import Charge, Origin
from headway.domain.costs.queries.bills import known_bills
from headway.domain.costs.queries.rules import allocation_rules
from headway.domain.costs.rules import AllocatedCharge, ChargeFacts, rule_of
from headway.domain.evidence.queries import run_homes
from headway.domain.programs.models import Project
from headway.domain.programs.queries import projects_by_program, rows_at
from headway.domain.programs.rules import ProgramFacts, ProjectFacts

#: Values in one IN (…): SQLite's builds differ in how many they take.
_AT_ONCE = 500
_MICRO = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Placed:
    """An origin, its currency, and where its charges belong."""

    told: Told
    currency: str
    placing: Placing


def placings_of(
    actor: Actor, at: datetime | None = None, *, rules: Sequence[Rule] | None = None
) -> Mapping[UUID, Placed]:
    """Return where the charges of each origin belong, by its id; `rules` instead of those stored.

    Four queries, however many bills there are.
    """
    require(actor, Permission.VIEW)
    rows = list(Origin.objects.filter(workspace_id=actor.workspace_id))
    if not rows:
        return {}
    if rules is None:
        rules = [rule_of(one) for one in allocation_rules(actor, at)]
    found = {}
    book = RuleBook(rules)
    told = {row.id: (_told(row), row.currency) for row in rows}
    runs = run_homes(actor, sorted({one.run for one, _ in told.values() if one.run}), at)
    projects = {row.slug: row for row in rows_at(Project, at, workspace_id=actor.workspace_id)}
    for origin_id, (origin, currency) in told.items():
        found[origin_id] = Placed(origin, currency, place(origin, book, runs, projects))
    return found


def _told(row: Origin) -> Told:
    return Told(
        provider=row.provider,
        account=row.account,
        sub_account=row.sub_account,
        service_category=row.service_category,
        service=row.service,
        resource=row.resource,
        category=row.category,
        tags=row.tags,
    )


def allocated_charges(
    actor: Actor,
    at: datetime | None = None,
    *,
    months: tuple[date, date] | None = None,
    rules: Sequence[Rule] | None = None,
) -> Iterator[AllocatedCharge]:
    """Yield the charges known at `at`, each cut into its shares; `months` are first and last.

    The parts of a charge add up to it, to the millionth.
    """
    placed = placings_of(actor, at, rules=rules)
    for row in _charges(actor, at, months):
        yield from _shared(row, placed[row[0]])


_COLUMNS = (
    *("origin_id", "bill__month", "bill__record__sequence", "billed_micros"),
    *("effective_micros", "rows"),
)


def _charges(
    actor: Actor,
    at: datetime | None,
    months: tuple[date, date] | None = None,
    origins: Collection[UUID] | None = None,
) -> Iterator[tuple[Any, ...]]:
    rows = Charge.objects.filter(workspace_id=actor.workspace_id, bill__in=known_bills(actor, at))
    if months is not None:
        rows = rows.filter(bill__month__gte=months[0], bill__month__lte=months[1])
    if origins is None:
        yield from rows.values_list(*_COLUMNS)
        return
    ids = sorted(origins)
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        yield from rows.filter(origin_id__in=some).values_list(*_COLUMNS)


def _shared(row: tuple[Any, ...], placed: Placed) -> Iterator[AllocatedCharge]:
    _, month, record, billed, effective, count = row
    placing = placed.placing
    shares = [one.share for one in placing.shares]
    if len(shares) > 1:
        billed_parts, effective_parts = split(billed, shares), split(effective, shares)
    else:
        billed_parts, effective_parts = [billed], [effective]
    for at, (cash, burn) in enumerate(zip(billed_parts, effective_parts, strict=True)):
        share = placing.shares[at] if placing.shares else None
        yield AllocatedCharge(
            placed.told,
            month,
            placed.currency,
            record,
            share.project if share else "",
            placing.by,
            placing.category,
            burn,
            cash,
            count,
            share.item if share else "",
            share.model if share else "",
            placing.adds,
        )


def charges_of(
    actor: Actor,
    programs: Iterable[ProgramFacts],
    at: datetime | None = None,
    *,
    projects: Mapping[UUID, Iterable[ProjectFacts]] | None = None,
) -> Sequence[ChargeFacts]:
    """Return what bills say the projects of these programs spent, by month, category and record.

    What no rule places belongs to nobody and is not among them. `projects` are the programs', as
    `projects_by_program` gives them. One query where there is no bill, else six.
    """
    placed = placings_of(actor, at)
    if not placed:
        return []
    if projects is None:
        projects = projects_by_program(actor, programs, at)
    homes = {project.slug: project.id for mine in projects.values() for project in mine}
    ours = {
        origin_id
        for origin_id, one in placed.items()
        if any(share.project in homes for share in one.placing.shares)
    }
    sums: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0])
    for row in _charges(actor, at, origins=ours):
        origin_id, month, record, billed, effective, _ = row
        one = placed[origin_id]
        placing = one.placing
        tail = (month, placing.category, one.currency, record, placing.adds)
        if len(placing.shares) == 1:  # nearly all: nothing is to be split
            found = sums[homes[placing.shares[0].project], *tail]
            found[0] += effective
            found[1] += billed
            continue
        for part in _shared(row, one):
            if part.project in homes:
                found = sums[homes[part.project], *tail]
                found[0] += part.effective_micros
                found[1] += part.billed_micros
    return [
        ChargeFacts(key[0], key[1], key[2], burn * _MICRO, cash * _MICRO, *key[3:])
        for key, (burn, cash) in sorted(sums.items(), key=lambda one: one[0])
    ]
