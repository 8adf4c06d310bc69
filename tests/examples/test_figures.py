"""The figures that examples/README.md claims are those of the committed evidence."""

from __future__ import annotations

from statistics import fmean

import pytest
from tests.examples.conftest import Evidence

METER, LABORATORY = "meter-reading", "svc-1257-laboratory-set"


@pytest.mark.parametrize(
    ("subject", "labels", "claim"),
    [
        ("model:meter-reading@1", 480, "{:.3f} with 480 labels"),
        ("model:meter-reading@2", 800, "{:.3f} with 800"),
        ("", 1257, "{:.3f} with the 1,257 of the laboratory"),
    ],
)
def test_recall_by_labels(
    evidence: Evidence, readme: str, subject: str, labels: int, claim: str
) -> None:
    found = evidence.evaluation(subject or evidence.of_run(METER, LABORATORY), "macro_recall")
    assert found["context"] == {"labels": labels}
    assert found["n"] == 540
    assert claim.format(found["value"]) in readme


def test_all_three_recalls_are_on_the_same_test_set(evidence: Evidence) -> None:
    subjects = (
        "model:meter-reading@1",
        "model:meter-reading@2",
        evidence.of_run(METER, LABORATORY),
    )
    digests = {evidence.evaluation(one, "macro_recall")["dataset_digest"] for one in subjects}
    assert len(digests) == 1


def test_the_weakest_digit(evidence: Evidence, readme: str) -> None:
    weakest = {}
    for subject in (evidence.of_run(METER, LABORATORY), "model:meter-reading@2"):
        segments = evidence.evaluation(subject, "macro_recall")["segments"]
        assert len(segments) == 10
        weakest[subject] = min(segments, key=lambda segment: segment["value"])
    laboratory, ours = weakest.values()
    assert (laboratory["segment"], ours["segment"]) == ("digit=3", "digit=3")
    right = round(laboratory["value"] * laboratory["n"])
    interval = f"Wilson {laboratory['low']:.3f} to {laboratory['high']:.3f}"
    assert (
        f"3, at {laboratory['value']:.3f} with 1,257 labels ({right} of 53; {interval})" in readme
    )
    assert f"and {ours['value']:.3f} with 800" in readme


def test_what_label_errors_cost(evidence: Evidence, readme: str) -> None:
    runs = evidence.runs(METER)
    clean = runs["label-noise-none"]["metrics"]["test_macro_recall"]
    noisy = [runs[f"label-noise-{seed}"]["metrics"]["test_macro_recall"] for seed in range(5)]
    assert f"falls from {clean:.3f} to {fmean(noisy):.3f}, the mean of five draws" in readme
    children = [run for run in runs.values() if run["parent_run_id"]]
    assert {run["parent_run_id"] for run in children} == {runs["label-noise"]["run_id"]}
    assert len(children) == 6


def test_the_run_on_missing_pixels_failed_and_left_the_check_that_saw_it(
    evidence: Evidence,
) -> None:
    assert evidence.runs(METER)["svc-240-as-delivered"]["status"] == "failed"
    (check,) = (
        line["payload"]
        for line in evidence.files[METER]
        if line["subject"] == "dataset:meter-labels@240-as-delivered"
        and line["kind"] == "check"
        and line["payload"]["check"] == "no missing pixels"
    )
    assert (check["passed"], check["rows_bad"]) == (False, 14)


def test_the_severity_scores_plateau(evidence: Evidence, readme: str) -> None:
    runs = [run for run in evidence.runs("severity-score").values() if run["status"] == "finished"]
    scores = [run["metrics"]["test_r2"] for run in sorted(runs, key=lambda run: run["started_at"])]
    assert len(scores) == 11
    assert scores.index(max(scores)) + 1 == 5
    assert f"best R² {max(scores):.3f}, the fifth that was tried; promised 0.60" in readme
    assert evidence.runs("severity-score")["wide-search"]["status"] == "killed"


def test_the_booster_that_learned_by_heart(evidence: Evidence, readme: str) -> None:
    metrics = evidence.runs("severity-score")["booster-depth-8"]["metrics"]
    train, test = metrics["train_r2"], metrics["test_r2"]
    assert f"R² {train:.2f} in training, {test:.3f} on patients held out" in readme


def test_screening_is_good_but_not_shown(evidence: Evidence, readme: str) -> None:
    found = evidence.evaluation("model:screening@2", "recall", digest=_digest(evidence, "test"))
    assert (found["context"]["found"], found["n"]) == (61, 64)
    assert found["interval_method"] == "Clopper-Pearson"
    assert found["low"] < 0.95 < found["value"]
    interval = f"95 % interval {found['low']:.3f} to {found['high']:.3f}"
    assert f"61 of 64 = {found['value']:.3f}, Clopper-Pearson {interval}" in readme


def test_the_pooled_evaluation_shows_it_and_lies_apart(evidence: Evidence, readme: str) -> None:
    found = evidence.evaluation("model:screening@2", "recall", digest=_digest(evidence, "all"))
    assert (found["context"]["found"], found["n"], found["confidence"]) == (207, 212, 0.9)
    claim = f"207 of 212 = {found['value']:.3f} over five folds, one-sided 95 % lower bound"
    assert f"{claim} {found['low']:.3f}" in readme
    assert found["low"] > 0.95
    loaded = evidence.files["screening"]
    assert all(line["payload"].get("n") != 212 for line in loaded)


def test_the_live_model_drifts(evidence: Evidence, readme: str) -> None:
    model = "model:co2-forecaster@1"
    live = {
        line["payload"]["dataset_digest"]: line["payload"]["value"]
        for line in evidence.files["co2-forecaster"]
        if line["subject"] == model and line["payload"].get("split") == "live"
    }
    first, second = live.values()
    train = evidence.evaluation(model, "mae", "train")["value"]
    assert f"{train:.2f} ppm in the training years 1970 to 1992" in readme
    assert f"{first:.2f} in 1993 and 1994, {second:.2f} in 1995 and 1996" in readme
    challenger = evidence.of_run("co2-forecaster", "challenger-line-and-seasons")
    assert f"{evidence.evaluation(challenger, 'mae')['value']:.2f} ppm on the same months" in readme


def test_the_drift_is_seen_by_a_check(evidence: Evidence) -> None:
    passed = [
        line["payload"]["passed"]
        for line in evidence.files["co2-forecaster"]
        if line["kind"] == "check" and line["payload"]["check"] == "live error within bound"
    ]
    assert passed == [True, False]


def _digest(evidence: Evidence, part: str) -> str:
    """Return the digest of a screening dataset by the last part of its name."""
    (only,) = {
        line["payload"]["digest"]
        for line in evidence.lines
        if line["subject"] == f"dataset:screening-{part}@1" and line["kind"] == "dataset_version"
    }
    return str(only)
