"""Points become numbers: what is missing, NaN or infinite is counted and never a value."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.connectors.prometheus.client import Series
from headway.connectors.prometheus.options import PrometheusOptions
from headway.connectors.prometheus.reading import Reader, step_of
from headway.connectors.registry import checked_options
from headway.domain.evidence.rules import read_payload
from headway.errors import Invalid

URL = "http://prometheus.example.org"


def options(**more: Any) -> PrometheusOptions:
    told = {"url": URL, "queries": ["errors = rate(e[5m])"], "subject": "deployment:ml/fraud@7"}
    found = checked_options("prometheus", {**told, **more})
    assert isinstance(found, PrometheusOptions)
    return found


def test_a_step_counts_what_is_no_number() -> None:
    points = {60: "1", 120: "NaN", 180: "+Inf", 240: "3", 300: "nonsense"}
    step = step_of(points, 0, 480, 60)
    assert (step.mean, step.least, step.most, step.last) == (2, 1, 3, 3)
    assert (step.n, step.gaps, step.nan, step.infinite, step.stale) == (2, 3, 2, 1, 3)


def test_a_step_without_a_point_has_no_value() -> None:
    step = step_of({}, 0, 300, 60)
    assert (step.mean, step.n, step.gaps, step.stale) == (None, 0, 5, 5)


def test_the_point_at_the_start_belongs_to_the_step_before() -> None:
    assert step_of({0: "9", 60: "1"}, 0, 60, 60).mean == 1


@given(st.dictionaries(st.sampled_from(range(60, 601, 60)), st.floats() | st.just("x")))
def test_every_point_of_a_step_is_counted_once(points: dict[int, object]) -> None:
    step = step_of({at: str(value) for at, value in points.items()}, 0, 600, 60)
    assert step.n + step.gaps + step.nan + step.infinite == 10
    assert (step.least is None) == (step.n == 0)


def test_an_observation_names_its_query_and_its_subject_and_may_enter_the_ledger() -> None:
    reader = Reader(options(version_label="version", project="fraud"))
    series = Series({"__name__": "e", "version": "8", "zone": "a"}, ((900.0, "0.5"),))
    found = reader.observations("errors", [series], 0, 900)
    assert [str(one.subject) for one in found] == ["deployment:ml/fraud@8"]
    payload = read_payload(found[0].kind, found[0].payload)
    assert payload["metric"] == 'errors{zone="a"}'
    assert (payload["value"], payload["n"]) == (0.5, 1)
    assert payload["context"]["query"] == "rate(e[5m])"  # type: ignore[index,call-overload]
    assert payload["context"]["gaps"] == 14  # type: ignore[index,call-overload]
    assert found[0].observed_at == datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=15)
    assert (found[0].source, found[0].project) == ("prometheus:prometheus.example.org", "fraud")


def test_a_query_that_gives_nothing_tells_of_the_silence() -> None:
    found = Reader(options()).observations("errors", [], 0, 1800)
    assert [one.payload["value"] for one in found] == [None, None]
    assert {str(one.subject) for one in found} == {"deployment:ml/fraud@7"}


def test_a_label_that_is_no_version_leaves_the_subject_as_chosen() -> None:
    reader = Reader(options(version_label="version"))
    found = reader.observations("errors", [Series({"version": "a b"}, ())], 0, 900)
    assert str(found[0].subject) == "deployment:ml/fraud@7"


def test_queries_are_told_as_lines_or_as_an_object() -> None:
    said = options(queries=["errors = a == 1", "p99=histogram_quantile(.99, b)"])
    assert said.queries == {"errors": "a == 1", "p99": "histogram_quantile(.99, b)"}
    assert options(queries={"errors": "a"}).queries == {"errors": "a"}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"queries": ["errors"]}, "name = query"),
        ({"queries": ["a=1", "a=2"]}, "given twice"),
        ({"queries": ["1a=1"]}, "must begin with a letter"),
        ({"queries": {"a": " "}}, "is empty"),
        ({"queries": {f"a{one}": "1" for one in range(51)}}, "at most 50"),
        ({"subject": ""}, "queries need a subject"),
        ({"subject": "fraud"}, "kind:name"),
        ({"version_label": "a b"}, "no name of a label"),
        ({"step_minutes": 1, "resolution_seconds": 7}, "must divide"),
        ({"step_minutes": 0}, "greater than or equal to 1"),
    ],
)
def test_a_choice_that_cannot_be_read_is_a_sentence(more: dict[str, Any], said: str) -> None:
    with pytest.raises(Invalid, match=said):
        options(**more)
