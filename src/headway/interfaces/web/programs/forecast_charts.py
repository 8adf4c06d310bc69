"""The charts of the forecast page, drawn from what a stored forecast kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

from headway.domain.plans.queries import ForecastFacts
from headway.domain.programs.rules import ProgramFacts
from headway.interfaces.web.programs.forecasting import (
    day,
    decimal,
    drawn,
    number,
    part,
    rows_of,
)
from headway.rendering.charts import (
    Chart,
    Frontier,
    ItemWeight,
    JointOdds,
    Removal,
    Removals,
    Weights,
    joint_odds,
    quadrant,
    tornado,
)
from headway.rendering.charts.joint import Pairs

#: So many items stand in the quadrant, the most sensitive of them.
MOST_DOTS = 60
MOST_CAUSES = 10


def joint_chart(program: ProgramFacts, forecast: ForecastFacts | None) -> Chart | None:
    """Draw time and money together; None where the answer has no frontier."""
    kept = part(forecast.answer, "joint") if forecast else {}
    frontiers = tuple(
        Frontier(round(chance * 100), pairs, balanced[0])
        for row in rows_of(kept.get("frontiers"))
        if (chance := number(row.get("probability"))) is not None
        and (pairs := _pairs(row.get("pairs")))
        and (balanced := _pairs([row.get("balanced")]))
    )
    points = _pairs(kept.get("scatter"))
    if forecast is None or not frontiers or not points:
        return None
    budget = decimal(part(forecast.answer, "budget").get("amount"))
    odds = JointOdds(
        points,
        frontiers,
        program.currency,
        day(forecast.answer.get("target")),
        budget,
        number(forecast.answer.get("p_joint")),
    )
    return drawn(joint_odds, odds)


def _pairs(value: object) -> Pairs:
    found: list[tuple[object, object]] = []
    for row in value if isinstance(value, list) else []:
        if isinstance(row, list) and len(row) == 2:
            found.append((day(row[0]), decimal(row[1])))
    return tuple((when, cost) for when, cost in found if when and cost is not None)  # type: ignore[misc]


def quadrant_chart(
    forecast: ForecastFacts | None, names: Mapping[str, str], leave_out: Collection[str] = ()
) -> Chart | None:
    """Draw criticality against cruciality; `leave_out` holds what is no work (milestones)."""
    items = part(forecast.answer, "items") if forecast else {}
    weights = []
    for key, row in items.items():
        if not isinstance(row, dict) or key in leave_out or row.get("quadrant") is None:
            continue
        critical = number(row.get("criticality"))
        if critical is not None:
            indices = (number(row.get("cruciality")), number(row.get("ssi")))
            name = names.get(key, key)
            weights.append(ItemWeight(name, critical, *indices, str(row["quadrant"])))
    weights.sort(key=lambda one: (-(one.ssi or 0.0), -one.criticality, one.name))
    return drawn(quadrant, Weights(tuple(weights[:MOST_DOTS]))) if weights else None


def tornado_charts(
    program: ProgramFacts, forecast: ForecastFacts | None, names: Mapping[str, str]
) -> tuple[Chart | None, Chart | None]:
    """Draw what the removal of each cause saves, in days and in money."""
    rows = rows_of(forecast.answer.get("drivers")) if forecast else ()
    days = [_removal(row, names, ("delta", "within_error")) for row in rows]
    money = [_removal(row, names, ("delta_cost", "cost_within_error")) for row in rows]
    return _tornado(days, ""), _tornado(money, program.currency)


def _tornado(rows: list[Removal], currency: str) -> Chart | None:
    known = [row for row in rows if row.p80 is not None or row.p50 is not None]
    if not known or (currency and not any(row.p80 or row.p50 for row in known)):
        return None
    known.sort(key=lambda row: (row.equal_p80, -abs(row.p80 or 0.0)))
    return drawn(tornado, Removals(tuple(known[:MOST_CAUSES]), currency))


def _removal(row: Mapping[str, object], names: Mapping[str, str], keys: tuple[str, str]) -> Removal:
    delta, equal = keys
    key = str(row["id"])
    return Removal(
        names.get(key, key),
        str(row["kind"]),
        _amount(row.get(f"{delta}_p50")),
        _amount(row.get(f"{delta}_p80")),
        _amount(row.get(f"{delta}_p80_error")),
        bool(row.get(f"{equal}_p50")),
        bool(row.get(equal)),
    )


def _amount(value: object) -> float | None:
    """Return a number, or money told as text, as a number to draw."""
    return float(Decimal(value)) if isinstance(value, str) else number(value)
