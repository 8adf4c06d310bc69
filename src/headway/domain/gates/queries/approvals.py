"""Approvals of gates: what was asked, how it stands, who may answer, and what waits for whom."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from headway.domain.accounts.models import AuditEntry, Member
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.accounts.rules.permissions import ROLE_PERMISSIONS, Role
from headway.domain.evidence.models import Record
from headway.domain.gates.models import Delegation, Gate
from headway.domain.gates.queries.asked import (
    member_names,
    name_of,
    requests_by_gate,
)
from headway.domain.gates.queries.seen import gates_by_id, place_of, seen_by_gate, stage_rules
from headway.domain.gates.rules.approvals import (
    Chair,
    DelegationFacts,
    Hand,
    RequestFacts,
    chair_of,
    who_may,
    why_not,
)
from headway.domain.gates.rules.decisions import Seen
from headway.domain.people.models import Person
from headway.domain.programs.queries import rows_at

#: How the audit trail names the records that were added together.
_SPAN = re.compile(r"records (\d+) to (\d+)")


def delegations_of(actor: Actor, at: datetime | None = None) -> Sequence[DelegationFacts]:
    """Return the delegations of the workspace as known at `at`, the latest to end first."""
    require(actor, Permission.VIEW)
    names = member_names(actor)
    rows = rows_at(Delegation, at, workspace_id=actor.workspace_id)
    return [
        DelegationFacts(
            id=row.id,
            workspace_id=row.workspace_id,
            function=row.function,
            giver_id=row.giver_id,
            taker_id=row.taker_id,
            giver=name_of(names, row.giver_id, ""),
            taker=name_of(names, row.taker_id, ""),
            starts=row.starts,
            ends=row.ends,
            reason=row.reason,
            is_revoked=row.is_revoked,
            version=row.version,
        )
        for row in sorted(rows, key=lambda row: (row.ends, str(row.id)), reverse=True)
    ]


@dataclass(frozen=True, slots=True)
class House:
    """Who is here: the members who see programs, and the addresses of the roster by key."""

    members: Sequence[Member]
    roster: Mapping[str, str]

    def member_at(self, owner: str) -> UUID | None:
        """Return the member an owner is: by a key of the roster, or by an address."""
        address = self.roster.get(owner, owner).strip().lower()
        return next((one.id for one in self.members if address and one.user.email == address), None)


def house_of(actor: Actor) -> House:
    """Return the members and the roster of the actor's workspace; two queries."""
    rows = Member.objects.select_related("user").filter(
        workspace_id=actor.workspace_id, user__is_active=True
    )
    people = Person.objects.filter(workspace_id=actor.workspace_id).exclude(email="")
    seeing = [row for row in rows if Permission.VIEW in ROLE_PERMISSIONS[Role(row.role)]]
    return House(seeing, dict(people.values_list("key", "email")))


def hands_of(
    house: House, gate: Gate, pushers: Collection[str], asked_by: UUID | None = None
) -> Mapping[UUID, Hand]:
    """Return every member who sees programs, with what ties them to this gate.

    Tied is who opened the gate, asked the question, owns the gate, the system or the project, or
    pushed evidence that is looked at. Owners are known by the address of the roster.
    """
    ties: dict[UUID | None, list[str]] = defaultdict(list)
    ties[gate.opened_by_id].append("opened this gate")
    ties[asked_by].append("asked for this approval")
    for owner, words in _owned(gate):
        ties[house.member_at(owner)].append(words)
    for address in pushers:
        ties[house.member_at(address)].append("pushed evidence of it")
    return {
        row.id: Hand(
            row.id,
            str(row.user),
            frozenset(str(one) for one in row.functions),
            tuple(dict.fromkeys(ties.get(row.id, ()))),
        )
        for row in house.members
    }


def _owned(gate: Gate) -> Iterable[tuple[str, str]]:
    release = gate.release
    yield gate.owner, "owns this gate"
    yield release.system.owner, f"owns {release.system.name}"
    if release.project is not None:
        yield release.project.owner, f"owns {release.project.name}"


def pushers_of(actor: Actor, seen: Iterable[Seen]) -> Mapping[str, Collection[str]]:
    """Return for each subject the addresses of whoever added evidence that is seen; two queries.

    Read from the audit trail, which has one row for what was added together.
    """
    records = {one.subject: sorted(_records(one)) for one in seen}
    wanted = {record for rows in records.values() for record in rows}
    times = Record.objects.filter(workspace_id=actor.workspace_id, sequence__in=wanted)
    rows = AuditEntry.objects.filter(
        workspace_id=actor.workspace_id,
        action="record_evidence",
        at__in=set(times.values_list("recorded_at", flat=True)),
    )
    spans = [
        (label.partition(" ")[0], int(span[1]), int(span[2]))
        for label, thing in rows.values_list("actor", "thing")
        if (span := _SPAN.fullmatch(thing))
    ]
    return {
        subject: {who for who, low, high in spans if _holds(mine, low, high)}
        for subject, mine in records.items()
    }


