"""The deciding side of a gate's page: answers, debts, conditions, and what waiting costs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, may
from headway.domain.gates.models import Gate
from headway.domain.gates.queries.approvals import (
    House,
    Places,
    delegations_of,
    hands_of,
    house_of,
    is_distinct,
    pushers_of,
)
from headway.domain.gates.queries.asked import requests_by_gate
from headway.domain.gates.queries.decisions import Deciding, deciding_of, decisions_by_gate
from headway.domain.gates.queries.pages import GateStanding, gate_page
from headway.domain.gates.queries.queue import QueueOffer, queue_offer
from headway.domain.gates.queries.seen import (
    blocker_key,
    gate_row,
    needed_functions,
    requirement_name,
    seen_in,
)
from headway.domain.gates.queries.waivers import limits_of, waivers_by_gate
from headway.domain.gates.rules.approvals import ApprovalStanding, Hand, RequestFacts, standings
from headway.domain.gates.rules.decisions import ConditionFacts, SeenLine, seen_digest
from headway.domain.gates.rules.waivers import GrantedWaiver, Limits
from headway.domain.people.queries import names_of
from headway.domain.plans.queries.waits import blocker_standings
from headway.domain.plans.rules import BlockerStanding
from headway.domain.programs.queries import program_named


@dataclass(frozen=True, slots=True)
class Question:
    """How one function stands, the question that waits, and who may answer it."""

    function: str
    standing: ApprovalStanding | None
    waiting: RequestFacts | None
    who: Sequence[str]
    why_not: str

    @property
    def is_mine(self) -> bool:
        """Say whether the reader may answer it now."""
        return self.waiting is not None and not self.why_not


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that a person does at a gate. `digest` is of what is seen; answers name it.

    Waivers come with how they stand today, what their requirement is called and who owes it;
    conditions with how they stand and who owes them. `why_not` says why the reader may neither
    decide nor waive; `waits` is the gate's blocker in the plan with what each further week costs.
    """

    gate_id: UUID
    deciding: Deciding
    digest: str
    questions: Sequence[Question]
    waivers: Sequence[tuple[GrantedWaiver, str, str, str]]
    conditions: Sequence[tuple[ConditionFacts, str, str]]
    limits: Limits
    waivable: Sequence[SeenLine]
    offer: QueueOffer
    waits: BlockerStanding | None
    program: str
    why_not: str

    @property
    def unasked(self) -> Sequence[str]:
        """Return the functions that the gate needs and that no open question waits for."""
        return [
            one.function
            for one in self.questions
            if one.waiting is None and not (one.standing and one.standing.holds)
        ]


def gate_desk(
    actor: Actor,
    gate_id: UUID,
    at: datetime,
    known_at: datetime | None,
    *,
    found: GateStanding | None = None,
) -> Desk:
    """Return the deciding side of a gate at the moment `at`, as known at `known_at` (None: now).

    `found` is the gate as it was judged at that moment already, so that it is not judged twice.
    """
    gate = gate_row(actor, gate_id, known_at)
    judged = found or gate_page(actor, gate_id, at, known_at=known_at)
    seen = seen_in(judged)
    asked = [
        one
        for one in requests_by_gate(actor, [gate.id], known_at).get(gate.id, ())
        if one.round == gate.round
    ]
    decided = decisions_by_gate(actor, [gate.id], known_at).get(gate.id, ())
    approvals = standings(asked, seen)
    house, pushers = house_of(actor), pushers_of(actor, [seen])[seen.subject]
    questions = [
        _question(actor, function, approvals, waiting, places)
        for function, waiting, places in _places(actor, gate, asked, (house, pushers), at, known_at)
    ]
    program = gate.release.project.program.slug if gate.release.project else ""
    held = waivers_by_gate(actor, [gate.id], known_at).get(gate.id, ())
    conditions = decided[0].conditions if decided else ()
    names, today = names_of(actor), at.date()
    return Desk(
        gate.id,
        deciding_of(gate, seen, approvals, decided),
        seen_digest(seen),
        questions,
        [
            (
                one,
                one.state(today),
                requirement_name(gate, one.requirement),
                names.get(one.owner, one.owner),
            )
            for one in held
        ],
        [(one, one.state(today), names.get(one.owner, one.owner)) for one in conditions],
        limits_of(gate),
        [line for line in seen.lines if line.is_waivable and not line.is_passed],
        queue_offer(actor, gate, at),
        _waits(actor, gate, at, known_at),
        program,
        _why_not(actor, hands_of(house, gate, pushers)),
    )


def _places(
    actor: Actor,
    gate: Gate,
    asked: Sequence[RequestFacts],
    here: tuple[House, Collection[str]],
    at: datetime,
    known_at: datetime | None,
) -> Iterator[tuple[str, RequestFacts | None, Places]]:
    """Yield each function that is needed or was asked, its open question, and who may answer."""
    delegations, distinct = delegations_of(actor, known_at), is_distinct(gate)
    for function in sorted({*needed_functions(gate), *(one.function for one in asked)}):
        waiting = next((one for one in asked if one.function == function and one.is_open), None)
        hands = hands_of(here[0], gate, here[1], waiting.requested_by_id if waiting else None)
        yield function, waiting, Places(hands, delegations, asked, distinct, at.date())


def _question(
    actor: Actor,
    function: str,
    approvals: Sequence[ApprovalStanding],
    waiting: RequestFacts | None,
    places: Places,
) -> Question:
    standing = next((one for one in approvals if one.function == function), None)
    who = [hand.name for hand in places.who(function)]
    return Question(function, standing, waiting, who, places.why_not(actor.member_id, function))


def _why_not(actor: Actor, hands: Mapping[UUID, Hand]) -> str:
    """Say why the reader may neither decide nor waive at a gate; empty where they may."""
    hand = hands.get(actor.member_id) if actor.member_id else None
    if not may(actor, Permission.DECIDE) or hand is None:
        return "Owners, managers and approvers decide."
    if hand.ties:
        return f"You {_yours(hand)}: somebody else decides here."
    return ""


def _yours(hand: Hand) -> str:
    """Return somebody's ties as they are told to themselves."""
    words = " and ".join(hand.ties)
    return words.replace("owns ", "own ")


def _waits(
    actor: Actor, gate: Gate, at: datetime, known_at: datetime | None
) -> BlockerStanding | None:
    """Return the gate's open blocker with what it costs; None where it holds nothing up."""
    if gate.milestone is None:
        return None
    program = program_named(actor, gate.milestone.project.program.slug, known_at)
    rows = blocker_standings(actor, [program], at.date(), known_at, only_open=True)[program.id]
    return next((one for one in rows if one.blocker.key == blocker_key(gate.id)), None)
