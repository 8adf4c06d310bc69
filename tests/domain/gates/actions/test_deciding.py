"""A gate is decided by somebody else, on what was seen; its go holds while that holds."""

from __future__ import annotations

import json

import pytest
from django.db import DatabaseError, transaction
from tests.cast import AT, Cast
from tests.domain.gates.standing_before import (
    DAY,
    HOUR,
    RULES,
    Before,
    before_a_gate,
    card,
    recall,
    with_milestone,
)

from headway.domain.accounts.queries import headway_actor
from headway.domain.evidence.models import Record
from headway.domain.gates.actions import (
    add_gate_template,
    answer_approval,
    change_gate_rules,
    decide_gate,
    enter_stage,
    grant_waiver,
    meet_condition,
    request_approvals,
    revoke_waiver,
    settle_gates,
    take_queue_time,
)
from headway.domain.gates.models import ApprovalRequest, GateDecision
from headway.domain.gates.queries import (
    conditions_owed,
    gate_calendar,
    gate_desk,
    gate_page,
    queue_times_of,
    waivers_page,
)
from headway.domain.gates.queries.queue import queue_offer
from headway.domain.gates.rules.decisions import seen_digest, written
from headway.domain.plans.models import WorkItem
from headway.domain.risks.models import Blocker
from headway.errors import Conflict, HeadwayError, Invalid, NotFound, Refused

YES = {"decision": "approved", "statement": "Fine."}
GO = {"outcome": "go"}
LATE = AT + 2 * HOUR
WAIVE = {"requirement": "card", "owner": "bob", "reason": "Being written.", "until": "2026-12-10"}
BOUND = {"text": "Drill the rollback", "owner": "bob", "due": "2026-12-04"}


@pytest.fixture
def before(cast: Cast) -> Before:
    """Stand before the gate, with recall shown."""
    found = before_a_gate(cast)
    recall(cast)
    return found


def approve(before: Before, decision: str = "approved") -> None:
    (question,) = request_approvals(before.cast.bob, before.gate, ["privacy"], AT)
    answer_approval(before.sam, question.id, {**YES, "decision": decision}, AT + HOUR)


def opened(before: Before) -> None:
    """Show the rest, and let Alice decide to go."""
    card(before.cast)
    approve(before)
    decide_gate(before.cast.alice, before.gate, GO, LATE)


def closed(before: Before, at=LATE) -> str:
    return gate_desk(before.cast.vera, before.gate, at, None).deciding.closed


