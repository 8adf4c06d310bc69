"""What money met: actuals of evidence, accruals, and what is ordered; converted by dated rates."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.costs.queries import charges_of
from headway.domain.costs.rules import ChargeFacts
from headway.domain.evidence.queries import CostFacts, costs_of
from headway.domain.finance.models import Accrual
from headway.domain.finance.queries.rates import exchange_rates
from headway.domain.finance.rules import (
    AccrualFacts,
    ActualFacts,
    Actuals,
    Costs,
    OpenOrder,
    Rates,
    parted,
)
from headway.domain.finance.rules.phasing import next_month
from headway.domain.programs.queries import facts, projects_by_program, rows_at
from headway.domain.programs.rules import ProgramFacts, ProjectFacts
from headway.domain.programs.rules.fields import from_minor, meant
from headway.domain.vendors.queries import commitments_of
from headway.domain.vendors.rules import Commitment
from headway.errors import NotFound

_NOTHING = Decimal(0)


@dataclass(frozen=True)
class _Change:
    """Converts at the rates of a moment; they are read at the first amount that asks for it."""

    actor: Actor
    at: datetime | None

    @cached_property
    def rates(self) -> Rates:
        """Return the rates as known at the moment; one query."""
        return Rates(exchange_rates(self.actor, self.at))


def actuals_of(actor: Actor, program: ProgramFacts, at: datetime | None = None) -> Actuals:
    """Return what `cost` records and bills say was spent on the projects of a program.

    An amount in another currency is converted at the rate of its period's last day (a query
    more); without a rate it is not added: it stands apart, to be said.
    """
    projects = projects_by_program(actor, [program], at)
    return actuals_by_program(actor, [program], projects, at)[program.id]


def actuals_by_program(
    actor: Actor,
    programs: Iterable[ProgramFacts],
    projects: Mapping[UUID, Iterable[ProjectFacts]],
    at: datetime | None = None,
) -> Mapping[UUID, Actuals]:
    """Return what was spent on many programs, by program id; two queries where there is no bill.

    What a bill's charges only explain is not added: see `rules.parted`. `projects` are theirs, by
    program id, as `projects_by_program` gives them. Converting takes a query more.
    """
    return _actuals(actor, list(programs), projects, at, _Change(actor, at))


def costs_by_program(
    actor: Actor,
    programs: Iterable[ProgramFacts],
    projects: Mapping[UUID, Iterable[ProjectFacts]],
    at: datetime | None = None,
) -> Mapping[UUID, Costs]:
    """Return actuals, open accruals and commitments of many programs; ten queries at most."""
    asked = list(programs)
    change = _Change(actor, at)
    actuals = _actuals(actor, asked, projects, at, change)
    accruals = _accruals(actor, asked, at)
    orders = commitments_of(actor, asked, at)
    found = {}
    for program in asked:
        owed = [one for one in accruals[program.id] if one.is_open]
        converted = [_owed(one, program.currency, change) for one in owed]
        booked = _booked(owed)
        ordered = [_open(one, booked) for one in orders[program.id]]
        told = [_ordered(one, program.currency, change) for one in ordered if one.open]
        foreign = [(row.currency, row.amount) for row in actuals[program.id].foreign]
        foreign += [
            (one.currency, one.amount)
            for one, known in zip(owed, converted, strict=True)
            if known is None
        ]
        foreign += [(one.currency, one.open) for one in told if one.currency != program.currency]
        found[program.id] = Costs(
            actuals[program.id],
            [one for one in converted if one is not None],
            [one for one in told if one.currency == program.currency],
            _together(foreign),
        )
    return found


def accruals_of(
    actor: Actor, program: ProgramFacts, at: datetime | None = None
) -> Sequence[AccrualFacts]:
    """Return the accruals of a program, reversed ones too, the newest month first; one query."""
    return _accruals(actor, [program], at)[program.id]


def accrual_named(
    actor: Actor, program: ProgramFacts, key: str, at: datetime | None = None
) -> AccrualFacts:
    """Return the accrual of a program with this key; NotFound with the nearest key."""
    known = {one.key: one for one in accruals_of(actor, program, at)}
    if key not in known:
        sentence = f"There is no accrual '{key}' in {program.name}{meant(key, known) or '.'}"
        raise NotFound(sentence)
    return known[key]


def accrual_facts(row: Accrual) -> AccrualFacts:
    """Return an accrual as a frozen value, in its own currency."""
    return facts(
        AccrualFacts, row, amount=from_minor(row.amount_minor, row.currency), converted=None
    )


def _actuals(
    actor: Actor,
    programs: Sequence[ProgramFacts],
    projects: Mapping[UUID, Iterable[ProjectFacts]],
    at: datetime | None,
    change: _Change,
) -> Mapping[UUID, Actuals]:
    homes = [project.id for mine in projects.values() for project in mine]
    costs: dict[UUID, list[ActualFacts]] = {project_id: [] for project_id in homes}
    for cost in costs_of(actor, homes, at):
        if cost.project_id is not None:
            costs[cost.project_id].append(_told(cost))
    charges = charges_of(actor, programs, at, projects=projects)
    return {
        program.id: _met(
            program.currency,
            [
                (costs[project.id], [_charged(one) for one in charges.get(project.id, ())])
                for project in projects[program.id]
            ],
            change,
        )
        for program in programs
    }


@lru_cache(maxsize=32_768)
def _told(cost: CostFacts) -> ActualFacts:
    """Return a cost of the ledger as money that was spent; kept, for the ledger never changes."""
    return ActualFacts(
        cost.project_id,
        cost.amount,
        cost.currency,
        cost.category,
        cost.period_start,
        cost.period_end,
        cost.record,
    )


def _met(
    into: str,
    projects: Iterable[tuple[Sequence[ActualFacts], Sequence[ActualFacts]]],
    change: _Change,
) -> Actuals:
    """Return what was spent in one currency; what no rate converts stands apart.

    `projects` are the costs and the charges of each.
    """
    rows: list[ActualFacts] = []
    foreign: list[ActualFacts] = []
    explained: list[ActualFacts] = []
    for costs, charges in projects:
        told, detail = parted(costs, charges)
        explained += detail
        for row in told:
            if row.currency == into:
                rows.append(row)
                continue
            worth = change.rates.convert(row.amount, row.currency, into, row.period_end)
            if worth is None:
                foreign.append(row)
            else:
                rows.append(replace(row, amount=worth.amount, currency=into, converted=worth))
    return Actuals(into, tuple(rows), tuple(foreign), tuple(explained))


@lru_cache(maxsize=65_536)
def _charged(charge: ChargeFacts) -> ActualFacts:
    """Return a month's charges of a bill as money that was spent: burn; kept as they are."""
    last = monthrange(charge.month.year, charge.month.month)[1]
    return ActualFacts(
        charge.project_id,
        charge.effective,
        charge.currency,
        charge.category,
        charge.month,
        charge.month.replace(day=last),
        charge.record,
        "bill",
        charge.billed,
        charge.adds,
    )


