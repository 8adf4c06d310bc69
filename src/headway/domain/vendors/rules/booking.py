"""What an invoice costs whom: its lines by project and category, with tax that is a cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from headway.domain.vendors.rules.contracts import ContractFacts
from headway.domain.vendors.rules.invoices import InvoiceFacts
from headway.domain.vendors.rules.orders import OrderFacts, to_cents
from headway.errors import Conflict


@dataclass(frozen=True, slots=True)
class Share:
    """A part of an invoice that one project spends in one category; `words` name its orders."""

    project_id: UUID
    category: str
    amount: Decimal
    words: str


def shares_of(
    invoice: InvoiceFacts,
    orders: Mapping[UUID, OrderFacts],
    contracts: Mapping[UUID, ContractFacts],
) -> Sequence[Share]:
    """Return the parts of an invoice; they add up to its net, and to its total where tax is cost.

    Raises Conflict for a line that names no order, an order without a project, or one in another
    currency: what nobody ordered is nobody's cost until somebody says whose.
    """
    amounts: dict[tuple[UUID, str], Decimal] = defaultdict(Decimal)
    names: dict[tuple[UUID, str], list[str]] = defaultdict(list)
    with_tax = False
    for place, line in enumerate(invoice.lines, 1):
        order = orders.get(line.order_id) if line.order_id else None
        if order is None:
            sentence = f"Line {place} of invoice {invoice.number} names no order: whose cost is it?"
            raise Conflict(sentence)
        if order.project_id is None:
            sentence = f"Order {order.key} belongs to no project; say which, then approve."
            raise Conflict(sentence)
        if order.currency != invoice.currency:
            sentence = f"Order {order.key} is in {order.currency}, not in {invoice.currency}."
            raise Conflict(sentence)
        key = (order.project_id, order.category)
        amounts[key] += line.amount
        names[key].append(order.name)
        with_tax = with_tax or contracts[order.contract_id].tax_is_cost
    if with_tax and invoice.tax and invoice.net:
        _add_tax(amounts, invoice)
    return [
        Share(project, category, amount, ", ".join(dict.fromkeys(names[project, category])))
        for (project, category), amount in amounts.items()
        if amount
    ]


def _add_tax(amounts: dict[tuple[UUID, str], Decimal], invoice: InvoiceFacts) -> None:
    """Part the tax by amount, to the cent: the last part takes what rounding left."""
    left = invoice.tax
    keys = list(amounts)
    for key in keys[:-1]:
        part = to_cents(invoice.tax * amounts[key] / invoice.net, invoice.currency)
        amounts[key] += part
        left -= part
    amounts[keys[-1]] += left
