"""One column compared: its distances by kind, and each test with its effect, bound and p-value."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from headway.analysis.drift.bins import Bins, bins_of, levels_of
from headway.analysis.drift.distances import (
    ChiSquare,
    chi_square,
    jensen_shannon,
    kolmogorov_p,
    merged,
    proportions_p,
    psi,
)
from headway.analysis.drift.pairs import Bracket, Pair, pair
from headway.analysis.drift.rules import Rules, beyond, js_noise, ks_noise, share_noise
from headway.analysis.summaries.histograms import Counts, Integers
from headway.analysis.summaries.profiles import Summary

#: What makes some buckets of a pair exact, by a further question to both tables.
Refine = Callable[[str, Pair, Integers], Pair]


@dataclass(frozen=True, slots=True)
class Test:
    """One way in which a column may drift: how far it did, from when on it counts, and the odds.

    `value` is what was measured (for KS the lower bound), `effect` its part beyond chance.
    """

    name: str
    value: float
    effect: float
    bound: float
    p: float

    @property
    def reaches(self) -> bool:
        """Whether the effect is large enough to matter."""
        return self.effect >= self.bound


@dataclass(frozen=True, slots=True)
class Compared:
    """A column on both sides, measured and not yet judged. Distances are None where undefined."""

    name: str
    kind: str
    reference: Summary
    current: Summary | None
    ks: Bracket | None = None
    wasserstein: Bracket | None = None
    psi: float | None = None
    js: float | None = None
    chi2: ChiSquare | None = None
    new_share: float | None = None
    bins: Bins | None = None
    tests: tuple[Test, ...] = ()

    def ks_p(self) -> Bracket | None:
        """The bracket of the KS p-value: a larger distance has a smaller one."""
        if self.ks is None or self.current is None:
            return None
        n, m = self.reference.n, self.current.n
        return Bracket(kolmogorov_p(self.ks.high, n, m), kolmogorov_p(self.ks.low, n, m))


def compared(
    reference: Summary, current: Summary, rules: Rules, refine: Refine | None, *, exact: bool
) -> Compared:
    """Return both summaries of a column compared. Without `refine` brackets stay as they are."""
    kind = "category" if reference.counts is not None else reference.kind.value
    column = Compared(
        reference.name, kind, reference, current, tests=_gaps(reference, current, rules)
    )
    if reference.histogram is not None and current.histogram is not None:
        return _numbers(column, pair(reference.histogram, current.histogram), rules, refine, exact)
    if reference.counts is not None and current.counts is not None:
        return _categories(column, reference.counts, current.counts, rules)
    return column


def _gaps(reference: Summary, current: Summary, rules: Rules) -> tuple[Test, ...]:
    """Return the tests of missing and of infinite values, where there are any and rows enough."""
    n, m = reference.rows, current.rows
    if min(n, m) < rules.least:
        return ()
    pairs = (
        ("missing", reference.gaps.missing, current.gaps.missing),
        ("infinite", reference.gaps.infinite, current.gaps.infinite),
    )
    found = []
    for name, x, y in pairs:
        if x or y:
            change = abs(y / m - x / n)
            effect = beyond(change, share_noise(x, n, y, m))
            found.append(Test(name, change, effect, rules.missing, proportions_p(x, n, y, m)))
    return tuple(found)


def _numbers(
    column: Compared, both: Pair, rules: Rules, refine: Refine | None, exact: bool
) -> Compared:
    assert column.current is not None
    n, m = column.reference.n, column.current.n
    if not n or not m:
        return column
    if refine is not None:
        both = _refined(column.name, both, rules, refine, exact=exact, sizes=(n, m))
    ks, bins = both.ks(), bins_of(both)
    column = replace(
        column,
        ks=ks,
        wasserstein=_finite(both.wasserstein()),
        psi=psi(bins.f, bins.g),
        js=jensen_shannon(bins.f, bins.g),
        bins=bins,
    )
    if min(n, m) < rules.least:
        return column
    effect = beyond(ks.low, ks_noise(n, m))
    tests = (*column.tests, Test("ks", ks.low, effect, rules.ks, kolmogorov_p(ks.low, n, m)))
    if bins.is_discrete:
        chi2, test = _levels(bins, n, m, rules)
        return replace(column, chi2=chi2, tests=(*tests, test))
    return replace(column, tests=tests)


def _finite(bracket: Bracket) -> Bracket | None:
    """Return a bracket, or None where values near the greatest double left no bound."""
    return bracket if math.isfinite(bracket.high) else None


def _refined(
    name: str, both: Pair, rules: Rules, refine: Refine, *, exact: bool, sizes: tuple[int, int]
) -> Pair:
    """Make exact what was asked for, or what the bound needs: the bracket that holds it."""
    if exact:
        buckets = np.union1d(both.unsure(), both.unmeasured())
        return refine(name, both, buckets) if len(buckets) else both
    ks, noise = both.ks(), ks_noise(*sizes)
    if beyond(ks.low, noise) < rules.ks <= beyond(ks.high, noise):
        return refine(name, both, both.unsure())
    return both


def _levels(bins: Bins, n: int, m: int, rules: Rules) -> tuple[ChiSquare, Test]:
    """Return chi-square, and the test that takes the JS distance of the same levels as effect."""
    chi2 = chi_square(bins.f, bins.g)
    f, g = merged(bins.f, bins.g)
    distance = jensen_shannon(f, g) if len(f) > 1 else 0.0
    effect = beyond(distance, js_noise(len(f), n, m))
    return chi2, Test("js", distance, effect, rules.js, chi2.p)


def _categories(column: Compared, reference: Counts, current: Counts, rules: Rules) -> Compared:
    n, m = reference.count, current.count
    if not n or not m:
        return column
    bins = levels_of(reference, current)
    column = replace(column, bins=bins, js=jensen_shannon(bins.f, bins.g), psi=psi(bins.f, bins.g))
    new = _new_values(reference, current)
    column = replace(column, new_share=None if new is None else new / m)
    if min(n, m) < rules.least:
        return column
    chi2, test = _levels(bins, n, m, rules)
    tests = (*column.tests, test)
    if new:
        tests = (*tests, _new(reference, new, m, rules))
    return replace(column, chi2=chi2, tests=tests)


def _new_values(reference: Counts, current: Counts) -> int | None:
    """Return how many current values the reference never had; None where it kept not all."""
    if reference.other:
        return None
    return sum(n for value, n in current.n.items() if value not in reference.n) + current.other


def _new(reference: Counts, new: int, m: int, rules: Rules) -> Test:
    """Test for new categories against the share that was to be expected.

    Good and Turing: of equal data, about as large a share is new as the reference holds values
    that stand once.
    """
    n, once = reference.count, sum(1 for times in reference.n.values() if times == 1)
    share = new / m
    excess = max(0.0, share - once / n)
    effect = beyond(excess, share_noise(once, n, new, m))
    p = proportions_p(once + 1, n, new, m) if share > (once + 1) / n else 1.0
    return Test("new", share, effect, rules.new, p)