def _holds(records: Sequence[int], low: int, high: int) -> bool:
    """Say whether one of the records, in their order, lies between two."""
    place = bisect_left(records, low)
    return place < len(records) and records[place] <= high


def _records(seen: Seen) -> set[int]:
    return {record for line in seen.evidence for record in line.records}


def is_distinct(gate: Gate) -> bool:
    """Say whether the gate's rules want another person for each function."""
    stage = stage_rules(gate)
    return stage is not None and stage.distinct_approvers


def answered_functions(requests: Iterable[RequestFacts]) -> Mapping[UUID, Sequence[str]]:
    """Return for which functions each member answered."""
    found: dict[UUID, list[str]] = defaultdict(list)
    for one in requests:
        if one.answered_by_id is not None:
            found[one.answered_by_id].append(one.function)
    return found


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question that waits: about which gate, for how long, and who may answer it.

    `why_not_mine` says to who holds the function why somebody else has to answer.
    """

    request: RequestFacts
    gate_id: UUID
    place: str
    who: Sequence[str]
    who_ids: Sequence[UUID]
    is_mine: bool
    why_not_mine: str


def approvals_waiting(
    actor: Actor, at: datetime, *, known_at: datetime | None = None
) -> Sequence[Waiting]:
    """Return every open question of the workspace, those that the actor may answer first.

    The number of queries does not grow with the questions.
    """
    gates = gates_by_id(actor, known_at)
    asked = requests_by_gate(actor, list(gates), known_at)
    waiting = [
        (gates[gate_id], one)
        for gate_id, rows in asked.items()
        for one in rows
        if one.is_open and one.round == gates[gate_id].round
    ]
    if not waiting:
        return []
    seen = seen_by_gate(actor, [gate for gate, _ in waiting], at, known_at=known_at)
    pushers, house = pushers_of(actor, seen.values()), house_of(actor)
    delegations = delegations_of(actor, known_at)
    found = []
    for gate, one in waiting:
        hands = hands_of(house, gate, pushers[seen[gate.id].subject], one.requested_by_id)
        mine = [row for row in asked[gate.id] if row.round == gate.round]
        places = Places(hands, delegations, mine, is_distinct(gate), at.date())
        found.append(_waiting(actor, gate, one, places))
    return sorted(found, key=lambda one: (not one.is_mine, one.request.requested_at))


@dataclass(frozen=True, slots=True)
class Places:
    """What decides who may answer at one gate: hands, delegations, answers so far, the rules."""

    hands: Mapping[UUID, Hand]
    delegations: Sequence[DelegationFacts]
    asked: Sequence[RequestFacts]
    distinct: bool
    today: date

    def chair(self, member: UUID | None, function: str) -> Chair | None:
        """Return in whose place a member answers for a function; None where they may not."""
        hand = self.hands.get(member) if member else None
        if hand is None:
            return None
        return chair_of(hand, function, self.hands, self.delegations, self.today)

    def why_not(self, member: UUID | None, function: str) -> str:
        """Say why a member may not answer for a function; empty where they may."""
        hand = self.hands.get(member) if member else None
        if hand is None:
            return "Only a member who is signed in can answer; a machine cannot."
        others = self._answered().get(hand.member_id, ())
        return why_not(hand, function, self.chair(member, function), others, distinct=self.distinct)

    def who(self, function: str) -> Sequence[Hand]:
        """Return everybody who may answer for a function."""
        return who_may(
            function,
            self.hands,
            self.delegations,
            self._answered(),
            self.today,
            distinct=self.distinct,
        )

    def _answered(self) -> Mapping[UUID, Sequence[str]]:
        return answered_functions(self.asked)


def _waiting(actor: Actor, gate: Gate, one: RequestFacts, places: Places) -> Waiting:
    reason = places.why_not(actor.member_id, one.function)
    holds = places.chair(actor.member_id, one.function) is not None
    who = places.who(one.function)
    return Waiting(
        one,
        gate.id,
        place_of(gate),
        [hand.name for hand in who],
        [hand.member_id for hand in who],
        not reason,
        reason if holds else "",
    )
