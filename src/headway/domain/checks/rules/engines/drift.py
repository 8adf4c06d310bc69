"""Columns against stored reference data: which have drifted, by how much, and how they look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from headway.domain.checks.rules.engines.opening import open_data
from headway.domain.checks.rules.results import (
    MOST_BARS,
    ColumnResult,
    Distribution,
    Progress,
    RunRequest,
    RunResult,
    SegmentResult,
)
from headway.errors import Invalid

if TYPE_CHECKING:
    from headway.analysis.drift import Drift, Judged, Rules

ENGINE = "drift 1"


def run(request: RunRequest, progress: Progress) -> RunResult:
    """Compare the data with its reference, or store what is kept of it as the reference.

    Raises Invalid for a column that is in neither, and for a reference that was changed.
    """
    from headway.analysis.drift import compare_with
    from headway.analysis.drift.baselines import loads

    if request.keeps_reference or request.reference is None:
        return _stored(request)
    rules = _rules(request)
    baseline = loads(str(request.reference["text"]), "The reference data")
    table = open_data(request.data)
    progress("comparing", 0, 1)
    with table.engine:
        names = request.settings.get("columns") or None
        answer, _ = compare_with(baseline.profile, table, names, rules)
    return _result(answer, rules)


def _stored(request: RunRequest) -> RunResult:
    from headway.analysis.drift.baselines import Baseline, Part
    from headway.analysis.summaries.profiles import profile

    table = open_data(request.data)
    with table.engine:
        held = profile(table, request.settings.get("columns") or None)
    if held.rows == 0:
        sentence = f"{request.data.name} has no rows; nothing can be held against it."
        raise Invalid(sentence)
    digest = f"sha256:{request.data.digest}" if request.data.digest else ""
    kept = Baseline(held, (Part(request.data.name, held.rows, digest),))
    sentence = f"{len(held.columns)} columns of {held.rows:,} rows are stored as reference data."
    return RunResult(
        "met", sentence, "", n=held.rows, engine=ENGINE, reference={"text": kept.dumps()}
    )


def _rules(request: RunRequest) -> Rules:
    from headway.analysis.drift import Rules

    given: dict[str, Any] = dict(request.settings.get("options") or {})
    known = [field.name for field in fields(Rules)]
    for name, value in given.items():
        if name not in known or isinstance(value, bool) or not isinstance(value, int | float):
            sentence = f"{name!r} = {value!r} is no bound of drift; there is {', '.join(known)}."
            raise Invalid(sentence)
    return Rules(**given)


def _result(answer: Drift, rules: Rules) -> RunResult:
    everything = [
        one for part in (answer.columns, *answer.segments.values()) for one in part.values()
    ]
    if answer.rows[1] == 0 or not any(one.verdict in ("met", "unmet") for one in everything):
        verdict = "unmet" if answer.drifted and answer.rows[1] else "insufficient"
    else:
        verdict = "unmet" if answer.drifted else "met"
    bad = sum(one.verdict in ("unmet", "missing") for one in answer.columns.values())
    rule = (
        f"no column drifts: its distance beyond chance reaches its bound (KS {rules.ks:g}, "
        f"Jensen-Shannon {rules.js:g}, missing {rules.missing:g}) and survives "
        f"Benjamini-Hochberg at {rules.q:g}; at least {rules.least} values"
    )
    before, now = answer.rows
    return RunResult(
        verdict,
        f"{answer.sentence()} {now:,} rows against {before:,} of the reference data.",
        rule,
        value=float(bad),
        bound=0,
        n=now,
        word="drifted" if verdict == "unmet" else "no drift" if verdict == "met" else "no answer",
        engine=ENGINE,
        columns=[_column(one) for one in answer.columns.values()],
        distributions=list(_distributions(answer)),
        segments=list(_segments(answer)),
        notes=[
            *answer.notes,
            *([f"New columns: {', '.join(answer.added)}."] if answer.added else []),
        ],
    )


def _column(one: Judged) -> ColumnResult:
    test, now = one.test, one.column.current
    gone = None
    if now is not None and now.rows:
        gone = (now.gaps.nulls + now.gaps.nans) / now.rows
    return ColumnResult(
        one.column.name,
        one.column.kind,
        one.verdict,
        test.name if test else "",
        test.effect if test else None,
        test.bound if test else None,
        f"effect of {test.name} ≥ {test.bound:g} and p survives" if test else "",
        now.n if now is not None else 0,
        gone,
        sentence=one.sentence,
    )


def _distributions(answer: Drift) -> Iterator[Distribution]:
    for name, one in answer.columns.items():
        bins = one.column.bins
        if bins is None or not bins.f.sum() or not bins.g.sum():
            continue
        shown = slice(0, MOST_BARS)
        before, now = bins.f / bins.f.sum(), bins.g / bins.g.sum()
        yield Distribution(
            name,
            list(bins.labels[shown]),
            before[shown].tolist(),
            now[shown].tolist(),
            list(bins.edges[: MOST_BARS + 1]),
        )


def _segments(answer: Drift) -> Iterator[SegmentResult]:
    for segment, columns in answer.segments.items():
        for name, one in columns.items():
            if one.test is not None:
                yield SegmentResult(
                    f"{answer.by}={segment}",
                    f"{one.test.name} of {name}",
                    one.test.effect,
                    one.column.current.n if one.column.current else 0,
                    verdict=one.verdict,
                    sentence=one.sentence,
                )
