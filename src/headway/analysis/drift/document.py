"""The answer as one JSON document, the same for the command line, CI and monitors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from headway.analysis.drift.bins import BINS
from headway.analysis.drift.columns import Test
from headway.analysis.drift.comparing import Drift
from headway.analysis.drift.distances import EXPECTED, PSI_FLOOR
from headway.analysis.drift.judging import Judged
from headway.analysis.drift.pairs import Bracket
from headway.analysis.drift.rules import Rules
from headway.analysis.summaries.histograms import HALF
from headway.analysis.summaries.profiles import Summary

#: Bins and values of a column that are listed; the rest is in no list.
LISTED = 30


def as_json(answer: Drift) -> dict[str, Any]:
    """Return the document. A number without an answer is None."""
    return {
        "drifted": answer.drifted,
        "sentence": answer.sentence(),
        "reference": {"name": answer.reference, "rows": answer.rows[0]},
        "current": {"name": answer.current, "rows": answer.rows[1]},
        "columns": _columns(answer.columns),
        "by": answer.by or None,
        "segments": {name: _columns(part) for name, part in answer.segments.items()},
        "added": list(answer.added),
        "method": method(answer.rules, exact=answer.exact),
        "notes": list(answer.notes),
    }


def method(rules: Rules, *, exact: bool) -> dict[str, Any]:
    """Return how the numbers were found: bases, bounds, corrections, resolution."""
    return {
        "ks": f"certified bracket over {2 * HALF} buckets, narrowed where it holds the bound"
        + (" (exact was asked for)" if exact else ""),
        "ks_p": "Kolmogorov's limit with Stephens' correction, two-sided; p is at the lower bound",
        "wasserstein": "certified bracket of the first Wasserstein distance, in the column's unit",
        "psi": f"{BINS} bins at the reference's deciles, or a bin a value; shares below "
        f"{PSI_FLOOR:g} are raised to it",
        "js": "Jensen-Shannon distance, base 2 (√ of the divergence in bits), over the same bins",
        "chi2": "Pearson, no continuity correction; "
        f"levels expecting under {EXPECTED:g} on a side are merged",
        "effect": "√(distance² - noise²); noise is what chance exceeds once in a thousand",
        "multiplicity": "Benjamini-Hochberg over all tests of all columns and segments",
        "q": rules.q,
        "bounds": {
            "ks": rules.ks,
            "js": rules.js,
            "missing": rules.missing,
            "infinite": rules.missing,
            "new": rules.new,
        },
        "least": rules.least,
        "exact": exact,
    }


def _columns(columns: Mapping[str, Judged]) -> dict[str, Any]:
    return {name: _column(one) for name, one in columns.items()}


def _column(one: Judged) -> dict[str, Any]:
    column, current = one.column, one.column.current
    p = column.ks_p()
    return {
        "kind": column.kind,
        "n": current.n if current is not None else 0,
        "missing": _missing(current),
        "ks": None if p is None else {**_bracket(column.ks), "p": p.high, "p_low": p.low},
        "wasserstein": None if column.wasserstein is None else _bracket(column.wasserstein),
        "psi": column.psi,
        "js": column.js,
        "chi2": None if column.chi2 is None else column.chi2.statistic,
        "chi2_dof": None if column.chi2 is None else column.chi2.dof,
        "chi2_p": None if column.chi2 is None else column.chi2.p,
        "new_share": column.new_share,
        "verdict": one.verdict,
        "drifted": one.drifted,
        "effect": None if one.test is None else one.test.effect,
        "effect_of": None if one.test is None else one.test.name,
        "bound": None if one.test is None else one.test.bound,
        "tests": [_test(test, one) for test in column.tests],
        "sentence": one.sentence,
        "reference": _side(column.reference),
        "current": None if current is None else _side(current),
        "bins": _bins(one),
    }


def _missing(side: Summary | None) -> float | None:
    return side.gaps.missing / side.rows if side is not None and side.rows else None


def _bracket(bracket: Bracket | None) -> dict[str, float]:
    assert bracket is not None
    return {"low": bracket.low, "high": bracket.high}


def _test(test: Test, one: Judged) -> dict[str, Any]:
    return {
        "name": test.name,
        "value": test.value,
        "effect": test.effect,
        "bound": test.bound,
        "p": test.p,
        "drifted": test in one.drifting,
    }


def _side(side: Summary) -> dict[str, Any]:
    told: dict[str, Any] = {
        "rows": side.rows,
        "n": side.n,
        "nulls": side.gaps.nulls,
        "nans": side.gaps.nans,
        "infinite": side.gaps.infinite,
        "least": None,
        "greatest": None,
        "mean": None,
    }
    if side.histogram is not None:
        told |= {
            "least": side.histogram.least,
            "greatest": side.histogram.greatest,
            "mean": side.histogram.mean,
        }
    return told


def _bins(one: Judged) -> list[dict[str, Any]]:
    bins = one.column.bins
    if bins is None:
        return []
    ends: list[tuple[float | None, float | None]] = [(None, None)] * len(bins.labels)
    if bins.edges:
        ends = list(zip(bins.edges, bins.edges[1:], strict=False))
    rows = zip(bins.labels, ends, bins.f.tolist(), bins.g.tolist(), strict=True)
    return [
        {"label": label, "low": low, "high": high, "reference": f, "current": g}
        for label, (low, high), f, g in rows
    ][:LISTED]
