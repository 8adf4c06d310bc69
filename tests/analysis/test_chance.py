from __future__ import annotations

import numpy as np
import pytest

from headway.analysis.chance import triangular, uniforms


def test_the_same_address_gives_the_same_number() -> None:
    assert (uniforms(7, "a", 100) == uniforms(7, "a", 1_000)[:100]).all()


@pytest.mark.parametrize("other", [(8, "a"), (7, "b"), (7, "a\0")])
def test_another_seed_or_stream_gives_unrelated_numbers(other: tuple[int, str]) -> None:
    correlation = np.corrcoef(uniforms(7, "a", 50_000), uniforms(*other, 50_000))[0, 1]
    assert abs(correlation) < 0.02


def test_numbers_are_uniform_and_never_an_end() -> None:
    u = uniforms(0, "x", 200_000)
    counts = np.bincount((u * 100).astype(int), minlength=100)
    chi_square = float(((counts - 2_000) ** 2 / 2_000).sum())
    assert chi_square < 160
    assert u.min() > 0.0
    assert u.max() < 1.0
    assert abs(np.corrcoef(u[1:], u[:-1])[0, 1]) < 0.01


def test_a_certain_range_has_one_value() -> None:
    assert set(triangular(4.0, 4.0, 4.0, np.array([0.1, 0.9]))) == {4.0}


def test_a_range_with_its_mode_at_an_end_stays_within_its_corners() -> None:
    u = uniforms(1, "corner", 10_000)
    for low, mode, high in ((0.0, 0.0, 3.0), (0.0, 3.0, 3.0)):
        drawn = triangular(low, mode, high, u)
        assert drawn.min() >= low
        assert drawn.max() <= high
        assert drawn.mean() == pytest.approx((low + mode + high) / 3, abs=0.02)
