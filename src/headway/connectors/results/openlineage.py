"""OpenLineage: run events, with the assertions and metrics that their datasets carry.

An assertion's own word is taken, unless the metrics beside it say otherwise: a dataset of zero
rows is no evidence, and `not_null` and `unique` are counted again where the column's nulls and
distinct values are told. A run is met when it completed; one that only began says nothing yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

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

TOOL = "openlineage"
ENDS: Mapping[str, bool] = {"COMPLETE": True, "FAIL": False, "ABORT": False}
_FACETS = ("facets", "inputFacets", "outputFacets")
_NOT_NULL = frozenset({"not_null", "expect_column_values_to_not_be_null"})
_UNIQUE = frozenset({"unique", "expect_column_values_to_be_unique"})


def read(events: Iterable[Mapping[str, object]], asked: Asked) -> Results:
    """Return checks and numbers of the datasets and runs of events."""
    several = list(events)
    times = [found for event in several if (found := moment(event.get("eventTime")))]
    collector = told(TOOL, asked, max(times, default=None))
    begun = 0
    for event in several:
        at = moment(event.get("eventTime")) or collector.observed_at
        begun += not _run(collector, event, at)
        for dataset in (*objects(event.get("inputs")), *objects(event.get("outputs"))):
            _dataset(collector, dataset, at)
    if begun:
        collector.note("events", f"{begun} events tell of runs that have not ended.")
    return collector.results()


def _run(collector: Told, event: Mapping[str, object], at: datetime) -> bool:
    """Tell how a run ended; False where it has not."""
    job = mapping(event.get("job"))
    kind = word(event.get("eventType")).upper()
    name = _named(job)
    if kind not in ENDS or not name:
        return False
    facets = mapping(mapping(event.get("run")).get("facets"))
    message = cut(word(mapping(facets.get("errorMessage")).get("message")), 300)
    collector.check(
        f"run of {name}",
        passed=ENDS[kind],
        raw=kind,
        dimension="quality",
        sentence=f"The run ended: {kind}." + (f" {message}" if message else ""),
        subject=f"job:{name}",
        at=at,
    )
    return True


def _dataset(collector: Told, dataset: Mapping[str, object], at: datetime) -> None:
    name = _named(dataset)
    if not name:
        collector.note("dataset", "A dataset without a name was left out.")
        return
    facets = {key: one for part in _FACETS for key, one in mapping(dataset.get(part)).items()}
    version = cut(word(mapping(facets.get("version")).get("datasetVersion")), 100)
    subject = f"dataset:{name}" + (f"@{version}" if version and " " not in version else "")
    metrics = mapping(facets.get("dataQualityMetrics"))
    rows = count(metrics.get("rowCount"))
    if rows is None:
        rows = count(mapping(facets.get("outputStatistics")).get("rowCount"))
    columns = mapping(metrics.get("columnMetrics"))
    prefix = f"{name}: " if collector.asked.subject else ""
    if rows is not None:
        collector.evaluation(f"{prefix}row count", float(rows), n=rows, subject=subject, at=at)
    for column, found in columns.items():
        nulls = count(mapping(found).get("nullCount"))
        if nulls is not None and rows:
            metric = f"{prefix}null share({column})"
            collector.evaluation(metric, nulls / rows, n=rows, subject=subject, at=at)
    for one in objects(mapping(facets.get("dataQualityAssertions")).get("assertions")):
        _assertion(collector, one, (prefix, subject, at), rows, columns)


def _assertion(
    collector: Told,
    one: Mapping[str, object],
    about: tuple[str, str, datetime],
    rows: int | None,
    columns: Mapping[str, object],
) -> None:
    prefix, subject, at = about
    column = word(one.get("column"))
    # dbt writes the column into the name as well.
    kind = word(one.get("assertion")).removesuffix(f"({column})") or "unnamed"
    success = one.get("success")
    is_good = success if isinstance(success, bool) else None
    bad = _bad_rows(kind, mapping(columns.get(column)), rows)
    passed, why = is_good, "Its word is taken: no metric of the column is told."
    if is_good is None:
        passed, why = None, "It states no success: no evidence."
    elif rows == 0:
        passed, why = None, "The dataset has no rows: no evidence."
    elif bad is not None:
        passed, why = bad == 0, f"{bad} of {rows} rows are bad."
    raw = {True: "success", False: "failure", None: "none"}[is_good]
    collector.check(
        f"{prefix}{kind}({column})" if column else f"{prefix}{kind}",
        passed=passed,
        raw=raw,
        observed=_as_told(one.get("actual")),
        bound=_as_told(one.get("expected")),
        rows=rows,
        rows_bad=bad,
        is_warning=word(one.get("severity")).lower() in {"warn", "warning"},
        sentence=against(raw, passed, is_good, why),
        subject=subject,
        at=at,
    )


def _as_told(value: object) -> float | str | None:
    """Return what an assertion saw or wanted: a number, else its words."""
    found = number(value)
    return cut(word(value), 100) or None if found is None else found


def _bad_rows(kind: str, column: Mapping[str, object], rows: int | None) -> int | None:
    """Return how many rows break an assertion, None where the metrics do not say."""
    nulls, distinct = count(column.get("nullCount")), count(column.get("distinctCount"))
    if kind in _NOT_NULL:
        return nulls
    if kind in _UNIQUE and rows is not None and distinct is not None:
        return max(0, rows - (nulls or 0) - distinct)
    return None


def _named(thing: Mapping[str, object]) -> str:
    """Return `namespace/name`, as a subject may carry it."""
    name = cut(word(thing.get("name")), 150)
    space = cut(word(thing.get("namespace")), 120)
    joined = f"{space}/{name}" if space and name else name
    return joined.replace("@", "_").strip()


def looks(document: object) -> bool:
    """Say whether a document is a run event."""
    whole = mapping(document)
    return "eventTime" in whole and "run" in whole and "job" in whole