def _accruals(
    actor: Actor, programs: Sequence[ProgramFacts], at: datetime | None
) -> Mapping[UUID, Sequence[AccrualFacts]]:
    for program in programs:
        require(actor, Permission.VIEW, program)
    found: dict[UUID, list[AccrualFacts]] = {program.id: [] for program in programs}
    rows = rows_at(Accrual, at, workspace_id=actor.workspace_id, program_id__in=list(found))
    for row in sorted(rows, key=lambda row: (-row.month.toordinal(), row.key)):
        found[row.program_id].append(accrual_facts(row))
    return found


def _booked(accruals: Iterable[AccrualFacts]) -> Mapping[tuple[str, str], Decimal]:
    """Return what open accruals hold by order and currency."""
    found: dict[tuple[str, str], Decimal] = {}
    for one in accruals:
        key = (one.order, one.currency)
        found[key] = found.get(key, _NOTHING) + one.amount
    return found


def _open(one: Commitment, booked: Mapping[tuple[str, str], Decimal]) -> OpenOrder:
    """Return what is open of an order: neither invoiced nor accrued."""
    order = one.order
    rest = max(one.committed - booked.get((order.key, order.currency), _NOTHING), _NOTHING)
    return OpenOrder(
        order.project_id,
        order.key,
        order.name,
        order.category,
        one.ordered,
        one.invoiced,
        rest,
        order.currency,
        order.ordered_on,
    )


def _ordered(one: OpenOrder, into: str, change: _Change) -> OpenOrder:
    """Return a commitment in the program's currency; as it is where no rate says how."""
    if one.currency == into:
        return one
    worth = change.rates.convert(one.open, one.currency, into, one.ordered_on)
    if worth is None:
        return one
    return replace(one, open=worth.amount, currency=into, converted=worth)


def _owed(one: AccrualFacts, into: str, change: _Change) -> AccrualFacts | None:
    """Return an accrual in the program's currency, by the rate of its month's last day."""
    if one.currency == into:
        return one
    last = next_month(one.month) - timedelta(days=1)
    worth = change.rates.convert(one.amount, one.currency, into, last)
    if worth is None:
        return None
    return replace(one, amount=worth.amount, currency=into, converted=worth)


def _together(amounts: Iterable[tuple[str, Decimal]]) -> Mapping[str, Decimal]:
    found: dict[str, Decimal] = {}
    for currency, amount in amounts:
        found[currency] = found.get(currency, _NOTHING) + amount
    return dict(sorted(found.items()))
