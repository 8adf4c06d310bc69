"""Results of experiments and pipelines: GrowthBook, JUnit, OpenLineage, OpenMetrics."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.connectors.results.files import checks, numbers, said, sentence

from headway.errors import Invalid


def growthbook(*, srm: float = 0.4, users: int = 2000, low: float = 0.01, **summary: Any) -> Any:
    def variation(name: str, change: float, low: float, high: float) -> dict[str, Any]:
        analysis = {
            "engine": "frequentist",
            "numerator": 1,
            "denominator": 1,
            "mean": 1.2,
            "stddev": 1,
            "percentChange": change,
            "ciLow": low,
            "ciHigh": high,
            "pValue": 0.01,
        }
        return {"variationId": name, "users": users // 2, "analyses": [analysis]}

    metric = {
        "metricId": "m1",
        "variations": [variation("v0", 0, 0, 0), variation("v1", 0.05, low, 0.09)],
    }
    whole = {"dimension": "All", "totalUsers": users, "checks": {"srm": srm}, "metrics": [metric]}
    return {
        "experiment": {"id": "exp_1", "name": "New ranker", "resultSummary": summary},
        "result": {
            "id": "s",
            "experimentId": "exp_1",
            "dateUpdated": "2026-11-20T08:00:00.000Z",
            "settings": {"goals": [{"metricId": "m1"}]},
            "results": [whole],
        },
    }


WON = {"status": "won", "winner": "v1"}


def test_an_experiment_tells_its_effect_its_split_and_its_conclusion() -> None:
    results = said(growthbook(**WON), subject="")
    assert numbers(results) == {"New ranker: m1, v1 against control": 0.05}
    effect = results.observations[1]
    assert (effect.payload["low"], effect.payload["high"], effect.payload["n"]) == (
        0.01,
        0.09,
        1000,
    )
    assert str(effect.subject) == "experiment:exp_1"
    assert effect.observed_at.isoformat() == "2026-11-20T08:00:00+00:00"
    assert checks(results) == {
        "New ranker: sample ratio": (True, "srm 0.4"),
        "New ranker: conclusion": (True, "won"),
    }


@pytest.mark.parametrize(
    ("changed", "passed"),
    [
        ({"srm": 0.0001}, None),
        ({"low": -0.01}, None),
        ({"users": 0}, None),
        ({"status": "lost"}, False),
    ],
)
def test_a_conclusion_that_the_numbers_do_not_bear_is_no_evidence(
    changed: dict[str, Any], passed: bool | None
) -> None:
    results = said(growthbook(**{**WON, **changed}))
    assert checks(results)["New ranker: conclusion"][0] is passed
    if "users" in changed:
        assert numbers(results) == {"New ranker: m1, v1 against control": None}


def test_nobody_has_concluded_anything_yet() -> None:
    assert set(checks(said(growthbook()))) == {"New ranker: sample ratio"}


JUNIT = """<?xml version="1.0"?>
<testsuites>
<testsuite name="pytest" tests="4" failures="1" skipped="1" timestamp="2026-11-22T10:00:00">
<testcase classname="t" name="a"/>
<testcase classname="t" name="b"><failure message="0.91 &lt; 0.95">x</failure></testcase>
<testcase classname="t" name="c"><skipped message="no gpu"/></testcase>
<testcase classname="t" name="d"/>
</testsuite></testsuites>"""


def test_a_report_of_tests_is_counted_again() -> None:
    results = said(JUNIT)
    assert checks(results) == {
        "tests: pytest": (False, "tests 4, failures 1, skipped 1"),
        "test t.a": (True, "passed"),
        "test t.b": (False, "failure"),
        "test t.c": (None, "skipped"),
        "test t.d": (True, "passed"),
    }
    assert "0.91 < 0.95" in sentence(results, "test t.b")
    assert results.observations[0].payload["rows"] == 3


@pytest.mark.parametrize(
    ("cases", "attributes", "passed"),
    [
        ("", 'tests="0"', None),
        ("<testcase name='a'><skipped/></testcase>", 'tests="1" failures="0"', None),
        ("<testcase name='a'><error/></testcase><testcase name='b'/>", 'tests="2"', None),
        ("<testcase name='a'/>", 'tests="5" failures="0"', None),
        ("<testcase name='a'/>", 'tests="1" failures="1"', True),
        ("<testcase name='a'/>", "", True),
    ],
)
def test_a_suite_is_what_its_cases_show(cases: str, attributes: str, passed: bool | None) -> None:
    results = said(f'<testsuite name="s" {attributes}>{cases}</testsuite>')
    assert checks(results)["tests: s"][0] is passed


def test_of_many_cases_only_the_bad_are_told_singly() -> None:
    many = "".join(f"<testcase name='t{one}'/>" for one in range(1_200))
    results = said(
        f"<testsuite name='s'>{many}<testcase name='x'><failure/></testcase></testsuite>"
    )
    assert set(checks(results)) == {"tests: s", "test x"}
    assert "1,201 cases" in [note for note in results.notes if note.where == "cases"][0].sentence


def event(kind: str = "COMPLETE", **facets: Any) -> dict[str, Any]:
    return {
        "eventType": kind,
        "eventTime": "2026-11-22T10:00:00Z",
        "run": {"runId": "r", "facets": {}},
        "job": {"namespace": "airflow", "name": "load.orders"},
        "inputs": [{"namespace": "pg://db:5432", "name": "public.orders", "inputFacets": facets}],
        "outputs": [],
    }


def facets(rows: int, *assertions: dict[str, Any], **columns: Any) -> dict[str, Any]:
    return {
        "dataQualityMetrics": {"rowCount": rows, "columnMetrics": columns},
        "dataQualityAssertions": {"assertions": list(assertions)},
    }


NOT_NULL = {"assertion": "not_null", "success": True, "column": "id"}


def test_a_run_event_tells_its_run_its_datasets_and_their_assertions() -> None:
    results = said(event(**facets(100, NOT_NULL, id={"nullCount": 0})), subject="")
    assert checks(results) == {
        "run of airflow/load.orders": (True, "COMPLETE"),
        "not_null(id)": (True, "success"),
    }
    assert numbers(results) == {"row count": 100, "null share(id)": 0}
    assert {str(one.subject) for one in results.observations} == {
        "job:airflow/load.orders",
        "dataset:pg://db:5432/public.orders",
    }


@pytest.mark.parametrize(
    ("content", "said_of", "passed"),
    [
        (facets(0, NOT_NULL), "not_null(id)", (None, "success")),
        (facets(9, NOT_NULL, id={"nullCount": 2}), "not_null(id)", (False, "success")),
        (
            facets(9, {**NOT_NULL, "assertion": "unique"}, id={"distinctCount": 8}),
            "unique(id)",
            (False, "success"),
        ),
        (
            facets(9, {**NOT_NULL, "assertion": "not_null(id)"}, id={"nullCount": 1}),
            "not_null(id)",
            (False, "success"),
        ),
        (facets(9, {"assertion": "odd"}), "odd", (None, "none")),
    ],
)
def test_an_assertion_is_counted_again_where_the_metrics_allow(
    content: dict[str, Any], said_of: str, passed: tuple[bool | None, str]
) -> None:
    assert checks(said(event(**content), subject=""))[said_of] == passed


def test_what_an_assertion_saw_and_wanted_is_kept_as_told() -> None:
    told = {**NOT_NULL, "actual": "3 nulls", "expected": "0"}
    payload = said(event(**facets(9, told))).observations[-1].payload
    assert (payload["observed"], payload["bound"]) == ("3 nulls", 0)


def test_lines_of_events_are_one_file_and_a_beginning_says_nothing() -> None:
    text = "\n".join(json.dumps(one) for one in (event("START"), event("FAIL")))
    results = said(text, subject="")
    assert checks(results) == {"run of airflow/load.orders": (False, "FAIL")}
    assert "1 events tell of runs that have not ended." in [note.sentence for note in results.notes]


OPEN = """# TYPE requests counter
requests_total{path="/a\\"b",code="200"} 1027 1763888400
# TYPE latency histogram
latency_bucket{le="0.1"} 3
latency_sum 1.5
latency_count 10 # {trace_id="x"} 0.2
drift_score{column="age",} NaN
# EOF
"""


def test_openmetrics_gives_a_number_for_each_series() -> None:
    results = said(OPEN)
    assert numbers(results) == {
        'requests_total{code="200",path="/a"b"}': 1027,
        "latency_sum": 1.5,
        "latency_count": 10,
        'drift_score{column="age"}': None,
    }
    assert results.observations[0].observed_at.isoformat() == "2025-11-23T09:00:00+00:00"
    assert "1 buckets" in [note.sentence for note in results.notes][0]


def test_the_older_format_counts_milliseconds() -> None:
    results = said("up 1 1763888400000\n")
    assert results.observations[0].observed_at.isoformat() == "2025-11-23T09:00:00+00:00"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("up 1\nup 2", "Line 3: up stands in line 2 already"),
        ("up{a=1} 1", "labels"),
        ('up{a="1" 1', "labels"),
        ("up", "a value and at most a time"),
        ("up one", "'one' is no value"),
        ("up 1 soon", "'soon' is no time"),
        ("9up 1", "name of a metric"),
    ],
)
def test_a_broken_line_is_named(line: str, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        said(f"# TYPE up gauge\n{line}\n")
