"""The measures of earned value at one status date, and what each says when it has no answer.

PV, EV and AC are cumulative. Indices are quotients; a quotient with nothing below the line has no
value, and never is 0: `missing` says why. Sources: PMI, The Standard for Earned Value Management
(2019); W. Lipke, Schedule is different (2003), for the earned schedule; the seven estimates at
completion as compared by Vandevoorde and Vanhoucke (2006) and Batselier and Vanhoucke (2015).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from headway.analysis.earned_value.curve import ZERO, PlannedCurve

#: The seven estimates at completion by their performance factor.
FACTORS = ("one", "cpi", "spi", "spi_t", "sci", "sci_t", "weighted")
#: The three estimates of the finish by theirs.
FINISHES = ("one", "spi_t", "sci_t")
COST_WEIGHT, TIME_WEIGHT = Decimal("0.8"), Decimal("0.2")


@dataclass(frozen=True, slots=True)
class Status:
    """What stood at a status date: `at` is the time since the start, None where none is known.

    `spent` is None before any cost was recorded, which is not the same as nothing spent. `effort`
    is the part of planned and earned that earns with time: it counts for cost, not for schedule.
    `costed` is what was earned by the day to which costs are known, where that lies before.
    """

    planned: Decimal
    earned: Decimal
    spent: Decimal | None
    at: Decimal | None = None
    effort: Decimal = ZERO
    costed: Decimal | None = None

    @property
    def earned_for_cost(self) -> Decimal:
        """Return what was earned for the money that is known to be spent."""
        return self.earned if self.costed is None else self.costed


@dataclass(frozen=True, slots=True)
class Measures:
    """Everything that follows from one status; None where there is no answer, said in `missing`."""

    status: Status
    budget: Decimal
    schedule_variance: Decimal
    cost_variance: Decimal | None
    spi: Decimal | None
    cpi: Decimal | None
    tcpi: Decimal | None
    earned_schedule: Decimal | None
    spi_t: Decimal | None
    estimates: Mapping[str, Decimal | None]
    finishes: Mapping[str, Decimal | None]
    missing: Mapping[str, str]

    @property
    def time_variance(self) -> Decimal | None:
        """Return how far ahead (behind, below 0) of the plan it is in time: ES − AT."""
        if self.earned_schedule is None or self.status.at is None:
            return None
        return self.earned_schedule - self.status.at

    @property
    def tcpi_to_estimate(self) -> Decimal | None:
        """Return the pace that the rest needs to keep the estimate by CPI, not the budget.

        It is CPI itself while work is left: what the estimate takes for granted.
        """
        estimate, spent = self.estimates["cpi"], self.status.spent
        if estimate is None or spent is None:
            return None
        return _over(self.budget - self.status.earned_for_cost, estimate - spent)


def measured(status: Status, budget: Decimal, curve: PlannedCurve | None = None) -> Measures:
    """Return the measures of `status` against a budget at completion and the planned curve.

    The curve is that of the work that does not earn with time alone.
    """
    missing: dict[str, str] = {}
    spi = _over(status.earned - status.effort, status.planned - status.effort)
    if spi is None:
        missing["spi"] = "SPI: nothing was planned by then."
    cpi, tcpi = _for_cost(status, budget, missing)
    due, spi_t = _in_time(status, curve, missing)
    factors = _factors(spi, cpi, spi_t)
    return Measures(
        status,
        budget,
        status.earned - status.planned,
        None if status.spent is None else status.earned_for_cost - status.spent,
        spi,
        cpi,
        tcpi,
        due,
        spi_t,
        MappingProxyType(_estimates(status, budget, factors, missing)),
        MappingProxyType(_finishes(status, curve, due, factors)),
        MappingProxyType(missing),
    )


def _for_cost(
    status: Status, budget: Decimal, missing: dict[str, str]
) -> tuple[Decimal | None, Decimal | None]:
    """Return CPI and TCPI."""
    if status.spent is None:
        missing["cpi"] = "CPI and TCPI: no cost was ever recorded."
        return None, None
    cpi = _over(status.earned_for_cost, status.spent)
    if cpi is None:
        missing["cpi"] = "CPI: nothing was spent by then."
    if status.spent < budget:
        return cpi, (budget - status.earned_for_cost) / (budget - status.spent)
    missing["tcpi"] = "TCPI: the budget is spent, so no pace can keep it."
    return cpi, None


def _in_time(
    status: Status, curve: PlannedCurve | None, missing: dict[str, str]
) -> tuple[Decimal | None, Decimal | None]:
    """Return the earned schedule and SPI(t) = ES / AT."""
    if curve is None or status.at is None:
        missing["es"] = "ES and SPI(t): the planned curve and the start are not known."
        return None, None
    due = curve.due(status.earned - status.effort, status.at)
    if due is None:
        missing["es"] = "ES and SPI(t): more is earned than the planned curve holds."
        return None, None
    if status.at <= ZERO:
        missing["spi_t"] = "SPI(t): no time has passed since the start."
        return due, None
    return due, due / status.at


def _factors(
    spi: Decimal | None, cpi: Decimal | None, spi_t: Decimal | None
) -> dict[str, Decimal | None]:
    return {
        "one": Decimal(1),
        "cpi": cpi,
        "spi": spi,
        "spi_t": spi_t,
        "sci": None if cpi is None or spi is None else cpi * spi,
        "sci_t": None if cpi is None or spi_t is None else cpi * spi_t,
        "weighted": None if cpi is None or spi is None else COST_WEIGHT * cpi + TIME_WEIGHT * spi,
    }


def _estimates(
    status: Status,
    budget: Decimal,
    factors: Mapping[str, Decimal | None],
    missing: dict[str, str],
) -> dict[str, Decimal | None]:
    """Return EAC = AC + (BAC − EV) / PF by factor; without work left it is what was spent."""
    found: dict[str, Decimal | None] = {}
    if status.spent is None:
        missing["eac"] = "EAC: no cost was ever recorded."
        return dict.fromkeys(FACTORS)
    left = budget - status.earned_for_cost
    for name, factor in factors.items():
        if left == ZERO:
            found[name] = status.spent
            continue
        rest = None if factor is None else _over(left, factor)
        found[name] = None if rest is None else status.spent + rest
        if rest is None:
            why = "is not known" if factor is None else "is 0"
            missing[f"eac.{name}"] = f"EAC by {_WORDS[name]}: the factor {why}."
    return found


_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "one": "1",
        "cpi": "CPI",
        "spi": "SPI",
        "spi_t": "SPI(t)",
        "sci": "CPI × SPI",
        "sci_t": "CPI × SPI(t)",
        "weighted": "0.8 CPI + 0.2 SPI",
    }
)


def _finishes(
    status: Status,
    curve: PlannedCurve | None,
    due: Decimal | None,
    factors: Mapping[str, Decimal | None],
) -> dict[str, Decimal | None]:
    """Return EAC(t) = AT + (PD − ES) / PF by factor: the time from the start to the end.

    Without the whole curve the planned duration is not known, and nothing is.
    """
    if curve is None or due is None or status.at is None or not curve.is_whole:
        return dict.fromkeys(FINISHES)
    left = curve.duration - due
    found: dict[str, Decimal | None] = {}
    for name in FINISHES:
        factor = factors[name]
        rest = ZERO if left == ZERO else None if factor is None else _over(left, factor)
        found[name] = None if rest is None else status.at + rest
    return found


def _over(above: Decimal, below: Decimal) -> Decimal | None:
    return above / below if below else None
