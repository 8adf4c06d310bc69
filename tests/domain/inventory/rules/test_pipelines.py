"""Service levels of pipelines: time alone never makes one met, and the worst term speaks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.analysis.verdicts import Verdict
from headway.domain.inventory.rules.pipelines import (
    PipelineRun,
    ServiceLevel,
    kept,
    latest_of_each,
)

NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
LEVEL = ServiceLevel(every_hours=24, within_hours=2, data_hours=48)
RUN = PipelineRun(
    1, "p", "a", "succeeded", NOON - HOUR, NOON, "", "", "", None, NOON - 5 * HOUR, NOON
)


@pytest.mark.parametrize(
    ("changes", "hours", "verdict"),
    [
        ({}, 1, Verdict.MET),
        ({}, 24, Verdict.MET),
        ({}, 25, Verdict.STALE),
        ({"status": "failed"}, 1, Verdict.UNMET),
        ({"status": "cancelled"}, 1, Verdict.MISSING),
        ({"started_at": NOON - 3 * HOUR}, 1, Verdict.UNMET),
        ({"started_at": None}, 1, Verdict.MISSING),
        ({"data_until": None}, 1, Verdict.MISSING),
        ({"data_until": NOON - 60 * HOUR}, 1, Verdict.STALE),
        ({"status": "running", "ended_at": None}, 3, Verdict.UNMET),
        ({}, -1, Verdict.MISSING),
    ],
)
def test_each_term_of_a_service_level(
    changes: dict[str, object], hours: float, verdict: Verdict
) -> None:
    run = replace(RUN, **changes)  # type: ignore[arg-type]
    assert kept(LEVEL, [run], NOON + hours * HOUR).verdict is verdict


def test_without_expectations_only_the_last_run_is_judged() -> None:
    nothing = ServiceLevel()
    assert kept(nothing, [RUN], NOON + 9_000 * HOUR).verdict is Verdict.MET
    assert kept(nothing, [], NOON).verdict is Verdict.MISSING


RUNS = st.lists(
    st.builds(
        lambda number, status, hours: replace(
            RUN,
            record=number,
            run_id=str(number % 4),
            status=status,
            observed_at=NOON - hours * HOUR,
            ended_at=None if status == "running" else NOON - hours * HOUR,
            started_at=NOON - (hours + 1) * HOUR,
            data_until=NOON - hours * HOUR,
        ),
        st.integers(1, 99),
        st.sampled_from(["running", "succeeded", "failed", "cancelled"]),
        st.integers(0, 90),
    ),
    max_size=6,
    unique_by=lambda run: run.record,
)


@given(RUNS, st.integers(0, 50), st.integers(0, 50))
def test_time_alone_never_turns_a_service_level_into_met(
    runs: list[PipelineRun], soon: int, later: int
) -> None:
    known = latest_of_each(runs)
    before = kept(LEVEL, known, NOON + soon * HOUR).verdict
    after = kept(LEVEL, known, NOON + (soon + later) * HOUR).verdict
    assert after is not Verdict.MET or before is Verdict.MET


@given(RUNS)
def test_the_order_in_which_runs_are_told_does_not_matter(runs: list[PipelineRun]) -> None:
    assert latest_of_each(runs) == latest_of_each(list(reversed(runs)))
    assert kept(LEVEL, latest_of_each([]), NOON).verdict is not Verdict.MET
