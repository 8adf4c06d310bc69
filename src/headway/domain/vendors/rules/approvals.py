"""Approval of contracts, orders and invoices by function: what was seen, and how long it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from headway.domain.programs.rules.approving import read_function
from headway.domain.programs.rules.fields import CURRENCY, Reader, decimal, number, shaped
from headway.domain.vendors.rules.contracts import ContractFacts
from headway.domain.vendors.rules.facts import joined, quantity
from headway.domain.vendors.rules.invoices import InvoiceFacts
from headway.domain.vendors.rules.matching import Match
from headway.domain.vendors.rules.orders import OrderFacts
from headway.errors import Invalid
from headway.observation import canonical, digest

#: What a reader looks at when they answer: names and values, in words.
Seen = Mapping[str, str]

#: Which function a wanted evidence brings in.
_ASKED_BY_EVIDENCE = {"dpa": "privacy", "security-review": "security"}

_code = shaped(CURRENCY, "use the three capitals of ISO 4217, for example USD", 3)


@dataclass(frozen=True, slots=True)
class RulesFacts:
    """Whom a workspace asks; `order_limits` by currency: above it orders are asked about."""

    contract_functions: tuple[str, ...] = ("legal",)
    order_functions: tuple[str, ...] = ()
    order_limits: Mapping[str, Decimal] = field(default_factory=dict)
    invoice_functions: tuple[str, ...] = ("finance",)
    price_tolerance: float = 0.0
    units_tolerance: float = 0.0
    version: int = 0

    def of_contract(self, contract: ContractFacts) -> Sequence[str]:
        """Return the functions that approve a contract."""
        more = {_ASKED_BY_EVIDENCE[one] for one in contract.wanted if one in _ASKED_BY_EVIDENCE}
        return sorted({*self.contract_functions, *more})

    def of_order(self, order: OrderFacts) -> Sequence[str]:
        """Return the functions that approve an order: none up to its currency's limit."""
        limit = self.order_limits.get(order.currency)
        if limit is not None and order.amount <= limit:
            return ()
        return sorted(self.order_functions)


@dataclass(frozen=True, slots=True)
class AskFacts:
    """A function that was asked, and what it answered; `seen` is what it saw then."""

    id: UUID
    workspace_id: UUID
    subject: str
    function: str
    requested_at: datetime
    requested_by: str
    requested_by_id: UUID | None
    answered_at: datetime | None
    answered_by: str
    answered_by_id: UUID | None
    decision: str
    statement: str
    seen: Seen
    seen_digest: str
    record: int | None
    version: int

    @property
    def is_open(self) -> bool:
        """Say whether it waits for an answer."""
        return self.answered_at is None


@dataclass(frozen=True, slots=True)
class ApprovalStanding:
    """How one function stands: unasked, waiting, approved, conditions, refused, lapsed."""

    function: str
    state: str
    sentence: str
    ask: AskFacts | None = None
    waiting: AskFacts | None = None

    @property
    def holds(self) -> bool:
        """Say whether it counts as an approval."""
        return self.state in ("approved", "conditions")


def seen_contract(contract: ContractFacts, evidence: Mapping[str, str]) -> Seen:
    """Return what is seen of a contract: its terms, and how its evidence stands."""
    until = f"{contract.ends}" if contract.ends else "until notice"
    cap = f"{contract.cap:,} {contract.currency}" if contract.cap is not None else "none"
    promises = "; ".join(
        f"{one.name} {one.bound:g}: {one.credit:.4g} back, at most {one.most:.4g}"
        for one in contract.sla
    )
    return {
        "contract": f"{contract.name} with {contract.vendor_name}",
        "term": f"{contract.starts} to {until}, renewal {contract.renewal}",
        "notice": "none" if contract.notice_days is None else f"{contract.notice_days} days",
        "cap": cap,
        "promises": promises,
        "documents": ", ".join(url for _, url in contract.documents),
        "tax": "counts as cost" if contract.tax_is_cost else "is given back",
        **{f"evidence {name}": verdict for name, verdict in sorted(evidence.items())},
    }


def seen_order(order: OrderFacts) -> Seen:
    """Return what is seen of an order: what, how much of it, for how much, by when."""
    what = f"{quantity(order.units or 0)} {order.unit} at {order.unit_price}"
    if not order.is_counted:
        what = ""
    return {
        "order": f"{order.name} from {order.vendor_name}",
        "contract": order.contract,
        "units": what,
        "amount": f"{order.amount:,} {order.currency}",
        "category": order.category,
        "project": str(order.project_id or ""),
        "needed by": f"{order.needed_by or ''}",
    }


def seen_invoice(invoice: InvoiceFacts, match: Match) -> Seen:
    """Return what is seen of an invoice: its lines, what is to be paid, how it matches."""
    lines = [
        f"{one.order or 'no order'} {one.words} "
        f"{'' if one.units is None else quantity(one.units)} {one.amount:,}"
        for one in invoice.lines
    ]
    return {
        "invoice": f"{invoice.number} of {invoice.vendor_name} on {invoice.invoiced_on}",
        "period": f"{invoice.period_start} to {invoice.period_end}",
        "total": f"{invoice.total:,} {invoice.currency}, of that tax {invoice.tax:,}",
        "lines": "; ".join(lines),
        "match": "; ".join(f"{one.result}: {one.sentence}" for one in match.findings) or "matched",
        "file": invoice.file_digest,
    }


def seen_digest(seen: Seen) -> str:
    """Return the digest of what was seen."""
    return digest(canonical(dict(seen)))


