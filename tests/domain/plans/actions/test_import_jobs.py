"""Claims about stored imports: one file, one import, whoever stops or falls silent on the way."""

from __future__ import annotations

import stat
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from tests.cast import AT, Cast
from tests.domain.plans.actions.test_import_plan import everything

from headway.domain.accounts.models import Member
from headway.domain.accounts.rules import Actor, Role
from headway.domain.plans.actions import (
    cancel_import,
    drain_imports,
    forget_old_imports,
    preview_import,
    run_import,
    start_import,
    store_import,
    undo_import,
)
from headway.domain.plans.models import ImportJob, WorkItem
from headway.domain.plans.queries import import_job_of
from headway.domain.plans.rules.jobs import MOST_ATTEMPTS, MOST_STORED, JobState
from headway.errors import Conflict, Invalid, NotFound, Refused

SMALL = b"Key,Summary,Estimate\nA-1,Train,3\nA-2,Ship,2\n"
LARGE = b"Key,Summary,Estimate\n" + b"".join(b"A-%d,Label batch,3\n" % n for n in range(2_001))
DIES = (sys.executable, "-c", "raise SystemExit(1)")
HANGS = (sys.executable, "-c", "import time; time.sleep(60)")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: object) -> None:
    settings.HOME = tmp_path  # type: ignore[attr-defined]


def lying() -> list[str]:
    folder = Path(settings.HOME) / "imports"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def stored(actor: Actor, data: bytes = LARGE, name: str = "work.csv", at: datetime = AT) -> UUID:
    job = store_import(actor, data, name, at).id
    preview_import(actor, job, at)
    return job


def waiting(actor: Actor) -> UUID:
    job = stored(actor)
    assert start_import(actor, job, AT, AT).state is JobState.WAITING
    return job


def claimed(actor: Actor) -> UUID:
    job = waiting(actor)
    ImportJob.objects.filter(id=job).update(state=JobState.RUNNING, attempts=1)
    return job


def test_a_small_file_is_imported_while_one_waits_and_not_kept(cast: Cast) -> None:
    job = stored(cast.mia, SMALL)
    done = start_import(cast.mia, job, AT, AT)
    assert done.state is JobState.DONE
    assert done.result is not None
    assert done.result["created"] == 2
    assert WorkItem.objects.count() == 2
    assert lying() == []


def test_a_large_file_waits_for_the_worker_and_is_imported_once(cast: Cast) -> None:
    job = waiting(cast.mia)
    assert not WorkItem.objects.exists()
    with pytest.raises(Conflict, match="started already"):
        start_import(cast.mia, job, AT, AT)
    ImportJob.objects.filter(id=job).update(state=JobState.RUNNING, attempts=1)
    run_import(job, 1, AT)
    done = import_job_of(cast.mia, job, AT)
    assert (done.state, done.done, done.project) == (JobState.DONE, 100, "work")
    assert done.sentence.startswith("2,001 created, 0 updated, 0 as before.")
    assert WorkItem.objects.count() == 2_001
    assert lying() == []
    assert undo_import(cast.mia, "work", AT + timedelta(hours=1)).removed == 2_001


def test_the_file_is_named_by_us_and_read_by_us_only(cast: Cast) -> None:
    job = stored(cast.mia, SMALL, "../../etc/pass\0wd.csv")
    assert lying() == [f"{job}.file"]
    mode = (Path(settings.HOME) / "imports" / f"{job}.file").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_an_attempt_that_another_one_overtook_is_taken_back(cast: Cast) -> None:
    job = claimed(cast.mia)
    ImportJob.objects.filter(id=job).update(attempts=2)
    before = everything()
    with pytest.raises(Conflict):
        run_import(job, 1, AT)
    assert everything() == before


def test_what_refuses_the_file_meanwhile_is_told_with_its_places(cast: Cast) -> None:
    job = claimed(cast.mia)
    ImportJob.objects.filter(id=job).update(mapping={"columns": {"name": ["Gone"]}})
    run_import(job, 1, AT)
    failed = import_job_of(cast.mia, job, AT)
    assert failed.state is JobState.FAILED
    assert "which the table does not have" in failed.sentence
    assert lying() == []
    assert not WorkItem.objects.exists()


