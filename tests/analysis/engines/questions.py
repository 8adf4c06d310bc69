"""The questions that every engine has to answer alike: one function for each piece of the checks.

A question gets a function that opens a table of the folder by name, and returns plain values
(numbers, text, lists, dicts). It runs on DuckDB here, on Spark in a process of its own, and on
PostgreSQL where the tests have one; integers and words have to be the same, floats to 1e-9. Keep
the data small: a Spark job takes half a second whatever is in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import astuple
from datetime import UTC, datetime

from headway.analysis.drift import compare_tables
from headway.analysis.drift.document import as_json
from headway.analysis.quality import check, read_rules
from headway.analysis.segments.leakage import hints
from headway.analysis.segments.segments import Question as ModelQuestion
from headway.analysis.segments.segments import segments as model_by_segment
from headway.analysis.segments.task import Columns
from headway.analysis.summaries import Table
from headway.analysis.summaries.losses import ask_losses
from headway.analysis.summaries.profiles import Summary, profile, profile_by
from headway.analysis.summaries.variants import Grouping, Measured, Variants, variants_of

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


def losses(open_: Open) -> object:
    """Ask for what became of what was said, bucket by bucket."""
    found = ask_losses(open_("june"), "cents", "is_new", "true")
    parts = ("bucket", "n", "said", "first", "second")
    return {part: getattr(found, part).tolist() for part in parts} | {"left": found.left}


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


#: What Spark takes one job for, mostly: sets, keys and order have one of their own.
RULES = rb"""
rows: {min: 6000, max: 6000}
schema: {columns: [x, id, land]}
columns:
  x: {type: number, nulls: 0.01, min: -4, max: 4, unique: true, outliers: 0.001}
  small: {min: 0, max: 100, outliers: 0.01}
  cents: {min: 49.9, allow: 0.4}
  id: {type: integer, max: 2305843009213693980}
  land: {in: [DE], nulls: 0}
  c: {matches: '^[a-z]?$', nulls: 0.005}
  is_new: {in: [true]}
  at: {type: time, fresh: 24h, min: 2023-11-14T22:30:00Z}
  day: {max: 2022-03-01}
checks:
  - {name: both, where: "x / small < 1 and (c is not null or id % 2 = 0) and not is_new = true"}
  - {name: odd, where: "abs(x - cents) between 40 and 60 or length(c) = 0 or lower(land) = 'de'"}
  - {name: early, where: "day < date '2022-02-01' and at >= timestamp '2023-11-14T23:00'"}
  - {name: keys, unique: [id, land, day]}
  - {name: order, column: cents, monotone: increasing, by: at}
  - {name: people, coverage: {of: [land], target: {DE: 0.5, FR: 0.5}}}
"""


def quality(open_: Open) -> object:
    """Ask for the verdict, value and counts of one rule of each kind, without examples."""
    at = datetime(2023, 11, 16, tzinfo=UTC)
    checks = check(open_("june"), read_rules(RULES), at=at, examples=0).checks
    told = [one.as_json() for one in checks]
    kept = ("name", "verdict", "value", "rows_bad", "checked", "nulls", "nans")
    return [{key: one[key] for key in kept} for one in told]


def trial(open_: Open) -> object:
    """Ask for the variants of a trial: by look with gaps and a covariate, and added up by unit."""
    june = open_("june")
    gaps = [Measured("cents", "", "x"), Measured("x", "small")]
    whole = [Measured("is_new", of_unit="max", is_binary=True), Measured("cents", trim=0.05)]
    return {
        "by look": _told(variants_of(june, Grouping("land", look="at"), gaps)),
        "by unit": _told(variants_of(june, Grouping("land", "at"), whole)),
    }


def _told(found: Variants) -> Mapping[str, object]:
    return {
        "counts": [found.rows, found.unassigned, found.exposed],
        "names": [*found.names, *found.looks],
        "units": found.units.tolist(),
        "lost": [[astuple(arm) for arm in metric] for metric in found.lost],
        "moments": [
            [[one.n, one.mean.tolist(), one.cov.tolist()] for one in arm]
            for metric in found.moments
            for arm in metric
        ],
    }


def model(open_: Open) -> object:
    """Ask how a model does by segment: its rows read, its rows counted, classes and numbers."""
    june = open_("june")
    scored = Columns("is_new", score="x", threshold=0.5)
    wide = ("land", "c", "day")
    return {
        "rows": _segments(june, ModelQuestion(scored, wide, method="exact")),
        "cells": _segments(june, ModelQuestion(scored, ("land", "day"), method="bracket")),
        "numbers": _segments(
            june, ModelQuestion(Columns("cents", prediction="x"), ("is_new",), method="bracket")
        ),
    }


def _segments(table: Table, question: ModelQuestion) -> object:
    answer = model_by_segment(table, question)
    parts = (answer.overall, *answer.segments)
    named = sorted(
        (one.name, one.n, {name: found.value for name, found in one.metrics.items()})
        for one in parts
    )
    return {"missing": answer.missing, "segments": named, "sentence": answer.sentence}


def leaks(open_: Open) -> object:
    """Ask what training and test share."""
    found = hints(open_("june"), open_("july"), ("is_new", "x"), "cents", "at")
    return [hint.as_json() for hint in found]


QUESTIONS: Mapping[str, Callable[[Open], object]] = {
    "drift": drift,
    "histograms": histograms,
    "losses": losses,
    "leaks": leaks,
    "model": model,
    "segments": segments,
    "quality": quality,
    "trial": trial,
}