def what_changed(then: Seen, now: Seen) -> str:
    """Say why an answer that rests on `then` no longer holds; empty while it does.

    Evidence that got better leaves it standing; everything else that differs lets it fall.
    """
    changed = [
        name
        for name in sorted({*then, *now})
        if then.get(name, "") != now.get(name, "")
        and not (name.startswith("evidence ") and now.get(name) == "met")
    ]
    if not changed:
        return ""
    name = changed[0]
    more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
    return (
        f"Since then the {name}{more} changed: it was “{then.get(name, '')[:120]}”, "
        f"now it is “{now.get(name, '')[:120]}”."
    )


def approvals_of(
    needed: Sequence[str], asks: Sequence[AskFacts], now: Seen
) -> Sequence[ApprovalStanding]:
    """Return how each function that is needed or was asked stands; its newest answer speaks."""
    found = []
    for function in sorted({*needed, *(one.function for one in asks)}):
        mine = sorted(
            (one for one in asks if one.function == function), key=lambda one: one.requested_at
        )
        waiting = next((one for one in mine if one.is_open), None)
        # Of two answers at one instant the later record speaks.
        last = max((one for one in mine if not one.is_open), key=_place, default=waiting)
        state, sentence = _stands(last, now)
        found.append(ApprovalStanding(function, state, sentence, last, waiting))
    return found


def _place(ask: AskFacts) -> tuple[datetime, int]:
    return (ask.answered_at or ask.requested_at, ask.record or 0)


def _stands(ask: AskFacts | None, now: Seen) -> tuple[str, str]:
    if ask is None:
        return "unasked", "nobody asked yet."
    if ask.answered_at is None:
        return "waiting", f"asked on {_day(ask.requested_at)}, not answered yet."
    said = f"{ask.answered_by} on {_day(ask.answered_at)}"
    words = f": {ask.statement}" if ask.statement else "."
    if ask.decision == "refused":
        return "refused", f"refused by {said}{words}"
    changed = what_changed(ask.seen, now)
    if changed:
        return "lapsed", f"approved by {said}. {changed} Ask again."
    how = "approved with conditions by" if ask.decision == "conditions" else "approved by"
    return ask.decision, f"{how} {said}{words}"


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%b %Y}"


def missing_approvals(standings: Sequence[ApprovalStanding], needed: Sequence[str]) -> str:
    """Say which needed approvals do not hold; empty where all do."""
    lacking = [one for one in standings if one.function in needed and not one.holds]
    return " ".join(f"{one.function.capitalize()}: {one.sentence}" for one in lacking)


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody who may be asked: a member, the functions they hold, and what ties them to it."""

    member_id: UUID
    name: str
    address: str
    functions: frozenset[str]
    ties: tuple[str, ...] = ()

    def tied(self, asked_by: UUID | None, author: str) -> Hand:
        """Return the same hand with what ties it to a question: who asked, and whose paper it is.

        `author` is a label of the audit trail: an address, perhaps with the name of a token.
        """
        ties = ["asked for this approval"] if asked_by == self.member_id else []
        if author and author.partition(" ")[0] == self.address:
            ties.append("took it in")
        return replace(self, ties=tuple(ties))

    def why_not(self, function: str) -> str:
        """Say why they may not answer for a function; empty where they may."""
        if function not in self.functions:
            return f"{self.name} does not hold the function '{function}'."
        if self.ties:
            return f"{self.name} {joined(list(self.ties))}, and nobody approves their own."
        return ""


def who_instead(function: str, hands: Sequence[Hand]) -> str:
    """Say who may answer, or what to do where nobody may."""
    names = sorted(one.name for one in hands if not one.why_not(function))
    if names:
        return f"It may be answered by {joined(names)}."
    return f"Nobody else holds '{function}': an owner can give it under Settings, Members."


def read_functions(field_: str, value: object) -> list[str]:
    """Read a list of functions that approve."""
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list | tuple | None):
        sentence = f"The {field_} are {str(value)[:60]!r}; write a list of functions."
        raise Invalid(sentence)
    return sorted({read_function(field_, one) for one in parts or () if str(one).strip()})


def read_limits(field_: str, value: object) -> dict[str, str]:
    """Read limits by currency: {"USD": "10000"}, or as text "USD 10000, EUR 9000"."""
    if isinstance(value, str):
        pairs = [part.split() for part in value.split(",") if part.strip()]
        if any(len(pair) != 2 for pair in pairs):
            sentence = f"The {field_} {value[:60]!r} do not fit; write them as USD 10000, EUR 9000."
            raise Invalid(sentence)
        value = {pair[0]: pair[1] for pair in pairs}
    if not isinstance(value, Mapping | None) or len(value or ()) > 50:
        sentence = f"The {field_} are {str(value)[:60]!r}; write a limit for each currency."
        raise Invalid(sentence)
    found = {
        str(_code("currency", one)): decimal(field_, limit) for one, limit in (value or {}).items()
    }
    if any(limit < 0 for limit in found.values()):
        sentence = f"The {field_} hold an amount below 0; 0 asks about every order."
        raise Invalid(sentence)
    return {one: str(limit) for one, limit in sorted(found.items())}


RULES_FIELDS: Mapping[str, Reader] = {
    "contract_functions": read_functions,
    "order_functions": read_functions,
    "order_limits": read_limits,
    "invoice_functions": read_functions,
    "price_tolerance": number(0, 0.5, required=True),
    "units_tolerance": number(0, 0.5, required=True),
}
