"""Results of checks on data and models: derived again, the tool's own word kept."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from tests.connectors.results.files import AT, CASES, case, checks, numbers, said, sentence

GX = json.loads((CASES / "great-expectations-orders.json").read_text())
EVIDENTLY = json.loads((CASES / "evidently-dict.json").read_text())
DEEPCHECKS = json.loads((CASES / "deepchecks.json").read_text())


def test_the_expectations_of_a_real_suite_are_read() -> None:
    results = case("great-expectations-orders.json", subject="")
    assert checks(results) == {
        "expect_column_values_to_be_unique(nope)": (None, "failure"),
        "expect_column_values_to_not_be_null(amount)": (False, "failure"),
        "expect_column_values_to_be_between(amount)": (False, "failure"),
        "expect_column_mean_to_be_between(amount)": (True, "success"),
        "expect_table_row_count_to_be_between": (True, "success"),
        "expect_column_to_exist(missing_column)": (False, "failure"),
    }
    first = results.observations[2]
    assert (str(first.subject), first.source) == ("dataset:orders", "great-expectations")
    assert (first.payload["rows"], first.payload["rows_bad"]) == (9, 1)
    assert first.payload["severity"] == "warning"
    assert first.observed_at.date().isoformat() == "2026-11-26"


def test_a_real_suite_on_no_rows_proves_nothing_though_it_says_success() -> None:
    """great_expectations issue 2726: map expectations pass on zero rows, by policy."""
    results = case("great-expectations-empty.json")
    found = checks(results)
    assert found["expect_column_values_to_not_be_null(amount)"] == (None, "success")
    assert found["expect_column_values_to_be_between(amount)"] == (None, "success")
    assert found["expect_column_mean_to_be_between(amount)"] == (None, "failure")
    assert found["expect_table_row_count_to_be_between"] == (False, "failure")
    assert not any(passed for passed, _ in found.values())


def gx(result: dict[str, Any], kind: str = "expect_x", **more: Any) -> dict[str, Any]:
    config = {"type": kind, "kwargs": {"column": "c", **more.pop("kwargs", {})}}
    return {"results": [{"success": True, "expectation_config": config, "result": result, **more}]}


@pytest.mark.parametrize(
    ("result", "more", "passed"),
    [
        ({"element_count": 10, "unexpected_count": 1}, {"kwargs": {"mostly": 0.9}}, True),
        ({"element_count": 10, "unexpected_count": 2}, {"kwargs": {"mostly": 0.9}}, False),
        ({"element_count": 10, "missing_count": 10, "unexpected_count": 0}, {}, None),
        ({"observed_value": 5}, {"kwargs": {"max_value": 5, "strict_max": True}}, False),
        ({"observed_value": 5}, {"kwargs": {"max_value": 5}}, True),
        ({"observed_value": None}, {"kwargs": {"max_value": 5}}, None),
        ({"observed_value": ["a"]}, {}, True),
        ({}, {}, True),
    ],
)
def test_counts_and_bounds_decide_where_there_are_some(
    result: dict[str, Any], more: dict[str, Any], passed: bool | None
) -> None:
    assert checks(said(gx(result, **more)))["expect_x(c)"] == (passed, "success")


def test_an_expectation_that_was_left_out_is_visible() -> None:
    """great_expectations issue 8548."""
    fewer = copy.deepcopy(GX)
    del fewer["results"][0]
    name = "orders: every expectation is in the result"
    assert checks(said(fewer))[name] == (None, "6 evaluated")


def test_a_checkpoint_with_several_suites_is_read_whole() -> None:
    document = {"run_results": {"a": GX, "b": {"validation_result": GX}}}
    assert len(said(document).observations) == 12


def test_the_tests_of_a_real_snapshot_are_derived_again_in_both_forms() -> None:
    plain, dumped = case("evidently-dict.json"), case("evidently-dump.json")
    assert checks(plain) == checks(dumped)
    found = checks(plain)
    assert found["Row count in dataset: Greater or Equal 100.000"] == (True, "SUCCESS")
    assert found["Value Drift for column age"] == (False, "FAIL")
    assert found["Column 'age' missing values: Less or Equal 0.050"] == (False, "FAIL")
    assert {one.payload["rows"] for one in plain.observations} == {300}
    assert plain.observations[0].observed_at == AT
    assert dumped.observations[0].observed_at.isoformat().startswith("2026-11-26T02:33")
    assert any(note.where == "timestamp" for note in dumped.notes)


def test_a_snapshot_that_was_tampered_with_is_contradicted_by_its_own_numbers() -> None:
    document = copy.deepcopy(EVIDENTLY)
    for test in document["tests"]:
        test["status"] = "SUCCESS"
    found = checks(said(document))
    assert found["Value Drift for column age"] == (False, "SUCCESS")
    assert "says 'SUCCESS'; by its own numbers this is unmet" in sentence(
        said(document), "Value Drift for column age"
    )


def test_a_snapshot_of_no_rows_proves_nothing() -> None:
    document = copy.deepcopy(EVIDENTLY)
    for metric in document["metrics"]:
        if metric["metric_name"] == "RowCount()":
            metric["value"] = 0
    found = checks(said(document))
    rows = found.pop("Row count in dataset: Greater or Equal 100.000")
    assert rows == (False, "SUCCESS")
    assert {passed for passed, _ in found.values()} == {None}


def test_metrics_without_a_test_are_numbers_and_drift_has_its_own_threshold() -> None:
    document = {"metrics": copy.deepcopy(EVIDENTLY["metrics"]), "tests": []}
    document["metrics"].append({"id": "z", "metric_name": "Odd()", "config": {}, "value": "text"})
    results = said(document)
    drift = "ValueDrift(column=age,method=K-S p_value,threshold=0.05)"
    assert checks(results)[drift] == (False, "none")
    assert numbers(results)["MissingValueCount(column=age).share"] == 0.1
    assert "Odd()" in [note.where for note in results.notes]


@pytest.mark.parametrize(
    ("status", "passed"), [("ERROR", None), ("SKIPPED", None), ("FAIL", False)]
)
def test_a_kind_of_test_that_is_not_known_keeps_its_word(status: str, passed: bool | None) -> None:
    test = {"name": "t", "metric_config": {"metric_id": "none"}, "test_config": {}}
    document = {"metrics": EVIDENTLY["metrics"], "tests": [{**test, "status": status}]}
    assert checks(said(document))["t"] == (passed, status)


def test_a_value_of_nan_is_no_value() -> None:
    text = json.dumps(EVIDENTLY).replace("1.7164709718895253e-56", "NaN")
    assert checks(said(text))["Value Drift for column age"] == (None, "FAIL")


def test_the_conditions_of_a_real_deepchecks_suite_are_read() -> None:
    results = said(DEEPCHECKS)
    found = checks(results)
    assert found["Single Dataset Performance - Test Dataset"] == (None, "CheckFailure")
    mixed = "Train Test Samples Mix: Percentage of test data samples that appear in train data is "
    assert found[f"{mixed}less or equal to 5%"] == (True, "PASS")
    assert numbers(results)["Data Duplicates - Train Dataset"] == 0
    assert [raw for _, raw in found.values()].count("FAIL") == 3


def test_a_deepchecks_condition_is_held_against_its_bound() -> None:
    document = copy.deepcopy(DEEPCHECKS)
    mixed = next(one for one in document["results"] if one["check"]["name"].endswith("Mix"))
    mixed["value"]["ratio"] = 0.3
    mixed["conditions_results"].append({"Status": "ERROR", "Condition": "c", "More Info": "boom"})
    found = {name: one for name, one in checks(said(document)).items() if "Mix" in name}
    assert list(found.values()) == [(False, "PASS"), (None, "ERROR")]


def test_estimated_performance_is_never_mixed_with_realised() -> None:
    estimated, realised = case("nannyml-estimated.csv"), case("nannyml-realised-flat.csv")
    for results, is_estimated in ((estimated, True), (realised, False)):
        told = [one for one in results.observations if one.kind == "evaluation"]
        assert {one.payload["estimated"] for one in told} == {is_estimated}
        assert {one.payload["n"] for one in told} == {200}
    first = estimated.observations[0]
    assert (first.payload["metric"], first.payload["low"]) == ("roc_auc", pytest.approx(0.72152864))
    assert first.observed_at.isoformat() == "2026-10-09T07:00:00+00:00"
    assert set(checks(estimated)) == {"estimated roc_auc", "estimated accuracy"}
    assert checks(realised)["accuracy"] == (False, "alert")


def test_alerts_are_derived_again_from_the_thresholds_in_the_file() -> None:
    assert checks(case("nannyml-drift.csv")) == {
        "x_kolmogorov_smirnov": (False, "alert"),
        "x_jensen_shannon": (False, "alert"),
    }
    text = (CASES / "nannyml-missing.csv").read_text()
    assert checks(said(text))["x"] == (False, "alert")
    assert checks(said(text.replace("True", "False")))["x"] == (False, "no alert")
    assert checks(said(text.replace(",0.5,", ",,", 1)))["x"] == (None, "alert")


def test_nannymls_chunks_are_read_from_json_in_either_orientation() -> None:
    row = {"chunk_key": "a", "chunk_period": "analysis", "x_value": 3, "x_upper_threshold": 2}
    before = {**row, "chunk_key": "r", "chunk_period": "reference"}
    results = said([before, {**row, "x_alert": True, "odd": 1}])
    assert checks(results) == {"x": (False, "alert")}
    assert [note.where for note in results.notes] == ["time", "reference", "odd"]
    columns = {key: {"0": value} for key, value in row.items()}
    columns["chunk_end_date"] = {"0": 1763888400000}
    found = said(columns)
    assert checks(found) == {"x": (False, "none")}
    assert found.observations[0].observed_at.isoformat() == "2025-11-23T09:00:00+00:00"
