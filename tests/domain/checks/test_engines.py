"""Each kind of monitor asks its analysis, and keeps what it said: through a run, on real tables."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from tests.cast import AT, Cast
from tests.domain.checks.monitoring import HOUR, a_project

from headway.domain.checks.actions import (
    ReferenceDraft,
    add_monitor,
    drop_connection,
    edit_monitor,
    keep_upload,
    lock_trial,
    reference_now,
    run_now,
    set_connection,
    set_trial,
)
from headway.domain.checks.queries import (
    RunLine,
    column_history,
    column_picture,
    monitor_named,
    reference_of,
    run_page,
    segments_weakest_first,
    trial_page,
)
from headway.domain.checks.rules.connections import ConnectionDraft
from headway.domain.checks.rules.engines.quality import bound_words
from headway.domain.evidence.models import Record
from headway.errors import Conflict, Invalid, Refused

pytestmark = pytest.mark.django_db


def csv(heading: str, rows: list[tuple[Any, ...]]) -> bytes:
    return "\n".join([heading, *(",".join(map(str, row)) for row in rows)]).encode()


def a_table(cast: Cast, data: bytes, name: str = "live.csv") -> dict[str, str]:
    return {"upload": str(keep_upload(cast.bob, data, name, AT).id)}


def watched(cast: Cast, kind: str, data: bytes, **values: Any) -> None:
    """Make a monitor of a kind over a table, called `watch`."""
    a_project(cast)
    given = {"name": "Watch", "kind": kind, "subject": "model:scores@3", **values}
    add_monitor(cast.bob, "scores", "watch", {**given, "table": a_table(cast, data)}, AT)


def ran(cast: Cast) -> RunLine:
    return run_now(cast.bob, "watch", AT + HOUR, AT + HOUR)


def numbers(shift: float, n: int = 400) -> bytes:
    chance = random.Random(int(shift * 10) + 1)
    rows = [(round(chance.gauss(shift, 1), 4), chance.choice("abc")) for _ in range(n)]
    return csv("amount,kind", rows)


def test_drift_is_found_against_stored_reference_data_and_only_where_it_is(cast: Cast) -> None:
    watched(cast, "drift", numbers(0))
    early = ran(cast)
    assert (early.verdict, early.state) == ("error", "failed")
    assert "no reference data" in early.sentence
    kept = reference_now(cast.bob, "watch", ReferenceDraft(reason="Trained on it"), AT, AT)
    monitor = monitor_named(cast.bob, "watch")
    reference = reference_of(cast.bob, monitor)
    assert reference is not None
    assert (reference.rows, reference.reason, kept.verdict) == (400, "Trained on it", "")
    same = run_now(cast.bob, "watch", AT + 2 * HOUR, AT)
    assert (same.verdict, same.word) == ("met", "no drift")
    edit_monitor(cast.bob, "watch", {"table": a_table(cast, numbers(1.5))}, AT)
    moved = run_now(cast.bob, "watch", AT + 3 * HOUR, AT)
    assert (moved.verdict, moved.value) == ("unmet", 1.0)
    page = run_page(cast.bob, monitor)
    assert [(one.name, one.verdict) for one in page.columns] == [
        ("amount", "unmet"),
        ("kind", "met"),
    ]
    picture = column_picture(cast.bob, monitor, "amount").distribution
    assert picture is not None
    assert sum(picture.reference) == pytest.approx(1)
    assert sum(picture.current) == pytest.approx(1)
    history = column_history(cast.bob, monitor)
    assert [[cell and cell.verdict for cell in row.cells] for row in history.rows] == [
        [None, "met", "unmet"],
        [None, "met", "met"],
    ]


def test_reference_data_is_taken_from_what_an_earlier_run_read(cast: Cast) -> None:
    watched(cast, "drift", numbers(0))
    reference_now(cast.bob, "watch", ReferenceDraft(), AT, AT)
    edit_monitor(cast.bob, "watch", {"table": a_table(cast, numbers(3))}, AT)
    assert ran(cast).verdict == "unmet"
    reference_now(cast.bob, "watch", ReferenceDraft(run=2, reason="Retrained"), AT, AT)
    again = run_now(cast.bob, "watch", AT + 2 * HOUR, AT)
    assert again.verdict == "met"
    assert run_page(cast.bob, monitor_named(cast.bob, "watch")).reference == 2


def test_rules_are_judged_one_by_one_and_no_row_is_kept(cast: Cast) -> None:
    rules = {"rows": {"min": 1}, "columns": {"id": {"unique": True}, "age": {"min": 0, "max": 120}}}
    data = csv("id,age", [(1, 30), (2, 200), (3, 40)])
    watched(cast, "quality", data, settings={"rules": rules}, subject="dataset:people@1")
    line = ran(cast)
    assert (line.verdict, line.rows_bad, line.n) == ("unmet", 1, 3)
    page = run_page(cast.bob, monitor_named(cast.bob, "watch"))
    assert page.columns[0].verdict == "unmet"
    assert "age" in page.query
    assert "200" not in str([one.sentence for one in page.columns if one.kind == "id"])


def test_a_lacking_column_is_no_pass(cast: Cast) -> None:
    rules = {"columns": {"age": {"min": 0}}}
    watched(cast, "quality", csv("id", [(1,)]), settings={"rules": rules})
    assert ran(cast).verdict == "insufficient"


def test_the_weakest_segment_comes_first_and_is_recorded_as_an_evaluation(cast: Cast) -> None:
    chance = random.Random(1)
    rows = []
    for region, right in (("north", 0.95), ("south", 0.55)):
        for _ in range(300):
            label = chance.randint(0, 1)
            said = label if chance.random() < right else 1 - label
            rows.append((label, said, region))
    asked = {
        "label": "y",
        "prediction": "said",
        "by": ["region"],
        "floors": {"f1": 0.8},
        "options": {"metric": "f1"},
    }
    watched(cast, "segments", csv("y,said,region", rows), settings=asked)
    assert ran(cast).verdict == "unmet"
    segments = segments_weakest_first(cast.bob, monitor_named(cast.bob, "watch"))
    assert [(one.segment, one.verdict) for one in segments] == [
        ("region=south", "unmet"),
        ("region=north", "met"),
    ]
    assert Record.objects.filter(kind="evaluation", subject__name="scores").count() == 1


def test_a_look_reads_the_experiment_under_its_locked_plan(cast: Cast) -> None:
    chance = random.Random(2)
    rows = []
    for arm, rate in (("old", 0.1), ("new", 0.3)):
        rows += [(arm, int(chance.random() < rate)) for _ in range(1000)]
    watched(cast, "experiment", csv("arm,clicked", rows), subject="system:scorer")
    plan = {
        "variant": "arm",
        "control": "old",
        "split": {"old": 0.5, "new": 0.5},
        "metrics": ["clicked:proportion"],
    }
    set_trial(cast.bob, "watch", "More clicks?", plan, AT)
    lock_trial(cast.bob, "watch", AT)
    line = ran(cast)
    assert (line.word, line.verdict, line.n) == ("ship", "met", 2000)
    page = trial_page(cast.bob, "watch")
    effect = next(iter(page.series.values()))[0]
    assert effect is not None
    assert (effect.low or 0) > 0.1
    assert page.looks[0].sample_ratio is not None
    assert page.looks[0].sample_ratio["verdict"] == "met"


def test_a_canary_is_judged_against_its_control(cast: Cast) -> None:
    chance = random.Random(3)
    series = {
        name: csv(
            "metric,time,value", [("ms", k, round(chance.gauss(mean, 5), 3)) for k in range(60)]
        )
        for name, mean in (("control", 100), ("canary", 200))
    }
    control = a_table(cast, series["control"], "control.csv")
    watched(cast, "canary", series["canary"], more_tables={"control": control})
    line = ran(cast)
    assert line.verdict in ("met", "unmet")
    assert line.word in ("pass", "marginal", "fail")
    effects = run_page(cast.bob, monitor_named(cast.bob, "watch")).effects
    assert effects[0].metric == "ms"
    assert effects[0].treatment == pytest.approx(200, abs=3)


def test_options_that_an_analysis_does_not_know_are_said(cast: Cast) -> None:
    watched(cast, "drift", numbers(0), settings={"options": {"psi": 0.1}})
    reference_now(cast.bob, "watch", ReferenceDraft(), AT, AT)
    line = ran(cast)
    assert line.verdict == "error"
    assert "'psi'" in line.sentence


def test_a_model_that_learnt_by_heart_is_told_by_its_gap(cast: Cast) -> None:
    chance = random.Random(4)

    def answered(right: float) -> bytes:
        rows = []
        for number in range(600):
            label = chance.randint(0, 1)
            rows.append((number, label, label if chance.random() < right else 1 - label))
        return csv("id,y,said", rows)

    train = a_table(cast, answered(1.0), "train.csv")
    settings = {"label": "y", "prediction": "said", "metric": "f1"}
    watched(cast, "fit", answered(0.6), more_tables={"train": train}, settings=settings)
    line = ran(cast)
    assert (line.verdict, line.word) == ("unmet", "over")
    sides = {
        one.segment: one for one in run_page(cast.bob, monitor_named(cast.bob, "watch")).segments
    }
    assert sides["training"].value == 1.0
    assert (sides["gap"].low or 0) > 0.2


class TestConnections:
    def test_a_table_of_a_duckdb_file_is_read_below_an_allowed_folder(
        self, cast: Cast, tmp_path: Path, settings: object
    ) -> None:
        import duckdb

        with duckdb.connect(str(tmp_path / "lake.duckdb")) as lake:
            lake.execute("CREATE TABLE live AS SELECT 2.0 AS error FROM range(50)")
        settings.DATA_PATHS = [tmp_path.resolve()]  # type: ignore[attr-defined]
        set_connection(cast.mia, "lake", ConnectionDraft("duckdb", "lake.duckdb"), AT)
        a_project(cast)
        given = {
            "name": "Watch",
            "kind": "metric",
            "subject": "model:scores@3",
            "table": {"connection": "lake", "table": "live"},
            "settings": {"column": "error", "statistic": "mean", "at_most": 1.5},
        }
        add_monitor(cast.bob, "scores", "watch", given, AT)
        line = ran(cast)
        assert (line.verdict, line.value, line.n) == ("unmet", 2.0, 50)
        assert len(line.digest) == 64
        with pytest.raises(Conflict, match="reads 'lake'"):
            drop_connection(cast.mia, "lake", AT)

    def test_an_internal_database_is_not_called_unless_the_operator_names_it(
        self, cast: Cast
    ) -> None:
        draft = ConnectionDraft("postgres", "reader@127.0.0.1:5432/warehouse", "hunter2")
        held = set_connection(cast.mia, "house", draft, AT)
        assert held.has_secret
        a_project(cast)
        given = {
            "name": "Watch",
            "kind": "metric",
            "subject": "model:scores@3",
            "table": {"connection": "house", "table": "public.live"},
            "settings": {"statistic": "rows", "at_least": 1},
        }
        add_monitor(cast.bob, "scores", "watch", given, AT)
        line = ran(cast)
        assert line.verdict == "error"
        assert "HEADWAY_ALLOW_HOSTS=127.0.0.1:5432" in line.sentence
        assert "hunter2" not in line.sentence

    def test_another_host_drops_the_password(self, cast: Cast) -> None:
        first = ConnectionDraft("postgres", "reader@db.example.com/warehouse", "hunter2")
        set_connection(cast.mia, "house", first, AT)
        moved = ConnectionDraft("postgres", "reader@evil.example.com/warehouse")
        assert not set_connection(cast.mia, "house", moved, AT).has_secret
        with pytest.raises(Refused):
            set_connection(cast.bob, "house", first, AT)

    @pytest.mark.skipif(connection.vendor != "postgresql", reason="asks the suite's own PostgreSQL")
    def test_a_table_of_postgresql_is_asked_where_it_lies(
        self, cast: Cast, settings: object
    ) -> None:
        place = connection.settings_dict
        host, port = place["HOST"] or "127.0.0.1", int(place["PORT"] or 5432)
        settings.OUTBOUND_ALLOWED = f"{host}:{port}"  # type: ignore[attr-defined]
        address = f"{place['USER']}@{host}:{port}/{place['NAME']}"
        draft = ConnectionDraft("postgres", address, str(place["PASSWORD"]))
        set_connection(cast.mia, "own", draft, AT)
        a_project(cast)
        given = {
            "name": "Watch",
            "kind": "metric",
            "subject": "model:scores@3",
            # The tables' rows of this test are not committed: it sees none of them.
            "table": {"connection": "own", "table": "public.django_migrations"},
            "settings": {"statistic": "rows", "at_least": 1},
        }
        add_monitor(cast.bob, "scores", "watch", given, AT)
        line = ran(cast)
        assert (line.verdict, line.state) == ("met", "done"), line.sentence

    @pytest.mark.parametrize(
        ("kind", "address"),
        [
            ("postgres", "db.example.com/warehouse"),
            ("postgres", "me:secret@db.example.com/warehouse"),
            ("postgres", "me@2130706433/warehouse"),
            ("duckdb", "../lake.duckdb"),
            ("duckdb", "lake.sqlite"),
            ("oracle", "x"),
        ],
    )
    def test_an_address_that_is_none_is_refused_without_repeating_a_secret(
        self, cast: Cast, kind: str, address: str
    ) -> None:
        with pytest.raises(Invalid) as refused:
            set_connection(cast.mia, "x", ConnectionDraft(kind, address), AT)
        assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("bound", "said"),
    [
        ((0, 120), "0 to 120"),
        ((1, None), "at least 1"),
        ((None, 0.5), "at most 0.5"),
        (["DE", "FR"], "DE, FR"),
        (0.02, "0.02"),
        ("24h", "24h"),
    ],
)
def test_a_bound_is_said_as_people_read_it(bound: object, said: str) -> None:
    assert bound_words(bound) == said
