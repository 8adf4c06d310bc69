"""Approval by function: who may answer for it, who may not, and how long an answer holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from headway.domain.gates.rules.decisions import Seen, what_changed
from headway.errors import Invalid

#: A delegation lasts at most a year: longer is a change of functions.
LONGEST_DELEGATION = 366


@dataclass(frozen=True, slots=True)
class DelegationFacts:
    """For a time, `taker` answers for a function in `giver`'s place; both days are included."""

    id: UUID
    workspace_id: UUID
    function: str
    giver_id: UUID
    taker_id: UUID
    giver: str
    taker: str
    starts: date
    ends: date
    reason: str
    is_revoked: bool
    version: int

    def holds_on(self, today: date) -> bool:
        """Say whether it is in force on a day."""
        return not self.is_revoked and self.starts <= today <= self.ends

    def state(self, today: date) -> str:
        """Return revoked, ahead, in force or over."""
        if self.is_revoked:
            return "revoked"
        if today < self.starts:
            return "ahead"
        return "in force" if today <= self.ends else "over"


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody who may be asked: a member, the functions they hold, and their ties to the gate.

    `ties` say in words what makes the gate their own ("opened this gate"); empty: they are free.
    """

    member_id: UUID
    name: str
    functions: frozenset[str]
    ties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chair:
    """For whom somebody answers: for themselves, or in the place of `giver` by a delegation."""

    member_id: UUID
    giver: Hand | None = None


def chair_of(
    hand: Hand,
    function: str,
    hands: Mapping[UUID, Hand],
    delegations: Iterable[DelegationFacts],
    today: date,
) -> Chair | None:
    """Return in whose place `hand` answers for a function on a day; None where they may not.

    Who holds it answers for themselves. A delegation carries no further than its giver: one who
    lost the function, or whose own gate it is, gave nothing.
    """
    if function in hand.functions:
        return Chair(hand.member_id)
    for one in delegations:
        giver = hands.get(one.giver_id)
        is_mine = one.taker_id == hand.member_id and one.function == function
        if is_mine and one.holds_on(today) and giver is not None and function in giver.functions:
            return Chair(hand.member_id, giver)
    return None


def why_not(
    hand: Hand, function: str, chair: Chair | None, others: Iterable[str], *, distinct: bool
) -> str:
    """Say why `hand` may not answer for a function at this gate; empty where they may.

    `others` are the functions they answered for already in this round; `distinct`: the rules want
    a person for each.
    """
    if chair is None:
        return f"{hand.name} neither holds the function '{function}' nor stands in for who does."
    if hand.ties:
        return f"{hand.name} {_joined(hand.ties)}, and nobody approves their own."
    if chair.giver is not None and chair.giver.ties:
        return (
            f"{hand.name} stands in for {chair.giver.name}, who {_joined(chair.giver.ties)}; "
            "nobody has their own approved by a stand-in."
        )
    taken = [other for other in others if other != function]
    if distinct and taken:
        return (
            f"{hand.name} answered for {_joined(taken)} at this gate already, and its rules want "
            "another person for each function."
        )
    return ""


def who_may(
    function: str,
    hands: Mapping[UUID, Hand],
    delegations: Sequence[DelegationFacts],
    answered: Mapping[UUID, Sequence[str]],
    today: date,
    *,
    distinct: bool,
) -> Sequence[Hand]:
    """Return everybody who may answer for a function at this gate today, by name."""
    free = []
    for hand in hands.values():
        chair = chair_of(hand, function, hands, delegations, today)
        others = answered.get(hand.member_id, ())
        if not why_not(hand, function, chair, others, distinct=distinct):
            free.append(hand)
    return sorted(free, key=lambda hand: hand.name)


def who_instead(function: str, free: Sequence[Hand]) -> str:
    """Say who may answer instead, or what to do where nobody may."""
    if free:
        return f"It may be answered by {_joined([hand.name for hand in free], 'or')}."
    return (
        f"Nobody else holds '{function}': an owner can give it to a member under Settings, "
        "Members, or a holder can delegate it."
    )


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """A function that was asked to approve, and what it answered; `seen` is what it saw then."""

    id: UUID
    workspace_id: UUID
    gate_id: UUID
    round: int
    function: str
    requested_at: datetime
    requested_by: str
    requested_by_id: UUID | None
    answered_at: datetime | None
    answered_by: str
    answered_by_id: UUID | None
    in_place_of: str
    decision: str
    statement: str
    seen: Seen | None
    seen_digest: str
    record: int | None
    version: int

    @property
    def is_open(self) -> bool:
        """Say whether it waits for an answer."""
        return self.answered_at is None


@dataclass(frozen=True, slots=True)
class ApprovalStanding:
    """How the approval of one function stands: waiting, approved, conditions, refused, lapsed."""

    function: str
    state: str
    sentence: str
    request: RequestFacts
    is_asked_again: bool = False

    @property
    def holds(self) -> bool:
        """Say whether it counts as an approval."""
        return self.state in ("approved", "conditions")


def standings(requests: Sequence[RequestFacts], now: Seen) -> Sequence[ApprovalStanding]:
    """Return how each function that was asked in a round stands, by function.

    Its newest answer speaks, however it was asked again: an approval is not lost by asking.
    """
    found = []
    for function in sorted({one.function for one in requests}):
        mine = sorted(
            (one for one in requests if one.function == function), key=lambda one: one.requested_at
        )
        answered = [one for one in mine if not one.is_open]
        last = answered[-1] if answered else mine[-1]
        is_open = mine[-1].is_open
        state, sentence = _stands(last, now)
        found.append(ApprovalStanding(function, state, sentence, last, is_open and bool(answered)))
    return found


def _stands(request: RequestFacts, now: Seen) -> tuple[str, str]:
    if request.answered_at is None:
        return "waiting", f"asked on {request.requested_at:%-d %b %Y}, not answered yet."
    place = f" for {request.in_place_of}" if request.in_place_of else ""
    said = f"{request.answered_by}{place} on {request.answered_at:%-d %b %Y}"
    words = f": {request.statement}" if request.statement else "."
    if request.decision == "refused":
        return "refused", f"refused by {said}{words}"
    changed = what_changed(request.seen, now) if request.seen else ""
    if changed:
        return "lapsed", f"approved by {said}. {changed} Ask again."
    how = "approved with conditions by" if request.decision == "conditions" else "approved by"
    return request.decision, f"{how} {said}{words}"


def check_delegation(starts: date, ends: date, today: date, *, to_self: bool) -> None:
    """Raise Invalid for days that are past, turned round or too many, and for oneself."""
    if to_self:
        sentence = "Nobody stands in for themselves; name somebody else."
        raise Invalid(sentence)
    if ends < starts:
        sentence = f"It ends on {ends}, before it starts on {starts}."
        raise Invalid(sentence)
    if ends < today:
        sentence = f"It ends on {ends}, which is past; today is {today}."
        raise Invalid(sentence)
    days = (ends - starts).days + 1
    if days > LONGEST_DELEGATION:
        sentence = f"It lasts {days} days; at most {LONGEST_DELEGATION} fit: give the function."
        raise Invalid(sentence)


def _joined(words: Sequence[str], last: str = "and") -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
