"""Reading the ledger: pages, one record, as of any day, never across the wall."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import AT, Cast, a_project
from tests.domain.evidence.payloads import a_run, an_observation

from headway.domain.accounts.rules import Actor
from headway.domain.evidence.actions import record_evidence
from headway.domain.evidence.queries import (
    RecordsView,
    RunsView,
    best_so_far,
    chain_break,
    costs_of,
    evidence_ages,
    latest_records,
    ledger_head,
    measurements_of,
    projection_export,
    record_page,
    records_page,
    runs_page,
    unplaced_subjects,
)
from headway.errors import NotFound, Refused

HOUR = timedelta(hours=1)


def _notes(cast: Cast, number: int) -> None:
    lines = [an_observation(text=str(index), hours=-index - 1) for index in range(number)]
    record_evidence(cast.bob, lines, AT)


def test_an_empty_ledger_says_so(cast: Cast) -> None:
    assert str(ledger_head(cast.vera)) == "empty"
    assert records_page(cast.vera).lines == []
    assert chain_break(cast.vera) is None


def test_pages_walk_the_whole_ledger_once(cast: Cast) -> None:
    _notes(cast, 23)
    seen: list[int] = []
    before: int | None = None
    while True:
        page = records_page(cast.vera, RecordsView(before=before, limit=5))
        seen += [line.sequence for line in page.lines]
        before = page.older
        if before is None:
            break
        record_evidence(cast.bob, [an_observation(text=f"new {before}")], AT)
    assert seen == list(range(23, 0, -1))


def test_records_are_found_by_kind_project_and_subject(cast: Cast) -> None:
    a_project(cast.acme)
    record_evidence(cast.bob, [a_run("r1"), an_observation(project="meter-reading")], AT)
    for view in (
        RecordsView(kind="note"),
        RecordsView(project="meter-reading"),
        RecordsView(subject="model:meter-reading@3"),
        RecordsView(subject="METER"),
    ):
        assert [line.kind for line in records_page(cast.vera, view).lines] == ["note"]


def test_a_record_is_not_there_before_we_learned_it(cast: Cast) -> None:
    _notes(cast, 1)
    assert record_page(cast.vera, 1, AT).line.sequence == 1
    with pytest.raises(NotFound):
        record_page(cast.vera, 1, AT - HOUR)
    assert records_page(cast.vera, at=AT - HOUR).lines == []


def test_a_record_names_what_it_supersedes_and_what_superseded_it(cast: Cast) -> None:
    states = [
        a_run("r1", hours=hour, status=status)
        for hour, status in ((-2, "running"), (0, "finished"))
    ]
    for index, state in enumerate(states):
        record_evidence(cast.bob, [state], AT + index * HOUR)
    assert (record_page(cast.vera, 1).supersedes, record_page(cast.vera, 1).superseded_by) == (
        None,
        2,
    )
    assert record_page(cast.vera, 1, AT).superseded_by is None
    assert record_page(cast.vera, 2).supersedes == 1


def test_a_record_past_its_date_is_stale(cast: Cast) -> None:
    record_evidence(cast.bob, [an_observation(valid_until=AT + HOUR)], AT)
    assert not record_page(cast.vera, 1, AT + HOUR).is_stale
    assert record_page(cast.vera, 1, AT + 2 * HOUR).is_stale


def test_a_record_of_another_workspace_is_not_there(cast: Cast) -> None:
    _notes(cast, 1)
    with pytest.raises(NotFound):
        record_page(cast.charlie, 1)


def test_measurements_as_of_a_day_are_those_known_then(cast: Cast) -> None:
    project = a_project(cast.acme)
    for index, value in enumerate((0.8, 0.9)):
        line = an_observation("evaluation", hours=index, value=value, project="meter-reading")
        record_evidence(cast.bob, [line], AT + index * HOUR)
    then = measurements_of(cast.vera, [project.id], AT, metrics=["accuracy"])
    now = measurements_of(cast.vera, [project.id])
    assert [item.value for item in then if not item.segment] == [0.8]
    assert [item.value for item in now if not item.segment] == [0.8, 0.9]


def test_the_latest_record_is_the_one_observed_last(cast: Cast) -> None:
    project = a_project(cast.acme)
    for hours, version in ((-1, "4"), (-9, "3")):
        line = an_observation("alias_move", hours=hours, version=version, project="meter-reading")
        record_evidence(cast.bob, [line], AT)
    [latest] = latest_records(cast.vera, [project.id], kinds=["alias_move"])
    assert latest.payload["version"] == "4"


def test_approvals_of_two_functions_stand_beside_each_other(cast: Cast) -> None:
    project = a_project(cast.acme)
    lines = [
        an_observation("approval", function=function, hours=hours, project="meter-reading")
        for hours, function in ((-3, "legal"), (-2, "privacy"), (-1, "legal"))
    ]
    record_evidence(cast.bob, lines, AT)
    latest = latest_records(cast.vera, [project.id], kinds=["approval"])
    assert sorted(item.record for item in latest) == [2, 3]


def test_costs_are_exact_and_in_order_of_their_period(cast: Cast) -> None:
    project = a_project(cast.acme)
    lines = [
        an_observation(
            "cost", amount=amount, period_start=f"2026-{month}-01", project="meter-reading"
        )
        for amount, month in (("0.10", "10"), ("0.20", "09"))
    ]
    record_evidence(cast.bob, lines, AT)
    costs = costs_of(cast.vera, [project.id])
    assert [str(cost.amount) for cost in costs] == ["0.20", "0.10"]
    assert str(sum(cost.amount for cost in costs)) == "0.30"


def test_the_age_of_each_kind_is_known(cast: Cast) -> None:
    project = a_project(cast.acme)
    record_evidence(
        cast.bob, [an_observation(hours=hour, project="meter-reading") for hour in (-5, -1)], AT
    )
    [age] = evidence_ages(cast.vera, [project.id])
    assert (age.kind, age.count, age.observed_at) == ("note", 2, AT - HOUR)


READS: dict[str, Callable[[Actor, Cast], object]] = {
    "ledger_head": lambda actor, cast: ledger_head(actor),
    "records_page": lambda actor, cast: records_page(actor),
    "record_page": lambda actor, cast: record_page(actor, 1),
    "unplaced_subjects": lambda actor, cast: unplaced_subjects(actor),
    "chain_break": lambda actor, cast: chain_break(actor),
    "measurements_of": lambda actor, cast: measurements_of(actor, []),
    "latest_records": lambda actor, cast: latest_records(actor, [], kinds=["note"]),
    "costs_of": lambda actor, cast: costs_of(actor, []),
    "evidence_ages": lambda actor, cast: evidence_ages(actor, []),
    "runs_page": lambda actor, cast: runs_page(actor, cast.acme.id, RunsView()),
    "best_so_far": lambda actor, cast: best_so_far(actor, cast.acme.id, "auc", "maximise"),
    "projection_export": lambda actor, cast: list(projection_export(actor)),
}


@pytest.mark.parametrize("name", READS)
def test_a_vendor_reads_nothing_of_the_ledger(cast: Cast, name: str) -> None:
    _notes(cast, 1)
    READS[name](cast.vera, cast)
    with pytest.raises(Refused):
        READS[name](cast.vic, cast)


def test_lists_take_as_many_queries_for_many_rows_as_for_few(cast: Cast) -> None:
    project = a_project(cast.acme)
    counts = []
    for size in (3, 60):
        lines = [a_run(f"{size}-{index}", project="meter-reading") for index in range(size)]
        record_evidence(cast.bob, lines, AT)
        with CaptureQueriesContext(connection) as queries:
            records_page(cast.vera)
            runs_page(cast.vera, project.id, RunsView(metrics=["accuracy"]))
            measurements_of(cast.vera, [project.id], kinds=["run"])
            best_so_far(cast.vera, project.id, "accuracy", "maximise")
            unplaced_subjects(cast.vera)
            latest_records(cast.vera, [project.id], kinds=["run"])
        counts.append(len(queries))
    assert counts == [8, 8]
