"""Credits by the terms of a contract: what is due back, worked out from receipts and records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from headway.domain.vendors.rules.contracts import ContractFacts, SlaTerm
from headway.domain.vendors.rules.facts import joined
from headway.domain.vendors.rules.orders import OrderFacts, ReceiptFacts, received_value, to_cents


@dataclass(frozen=True, slots=True)
class Measured:
    """A value of a metric that a record holds of an order or its contract."""

    metric: str
    value: float
    record: int


@dataclass(frozen=True, slots=True)
class ProposedCredit:
    """What a term gives back of an order: proposed, with what it rests on; nobody is charged by it.

    `receipts` are keys of receipts, `records` places in the ledger.
    """

    order: OrderFacts
    term: SlaTerm
    amount: Decimal
    sentence: str
    receipts: tuple[str, ...] = ()
    records: tuple[int, ...] = ()


def credits_of(
    contract: ContractFacts,
    order: OrderFacts,
    receipts: Sequence[ReceiptFacts],
    measured: Sequence[Measured] = (),
) -> Sequence[ProposedCredit]:
    """Return the credits that a contract's terms give for one order, in the order of the terms."""
    found = []
    for term in contract.sla:
        if term.metric == "late":
            credit = _late(term, order, receipts)
        elif term.metric == "accepted":
            credit = _accepted(term, order, receipts)
        else:
            credit = _below(term, order, receipts, measured)
        if credit is not None and credit.amount > 0:
            found.append(credit)
    return found


def _late(
    term: SlaTerm, order: OrderFacts, receipts: Sequence[ReceiptFacts]
) -> ProposedCredit | None:
    """Return what came after the day it was needed and its grace: a share for each begun week."""
    if order.needed_by is None:
        return None
    due = order.needed_by + timedelta(days=term.bound)
    late = [one for one in receipts if one.received_on > due]
    amount, most = Decimal(0), 0
    for one in late:
        weeks = -(-(one.received_on - due).days // 7)
        most = max(most, weeks)
        amount += received_value(order, [one]) * Decimal(str(min(term.credit * weeks, term.most)))
    if not late:
        return None
    sentence = (
        f"{len(late)} of {len(receipts)} deliveries came after {due.day} {due:%b %Y}, "
        f"the latest {most} week{'' if most == 1 else 's'} late."
    )
    keys = tuple(one.key for one in late)
    return ProposedCredit(order, term, to_cents(amount, order.currency), sentence, keys)


def _accepted(
    term: SlaTerm, order: OrderFacts, receipts: Sequence[ReceiptFacts]
) -> ProposedCredit | None:
    """Return what is due where too little of what was delivered could be accepted."""
    judged = [one for one in receipts if one.accepted is not None and one.delivered]
    delivered = sum(one.delivered or 0.0 for one in judged)
    if not delivered:
        return None
    share = sum(one.accepted or 0.0 for one in judged) / delivered
    if share >= term.bound:
        return None
    sentence = f"{share:.1%} of what was delivered could be accepted; {term.bound:.1%} was agreed."
    keys = tuple(one.key for one in judged)
    return _once(term, order, judged, sentence, keys, ())


def _below(
    term: SlaTerm,
    order: OrderFacts,
    receipts: Sequence[ReceiptFacts],
    measured: Sequence[Measured],
) -> ProposedCredit | None:
    """Return what is due where the newest record of a metric lies below its bound."""
    mine = [one for one in measured if one.metric == term.metric]
    if not mine:
        return None
    last = max(mine, key=lambda one: one.record)
    if last.value >= term.bound:
        return None
    sentence = f"{term.name} is {last.value:.4g}; at least {term.bound:.4g} was agreed."
    return _once(term, order, receipts, sentence, (), (last.record,))


def _once(
    term: SlaTerm,
    order: OrderFacts,
    receipts: Sequence[ReceiptFacts],
    sentence: str,
    keys: tuple[str, ...],
    records: tuple[int, ...],
) -> ProposedCredit:
    share = Decimal(str(min(term.credit, term.most)))
    amount = to_cents(received_value(order, receipts) * share, order.currency)
    return ProposedCredit(order, term, amount, sentence, keys, records)


@dataclass(frozen=True, slots=True)
class VendorRecord:
    """How a vendor did: what comparing is made of. Shares and costs are None where nothing tells.

    `on_time` is the share of receipts by the day they were needed, of `receipts`; `matched` the
    share of `invoices` that matched as they came; `unit_costs` what an accepted unit cost by unit
    and currency; `accepted` the share of delivered units that were accepted.
    """

    receipts: int
    on_time: float | None
    invoices: int
    matched: float | None
    accepted: float | None
    unit_costs: tuple[tuple[str, str, Decimal], ...]

    @property
    def sentence(self) -> str:
        """Say what is known of it, or that too little is."""
        parts = []
        if self.on_time is not None:
            parts.append(f"{round(self.on_time * self.receipts)} of {self.receipts} on time")
        if self.matched is not None:
            parts.append(f"{round(self.matched * self.invoices)} of {self.invoices} invoices match")
        return joined(parts) or "Nothing came and nothing was billed yet."


def record_of(
    orders: Sequence[OrderFacts],
    receipts: Mapping[UUID, Sequence[ReceiptFacts]],
    matches: Sequence[bool],
) -> VendorRecord:
    """Return how a vendor did over these orders; `receipts` by the id of their order."""
    timed, in_time = 0, 0
    delivered, accepted = 0.0, 0.0
    spent: dict[tuple[str, str], tuple[float, Decimal]] = {}
    for order in orders:
        came = receipts.get(order.id, ())
        for one in came:
            if order.needed_by is not None:
                timed, in_time = timed + 1, in_time + (one.received_on <= order.needed_by)
            if one.accepted is not None and one.delivered:
                delivered, accepted = delivered + one.delivered, accepted + one.accepted
        units = sum(one.accepted or 0.0 for one in came)
        if order.unit and order.unit_price is not None and units:
            before = spent.get((order.unit, order.currency), (0.0, Decimal(0)))
            price = Decimal(str(units)) * order.unit_price
            spent[order.unit, order.currency] = (before[0] + units, before[1] + price)
    return VendorRecord(
        timed,
        in_time / timed if timed else None,
        len(matches),
        sum(matches) / len(matches) if matches else None,
        accepted / delivered if delivered else None,
        tuple(
            (unit, currency, (cost / Decimal(str(units))).quantize(Decimal("0.0001")))
            for (unit, currency), (units, cost) in sorted(spent.items())
        ),
    )
