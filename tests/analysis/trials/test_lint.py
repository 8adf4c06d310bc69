"""A plan that decides nothing, or too easily, is told so before it starts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from headway.analysis.trials import Kind, Metric, TrialPlan, Way
from headway.analysis.trials.lint import Severity, lint
from headway.analysis.trials.multiplicity import Correction

SOUND = TrialPlan(
    (Metric("paid"), Metric("wait", margin=0.02, higher_is_better=False)),
    split="50/50",
    planned=20_000,
    min_days=14,
    hypothesis="It sells more",
    locked_on=date(2026, 3, 2),
)
MANY = tuple(Metric(f"m{place}") for place in range(11))


def test_a_sound_plan_is_left_alone() -> None:
    assert lint(SOUND) == ()


@pytest.mark.parametrize(
    ("changes", "rule", "severity"),
    [
        ({"planned": None}, "no end", Severity.ERROR),
        ({"planned": None, "method": Way.SEQUENTIAL}, "no end", Severity.WARNING),
        (
            {"planned": None, "method": Way.SEQUENTIAL, "looks": 4},
            "looks without a size",
            Severity.ERROR,
        ),
        ({"planned": 200}, "too few units", Severity.ERROR),
        (
            {"planned": 3000, "method": Way.SEQUENTIAL, "looks": 20},
            "first look too early",
            Severity.WARNING,
        ),
        ({"prior": 0.3}, "prior without Bayes", Severity.ERROR),
        ({"method": Way.BAYES, "looks": 5}, "peeking", Severity.WARNING),
        (
            {"trim": 0.01, "metrics": (Metric("won", Kind.PROPORTION),)},
            "winsorising nothing",
            Severity.ERROR,
        ),
        ({"alpha": 0.2}, "large alpha", Severity.WARNING),
        ({"metrics": MANY, "correction": Correction.NONE}, "uncorrected", Severity.ERROR),
        ({"metrics": MANY}, "many goals", Severity.WARNING),
        ({"metrics": MANY[:1]}, "no guardrail", Severity.NOTE),
        ({"metrics": (*MANY[:1], Metric("g", margin=0.0))}, "no margin", Severity.WARNING),
        ({"hypothesis": ""}, "no hypothesis", Severity.NOTE),
        ({"split": ""}, "no split", Severity.NOTE),
        ({"locked_on": None}, "not locked", Severity.NOTE),
        ({"min_days": 10}, "parts of weeks", Severity.NOTE),
    ],
)
def test_each_fault_has_its_rule(changes: dict[str, object], rule: str, severity: Severity) -> None:
    found = {one.rule: one for one in lint(replace(SOUND, **changes))}  # type: ignore[arg-type]
    assert found[rule].severity is severity
    assert found[rule].sentence.endswith(".")
