"""Builders of what the rules of assessments judge."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.cast import AT

from headway.domain.assessments.rules import Assessment, CheckFacts, Criterion, Evidence, assess

RECALL = Criterion("recall", "Recall", "model:meter", "recall", "maximise", 0.95)


def measured(value: float | None = 0.97, *, days: float = 0, **changes: object) -> Evidence:
    """Return a test evaluation of version 1, observed `days` before AT."""
    one = Evidence(
        record=1,
        subject="model:meter@1",
        kind="evaluation",
        metric="recall",
        segment="",
        value=value,
        observed_at=AT - timedelta(days=days),
        n=64,
        split="test",
    )
    return replace(one, **changes)  # type: ignore[arg-type]


def a_run(value: float | None, number: int, *, days: float = 0) -> Evidence:
    """Return what run `number` logged."""
    return measured(
        value, days=days, record=number, subject=f"run:lab/{number}", kind="run", split="", n=None
    )


def judged(*evidence: Evidence, versions: tuple[str, ...] = (), **changes: object) -> Assessment:
    """Judge the recall criterion, changed so, at AT."""
    return assess(replace(RECALL, **changes), evidence, AT, versions)  # type: ignore[arg-type]


def a_check(**changes: object) -> CheckFacts:
    """Return a check of dataset d@1 that passed on a hundred rows just now."""
    one = CheckFacts(1, "dataset:d@1", "no nulls", True, 100, True, "3 rows are null", AT)
    return replace(one, **changes)  # type: ignore[arg-type]
