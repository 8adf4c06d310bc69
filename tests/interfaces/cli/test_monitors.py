"""`headway monitor`: listed with how each stands, run as evidence, exit codes for pipelines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.cast import Cast
from tests.domain.checks.monitoring import HIGH, LOW, a_monitor, a_project

Ask = Callable[..., Any]

ACME = ("--workspace", "acme")


@pytest.mark.parametrize(("data", "expected"), [(LOW, 0), (HIGH, 1)])
def test_a_run_exits_by_its_verdict(cast: Cast, asked: Ask, data: bytes, expected: int) -> None:
    a_project(cast)
    a_monitor(cast, data)
    code, out, err = asked("monitor run live-error", *ACME)
    assert code == expected
    assert out.startswith("MET." if expected == 0 else "UNMET.")
    assert "Recorded as evidence" in err


def test_monitors_are_listed_with_their_verdicts(cast: Cast, asked: Ask, answered: Ask) -> None:
    assert asked("monitor list", *ACME)[1] == "There is no monitor yet.\n"
    a_project(cast)
    a_monitor(cast)
    (line,) = answered("monitor list", *ACME)["monitors"]
    assert (line["monitor"]["key"], line["verdict"]["verdict"]) == ("live-error", "missing")
    assert answered("monitor list", "--project", "other", *ACME)["monitors"] == []
    code, _, err = asked("monitor run gone", *ACME)
    assert code == 2
    assert "no monitor 'gone'" in err
