"""Argo's and Flagger's verdicts are derived again: no successful measurement is no evidence."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from tests.connectors.results.files import argo, checks, metric, said, sentence

RUN = "analysis run fraud-7-2"


@pytest.mark.parametrize(
    ("result", "passed"),
    [
        (metric(successful=3), True),
        (metric(successful=3, error=2), True),
        (metric(), None),
        (metric(error=4, consecutiveError=4), None),
        (metric(successful=1, error=5, consecutiveError=5), None),
        (metric(successful=5, failed=1, phase="Failed"), False),
        (metric(successful=5, failed=1, rule={"failureLimit": 1}), True),
        (metric(successful=5, failed=9, rule={"failureLimit": -1}), True),
        (metric(successful=5, failed=2, rule={"failureLimit": 1}, phase="Failed"), False),
        (metric(successful=5, inconclusive=1, phase="Inconclusive"), None),
        (metric(successful=5, inconclusive=1, rule={"inconclusiveLimit": 1}), True),
        (metric(successful=2, phase="Running"), None),
        (metric(successful=2, rule={"count": 5}), None),
        (metric(successful=5, rule={"count": "5"}), True),
        (metric(successful=3, consecutiveSuccess=2, rule={"consecutiveSuccessLimit": 3}), None),
        (metric(successful=3, consecutiveSuccess=3, rule={"consecutiveSuccessLimit": 3}), True),
    ],
    ids=lambda value: str(value)[:70],
)
def test_a_metric_is_judged_by_its_measurements(
    result: dict[str, Any], passed: bool | None
) -> None:
    results = said(argo(result))
    assert checks(results)["errors"] == (passed, result["phase"])
    assert checks(results)[RUN] == (passed, "Successful")


def test_all_measurements_failed_to_be_taken_and_argo_says_successful() -> None:
    """argo-rollouts issue 4479: errors are no failures there."""
    results = said(argo(metric(error=4, consecutiveError=4)))
    assert "says 'Successful'; by its own numbers this is no evidence" in sentence(results, RUN)
    assert "4 not taken" in sentence(results, "errors")


def test_a_terminated_run_is_no_evidence() -> None:
    """argo-rollouts issue 1329."""
    results = said(argo(metric(successful=2, rule={"count": 10}), terminate=True))
    assert checks(results)[RUN][0] is None
    assert "terminated after 2 of 10" in sentence(results, "errors")


def test_the_run_is_as_its_worst_metric_and_dry_runs_do_not_count() -> None:
    good, bad = metric("a", successful=3), metric("b", failed=3, phase="Failed")
    assert checks(said(argo(good, bad, phase="Failed")))[RUN] == (False, "Failed")
    dry = {**bad, "dryRun": True}
    results = said(argo(good, dry))
    assert checks(results)[RUN] == (True, "Successful")
    assert results.observations[1].payload["severity"] == "warning"


def test_a_metric_that_was_asked_for_and_is_not_there_is_missing() -> None:
    run = argo(metric("a", successful=3))
    run["spec"]["metrics"].append({"name": "latency"})
    assert checks(said(run))["latency"] == (None, "none")
    assert checks(said(run))[RUN][0] is None
    assert checks(said(argo()))[RUN] == (None, "Successful")


def test_measurements_are_counted_where_the_counts_are_left_out() -> None:
    listed = [
        {"phase": "Successful", "value": "[0.02]", "finishedAt": "2026-11-22T09:59:00Z"},
        {"phase": "Error", "message": "no route"},
    ]
    result = {"name": "errors", "phase": "Successful", "measurements": listed}
    results = said(argo(result))
    payload = results.observations[0].payload
    assert (payload["passed"], payload["observed"], payload["rows"]) == (True, 0.02, 1)


def test_counts_that_disagree_with_the_list_are_told() -> None:
    result = metric(successful=0) | {"measurements": [{"phase": "Successful", "value": "1"}]}
    assert "counts 0 successful and lists 1" in sentence(said(argo(result)), "errors")


def test_a_run_says_itself_what_was_rolled_out_and_when() -> None:
    first = said(argo(metric(successful=1)), subject="").observations[0]
    assert str(first.subject) == "deployment:ml/fraud@6bf7"
    assert first.observed_at.isoformat() == "2026-11-22T10:00:00+00:00"
    assert str(said(argo(metric(successful=1))).observations[0].subject) == "model:fraud@7"


def canary(phase: str = "Succeeded", failed: int = 0, **spec: Any) -> dict[str, Any]:
    analysis = {"threshold": 5, "maxWeight": 50, "metrics": [{"name": "request-success-rate"}]}
    return {
        "apiVersion": "flagger.app/v1beta1",
        "kind": "Canary",
        "metadata": {"name": "fraud", "namespace": "ml"},
        "spec": {"targetRef": {"name": "fraud-api"}, "analysis": analysis, **spec},
        "status": {
            "phase": phase,
            "failedChecks": failed,
            "lastAppliedSpec": "5d6f",
            "lastTransitionTime": "2026-11-22T10:00:00Z",
            "conditions": [{"message": "Canary analysis completed, promotion finished."}],
        },
    }


@pytest.mark.parametrize(
    ("content", "passed"),
    [
        (canary(), True),
        (canary("Failed", 0), False),
        (canary("Succeeded", 5), False),
        (canary("Progressing", 1), None),
        (canary("Initialized"), None),
        (canary(skipAnalysis=True), None),
        (canary(analysis={"threshold": 5}), None),
    ],
)
def test_a_flagger_canary_is_judged_by_what_it_measured(
    content: dict[str, Any], passed: bool | None
) -> None:
    results = said(content, subject="")
    assert checks(results)["canary fraud"] == (passed, content["status"]["phase"])
    assert str(results.observations[0].subject) == "deployment:ml/fraud-api@5d6f"


def test_yaml_of_several_documents_and_lists_are_read_and_others_named() -> None:
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x"}}
    text = yaml.safe_dump_all([argo(metric(successful=2)), pod, canary()])
    assert set(checks(said("# from kubectl\n" + text))) == {"errors", RUN, "canary fraud"}
    listed = {"apiVersion": "v1", "kind": "List", "items": [pod, canary("Failed")]}
    results = said(listed)
    assert checks(results) == {"canary fraud": (False, "Failed")}
    assert [note.where for note in results.notes] == ["document 1"]


def test_yaml_words_are_not_taken_for_truth_values() -> None:
    run = argo(metric("no", successful=1) | {"dryRun": False})
    text = yaml.safe_dump(run).replace("name: 'no'", "name: no")
    assert set(checks(said(text))) == {"no", RUN}
