"""Evidently: snapshots, as `Snapshot.dict()` writes them and as `dump_dict()` does (0.7).

A test's verdict is derived again from the metric's value and the test's own threshold; of a column
drift by its method: a p-value drifts below the threshold, a distance from it on. Metrics without a
test become numbers. A snapshot that counts no rows is no evidence, whatever its tests say.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from headway.connectors.results.base import (
    Asked,
    Results,
    Told,
    against,
    count,
    cut,
    mapping,
    moment,
    number,
    objects,
    told,
    word,
)

TOOL = "evidently"
MEANS: Mapping[str, bool | None] = {"SUCCESS": True, "FAIL": False, "WARNING": False}
#: The test's type after its prefix, and how a value is held against its threshold.
COMPARISONS: Mapping[str, tuple[str, Callable[[float, float], bool]]] = {
    "LessThanMetricTest": ("<", operator.lt),
    "LessOrEqualMetricTest": ("≤", operator.le),
    "GreaterThanMetricTest": (">", operator.gt),
    "GreaterOrEqualMetricTest": ("≥", operator.ge),
    "EqualMetricTest": ("=", operator.eq),
    "NotEqualMetricTest": ("≠", operator.ne),
}
Values = Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric of a snapshot: its values by name ("" is the only one, else count, share, …)."""

    id: str
    name: str
    params: Mapping[str, object]
    values: Values


def read(document: Mapping[str, object], asked: Asked) -> Results:
    """Return a check for each test of a snapshot, and a number for each metric without one."""
    is_dump = isinstance(document.get("metric_results"), dict)
    collector = told(TOOL, asked, moment(document.get("timestamp")) if is_dump else None)
    if is_dump and moment(document.get("timestamp")):
        collector.note("timestamp", "Evidently writes the machine's own time; it is read as UTC.")
    metrics = dict(_dumped(document, collector) if is_dump else _told(document, collector))
    tests = list(_dumped_tests(document) if is_dump else objects(document.get("tests")))
    rows = _rows(metrics.values())
    tested = {_test(collector, test, metrics, rows) for test in tests}
    for metric in metrics.values():
        if metric.id not in tested:
            _number(collector, metric, rows)
    return collector.results()


def _told(document: Mapping[str, object], collector: Told) -> Iterator[tuple[str, Metric]]:
    """Yield the metrics of the dict form."""
    for place, one in enumerate(objects(document.get("metrics"))):
        id_ = word(one.get("id")) or word(one.get("metric_id")) or str(place)
        name = word(one.get("metric_name")) or word(one.get("metric_id")) or id_
        values = _values(one.get("value"))
        if values is None:
            collector.note(name, "Its value is of a form that is not read here; it was left out.")
            continue
        yield id_, Metric(id_, name, mapping(one.get("config")), values)


def _dumped(document: Mapping[str, object], collector: Told) -> Iterator[tuple[str, Metric]]:
    """Yield the metrics of the dump form."""
    for id_, one in mapping(document.get("metric_results")).items():
        whole = mapping(one)
        location = mapping(mapping(whole.get("metric_value_location")).get("metric"))
        params = mapping(location.get("params"))
        named = word(params.get("type")).rpartition(":")[2] or word(whole.get("display_name"))
        column = word(params.get("column"))
        name = f"{named}(column={column})" if column else named or id_
        if "value" in whole:
            values = _values(whole.get("value"))
        else:
            parts = {key: mapping(part).get("value") for key, part in whole.items()}
            values = _values({key: part for key, part in parts.items() if number(part) is not None})
        if not values:
            collector.note(name, "Its value is of a form that is not read here; it was left out.")
            continue
        yield str(id_), Metric(str(id_), name, params, values)


