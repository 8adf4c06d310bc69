"""Nothing is missed and nothing comes twice: against a real MLflow server."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from tests.connectors.mlflow.book import AT, Bench, Book, ms

from headway.connectors.base import Batch
from headway.connectors.mlflow.connector import MlflowConnector
from headway.errors import SourceError

pytestmark = [pytest.mark.mlflow, pytest.mark.xdist_group("mlflow")]

DAY = 86_400_000


def as_server(run: dict[str, object]) -> tuple[object, ...]:
    """Return what must agree of a run as the server shows it."""
    info, data = run["info"], run["data"]
    assert isinstance(info, dict)
    assert isinstance(data, dict)
    metrics = {row["key"]: row["value"] for row in data.get("metrics", [])}
    tags = {row["key"]: row["value"] for row in data.get("tags", [])}
    return (info["status"], info["lifecycle_stage"] == "deleted", metrics, tags.get("note"))


def as_known(run: object) -> tuple[object, ...]:
    """Return what must agree of a run as the book knows it."""
    assert isinstance(run, dict)
    return (run["status"].upper(), run["deleted"], run["metrics"], run["tags"].get("note"))


def assert_equals_truth(book: Book, bench: Bench, experiments: list[str]) -> None:
    truth = {run_id: as_server(run) for run_id, run in bench.truth(experiments).items()}
    assert {run_id: as_known(run) for run_id, run in book.runs().items()} == truth


def test_every_run_of_every_experiment_comes_once(bench: Bench) -> None:
    experiments = [bench.experiment(f"e{number}") for number in range(3)]
    for number in range(15):
        bench.finished(experiments[number % 3], ms(2025) + (number // 4) * DAY, score=number / 15)
    book = Book()
    with bench.connecting(page_size=3) as connector:
        assert book.sync(connector) == 15
        assert_equals_truth(book, bench, experiments)
        assert book.sync(connector) == 0
        assert book.sync(connector, sweep=True) == 0
        book.cursor = None
        assert book.sync(connector) == 0
    assert book.refused == []


def test_runs_that_start_at_the_same_moment_are_all_found(bench: Bench) -> None:
    experiment = bench.experiment()
    for _ in range(7):
        bench.finished(experiment, ms(2025))
    bench.finished(experiment, ms(2024))
    for page_size in (1, 3):
        book = Book()
        with bench.connecting(page_size=page_size) as connector:
            assert book.sync(connector) == 8


def test_an_old_cursor_brings_no_duplicate(bench: Bench) -> None:
    experiment = bench.experiment()
    book = Book()
    with bench.connecting(page_size=2) as connector:
        cursors = []
        for day in range(5):
            bench.finished(experiment, ms(2025) + day * DAY)
            book.sync(connector)
            cursors.append(book.cursor)
        for cursor in cursors:
            book.cursor = cursor
            assert book.sync(connector) == 0
    assert len(book.kept) == 5


def test_a_run_that_finishes_late_is_read_again(bench: Bench) -> None:
    experiment = bench.experiment()
    slow = bench.start(experiment, ms(2024))
    bench.finished(experiment, ms(2025, 6))
    book = Book()
    with bench.connecting() as connector:
        book.sync(connector)
        assert book.runs()[slow]["status"] == "running"
        assert book.runs()[slow]["ended_at"] is None
        bench.end(slow, ms(2024, 2), "FAILED")
        assert book.sync(connector, AT + timedelta(days=1)) == 1
    assert book.runs()[slow]["status"] == "failed"


def test_a_finished_run_that_ends_anew_is_found_by_its_end(bench: Bench) -> None:
    experiment = bench.experiment()
    old = bench.finished(experiment, ms(2024))
    bench.finished(experiment, ms(2025, 6))
    book = Book()
    with bench.connecting() as connector:
        book.sync(connector)
        bench.log(old, ms(2026, 3, 2), score=0.75)
        bench.end(old, ms(2026, 3, 2))
        assert book.sync(connector, AT + timedelta(days=2)) == 1
    assert book.runs()[old]["metrics"] == {"score": 0.75}


def test_a_reopened_run_is_open_until_it_ends(bench: Bench) -> None:
    experiment = bench.experiment()
    run_id = bench.finished(experiment, ms(2025, 6))
    book = Book()
    with bench.connecting() as connector:
        book.sync(connector)
        bench.server.post("runs/update", run_id=run_id, status="RUNNING")
        assert book.sync(connector, sweep=True) == 1
        assert book.runs()[run_id]["ended_at"] is None
        assert book.sync(connector) == 0
        bench.end(run_id, ms(2025, 7))
        assert book.sync(connector) == 1


def test_a_tag_changed_after_the_end_is_found_by_the_sweep_only(bench: Bench) -> None:
    experiment = bench.experiment()
    old = bench.finished(experiment, ms(2024), score=0.5)
    bench.finished(experiment, ms(2025, 6))
    book = Book()
    with bench.connecting() as connector:
        book.sync(connector)
        bench.tag(old, "note", "labels were wrong")
        assert book.sync(connector) == 0
        assert book.sync(connector, sweep=True) == 1
        assert book.sync(connector, sweep=True) == 0
    assert book.runs()[old]["tags"] == {"note": "labels were wrong"}


def test_a_run_imported_with_old_times_is_found_by_the_sweep(bench: Bench) -> None:
    experiment = bench.experiment()
    bench.finished(experiment, ms(2025, 6))
    book = Book()
    with bench.connecting() as connector:
        book.sync(connector)
        bench.finished(experiment, ms(2020))
        assert book.sync(connector) == 0
        assert book.sync(connector, sweep=True) == 1


def test_a_deleted_run_becomes_a_tombstone_and_may_return(bench: Bench) -> None:
    experiment = bench.experiment()
    run_id = bench.finished(experiment, ms(2024), score=0.5)
    bench.finished(experiment, ms(2025, 6))
    book = Book()
    with bench.connecting() as connector:
        book.sync(connector)
        bench.server.post("runs/delete", run_id=run_id)
        assert (book.sync(connector), book.tombstoned) == (1, 1)
        assert book.runs()[run_id]["deleted"] is True
        assert book.runs()[run_id]["metrics"] == {"score": 0.5}
        assert (book.sync(connector), book.tombstoned) == (0, 1)
        bench.server.post("runs/restore", run_id=run_id)
        assert (book.sync(connector), book.tombstoned) == (1, 1)
    assert book.runs()[run_id]["deleted"] is False


def test_the_runs_of_a_deleted_experiment_become_tombstones(bench: Bench) -> None:
    experiment = bench.experiment()
    runs = [bench.finished(experiment, ms(2024, month)) for month in range(1, 4)]
    book = Book()
    with bench.connecting() as connector:
        book.sync(connector)
        bench.server.post("experiments/delete", experiment_id=experiment)
        assert (book.sync(connector), book.tombstoned) == (3, 3)
    assert all(book.runs()[run_id]["deleted"] for run_id in runs)


def test_runs_that_come_and_go_while_pages_are_read_push_no_other_away(bench: Bench) -> None:
    experiment = bench.experiment()
    runs = [bench.finished(experiment, ms(2025) + number * DAY) for number in range(12)]
    book = Book()
    with bench.connecting(page_size=3) as connector:
        for number, batch in enumerate(connector.read(None, at=AT)):
            book.keep(batch)
            if number in {1, 2, 3}:
                bench.server.post("runs/delete", run_id=runs[number])
                bench.finished(experiment, ms(2025) + number * DAY + 1)
        assert set(runs) <= book.runs().keys()
        book.sync(connector, sweep=True)
    assert_equals_truth(book, bench, [experiment])


def test_a_run_that_claims_to_start_in_the_future_hides_no_later_one(bench: Bench) -> None:
    experiment = bench.experiment()
    bench.finished(experiment, ms(2190))
    book = Book()
    with bench.connecting() as connector:
        book.sync(connector)
        run_id = bench.start(experiment, ms(2026, 3, 1, 13))
        book.sync(connector, AT + timedelta(hours=3))
    assert run_id in book.runs()


def test_a_run_without_a_start_is_read(bench: Bench) -> None:
    experiment = bench.experiment()
    run_id = bench.start(experiment, 0)
    book = Book()
    with bench.connecting() as connector:
        assert book.sync(connector) == 1
        bench.finished(experiment, ms(2025))
        assert book.sync(connector) == 1
    assert book.runs()[run_id]["started_at"] is None


def test_an_experiment_chosen_later_is_read_from_its_start(bench: Bench) -> None:
    for letter in "ab":
        bench.finished(bench.experiment(letter), ms(2024))
    book = Book()
    with bench.connecting(experiments=[f"{bench.name}a"]) as connector:
        assert book.sync(connector) == 1
    with bench.connecting() as connector:
        assert book.sync(connector) == 1


def test_two_servers_with_the_same_runs_stay_apart(bench: Bench) -> None:
    bench.finished(bench.experiment(), ms(2025))
    book = Book()
    for name in ("lab", "plant"):
        book.cursor = None
        with bench.connecting(name=name) as connector:
            assert book.sync(connector) == 1
    assert {item.subject.partition("/")[0] for item in book.kept} == {"run:lab", "run:plant"}
    assert {item.source for item in book.kept} == {"mlflow:lab", "mlflow:plant"}


def test_a_sweep_goes_on_where_it_was_interrupted(bench: Bench) -> None:
    experiments = [bench.experiment(letter) for letter in "abc"]
    for number in range(12):
        bench.finished(experiments[number % 3], ms(2025) + number * DAY)
    book = Book()
    with bench.connecting(page_size=2) as connector:
        book.sync(connector)
        for run_id in bench.truth(experiments):
            bench.tag(run_id, "note", "changed")
        read_some(book, connector, batches=5, sweep=True)
        swept_before = len(book.kept)
        assert swept_before > 12
        cursor = book.cursor
        assert cursor is not None
        assert cursor["sweep"] is not None
        assert book.sync(connector, sweep=True) == 24 - swept_before
        assert book.already_known <= 12 + 24
        assert_equals_truth(book, bench, experiments)
        assert book.cursor is not None
        assert book.cursor["sweep"] is None


def read_some(book: Book, connector: MlflowConnector, *, batches: int, sweep: bool = False) -> None:
    """Read a few batches and forget the rest, as a killed worker would."""
    reading = connector.read(book.cursor, at=AT, sweep=sweep)
    for _ in range(batches):
        book.keep(next(reading))


def test_a_server_killed_in_the_middle_loses_and_doubles_nothing(bench: Bench) -> None:
    experiments = [bench.experiment(letter) for letter in "ab"]
    for number in range(20):
        bench.finished(experiments[number % 2], ms(2025) + number * DAY, score=number / 20)
    slow = bench.start(experiments[0], ms(2024))
    book = Book()
    kept_before: list[Batch] = []
    with bench.connecting(page_size=4) as connector:
        reading = connector.read(None, at=AT)
        for _ in range(4):
            kept_before.append(next(reading))
            book.keep(kept_before[-1])
        bench.server.kill()
        with pytest.raises(SourceError) as caught:
            book.sync(connector)
        assert caught.value.retry
        with pytest.raises(SourceError):
            list(reading)
        assert 0 < len(book.kept) < 21
        bench.server.start()
        bench.end(slow, ms(2024, 2))
        book.sync(connector, AT + timedelta(hours=1))
        assert_equals_truth(book, bench, experiments)
        assert book.sync(connector, AT + timedelta(hours=2)) == 0
    told = [(item.subject, item.payload_digest) for item in book.kept]
    assert len(told) == len(set(told))


def test_whatever_happens_in_between_the_end_agrees(bench: Bench) -> None:
    dice = random.Random(7)
    experiments = [bench.experiment(letter) for letter in "ab"]
    life = Life(bench, dice)
    book = Book()
    with bench.connecting(page_size=5) as connector:
        for step in range(48):
            life.go_on(experiments, ms(2025) + step * DAY)
            if step % 12 == 11:
                book.sync(connector)
        book.sync(connector, sweep=True)
        assert_equals_truth(book, bench, experiments)
        assert book.sync(connector) == 0
        assert book.sync(connector, sweep=True) == 0


@dataclass(slots=True)
class Life:
    """Does to a server what its users do, by chance."""

    bench: Bench
    dice: random.Random
    live: list[str] = field(default_factory=list)
    dead: list[str] = field(default_factory=list)

    def go_on(self, experiments: list[str], at: int) -> None:
        """Do one thing at `at` (ms)."""
        deed = self.dice.choice(["start", "start", "end", "tag", "log", "delete", "restore"])
        if deed == "restore" and self.dead:
            run_id = self.dead.pop(self.dice.randrange(len(self.dead)))
            self.bench.server.post("runs/restore", run_id=run_id)
            self.live.append(run_id)
        elif deed == "start" or not self.live:
            self.live.append(self.bench.start(self.dice.choice(experiments), at))
        else:
            self._change(deed, self.dice.choice(self.live), at)

    def _change(self, deed: str, run_id: str, at: int) -> None:
        if deed == "delete":
            self.bench.server.post("runs/delete", run_id=run_id)
            self.live.remove(run_id)
            self.dead.append(run_id)
        elif deed == "end":
            self.bench.end(run_id, at + 1, self.dice.choice(["FINISHED", "FAILED", "KILLED"]))
        elif deed == "tag":
            self.bench.tag(run_id, "note", f"note {self.dice.random()}")
        else:
            self.bench.log(run_id, at, score=self.dice.random())
