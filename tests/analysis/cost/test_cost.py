"""Allocation keeps every micro-unit; what stands out is found, and noise is not."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.analysis.cost import (
    Condition,
    Origin,
    Point,
    Rule,
    Share,
    anomalies,
    place,
    split,
    whole_micros,
)
from headway.analysis.cost.anomalies import pettitt

SHARES = st.lists(st.integers(1, 1_000), min_size=1, max_size=8).map(
    lambda parts: (
        [Decimal(1) - sum(rest, Decimal(0)), *rest]
        if (rest := [Decimal(one) / 10_000 for one in parts[1:]]) or True
        else []
    )
)


@given(st.integers(-(10**18), 10**18), SHARES)
def test_shares_of_an_amount_add_up_to_it(micros: int, shares: list[Decimal]) -> None:
    parts = split(micros, shares)
    assert sum(parts) == micros
    for part, share in zip(parts, shares, strict=True):
        assert abs(part - micros * share) <= 1


@given(st.lists(st.decimals(-(10**6), 10**6, places=11), max_size=30))
def test_rounded_amounts_add_up_to_the_rounded_sum(amounts: list[Decimal]) -> None:
    micros = whole_micros(amounts)
    total = sum(amounts, Decimal(0))
    assert abs(Decimal(sum(micros)) / 10**6 - total) <= Decimal("0.0000005")
    for found, amount in zip(micros, amounts, strict=True):
        assert abs(Decimal(found) / 10**6 - amount) <= Decimal("0.000001")


def origin(**told: object) -> Origin:
    values = {name: "" for name in ("provider", "account", "sub_account", "service_category")}
    more = {"service": "EC2", "resource": "", "category": "Usage", "tags": {}}
    return Origin(**{**values, **more, **told})  # type: ignore[arg-type]


FRAUD = (Share("fraud", Decimal(1)),)
RULES = (
    Rule("gpu", (Condition("service", "ec2"), Condition("tag:team", "ris*")), FRAUD, "software"),
    Rule("rest", (Condition("service", "*"),), (Share("other", Decimal(1)),), adds=True),
)
PROJECTS = {"fraud": 1, "other": 2}


@pytest.mark.parametrize(
    ("told", "by", "project", "category"),
    [
        ({"tags": {"team": "RISK"}}, "gpu", "fraud", "software"),
        ({"tags": {"team": "ads"}}, "rest", "other", "compute"),
        ({"tags": {"team": "risk", "headway.project": "other"}}, "tag", "other", "compute"),
        ({"tags": {"team": "risk", "mlflow.run_id": "r1"}}, "run", "other", "compute"),
        ({"tags": {"mlflow.run_id": "r9"}}, "rest", "other", "compute"),
        ({"tags": {"headway.project": "gone"}}, "rest", "other", "compute"),
        ({"service": ""}, "", None, "compute"),
        ({"service": "", "provider": "time sheets"}, "", None, "people"),
    ],
)
def test_its_own_tag_wins_then_its_run_then_the_first_rule(
    told: dict[str, object], by: str, project: str | None, category: str
) -> None:
    found = place(origin(**told), RULES, {"r1": "other"}, PROJECTS)
    assert (found.by, found.category) == (by, category)
    assert [one.project for one in found.shares] == ([project] if project else [])


def days(amounts: list[float]) -> list[Point]:
    first = date(2026, 8, 1)
    return [
        Point(first + timedelta(at), Decimal(str(round(one, 2)))) for at, one in enumerate(amounts)
    ]


def noise(count: int, level: float = 100, seed: int = 7) -> list[float]:
    chance = random.Random(seed)
    return [level + chance.gauss(0, 6) for _ in range(count)]


def test_a_spike_is_told_with_its_day_and_amount() -> None:
    series = noise(60)
    series[40] = 260
    found = anomalies(days(series))
    assert [(one.kind, one.day) for one in found] == [("spike", date(2026, 9, 10))]
    assert found[0].seen == 260
    assert 90 < found[0].usual < 110


def test_a_shift_of_the_level_is_told_once_and_not_as_spikes() -> None:
    found = anomalies(days(noise(30) + noise(30, 180)))
    assert [(one.kind, one.day) for one in found] == [("shift", date(2026, 8, 31))]
    assert 70 < found[0].change < 90


def test_noise_a_flat_line_and_a_short_series_tell_nothing() -> None:
    for seed in range(20):
        assert anomalies(days(noise(90, seed=seed))) == []
    assert anomalies(days([5.0] * 90)) == []
    assert anomalies(days([1.0] * 10 + [500.0] * 10)) == []
    assert anomalies([]) == []


def test_pettitt_finds_the_change_by_its_definition() -> None:
    values = [Decimal(one) for one in (3, 1, 2, 2, 9, 8, 9, 7, 3)]
    signs = [
        sum((b < a) - (b > a) for a in values[:at] for b in values[at:])
        for at in range(1, len(values))
    ]
    at, p = pettitt(values)
    assert at == 1 + max(range(len(signs)), key=lambda place: abs(signs[place]))
    assert 0 < p < 1
