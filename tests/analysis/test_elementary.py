"""Our exp, log and sine against the library's, to the last places."""

from __future__ import annotations

import math

import numpy as np
import pytest

from headway.analysis.elementary import exp, log, sine


def test_exp_is_accurate() -> None:
    x = np.linspace(-690.0, 690.0, 20_001)
    assert exp(x) == pytest.approx(np.exp(x), rel=1e-15)


def test_log_is_accurate() -> None:
    x = np.ldexp(np.linspace(0.5, 1.0, 2_001, endpoint=False), 1)
    assert log(x) == pytest.approx(np.log(x), abs=5e-16)
    assert log(np.array([1e-300, 1e300])) == pytest.approx([math.log(1e-300), math.log(1e300)])


def test_sine_is_accurate() -> None:
    x = np.linspace(-math.pi / 2, math.pi / 2, 2_001)
    assert sine(x) == pytest.approx(np.sin(x), abs=3e-16)


def test_values_with_exact_answers_are_exact() -> None:
    assert exp(np.array([0.0]))[0] == 1.0
    assert log(np.array([1.0]))[0] == 0.0
    assert sine(np.array([0.0]))[0] == 0.0
