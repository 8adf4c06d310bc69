from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.cast import AT
from tests.domain.assessments.rules.facts import RECALL, a_run, judged, measured

from headway.domain.assessments.rules import Level, Verdict, assess

DAY = timedelta(days=1)


def test_a_value_on_the_bound_meets_it() -> None:
    found = judged(measured(0.95))
    assert (found.verdict, found.level, found.records) == (Verdict.MET, Level.GOOD, (1,))


def test_a_value_below_what_was_promised_is_unmet() -> None:
    found = judged(measured(0.94))
    assert (found.verdict, found.level) == (Verdict.UNMET, Level.BAD)
    assert found.sentence == "Recall: 0.94 against at least 0.95 promised."


def test_less_is_better_where_it_was_promised_so() -> None:
    assert judged(measured(0.9), direction="minimise").verdict is Verdict.MET
    assert judged(measured(0.96), direction="minimise").verdict is Verdict.UNMET


def test_no_evidence_is_missing_and_never_green() -> None:
    found = judged()
    assert (found.verdict, found.level, found.records) == (Verdict.MISSING, Level.UNKNOWN, ())


def test_before_it_is_due_no_evidence_says_not_due() -> None:
    found = judged(due=(AT + DAY).date())
    assert (found.verdict, found.level) == (Verdict.NOT_DUE, Level.UNKNOWN)


def test_a_failure_before_it_is_due_is_amber() -> None:
    found = judged(measured(0.5), due=(AT + DAY).date())
    assert (found.verdict, found.level) == (Verdict.UNMET, Level.AT_RISK)


def test_an_estimate_without_labels_never_passes() -> None:
    found = judged(measured(0.99, is_estimated=True))
    assert found.verdict is Verdict.INSUFFICIENT
    assert "realised value" in found.sentence


@pytest.mark.parametrize(
    ("n", "verdict"), [(63, "insufficient"), (None, "insufficient"), (64, "met")]
)
def test_too_few_rows_are_no_evidence(n: int | None, verdict: str) -> None:
    assert judged(measured(n=n), minimum_n=64).verdict == verdict


def test_a_measurement_without_a_value_is_insufficient() -> None:
    assert judged(measured(None)).verdict is Verdict.INSUFFICIENT


def test_the_interval_of_61_in_64_does_not_show_what_the_estimate_passes() -> None:
    # 61 / 64 = 0.953; Wilson's 95 % interval is 0.871 to 0.984 (checked by hand).
    found = judged(measured(61 / 64, low=0.8711, high=0.9839), basis="interval")
    assert found.verdict is Verdict.UNMET
    assert found.sentence == (
        "Recall: 0.9531 (0.8711 to 0.9839): at least 0.95 is not shown, "
        "although the estimate itself passes."
    )
    assert judged(measured(61 / 64, low=0.8711, high=0.9839)).verdict is Verdict.MET


def test_a_promise_on_the_interval_asks_for_an_interval() -> None:
    assert judged(measured(0.99), basis="interval").verdict is Verdict.INSUFFICIENT
    assert judged(measured(0.99, low=0.96), basis="interval").verdict is Verdict.INSUFFICIENT


def test_where_less_is_better_the_upper_end_must_hold() -> None:
    one = measured(0.9, low=0.85, high=0.96)
    assert judged(one, basis="interval", direction="minimise").verdict is Verdict.UNMET


def test_the_worst_segment_speaks_for_all() -> None:
    rows = [measured(value, segment=f"digit={n}") for n, value in enumerate((0.99, 0.8, 0.97))]
    found = judged(*rows, segment="*")
    assert found.verdict is Verdict.UNMET
    assert "on digit=1" in found.sentence


def test_a_segment_of_a_few_rows_does_not_pass_behind_a_larger_one() -> None:
    rows = [measured(0.96, segment="large"), measured(1.0, segment="small", n=3)]
    found = judged(*rows, segment="*", minimum_n=50)
    assert found.verdict is Verdict.INSUFFICIENT


def test_on_the_interval_the_segment_with_the_weakest_bound_speaks() -> None:
    rows = [
        measured(0.96, segment="large", low=0.955, high=0.965),
        measured(0.99, segment="small", low=0.7, high=1.0),
    ]
    found = judged(*rows, segment="*", basis="interval")
    assert found.verdict is Verdict.UNMET
    assert "on small" in found.sentence


