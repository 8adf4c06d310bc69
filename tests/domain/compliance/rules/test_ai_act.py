"""The AI Act's class: prohibited beats everything, silence classifies nothing, dates move."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.analysis.verdicts import Verdict
from headway.domain.compliance.rules.ai_act import (
    NOT_YET,
    Classification,
    SystemClass,
    classify,
    read_answer,
)
from headway.domain.compliance.rules.law import Kind, Question, ai_act, gdpr
from headway.errors import Invalid

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)

PLAIN: dict[str, object] = {
    "ai-system": True,
    "scope": ["market"],
    "exclusion": [],
    "roles": ["provider", "deployer"],
    "practices": [],
    "annex-i": False,
    "annex-iii": [],
    "transparency": [],
    "general-purpose": "none",
}
CREDIT = PLAIN | {"annex-iii": ["services"], "profiling": True}
SCANNER = PLAIN | {"annex-i": True}
WRITER = PLAIN | {"transparency": ["synthetic"], "on-market": "2026-03-01"}


def bound(found: Classification, on: date) -> set[str]:
    """Return the ids of what binds on a day."""
    return {one.id for one in found.obligations if one.binds(on)}


def days(found: Classification) -> dict[str, date]:
    return {one.id: one.applies_from for one in found.obligations}


def test_prohibited_beats_an_area_of_annex_iii() -> None:
    found = classify(CREDIT | {"practices": ["social-scoring"]}, TODAY)
    assert found.system_class is SystemClass.PROHIBITED
    assert found.verdict is Verdict.UNMET
    assert [one.id for one in found.obligations] == ["ai-act.5"]
    assert found.next_question == ""


@pytest.mark.parametrize(
    "excuse",
    [{"exclusion": ["military"]}, {"scope": []}, {"ai-system": False}],
    ids=["exclusion", "scope", "no system"],
)
def test_prohibited_beats_a_claim_that_the_act_does_not_reach_it(
    excuse: dict[str, object],
) -> None:
    found = classify(PLAIN | {"practices": ["manipulation"]} | excuse, TODAY)
    assert found.system_class is SystemClass.PROHIBITED
    assert "take one of the two back" in found.sentence


def test_profiling_beats_the_exemption() -> None:
    claimed = PLAIN | {
        "annex-iii": ["employment"],
        "exemption": ["narrow"],
        "significant-risk": False,
    }
    assert classify(claimed | {"profiling": True}, TODAY).system_class is SystemClass.HIGH
    exempt = classify(claimed | {"profiling": False}, TODAY)
    assert exempt.system_class is SystemClass.MINIMAL
    assert {"ai-act.6.4", "ai-act.49.2"} <= set(days(exempt))
    assert "Art. 6(4)" in exempt.sentence


def test_a_significant_risk_undoes_the_exemption() -> None:
    answers = PLAIN | {"annex-iii": ["education"], "profiling": False, "exemption": ["prepares"]}
    assert classify(answers, TODAY).next_question == "significant-risk"
    assert classify(answers | {"significant-risk": True}, TODAY).system_class is SystemClass.HIGH


def test_no_ground_for_an_exemption_means_high() -> None:
    answers = PLAIN | {"annex-iii": ["education"], "profiling": False, "exemption": []}
    assert classify(answers, TODAY).system_class is SystemClass.HIGH


@pytest.mark.parametrize("question", sorted(PLAIN))
def test_a_system_is_never_minimal_by_silence(question: str) -> None:
    answers = {key: value for key, value in PLAIN.items() if key != question}
    found = classify(answers, TODAY)
    assert found.system_class is SystemClass.OPEN
    assert found.verdict is Verdict.INSUFFICIENT
    assert found.next_question == question
    assert classify(PLAIN, TODAY).system_class is SystemClass.MINIMAL


def test_nothing_answered_is_missing_and_asks_the_first_question() -> None:
    found = classify({}, TODAY)
    assert (found.verdict, found.system_class) == (Verdict.MISSING, SystemClass.OPEN)
    assert found.next_question == "ai-system"
    assert found.obligations == ()


def test_the_questions_come_in_the_order_of_the_law() -> None:
    steps = [one.step for one in ai_act().questions]
    assert steps == sorted(steps)
    assert {one for one in steps} == {f"Q{number}" for number in range(9)}


def test_an_answer_that_no_question_takes_any_more_is_open_again() -> None:
    found = classify(PLAIN | {"annex-iii": ["gone"]}, TODAY)
    assert found.next_question == "annex-iii"
    assert found.system_class is SystemClass.OPEN


def test_changing_somebody_elses_system_makes_a_provider() -> None:
    deployer = CREDIT | {"roles": ["deployer"]}
    asked = classify(deployer, TODAY)
    assert asked.next_question == "becomes-provider"
    changed = classify(deployer | {"becomes-provider": ["modify"]}, TODAY)
    used = classify(deployer | {"becomes-provider": []}, TODAY)
    assert "ai-act.9" in days(changed)
    assert set(days(used)) == {"ai-act.4", "ai-act.26", "ai-act.27"}


# What binds a provider and deployer, the day before each of the four dates and on it.
TABLE = [
    ("2026-08-01", "credit", {"ai-act.4"}),
    ("2026-08-02", "credit", {"ai-act.4"}),
    ("2027-12-01", "credit", {"ai-act.4"}),
    ("2027-12-02", "credit", {"ai-act.4", "ai-act.9", "ai-act.27", "ai-act.49", "ai-act.73"}),
    ("2027-12-02", "scanner", {"ai-act.4"}),
    ("2028-08-01", "scanner", {"ai-act.4"}),
    ("2028-08-02", "scanner", {"ai-act.4", "ai-act.9", "ai-act.43", "ai-act.73"}),
    ("2026-08-01", "new writer", {"ai-act.4"}),
    ("2026-08-02", "new writer", {"ai-act.4", "ai-act.50.2"}),
    ("2026-12-01", "writer", {"ai-act.4"}),
    ("2026-12-02", "writer", {"ai-act.4", "ai-act.50.2"}),
]
SYSTEMS = {
    "credit": CREDIT,
    "scanner": SCANNER,
    "writer": WRITER,
    "new writer": WRITER | {"on-market": "2026-08-02"},
}


@pytest.mark.parametrize(("day", "name", "binding"), TABLE)
def test_what_binds_depends_on_the_day(day: str, name: str, binding: set[str]) -> None:
    on = date.fromisoformat(day)
    found = bound(classify(SYSTEMS[name], on), on)
    assert binding <= found
    assert len(found) > 10 if "ai-act.9" in binding else found == binding


def test_who_is_not_on_the_market_yet_has_no_grace() -> None:
    for since in (NOT_YET, "2026-08-02"):
        found = classify(WRITER | {"on-market": since}, TODAY)
        assert days(found)["ai-act.50.2"] == date(2026, 8, 2)
    unsaid = {key: value for key, value in WRITER.items() if key != "on-market"}
    found = classify(unsaid, TODAY)
    assert days(found)["ai-act.50.2"] == date(2026, 8, 2)
    assert found.next_question == "on-market"


def test_before_the_law_was_changed_it_said_other_days() -> None:
    changed = date(2026, 6, 29)
    for answers, before, after in (
        (CREDIT, date(2026, 8, 2), date(2027, 12, 2)),
        (SCANNER, date(2027, 8, 2), date(2028, 8, 2)),
    ):
        assert days(classify(answers, changed - DAY))["ai-act.9"] == before
        assert days(classify(answers, changed))["ai-act.9"] == after


def test_a_ban_that_is_to_come_is_announced_and_then_holds() -> None:
    answers = PLAIN | {"practices": ["intimate-imagery"]}
    ban = date(2026, 12, 2)
    before, then = classify(answers, ban - DAY), classify(answers, ban)
    assert before.system_class is SystemClass.MINIMAL
    assert days(before)["ai-act.5"] == ban
    assert not next(one for one in before.obligations if one.id == "ai-act.5").binds(ban - DAY)
    assert then.system_class is SystemClass.PROHIBITED
    assert days(then) == {"ai-act.5": ban}


def test_what_was_not_checked_against_the_journal_says_so() -> None:
    found = {one.id: one for one in classify(CREDIT, TODAY).obligations}
    assert found["ai-act.9"].verify
    assert "Omnibus" in found["ai-act.9"].source
    assert not classify(PLAIN | {"transparency": ["talks"]}, TODAY).obligations[1].verify


def test_every_obligation_has_a_source_and_a_day_for_each_of_its_classes() -> None:
    act = ai_act()
    ids = [one.id for one in act.obligations]
    assert len(ids) == len(set(ids))
    asked = {option.id for question in act.questions for option in question.options}
    for one in act.obligations:
        assert act.sources[one.source].title
        assert set(one.roles) <= asked | {"any"}
        assert all(act.dates[name] for name in one.classes), one.id
    for terms in act.dates.values():
        said = [term.said_from for term in terms]
        assert said == sorted(set(said))
        assert all(term.source in act.sources for term in terms)
    named = {"4", "5", "6.4", "26", "27", "43", "47", "48", "49", "72", "73"}
    assert {f"ai-act.{one}" for one in named | {str(n) for n in range(9, 16)}} <= set(ids)
    assert {f"ai-act.{number}" for number in range(17, 21)} <= set(ids)


def test_the_counts_of_the_data_are_those_of_the_law() -> None:
    sizes = {one.id: len(one.options) for one in ai_act().questions}
    assert (sizes["annex-iii"], sizes["exemption"], sizes["practices"]) == (8, 4, 9)
    assert (len(gdpr().always), len(gdpr().criteria), len(gdpr().parts)) == (3, 9, 6)


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("annex-i", "perhaps"),
        ("roles", []),
        ("annex-iii", ["services", "weather"]),
        ("annex-iii", {"services": 1}),
        ("general-purpose", ""),
        ("on-market", "soon"),
        ("nothing", True),
    ],
)
def test_an_answer_that_the_question_does_not_take_is_refused(question: str, value: object) -> None:
    with pytest.raises(Invalid, match=r"known|write|option|needs"):
        read_answer(question, value)


def a_value(question: Question) -> st.SearchStrategy[object]:
    ids = [one.id for one in question.options]
    match question.kind:
        case Kind.YES_NO:
            return st.booleans()
        case Kind.DAY:
            return st.sampled_from([NOT_YET, "2026-01-01", "2026-08-02"])
        case Kind.ONE_OF:
            return st.sampled_from(ids)
        case _:
            low = 1 if question.kind is Kind.SOME_OF else 0
            return st.lists(st.sampled_from(ids), unique=True, min_size=low, max_size=3)


ANSWERS = st.fixed_dictionaries({}, optional={q.id: a_value(q) for q in ai_act().questions})
WHEN = st.dates(date(2024, 8, 1), date(2029, 1, 1))


@given(ANSWERS, ANSWERS, WHEN)
def test_answering_more_never_allows_what_is_prohibited(
    some: dict[str, object], more: dict[str, object], on: date
) -> None:
    if classify(some, on).system_class is SystemClass.PROHIBITED:
        assert classify(more | some, on).system_class is SystemClass.PROHIBITED


@given(ANSWERS, WHEN, st.randoms(use_true_random=False))
def test_the_order_of_answering_does_not_matter(
    answers: dict[str, object], on: date, chance: object
) -> None:
    keys = list(answers)
    chance.shuffle(keys)  # type: ignore[attr-defined]
    assert classify({key: answers[key] for key in keys}, on) == classify(answers, on)


@given(ANSWERS, WHEN)
def test_a_class_is_given_only_with_every_asked_question_answered(
    answers: dict[str, object], on: date
) -> None:
    found = classify(answers, on)
    final = (SystemClass.LIMITED, SystemClass.MINIMAL, SystemClass.GENERAL_PURPOSE)
    if found.system_class in final:
        assert set(found.asked) <= set(answers)
        assert found.verdict is Verdict.MET
    assert (found.verdict is Verdict.MET) <= (not found.next_question)
    for one in found.obligations:
        assert one.source
        assert one.applies_from


@given(ANSWERS, WHEN)
def test_what_binds_once_binds_until_the_law_ends_it(answers: dict[str, object], on: date) -> None:
    on = max(on, date(2026, 6, 29))
    later = on + timedelta(days=200)
    first, then = classify(answers, on), classify(answers, later)
    if then.system_class is not SystemClass.PROHIBITED:
        assert bound(first, on) <= bound(then, later)
