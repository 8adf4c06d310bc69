"""Great Expectations: validation results, held against their own counts.

A map expectation passes on zero rows there, by policy; an expectation that could not run counts as
failed. Here an element count of zero, or of nothing but missing values, is no evidence, and so is
an expectation that raised. Where the counts and `mostly`, or the value and its bounds, give a
verdict, that one is taken. Shapes as of version 1.24.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from headway.connectors.results.base import (
    Asked,
    Results,
    Told,
    against,
    count,
    cut,
    listed,
    mapping,
    moment,
    number,
    objects,
    told,
    word,
)

TOOL = "great-expectations"
ROW_COUNT = "expect_table_row_count_to_"
#: Expectations about rows: true of every row when there is none.
NOT_NULL = "expect_column_values_to_not_be_null"
#: Rounding of a share: 9 of 10 rows are 90 %.
_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Derived:
    """What an expectation's own numbers say. `passed` None: no evidence."""

    passed: bool | None
    why: str
    observed: float | str | None = None
    bound: float | str | None = None
    rows: int | None = None
    rows_bad: int | None = None


def read(document: Mapping[str, object], asked: Asked) -> Results:
    """Return a check for every expectation of a validation result, or of a checkpoint's."""
    results: list[Results] = [_suite(suite, asked) for suite in _suites(document)]
    observations = tuple(one for result in results for one in result.observations)
    return Results(TOOL, observations, tuple(note for result in results for note in result.notes))


