"""Reading a real MLflow server into a real ledger."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import datetime, timedelta

import pytest
from pytest_django.fixtures import Settings
from tests.cast import Cast, a_project
from tests.connectors.mlflow.book import Bench, ms
from tests.peers.fault_server import serving
from tests.peers.mlflow_server import MlflowServer

import headway.domain.sources.actions.sync as sync_module
from headway import clock
from headway.domain.evidence.actions import Outcome
from headway.domain.evidence.models import Record
from headway.domain.inventory.queries import model_page, pointing_of
from headway.domain.sources.actions import (
    SyncOutcome,
    add_source,
    disconnect_source,
    edit_source,
    sync_due,
    sync_source,
)
from headway.domain.sources.models import Source
from headway.domain.sources.rules import SourceDraft
from headway.errors import Conflict, NotFound, Refused, SourceError

#: The server stamps versions with its own clock, and a moment far from it would be refused.
NOW = clock.now()
_NUMBERS = itertools.count(1)

with_mlflow = [pytest.mark.mlflow, pytest.mark.xdist_group("mlflow"), pytest.mark.slow]


@pytest.fixture
def bench(mlflow: MlflowServer) -> Bench:
    return Bench(mlflow, f"domain-{next(_NUMBERS)}-")


@pytest.fixture
def tracker(cast: Cast, bench: Bench, settings: Settings) -> Source:
    settings.OUTBOUND_ALLOWED = f"127.0.0.1:{bench.server.port}"
    a_project(cast.acme, "meter-reading")
    options = {"experiments": [f"{bench.name}*"], "models": [f"{bench.name}*"]}
    draft = SourceDraft("mlflow", "tracker", bench.server.url, "meter-reading", options)
    return add_source(cast.mia, draft, NOW)


def fill(bench: Bench) -> tuple[int, int]:
    """Log three runs and two versions; return how many there are."""
    group = bench.experiment()
    runs = [bench.finished(group, ms(2026, 1, day), recall=0.9) for day in (1, 2, 3)]
    model = bench.model("model")
    for run in runs[:2]:
        bench.version(model, run)
    bench.point(model, "champion", "1")
    return len(runs), 2


def kinds() -> Counter[str]:
    return Counter(Record.objects.values_list("kind", flat=True))


@pytest.mark.usefixtures("tracker")
class TestWithMlflow:
    pytestmark = with_mlflow

    def test_every_run_version_and_alias_move_is_brought_once(
        self, cast: Cast, bench: Bench
    ) -> None:
        runs, versions = fill(bench)
        first = sync_source(cast.bob, "tracker", NOW)
        found = kinds()
        assert (found["run"], found["model_version"], found["alias_move"]) == (runs, versions, 1)
        assert first.recorded == sum(found.values())
        again = sync_source(cast.bob, "tracker", NOW + timedelta(minutes=15))
        assert again.recorded == 0
        assert kinds() == found

        bench.point(f"{bench.name}model", "champion", "2")
        moved = sync_source(cast.bob, "tracker", NOW + timedelta(minutes=30))
        assert moved.recorded == 1
        assert kinds()["alias_move"] == 2
        swept = sync_source(cast.bob, "tracker", NOW + timedelta(days=2), sweep=True)
        assert swept.recorded == 0

    def test_an_alias_moved_while_headway_was_down_appears_with_an_interval(
        self, cast: Cast, bench: Bench
    ) -> None:
        fill(bench)
        name, morning = f"{bench.name}model", NOW + timedelta(hours=9)
        sync_source(cast.bob, "tracker", NOW)
        bench.point(name, "champion", "2")
        sync_source(cast.bob, "tracker", morning)
        (line,) = model_page(cast.vera, name).aliases
        began = line.spans[0].began
        assert (line.version, began.from_version) == ("2", "1")
        assert began.after is not None
        assert NOW <= began.after < NOW + timedelta(minutes=1)
        assert morning <= began.by < morning + timedelta(minutes=1)
        asked = {
            hours: pointing_of(cast.vera, name, "champion", NOW + timedelta(hours=hours)).versions
            for hours in (-1, 4, 10)
        }
        assert asked == {-1: (), 4: ("1", "2"), 10: ("2",)}

    def test_what_was_brought_belongs_to_the_project(self, cast: Cast, bench: Bench) -> None:
        fill(bench)
        sync_source(cast.bob, "tracker", NOW)
        assert {
            row.subject.project.slug for row in Record.objects.all() if row.subject.project
        } == {"meter-reading"}

    def test_killed_between_two_batches_it_goes_on_and_doubles_nothing(
        self, cast: Cast, bench: Bench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fill(bench)
        keep, seen = sync_module.record_evidence, itertools.count()

        def dies(*arguments: object, **more: object) -> Outcome:
            if next(seen) == 1:
                raise KeyboardInterrupt
            return keep(*arguments, **more)  # type: ignore[arg-type]

        with monkeypatch.context() as patch:
            patch.setattr(sync_module, "record_evidence", dies)
            with pytest.raises(KeyboardInterrupt):
                sync_source(cast.bob, "tracker", NOW)
        sync_source(cast.bob, "tracker", NOW + timedelta(minutes=1))
        found = kinds()
        assert (found["run"], found["model_version"], found["alias_move"]) == (3, 2, 1)

    def test_a_run_of_an_unknown_project_waits_unplaced(self, cast: Cast, bench: Bench) -> None:
        group = bench.experiment()
        run = bench.finished(group, ms(2026, 1, 1), recall=0.9)
        bench.tag(run, "headway.project", "nobody-planned-this")
        sync_source(cast.bob, "tracker", NOW)
        row = Record.objects.select_related("subject").filter(kind="run").get()
        assert row.subject.project is None

    def test_a_connection_changed_meanwhile_is_not_mixed_with_the_old_one(
        self, cast: Cast, bench: Bench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fill(bench)
        told = sync_module.options_of

        def meanwhile(source: Source) -> dict[str, object]:
            Source.objects.update(version=7, cursor={})
            return told(source)

        monkeypatch.setattr(sync_module, "options_of", meanwhile)
        with pytest.raises(Conflict):
            sync_source(cast.bob, "tracker", NOW)
        assert Source.objects.get().cursor == {}
        assert Source.objects.get().failures_in_a_row == 0
        assert not Record.objects.exists()


@pytest.fixture
def broken(cast: Cast, settings: Settings) -> SourceDraft:
    """Connect a server that answers nothing useful, and return its draft."""
    with serving() as server:
        url = server.url
        settings.OUTBOUND_ALLOWED = f"127.0.0.1:{server.port}"
    draft = SourceDraft("mlflow", "broken", url)  # nobody listens there any more
    add_source(cast.mia, draft, NOW)
    return draft


def test_a_failure_is_remembered_and_waited_on(cast: Cast, broken: SourceDraft) -> None:
    results = sync_due(cast.bob, NOW)
    assert [type(one) for one in results] == [SourceError]
    row = Source.objects.get()
    assert (row.failures_in_a_row, bool(row.failure)) == (1, True)
    assert sync_due(cast.bob, NOW + timedelta(minutes=14)) == []
    assert len(sync_due(cast.bob, NOW + timedelta(minutes=16))) == 1
    assert Source.objects.get().failures_in_a_row == 2
    assert sync_due(cast.bob, NOW + timedelta(minutes=16 + 29)) == []
    edit_source(cast.mia, "broken", broken, NOW)
    assert Source.objects.get().failures_in_a_row == 0


def test_one_failing_source_does_not_stop_the_next(
    cast: Cast, broken: SourceDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_source(cast.mia, SourceDraft("mlflow", "zebra", broken.url), NOW)
    asked: list[tuple[str, datetime]] = []

    def read(_actor: object, name: str, at: datetime) -> SyncOutcome:
        asked.append((name, at))
        if name == "broken":
            raise SourceError("down", retry=True)
        return SyncOutcome(name, 0, 0, 0, 0, (), {})

    monkeypatch.setattr(sync_module, "sync_source", read)
    assert len(sync_due(cast.bob, NOW)) == 2
    names, moments = zip(*asked, strict=True)
    assert names == ("broken", "zebra")
    assert NOW <= moments[0] < moments[1] < NOW + timedelta(minutes=1)


def test_a_disconnected_or_foreign_source_is_not_read(cast: Cast, broken: SourceDraft) -> None:
    with pytest.raises(NotFound):
        sync_source(cast.charlie, "broken", NOW)
    with pytest.raises(Refused):
        sync_source(cast.vera, "broken", NOW)
    disconnect_source(cast.mia, "broken", NOW)
    with pytest.raises(Conflict):
        sync_source(cast.bob, "broken", NOW)
    assert sync_due(cast.bob, NOW) == []
