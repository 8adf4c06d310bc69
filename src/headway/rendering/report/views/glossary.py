"""Each audience's words for the same things: a sponsor reads of promises, finance of forecasts.

A term is one number wherever it stands; only what it is called, and what is said of it, differs.
"""

from __future__ import annotations

from collections.abc import Mapping

_P80 = "80 % of the simulated outcomes are at or before it."
_P50 = "Half of the simulated outcomes are at or before it."

#: By audience: what a term is called.
TERMS: Mapping[str, Mapping[str, str]] = {
    "executive": {
        "criterion": "promise",
        "bridge": "Why P80 moved",
        "spent": "spent",
        "overruled": "Judged better than the evidence",
    },
    "engineering": {
        "criterion": "success criterion",
        "bridge": "What moved P80",
        "spent": "spent",
        "overruled": "Overrides greener than the evidence",
    },
    "finance": {
        "criterion": "quality condition",
        "bridge": "What moved the forecast",
        "spent": "actual",
        "overruled": "Judgements above the evidence",
    },
    "compliance": {
        "criterion": "requirement",
        "bridge": "What moved the dates",
        "spent": "spent",
        "overruled": "Judgements above the evidence",
    },
}

#: By audience: what its reader may want explained, below the report and in its workbook.
WORDS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "executive": (
        (
            "P50, P80",
            "50 % and 80 % of the simulated outcomes are at or before this day or amount.",
        ),
        (
            "Chance to be on time",
            "Share of the simulated outcomes that finish by the end of the target.",
        ),
        (
            "Cost",
            "What the plan costs to its end, with what was spent, in the program's currency.",
        ),
        ("Budget", "Budget lines and contingency, without the management reserve."),
        ("Computed", "The level that the named rule gives; the author's judgement beside it."),
        ("Odds of a risk", "The chance that it happens; empty where it is an issue already."),
    ),
    "engineering": (
        ("P50", _P50),
        ("P80", _P80),
        ("Success criterion", "A metric with its bound; met only by evidence, never by time."),
        (
            "Interval",
            "The interval that came with the evidence; a bound on it is shown by its end.",
        ),
        ("Reached", "Share of the simulated futures in which the experiment succeeds."),
        ("Days of P80", "How far P80 moves when this item is certain, or this risk is gone."),
    ),
    "finance": (
        ("Budget", "Budget lines and contingency, without the management reserve."),
        (
            "Actual",
            "What cost records of the ledger say was spent; nothing typed, nothing accrued.",
        ),
        ("Forecast, P50", f"Cost to the end. {_P50}"),
        ("Forecast, P80", f"Cost to the end. {_P80}"),
        (
            "P80 of projects",
            "Each project's own; they do not add up to the program's, which is simulated whole.",
        ),
        ("Variance", "Forecast at P80 less the budget: positive is over."),
    ),
    "compliance": (
        (
            "Verdict",
            "Met, unmet, missing, stale, insufficient, error, not due or not applicable; "
            "only evidence gives met.",
        ),
        ("Record", "One piece of evidence: append-only, chained by SHA-256."),
        ("Age", "Since it was observed, as of the data date."),
        (
            "Ledger",
            "The last record when this was frozen; a cut or changed chain shows against it.",
        ),
    ),
    "vendor": (
        ("Accepted", "We wrote the delivery down as finished."),
        ("Due", "The day agreed; a delivery without one has none in our plan."),
        ("Expected", "When our plan expects it, with even odds."),
    ),
}


def term(audience: str, name: str) -> str:
    """Return what an audience calls a term."""
    return TERMS[audience][name]
