"""Approvals of contracts, orders and invoices: what was asked, how it stands, who may answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from headway.domain.accounts.models import Member
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.accounts.rules.permissions import ROLE_PERMISSIONS, Role
from headway.domain.evidence.queries import records_about
from headway.domain.programs.queries import facts, program_named
from headway.domain.programs.rules.queue import QueueTime, queue_times, wait_of
from headway.domain.vendors.models import VendorApproval, VendorRules
from headway.domain.vendors.queries.billing import matches_of
from headway.domain.vendors.queries.rows import Books, books_of
from headway.domain.vendors.queries.standing import order_named, vendor_named
from headway.domain.vendors.rules import ContractFacts, Tolerance
from headway.domain.vendors.rules.approvals import (
    ApprovalStanding,
    AskFacts,
    Hand,
    RulesFacts,
    Seen,
    approvals_of,
    seen_contract,
    seen_digest,
    seen_invoice,
    seen_order,
)
from headway.domain.vendors.rules.evidence import Told, WantedEvidence, judge_wanted
from headway.errors import NotFound
from headway.observation import SubjectRef

#: Answers older than the newest so many do not speak: how a function works today counts.
MOST_ANSWERS = 100

_KINDS = ("attestation", "audit", "check")


def rules_of(workspace: UUID) -> RulesFacts:
    """Return whom a workspace asks, and how exact an invoice has to be."""
    row = VendorRules.objects.filter(workspace_id=workspace).first()
    if row is None:
        return RulesFacts()
    return facts(
        RulesFacts,
        row,
        contract_functions=tuple(row.contract_functions),
        order_functions=tuple(row.order_functions),
        invoice_functions=tuple(row.invoice_functions),
        order_limits={one: Decimal(limit) for one, limit in row.order_limits.items()},
    )


def vendor_rules(actor: Actor) -> RulesFacts:
    """Return whom the workspace asks before it signs, orders and pays."""
    require(actor, Permission.VIEW)
    return rules_of(actor.workspace_id)


def evidence_of(
    actor: Actor,
    contracts: Collection[ContractFacts],
    at: datetime,
    known_at: datetime | None = None,
) -> Mapping[UUID, Sequence[WantedEvidence]]:
    """Return how what contracts want as evidence stands at `at`, by contract id; one query.

    Records name the contract (`contract:vendor/key`) or its vendor (`vendor:key`).
    """
    asking = [one for one in contracts if one.wanted]
    subjects = {SubjectRef.parse(one.subject) for one in asking}
    subjects |= {SubjectRef("vendor", one.vendor) for one in asking}
    told: dict[str, list[Told]] = defaultdict(list)
    rows = records_about(actor, subjects, known_at, kinds=_KINDS) if asking else ()
    for row in rows:
        known = Told(row.record, row.kind, row.payload, row.observed_at, row.valid_until)
        told[row.subject].append(known)
    return {
        one.id: [
            judge_wanted(key, [*told[one.subject], *told[f"vendor:{one.vendor}"]], at)
            for key in one.wanted
        ]
        for one in contracts
    }


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that functions approve: what it is called, who has to be asked, what is seen now.

    `place` is vendor and key, of an order program and key; `author` who took an invoice in.
    """

    subject: str
    sort: str
    name: str
    place: tuple[str, str]
    needed: Sequence[str]
    seen: Seen
    author: str = ""


@dataclass(frozen=True, slots=True)
class Approving:
    """The approvals of one thing. `digest` is of what is seen; answers name it."""

    thing: Thing
    standings: Sequence[ApprovalStanding]
    digest: str

    @property
    def unasked(self) -> Sequence[str]:
        """Return the needed functions that no open question waits for and that do not hold."""
        return [one.function for one in self.standings if one.waiting is None and not one.holds]


@dataclass(frozen=True, slots=True)
class VendorWaiting:
    """A question that waits: about what, for how many working days, and who may answer it."""

    ask: AskFacts
    thing: Thing
    days: float
    who: Sequence[str]
    is_mine: bool
    why_not_mine: str


def things_in(
    actor: Actor,
    books: Books,
    wanted: Collection[str],
    at: datetime,
    known_at: datetime | None = None,
) -> Mapping[str, Thing]:
    """Return the things of these books that are `wanted`, by subject; two queries."""
    rules = rules_of(actor.workspace_id)
    contracts = [one for one in books.contracts.values() if one.subject in wanted]
    evidence = evidence_of(actor, contracts, at, known_at)
    found = {}
    for contract in contracts:
        verdicts = {one.key: str(one.verdict) for one in evidence[contract.id]}
        found[contract.subject] = Thing(
            contract.subject,
            "contract",
            f"{contract.name} with {contract.vendor_name}",
            (contract.vendor, contract.key),
            rules.of_contract(contract),
            seen_contract(contract, verdicts),
        )
    for order in books.orders.values():
        home = books.homes.get(order.program_id, "")
        subject = f"order:{home}/{order.key}"
        if subject not in wanted:
            continue
        found[subject] = Thing(
            subject,
            "order",
            f"{order.name} from {order.vendor_name}",
            (home, order.key),
            rules.of_order(order),
            seen_order(order),
        )
    invoices = [one for one in books.invoices.values() if one.subject in wanted]
    tolerance = Tolerance(rules.price_tolerance, rules.units_tolerance)
    for page in matches_of(books, tolerance, invoices):
        invoice = page.invoice
        found[invoice.subject] = Thing(
            invoice.subject,
            "invoice",
            f"Invoice {invoice.number} of {invoice.vendor_name}",
            (invoice.vendor, invoice.key),
            rules.invoice_functions,
            seen_invoice(invoice, page.match),
            invoice.submitted_by,
        )
    return found


