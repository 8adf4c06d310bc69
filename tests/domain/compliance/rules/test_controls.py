"""A control stands on evidence and a person; silence and time turn nothing into met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.domain.assessments.rules import Level, Verdict
from headway.domain.compliance.rules.controls import (
    Answer,
    ControlStanding,
    Played,
    judge_ask,
    judge_control,
)
from headway.domain.compliance.rules.known import Known, Proof
from headway.domain.compliance.rules.packs import Ask, Control, Given, Pack, read_pack
from headway.domain.compliance.rules.statement import statement
from headway.domain.compliance.rules.tally import crosswalk, tally

AT = datetime(2026, 11, 23, tzinfo=UTC)
SCOPE = "system:screening"
TEXT = b"""pack: release
title: Release policy
controls:
  - id: DRILL
    title: A rollback was tried
    evidence: [{kind: drill, where: {drill: rollback}, is: {passed: true}, within: 90}]
  - id: BOTH
    title: Somebody answers for the test
    attest: yes
    evidence: [{kind: evaluation, has: [low, high]}]
  - {id: TOLD, title: Those who depend on it were told}
  - {id: LATER, title: Asked next year, effective_from: 2027-06-01}
"""
PACK = read_pack(TEXT, "release.yaml", Given("1", date(2026, 1, 1)))


def proof(
    record: int, kind: str, values: Mapping[str, Any], *, subject: str = "model:m@1", days: int = 1
) -> Proof:
    return Proof(record, subject, kind, values, AT - timedelta(days=days))


def drill(record: int = 1, *, passed: bool | None = True, days: int = 1) -> Proof:
    return proof(record, "drill", {"drill": "rollback", "passed": passed}, days=days)


def word(record: int, control: str, answer: str = "met", **more: object) -> Proof:
    values = {
        "item": f"release/{control}",
        "answer": answer,
        "role": "legal",
        "link": "https://wiki.example/1",
        "done_on": "2026-11-01",
        **more,
    }
    return proof(record, "attestation", values, subject=SCOPE)


def evaluation(record: int = 1, **more: object) -> Proof:
    subject = str(more.pop("subject", "model:m@1"))
    values = {"metric": "auc", "value": 0.9, "low": 0.8, "high": 0.95, "split": "test", **more}
    return proof(record, "evaluation", values, subject=subject)


def stands(
    control: str,
    *proofs: Proof,
    subjects: Sequence[str] = (),
    answer: Answer | None = None,
    at: datetime = AT,
    pack: Pack = PACK,
) -> ControlStanding:
    known = Known.of(proofs, subjects)
    return judge_control(pack, pack.by_id[control], known, at, scope=SCOPE, answer=answer)


@pytest.mark.parametrize(
    ("proofs", "verdict"),
    [
        ([drill()], Verdict.MET),
        ([], Verdict.MISSING),
        ([drill(passed=False)], Verdict.UNMET),
        ([drill(passed=None)], Verdict.INSUFFICIENT),
        ([drill(days=91)], Verdict.STALE),
        ([drill(1, passed=False, days=5), drill(2)], Verdict.MET),
        ([drill(1, days=5), drill(2, passed=False)], Verdict.UNMET),
        ([drill(1, days=5), drill(2, passed=None)], Verdict.INSUFFICIENT),
        ([proof(1, "drill", {"drill": "restore", "passed": True})], Verdict.MISSING),
    ],
)
def test_the_newest_record_decides_and_then_its_age(
    proofs: Sequence[Proof], verdict: Verdict
) -> None:
    found = stands("DRILL", *proofs)
    assert found.verdict is verdict
    assert found.basis == ("evidence" if verdict is Verdict.MET else "")


@pytest.mark.parametrize(
    ("proofs", "verdict"),
    [
        ([evaluation(1)], Verdict.MISSING),  # supported, and nobody answers for it
        ([word(2, "BOTH")], Verdict.MISSING),  # a word, and no evidence
        ([evaluation(1), word(2, "BOTH")], Verdict.MET),
        ([evaluation(1), word(2, "BOTH", "unmet")], Verdict.UNMET),
        ([evaluation(1, low=None), word(2, "BOTH")], Verdict.INSUFFICIENT),
        ([evaluation(1, estimated=True), word(2, "BOTH")], Verdict.INSUFFICIENT),
    ],
)
def test_evidence_supports_and_a_person_answers_and_both_are_asked(
    proofs: Sequence[Proof], verdict: Verdict
) -> None:
    found = stands("BOTH", *proofs, subjects=["model:m@1"])
    assert found.verdict is verdict
    assert found.basis == ("both" if verdict is Verdict.MET else "")


def test_evidence_without_a_word_is_shown_as_support() -> None:
    found = stands("BOTH", evaluation(1), subjects=["model:m@1"])
    assert found.is_supported
    assert found.evidence is not None
    assert found.evidence.verdict is Verdict.MET
    assert "Nobody has answered" in found.assessment.sentence


@pytest.mark.parametrize(
    ("said", "verdict", "level"),
    [
        (word(1, "TOLD"), Verdict.MET, Level.GOOD),
        (word(1, "TOLD", "partly"), Verdict.UNMET, Level.AT_RISK),
        (word(1, "TOLD", "missing"), Verdict.MISSING, Level.UNKNOWN),
        (word(1, "TOLD", link=None), Verdict.INSUFFICIENT, Level.UNKNOWN),
        (word(1, "TOLD", done_on="2025-11-01"), Verdict.STALE, Level.UNKNOWN),
        (word(1, "DRILL"), Verdict.MISSING, Level.UNKNOWN),
        (replace(word(1, "TOLD"), subject="system:other"), Verdict.MISSING, Level.UNKNOWN),
    ],
)
def test_a_word_needs_a_link_and_a_day_and_grows_old(
    said: Proof, verdict: Verdict, level: Level
) -> None:
    found = stands("TOLD", said).assessment
    assert (found.verdict, found.level) == (verdict, level)


def test_a_new_version_inherits_no_evidence_and_a_silent_model_is_missing() -> None:
    old = [evaluation(1), word(2, "BOTH")]
    assert stands("BOTH", *old, subjects=["model:m@1"]).verdict is Verdict.MET
    assert stands("BOTH", *old, subjects=["model:m@1", "model:m@2"]).verdict is Verdict.MISSING
    assert stands("BOTH", *old, subjects=["model:m@1", "model:n@1"]).verdict is Verdict.MISSING


def test_what_does_not_apply_says_who_said_so_and_why() -> None:
    said = Answer("not_applicable", "No one depends on it.", "Ana", AT)
    found = stands("TOLD", answer=said)
    assert found.verdict is Verdict.NOT_APPLICABLE
    assert found.assessment.level is not Level.GOOD
    for part in ("Ana", "23 Nov 2026", "No one depends on it."):
        assert part in found.assessment.sentence


def test_a_person_may_answer_in_place_of_evidence_where_somebody_said_why() -> None:
    instead = Answer("by_attestation", "Drilled on paper.", "Ana", AT)
    assert stands("DRILL", drill(), answer=instead).verdict is Verdict.MISSING
    found = stands("DRILL", word(1, "DRILL"), answer=instead)
    assert (found.verdict, found.basis) == (Verdict.MET, "attestation")


def test_missing_is_not_due_before_its_day_and_never_met_by_it() -> None:
    before = stands("LATER")
    after = stands("LATER", at=datetime(2027, 6, 1, tzinfo=UTC))
    assert (before.verdict, after.verdict) == (Verdict.NOT_DUE, Verdict.MISSING)
    assert stands("LATER", word(1, "LATER")).verdict is Verdict.MET


DRILLS = st.builds(
    lambda record, subject, name, passed, days: proof(
        record, "drill", {"drill": name, "passed": passed}, subject=subject, days=days
    ),
    st.integers(1, 50),
    st.sampled_from(["model:m@1", "model:n@1", "service:s"]),
    st.sampled_from(["rollback", "kill_switch"]),
    st.sampled_from([True, False, None]),
    st.integers(0, 200),
)
EVALUATIONS = st.builds(
    lambda record, subject, low, metric: evaluation(
        record, subject=subject, low=low, metric=metric
    ),
    st.integers(51, 99),
    st.sampled_from(["model:m@1", "model:n@1"]),
    st.sampled_from([0.8, None]),
    st.sampled_from(["auc", "recall"]),
)
WORDS = st.builds(
    word,
    st.integers(100, 120),
    st.sampled_from(["BOTH", "TOLD", "DRILL"]),
    st.sampled_from(["met", "unmet", "partly"]),
)
PROOFS = st.lists(DRILLS | EVALUATIONS | WORDS, max_size=8, unique_by=lambda one: one.record)
SUBJECTS = ["model:m@1", "model:n@1"]


@given(PROOFS, st.sampled_from([one.id for one in PACK.controls]))
def test_a_source_that_falls_silent_never_turns_a_control_into_met(
    proofs: list[Proof], control: str
) -> None:
    known = Known.of(proofs, SUBJECTS)
    one = PACK.by_id[control]
    if judge_control(PACK, one, known, AT, scope=SCOPE).verdict is Verdict.MET:
        return
    for subject, kind in {(proof.subject, proof.kind) for proof in proofs}:
        left = [one for one in known.proofs if (one.subject, one.kind) != (subject, kind)]
        silent = replace(known, proofs=left)
        assert judge_control(PACK, one, silent, AT, scope=SCOPE).verdict is not Verdict.MET


@given(PROOFS, st.sampled_from([one.id for one in PACK.controls]), st.integers(0, 800))
def test_time_alone_never_turns_a_control_into_met(
    proofs: list[Proof], control: str, days: int
) -> None:
    known, one = Known.of(proofs, SUBJECTS), PACK.by_id[control]
    if judge_control(PACK, one, known, AT, scope=SCOPE).verdict is not Verdict.MET:
        later = AT + timedelta(days=days)
        assert judge_control(PACK, one, known, later, scope=SCOPE).verdict is not Verdict.MET


@given(PROOFS, st.randoms(use_true_random=False))
def test_the_order_in_which_records_come_changes_nothing(
    proofs: list[Proof],
    chance: Any,  # noqa: ANN401
) -> None:
    mixed = chance.sample(proofs, len(proofs))
    for one in PACK.controls:
        assert stands(one.id, *proofs, subjects=SUBJECTS) == stands(
            one.id, *mixed, subjects=SUBJECTS
        )


@pytest.mark.parametrize(
    ("ask", "values", "verdict"),
    [
        (Ask("card", at_least={"completeness": 0.8}), {"completeness": 0.8}, Verdict.MET),
        (Ask("card", at_least={"completeness": 0.8}), {"completeness": 0.7}, Verdict.UNMET),
        (Ask("card", at_least={"completeness": 0.8}), {"completeness": True}, Verdict.UNMET),
        (Ask("drill", at_most={"seconds": 60.0}), {"seconds": None}, Verdict.INSUFFICIENT),
        (
            Ask("audit", item="tests", equal={"verdict": ("met",)}),
            {"checks": [{"id": "tests", "verdict": "met"}]},
            Verdict.MET,
        ),
        (
            Ask("audit", item="lock", equal={"verdict": ("met",)}),
            {"checks": [{"id": "tests", "verdict": "met"}]},
            Verdict.MISSING,
        ),
        (
            Ask("check", equal={"passed": ("true",)}),
            {"passed": True, "rows": 0},
            Verdict.INSUFFICIENT,
        ),
        (Ask("check", equal={"passed": ("true",)}), {"passed": True, "rows": 9}, Verdict.MET),
    ],
)
def test_a_bound_an_item_and_an_empty_check(
    ask: Ask, values: Mapping[str, Any], verdict: Verdict
) -> None:
    subject = "dataset:d@1" if ask.kind == "check" else "model:m@1"
    found = judge_ask(ask, Known.of([proof(1, ask.kind, values, subject=subject)], ()), AT)
    assert found.verdict is verdict


def test_one_record_answers_many_controls_of_many_frameworks() -> None:
    asked = PACK.by_id["DRILL"].asks
    other = replace(PACK, id="other", controls=(Control("A.6", "x", asks=asked, attest=False),))
    proofs = (drill(7),)
    both = [
        (pack.id, [stands(one.id, *proofs, pack=pack) for one in pack.controls])
        for pack in (PACK, other)
    ]
    found = crosswalk(both)
    assert found[7].controls == [("release", "DRILL"), ("other", "A.6")]
    assert found[7].sentence == "answers 2 controls in 2 frameworks"


def test_the_statement_says_of_each_control_whether_why_and_on_what() -> None:
    aside = Answer("not_applicable", "No one depends on it.", "Ana", AT)
    standings = [stands("DRILL", drill(7)), stands("TOLD", answer=aside), stands("LATER")]
    rows = [row.cells() for row in statement(PACK, standings)]
    assert [row[2] for row in rows] == ["yes", "no", "yes"]
    assert rows[0][3] == "Part of Release policy"
    assert rows[1][3] == "No one depends on it. (Ana, 23 Nov 2026)"
    assert [row[4] for row in rows] == ["met", "not applicable", "not due"]
    assert [row[6] for row in rows] == ["record 7", "none", "none"]
    told = tally(standings)
    assert told.sentence == "1 of 2 controls are met; 1 not due yet."
    assert told.level is Level.UNKNOWN


@pytest.mark.parametrize(
    ("roles", "answer", "applies"),
    [
        ({"provider"}, None, False),
        ({"provider", "deployer"}, None, True),
        (set(), None, True),
        ({"provider"}, Answer("as_asked", "We use it too.", "Ana", AT), True),
    ],
)
def test_a_control_for_another_role_does_not_apply_and_says_who_answered_so(
    roles: set[str], answer: Answer | None, applies: bool
) -> None:
    control = Control("26(1)", "It is used as told", roles=("deployer",))
    played = Played(frozenset(roles), said="Lena answered on 2 Nov 2026: provider.")
    found = judge_control(PACK, control, Known(), AT, scope=SCOPE, answer=answer, played=played)
    assert found.applies is applies
    assert applies or found.assessment.sentence == f"Asked of deployer. {played.said}"
