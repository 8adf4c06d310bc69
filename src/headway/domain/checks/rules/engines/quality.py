"""Rows held against rules: each rule a verdict, with the query that finds what breaks it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from headway.domain.checks.rules.engines.opening import open_data
from headway.domain.checks.rules.results import ColumnResult, Progress, RunRequest, RunResult

if TYPE_CHECKING:
    from headway.analysis.quality import Answer, Check

ENGINE = "quality 1"

#: Without a moment nothing is fresh: silence about the time is no pass.
EPOCH = datetime.max.replace(tzinfo=UTC)


def run(request: RunRequest, progress: Progress) -> RunResult:
    """Judge every rule; no row of the data is kept. Raises Invalid for rules that are none."""
    from headway.analysis.quality import check, read_rules

    rules = read_rules(json.dumps(request.settings["rules"]).encode(), "The monitor's rules")
    table = open_data(request.data)
    progress("asking", 0, 1)
    with table.engine:
        # Rows that break a rule may hold personal data: they are found by the query, not kept.
        answer = check(table, rules, at=request.at or EPOCH, examples=0)
    return _result(answer)


def _result(answer: Answer) -> RunResult:
    broken = [one for one in answer.checks if one.verdict == "unmet" and one.is_bad]
    unknown = [one for one in answer.checks if one.verdict not in ("met", "unmet")]
    verdict = "unmet" if broken else "insufficient" if unknown or not answer.rows else "met"
    bad = [one.rows_bad for one in broken if one.rows_bad is not None]
    queries = [f"-- {one.name}\n{one.query}" for one in broken if one.query]
    return RunResult(
        verdict,
        _sentence(answer, broken or unknown),
        "every rule is met, warnings aside; a rule without an answer is no pass",
        value=float(len(broken)),
        bound=0,
        n=answer.rows,
        rows_bad=max(bad, default=0),
        word="passed" if answer.passed else "not passed",
        query="\n\n".join(queries),
        engine=ENGINE,
        columns=[_column(one) for one in answer.checks],
        notes=list(answer.notes),
    )


def _sentence(answer: Answer, wrong: list[Check]) -> str:
    """Say the headline, and the first thing that is wrong."""
    head = f"{answer.headline[:1].upper()}{answer.headline[1:]}."
    return f"{head} {wrong[0].sentence}" if wrong else head


def _column(one: Check) -> ColumnResult:
    value = one.value
    number = float(value) if isinstance(value, int | float) else None
    return ColumnResult(
        one.name,
        one.column or "",
        str(one.verdict),
        "value",
        number,
        None if one.bound is None else bound_words(one.bound)[:100],
        one.name,
        one.checked,
        severity=str(one.severity),
        sentence=one.sentence,
    )


def bound_words(bound: object) -> str:
    """Say a bound as people read it: a range by its two ends, a set by its values."""
    match bound:
        case (int() | float() | None, int() | float() | None) as ends if isinstance(ends, tuple):
            low, high = (None if end is None else f"{end:g}" for end in ends)
            if low is not None and high is not None:
                return f"{low} to {high}"
            return f"at least {low}" if low is not None else f"at most {high}"
        case list() | tuple():
            return ", ".join(str(one) for one in bound)
        case _:
            return str(bound)
