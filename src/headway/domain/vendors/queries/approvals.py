"""Approvals of contracts, orders and invoices: what was asked, how it stands, who may answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet

from headway.domain.accounts.models import Member
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.accounts.rules.permissions import ROLE_PERMISSIONS, Role
from headway.domain.evidence.queries import records_about
from headway.domain.programs.queries import facts, program_named
from headway.domain.programs.rules.queue import QueueTime, queue_times, wait_of
from headway.domain.vendors.models import VendorApproval, VendorRules
from headway.domain.vendors.queries.billing import matches_of
from headway.domain.vendors.queries.naming import Named, named_of
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
    """Something that functions approve: its name, who has to be asked, what is seen now."""

    named: Named
    needed: Sequence[str]
    seen: Seen

    @property
    def subject(self) -> str:
        """Return what evidence about it names."""
        return self.named.subject


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
    thing: Named
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
    found = []
    for contract in contracts:
        seen = seen_contract(contract, {one.key: str(one.verdict) for one in evidence[contract.id]})
        found.append(Thing(Named.of_contract(contract), rules.of_contract(contract), seen))
    for order in books.orders.values():
        named = Named.of_order(order, books.homes.get(order.program_id, ""))
        if named.subject in wanted:
            found.append(Thing(named, rules.of_order(order), seen_order(order)))
    invoices = [one for one in books.invoices.values() if one.subject in wanted]
    tolerance = Tolerance(rules.price_tolerance, rules.units_tolerance)
    for page in matches_of(books, tolerance, invoices) if invoices else ():
        named = Named.of_invoice(page.invoice)
        found.append(Thing(named, rules.invoice_functions, seen_invoice(page.invoice, page.match)))
    return {one.subject: one for one in found}


def approvings_in(
    actor: Actor,
    books: Books,
    wanted: Collection[str],
    at: datetime,
    known_at: datetime | None = None,
) -> Mapping[str, Approving]:
    """Return the approvals of the `wanted` things of these books, by subject; four queries."""
    require(actor, Permission.VIEW)
    names = {one.member_id: one.name for one in hands_of(actor)}
    asks: dict[str, list[AskFacts]] = defaultdict(list)
    rows = _asked(actor, known_at).filter(subject__in=list(wanted))
    for row in rows.order_by("requested_at", "id"):
        asks[row.subject].append(ask_facts(row, names, known_at))
    return {
        subject: Approving(
            thing,
            approvals_of(thing.needed, asks[subject], thing.seen),
            seen_digest(thing.seen),
        )
        for subject, thing in things_in(actor, books, wanted, at, known_at).items()
    }


def _asked(actor: Actor, at: datetime | None) -> QuerySet[VendorApproval]:
    """Return what was asked in the workspace by `at`."""
    rows = VendorApproval.objects.filter(workspace_id=actor.workspace_id)
    return rows if at is None else rows.filter(requested_at__lte=at)


def _open(actor: Actor, at: datetime | None) -> QuerySet[VendorApproval]:
    """Return the questions that wait at `at`, oldest first."""
    is_open = Q(answered_at__isnull=True)
    if at is not None:
        is_open |= Q(answered_at__gt=at)
    return _asked(actor, at).filter(is_open).order_by("requested_at", "id")


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
    actor: Actor,
    subject: str,
    at: datetime,
    known_at: datetime | None = None,
    *,
    books: Books | None = None,
) -> Approving:
    """Return the approvals of one contract, order or invoice. NotFound where there is none.

    `books` are those of its vendor where they were read already.
    """
    require(actor, Permission.VIEW)
    if books is None:
        vendor = _vendor_of(actor, subject, known_at)
        books = books_of(actor.workspace_id, known_at, [vendor])
    found = approvings_in(actor, books, {subject}, at, known_at).get(subject)
    if found is None:
        sentence = "There is no such contract, order or invoice here."
        raise NotFound(sentence)
    return found


def _vendor_of(actor: Actor, subject: str, known_at: datetime | None) -> UUID:
    """Return whose contract, order or invoice a subject names. NotFound where it is nobody's."""
    sort, _, place = subject.partition(":")
    first, _, key = place.partition("/")
    if sort == "order":
        return order_named(actor, program_named(actor, first, known_at), key, known_at).vendor_id
    return vendor_named(actor, first, known_at).id


def vendor_ask_named(actor: Actor, ask: UUID, at: datetime | None = None) -> AskFacts:
    """Return one question, open or answered. NotFound where nobody was asked it."""
    require(actor, Permission.VIEW)
    row = _asked(actor, at).filter(id=ask).first()
    if row is None:
        sentence = "Nobody was asked this in this workspace."
        raise NotFound(sentence)
    return ask_facts(row, {one.member_id: one.name for one in hands_of(actor)}, at)


def vendor_approvals_waiting(
    actor: Actor, at: datetime, known_at: datetime | None = None
) -> Sequence[VendorWaiting]:
    """Return every open question about vendors, those that the actor may answer first.

    The number of queries does not grow with the questions.
    """
    require(actor, Permission.VIEW)
    hands = hands_of(actor)
    names = {one.member_id: one.name for one in hands}
    waiting = [ask_facts(row, names, known_at) for row in _open(actor, known_at)]
    if not waiting:
        return []
    things = named_of(actor.workspace_id, {one.subject for one in waiting}, known_at)
    found = [
        _waiting(actor, one, things[one.subject], hands, at)
        for one in waiting
        if one.subject in things
    ]
    return sorted(found, key=lambda one: (not one.is_mine, one.ask.requested_at))


@dataclass(frozen=True, slots=True)
class WaitingCount:
    """How many questions about vendors wait, and how many of them the reader may answer."""

    all: int
    mine: int


def vendor_approvals_counted(actor: Actor, known_at: datetime | None = None) -> WaitingCount:
    """Return how many questions wait; three queries where the reader holds no function."""
    require(actor, Permission.VIEW)
    rows = list(_open(actor, known_at).values_list("subject", "function", "requested_by_id"))
    me = next((one for one in hands_of(actor) if one.member_id == actor.member_id), None)
    asked = [row for row in rows if me is not None and row[1] in me.functions]
    if me is None or not asked:
        return WaitingCount(len(rows), 0)
    things = named_of(actor.workspace_id, {row[0] for row in asked}, known_at)
    mine = [me.tied(by, things[subject].author) for subject, _, by in asked if subject in things]
    return WaitingCount(len(rows), sum(not one.ties for one in mine))


def _waiting(
    actor: Actor, ask: AskFacts, thing: Named, hands: Sequence[Hand], at: datetime
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
