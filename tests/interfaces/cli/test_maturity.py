"""`headway maturity`: levels, score and next step in a terminal and as JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.cast import AT, Cast
from tests.domain.maturity.systems import push, two_systems

ACME = ("--workspace", "acme")


@pytest.mark.django_db
def test_a_terminal_says_what_the_page_says(
    cast: Cast, asked: Callable[..., Any], answered: Callable[..., Any]
) -> None:
    two_systems(cast)
    push(cast, "deployment:reader/prod", "drill", {"drill": "rollback", "passed": True}, AT)
    told = answered("maturity reader --as-of 2026-11-23", *ACME, schema="maturity")
    (reader,) = told["systems"]
    assert reader["ml_test_score"]["sections"]["infra"] == 1
    assert reader["models"]["microsoft"]["columns"]["people"]["level"] == 1
    both = answered("maturity --as-of 2026-11-23", *ACME, schema="maturity")["systems"]
    assert [one["system"] for one in both] == ["reader", "scorer"]
    code, out, _ = asked("maturity reader --as-of 2026-11-23", *ACME)
    assert code == 0
    assert "Reader: ML Test Score 0 of 7, 27 of 28 unknown" in out
    assert "holds the score down" in out
    assert asked("maturity reader --as-of soon", *ACME)[0] == 2
    assert asked("maturity nobody", *ACME)[0] == 2
