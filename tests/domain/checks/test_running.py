"""A run leaves evidence that is bound to what it looked at; silence and bad files are no pass."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from django.conf import settings
from tests.cast import AT, Cast
from tests.domain.checks.monitoring import DAY, HIGH, HOUR, LOW, a_monitor, a_project, a_run

from headway.domain.accounts.queries import headway_actor
from headway.domain.assessments.actions import refresh_assessments
from headway.domain.assessments.models import Shift
from headway.domain.assessments.queries import program_health
from headway.domain.checks.actions import (
    ask_due,
    ask_run,
    cancel_run,
    drain_checks,
    edit_monitor,
    keep_upload,
    remove_monitor,
    restore_monitor,
    run_now,
)
from headway.domain.checks.models import CheckRun, Monitor
from headway.domain.checks.queries import monitor_page, monitors_page, run_page, runs_of
from headway.domain.evidence.models import Record
from headway.domain.notices.actions import tell_shifts
from headway.domain.notices.models import Notice
from headway.domain.programs.queries import program_named
from headway.errors import Conflict, Invalid, NotFound, Refused

pytestmark = pytest.mark.django_db


class TestEvidence:
    def test_a_run_is_recorded_with_the_digest_of_its_data_the_version_and_the_commit(
        self, cast: Cast
    ) -> None:
        a_project(cast)
        a_monitor(cast)
        line = run_now(cast.bob, "live-error", AT + HOUR, AT + HOUR)
        assert (line.verdict, line.value, line.n) == ("met", pytest.approx(1.0), 3)
        record = Record.objects.get(sequence=line.record)
        payload = json.loads(record.payload)
        assert str(record.subject) == "model:scores@3"
        assert payload["dataset_digest"] == hashlib.sha256(LOW).hexdigest()
        assert payload["commit"] == "31fc361"
        assert payload["passed"] is True
        assert payload["run"] == "live-error/1"

    def test_a_bound_that_is_broken_names_value_and_bound(self, cast: Cast) -> None:
        a_project(cast)
        a_monitor(cast, HIGH)
        line = run_now(cast.bob, "live-error", AT, AT)
        assert line.verdict == "unmet"
        assert "5.1 ppm over 2 rows; at most 1.5" in line.sentence
        assert "1 null" in line.sentence

    def test_a_table_without_a_number_is_no_evidence(self, cast: Cast) -> None:
        a_project(cast)
        a_monitor(cast, b"error,other\n,1\n,2\n")
        line = run_now(cast.bob, "live-error", AT, AT)
        assert line.verdict in ("insufficient", "error")
        assert json.loads(Record.objects.get(sequence=line.record).payload)["passed"] is None

    def test_a_column_that_is_gone_is_said_and_recorded_as_no_evidence(self, cast: Cast) -> None:
        a_project(cast)
        a_monitor(cast, b"errors\n1\n")
        line = run_now(cast.bob, "live-error", AT, AT)
        assert (line.state, line.verdict) == ("failed", "error")
        assert "Did you mean 'errors'?" in line.sentence
        record = Record.objects.get(sequence=line.record)
        assert json.loads(record.payload)["passed"] is None

    def test_a_file_that_is_gone_is_no_evidence(self, cast: Cast) -> None:
        a_project(cast)
        monitor = a_monitor(cast)
        (Path(settings.HOME) / "tables" / f"{monitor.table['upload']}.csv").unlink()
        line = run_now(cast.bob, "live-error", AT, AT)
        assert line.verdict == "error"
        assert "upload it again" in line.sentence


class TestShifts:
    def test_two_bad_runs_make_one_shift_and_one_notice_for_each_who_answers(
        self, cast: Cast
    ) -> None:
        a_project(cast)
        a_monitor(cast)
        for place, verdict in enumerate(["met", "unmet", "unmet", "unmet"]):
            a_run(cast, verdict, AT + place * HOUR)
            refresh_assessments(cast.alice, "fraud", AT + place * HOUR)
        mine = Shift.objects.filter(criterion="monitor:live-error").order_by("at")
        assert [shift.new_verdict for shift in mine] == ["met", "unmet"]
        assert "2 runs in a row" in mine[1].sentence
        tell_shifts(headway_actor(cast.acme.id), AT + 4 * HOUR)
        told = Notice.objects.filter(sentence__contains="Live error")
        assert {notice.member_id for notice in told} == {cast.alice.member_id, cast.mia.member_id}
        assert told.count() == 2

    def test_alternating_runs_do_not_flood(self, cast: Cast) -> None:
        a_project(cast)
        a_monitor(cast, subject="dataset:scores-live@1", kind="metric")
        for place in range(12):
            moment = AT + place * HOUR
            a_run(cast, "unmet" if place % 2 else "met", moment)
            refresh_assessments(cast.alice, "fraud", moment)
        assert Shift.objects.filter(criterion="monitor:live-error").count() == 1
        # The dimension reads the same records, and does not flap either.
        data = Shift.objects.filter(dimension="data", criterion="", project__isnull=False)
        assert data.count() == 1

    def test_a_run_without_rows_makes_nothing_good(self, cast: Cast) -> None:
        a_project(cast)
        a_monitor(cast)
        a_run(cast, "met", AT)
        a_run(cast, "insufficient", AT + HOUR)
        a_run(cast, "met", AT + 2 * HOUR)
        line = monitors_page(cast.bob, AT + 2 * HOUR)[0]
        assert line.verdict.verdict == "insufficient"

    def test_a_monitor_that_does_not_run_goes_stale(self, cast: Cast) -> None:
        a_project(cast)
        a_monitor(cast, rhythm={"hours": 24})
        a_run(cast, "met", AT)
        assert monitors_page(cast.bob, AT + DAY)[0].verdict.verdict == "met"
        assert monitors_page(cast.bob, AT + 3 * DAY)[0].verdict.verdict == "stale"

    def test_a_monitor_that_never_ran_is_missing(self, cast: Cast) -> None:
        a_project(cast)
        a_monitor(cast)
        health = program_health(cast.bob, program_named(cast.bob, "fraud"), AT)
        assert [verdict.verdict for _, verdict in health.projects[0].monitors] == ["missing"]

    def test_as_of_an_earlier_day_the_later_alert_is_not_known(self, cast: Cast) -> None:
        a_project(cast)
        a_monitor(cast)
        for place, verdict in enumerate(["met", "unmet", "unmet"]):
            a_run(cast, verdict, AT + place * DAY)
        then = AT + DAY
        assert monitors_page(cast.bob, then, known_at=then)[0].verdict.verdict == "met"
        assert monitors_page(cast.bob, AT + 2 * DAY)[0].verdict.verdict == "unmet"


class TestJobs:
    def test_the_worker_does_a_due_run_in_a_process_of_its_own(self, cast: Cast) -> None:
        """Only what is due is asked for, and asking twice asks once."""
        a_project(cast)
        a_monitor(cast, rhythm={"hours": 24})
        house = headway_actor(cast.acme.id)
        assert ask_due(house, AT) == 1
        assert ask_due(house, AT + HOUR) == 0
        assert CheckRun.objects.get().cause == "due"

    def test_a_run_whose_process_ends_without_a_word_is_given_up_as_no_evidence(
        self, cast: Cast
    ) -> None:
        a_project(cast)
        a_monitor(cast)
        a_run(cast, "met", AT)
        ask_run(cast.bob, "live-error", AT + HOUR, AT + HOUR)
        drain_checks(AT + HOUR, runner=("true",))
        lost = CheckRun.objects.get(number=2)
        assert (lost.state, lost.verdict, lost.stand) == ("failed", "error", "unknown")
        assert monitors_page(cast.bob, AT + HOUR)[0].verdict.verdict == "insufficient"

    def test_a_cancelled_run_says_nothing(self, cast: Cast) -> None:
        a_project(cast)
        a_monitor(cast)
        line = ask_run(cast.bob, "live-error", AT, AT)
        cancel_run(cast.bob, "live-error", line.number, AT, AT)
        assert drain_checks(AT) == 0
        assert monitors_page(cast.bob, AT)[0].last is None
        assert Record.objects.filter(kind="check").count() == 0

    def test_asking_twice_is_one_run(self, cast: Cast) -> None:
        a_project(cast)
        a_monitor(cast)
        first = ask_run(cast.bob, "live-error", AT, AT)
        assert ask_run(cast.mia, "live-error", AT, AT).id == first.id


class TestSetting:
    def test_a_monitor_is_changed_removed_and_put_back(self, cast: Cast) -> None:
        a_project(cast)
        made = a_monitor(cast)
        edited = edit_monitor(cast.bob, "live-error", {"alert_after": 3}, AT, version=made.version)
        with pytest.raises(Conflict, match="changed since"):
            edit_monitor(cast.bob, "live-error", {"alert_after": 4}, AT, version=made.version)
        remove_monitor(cast.bob, "live-error", AT + HOUR)
        assert monitors_page(cast.bob, AT + HOUR) == []
        back = restore_monitor(cast.bob, "live-error", edited.version, AT + 2 * HOUR)
        assert (back.id, back.alert_after) == (made.id, 3)
        assert len(monitors_page(cast.bob, AT, known_at=AT + HOUR / 2)) == 1

    def test_a_viewer_may_look_and_not_touch(self, cast: Cast) -> None:
        a_project(cast)
        a_monitor(cast)
        assert monitor_page(cast.vera, "live-error", AT).line.monitor.key == "live-error"
        with pytest.raises(Refused):
            ask_run(cast.vera, "live-error", AT, AT)
        with pytest.raises(NotFound):
            monitor_page(cast.charlie, "live-error", AT)

    def test_what_its_evidence_is_about_does_not_change_below_it(self, cast: Cast) -> None:
        a_project(cast)
        a_monitor(cast)
        a_run(cast, "met", AT)
        with pytest.raises(Conflict, match="a monitor of its own"):
            edit_monitor(cast.bob, "live-error", {"subject": "model:scores@4"}, AT)

    @pytest.mark.parametrize(
        ("values", "said"),
        [
            ({"kind": "fit", "settings": {"label": "y", "metric": "auc"}}, "'train'"),
            ({"settings": {"column": "error", "statistic": "mean"}}, "bound"),
            ({"settings": {"statistic": "mean", "at_most": 1}}, "needs the column"),
            ({"settings": {"columns": ["a"]}}, "no field 'columns'"),
            ({"subject": "run:x"}, "watches one of"),
            ({"table": {"path": "../../etc/passwd.csv"}}, "leaves the folders"),
            ({"table": {"path": "/etc/shadow.csv"}}, "leaves the folders"),
            ({"rhythm": {"hours": 24, "days": ["mon"]}}, "both"),
            ({"alert_after": 0}, "from 1"),
        ],
    )
    def test_a_monitor_that_could_not_run_is_refused_in_words(
        self, cast: Cast, values: dict[str, object], said: str
    ) -> None:
        a_project(cast)
        with pytest.raises(Invalid, match=said):
            a_monitor(cast, **values)

    def test_the_same_file_is_kept_once_and_readable_by_us_only(self, cast: Cast) -> None:
        first = keep_upload(cast.bob, LOW, "live.csv", AT)
        assert keep_upload(cast.mia, LOW, "live.csv", AT).id == first.id
        kept = Path(settings.HOME) / "tables" / f"{first.id}.csv"
        assert kept.stat().st_mode & 0o077 == 0

    @pytest.mark.parametrize(
        ("data", "name", "said"),
        [
            (b"", "a.csv", "is empty"),
            (b"x", "a.exe", "does not end in"),
            (b"x", "../../a.pkl", "does not end in"),
        ],
    )
    def test_what_is_no_table_is_not_kept(
        self, cast: Cast, data: bytes, name: str, said: str
    ) -> None:
        with pytest.raises(Invalid, match=said):
            keep_upload(cast.bob, data, name, AT)

    def test_a_path_is_read_only_below_a_folder_of_the_operators(
        self, cast: Cast, tmp_path: Path, settings: object
    ) -> None:
        a_project(cast)
        inside, outside = tmp_path / "in", tmp_path / "out"
        inside.mkdir()
        outside.mkdir()
        (outside / "secret.csv").write_bytes(LOW)
        (inside / "link.csv").symlink_to(outside / "secret.csv")
        (inside / "live.csv").write_bytes(LOW)
        with pytest.raises(Refused, match="HEADWAY_DATA_PATHS"):
            a_monitor(cast, table={"path": "live.csv"})
        settings.DATA_PATHS = [inside.resolve()]  # type: ignore[attr-defined]
        with pytest.raises(Refused, match="leads out"):
            a_monitor(cast, table={"path": "link.csv"})
        a_monitor(cast, table={"path": "live.csv"})
        line = run_now(cast.bob, "live-error", AT, AT)
        assert line.digest == hashlib.sha256(LOW).hexdigest()


def test_a_run_page_tells_what_was_held_against_what(cast: Cast) -> None:
    a_project(cast)
    held = a_monitor(cast)
    run_now(cast.bob, "live-error", AT, AT)
    page = run_page(cast.bob, held)
    assert page.line.rule == "mean of error ≤ 1.5"
    assert [line.number for line in runs_of(cast.bob, held)] == [1]
    assert Monitor.objects.get().runs.count() == 1
