"""How long work takes from its beginning, by the runs of work like it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from headway.analysis.attainment.duration import days_from_start, range_from_start
from headway.analysis.attainment.history import Question, Run
from headway.analysis.attainment.outlook import Outlook, outlook

#: Recall over labels, 100 more each ten days: half the loss for four times the labels.
CURVE = [
    Run(10.0 * n, 1.0 - 2.0 / (100.0 * n) ** 0.5, effort=100.0 * n, error=0.002)
    for n in range(1, 9)
]


def found(runs: list[Run], target: float, *, draws: int = 400) -> Outlook:
    return outlook(runs, Question(target, ideal=1.0, draws=draws))


def test_by_a_curve_the_days_are_the_effort_that_the_target_needs_at_the_pace() -> None:
    # A loss of 0.1 needs 400 labels: forty days at ten a day.
    held = range_from_start(found(CURVE, 0.9))
    assert held is not None
    assert held[0] < held[1] < held[2]
    assert held[1] == pytest.approx(40, rel=0.1)


def test_a_higher_target_never_takes_less_and_one_out_of_reach_has_no_range() -> None:
    spans = [days_from_start(found(CURVE, target)) for target in (0.85, 0.9, 0.93)]
    assert all(np.all(low <= high) for low, high in zip(spans, spans[1:], strict=False))
    flat = [replace(run, value=min(run.value, 0.85)) for run in CURVE]
    assert range_from_start(found(flat, 0.99)) is None


def test_without_effort_the_runs_that_it_took_are_taken_at_their_pace() -> None:
    bare = [replace(run, effort=None) for run in CURVE]
    held = range_from_start(found(bare, 0.9))
    # The fourth run was the first there, ten days apart; once seen, so wide.
    assert held is not None
    assert held[1] == pytest.approx(40, rel=0.2)
    assert held[2] > 1.5 * held[1] > 3 * held[0] / 2
    assert range_from_start(found(bare[:2], 0.8)) is None
