"""What a term asks: who has to speak, what counts, what a person reads."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import AT
from tests.domain.assessments.rules.grounds import a_fact, a_ground, a_term, segments

from headway.analysis.documents.text import Form, compose
from headway.domain.assessments.rules.ground import Ground, Pinned
from headway.domain.assessments.rules.term_files import read_tree
from headway.domain.assessments.rules.terms import Binding, Comparison, Given, Reducer, Soak
from headway.domain.assessments.rules.trace import Trace
from headway.domain.assessments.rules.tree import join_all, join_any, judge
from headway.domain.assessments.rules.verdicts import Verdict
from headway.errors import Problem

CHECKS_OF_ALL_DATA = a_term(about=("dataset:*",))
PRIVACY = a_term("approval", about=("release:s/1", "project:p"), role="privacy")


def test_a_dataset_that_fell_silent_is_not_made_up_for_by_another() -> None:
    bad = a_fact(1, subject="dataset:a@1", passed=False)
    good = a_fact(2, subject="dataset:b@1")
    both = a_ground([bad, good])
    assert judge(CHECKS_OF_ALL_DATA, both, AT).verdict is Verdict.UNMET
    silent = a_ground([bad, good], facts=[good])
    assert judge(CHECKS_OF_ALL_DATA, silent, AT).verdict is Verdict.MISSING


def test_a_refusal_that_fell_silent_is_not_made_up_for_by_an_older_approval() -> None:
    refused = a_fact(2, "approval", "release:s/1", decision="refused")
    approved = a_fact(1, "approval", "project:p", days=-5)
    assert judge(PRIVACY, a_ground([approved]), AT).verdict is Verdict.MET
    assert judge(PRIVACY, a_ground([approved, refused]), AT).verdict is Verdict.UNMET
    silent = a_ground([approved, refused], facts=[approved])
    assert judge(PRIVACY, silent, AT).verdict is Verdict.MISSING
    newest = a_term("drill", about=("model:{model}@*",))
    failed = a_fact(4, "drill", "model:meter@3", passed=False)
    older = a_fact(3, "drill", "model:meter@2", days=-3)
    assert judge(newest, a_ground([older]), AT).verdict is Verdict.MET
    assert judge(newest, a_ground([older, failed], facts=[older]), AT).verdict is Verdict.MISSING


def test_reduce_first_then_judge_age() -> None:
    term = a_term(fresh_days=10)
    old = a_fact(2, days=-11, passed=True)
    older_but_valid = a_fact(1, days=-20, lasts=100, passed=True)
    found = judge(term, a_ground([older_but_valid, old]), AT)
    assert found.verdict is Verdict.STALE
    assert found.records == (2,)
    assert judge(term, a_ground([a_fact(3, days=-10)]), AT).verdict is Verdict.MET


def test_evidence_of_other_data_or_another_commit_does_not_count_and_the_trace_says_so() -> None:
    ground = a_ground(
        [a_fact(7, dataset_digest="old", commit="abc")],
        digests={"digits": Pinned("new", (3,))},
        commit=Pinned("def", (4, 5)),
    )
    on_data = judge(a_term(bind=(Binding.DATASET,)), ground, AT)
    assert on_data.verdict is Verdict.MISSING
    assert (on_data.passed_over, on_data.records) == ((7,), (3,))
    assert "it names dataset digest old, not new" in on_data.sentence
    on_commit = judge(a_term(bind=(Binding.COMMIT,)), ground, AT)
    assert "it names commit abc, not def" in on_commit.sentence
    unknown = judge(a_term(bind=(Binding.COMMIT,)), a_ground([a_fact(7)]), AT)
    assert "the commit that the version was made from is not known" in unknown.sentence


def test_an_expected_check_that_nobody_ran_is_missing() -> None:
    term = a_term(reduce=Reducer.WORST, expected=("load", "contract"))
    one = judge(term, a_ground([a_fact(1, check="load")]), AT)
    assert one.verdict is Verdict.MISSING
    assert "nothing of contract, which is expected" in one.sentence
    assert [part.verdict for part in one.parts] == [Verdict.MISSING, Verdict.MET]
    both = a_ground([a_fact(1, check="load"), a_fact(2, check="contract")])
    assert judge(term, both, AT).verdict is Verdict.MET


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ({"value": 0.9}, Verdict.MET),
        ({"value": 0.899}, Verdict.UNMET),
        ({"value": None}, Verdict.INSUFFICIENT),
        ({"value": 0.95, "estimated": True}, Verdict.INSUFFICIENT),
        ({"value": 0.95, "n": 29}, Verdict.INSUFFICIENT),
        ({"value": 0.95, "n": None}, Verdict.INSUFFICIENT),
        ({"value": "high"}, Verdict.ERROR),
        ({"value": True}, Verdict.ERROR),
        ({"value": [0.95]}, Verdict.ERROR),
        ({"value": 0.95, "split": "live"}, Verdict.MISSING),
        ({"value": 0.95, "metric": "accuracy"}, Verdict.MISSING),
    ],
)
def test_what_a_measurement_is_worth(values: dict[str, object], verdict: Verdict) -> None:
    ground = a_ground([a_fact(1, "evaluation", **values)])
    assert judge(a_term("evaluation", minimum_n=30), ground, AT).verdict is verdict


def test_a_check_on_no_rows_is_no_evidence_and_a_monitor_answers_by_how_it_stands() -> None:
    assert judge(a_term(), a_ground([a_fact(1, rows=0)]), AT).verdict is Verdict.INSUFFICIENT
    one_bad_look = a_fact(1, passed=False, standing="met")
    assert judge(a_term(), a_ground([one_bad_look]), AT).verdict is Verdict.MET


def test_an_estimate_counts_where_the_rule_allows_it() -> None:
    estimated = a_ground([a_fact(1, "evaluation", value=0.95, estimated=True)])
    assert judge(a_term("evaluation", may_be_estimated=True), estimated, AT).verdict is Verdict.MET


def test_too_few_records_are_too_little_data_and_never_unmet() -> None:
    term = a_term(reduce=Reducer.COUNT, compare=Comparison.AT_LEAST, bound=2.0, fresh_days=10)
    one, two, old = a_fact(1), a_fact(2, days=-2), a_fact(3, days=-11)
    assert judge(term, a_ground([]), AT).verdict is Verdict.MISSING
    assert judge(term, a_ground([one]), AT).verdict is Verdict.INSUFFICIENT
    assert judge(term, a_ground([one, old]), AT).verdict is Verdict.STALE
    met = judge(term, a_ground([one, two, old]), AT)
    assert (met.verdict, met.value) == (Verdict.MET, 2)
    assert met.stale_at == AT + timedelta(days=8)


def test_every_segment_has_to_hold_and_an_expected_one_has_to_be_there() -> None:
    term = a_term("evaluation", reduce=Reducer.BY_SEGMENT, expected=("north", "south"))
    found = judge(term, a_ground(segments(1, north=0.95, west=0.8)), AT)
    assert found.verdict is Verdict.UNMET
    assert found.value == 0.8
    lacking = judge(term, a_ground(segments(1, north=0.95)), AT)
    assert "south" in lacking.sentence


def test_nothing_asked_shows_nothing_and_nothing_known_is_missing() -> None:
    assert join_all([]).verdict is join_any([]).verdict is Verdict.MISSING
    assert judge(Given("dimension:moon"), a_ground(), AT).verdict is Verdict.MISSING
    nameless = judge(a_term(), Ground(words={}), AT)
    assert nameless.verdict is Verdict.MISSING
    assert "it is not known yet which model and version is meant" in nameless.sentence
    nothing = judge(a_term(about=("dataset:*",)), a_ground(), AT)
    assert nothing.verdict is Verdict.MISSING


SOAK = Soak("deployment:{model}/production", 14, a_term(about=("deployment:{model}/production",)))
PLACE = "deployment:meter/production"


def soaked(
    *days: float, bad: float | None = None, version: str = "3", status: str = "canary"
) -> Trace:
    """Judge a soak that began 14 days ago, covered on `days` since, failed on `bad`."""
    state = {"model": "meter", "version": version, "status": status}
    begun = a_fact(1, "deployment", PLACE, days=-14, **state)
    facts = [a_fact(9 + place, subject=PLACE, days=day - 14) for place, day in enumerate(days)]
    if bad is not None:
        facts.append(a_fact(99, subject=PLACE, days=bad - 14, passed=False))
    return judge(SOAK, a_ground([begun, *facts]), AT)


def test_a_soak_is_time_that_evidence_covers() -> None:
    every_other_day = [float(day) for day in range(0, 14, 2)]
    met = soaked(*every_other_day, 13.9)
    assert met.verdict is Verdict.MET
    assert len(met.records) == 9
    assert soaked().verdict is Verdict.MISSING
    gap = soaked(*every_other_day[:3], *every_other_day[5:])
    assert gap.verdict is Verdict.MISSING
    assert "from 13 Nov 2026 to 19 Nov 2026; time alone is none" in gap.sentence
    assert soaked(*every_other_day, bad=5).verdict is Verdict.UNMET
    assert soaked(*every_other_day, version="2").verdict is Verdict.MISSING
    assert soaked(*every_other_day, status="paused").verdict is Verdict.MISSING


def test_a_soak_that_goes_on_is_not_over() -> None:
    begun = a_fact(1, "deployment", PLACE, days=-3, model="meter", version="3", status="live")
    ground = a_ground([begun, *(a_fact(9 - day, subject=PLACE, days=-day) for day in (1, 2, 3))])
    found = judge(SOAK, ground, AT)
    assert (found.verdict, found.value) == (Verdict.INSUFFICIENT, 3.0)
    assert judge(SOAK, ground, AT + timedelta(days=20)).verdict is Verdict.MISSING


FORM = Form("rule", "a rule", "shorten it")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{evidence: chek, about: 'model:x'}", "There is no evidence of kind 'chek'"),
        ("{evidence: check}", "Say what the evidence is `about`"),
        ("{evidence: check, about: nothing}", "is not of the form kind:name"),
        ("{evidence: check, about: 'model:{mood}'}", "['mood'] cannot be filled"),
        ("{evidence: evaluation, about: 'model:x', at_least: 1}", "which metric is meant"),
        ("{evidence: card, about: 'model:x'}", "Say the `field` and one comparison"),
        ("{evidence: check, about: 'm:x', is: true, in: [1]}", "one comparison"),
        ("{evidence: check, about: 'm:x', field: colour, is: true}", "A check has no 'colour'"),
        ("{evidence: check, about: 'm:x', where: {colour: red}}", "The key 'colour' is unknown"),
        ("{evidence: check, about: 'm:x', bind: [moon]}", "choose of version, dataset, commit"),
        ("{evidence: check, about: 'm:x', reduce: count}", "A count is asked `at_least`"),
        ("{evidence: check, about: 'm:x', fresh_days: -1}", "it has to be more than 0"),
        ("{evidence: check, about: 'm:x', fresh_days: .nan}", "it has to be a finite number"),
        ("{evidence: check, about: 'm:x', role: legal}", "`role` is asked of an approval"),
        ("{evidence: check, about: 'm:x', is: maybe}", "`is` is true or false"),
        ("{all: []}", "all of nothing is missing"),
        ("{at_least: 3, of: [{given: criteria}]}", "`at_least` is 3 of 1"),
        ("{all: [{given: a}], any: [{given: a}]}", "A rule holds one of"),
        ("{soak_days: 14, about: 'deployment:x/y'}", "what has to `cover` it"),
        ("{not: {not: {not: {not: {not: {not: {not: {given: a}}}}}}}}", "nested more than 6 deep"),
    ],
)
def test_a_rule_that_is_wrong_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    problems: list[Problem] = []
    read_tree(compose(f"rule: {text}", "it", FORM).pairs[0][1], "", problems)
    assert any(sentence in one.sentence for one in problems), problems
    assert all(one.where == "line 1" for one in problems)