@pytest.mark.django_db
class TestDeciding:
    def test_a_go_is_refused_with_what_stands_against_it(self, before: Before) -> None:
        with pytest.raises(Refused) as caught:
            decide_gate(before.cast.alice, before.gate, GO, LATE)
        assert "2 things stand against a go. Model card is missing." in str(caught.value)
        assert "Privacy has not approved: nobody was asked yet." in str(caught.value)
        assert not GateDecision.objects.exists()

    def test_a_go_pins_what_was_seen_and_becomes_a_record(self, before: Before) -> None:
        card(before.cast)
        approve(before)
        now = before.seen(LATE)
        made = decide_gate(before.cast.alice, before.gate, GO, LATE, seen=seen_digest(now))
        row = GateDecision.objects.get()
        assert (made.outcome, made.by, made.subject) == ("go", "Alice", "model:screen@1")
        assert (row.seen, row.rules.number) == (written(now), 1)
        told = json.loads(Record.objects.get(sequence=made.record).payload)
        assert told["seen_digest"] == made.seen_digest == seen_digest(now)
        assert (told["outcome"], told["rules"]) == ("go", 1)
        assert "alice" not in json.dumps(told).lower()
        assert closed(before) == ""
        assert gate_page(before.cast.vera, before.gate, LATE).standing.state == "passed"

    def test_it_is_never_changed_and_a_later_one_counts(self, before: Before) -> None:
        opened(before)
        row = GateDecision.objects.get()
        row.outcome = "kill"
        with pytest.raises(DatabaseError), transaction.atomic():
            row.save()
        decide_gate(before.cast.alice, before.gate, {"outcome": "hold", "reason": "Wait."}, LATE)
        assert [(one.serial, one.outcome) for one in GateDecision.objects.order_by("serial")] == [
            (1, "go"),
            (2, "hold"),
        ]
        assert "was put on hold on 23 Nov 2026: Wait." in closed(before)

    def test_nobody_decides_their_own(self, before: Before) -> None:
        for who, words in ((before.cast.mia, "opened this gate"), (before.cast.bob, "contributor")):
            with pytest.raises(Refused, match=words):
                decide_gate(who, before.gate, {"outcome": "hold", "reason": "So."}, AT)
        house = headway_actor(before.cast.acme.id)
        with pytest.raises(Refused, match="a machine cannot"):
            decide_gate(house, before.gate, {"outcome": "hold", "reason": "So."}, AT)
        with pytest.raises(NotFound):
            decide_gate(before.cast.charlie, before.gate, GO, AT)

    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ({"outcome": "gone"}, "did you mean 'go'"),
            ({"outcome": "hold"}, "Say why"),
            ({"outcome": "kill", "reason": "x", "conditions": [BOUND]}, "belong to a go"),
            ({"outcome": "go", "conditions": [BOUND]}, "decide 'go_with_conditions'"),
            ({"outcome": "go_with_conditions"}, "needs at least one"),
        ],
    )
    def test_an_outcome_says_what_it_needs(
        self, before: Before, values: dict[str, object], words: str
    ) -> None:
        card(before.cast)
        approve(before)
        with pytest.raises(Invalid, match=words):
            decide_gate(before.cast.alice, before.gate, values, LATE)

    def test_evidence_that_moved_on_asks_to_look_again(self, before: Before) -> None:
        digest = seen_digest(before.seen(LATE))
        card(before.cast, at=AT + HOUR)
        with pytest.raises(Conflict, match="look again"):
            decide_gate(
                before.cast.alice,
                before.gate,
                {"outcome": "hold", "reason": "Wait."},
                LATE,
                seen=digest,
            )

    def test_recycled_it_is_asked_and_approved_anew(self, before: Before) -> None:
        card(before.cast)
        approve(before)
        again = {"outcome": "recycle", "reason": "New labels."}
        decide_gate(before.cast.alice, before.gate, again, LATE)
        assert before.row.round == 2
        with pytest.raises(Refused, match="nobody was asked yet"):
            decide_gate(before.cast.alice, before.gate, GO, LATE)


@pytest.mark.django_db
class TestEntering:
    def test_a_release_enters_through_a_go_and_not_without(self, before: Before) -> None:
        with pytest.raises(Refused, match="cannot enter 'shadow'.*closed, nothing was decided"):
            enter_stage(before.cast.bob, before.release, "shadow", LATE)
        opened(before)
        moved = enter_stage(before.cast.bob, before.release, "shadow", LATE)
        assert moved.stage == "shadow"
        back = enter_stage(before.cast.bob, before.release, "data", LATE, reason="Labels.")
        assert (back.stage, back.moves_back) == ("data", 1)

    def test_a_go_is_for_the_version_that_was_seen(self, before: Before) -> None:
        opened(before)
        recall(before.cast, at=LATE, version=2)
        with pytest.raises(Refused, match="now it is model:screen@2"):
            enter_stage(before.cast.bob, before.release, "integrate", LATE + HOUR)

    def test_a_go_ends_with_the_evidence_that_it_rests_on(self, before: Before) -> None:
        opened(before)
        assert closed(before, AT + 59 * DAY) == ""
        assert "“Recall” does not hold any more" in closed(before, AT + 61 * DAY)