def _dumped_tests(document: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """Yield the tests of the dump form, which stand beside the values they are about."""
    for one in mapping(document.get("metric_results")).values():
        whole = mapping(one)
        for part in (whole, *(mapping(value) for value in whole.values())):
            yield from objects(part.get("tests"))


def _values(value: object) -> Values | None:
    """Return the numbers of a value, by name; None when it holds none and is not empty itself."""
    if value is None or number(value) is not None and not isinstance(value, str):
        return {"": number(value)}
    found = {
        str(key): number(part)
        for key, part in mapping(value).items()
        if part is None or number(part) is not None
    }
    return found or None


def _rows(metrics: Iterable[Metric]) -> int | None:
    """Return the rows that the snapshot itself counts, None when it does not."""
    for metric in metrics:
        if metric.name.startswith("RowCount") and not metric.params.get("label"):
            return count(metric.values.get(""))
    return None


def _test(
    collector: Told, test: Mapping[str, object], metrics: Mapping[str, Metric], rows: int | None
) -> str:
    """Tell a test and return the id of its metric."""
    about = mapping(test.get("metric_config"))
    id_ = word(about.get("metric_id"))
    metric = metrics.get(id_)
    status = word(test.get("status")).upper() or "NONE"
    config = mapping(test.get("test_config")) or mapping(
        mapping(test.get("bound_test")).get("test")
    )
    passed, why, value, bound = _derived(test, config, metric)
    is_known = passed is not None
    if not is_known and not why:
        passed = MEANS.get(status)
        why = (
            "This kind of test is not derived here; its word is taken."
            if passed is not None
            else (f"It did not run ({status}): no evidence.")
        )
    if rows == 0 and not (metric and metric.name.startswith("RowCount")):
        passed, why = None, "The snapshot counts no rows: no evidence."
    name = word(test.get("name")) or (metric.name if metric else "unnamed test")
    collector.check(
        name,
        passed=passed,
        raw=status,
        observed=value,
        bound=bound,
        rows=rows,
        is_warning=status == "WARNING" or config.get("is_critical") is False,
        sentence=against(status, passed, MEANS.get(status), why),
    )
    return id_


def _derived(
    test: Mapping[str, object], config: Mapping[str, object], metric: Metric | None
) -> tuple[bool | None, str, float | None, float | str | None]:
    """Return (passed, why, value, bound); an empty sentence where nothing can be derived."""
    if metric is None:
        return None, "", None, None
    value = _tested_value(test, metric)
    kind = word(config.get("type")).rpartition(":")[2]
    if kind == "ValueDriftTest" or word(metric.params.get("type")).endswith("ValueDrift"):
        return _drift(metric, value)
    threshold = number(config.get("threshold"))
    if kind not in COMPARISONS or threshold is None:
        return None, "", value, None
    sign, holds = COMPARISONS[kind]
    bound = f"{sign} {threshold:g}"
    if value is None:
        return None, "The metric has no value: no evidence.", None, bound
    return holds(value, threshold), f"{value:g} against {bound}.", value, bound


def _tested_value(test: Mapping[str, object], metric: Metric) -> float | None:
    bound_test = mapping(test.get("bound_test"))
    if "" in metric.values:
        return metric.values[""]
    key = {True: "count", False: "share"}.get(bound_test.get("is_count"))  # type: ignore[call-overload]
    return metric.values.get(key) if key else None


def _drift(
    metric: Metric, value: float | None
) -> tuple[bool | None, str, float | None, float | str | None]:
    threshold, method = number(metric.params.get("threshold")), word(metric.params.get("method"))
    if threshold is None or not method:
        return None, "", value, None
    if value is None:
        return None, f"{method} gave no value: no evidence.", None, threshold
    is_p = method.endswith("p_value")
    drifted = value < threshold if is_p else value >= threshold
    rule = f"{'<' if is_p else '≥'} {threshold:g} is drift"
    return not drifted, f"{cut(method, 60)} {value:.4g}; {rule}.", value, rule


def _number(collector: Told, metric: Metric, rows: int | None) -> None:
    """Tell a metric that nobody tested: drift as a check by its own threshold, else the numbers."""
    share = metric.values.get("share")
    limit = number(metric.params.get("drift_share"))
    is_drift = word(metric.params.get("type")).endswith("ValueDrift")
    passed, why, value, bound = _drift(metric, metric.values.get("")) if is_drift else _NOTHING
    if share is not None and limit is not None:
        bound = f"≥ {limit:g} is drift"
        passed, value, why = share < limit, share, f"{share:.2g} of the columns; {bound}."
    if why:
        if rows == 0:
            passed, why = None, "The snapshot counts no rows: no evidence."
        collector.check(
            metric.name,
            passed=passed,
            raw="none",
            observed=value,
            bound=bound,
            rows=rows,
            sentence=why,
        )
        return
    for key, value in metric.values.items():
        name = f"{metric.name}.{key}" if key else metric.name
        collector.evaluation(name, value, n=rows)


_NOTHING: tuple[bool | None, str, float | None, float | str | None] = (None, "", None, None)


def looks(document: object) -> bool:
    """Say whether a document is a snapshot, of either form."""
    whole = mapping(document)
    if isinstance(whole.get("metric_results"), dict) and "top_level_metrics" in whole:
        return True
    return any(
        "value" in one and ("metric_name" in one or "metric_id" in one)
        for one in objects(whole.get("metrics"))
    )
