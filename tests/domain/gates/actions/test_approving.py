"""Functions approve a gate: once, by somebody who may and whose own it is not, on record."""

from __future__ import annotations

import json
from threading import Barrier, Thread

import pytest
from django.db import connection
from tests.cast import AT, Cast
from tests.domain.gates.standing_before import (
    DAY,
    HOUR,
    RULES,
    Before,
    before_a_gate,
    card,
    push,
    recall,
)

from headway.domain.accounts.models import AuditEntry, Member
from headway.domain.accounts.rules import Function
from headway.domain.evidence.models import Record
from headway.domain.gates.actions import (
    add_gate_template,
    answer_approval,
    change_gate_rules,
    delegate_function,
    request_approvals,
    revoke_delegation,
)
from headway.domain.gates.queries import approvals_waiting, gate_desk, gate_page
from headway.domain.gates.queries.seen import seen_now
from headway.domain.gates.rules.decisions import seen_digest
from headway.errors import Conflict, HeadwayError, Invalid, NotFound, Refused

YES = {"decision": "approved", "statement": "Fine."}


@pytest.fixture
def before(cast: Cast) -> Before:
    """Stand before the gate, with recall shown."""
    found = before_a_gate(cast)
    recall(cast)
    return found


def asked(before: Before, function: str = "privacy", at=AT):
    return next(
        one
        for one in request_approvals(before.cast.bob, before.gate, [function], at)
        if one.function == function
    )


def word(before: Before, key: str = "privacy-approved", at=AT + DAY) -> tuple[str, str]:
    lines = gate_page(before.cast.vera, before.gate, at).lines
    return next((line.word, line.sentence) for line in lines if line.key == key)


@pytest.mark.django_db
class TestAnswering:
    def test_an_answer_is_pinned_to_what_was_seen_and_becomes_a_record(
        self, before: Before
    ) -> None:
        assert word(before) == ("missing", "Privacy was not asked yet.")
        question = asked(before)
        assert "not answered yet" in word(before)[1]
        now = before.seen(AT + HOUR)
        said = answer_approval(before.sam, question.id, YES, AT + HOUR, seen=seen_digest(now))
        assert (said.decision, said.answered_by, said.seen) == ("approved", "Sam", now)
        record = Record.objects.get(sequence=said.record)
        told = json.loads(record.payload)
        assert (record.kind, str(record.subject)) == ("approval", "model:screen@1")
        assert (told["release"], told["stage"], told["requirement"]) == (
            "1.0",
            "integrate",
            "privacy-approved",
        )
        assert told["seen_digest"] == seen_digest(now)
        assert told["requested_at"].startswith("2026-11-23T09:00")
        assert "Sam" not in record.payload
        assert "sam@" not in record.payload
        assert word(before)[0] == "met"
        assert AuditEntry.objects.filter(action="answer_approval").count() == 1

    def test_nobody_answers_twice_nor_what_has_moved_on(self, before: Before) -> None:
        question = asked(before)
        with pytest.raises(Conflict, match="look again"):
            answer_approval(before.sam, question.id, YES, AT, seen="0" * 64)
        answer_approval(before.sam, question.id, YES, AT + HOUR)
        with pytest.raises(Conflict, match="answered this on 23 Nov 2026"):
            answer_approval(before.ana, question.id, YES, AT + DAY)

    def test_asking_again_keeps_the_question_that_waits(self, before: Before) -> None:
        first = asked(before)
        assert asked(before, at=AT + DAY).id == first.id
        with pytest.raises(Invalid, match="'auditor' does not approve"):
            request_approvals(before.cast.bob, before.gate, ["auditor"], AT)
        with pytest.raises(Refused):
            request_approvals(before.cast.vera, before.gate, ["legal"], AT)
        with pytest.raises(NotFound):
            request_approvals(before.cast.charlie, before.gate, ["legal"], AT)

    def test_a_refusal_says_why_and_is_unmet(self, before: Before) -> None:
        question = asked(before)
        with pytest.raises(Invalid, match="why it is refused"):
            answer_approval(before.sam, question.id, {"decision": "refused"}, AT + HOUR)
        no = {"decision": "refused", "statement": "No consent."}
        answer_approval(before.sam, question.id, no, AT + HOUR)
        verdict, sentence = word(before)
        assert verdict == "unmet"
        assert "refused by Sam on 23 Nov 2026: No consent." in sentence


