"""One number of a table held against a bound: a mean, an end, a share, the number of rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from headway.analysis.summaries.single import ColumnNumbers, column_numbers
from headway.domain.checks.rules.engines.opening import open_data
from headway.domain.checks.rules.results import Progress, RunRequest, RunResult

ENGINE = "metric 1"


def run(request: RunRequest, progress: Progress) -> RunResult:
    """Return whether the number lies within its bounds; of no values there is no number."""
    set_ = request.settings
    table = open_data(request.data)
    progress("asking", 0, 1)
    with table.engine:
        column = str(set_.get("column") or "")
        if set_["statistic"] == "rows":
            rows = table.rows()
            return _judged(set_, float(rows), rows, "rows")
        numbers = column_numbers(table, column)
    value = _value(set_["statistic"], numbers)
    what = f"{set_['statistic']} of {column}"
    if numbers.rows == 0 or value is None:
        left = _left_out(numbers)
        sentence = f"{request.data.name} has no number in {column!r}, so there is no {what}.{left}"
        return RunResult("insufficient", sentence, _rule(set_, what), n=0, engine=ENGINE)
    n = numbers.rows if set_["statistic"] == "missing share" else numbers.n
    return _judged(set_, value, n, what, _left_out(numbers))


def _value(statistic: str, numbers: ColumnNumbers) -> float | None:
    if statistic == "missing share":
        absent = numbers.nulls + numbers.nans
        return absent / numbers.rows if numbers.rows else None
    ends = {"mean": numbers.mean, "minimum": numbers.minimum, "maximum": numbers.maximum}
    return ends[statistic]


def _left_out(numbers: ColumnNumbers) -> str:
    """Say what was not counted; empty where everything was."""
    told = [
        f"{count:,} {word}"
        for count, word in (
            (numbers.nulls, "null"),
            (numbers.nans, "NaN"),
            (numbers.infinite, "infinite"),
        )
        if count
    ]
    return f" Left out: {', '.join(told)}." if told else ""


def _rule(set_: Mapping[str, Any], what: str) -> str:
    bounds = [
        f"{word} {set_[key]:g}"
        for key, word in (("at_least", "≥"), ("at_most", "≤"))
        if set_.get(key) is not None
    ]
    return f"{what} {' and '.join(bounds)}"


def _judged(
    set_: Mapping[str, Any], value: float, n: int, what: str, left_out: str = ""
) -> RunResult:
    low, high = set_.get("at_least"), set_.get("at_most")
    is_met = (low is None or value >= low) and (high is None or value <= high)
    unit = f" {set_['unit']}" if set_.get("unit") else ""
    bound = high if high is not None and (value > high or low is None) else low
    side = "at most" if bound == high else "at least"
    over = "" if what == "rows" else f" over {n:,} rows"
    # A single row of nothing is still evidence of how many rows there are.
    sentence = (
        f"{what.capitalize()} {value:,.6g}{unit}{over}; {side} {bound:g} is allowed.{left_out}"
        if side == "at most"
        else f"{what.capitalize()} {value:,.6g}{unit}{over}; {side} {bound:g} is asked.{left_out}"
    )
    return RunResult(
        "met" if is_met else "unmet",
        sentence,
        _rule(set_, what),
        value=value,
        bound=bound,
        n=n,
        engine=ENGINE,
    )