def asks_of(
    actor: Actor, at: datetime | None = None, subject: str = ""
) -> Mapping[str, Sequence[AskFacts]]:
    """Return what was asked by subject as known at `at`, oldest first; two queries."""
    require(actor, Permission.VIEW)
    rows = VendorApproval.objects.filter(workspace_id=actor.workspace_id)
    if at is not None:
        rows = rows.filter(requested_at__lte=at)
    if subject:
        rows = rows.filter(subject=subject)
    names = {one.member_id: one.name for one in hands_of(actor)}
    found: dict[str, list[AskFacts]] = defaultdict(list)
    for row in rows.order_by("requested_at", "id"):
        found[row.subject].append(ask_facts(row, names, at))
    return found


def ask_facts(
    row: VendorApproval, names: Mapping[UUID, str], at: datetime | None = None
) -> AskFacts:
    """Return a question with its answer; one that came after `at` is not known yet."""
    is_known = row.answered_at is not None and (at is None or row.answered_at <= at)
    unknown: dict[str, object] = (
        {}
        if is_known
        else {
            "answered_at": None,
            "answered_by_id": None,
            "decision": "",
            "statement": "",
            "seen": {},
            "seen_digest": "",
            "record": None,
        }
    )
    by = names.get(row.answered_by_id, "a member who left") if row.answered_by_id else ""
    return facts(
        AskFacts,
        row,
        requested_by=names.get(row.requested_by_id, "") if row.requested_by_id else "Headway",
        answered_by=by if is_known else "",
        **unknown,
    )


def hands_of(actor: Actor) -> Sequence[Hand]:
    """Return the members with the functions they may answer for; one query."""
    rows = Member.objects.select_related("user").filter(
        workspace_id=actor.workspace_id, user__is_active=True
    )
    return [
        Hand(
            row.id,
            str(row.user),
            row.user.email,
            frozenset(row.functions if _decides(row) else ()),
        )
        for row in rows
    ]


def _decides(row: Member) -> bool:
    return Permission.DECIDE in ROLE_PERMISSIONS[Role(row.role)]


def approving_of(
    actor: Actor, subject: str, at: datetime, known_at: datetime | None = None
) -> Approving:
    """Return the approvals of one contract, order or invoice. NotFound where there is none."""
    require(actor, Permission.VIEW)
    books = books_of(actor.workspace_id, known_at, _vendor_of(actor, subject, known_at))
    thing = things_in(actor, books, {subject}, at, known_at).get(subject)
    if thing is None:
        sentence = "There is no such contract, order or invoice here."
        raise NotFound(sentence)
    asks = asks_of(actor, known_at, subject).get(subject, ())
    standings = approvals_of(thing.needed, asks, thing.seen)
    return Approving(thing, standings, seen_digest(thing.seen))


def _vendor_of(actor: Actor, subject: str, known_at: datetime | None) -> UUID:
    """Return whose contract, order or invoice a subject names. NotFound where it is nobody's."""
    sort, _, place = subject.partition(":")
    first, _, key = place.partition("/")
    if sort == "order":
        return order_named(actor, program_named(actor, first, known_at), key, known_at).vendor_id
    return vendor_named(actor, first, known_at).id


def vendor_approvals_waiting(
    actor: Actor, at: datetime, known_at: datetime | None = None, *, books: Books | None = None
) -> Sequence[VendorWaiting]:
    """Return every open question about vendors, those that the actor may answer first.

    The number of queries does not grow with the questions.
    """
    asked = asks_of(actor, known_at)
    waiting = [one for asks in asked.values() for one in asks if one.is_open]
    if not waiting:
        return []
    known = books or books_of(actor.workspace_id, known_at)
    things = things_in(actor, known, {one.subject for one in waiting}, at, known_at)
    hands = hands_of(actor)
    found = [
        _waiting(actor, one, things[one.subject], hands, at)
        for one in waiting
        if one.subject in things
    ]
    return sorted(found, key=lambda one: (not one.is_mine, one.ask.requested_at))


def _waiting(
    actor: Actor, ask: AskFacts, thing: Thing, hands: Sequence[Hand], at: datetime
) -> VendorWaiting:
    tied = [one.tied(ask.requested_by_id, thing.author) for one in hands]
    names = sorted(one.name for one in tied if not one.why_not(ask.function))
    mine = next((one for one in tied if one.member_id == actor.member_id), None)
    reason = mine.why_not(ask.function) if mine else "Only a member who is signed in can answer."
    holds = mine is not None and ask.function in mine.functions
    days = wait_of(ask.function, ask.requested_at, None, at, {}).days
    return VendorWaiting(ask, thing, days, names, not reason, reason if holds else "")


def vendor_queue_times(actor: Actor, at: datetime) -> Sequence[QueueTime]:
    """Return how long each function took to answer about vendors as known at `at`; one query.

    In working days from Monday to Friday, as a range that a plan may take.
    """
    require(actor, Permission.VIEW)
    rows = VendorApproval.objects.filter(
        workspace_id=actor.workspace_id, requested_at__lte=at
    ).order_by("-requested_at", "id")
    waits, count = [], dict[str, int]()
    for row in rows[: MOST_ANSWERS * 4]:
        count[row.function] = count.get(row.function, 0) + 1
        if count[row.function] <= MOST_ANSWERS:
            answered = row.answered_at if row.answered_at and row.answered_at <= at else None
            waits.append(wait_of(row.function, row.requested_at, answered, at, {}))
    return queue_times(waits)