def test_a_segment_is_not_the_whole_and_the_whole_no_segment() -> None:
    assert judged(measured(segment="digit=3")).verdict is Verdict.MISSING
    assert judged(measured(), segment="digit=3").verdict is Verdict.MISSING


@pytest.mark.parametrize("other", [{"split": "train"}, {"dataset": "b"}, {"metric": "f1"}])
def test_another_split_dataset_or_metric_does_not_speak(other: dict[str, str]) -> None:
    one = measured(dataset="a")
    assert judged(one, dataset="a").verdict is Verdict.MET
    assert judged(replace(one, **other), dataset="a").verdict is Verdict.MISSING  # type: ignore[arg-type]


def test_a_name_that_begins_alike_is_another_model() -> None:
    assert judged(measured(subject="model:meter-2@1")).verdict is Verdict.MISSING
    assert judged(measured(subject="dataset:meter@1")).verdict is Verdict.MISSING


def test_the_newest_version_decides_even_when_it_is_silent() -> None:
    one = measured()
    assert judged(one, versions=("model:meter@1", "model:meter@2")).verdict is Verdict.MISSING


def test_a_criterion_may_name_its_version() -> None:
    versions = ("model:meter@1", "model:meter@2")
    assert judged(measured(), subject="model:meter@1", versions=versions).verdict is Verdict.MET


def test_evidence_ends_at_the_earlier_of_its_expiry_and_its_freshness() -> None:
    one = measured(days=10)
    assert judged(one, freshness_days=10).verdict is Verdict.MET
    assert judged(one, freshness_days=9).verdict is Verdict.STALE
    ended = replace(one, valid_until=AT - DAY)
    assert judged(ended, freshness_days=30).verdict is Verdict.STALE
    lasting = replace(one, valid_until=AT + DAY)
    assert judged(lasting, freshness_days=9).verdict is Verdict.STALE


def test_what_was_unmet_becomes_stale_too() -> None:
    assert judged(measured(0.1, days=10), freshness_days=9).verdict is Verdict.STALE


def test_first_the_newest_is_taken_and_then_its_age_is_judged() -> None:
    older = measured(0.99, days=5, record=1, valid_until=AT + DAY)
    newer = measured(0.99, days=2, record=2, valid_until=AT - DAY)
    assert judged(older, newer).verdict is Verdict.STALE


def test_the_best_run_speaks_for_all_runs() -> None:
    runs = [a_run(0.8, 1), a_run(0.96, 2), a_run(None, 3)]
    found = judged(*runs, subject="run:*")
    assert (found.verdict, found.records) == (Verdict.MET, (2,))


def test_runs_that_logged_no_value_are_insufficient() -> None:
    assert judged(a_run(None, 1), subject="run:*").verdict is Verdict.INSUFFICIENT


def test_an_old_record_run_is_stale_and_a_young_one_that_reaches_it_counts() -> None:
    old, poor, good = a_run(0.99, 1, days=30), a_run(0.5, 2), a_run(0.96, 3)
    asked = {"subject": "run:*", "freshness_days": 7}
    assert judged(old, poor, **asked).verdict is Verdict.STALE  # type: ignore[arg-type]
    assert judged(old, poor, good, **asked).records == (3,)  # type: ignore[arg-type]


def test_a_report_on_a_run_is_no_second_chance_for_it() -> None:
    report = measured(0.99, subject="run:lab/1")
    assert judged(a_run(0.5, 1), report, subject="run:*").verdict is Verdict.UNMET


def test_the_order_of_the_evidence_does_not_matter() -> None:
    rows = [
        measured(0.9, record=1, days=1),
        measured(0.97, record=2),
        measured(0.5, record=3, days=9),
    ]
    assert judged(*rows) == judged(*reversed(rows))


def test_the_unit_is_said() -> None:
    criterion = replace(RECALL, metric="latency", direction="minimise", target=200.0, unit="ms")
    found = assess(criterion, [measured(180.0, metric="latency")], AT)
    assert found.sentence == "Recall: 180 ms against at most 200 ms promised."