@pytest.mark.django_db
class TestSeparationOfDuties:
    def give(self, before: Before, name: str, *functions: Function) -> None:
        Member.objects.filter(user__name=name).update(functions=list(functions))

    def refusal(self, before: Before, who, question) -> str:
        with pytest.raises(Refused) as caught:
            answer_approval(who, question.id, YES, AT + HOUR)
        return str(caught.value)

    def test_who_opened_asked_owns_or_pushed_does_not_approve(self, before: Before) -> None:
        self.give(before, "Mia", Function.PRIVACY)
        self.give(before, "Alice", Function.PRIVACY)
        question = asked(before)
        told = self.refusal(before, before.cast.mia, question)
        assert told == (
            "Mia opened this gate, and nobody approves their own. "
            "It may be answered by Alice, Anna or Sam."
        )
        found = request_approvals(before.cast.alice, before.gate, ["security"], AT)
        again = next(one for one in found if one.function == "security")
        self.give(before, "Alice", Function.SECURITY)
        assert "asked for this approval" in self.refusal(before, before.cast.alice, again)
        card(before.cast)
        recall(before.cast, at=AT + HOUR, actor=before.cast.alice)
        self.give(before, "Alice", Function.PRIVACY)
        assert "Alice pushed evidence of it" in self.refusal(before, before.cast.alice, question)

    def test_the_owner_of_the_system_is_known_by_the_roster(self, before: Before) -> None:
        row = Member.objects.get(user__name="Bob")
        row.role, row.functions = "manager", [Function.PRIVACY]
        row.save()
        (question,) = request_approvals(before.cast.mia, before.gate, ["privacy"], AT)
        desk = gate_desk(before.cast.mia, before.gate, AT, None)
        assert desk.questions[0].who == ["Anna", "Sam"]
        assert question.requested_by == "Mia"

    def test_a_function_is_held_or_delegated_within_its_days(self, before: Before) -> None:
        question = asked(before, "legal")
        assert "neither holds the function 'legal'" in self.refusal(before, before.sam, question)
        given = {"function": "legal", "taker": "sam@example.com", "ends": "2026-11-27"}
        made = delegate_function(before.ana, given, AT)
        assert (made.giver, made.taker) == ("Anna", "Sam")
        late = AT + 5 * DAY
        with pytest.raises(Refused, match="neither holds"):
            answer_approval(before.sam, question.id, YES, late)
        said = answer_approval(before.sam, question.id, YES, AT + DAY)
        assert said.in_place_of == "Anna"
        told = json.loads(Record.objects.get(sequence=said.record).payload)
        assert told["for_ref"] == f"member:{before.ana.member_id.hex}"

    def test_a_revoked_delegation_carries_nothing(self, before: Before) -> None:
        question = asked(before, "legal")
        given = {"function": "legal", "taker": "sam@example.com", "ends": "2026-11-27"}
        made = delegate_function(before.ana, given, AT)
        with pytest.raises(Refused, match="taken back by who gave it"):
            revoke_delegation(before.cast.mia, made.id, AT)
        revoke_delegation(before.ana, made.id, AT + HOUR)
        assert "neither holds" in self.refusal(before, before.sam, question)
        with pytest.raises(Conflict):
            revoke_delegation(before.ana, made.id, AT + HOUR)

    @pytest.mark.parametrize(
        ("values", "error", "words"),
        [
            ({"taker": "anna@example.com"}, Invalid, "Nobody stands in for themselves"),
            ({"taker": "vera@example.com"}, Refused, "who may answer nothing"),
            ({"taker": "charlie@example.com"}, NotFound, "No member"),
            ({"function": "security"}, Refused, "does not hold 'security'"),
            ({"ends": "2026-11-22"}, Invalid, "past|before it starts"),
            ({"giver": "sam@example.com", "taker": "mia@example.com"}, Refused, "hold yourself"),
        ],
    )
    def test_a_delegation_is_ones_own_to_give(
        self, before: Before, values: dict[str, str], error: type[HeadwayError], words: str
    ) -> None:
        given = {"function": "legal", "taker": "sam@example.com", "ends": "2026-11-27", **values}
        with pytest.raises(error, match=words):
            delegate_function(before.ana, given, AT)

    def test_one_person_answers_for_one_function(self, before: Before) -> None:
        first, second = asked(before), asked(before, "security")
        answer_approval(before.sam, first.id, YES, AT + HOUR)
        assert "another person for each function" in self.refusal(before, before.sam, second)

    def test_one_person_answers_for_two_where_the_rules_let_them(self, before: Before) -> None:
        loose = RULES.replace("key: small", "key: loose").replace(
            "waivers: 1", "distinct_approvers: false"
        )
        add_gate_template(before.cast.alice, loose, AT)
        change_gate_rules(before.cast.mia, before.gate, "loose", None, AT)
        first, second = asked(before), asked(before, "security")
        for question in (first, second):
            answer_approval(before.sam, question.id, YES, AT + HOUR)

    def test_an_approval_that_was_pushed_counts_for_nothing(self, before: Before) -> None:
        push(before.cast, kind="approval", function="privacy", decision="approved")
        assert word(before)[0] == "missing"


