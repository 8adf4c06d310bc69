"""How many units a trial needs, what it can see with those it has, and how often it will see it.

Fixed: Welch's test by the noncentral t distribution (normal from 2,000 degrees of freedom on).
Sequential: the chance to cross the boundary at any of its looks, by the recursive integration of
`spending`; an always-valid reading is taken to be looked at twenty times. Bayesian: the chance that
the chance to win reaches 1 − alpha, with a flat prior.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from headway.analysis.summaries.variants import Grouping, Measured, variants_of
from headway.analysis.trials.distributions import normal_quantile, t_quantile, upper_normal
from headway.analysis.trials.estimates import estimate, pair
from headway.analysis.trials.metric import Kind, Metric
from headway.analysis.trials.plan import Way
from headway.analysis.trials.sequential import half_width
from headway.analysis.trials.spending import Spending, boundaries, crossing
from headway.errors import Invalid

if TYPE_CHECKING:
    from headway.analysis.summaries import Table

#: Looks by which an always-valid reading is planned.
_LOOKS = 20
#: Degrees of freedom from which Student's t is taken for normal.
_MANY = 2000.0
#: More units than this, and the question is another one.
MOST_UNITS = 10**12


@dataclass(frozen=True, slots=True)
class Design:
    """A trial of two variants before it runs.

    `baseline` is the control's value; `sd` the standard deviation of a unit, None for a proportion.
    `share` of the units is in the treatment. `correlation` with a covariate takes 1 − ρ² of the
    variance away (CUPED). `comparisons` are corrected together: alpha is divided, as the strictest
    step of Holm does.
    """

    baseline: float
    sd: float | None = None
    share: float = 0.5
    alpha: float = 0.05
    method: Way = Way.FIXED
    looks: int = 1
    spending: Spending = Spending.OBRIEN_FLEMING
    correlation: float = 0.0
    comparisons: int = 1

    def __post_init__(self) -> None:
        if not math.isfinite(self.baseline) or self.baseline == 0:
            sentence = (
                f"The baseline is {self.baseline:g}; a relative effect needs one that is not 0."
            )
            raise Invalid(sentence)
        if self.sd is None and not 0 < self.baseline < 1:
            sentence = (
                f"The baseline is {self.baseline:g}; without --sd it is a proportion, between 0 "
                f"and 1."
            )
            raise Invalid(sentence)
        if self.sd is not None and not (math.isfinite(self.sd) and self.sd > 0):
            sentence = f"The standard deviation is {self.sd:g}; it is above 0."
            raise Invalid(sentence)
        for name, value, low, high in (
            ("alpha", self.alpha, 0.0, 0.5),
            ("share of the treatment", self.share, 0.0, 1.0),
            ("correlation", self.correlation, -1.0, 1.0),
        ):
            if not low < value < high:
                sentence = f"The {name} is {value:g}; it is between {low:g} and {high:g}."
                raise Invalid(sentence)
        self._require_looks()

    def _require_looks(self) -> None:
        if self.method is Way.FIXED and self.looks > 1:
            sentence = f"A fixed test is read once, not {self.looks} times; choose sequential."
            raise Invalid(sentence)
        if self.comparisons < 1 or not 1 <= self.looks <= 200:
            sentence = (
                f"There are {self.comparisons} comparisons and {self.looks} looks; at least 1 "
                "each, and at most 200 looks."
            )
            raise Invalid(sentence)

    @property
    def level(self) -> float:
        """Return the alpha of one comparison."""
        return self.alpha / self.comparisons

    def standard_error(self, units: float, effect: float) -> float:
        """Return the standard error of the difference with `units` of both arms."""
        left = 1.0 - self.correlation**2
        a, b = self.variances(effect)
        return math.sqrt(left * (a / ((1.0 - self.share) * units) + b / (self.share * units)))

    def variances(self, effect: float) -> tuple[float, float]:
        """Return the variance of a unit of control and treatment under a relative effect."""
        if self.sd is not None:
            return self.sd**2, self.sd**2
        treated = self.baseline * (1.0 + effect)
        if not 0 < treated < 1:
            sentence = (
                f"A change of {effect * 100:g} % makes {self.baseline:g} into {treated:g}; a "
                "proportion stays between 0 and 1."
            )
            raise Invalid(sentence)
        return self.baseline * (1 - self.baseline), treated * (1 - treated)


@dataclass(frozen=True, slots=True)
class Past:
    """A metric before a trial: value, standard deviation of a unit, ρ with its covariate."""

    n: int
    value: float
    sd: float
    correlation: float


def past_of(table: Table, metric: Metric, unit: str = "") -> Past:
    """Return how a metric was in a table without variants, for a design. Raises Invalid."""
    how = "max" if metric.kind is Kind.PROPORTION else "sum"
    is_binary = metric.kind is Kind.PROPORTION
    asked = Measured(metric.column, metric.denominator, metric.covariate, how, is_binary)
    moments = variants_of(table, Grouping("", unit), [asked]).moments[0][0][0]
    alone = pair(moments, moments, metric)
    plain = estimate(moments, metric)
    if moments.n < 2 or not plain.variance > 0:
        sentence = (
            f"{metric.name} of {table.name} has {moments.n:,} units with a value and no spread "
            "among them; a size can't be planned by it."
        )
        raise Invalid(sentence)
    correlation = math.sqrt(max(0.0, 1.0 - alone.kept))
    return Past(moments.n, plain.value, math.sqrt(plain.variance), correlation)


@dataclass(frozen=True, slots=True)
class PlannedLook:
    """A look before it is taken: its share of the units, its boundary, how often it ends the trial.

    `stops` is the chance to cross there and not before, if the effect is as planned.
    """

    fraction: float
    units: int
    z: float
    stops: float


def power(units: int, effect: float, design: Design) -> float:
    """Return the chance that a relative `effect` is found with `units` of both arms."""
    drift = abs(effect * design.baseline) / design.standard_error(units, effect)
    if design.method is Way.SEQUENTIAL:
        fractions, bounds = _plan(units, design)
        return min(1.0, float(crossing(fractions, bounds, drift).sum()))
    if design.method is Way.BAYES:
        return upper_normal(normal_quantile(1.0 - design.level) - drift)
    return _power_of_t(units, effect, drift, design)


def sample_size(effect: float, wanted: float, design: Design) -> int:
    """Return the least units of both arms, whole in each, that find an effect with that chance.

    `effect` is relative, `wanted` the power.

    Raises Invalid: an effect of 0, or a chance that is not between alpha and 1.
    """
    _require(effect, wanted, design)
    low, high = 8, 16
    while power(high, effect, design) < wanted:
        low, high = high, high * 2
        if high > MOST_UNITS:
            sentence = f"A change of {effect * 100:g} % needs more than {MOST_UNITS:.0e} units."
            raise Invalid(sentence)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if power(middle, effect, design) >= wanted else (middle, high)
    return sum(arms(high, design.share))


def arms(units: int, share: float) -> tuple[int, int]:
    """Return whole units of control and treatment that are no fewer than their shares."""
    return math.ceil((1.0 - share) * units - 1e-9), math.ceil(share * units - 1e-9)


def least_effect(units: int, wanted: float, design: Design) -> float:
    """Return the least relative effect (upwards) that `units` find with the chance `wanted`."""
    most = 1e6 if design.sd is not None else (1.0 / design.baseline - 1.0) * (1 - 1e-9)
    _require(1.0, wanted, design)
    if units < 8 or power(units, most, design) < wanted:
        sentence = f"With {units:,} units no change is found {wanted * 100:g} % of the time."
        raise Invalid(sentence)
    low, high = 0.0, most
    while high - low > 1e-9 * high:
        middle = 0.5 * (low + high)
        low, high = (low, middle) if power(units, middle, design) >= wanted else (middle, high)
    return high


def planned_looks(units: int, effect: float, design: Design) -> tuple[PlannedLook, ...]:
    """Return the looks of a sequential design under the effect; of another, none."""
    if design.method is not Way.SEQUENTIAL:
        return ()
    drift = abs(effect * design.baseline) / design.standard_error(units, effect)
    fractions, bounds = _plan(units, design)
    stops = crossing(fractions, bounds, drift)
    return tuple(
        PlannedLook(fraction, math.ceil(fraction * units - 1e-9), z, float(stop))
        for fraction, z, stop in zip(fractions, bounds, stops, strict=True)
    )


def expected_units(units: int, effect: float, design: Design) -> float:
    """Return how many units a trial takes on average if the effect is as planned."""
    looks = planned_looks(units, effect, design)
    early = math.fsum(look.stops * (units - look.units) for look in looks)
    return units - early


def _plan(units: int, design: Design) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the looks' shares and boundaries in z."""
    if design.looks > 1:
        fractions = tuple((look + 1) / design.looks for look in range(design.looks))
        return fractions, boundaries(fractions, design.level, design.spending)
    fractions = tuple((look + 1) / _LOOKS for look in range(_LOOKS))
    return fractions, tuple(
        half_width(1.0, max(int(units * share), 1), design.level, float(units))
        for share in fractions
    )