@pytest.mark.django_db
def test_a_light_gate_opens_without_a_decision_once_nothing_lacks(before: Before) -> None:
    light = RULES.replace("key: small", "key: light\nis_light: true")
    add_gate_template(before.cast.alice, light, AT)
    change_gate_rules(before.cast.mia, before.gate, "light", None, AT)
    card(before.cast)
    assert closed(before).startswith("it is light, and not all is there. Privacy has not approved")
    approve(before)
    assert enter_stage(before.cast.bob, before.release, "integrate", LATE).stage == "integrate"
    assert not GateDecision.objects.exists()


@pytest.mark.django_db
class TestWaiving:
    def test_a_waiver_opens_until_its_day_and_is_never_green(self, before: Before) -> None:
        number = recall(before.cast, 0.96, at=AT)
        made = grant_waiver(before.cast.alice, before.gate, {**WAIVE, "compensating": [number]}, AT)
        words = {
            line.key: (line.word, line.verdict)
            for line in gate_page(before.cast.vera, before.gate, AT).lines
        }
        assert words["card"] == ("waived", "missing")
        record = Record.objects.get(sequence=made.record)
        told = json.loads(record.payload)
        assert (record.kind, told["until"], told["compensating"]) == (
            "waiver",
            "2026-12-10",
            [number],
        )
        approve(before)
        decide_gate(before.cast.alice, before.gate, GO, LATE)
        assert closed(before, AT + 17 * DAY) == ""
        assert "“Model card” does not hold any more" in closed(before, AT + 18 * DAY)
        assert waivers_page(before.cast.vera, AT + 18 * DAY).debt.expired == 1

    def test_revoked_its_requirement_counts_again_at_once(self, before: Before) -> None:
        made = grant_waiver(before.cast.alice, before.gate, WAIVE, AT)
        revoke_waiver(before.cast.alice, made.id, AT + HOUR)
        assert not before.seen(AT + HOUR).line("card").is_passed
        records = Record.objects.filter(kind="waiver").order_by("sequence")
        assert [json.loads(one.payload)["revoked"] for one in records] == [False, True]
        with pytest.raises(Conflict):
            revoke_waiver(before.cast.alice, made.id, AT + HOUR)

    @pytest.mark.parametrize(
        ("values", "error", "words"),
        [
            ({"requirement": "recall"}, Refused, "may not be set aside"),
            ({"requirement": "nothing"}, Invalid, "no requirement"),
            ({"until": "2026-12-24"}, Invalid, "allows 30 days"),
            ({"compensating": "4711"}, Invalid, "no record 4711"),
        ],
    )
    def test_the_rules_say_what_may_be_waived(
        self, before: Before, values: dict[str, str], error: type[HeadwayError], words: str
    ) -> None:
        with pytest.raises(error, match=words):
            grant_waiver(before.cast.alice, before.gate, {**WAIVE, **values}, AT)

    def test_a_gate_holds_no_more_than_its_cap_and_nobody_waives_their_own(
        self, before: Before
    ) -> None:
        with pytest.raises(Refused, match="nobody waives their own"):
            grant_waiver(before.cast.mia, before.gate, WAIVE, AT)
        grant_waiver(before.cast.alice, before.gate, WAIVE, AT)
        more = {**WAIVE, "requirement": "privacy-approved"}
        with pytest.raises(Refused, match="rules allow 1"):
            grant_waiver(before.cast.alice, before.gate, more, AT)


