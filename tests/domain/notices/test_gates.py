"""Whoever may answer at a gate is told so, and who owes is reminded; each once."""

from __future__ import annotations

import pytest
from tests.cast import AT, Cast
from tests.domain.gates.standing_before import DAY, HOUR, before_a_gate, recall

from headway.domain.accounts.queries import headway_actor
from headway.domain.gates.actions import (
    answer_approval,
    decide_gate,
    grant_waiver,
    request_approvals,
)
from headway.domain.notices.actions import tell_gates
from headway.domain.notices.models import Notice


def told(*, since: int = 0) -> list[tuple[str, str]]:
    rows = Notice.objects.select_related("member__user").order_by("made_at", "id")[since:]
    return sorted((str(row.member.user), row.sentence) for row in rows if row.member)


@pytest.mark.django_db
def test_what_waits_at_a_gate_is_told_to_whom_it_waits_for_once(cast: Cast) -> None:
    before, house = before_a_gate(cast), headway_actor(cast.acme.id)
    recall(cast)
    debt = {"requirement": "card", "owner": "bob", "reason": "So.", "until": "2026-12-10"}
    grant_waiver(cast.alice, before.gate, debt, AT)
    (question,) = request_approvals(cast.bob, before.gate, ["privacy"], AT)
    asked = "Screening aid 1.0, Integrate: privacy is asked to approve, by Bob."
    assert tell_gates(house, AT) == 2
    assert told() == [("Anna", asked), ("Sam", asked)]
    assert tell_gates(house, AT + HOUR) == 0
    answer_approval(before.sam, question.id, {"decision": "approved"}, AT + HOUR)
    bound = {"text": "Drill", "owner": "bob", "due": "2026-11-25"}
    go = {"outcome": "go_with_conditions", "conditions": [bound]}
    decide_gate(cast.alice, before.gate, go, AT + HOUR)
    tell_gates(house, AT + 2 * HOUR)
    assert told(since=2) == [
        ("Mia", "Screening aid 1.0, Integrate: decided to go with conditions.")
    ]
    tell_gates(house, AT + 18 * DAY)
    assert told(since=3) == [
        ("Bob", "Screening aid 1.0, Integrate: the condition “Drill” was due on 25 Nov 2026."),
        ("Bob", "Screening aid 1.0, Integrate: the waiver of “Model card” ended on 10 Dec 2026."),
    ]
