"""Who may answer for a function, and how long what they said holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.domain.gates.rules.approvals import (
    DelegationFacts,
    Hand,
    RequestFacts,
    chair_of,
    check_delegation,
    standings,
    who_instead,
    who_may,
    why_not,
)
from headway.domain.gates.rules.decisions import Seen, SeenLine
from headway.domain.programs.rules.approving import read_function
from headway.errors import Invalid

TODAY = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
ID = UUID(int=0)

LENA = Hand(UUID(int=1), "Lena", frozenset({"privacy"}))
MARK = Hand(UUID(int=2), "Mark", frozenset({"privacy", "security"}))
DANA = Hand(UUID(int=3), "Dana", frozenset())
HANDS = {one.member_id: one for one in (LENA, MARK, DANA)}

AWAY = DelegationFacts(
    ID, ID, "privacy", LENA.member_id, DANA.member_id, "Lena", "Dana",
    TODAY, TODAY + timedelta(days=4), "On leave", is_revoked=False, version=1,
)  # fmt: skip
SEEN = Seen("model:x@1", 1, "d", (SeenLine("recall", "Recall", "met", holds=True),))
ASKED = RequestFacts(
    ID, ID, ID, 1, "privacy", AT - timedelta(days=3), "Mia", None, None, "", None, "", "", "",
    None, "", None, 1,
)  # fmt: skip
ANSWERED = replace(
    ASKED, answered_at=AT, answered_by="Lena", answered_by_id=LENA.member_id,
    decision="approved", seen=SEEN,
)  # fmt: skip


def said(hand: Hand, function: str = "privacy", others: tuple[str, ...] = ()) -> str:
    hands = HANDS | {hand.member_id: hand}
    chair = chair_of(hand, function, hands, [AWAY], TODAY)
    return why_not(hand, function, chair, others, distinct=True)


def test_who_holds_the_function_answers_and_a_stand_in_within_the_days() -> None:
    assert said(LENA) == ""
    chair = chair_of(DANA, "privacy", HANDS, [AWAY], TODAY)
    assert chair is not None
    assert chair.giver == LENA
    assert chair_of(DANA, "security", HANDS, [AWAY], TODAY) is None


@given(st.integers(-10, 20), st.booleans())
def test_a_delegation_holds_on_its_days_and_on_no_other(day: int, is_revoked: bool) -> None:
    one = replace(AWAY, is_revoked=is_revoked)
    chair = chair_of(DANA, "privacy", HANDS, [one], TODAY + timedelta(days=day))
    assert (chair is not None) == (0 <= day <= 4 and not is_revoked)


def test_nobody_approves_their_own_nor_has_it_approved_by_a_stand_in() -> None:
    own = replace(LENA, ties=("opened this gate", "owns Screening aid"))
    assert said(own) == (
        "Lena opened this gate and owns Screening aid, and nobody approves their own."
    )
    hands = HANDS | {own.member_id: own}
    chair = chair_of(DANA, "privacy", hands, [AWAY], TODAY)
    assert "stands in for Lena, who opened" in why_not(DANA, "privacy", chair, (), distinct=False)


def test_a_delegation_carries_no_further_than_its_giver() -> None:
    left = replace(LENA, functions=frozenset())
    assert chair_of(DANA, "privacy", {**HANDS, left.member_id: left}, [AWAY], TODAY) is None
    gone = {key: one for key, one in HANDS.items() if key != LENA.member_id}
    assert chair_of(DANA, "privacy", gone, [AWAY], TODAY) is None


def test_one_person_answers_for_one_function_where_the_rules_say_so() -> None:
    assert "answered for security" in said(MARK, others=("security",))
    chair = chair_of(MARK, "privacy", HANDS, [], TODAY)
    assert why_not(MARK, "privacy", chair, ("security",), distinct=False) == ""


def test_it_is_said_who_may_instead() -> None:
    answered = {MARK.member_id: ["security"]}
    free = who_may("privacy", HANDS, [AWAY], answered, TODAY, distinct=True)
    assert [one.name for one in free] == ["Dana", "Lena"]
    assert who_instead("privacy", free) == "It may be answered by Dana or Lena."
    assert "Nobody else holds 'legal'" in who_instead("legal", [])


def test_the_newest_answer_speaks_and_asking_again_loses_nothing() -> None:
    again = replace(ASKED, requested_at=AT + timedelta(hours=1))
    (found,) = standings([ANSWERED, again], SEEN)
    assert (found.state, found.holds, found.is_asked_again) == ("approved", True, True)
    refused = replace(
        again, answered_at=AT + timedelta(days=1), answered_by="Mark", decision="refused",
        statement="No consent.", seen=SEEN,
    )  # fmt: skip
    (found,) = standings([ANSWERED, refused], SEEN)
    assert (found.state, found.holds) == ("refused", False)
    assert "refused by Mark on 24 Nov 2026: No consent." in found.sentence


def test_an_approval_falls_away_with_what_was_seen() -> None:
    other = replace(SEEN, subject="model:x@2")
    (found,) = standings([ANSWERED], other)
    assert (found.state, found.holds) == ("lapsed", False)
    assert "What was seen has changed" in found.sentence
    (waiting,) = standings([ASKED], SEEN)
    assert waiting.state == "waiting"


@pytest.mark.parametrize(
    ("starts", "ends", "to_self", "words"),
    [
        (0, 3, True, "Nobody stands in for themselves"),
        (3, 0, False, "before it starts"),
        (-5, -1, False, "which is past"),
        (0, 366, False, "at most 366"),
    ],
)
def test_a_delegation_needs_somebody_else_and_sound_days(
    starts: int, ends: int, to_self: bool, words: str
) -> None:
    first, last = (TODAY + timedelta(days=day) for day in (starts, ends))
    with pytest.raises(Invalid, match=words):
        check_delegation(first, last, TODAY, to_self=to_self)


def test_who_only_sees_does_not_approve() -> None:
    assert read_function("function", " Privacy ") == "privacy"
    with pytest.raises(Invalid, match="'auditor' does not approve"):
        read_function("function", "auditor")