@pytest.mark.django_db
class TestConditions:
    def bound(self, before: Before, **more: object) -> None:
        card(before.cast)
        approve(before)
        values = {"outcome": "go_with_conditions", "conditions": [{**BOUND, **more}]}
        decide_gate(before.cast.alice, before.gate, values, LATE)

    def test_its_owner_says_that_it_is_met_and_how(self, before: Before) -> None:
        self.bound(before)
        (line,) = conditions_owed(before.cast.vera, AT + 12 * DAY)
        assert line.state == "overdue"
        with pytest.raises(Refused, match="is owed by bob"):
            meet_condition(before.cast.vera, line.condition.id, "Done.", LATE)
        met = meet_condition(before.cast.bob, line.condition.id, "Drilled in staging.", LATE)
        assert met.state(AT.date()) == "met"
        assert conditions_owed(before.cast.vera, AT) == []
        with pytest.raises(Conflict):
            meet_condition(before.cast.bob, line.condition.id, "Again.", LATE)

    def test_one_that_names_a_requirement_is_met_by_evidence_alone(self, before: Before) -> None:
        self.bound(before, requirement="recall")
        (line,) = conditions_owed(before.cast.vera, LATE)
        with pytest.raises(Refused, match="push the evidence"):
            meet_condition(before.cast.bob, line.condition.id, "Done.", LATE)
        assert settle_gates(headway_actor(before.cast.acme.id), LATE) == 1
        assert conditions_owed(before.cast.vera, LATE) == []

    def test_what_was_approved_with_conditions_carries_them(self, before: Before) -> None:
        card(before.cast)
        approve(before, "conditions")
        with pytest.raises(Invalid, match="Privacy approved with conditions"):
            decide_gate(before.cast.alice, before.gate, GO, LATE)


@pytest.mark.django_db
class TestInThePlan:
    def test_a_closed_gate_blocks_its_milestone_until_a_go(self, before: Before) -> None:
        with_milestone(before)
        house = headway_actor(before.cast.acme.id)
        assert settle_gates(house, AT) == 1
        assert settle_gates(house, AT + HOUR) == 0
        held = Blocker.objects.get()
        assert (held.name, held.state) == ("Gate closed: Screening aid 1.0, Integrate", "open")
        desk = gate_desk(before.cast.vera, before.gate, AT, None)
        assert [item.name for item in desk.waits.items] == ["Validated"]
        assert desk.waits.outlook.first.days_p80 is not None
        opened(before)
        held.refresh_from_db()
        assert (held.state, held.resolution) == ("resolved", "The gate was opened.")
        recall(before.cast, 0.2, at=LATE)
        assert settle_gates(house, LATE + HOUR) == 1
        held.refresh_from_db()
        assert held.state == "open"

    def test_a_gate_that_is_far_ahead_blocks_nothing(self, before: Before) -> None:
        with_milestone(before)
        enter_stage(before.cast.bob, before.release, "data", AT)
        assert settle_gates(headway_actor(before.cast.acme.id), AT) == 0
        assert not Blocker.objects.exists()

    def answered(self, before: Before, days: list[int]) -> None:
        for number, day in enumerate(days):
            asked = AT - (30 + number) * DAY
            ApprovalRequest.objects.create(
                workspace=before.cast.acme,
                gate_id=before.gate,
                round=1,
                function="privacy",
                requested_at=asked,
                answered_at=asked + day * DAY,
                decision="approved",
            )

    def test_measured_queue_time_is_taken_into_the_plan_with_one_click(
        self, before: Before
    ) -> None:
        with_milestone(before)
        self.answered(before, [7, 7, 14])
        offer = queue_offer(before.cast.vera, before.row, AT)
        assert (offer.name, offer.after) == ("Privacy review", None)
        with pytest.raises(Conflict, match="3 answers of privacy so far; a range takes 5"):
            take_queue_time(before.cast.bob, before.gate, AT)
        self.answered(before, [14, 21, 28])
        (time,) = queue_times_of(before.cast.vera, AT)
        assert (time.n, time.estimate) == (6, (5, 10, 20))
        take_queue_time(before.cast.bob, before.gate, AT)
        assert WorkItem.objects.get(key="review").estimate == [5, 10, 20]
        with pytest.raises(Conflict, match="says so already"):
            take_queue_time(before.cast.bob, before.gate, AT)


@pytest.mark.django_db
def test_the_calendar_holds_what_is_due_and_what_ends(before: Before) -> None:
    grant_waiver(before.cast.alice, before.gate, WAIVE, AT)
    found = [(str(one.day), one.sort) for one in gate_calendar(before.cast.vera, AT)]
    assert found == [("2026-12-10", "waiver"), ("2027-01-22", "evidence")]
    assert gate_calendar(before.cast.charlie, AT) == []