def _power_of_t(units: int, effect: float, drift: float, design: Design) -> float:
    a, b = design.variances(effect)
    n_a, n_b = (1.0 - design.share) * units, design.share * units
    if min(n_a, n_b) < 2:
        return 0.0
    df = (a / n_a + b / n_b) ** 2 / ((a / n_a) ** 2 / (n_a - 1) + (b / n_b) ** 2 / (n_b - 1))
    critical = t_quantile(1.0 - design.level / 2.0, df)
    if df > _MANY or drift > 30.0:
        return upper_normal(critical - drift) + upper_normal(critical + drift)
    from scipy.special import nctdtr

    # Beyond a drift of 5 the wrong side has a chance below 1e-11, and SciPy has gaps there.
    wrong = float(nctdtr(df, drift, -critical)) if drift < 5.0 else 0.0
    return 1.0 - float(nctdtr(df, drift, critical)) + wrong


def _require(effect: float, wanted: float, design: Design) -> None:
    if not math.isfinite(effect) or effect == 0:
        sentence = f"The effect is {effect:g}; name the least change worth finding, as in 0.02."
        raise Invalid(sentence)
    if not design.alpha < wanted < 1:
        sentence = f"The power is {wanted:g}; it is between alpha ({design.alpha:g}) and 1."
        raise Invalid(sentence)
