"""The runs of a project: sorted, paged, quick at ten thousand."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import AT, Cast, a_project
from tests.domain.evidence.payloads import a_run

from headway.domain.accounts.rules import Actor
from headway.domain.evidence.actions import record_evidence
from headway.domain.evidence.queries import RunsPage, RunsView, best_so_far, runs_page
from headway.domain.programs.models import Project
from headway.errors import Invalid
from headway.observation import Observation

SORTS = ["newest", "auc", "-auc"]


def _runs(number: int) -> list[Observation]:
    """Return runs of which every third has no value, every fifth no start, and many are equal."""
    return [
        a_run(
            f"r{index:05}",
            hours=-1,
            project="meter-reading",
            started_at=None if index % 5 == 0 else f"2026-10-{index % 27 + 1:02}T10:00:00Z",
            ended_at=f"2026-11-{index % 20 + 1:02}T10:00:00Z",
            metrics={"auc": None if index % 3 == 0 else index % 7 / 10, "loss": 0.5},
            status="failed" if index % 11 == 0 else "finished",
        )
        for index in range(number)
    ]


@pytest.fixture
def project(cast: Cast) -> Project:
    """A project with sixty runs."""
    project = a_project(cast.acme)
    record_evidence(cast.bob, _runs(60), AT)
    return project


def _walk(actor: Actor, project: Project, view: RunsView) -> list[RunsPage]:
    pages = [runs_page(actor, project.id, view)]
    while older := pages[-1].older:
        pages.append(runs_page(actor, project.id, replace(view, after=older)))
    return pages


@pytest.mark.parametrize("sort", SORTS)
def test_every_run_is_on_one_page_in_order(cast: Cast, project: Project, sort: str) -> None:
    view = RunsView(metrics=["auc"], sort=sort, limit=7)
    lines = [line for page in _walk(cast.vera, project, view) for line in page.lines]
    assert len({line.record for line in lines}) == len(lines) == 60
    if sort == "newest":
        values = [line.started_at.timestamp() if line.started_at else None for line in lines]
    else:
        values = [line.metrics["auc"] for line in lines]
    known = [value for value in values if value is not None]
    assert values[len(known) :] == [None] * (60 - len(known))
    assert known == sorted(known, reverse=sort != "auc")


@pytest.mark.parametrize("sort", SORTS)
def test_a_run_that_arrives_meanwhile_moves_no_page(
    cast: Cast, project: Project, sort: str
) -> None:
    first = runs_page(cast.vera, project.id, RunsView(sort=sort, limit=20))
    second = RunsView(sort=sort, after=first.older or "", limit=20)
    expected = runs_page(cast.vera, project.id, second)
    auc = -1.0 if sort == "auc" else 0.99
    late = a_run(
        "late", project="meter-reading", started_at="2026-11-23T08:00:00Z", metrics={"auc": auc}
    )
    record_evidence(cast.bob, [late], AT)
    assert runs_page(cast.vera, project.id, second).lines == expected.lines


@pytest.mark.parametrize("after", ["50", "x~y", "nan~", "~", "0001-01-01T00:00:00+05:00~1"])
def test_a_cursor_that_was_never_given_out_is_refused(
    cast: Cast, project: Project, after: str
) -> None:
    with pytest.raises(Invalid, match="not one this list gave out"):
        runs_page(cast.vera, project.id, RunsView(after=after))


def test_a_status_narrows_and_is_counted(cast: Cast, project: Project) -> None:
    page = runs_page(cast.vera, project.id, RunsView(status="failed"))
    assert (page.total, {line.status for line in page.lines}) == (6, {"failed"})


def test_the_best_so_far_never_falls_and_leaves_failures_out(cast: Cast, project: Project) -> None:
    points = best_so_far(cast.vera, project.id, "auc", "maximise")
    assert [point.at for point in points] == sorted(point.at for point in points)
    assert [point.best for point in points] == sorted(point.best for point in points)
    assert {point.status for point in points} == {"finished"}
    falling = best_so_far(cast.vera, project.id, "auc", "minimise")
    assert [point.best for point in falling] == sorted((p.best for p in falling), reverse=True)


def test_a_run_of_another_workspace_is_in_no_table(cast: Cast, project: Project) -> None:
    assert runs_page(cast.charlie, project.id, RunsView()).total == 0


@pytest.mark.slow
def test_a_page_of_ten_thousand_runs_is_quick(cast: Cast) -> None:
    project = a_project(cast.acme)
    record_evidence(cast.bob, _runs(10_000), AT)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    for sort in SORTS:
        view = RunsView(metrics=["auc", "loss"], sort=sort)
        best = min(_seconds(cast.vera, project, view) for _ in range(5))
        assert best < 0.3, f"{sort}: {best:.3f} s"


def _seconds(actor: Actor, project: Project, view: RunsView) -> float:
    """Return how long one page of 10,000 runs takes, having checked it."""
    started = time.perf_counter()
    with CaptureQueriesContext(connection) as queries:
        page = runs_page(actor, project.id, view)
    spent = time.perf_counter() - started
    assert (page.total, len(page.lines), len(queries)) == (10_000, 50, 3)
    return spent
