"""Intervals: Student's quantile is scipy's, ends are in order, shares stay shares."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr, stdtrit

from headway.analysis.segments.intervals import means, shares, student, z_of


@pytest.mark.parametrize("z", [0.7, 1.6448536269514722, 1.959963984540054, 3.2905267314919255])
def test_students_quantile_is_scipys(z: float) -> None:
    for freedom in (*range(1, 40), 99, 100, 199, 200, 201, 202, 500, 10_000, 10**7):
        assert student(freedom, z) == pytest.approx(stdtrit(freedom, ndtr(z)), rel=1e-9), freedom


def test_a_mean_of_one_row_has_no_interval_and_of_two_a_wide_one() -> None:
    low, high = means(np.array([1.0, 1.0]), np.array([np.nan, 1.0]), np.array([1.0, 2.0]), 0.95)
    assert np.isnan(low[0])
    assert (low[1], high[1]) == (pytest.approx(1 - 12.7062047), pytest.approx(1 + 12.7062047))


def test_a_share_of_nothing_has_no_interval() -> None:
    low, high = shares(np.array([0.0, 5.0]), np.array([0.0, 10.0]), z_of(0.95))
    assert np.isnan([low[0], high[0]]).all()
    assert (low[1], high[1]) == (pytest.approx(0.2366, abs=1e-4), pytest.approx(0.7634, abs=1e-4))
