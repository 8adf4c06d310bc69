"""The impact assessment: two criteria presume it, missing never passes, change makes it stale."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.analysis.verdicts import Verdict
from headway.domain.compliance.rules.dpia import (
    CONSULTED,
    RESIDUAL_RISK,
    Approval,
    changes_between,
    document_digest,
    judge_document,
    questions,
    read_dpia_answer,
    screen,
)
from headway.domain.compliance.rules.law import gdpr
from headway.errors import Invalid

AT = datetime(2026, 11, 20, tzinfo=UTC)
NO: dict[str, object] = {one.id: False for one in questions()}
NEEDED = screen({"special": True})
WHOLE = {one.id: f"{one.title}." for one in gdpr().parts} | {RESIDUAL_RISK: "low"}
YES = Approval("approved", document_digest(WHOLE), AT, 7)


@pytest.mark.parametrize("always", [one.id for one in gdpr().always])
def test_one_yes_of_the_law_itself_requires_it(always: str) -> None:
    assert screen({always: True}).is_required is True


@given(st.sets(st.sampled_from([one.id for one in gdpr().criteria])))
def test_two_of_nine_presume_it_and_one_does_not(held: set[str]) -> None:
    found = screen(NO | dict.fromkeys(held, True))
    assert found.is_required is (len(held) >= 2)
    assert found.verdict is Verdict.MET


@pytest.mark.parametrize("question", [one.id for one in questions()])
def test_it_is_never_needless_while_a_question_is_open(question: str) -> None:
    answers = {key: value for key, value in NO.items() if key != question}
    found = screen(answers)
    assert found.is_required is None
    assert (found.verdict, found.next_question) == (Verdict.INSUFFICIENT, question)
    assert screen({}).verdict is Verdict.MISSING


def test_an_answer_is_yes_or_no() -> None:
    assert read_dpia_answer("scale", "Yes") is True
    with pytest.raises(Invalid, match="yes or no"):
        read_dpia_answer("scale", "somewhat")
    with pytest.raises(Invalid, match="asks nothing called"):
        read_dpia_answer("weather", "yes")


@pytest.mark.parametrize("part", [one.id for one in gdpr().parts])
def test_an_approved_assessment_with_a_part_missing_is_not_complete(part: str) -> None:
    document = WHOLE | {part: "  "}
    approval = Approval("approved", document_digest(document), AT, 7)
    found = judge_document(NEEDED, document, approval)
    assert found.verdict is Verdict.INSUFFICIENT
    assert [one.id for one in found.missing] == [part]
    assert judge_document(NEEDED, {}, approval).verdict is Verdict.MISSING


def test_written_is_not_approved() -> None:
    found = judge_document(NEEDED, WHOLE, None)
    assert (found.verdict, found.sentence) == (
        Verdict.MISSING,
        "Written; privacy has not approved it.",
    )


def test_what_was_approved_is_what_stands() -> None:
    assert judge_document(NEEDED, WHOLE, YES).verdict is Verdict.MET
    changed = WHOLE | {"risks": "More."}
    assert judge_document(NEEDED, changed, YES).verdict is Verdict.STALE
    for decision in ("refused", "conditions"):
        refusal = Approval(decision, document_digest(WHOLE), AT, 8)
        assert judge_document(NEEDED, WHOLE, refusal).verdict is Verdict.UNMET


def test_other_personal_data_or_another_purpose_asks_for_a_review() -> None:
    then = {"the purpose of Screening": "find", "the personal data of scans": "special"}
    now = {"the purpose of Screening": "find and sell", "the personal data of letters": "personal"}
    moved = changes_between(then, now)
    assert moved == [
        "the personal data of letters came",
        "the purpose of Screening changed from “find” to “find and sell”",
    ]
    found = judge_document(NEEDED, WHOLE, YES, changed=moved)
    assert found.verdict is Verdict.STALE
    assert "35(11)" in found.sentence
    assert changes_between(then, then) == []


def test_a_high_risk_that_is_left_asks_the_authority_first() -> None:
    risky = WHOLE | {RESIDUAL_RISK: "high"}
    approval = Approval("approved", document_digest(risky), AT, 7)
    assert judge_document(NEEDED, risky, approval).verdict is Verdict.UNMET
    asked = risky | {CONSULTED: "Asked on 1 November."}
    approval = Approval("approved", document_digest(asked), AT, 7)
    assert judge_document(NEEDED, asked, approval).verdict is Verdict.MET


def test_what_is_not_required_does_not_apply_and_what_is_open_stays_open() -> None:
    assert judge_document(screen(NO), {}, None).verdict is Verdict.NOT_APPLICABLE
    assert judge_document(screen({}), WHOLE, YES).verdict is Verdict.MISSING