def test_an_import_acts_as_its_member_may_when_it_runs(cast: Cast) -> None:
    job = claimed(cast.mia)
    Member.objects.filter(id=cast.mia.member_id).update(role=Role.VIEWER)
    run_import(job, 1, AT)
    assert import_job_of(cast.bob, job, AT).state is JobState.FAILED
    assert not WorkItem.objects.exists()


def test_cancelling_what_waits_ends_it_at_once(cast: Cast) -> None:
    job = waiting(cast.mia)
    told = cancel_import(cast.bob, job, AT)
    assert (told.state, told.sentence) == (JobState.CANCELLED, "Cancelled: nothing was imported.")
    assert drain_imports(AT, runner=DIES) == 0
    assert lying() == []


def test_cancelling_what_runs_ends_its_process(cast: Cast) -> None:
    job = waiting(cast.mia)
    ImportJob.objects.filter(id=job).update(state=JobState.RUNNING)
    cancel_import(cast.mia, job, AT)  # the wish lies beside the database
    ImportJob.objects.filter(id=job).update(state=JobState.WAITING)
    assert drain_imports(AT, runner=HANGS) == 1
    assert import_job_of(cast.mia, job, AT).state is JobState.CANCELLED
    assert lying() == []


def test_a_worker_that_stops_leaves_the_import_waiting(cast: Cast) -> None:
    job = waiting(cast.mia)
    looks = iter([False, True])
    assert drain_imports(AT, is_stopping=lambda: next(looks, True), runner=HANGS) == 1
    row = ImportJob.objects.get(id=job)
    assert (row.state, row.attempts) == (JobState.WAITING, 0)


def test_a_runner_that_dies_is_tried_again_and_then_told(cast: Cast) -> None:
    job = waiting(cast.mia)
    assert drain_imports(AT, runner=DIES) == MOST_ATTEMPTS
    told = import_job_of(cast.mia, job, AT)
    assert told.state is JobState.FAILED
    assert "ended 3 times without a word" in told.sentence
    assert lying() == []


def test_an_import_that_nobody_watches_over_is_taken_up_again(cast: Cast) -> None:
    job = claimed(cast.mia)
    far = AT + timedelta(days=3_650)  # after any time a file here can have
    assert drain_imports(far, runner=DIES) == MOST_ATTEMPTS - 1
    assert import_job_of(cast.mia, job, AT).state is JobState.FAILED


def test_an_import_says_that_no_worker_takes_it_up(cast: Cast) -> None:
    job = waiting(cast.mia)
    assert import_job_of(cast.mia, job, AT).sentence == "Waits for the worker."
    later = import_job_of(cast.mia, job, AT + timedelta(seconds=45)).sentence
    assert "No worker has taken it up for 45 s: `headway up` runs one." in later
    second = waiting(cast.mia)
    ImportJob.objects.filter(id=second).update(at=AT + timedelta(seconds=1))
    assert import_job_of(cast.mia, second, AT).sentence == "Waits for 1 other import."


@pytest.mark.parametrize("act", [import_job_of, cancel_import, preview_import])
def test_another_workspace_sees_no_import_of_ours(cast: Cast, act: Callable[..., object]) -> None:
    job = stored(cast.mia, SMALL)
    with pytest.raises(NotFound):
        act(cast.charlie, job, AT)
    with pytest.raises(Refused):
        act(cast.vera, job, AT)


def test_a_member_keeps_few_files_and_none_for_long(cast: Cast) -> None:
    moments = [AT + timedelta(seconds=number) for number in range(MOST_STORED + 2)]
    jobs = [stored(cast.mia, SMALL, at=at) for at in moments]
    assert len(lying()) == MOST_STORED
    with pytest.raises(NotFound):
        import_job_of(cast.mia, jobs[0], AT)
    forget_old_imports(AT + timedelta(hours=25))
    assert lying() == []
    assert not ImportJob.objects.exists()


def test_a_file_larger_than_is_read_is_not_stored(cast: Cast) -> None:
    with pytest.raises(Invalid, match="at most 67,108,864 are read"):
        store_import(cast.mia, bytes(64 * 1024 * 1024 + 1), "x.csv", AT)
    assert lying() == []
