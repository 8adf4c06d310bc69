"""The questions that every engine has to answer alike: one function for each piece of the checks.

A question gets a function that opens a table of the folder by name, and returns plain values
(numbers, text, lists, dicts). It runs on DuckDB here, on Spark in a process of its own, and on
PostgreSQL where the tests have one; integers and words have to be the same, floats to 1e-9. Keep
the data small: a Spark job takes half a second whatever is in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from headway.analysis.drift import compare_tables
from headway.analysis.drift.document import as_json
from headway.analysis.summaries import Table
from headway.analysis.summaries.profiles import Summary, profile, profile_by

Open = Callable[[str], Table]


def drift(open_: Open) -> object:
    """Ask for the drift of a table, exactly."""
    answer = compare_tables(open_("june"), open_("july"), exact=True)
    told = as_json(answer)
    return {"columns": told["columns"], "sentence": told["sentence"], "added": told["added"]}


def histograms(open_: Open) -> object:
    """Ask for every bucket, on scales that are given: the raw counts, not what is made of them."""
    first = profile(open_("june"))
    second = profile(open_("july"), like=first)
    return {name: _raw(one) for name, one in second.columns.items()}


def segments(open_: Open) -> object:
    """Ask for the values of each segment."""
    found = profile_by(open_("june"), "land", ["x", "c"])
    return {name: [_raw(one) for one in part.columns.values()] for name, part in found.items()}


def _raw(summary: Summary) -> Mapping[str, object]:
    gaps = [summary.gaps.nulls, summary.gaps.nans, summary.gaps.infinite]
    told: dict[str, object] = {"rows": summary.rows, "gaps": gaps}
    if summary.histogram is not None:
        one = summary.histogram
        parts = ("bucket", "n", "total", "low", "high")
        told |= {part: getattr(one, part).tolist() for part in parts}
    if summary.counts is not None:
        told |= {"counts": dict(sorted(summary.counts.n.items())), "other": summary.counts.other}
    return told


QUESTIONS: Mapping[str, Callable[[Open], object]] = {
    "drift": drift,
    "histograms": histograms,
    "segments": segments,
}
