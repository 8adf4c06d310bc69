"""A sample pack with every part, for the claims that hold for all audiences."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from tests.rendering.report.sample import AS_OF, sample

from headway.rendering.report import Pack
from headway.rendering.report.pack import (
    BlockerLine,
    BridgeStep,
    CategoryLine,
    Compliance,
    ComplianceLine,
    CriterionLine,
    DecisionLine,
    Delivery,
    DriverLine,
    Engineering,
    EvidenceLine,
    ExperimentLine,
    Finance,
    MoneyLine,
    Overruled,
    PackBridge,
    ProjectMoney,
    Promise,
    RunsLine,
    VendorFile,
    WorkRow,
)

REASON = "The steering group has seen the 43 % and holds to 7 May."


def sample_pack() -> Pack:
    """Return a pack in which no part is empty, with numbers that occur nowhere twice by chance."""
    return Pack(
        executive=sample(),
        engineering=_engineering(),
        finance=_finance(),
        compliance=_compliance(),
        vendors=(_vendor(), VendorFile("north", "Northlabel", "A. Sample", "USD")),
        bridge=a_bridge(),
        overruled=(
            Overruled("Field automation", "schedule", "bad", "good", "A. Sample", "It holds."),
        ),
        reason=REASON,
    )


def a_bridge() -> PackBridge:
    """Return a bridge from 4 to 21 May 2027 that adds up, with a step that helps."""
    steps = (
        ("scope_added", "Scope added", "12.34", "40700.10", "Retrain was added: 5/6/9 days."),
        ("progress", "Progress", "8.43", "9610.15", "Labels: remaining 40 → 47 days."),
        ("risks", "Risks", "-3.99", "-1310.25", "The gateway's risk was closed."),
        ("rounding", "Rounding to whole days", "0.22", "0.00", "Counted to the hundredth."),
    )
    return PackBridge(
        since=date(2026, 11, 16),
        then_p80=date(2027, 5, 4),
        now_p80=date(2027, 5, 21),
        then_cost=Decimal("1187000.00"),
        now_cost=Decimal("1236000.00"),
        steps=tuple(
            BridgeStep(cause, title, Decimal(days), Decimal(money), why)
            for cause, title, days, money, why in steps
        ),
    )


def _engineering() -> Engineering:
    seen = AS_OF - timedelta(days=5)
    return Engineering(
        criteria=(
            CriterionLine(
                "Screening",
                "Recall",
                "unmet",
                "bad",
                "0.9531 (0.8691 to 0.9902): at least 0.95 is not shown.",
                "at least 0.95, by its interval",
                "",
                0.9531,
                0.8691,
                0.9902,
                date(2027, 1, 29),
                (213,),
                seen,
            ),
            CriterionLine(
                "CO2 forecaster", "Error", "missing", "unknown", "No evidence.", "at most 1 ppm", ""
            ),
        ),
        experiments=(
            ExperimentLine(
                "Meter reading",
                "Reach 0.970",
                "not begun",
                "B. Sample",
                4,
                (0.45, 0.68, 0.9),
                (4, 5, 9),
                date(2027, 2, 19),
                "Ship as is",
                0.92,
            ),
            ExperimentLine("Screening", "Old try", "done", "", None, (), (), None, "", None),
        ),
        drivers=(DriverLine("Vendor late", "risk", 3.31, 0.14), DriverLine("Tune", "item", 2.2, 0)),
        blockers=(
            BlockerLine("Screening", "Samples", "C. Sample", date(2026, 11, 9), "No contract."),
        ),
        work=(
            WorkRow(
                "Meter reading",
                "=1+1",
                "B. Sample",
                "under way",
                date(2026, 11, 5),
                date(2027, 1, 22),
                None,
                date(2027, 1, 29),
                ("Guideline",),
            ),
        ),
        runs=(RunsLine("Meter reading", 1_234, seen), RunsLine("Screening", 0, None)),
    )


def _finance() -> Finance:
    money = Decimal
    return Finance(
        currency="USD",
        budget=money("1200000.00"),
        contingency=money("90000.00"),
        reserve=money("60000.00"),
        spent=money("345842.51"),
        cost_p50=money("1220259.28"),
        cost_p80=money("1236000.00"),
        categories=(
            CategoryLine("people", money("850000.33"), money("300000.17")),
            CategoryLine("data", money("259999.67"), money("45842.34")),
            CategoryLine("contingency", money("90000.00"), money(0)),
        ),
        projects=(
            ProjectMoney(
                "Meter reading",
                money("593000.01"),
                money("104757.90"),
                money("671535.01"),
                money("592000.00"),
            ),
            ProjectMoney("Screening", money("506999.99"), money("241084.61"), None, None),
            ProjectMoney("", money("100000.00"), None, None, None),
        ),
        lines=(MoneyLine("People", "Screening", "people", "budget", money("506999.99")),),
        foreign=(("EUR", money("77.70")),),
    )


def _compliance() -> Compliance:
    return Compliance(
        projects=(
            ComplianceLine("Screening", "validate", "unknown", "missing", "Legal is missing."),
        ),
        evidence=(
            EvidenceLine(
                213,
                "model:screening@3",
                "evaluation",
                "Screening",
                AS_OF - timedelta(days=12),
                AS_OF - timedelta(days=11),
                AS_OF + timedelta(days=30),
                "7bc1" * 16,
            ),
        ),
        decisions=(
            DecisionLine(
                "Stop severity?", "Stop", "C. Sample", AS_OF - timedelta(days=2), "A plateau."
            ),
        ),
        missing=("CO2 forecaster: no evidence yet of mae on 24 months.",),
    )


def _vendor() -> VendorFile:
    return VendorFile(
        key="labelwerk",
        name="Labelwerk",
        sender="A. Sample",
        currency="USD",
        deliveries=(
            Delivery(
                "First 480 labels",
                "Meter reading",
                "accepted",
                date(2026, 8, 19),
                date(2026, 9, 16),
                date(2026, 9, 20),
                None,
                Decimal("9600.50"),
            ),
            Delivery(
                "1 050 further labels",
                "Meter reading",
                "under way",
                date(2026, 11, 5),
                None,
                date(2027, 1, 29),
                date(2027, 2, 3),
                Decimal("21000.25"),
            ),
        ),
        promises=(Promise("A trial batch of 200", date(2026, 12, 4), "open"),),
        decisions=(("Which shift labels on Saturdays?", date(2026, 12, 1)),),
    )
