"""Pages of monitors: how they stand, what a run saw, forms that keep what was typed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import AT, Cast
from tests.domain.checks.monitoring import DAY, LOW, a_monitor, a_project, a_run
from tests.doors import browser_of

from headway.domain.accounts.queries import headway_actor
from headway.domain.checks.actions import add_monitor, ask_run, lock_trial, set_trial
from headway.domain.checks.actions.recording import keep_result
from headway.domain.checks.models import CheckRun, Monitor
from headway.domain.checks.queries import monitor_named, retraining_proposals, trial_of
from headway.domain.checks.rules import (
    ColumnResult,
    Distribution,
    EffectResult,
    RunResult,
    SegmentResult,
)

HERE = "/w/acme/systems/"
PLAN = {
    "variant": "arm",
    "control": "old",
    "split": {"old": 0.5, "new": 0.5},
    "metrics": [{"column": "sold", "kind": "proportion"}],
}


@pytest.fixture(autouse=True)
def fraud(cast: Cast) -> None:
    a_project(cast)


def text_of(cast: Cast, path: str = "", who: str = "bob") -> str:
    answer = browser_of(getattr(cast, who)).get(HERE + path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def watch(cast: Cast, key: str, kind: str, **values: object) -> None:
    given = {"name": key.title(), "kind": kind, "subject": "model:scores@3", **values}
    add_monitor(cast.bob, "scores", key, given, AT)


def say(cast: Cast, key: str, result: RunResult, days: int = 0) -> None:
    at = AT + timedelta(days=days)
    row = CheckRun.objects.get(id=ask_run(cast.bob, key, at, at).id)
    monitor = Monitor.objects.get(key=key)
    keep_result(headway_actor(monitor.workspace_id), monitor, row, result, at)


class TestTheList:
    def test_an_empty_page_teaches(self, cast: Cast) -> None:
        assert "Add the first monitor" in text_of(cast)
        text = text_of(cast, who="vera")
        assert "Nobody has set up a monitor yet." in text
        assert "new-monitor" not in text

    def test_alerts_come_first_and_the_answer_counts_them(self, cast: Cast) -> None:
        a_monitor(cast)
        watch(cast, "quiet", "metric", settings={"statistic": "rows", "at_least": 1})
        watch(cast, "calm", "metric", settings={"statistic": "rows", "at_least": 1})
        for step in range(2):
            a_run(cast, "unmet", AT + step * DAY)
            a_run(cast, "met", AT + step * DAY, key="calm")
        text = text_of(cast)
        assert "1 monitor alerts, 1 has not run yet; 1 of 3 is quiet." in text
        assert text.index("Live error") < text.index(">Quiet<") < text.index(">Calm<")
        assert 'aria-label="Oldest first: unmet, unmet"' in text

    def test_the_queries_do_not_grow_with_the_monitors(self, cast: Cast) -> None:
        settings = {"statistic": "rows", "at_least": 1}
        counts = []
        for batch in ("a", "b"):
            for number in range(2):
                watch(cast, f"{batch}{number}", "metric", settings=settings)
                a_run(cast, "met", AT, key=f"{batch}{number}")
            browser = browser_of(cast.bob)
            browser.get(HERE)
            with CaptureQueriesContext(
                connection,
            ) as seen:
                browser.get(HERE)
            counts.append(len(seen))
        assert counts[0] == counts[1] <= 25


class TestOneMonitor:
    def test_drift_is_drawn_over_time_and_opens_its_columns(self, cast: Cast) -> None:
        watch(cast, "live", "drift")
        for day, share in ((0, 0.01), (1, 0.3)):
            verdict = "unmet" if share > 0.1 else "met"
            column = ColumnResult(
                "amount / day", "number", verdict, "KS", share, 0.1, "KS ≤ 0.1", 500, 0.02,
                sentence=f"amount moved by {share}.",
            )  # fmt: skip
            picture = Distribution("amount / day", ["low", "high"], [0.5, 0.5], [0.2, 0.8])
            found = RunResult(
                verdict, f"{verdict}: amount.", "BH", share, 0.1, 500, word="drifted",
                columns=[column], distributions=[picture], query="SELECT 1",
            )  # fmt: skip
            say(cast, "live", found, day)
        text = text_of(cast, "monitors/live/")
        assert "amount / day drifts; amount / day since" in text
        assert "monitors/live/column/?name=amount%20/%20day&amp;run=2" in text
        page = text_of(cast, "monitors/live/column/?name=amount%20/%20day")
        assert "amount moved by 0.3." in page
        assert "80.0 %" in page
        assert "Coloured: current, 500 rows." in page
        assert "not kept any more" not in page
        run = text_of(cast, "monitors/live/runs/1/")
        assert "SELECT 1" in run
        assert "BH" in run

    def test_segments_stand_weakest_first_with_their_floor(self, cast: Cast) -> None:
        settings = {"label": "y", "score": "s", "by": ["country"], "floors": {"auc": 0.8}}
        watch(cast, "parts", "segments", settings=settings)
        parts = [
            SegmentResult("country=DE", "auc", 0.9, 500, 0.88, 0.92, 0.02, "met"),
            SegmentResult("country=PL", "auc", 0.6, 90, 0.5, 0.7, -0.28, "unmet"),
        ]
        say(cast, "parts", RunResult("unmet", "PL is weak.", "floor", segments=parts))
        text = text_of(cast, "monitors/parts/")
        assert "1 of 2 segments is below 0.800; the weakest is country=PL at 0.600." in text

    def test_a_number_is_drawn_against_its_bound(self, cast: Cast) -> None:
        a_monitor(cast)
        a_run(cast, "met", AT)
        a_run(cast, "unmet", AT + DAY)
        text = text_of(cast, "monitors/live-error/")
        assert "Live error is 1.000, at most 1.500" in text
        assert "No alert yet: 1 of 2 bad runs in a row." in text

    def test_a_reader_sees_no_button(self, cast: Cast) -> None:
        a_monitor(cast)
        text = text_of(cast, "monitors/live-error/", "vera")
        assert "Run now" not in text
        assert "/edit/" not in text

    def test_a_run_is_asked_for_watched_and_cancelled(self, cast: Cast) -> None:
        a_monitor(cast)
        browser = browser_of(cast.bob)
        assert browser.post(HERE + "monitors/live-error/run/").status_code == 302
        text = text_of(cast, "monitors/live-error/")
        assert "Waiting for the worker." in text
        assert "Run now" not in text
        part = browser.get(HERE + "monitors/live-error/runs/1/progress/").content.decode()
        assert 'hx-trigger="every 1s"' in part
        browser.post(HERE + "monitors/live-error/runs/1/cancel/")
        assert CheckRun.objects.get().state == "cancelled"

    def test_an_unknown_monitor_run_or_column_is_not_there(self, cast: Cast) -> None:
        a_monitor(cast)
        browser = browser_of(cast.bob)
        for path in ("nothing/", "live-error/runs/7/", "live-error/column/?name=x"):
            assert browser.get(f"{HERE}monitors/{path}").status_code == 404, path


class TestForms:
    def test_each_kind_is_offered_with_its_question(self, cast: Cast) -> None:
        text = text_of(cast, "new-monitor/")
        assert text.count("new-monitor/") >= 7
        for kind in ("quality", "drift", "segments", "fit", "experiment", "canary", "metric"):
            assert text_of(cast, f"new-monitor/{kind}/")

    def test_a_monitor_is_added_with_its_file_and_changed_back(self, cast: Cast) -> None:
        browser = browser_of(cast.bob)
        values = {
            "project": "scores", "key": "live", "name": "Live", "subject": "model:scores@3",
            "file": SimpleUploadedFile("live.csv", LOW), "set_column": "error",
            "set_statistic": "mean", "set_at_most": "1.5", "rhythm": "mon,thu 06:00",
            "alert_after": "3", "clear_after": "2", "is_enabled": "on",
        }  # fmt: skip
        assert browser.post(HERE + "new-monitor/metric/", values).status_code == 302
        held = monitor_named(cast.bob, "live")
        assert "upload" in held.table
        assert held.settings["at_most"] == 1.5
        assert held.turns.words() == "mon, thu at 06:00 UTC"
        text = text_of(cast, "monitors/live/edit/")
        assert 'value="mon,thu 06:00"' in text
        changed = {
            "name": "Live error", "table": f"upload: {held.table['upload']}", "rhythm": "24",
            "alert_after": "3", "clear_after": "2", "set_column": "error",
            "set_statistic": "mean", "set_at_most": "2", "version": "1", "is_enabled": "on",
        }  # fmt: skip
        assert browser.post(HERE + "monitors/live/edit/", changed).status_code == 302
        assert monitor_named(cast.bob, "live").settings["at_most"] == 2
        assert browser.post(HERE + "monitors/live/edit/", changed).status_code == 409
        browser.post(HERE + "monitors/live/restore/1/")
        assert monitor_named(cast.bob, "live").settings["at_most"] == 1.5
        assert browser.post(HERE + "monitors/live/remove/").status_code == 302
        assert "Nothing is watched yet." in text_of(cast)

    @pytest.mark.parametrize(
        ("kind", "values", "said"),
        [
            ("metric", {"set_statistic": "mean", "set_column": "a"}, "held against a bound"),
            ("segments", {"set_by": "c"}, "The label is empty; write one."),
            ("segments", {"set_label": "y", "set_by": "c", "set_floors": "auc"}, "names no floor"),
            ("quality", {"set_rules": "rows: [1"}, "Rules"),
            ("quality", {"set_rules": "rows: {min: 1}\nrows: {min: 2}"}, "twice"),
            ("fit", {"set_label": "y", "set_metric": "auc"}, "second table"),
            ("drift", {"table": "../secrets.csv"}, "leaves the folders"),
            ("drift", {"rhythm": "someday"}, "is no day of the week"),
        ],
    )
    def test_what_makes_no_sense_is_said_and_the_rest_kept(
        self, cast: Cast, kind: str, values: dict[str, str], said: str
    ) -> None:
        given = {"project": "scores", "key": "k", "name": "A name", "subject": "model:scores@3"}
        answer = browser_of(cast.bob).post(f"{HERE}new-monitor/{kind}/", {**given, **values})
        assert answer.status_code == 422
        text = answer.content.decode()
        assert said in text
        assert 'value="A name"' in text

    def test_a_folder_that_nobody_opened_is_said_above_the_form(self, cast: Cast) -> None:
        given = {"project": "scores", "key": "k", "name": "A", "subject": "model:scores@3"}
        values = {**given, "table": "live.csv", "alert_after": "2", "clear_after": "2"}
        answer = browser_of(cast.bob).post(HERE + "new-monitor/drift/", values)
        assert answer.status_code == 422
        assert "HEADWAY_DATA_PATHS" in answer.content.decode()

    def test_rules_are_kept_as_they_were_written(self, cast: Cast) -> None:
        rules = "columns:\n  country: {in: [NO, 'on', 1:30], nulls: 0.02}\n"
        given = {
            "project": "scores", "key": "rules", "name": "Rules", "subject": "dataset:live",
            "set_rules": rules, "alert_after": "2", "clear_after": "2",
            "file": SimpleUploadedFile("live.csv", LOW),
        }  # fmt: skip
        browser_of(cast.bob).post(HERE + "new-monitor/quality/", given)
        country = monitor_named(cast.bob, "rules").settings["rules"]["columns"]["country"]
        assert country == {"in": ["NO", "on", "1:30"], "nulls": 0.02}

    def test_an_unknown_kind_is_refused(self, cast: Cast) -> None:
        assert browser_of(cast.bob).get(HERE + "new-monitor/magic/").status_code == 400


class TestExperiments:
    def test_a_plan_is_written_locked_amended_and_decided(self, cast: Cast) -> None:
        watch(cast, "ranking", "experiment")
        browser, page = browser_of(cast.bob), HERE + "monitors/ranking/"
        plan = {
            "question": "Does it sell more?", "variant": "arm", "control": "old",
            "split": "old=0.5, new=0.5", "method": "sequential", "alpha": "0.05",
            "metrics": "sold:proportion\nspend covariate before\nslow decrease margin 0.02",
        }  # fmt: skip
        assert browser.post(page + "plan/", plan | {"metrics": "sold:what"}).status_code == 422
        assert browser.post(page + "plan/", plan).status_code == 302
        held = trial_of(cast.bob, monitor_named(cast.bob, "ranking"))
        assert [one["column"] for one in held.plan["metrics"]] == ["sold", "spend", "slow"]
        assert held.plan["metrics"][2] == {
            "kind": "mean", "direction": "decrease", "column": "slow", "margin": 0.02
        }  # fmt: skip
        assert "slow decrease margin 0.02" in text_of(cast, "monitors/ranking/plan/")
        browser.post(page + "lock/")
        say_look(cast, "keep running")
        amended = {**plan, "alpha": "0.01", "reason": "Two metrics were added."}
        del amended["question"]
        assert browser.post(page + "amend/", amended).status_code == 302
        text = text_of(cast, "monitors/ranking/")
        assert "After 1 look: Two metrics were added." in text
        assert "<dt>Guardrails</dt><dd>slow decrease margin 0.02</dd>" in text
        assert '<td data-label="It says">keep running</td>' in text
        owner = browser_of(cast.mia)
        answer = owner.post(page + "decide/", {"decision": "ship", "reason": ""})
        assert "write why you decide" in answer.content.decode()
        owner.post(page + "decide/", {"decision": "ship", "reason": "It is safe."})
        assert "which said “keep running”" in text_of(cast, "monitors/ranking/")

    @pytest.mark.parametrize(
        "metrics", ["sold:proportion", ["sold:proportion"], [{"column": "sold"}]]
    )
    @pytest.mark.parametrize("split", ["50/50", [0.5, 0.5], {"old": 0.5, "new": 0.5}, None])
    def test_a_plan_that_a_file_wrote_in_few_words_is_shown_and_edited(
        self, cast: Cast, metrics: object, split: object
    ) -> None:
        watch(cast, "ranking", "experiment")
        plan = {"variant": "arm", "control": "old", "metrics": metrics, "split": split}
        set_trial(cast.bob, "ranking", "Better?", plan, AT)
        assert "Better?" in text_of(cast, "monitors/ranking/")
        assert ">\nsold" in text_of(cast, "monitors/ranking/plan/")
        lock_trial(cast.bob, "ranking", AT)
        say_look(cast, "ship")
        assert "sold is better" in text_of(cast, "monitors/ranking/")

    def test_the_effect_is_drawn_over_the_looks(self, cast: Cast) -> None:
        watch(cast, "ranking", "experiment")
        set_trial(cast.bob, "ranking", "Better?", PLAN, AT)
        assert "Not locked yet" in text_of(cast, "monitors/ranking/")
        lock_trial(cast.bob, "ranking", AT)
        for day in range(3):
            say_look(cast, "ship", day)
        text = text_of(cast, "monitors/ranking/")
        assert "sold is better: 0.0200 (0.0100 to 0.0300) after 3 looks and 200 units." in text
        assert "The split is as planned." in text


def say_look(cast: Cast, word: str, day: int = 0) -> None:
    effect = EffectResult("sold", 0.1, 0.12, 0.02, 0.2, 0.01, 0.03, 0.001, 100, 100)
    ratio = {"p": 0.4, "verdict": "met", "sentence": "The split is as planned."}
    found = RunResult(
        "met", "It is better.", "always valid", 0.02, word=word, n=200, effects=[effect],
        sample_ratio=ratio,
    )  # fmt: skip
    say(cast, "ranking", found, day)


class TestRetraining:
    def alert(self, cast: Cast) -> str:
        a_monitor(cast)
        for step in range(2):
            a_run(cast, "unmet", AT + step * DAY)
        return retraining_proposals(cast.bob)[0].key

    def test_a_proposal_becomes_work(self, cast: Cast) -> None:
        key = self.alert(cast)
        assert "Train anew?" in text_of(cast)
        answer = browser_of(cast.bob).post(f"{HERE}retraining/{key}/accept/")
        assert answer.status_code == 302
        assert "/projects/scores/items/" in answer["Location"]
        assert browser_of(cast.bob).get(answer["Location"]).status_code == 200
        assert "Accepted" in text_of(cast)

    def test_a_no_needs_its_reason_and_can_be_taken_back(self, cast: Cast) -> None:
        key = self.alert(cast)
        browser = browser_of(cast.bob)
        path = f"{HERE}retraining/{key}/dismiss/"
        assert browser.post(path, {"reason": ""}).status_code == 422
        browser.post(path, {"reason": "The sensor was cleaned."})
        assert "The sensor was cleaned." in text_of(cast)
        browser.post(f"{HERE}retraining/{key}/reopen/")
        assert retraining_proposals(cast.bob)[0].is_open
