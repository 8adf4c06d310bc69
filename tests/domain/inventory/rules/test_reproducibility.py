"""Whether a run can be made again: every term needs its evidence, and silence never helps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.analysis.verdicts import Verdict
from headway.domain.inventory.rules.reproducibility import (
    RunFacts,
    reproducibility,
)

WHOLE = RunFacts(
    record=7,
    subject="run:lab/a",
    run_id="a",
    status="finished",
    commit="31fc361847be",
    params={"depth": "3", "random_state": "0"},
    metrics={"recall": 0.953},
    tags={"git.clean": "yes", "headway.environment": "sha256:91c0"},
    data=(("screening-train", "cbebcdd3", "training"),),
)
AGAIN = replace(WHOLE, record=9, subject="run:lab/b", run_id="b")


def spoilt(**changes: Any) -> Verdict:
    """Return the verdict on the whole run with some of it changed, and its like rerun."""
    run = replace(WHOLE, **changes)
    again = replace(AGAIN, **{key: value for key, value in changes.items() if key != "subject"})
    return reproducibility(run, [again]).whole.verdict


def test_a_run_with_all_its_evidence_and_a_rerun_is_reproducible() -> None:
    found = reproducibility(WHOLE, [AGAIN])
    assert found.whole.verdict is Verdict.MET
    assert found.whole.records == (7, 9)
    assert {term.verdict for term in found.terms.values()} == {Verdict.MET}


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"commit": ""}, Verdict.MISSING),
        ({"params": {}}, Verdict.MISSING),
        ({"params": {"depth": "3"}}, Verdict.MISSING),
        ({"params": {"random_state": "None"}}, Verdict.MISSING),
        ({"data": ()}, Verdict.MISSING),
        ({"data": (("train", "", "training"),)}, Verdict.MISSING),
        ({"tags": {"git.clean": "yes"}}, Verdict.MISSING),
        ({"tags": {"headway.environment": "x"}}, Verdict.MISSING),
        ({"tags": {"git.clean": "perhaps", "headway.environment": "x"}}, Verdict.MISSING),
        ({"tags": {"git.clean": "no", "headway.environment": "x"}}, Verdict.UNMET),
        (
            {"tags": {"mlflow.source.git.dirty": "True", "headway.environment": "x"}},
            Verdict.UNMET,
        ),
        ({"params": {"model__random_state": "7"}}, Verdict.MET),
    ],
)
def test_a_term_without_evidence_is_missing_and_one_against_it_unmet(
    changes: dict[str, Any], verdict: Verdict
) -> None:
    assert spoilt(**changes) is verdict


def test_what_the_run_declares_stands_in_for_a_seed_and_for_parameters() -> None:
    declared = {"headway.deterministic": "yes", "headway.parameters": "none"}
    assert spoilt(params={}, tags={**WHOLE.tags, **declared}) is Verdict.MET


@pytest.mark.parametrize(
    ("again", "verdict"),
    [
        ({}, Verdict.MET),
        ({"metrics": {"recall": 0.953 * (1 + 1e-9)}}, Verdict.MET),
        ({"metrics": {"recall": 0.9531}}, Verdict.UNMET),
        ({"metrics": {"recall": None}}, Verdict.UNMET),
        ({"metrics": {}}, Verdict.INSUFFICIENT),
        ({"status": "failed"}, Verdict.MISSING),
        ({"commit": "other"}, Verdict.MISSING),
        ({"params": {"depth": "4", "random_state": "0"}}, Verdict.MISSING),
        ({"data": (("screening-train", "other", "training"),)}, Verdict.MISSING),
    ],
)
def test_only_the_same_work_with_the_same_numbers_is_a_rerun(
    again: dict[str, Any], verdict: Verdict
) -> None:
    found = reproducibility(WHOLE, [WHOLE, replace(AGAIN, **again)])
    assert found.terms["rerun"].verdict is verdict


OTHERS = [
    AGAIN,
    replace(AGAIN, record=12, subject="run:lab/c", metrics={"recall": 0.1}),
    replace(AGAIN, record=13, subject="run:lab/d", metrics={}),
    replace(AGAIN, record=14, subject="run:lab/e", commit="other"),
]


def test_of_several_reruns_the_best_speaks_and_the_others_are_counted() -> None:
    found = reproducibility(WHOLE, OTHERS).terms["rerun"]
    assert found.verdict is Verdict.MET
    assert found.sentence == "A rerun gave its number again. 1 of 3 reruns gave others."


@given(
    st.sampled_from(["commit", "params", "data", "tags", ""]),
    st.lists(st.sampled_from(OTHERS), unique_by=lambda one: one.subject),
    st.integers(0, 3),
)
def test_a_source_that_falls_silent_never_turns_a_verdict_into_met(
    field: str, others: list[RunFacts], silent: int
) -> None:
    before = reproducibility(WHOLE, others).whole.verdict
    empty: dict[str, Any] = {"commit": "", "params": {}, "data": (), "tags": {}}
    less = replace(WHOLE, **({field: empty[field]} if field else {}))
    fewer = [one for place, one in enumerate(others) if place != silent]
    after = reproducibility(less, fewer).whole.verdict
    assert after is not Verdict.MET or (before is Verdict.MET and not field)
