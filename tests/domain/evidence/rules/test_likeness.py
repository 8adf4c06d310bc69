"""What is proposed by its name: projects for groups, logged metrics for promises."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.domain.evidence.rules.likeness import (
    Binding,
    MetricSeen,
    bindings,
    is_answered,
    likest,
    words_of,
)
from headway.domain.programs.rules import CriterionFacts

PROJECTS = {
    "fraud": ("fraud", "Fraud screening", "Transaction scorer"),
    "meter-reading": ("meter-reading", "Meter reading", "Digit reader"),
}


def promised(metric: str, target: float = 0.9, **more: object) -> CriterionFacts:
    values: dict[str, object] = {
        "id": UUID(int=1),
        "workspace_id": UUID(int=2),
        "project_id": UUID(int=3),
        "objective_id": None,
        "key": "k",
        "name": "K",
        "kind": "quality",
        "is_guardrail": False,
        "subject": "model:fraud",
        "metric": metric,
        "direction": "maximise",
        "start_value": None,
        "target": target,
        "unit": "",
        "segment": "",
        "dataset": "",
        "split": "test",
        "basis": "estimate",
        "minimum_n": None,
        "freshness_days": None,
        "due": None,
        "order": 0,
        "version": 1,
    }
    return CriterionFacts(**{**values, **more})  # type: ignore[arg-type]


def seen(metric: str, low: float | None = 0.5, high: float | None = 0.95) -> MetricSeen:
    return MetricSeen("run:*", metric, "", "", 10, low, high, 7)


def offered(criterion: CriterionFacts, *metrics: MetricSeen) -> str:
    found = bindings([criterion], metrics)
    return found[0].seen.metric if found else ""


class TestProjects:
    @pytest.mark.parametrize(
        ("group", "project"),
        [
            ("fraud-xgb-nightly", "fraud"),
            ("FraudScreening", "fraud"),
            ("meters/digit-cnn", "meter-reading"),
            ("transaction_scoring", "fraud"),
            ("Default", ""),
            ("anna-playground", ""),
            ("model training test", ""),
            ("", ""),
        ],
    )
    def test_a_group_is_proposed_for_the_project_of_a_like_name(
        self, group: str, project: str
    ) -> None:
        assert likest(group, PROJECTS) == project

    def test_between_two_that_are_as_like_nothing_is_proposed(self) -> None:
        assert likest("fraud", {"a": ("fraud eu",), "b": ("fraud us",)}) == ""

    @given(st.text(max_size=40))
    def test_no_name_breaks_it(self, name: str) -> None:
        assert likest(name, PROJECTS) in {"", *PROJECTS}


class TestMetrics:
    @pytest.mark.parametrize(
        ("promise", "logged"),
        [
            ("recall", "test_recall"),
            ("accuracy", "acc"),
            ("auc", "test/roc_auc_score"),
            ("f1", "f1_score"),
            ("macro_recall", "recall_macro"),
        ],
    )
    def test_a_promise_is_offered_what_says_the_same(self, promise: str, logged: str) -> None:
        assert offered(promised(promise), seen("loss"), seen(logged)) == logged

    @pytest.mark.parametrize(
        ("criterion", "metric"),
        [
            (promised("recall"), seen("precision")),
            (promised("recall"), seen("recall", 41.0, 95.0)),  # per cent against a share
            (promised("error", 0.9), seen("error")),  # less of it is better, more was promised
            (promised("recall", 95.0), seen("recall", 0.4, 0.9)),
            (promised("recall"), seen("")),
        ],
    )
    def test_what_cannot_be_meant_is_not_offered(
        self, criterion: CriterionFacts, metric: MetricSeen
    ) -> None:
        assert offered(criterion, metric) == ""

    def test_the_split_that_was_promised_is_preferred(self) -> None:
        logged = [seen("val_recall"), seen("train_recall"), seen("test_recall")]
        assert offered(promised("recall"), *logged) == "test_recall"
        assert offered(promised("recall", split="validation"), *logged) == "val_recall"

    def test_a_latency_in_milliseconds_is_bound_to_its_bound(self) -> None:
        asked = promised("p95_latency", 50.0, direction="minimise")
        assert offered(asked, seen("p95_latency_ms", 31.0, 80.0)) == "p95_latency_ms"

    def test_a_metric_without_any_value_is_still_offered_by_name(self) -> None:
        assert offered(promised("recall"), seen("recall", None, None)) == "recall"

    def test_binding_changes_what_differs_and_nothing_else(self) -> None:
        one = MetricSeen("model:fraud", "recall_at_k", "held-out", "test", 3, 0.8, 0.9, 1)
        made = Binding(promised("recall"), one, 0.9, "")
        assert made.changes == {"metric": "recall_at_k", "dataset": "held-out"}
        on_runs = Binding(promised("recall", split="validation"), seen("recall"), 1.0, "")
        assert on_runs.changes == {"subject": "run:*"}

    @pytest.mark.parametrize(
        ("criterion", "metric", "is_one"),
        [
            (promised("recall", subject="run:*"), seen("recall"), True),
            (promised("recall", subject="run:ml/1"), seen("recall"), True),
            (promised("recall"), seen("recall"), False),
            (
                promised("recall", subject="model:fraud@3"),
                MetricSeen("model:fraud", "recall", "d", "test", 1, 0, 1, 1),
                True,
            ),
            (
                promised("recall", dataset="other"),
                MetricSeen("model:fraud", "recall", "d", "test", 1, 0, 1, 1),
                False,
            ),
            (
                promised("recall"),
                MetricSeen("model:fraud", "recall", "", "live", 1, 0, 1, 1),
                False,
            ),
        ],
    )
    def test_a_promise_is_answered_by_what_it_asks_for(
        self, criterion: CriterionFacts, metric: MetricSeen, is_one: bool
    ) -> None:
        assert is_answered(criterion, metric) is is_one

    @given(st.text(max_size=30), st.text(max_size=30))
    def test_no_metric_name_breaks_it(self, promise: str, logged: str) -> None:
        for one in bindings([promised(promise)], [seen(logged)]):
            assert 0.5 <= one.likeness <= 1.0

    def test_the_best_value_of_a_loss_is_the_lowest(self) -> None:
        assert (seen("val_loss").best, seen("recall").best) == (0.5, 0.95)

    def test_words_are_found_in_any_way_of_writing(self) -> None:
        assert words_of("fraudScorer_v2") == ["fraud", "scorer", "v", "2"]