def _suites(document: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """Yield the validation results: of a file with one, or of each run of a checkpoint."""
    runs = document.get("run_results")
    if not isinstance(runs, dict):
        yield document
        return
    for run in runs.values():
        inner = mapping(run).get("validation_result")
        yield mapping(inner) if inner else mapping(run)


def _suite(suite: Mapping[str, object], asked: Asked) -> Results:
    meta = mapping(suite.get("meta"))
    collector = told(TOOL, asked, _run_at(meta), _subject(meta))
    found = list(objects(suite.get("results")))
    table_rows = _table_rows(found)
    for one in found:
        _expectation(collector, one, table_rows)
    evaluated = count(mapping(suite.get("statistics")).get("evaluated_expectations"))
    if evaluated is not None and evaluated != len(found):
        collector.check(
            f"{word(suite.get('suite_name')) or 'suite'}: every expectation is in the result",
            passed=None,
            raw=f"{evaluated} evaluated",
            observed=len(found),
            bound=evaluated,
            sentence=f"It evaluated {evaluated} expectations and lists {len(found)}: "
            "what is left out is no evidence.",
        )
    return collector.results()


def _expectation(collector: Told, one: Mapping[str, object], table_rows: int | None) -> None:
    config = mapping(one.get("expectation_config"))
    kind = word(config.get("type")) or word(config.get("expectation_type")) or "unnamed expectation"
    kwargs = mapping(config.get("kwargs"))
    is_good = one.get("success") is True
    derived = _raised(one) or _derived(kind, kwargs, mapping(one.get("result")), table_rows)
    passed = derived.passed
    if not derived.why:
        derived = Derived(is_good, "It gives no numbers; its word is taken.", rows=table_rows)
        passed = is_good
        if table_rows == 0 and not kind.startswith(ROW_COUNT) and is_good:
            passed, derived = None, Derived(None, "The table has no rows: no evidence.", rows=0)
    raw = "success" if is_good else "failure"
    columns = [word(kwargs.get(key)) for key in ("column", "column_A", "column_B")]
    columns += [word(name) for name in listed(kwargs.get("column_list"))]
    named = ", ".join(name for name in columns if name)
    severity = word(config.get("severity")) or "critical"
    collector.check(
        f"{kind}({named})" if named else kind,
        passed=passed,
        raw=raw,
        observed=derived.observed,
        bound=derived.bound,
        rows=derived.rows,
        rows_bad=derived.rows_bad,
        is_warning=severity in {"warning", "info"},
        sentence=against(raw, passed, is_good, derived.why),
    )


def _raised(one: Mapping[str, object]) -> Derived | None:
    """Return that an expectation could not run, with what it raised."""
    info = mapping(one.get("exception_info"))
    inner = [info, *(mapping(value) for value in info.values())]
    for part in inner:
        if part.get("raised_exception") is True:
            message = cut(word(part.get("exception_message")), 300) or "no message"
            return Derived(None, f"It could not run: {message}")
    return None


def _derived(
    kind: str,
    kwargs: Mapping[str, object],
    result: Mapping[str, object],
    table_rows: int | None,
) -> Derived:
    """Return what the numbers of a result say; without a sentence where they say nothing."""
    elements = count(result.get("element_count"))
    bad = count(result.get("unexpected_count"))
    if elements is not None and bad is not None:
        missing = count(result.get("missing_count")) or 0
        return _by_rows(kwargs, elements, elements - missing, bad)
    if "observed_value" in result:
        return _by_value(kind, kwargs, result.get("observed_value"), table_rows)
    return Derived(None, "")


def _by_rows(kwargs: Mapping[str, object], elements: int, judged: int, bad: int) -> Derived:
    mostly = number(kwargs.get("mostly"))
    mostly = 1.0 if mostly is None else mostly
    if elements == 0:
        return Derived(None, "It saw no rows (element_count 0): no evidence.", rows=0)
    if judged <= 0:
        return Derived(None, f"All {elements} values are missing: no evidence.", rows=0)
    share = 1 - bad / judged
    words = f"{bad} of {judged} rows are bad; a share of {1 - mostly:.4g} may be."
    passed = share >= mostly - _SLACK
    return Derived(passed, words, observed=share, bound=mostly, rows=judged, rows_bad=bad)


def _by_value(
    kind: str, kwargs: Mapping[str, object], observed: object, table_rows: int | None
) -> Derived:
    value = number(observed)
    rows = count(observed) if kind.startswith(ROW_COUNT) else table_rows
    low, high = number(kwargs.get("min_value")), number(kwargs.get("max_value"))
    if observed is None:
        return Derived(None, "It found no value: no evidence.", rows=rows)
    if value is None or isinstance(observed, str) or (low is None and high is None):
        shown = cut(observed, 100) if isinstance(observed, str) else value
        return Derived(None, "", observed=shown, rows=rows)
    is_strict = (kwargs.get("strict_min") is True, kwargs.get("strict_max") is True)
    above = low is None or (value > low if is_strict[0] else value >= low)
    below = high is None or (value < high if is_strict[1] else value <= high)
    shown_low = "-∞" if low is None else f"{low:g}"
    bound = f"{shown_low} to {'∞' if high is None else f'{high:g}'}"
    return Derived(above and below, f"{value:g} against {bound}.", value, bound, rows)


def _table_rows(found: list[Mapping[str, object]]) -> int | None:
    """Return how many rows the table has, as far as one of the expectations saw them."""
    seen = []
    for one in found:
        result = mapping(one.get("result"))
        config = mapping(one.get("expectation_config"))
        if word(config.get("type")).startswith(ROW_COUNT):
            seen.append(count(result.get("observed_value")))
        seen.append(count(result.get("element_count")))
    known = [rows for rows in seen if rows is not None]
    return max(known, default=None)


def _run_at(meta: Mapping[str, object]) -> datetime | None:
    run = mapping(meta.get("run_id"))
    markers = mapping(meta.get("batch_markers"))
    times = (run.get("run_time"), meta.get("validation_time"), markers.get("ge_load_time"))
    return next((found for time in times if (found := moment(time))), None)


def _subject(meta: Mapping[str, object]) -> str:
    """Return the data asset that was checked."""
    batch = mapping(meta.get("active_batch_definition") or meta.get("batch_kwargs"))
    asset = cut(word(batch.get("data_asset_name")), 200).replace("@", "_")
    return f"dataset:{asset}" if asset else ""


def looks(document: object) -> bool:
    """Say whether a document is a validation result, or a checkpoint's with several."""
    whole = mapping(document)
    if isinstance(whole.get("run_results"), dict):
        return True
    results = whole.get("results")
    has_config = any("expectation_config" in one for one in objects(results))
    is_empty = results == [] and "evaluated_expectations" in mapping(whole.get("statistics"))
    return has_config or is_empty
