"""A sample report, close to the demo's story, for the tests of all formats."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from headway.rendering.charts import FinishOdds, MilestoneRow
from headway.rendering.report import (
    DecisionNeeded,
    HealthLine,
    HitRate,
    Judgement,
    LedgerHead,
    OnePager,
    Outlook,
    Pack,
    Page,
    Pedigree,
    ProjectLine,
    RiskLine,
    page_of,
)

AS_OF = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
TARGET = date(2027, 5, 7)


def _curve(shift: int, spread: int) -> tuple[tuple[date, float], ...]:
    """A smooth rising curve around the target, in steps of a day."""
    days = range(-spread, spread + 40)
    return tuple(
        (TARGET + timedelta(days=shift + n), 1 / (1 + 2.718281828 ** (-n / (spread / 5))))
        for n in days
    )


def outlook() -> Outlook:
    budget = Decimal(1_200_000)
    p50, p80 = date(2027, 5, 10), date(2027, 5, 21)
    return Outlook("bad", p50, p80, TARGET, 0.434, Decimal(1_236_000), budget, "USD")


def paged(report: OnePager | None = None) -> Page:
    """Return the executive page of a report, of the sample unless another is given."""
    return page_of(Pack(executive=report or sample()), "executive")


def sample() -> OnePager:
    before = Outlook(
        "good",
        date(2027, 4, 22),
        date(2027, 5, 4),
        TARGET,
        0.861,
        Decimal(1_187_000),
        Decimal(1_200_000),
        "USD",
    )
    odds = FinishOdds(
        _curve(3, 45),
        date(2027, 5, 10),
        date(2027, 5, 21),
        AS_OF.date(),
        TARGET,
        0.434,
        _curve(-15, 38),
        date(2026, 11, 16),
    )
    return OnePager(
        program="Field automation",
        as_of=AS_OF,
        outlook=outlook(),
        because="labels arrive at 85 a week, not 95, and retraining takes the shared engineer.",
        health=_health(),
        pedigree=Pedigree("headway 0.1.0 numpy", 7, 10_000),
        previous=before,
        previous_as_of=date(2026, 11, 16),
        changes=("Screening: recall evaluated, not shown.", "CO2 forecaster: drift found."),
        decisions=_decisions(),
        risks=_risks(),
        milestones=_milestones(),
        projects=_projects(),
        odds=odds,
        sources=("MLflow", "plan.yaml", "costs.csv"),
        hit_rate=HitRate(7, 9),
        ledger=LedgerHead(48_213, "9f2c" * 16),
        link="https://headway.example/w/sample/reports/12",
    )


def _health() -> tuple[HealthLine, ...]:
    def seen(days: int) -> datetime:
        return AS_OF - timedelta(days=days)

    hopeful = Judgement("at_risk", "Vendor B would bring it back", "A. Sample", date(2026, 12, 7))
    return (
        HealthLine(
            "Schedule",
            "bad",
            "P80 is 14 days late.",
            "on time ≥ 80 %",
            214,
            seen(3),
            "good",
            hopeful,
        ),
        HealthLine("Cost", "at_risk", "P80 over budget.", "P80 ≤ budget", 61, seen(4), "good"),
        HealthLine(
            "Quality", "at_risk", "2 of 4 targets shown.", "all shown", 37, seen(5), "at_risk"
        ),
        HealthLine("Data", "good", "Checks pass.", "no failed check", 118, seen(2), "good"),
        HealthLine(
            "Risk", "at_risk", "One risk costs 9 days.", "none ≥ 5 days", 12, seen(6), "good"
        ),
        HealthLine("Compliance", "unknown", "Legal review missing.", "all approved", 0),
    )


def _decisions() -> tuple[DecisionNeeded, ...]:
    return (
        DecisionNeeded(
            "Add vendor B for labels?",
            ("add for USD 6,000", "ship at 0.958"),
            "add: lands 25 days earlier",
            date(2026, 11, 30),
            "5 days a week",
        ),
        DecisionNeeded(
            "Stop severity score?",
            ("stop, take the fallback", "continue"),
            "stop: plateau at 0.489 of 0.600",
            date(2026, 12, 4),
        ),
    )


def _risks() -> tuple[RiskLine, ...]:
    due = date(2026, 11, 27)
    return (
        RiskLine("Labels late", "B. Sample", "sign vendor B", due, 0.6, "9 days"),
        RiskLine("Legal queue", "C. Sample", "book the review", date(2026, 12, 1), 0.35, "10 days"),
        RiskLine("CO2 model drifts", "D. Sample", "retrain", date(2026, 12, 11), None, "8 days"),
        RiskLine("GPU quota", "D. Sample", "ask", date(2026, 12, 18), 0.1, "2 days"),
    )


def _milestones() -> tuple[MilestoneRow, ...]:
    return (
        MilestoneRow("Charter", date(2026, 9, 1), None, None, done=date(2026, 9, 2)),
        MilestoneRow(
            "Labels accepted",
            date(2027, 1, 15),
            date(2027, 1, 22),
            date(2027, 2, 3),
            date(2027, 1, 29),
        ),
        MilestoneRow("Screening approved", date(2027, 3, 1), date(2027, 3, 4), date(2027, 3, 12)),
        MilestoneRow("Handover", date(2027, 4, 30), date(2027, 5, 10), date(2027, 5, 21), TARGET),
    )


def _projects() -> tuple[ProjectLine, ...]:
    return (
        ProjectLine(
            "Meter reading",
            "experiment",
            "at_risk",
            date(2027, 3, 2),
            date(2027, 3, 29),
            0.71,
            "recall 0.958 of 0.970",
            (Decimal("193004.18"), Decimal("246210.55")),
        ),
        ProjectLine(
            "Severity score", "experiment", "bad", date(2027, 4, 1), None, 0.22, "R² 0.489 of 0.600"
        ),
        ProjectLine(
            "Screening",
            "validate",
            "at_risk",
            date(2027, 3, 4),
            date(2027, 3, 12),
            0.66,
            "recall 0.953, bound 0.87 of 0.95",
        ),
        ProjectLine("CO2 forecaster", "operate", "bad", None, None, None, "error 5.09 of 1.50"),
    )
