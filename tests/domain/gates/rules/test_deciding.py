"""What was seen, when an answer falls away, and what stands against a go: pure judgements."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.domain.gates.rules.decisions import (
    Seen,
    SeenLine,
    obstacles,
    read_conditions,
    seen_digest,
    seen_of,
    what_changed,
    written,
)
from headway.errors import Invalid

TODAY = date(2026, 11, 23)

RECALL = SeenLine("recall", "Recall", "met", holds=True, records=(4, 9))
CARD = SeenLine("card", "Model card", "missing", holds=False, sentence="No card yet.")
PRIVACY = SeenLine("privacy", "Privacy", "missing", holds=False, functions=("privacy",))
SEEN = Seen("model:screen@7", 2, "d" * 64, (RECALL, replace(CARD, is_waived=True), PRIVACY))
APPROVED = {"privacy": ("approved", "approved by Lena.")}

lines = st.builds(
    SeenLine,
    key=st.sampled_from(["a", "b", "c"]),
    name=st.just("A"),
    verdict=st.sampled_from(["met", "unmet", "missing", "stale"]),
    holds=st.booleans(),
    is_waived=st.booleans(),
    functions=st.sampled_from([(), ("legal",)]),
    records=st.lists(st.integers(1, 99), max_size=3).map(tuple),
)
seens = st.builds(
    Seen,
    subject=st.sampled_from(["model:x@1", "model:x@2", ""]),
    rules=st.integers(1, 3),
    rules_digest=st.just("d"),
    lines=st.lists(lines, max_size=4, unique_by=lambda line: line.key).map(tuple),
)


@given(seens)
def test_what_was_seen_is_kept_whole(seen: Seen) -> None:
    assert seen_of(json.loads(json.dumps(written(seen)))) == seen


@given(seens, seens)
def test_an_answer_never_outlives_another_version_or_a_requirement_that_fell(
    then: Seen, now: Seen
) -> None:
    fell = any(
        one.is_passed and (other := now.line(one.key)) is not None and not other.is_passed
        for one in then.evidence
    )
    assert bool(what_changed(then, now)) == (then.subject != now.subject or fell)
    assert what_changed(then, then) == ""


@given(seens, st.dictionaries(st.just("legal"), st.just(("approved", "")), max_size=1))
def test_nothing_stands_against_a_go_only_where_all_is_passed_and_approved(
    seen: Seen, answers: dict[str, tuple[str, str]]
) -> None:
    if obstacles(seen, answers):
        return
    assert seen.lines
    assert all(line.is_passed for line in seen.evidence)
    asking = [line for line in seen.lines if line.functions and not line.is_waived]
    assert not asking or "legal" in answers


def test_the_answers_of_others_are_no_part_of_what_was_seen() -> None:
    answered = replace(PRIVACY, verdict="met", holds=True, records=(12,))
    assert seen_digest(SEEN) == seen_digest(replace(SEEN, lines=(*SEEN.lines[:2], answered)))
    assert seen_digest(SEEN) != seen_digest(replace(SEEN, subject="model:screen@8"))
    measured_again = replace(RECALL, records=(4, 10))
    assert seen_digest(SEEN) != seen_digest(replace(SEEN, lines=(measured_again, *SEEN.lines[1:])))


def test_what_is_measured_again_and_holds_leaves_an_answer_standing() -> None:
    again = replace(SEEN, lines=(replace(RECALL, records=(30,)), *SEEN.lines[1:]))
    assert what_changed(SEEN, again) == ""
    worse = replace(SEEN, lines=(replace(RECALL, verdict="stale", holds=False), *SEEN.lines[1:]))
    assert (
        what_changed(SEEN, worse) == "What was seen has changed: “Recall” does not hold any more."
    )
    newer = replace(SEEN, subject="model:screen@8")
    assert "it was model:screen@7, now it is model:screen@8" in what_changed(SEEN, newer)


def test_what_stands_against_a_go_is_listed_in_sentences() -> None:
    assert obstacles(SEEN, APPROVED) == []
    bare = replace(SEEN, lines=(RECALL, CARD, PRIVACY))
    assert obstacles(bare, {}) == [
        "Model card is missing. No card yet.",
        "Privacy has not approved: nobody was asked yet.",
    ]
    assert obstacles(SEEN, {"privacy": ("lapsed", "what was seen has changed.")}) == [
        "Privacy has not approved: what was seen has changed."
    ]
    assert "asks for nothing" in obstacles(replace(SEEN, lines=()), {})[0]


def test_a_function_that_was_asked_has_to_answer_though_no_rule_names_it() -> None:
    asked = {**APPROVED, "security": ("waiting", "not answered yet.")}
    assert obstacles(SEEN, asked) == ["Security has not approved: not answered yet."]


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ({"text": "Retrain", "owner": "dana", "due": "2026-11-22"}, "is due on 2026-11-22"),
        ({"text": "Retrain", "owner": "dana"}, "is due on no day"),
        ({"text": "Retrain", "owner": "", "due": "2026-12-01"}, "owner is empty"),
        ({"text": "R", "owner": "d", "due": "2026-12-01", "requirement": "x"}, "requirement 'x'"),
        ({"text": "R", "owner": "d", "due": "2026-12-01", "by": "me"}, "no field 'by'"),
        ("Retrain", "write its text, owner and due"),
    ],
)
def test_a_condition_has_words_an_owner_and_a_day_ahead(given_: object, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        read_conditions([given_], TODAY, ["recall"])


def test_conditions_are_read_as_they_are_written() -> None:
    read = read_conditions(
        [{"text": "Retrain", "owner": "dana", "due": "2026-11-23", "requirement": "recall"}],
        TODAY,
        ["recall"],
    )
    assert (read[0].due, read[0].requirement) == (TODAY, "recall")
    with pytest.raises(Invalid, match="at most 20"):
        read_conditions([{}] * 21, TODAY, [])