@pytest.mark.django_db
class TestFallingAway:
    def approved(self, before: Before) -> None:
        answer_approval(before.sam, asked(before).id, YES, AT + HOUR)
        assert word(before)[0] == "met"

    def test_with_another_version_of_the_model(self, before: Before) -> None:
        self.approved(before)
        recall(before.cast, at=AT + 2 * HOUR, version=2)
        verdict, sentence = word(before)
        assert verdict == "stale"
        assert "it was model:screen@1, now it is model:screen@2. Ask again." in sentence

    def test_with_evidence_that_got_worse_and_not_with_better(self, before: Before) -> None:
        self.approved(before)
        card(before.cast, at=AT + 2 * HOUR)
        recall(before.cast, 0.97, at=AT + 2 * HOUR)
        assert word(before)[0] == "met"
        recall(before.cast, 0.5, at=AT + 3 * HOUR)
        verdict, sentence = word(before)
        assert verdict == "stale"
        assert "“Recall” does not hold any more" in sentence

    def test_what_was_known_then_stands_as_it_was(self, before: Before) -> None:
        self.approved(before)
        recall(before.cast, 0.5, at=AT + DAY)
        at = AT + 2 * HOUR
        then = gate_page(before.cast.vera, before.gate, at, known_at=at)
        assert {line.key: line.word for line in then.lines}["privacy-approved"] == "met"
        asked_then = gate_page(before.cast.vera, before.gate, AT, known_at=AT)
        assert {line.key: line.word for line in asked_then.lines}["privacy-approved"] == "missing"


@pytest.mark.django_db
def test_it_is_listed_what_waits_for_me_and_why_not(before: Before) -> None:
    asked(before)
    (mine,) = approvals_waiting(before.sam, AT + DAY)
    assert (mine.is_mine, mine.who) == (True, ["Anna", "Sam"])
    Member.objects.filter(user__name="Mia").update(functions=["privacy"])
    (other,) = approvals_waiting(before.cast.mia, AT + DAY)
    assert not other.is_mine
    assert other.why_not_mine == "Mia opened this gate, and nobody approves their own."
    assert approvals_waiting(before.cast.charlie, AT + DAY) == []
    assert approvals_waiting(before.cast.vera, AT + DAY, known_at=AT - HOUR) == []


def test_fifty_answers_at_once_are_one(lasting_cast: Cast) -> None:
    before = before_a_gate(lasting_cast)
    recall(lasting_cast)
    question = asked(before)
    hands, results = 50, list[object]()
    start = Barrier(hands)

    def answer(number: int) -> None:
        start.wait()
        try:
            who = before.sam if number % 2 else before.ana
            results.append(answer_approval(who, question.id, YES, AT + HOUR))
        except HeadwayError as error:
            results.append(error)
        finally:
            connection.close()

    threads = [Thread(target=answer, args=(number,)) for number in range(hands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    refused = [one for one in results if isinstance(one, Conflict)]
    assert (len(results), len(refused)) == (hands, hands - 1)
    assert Record.objects.filter(kind="approval").count() == 1
    assert seen_now(before.cast.mia, before.row, AT + HOUR).line("privacy-approved").holds
