"""The inventory read from the ledger: what serves, since when, how it was made, from what data."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import AT, Cast, a_project
from tests.domain.evidence.payloads import a_run, an_observation

from headway.domain.evidence.actions import record_evidence
from headway.domain.inventory.actions import (
    describe_dataset,
    describe_model,
    describe_pipeline,
    restore_model_entry,
)
from headway.domain.inventory.queries import (
    dataset_lines,
    dataset_page,
    deployments_page,
    model_lines,
    model_page,
    model_said,
    pipeline_lines,
    pipeline_page,
    pointing_of,
    reproducibility_of,
)
from headway.domain.programs.actions import create_system, edit_project
from headway.errors import Conflict, Invalid, NotFound, Refused
from headway.observation import Observation, instant

HOUR = timedelta(hours=1)
DATA = [{"name": "scans", "digest": "d1", "context": "training"}]
MADE = {
    "commit": "31fc361",
    "params": {"depth": "3", "seed": "7"},
    "datasets": DATA,
    "tags": {"git.clean": "yes", "headway.environment": "sha256:91c0"},
}
NAME = "team/scores"  # a name with a slash, as catalogues have them


def a_move(version: str | None, before: str | None, hours: float) -> Observation:
    """Return what a look an hour long, that ended `hours` after AT, tells of @champion."""
    return an_observation(
        "alias_move",
        subject=f"alias:tracker/{NAME}/champion",
        hours=hours,
        project="scores",
        model=NAME,
        version=version,
        from_version=before,
        seen_after=instant(AT + (hours - 1) * HOUR),
        seen_by=instant(AT + hours * HOUR),
    )


def a_deployment(version: str, environment: str, hours: float, **more: object) -> Observation:
    """Return what CI tells after a deployment of one version beside others."""
    told = {"model": NAME, "version": version, "environment": environment, "deployed_at": None}
    subject = f"deployment:{NAME}/{environment}@{version}"
    return an_observation(
        "deployment", subject=subject, hours=hours, project="scores", **{**told, **more}
    )


@pytest.fixture
def scores(cast: Cast) -> Cast:
    """Two versions, their runs and data, a rerun of the first; @champion moved from 1 to 2."""
    a_project(cast.acme, "scores")
    create_system(cast.mia, {"name": "Scorer", "owner": "Mia", "tier": "high"}, AT)
    edit_project(cast.mia, "scores", {"system": "scorer"}, AT)
    versions = [
        an_observation(
            "model_version",
            subject=f"model:{NAME}@{number}",
            project="scores",
            source="mlflow:tracker",
            run_id=f"r{number}",
        )
        for number in (1, 2)
    ]
    watched = {"check": "live-drift", "standing": "unmet", "rule": "two in a row"}
    told = [
        an_observation("dataset_version", subject="dataset:scans@1", project="scores"),
        a_run("r1", project="scores", **MADE),
        a_run("again", project="scores", **MADE),
        a_run("r2", project="scores", **{**MADE, "params": {}}),
        *versions,
        a_move("1", None, 0),
        an_observation("check", subject=f"model:{NAME}@2", hours=8, project="scores", **watched),
        a_deployment("1", "production", 2, traffic=0.9),
        a_deployment("2", "production", 3, status="canary", traffic=0.1),
        an_observation(
            "pipeline_run",
            subject="pipeline:scores/train",
            hours=1,
            project="scores",
            produced=f"model:{NAME}@2",
            data_until=instant(AT),
        ),
        an_observation("drill", subject=f"deployment:{NAME}/production", project="scores"),
    ]
    record_evidence(cast.bob, told, AT)
    record_evidence(cast.bob, [a_move("2", "1", 9)], AT + 9 * HOUR)
    return cast


def test_a_model_is_told_from_the_ledger_and_two_versions_may_serve_at_once(scores: Cast) -> None:
    (line,) = model_lines(scores.vera)
    assert (line.name, line.system, line.owner, line.tier) == (NAME, "scorer", "Mia", "high")
    assert [(one.version, one.by_what) for one in line.live] == [
        ("2", "@champion"),
        ("1", "production (cloud)"),
    ]
    began = line.live[0]
    assert (began.after, began.by) == (AT + 8 * HOUR, AT + 9 * HOUR)
    page = model_page(scores.vera, NAME)
    (row,) = deployments_page(scores.vera).models
    assert page.matrix == row.matrix
    shares = {key: cell.deployment.traffic for key, cell in row.matrix.cells.items()}
    assert shares == {("1", "production"): 0.9, ("2", "production"): 0.1}
    assert [one.drill for one in page.drills] == ["rollback"]


def test_lineage_leads_from_data_to_the_monitor_and_back(scores: Cast) -> None:
    newest, oldest = model_page(scores.vera, NAME).lineage
    assert [one.subject for one in newest.data] == ["dataset:scans@1"]
    assert newest.run is not None
    assert newest.run.run_id == "r2"
    assert newest.made_by == ["scores/train"]
    assert [one.deployment.status for one in newest.placed] == ["canary"]
    assert [(one.name, one.standing) for one in newest.watched] == [("live-drift", "unmet")]
    assert not oldest.watched
    back = dataset_page(scores.vera, "scans").lineage
    assert {one.version.version for one in back} == {"1", "2"}


def test_which_version_served_when_is_one_or_one_of_two_or_unknown(scores: Cast) -> None:
    asked = {
        hours: pointing_of(scores.vera, NAME, "champion", AT + hours * HOUR).versions
        for hours in (-2, 4, 8.5, 9)
    }
    assert asked == {-2: (), 4: ("1",), 8.5: ("1", "2"), 9: ("2",)}
    then = pointing_of(scores.vera, NAME, "champion", AT + 9 * HOUR, AT + HOUR)
    assert then.versions == ("1",)
    page = model_page(scores.vera, NAME, AT + HOUR)
    assert [line.version for line in page.aliases] == ["1"]


def test_a_version_can_be_made_again_when_its_run_was(scores: Cast) -> None:
    subjects = [f"model:{NAME}@1", f"model:{NAME}@2", "run:tracker/again", "model:nobody@1"]
    found = reproducibility_of(scores.vera, subjects)
    assert [found[one].verdict for one in subjects] == ["met", "missing", "met", "missing"]
    assert "No run is known" in found["model:nobody@1"].sentence
    elsewhere = reproducibility_of(scores.charlie, subjects)
    assert {one.verdict for one in elsewhere.values()} == {"missing"}
    early = reproducibility_of(scores.vera, subjects, AT - HOUR)
    assert {one.verdict for one in early.values()} == {"missing"}


def test_what_a_person_says_stands_beside_the_evidence_with_its_history(scores: Cast) -> None:
    said = describe_model(scores.bob, NAME, {"owner": "Bob", "tier": "standard"}, AT)
    assert (said.said_by, said.version) == ("bob@example.com", 1)
    assert model_lines(scores.vera)[0].owner == "Bob"
    describe_model(scores.mia, NAME, {"owner": "Mia"}, AT + HOUR, version=1)
    with pytest.raises(Conflict, match="owner is now 'Mia'"):
        describe_model(scores.bob, NAME, {"owner": "Bo"}, AT + HOUR, version=1)
    assert model_said(scores.vera, NAME, AT).owner == "Bob"
    assert restore_model_entry(scores.mia, NAME, 1, AT + 2 * HOUR).owner == "Bob"
    with pytest.raises(Refused):
        describe_model(scores.vera, NAME, {"owner": "Vera"}, AT)
    for stranger in (scores.charlie, scores.bob):
        with pytest.raises(NotFound):
            describe_model(stranger, "other", {"owner": "x"}, AT)
    with pytest.raises(Invalid):
        describe_dataset(scores.bob, "scans", {"personal_data": "some"}, AT)


def test_a_dataset_lists_what_nobody_said_and_consent_where_people_are_in_it(scores: Cast) -> None:
    gaps = lambda: dataset_lines(scores.vera)[0].gaps  # noqa: E731
    assert gaps() == ["licence", "personal data"]
    describe_dataset(scores.bob, "scans", {"licence": "CC0-1.0", "personal_data": "special"}, AT)
    assert gaps() == ["consent"]
    describe_dataset(scores.bob, "scans", {"personal_data": "none"}, AT)
    assert gaps() == []
    assert not dataset_lines(scores.charlie)


def test_a_pipeline_that_falls_silent_is_stale_and_one_that_never_ran_is_missing(
    scores: Cast,
) -> None:
    describe_pipeline(scores.bob, "scores/train", {"every_hours": 24}, AT)
    describe_pipeline(scores.bob, "scores/nightly", {"every_hours": 24}, AT)
    soon, late = AT + 12 * HOUR, AT + 60 * HOUR
    verdicts = lambda at: {one.name: one.kept.verdict for one in pipeline_lines(scores.vera, at)}  # noqa: E731
    assert verdicts(soon) == {"scores/nightly": "missing", "scores/train": "met"}
    assert verdicts(late) == {"scores/nightly": "missing", "scores/train": "stale"}
    assert pipeline_page(scores.vera, "scores/train", late).runs[0].produced == f"model:{NAME}@2"


def test_more_models_take_no_more_queries(scores: Cast) -> None:
    counts = []
    for number in (0, 6):
        more = [
            an_observation("model_version", subject=f"model:m{n}@1", project="scores")
            for n in range(number)
        ]
        record_evidence(scores.bob, [*more, an_observation(text=f"{number}")], AT)
        for read in (model_lines, dataset_lines, deployments_page):
            with CaptureQueriesContext(connection) as queries:
                read(scores.vera)
            counts.append(len(queries))
    assert counts[:3] == counts[3:]
    assert max(counts) <= 12
