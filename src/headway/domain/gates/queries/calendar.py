"""What of gates is due or ends next, by day: reviews, waivers, conditions, stand-ins, evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.gates.models import Gate
from headway.domain.gates.queries.approvals import delegations_of
from headway.domain.gates.queries.decisions import (
    ConditionLine,
    conditions_owed,
    why_closed_by_gate,
)
from headway.domain.gates.queries.seen import gates_by_id, place_of, seen_by_gate
from headway.domain.gates.queries.waivers import WaiversPage, waivers_page
from headway.domain.gates.rules.approvals import DelegationFacts
from headway.domain.gates.rules.decisions import Seen

#: How far the calendar looks, and how long what is overdue stays in it.
AHEAD = timedelta(days=180)
BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that is due or ends on a day.

    `sort` is review, waiver, condition, delegation or evidence; `gate_id` where it is read, None
    for a stand-in; `uid` never changes.
    """

    day: date
    sort: str
    words: str
    owner: str
    gate_id: UUID | None
    uid: str

    def is_overdue(self, today: date) -> bool:
        """Say whether its day is past."""
        return self.day < today


def gate_calendar(
    actor: Actor, at: datetime, *, known_at: datetime | None = None
) -> Sequence[Entry]:
    """Return what is due or ends from BACK before today to AHEAD of it, the first day first."""
    require(actor, Permission.VIEW)
    rows, today = list(gates_by_id(actor, known_at).values()), at.date()
    seen = seen_by_gate(actor, rows, at, known_at=known_at)
    closed = why_closed_by_gate(actor, rows, at, known_at=known_at)
    found = [
        *_reviews(rows, closed),
        *_evidence(rows, seen),
        *_waivers(waivers_page(actor, at, known_at=known_at)),
        *_conditions(conditions_owed(actor, at, known_at=known_at)),
        *_delegations(delegations_of(actor, known_at), today),
    ]
    near = [one for one in found if today - BACK <= one.day <= today + AHEAD]
    return sorted(near, key=lambda one: (one.day, one.sort, one.words))


def _reviews(gates: Sequence[Gate], closed: Mapping[UUID, str]) -> Iterator[Entry]:
    """Yield the days of gates that are still to be passed."""
    for gate in gates:
        if gate.due is not None and closed[gate.id]:
            words = f"Review of {place_of(gate)}"
            yield Entry(gate.due, "review", words, gate.owner, gate.id, f"review-{gate.id}")


def _evidence(gates: Sequence[Gate], seen: Mapping[UUID, Seen]) -> Iterator[Entry]:
    """Yield when what shows a requirement ends by time."""
    for gate in gates:
        for line in seen[gate.id].lines:
            if line.holds and line.stale_at:
                day = datetime.fromisoformat(line.stale_at).date()
                words = f"{line.name}: evidence goes stale, {place_of(gate)}"
                uid = f"stale-{gate.id}-{line.key}"
                yield Entry(day, "evidence", words, gate.owner, gate.id, uid)


def _waivers(page: WaiversPage) -> Iterator[Entry]:
    for line in page.lines:
        if line.state not in ("paid", "revoked"):
            held = line.waiver
            words = f"{line.requirement}: waiver ends, {line.place}"
            uid = f"waiver-{held.id}"
            yield Entry(held.until, "waiver", words, held.owner, line.gate_id, uid)


def _conditions(owed: Sequence[ConditionLine]) -> Iterator[Entry]:
    for line in owed:
        held = line.condition
        words = f"{held.text}, {line.place}"
        yield Entry(held.due, "condition", words, held.owner, line.gate_id, f"condition-{held.id}")


def _delegations(found: Sequence[DelegationFacts], today: date) -> Iterator[Entry]:
    for one in found:
        if one.state(today) in ("ahead", "in force"):
            words = f"{one.taker} stands in for {one.giver} ({one.function}) until then"
            yield Entry(one.ends, "delegation", words, one.taker, None, f"delegation-{one.id}")
