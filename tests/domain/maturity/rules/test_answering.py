"""What evidence and words answer, and the laws that no evidence and no time may break."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.maturity.rules.knowing import AT, fact, known, passing, word

from headway.domain.maturity.rules import (
    Answer,
    Answers,
    Fact,
    Known,
    all_models,
    answers,
    from_audit,
    levels_of,
    maturity_told,
    score_of,
)

CRITERIA = [one.id for model in all_models() for one in model.criteria]
#: One record of each sort that some probe reads, with a passing and a failing form.
FORMS = [
    (
        "check",
        {"check": "nulls", "dimension": "data", "severity": "error"},
        "passed",
        (True, False, None),
    ),
    ("check", {"check": "mlts:data-2"}, "passed", (True, False)),
    ("check", {"check": "drift", "monitor": "drift", "dimension": "data"}, "passed", (True, False)),
    ("drill", {"drill": "rollback"}, "passed", (True, False, None)),
    ("pipeline_run", {"trigger": "drift"}, "status", ("succeeded", "failed")),
    ("model_version", {"deleted": False}, "commit", ("c0ffee", None)),
    ("gate_decision", {}, "outcome", ("go", "kill")),
    ("deployment", {"status": "live", "version": "1"}, "commit", ("c0ffee", None)),
    ("dataset_version", {"digest": "d"}, "personal_data", ("none", None)),
]
SUBJECTS = ("model:a@1", "model:a@2", "model:b@1", "dataset:d@1", "dataset:e@1", "dataset:e@2")


@st.composite
def some_facts(draw: st.DrawFn) -> list[Fact]:
    found = []
    for record in range(draw(st.integers(1, 14))):
        kind, fields, key, values = draw(st.sampled_from(FORMS))
        told = {**fields, key: draw(st.sampled_from(values))}
        subject, days = draw(st.sampled_from(SUBJECTS)), draw(st.integers(0, 400))
        found.append(fact(kind, told, subject=subject, days=days, record=record + 1))
    return found


some_words = st.lists(
    st.builds(
        word,
        st.sampled_from(CRITERIA),
        answer=st.sampled_from(["met", "unmet"]),
        link=st.sampled_from([None, "https://example.org"]),
        days=st.integers(0, 500),
    ),
    max_size=4,
)


def not_better(less: Answers, more: Answers) -> None:
    """Check that nothing stands higher in `less`: no answer, no level, no score."""
    for name in CRITERIA:
        assert less[name].credit <= more[name].credit
        assert not less[name].counts or more[name].counts
    for model, stands in levels_of(less).items():
        pairs = zip(stands, levels_of(more)[model], strict=True)
        assert all(one.level <= other.level for one, other in pairs)
    assert score_of(less).final <= score_of(more).final


@given(some_facts(), some_words, st.data())
def test_a_source_that_falls_silent_never_raises_anything(
    facts: list[Fact], words: list[object], data: st.DataObject
) -> None:
    whole = known(facts, words)  # type: ignore[arg-type]
    gone = data.draw(st.sampled_from(facts))
    left = [one for one in facts if (one.subject, one.kind) != (gone.subject, gone.kind)]
    not_better(answers(replace(whole, facts=left), AT), answers(whole, AT))


@given(some_facts(), some_words, st.integers(0, 1000))
def test_time_alone_never_raises_anything(
    facts: list[Fact], words: list[object], days: int
) -> None:
    whole = known(facts, words)  # type: ignore[arg-type]
    not_better(answers(whole, AT + timedelta(days=days)), answers(whole, AT))


@given(some_facts(), some_words, st.sampled_from(CRITERIA))
def test_a_documented_word_more_never_lowers_anything(
    facts: list[Fact], words: list[object], name: str
) -> None:
    whole = known(facts, words)  # type: ignore[arg-type]
    more = replace(whole, attested=(*whole.attested, word(name, days=0)))
    not_better(answers(whole, AT), answers(more, AT))


def test_a_word_without_a_link_or_a_date_counts_nothing() -> None:
    bare = word("mlts:data-3", link=None)
    undated = replace(word("mlts:data-4"), done_on=None)
    found = answers(known((), [bare, undated]), AT)
    assert found["mlts:data-3"].answer is Answer.UNKNOWN
    assert found["mlts:data-4"].answer is Answer.UNKNOWN


def test_a_word_counts_half_and_evidence_that_repeats_counts_whole() -> None:
    found = answers(
        known(
            [*passing(["mlts:data-3"]), *passing(["mlts:data-4"], days=[1])], [word("mlts:data-2")]
        ),
        AT,
    )
    credits = [found[f"mlts:data-{number}"].credit for number in (2, 3, 4)]
    assert credits == [0.5, 1.0, 0.5]


def test_a_word_that_was_to_be_looked_at_again_no_longer_counts() -> None:
    old = word("mlts:data-3", days=400)
    shorter = word("mlts:data-4", days=40, until=AT - timedelta(days=1))
    found = answers(known((), [old, shorter]), AT)
    for name in ("mlts:data-3", "mlts:data-4"):
        assert found[name].answer is Answer.UNKNOWN
        assert found[name].is_stale
    assert "looked at again by 22 Nov 2026" in found["mlts:data-4"].sentence


def test_evidence_against_a_word_is_shown_beside_it() -> None:
    failed = fact("drill", {"drill": "rollback", "passed": False})
    found = answers(known([failed], [word("mlts:infra-7")]), AT)["mlts:infra-7"]
    assert found.answer is Answer.ATTESTED
    assert found.is_contradicted
    assert "Evidence speaks against it" in found.sentence


def test_every_known_dataset_has_to_pass_by_its_newest_version() -> None:
    told = {"check": "nulls", "dimension": "data", "severity": "error", "passed": True}
    facts = [
        fact("check", told, subject=f"dataset:{name}", days=day, record=day)
        for name, day in (("d@1", 9), ("d@2", 8), ("e@1", 7), ("e@1", 6))
    ]
    whole = known(facts)
    assert answers(whole, AT)["mlts:data-1"].credit == 1
    unchecked = replace(whole, subjects=(*whole.subjects, "dataset:d@3"))
    found = answers(unchecked, AT)["mlts:data-1"]
    assert found.answer is Answer.UNKNOWN
    assert "dataset:d@3" in found.sentence


@pytest.mark.parametrize(
    ("verdict", "answer"),
    [("met", "met"), ("unmet", "unmet"), ("missing", "unmet"), ("insufficient", "unknown")],
)
def test_an_audit_alone_answers_what_it_can_see(verdict: str, answer: str) -> None:
    found = from_audit(
        [{"id": "training-tested", "verdict": "met"}, {"id": "ci-tests", "verdict": verdict}]
    )
    assert found["mlts:infra-2"].answer == answer
    assert found["mlts:data-5"].answer is Answer.UNKNOWN
    told = maturity_told(found)["microsoft"]
    assert isinstance(told, dict)
    assert set(told["columns"]) == {
        "people",
        "creation",
        "release",
        "integration",
    }


def test_what_does_not_apply_is_no_failure_and_no_success() -> None:
    one = {"id": "training-tested", "verdict": "not_applicable"}
    found = from_audit([one, {"id": "ci-tests", "verdict": "not_applicable"}])
    assert found["mlts:infra-2"].answer is Answer.UNKNOWN


def test_nothing_known_is_all_unknown() -> None:
    assert {one.answer for one in answers(Known(), AT).values()} == {Answer.UNKNOWN}
