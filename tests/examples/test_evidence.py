"""What the examples left is evidence that Headway takes, dated by the story and by nothing else."""

from __future__ import annotations

import json
import re
from datetime import datetime

import pytest
from tests.examples.conftest import DEMO, Evidence

from examples import audit
from headway.domain.evidence.rules import read_payload
from headway.errors import Invalid
from headway.observation import SubjectRef, canonical, digest

KEYS = {
    "subject", "kind", "source", "observed_at", "valid_until", "project", "payload", "recorded_at",
}  # fmt: skip
PROJECTS = {"meter-reading", "severity-score", "screening", "co2-forecaster"}
FIRST, LAST = "2026-08-03", "2026-11-21"


def test_there_is_one_file_for_each_project_and_one_apart(evidence: Evidence) -> None:
    assert set(evidence.files) == PROJECTS | {"screening-pooled"}


def test_the_files_are_small() -> None:
    assert sum(file.stat().st_size for file in (DEMO / "evidence").iterdir()) < 2_000_000


def test_every_line_is_an_observation_that_the_ledger_takes(evidence: Evidence) -> None:
    for line in evidence.lines:
        assert set(line) == KEYS
        assert str(SubjectRef.parse(line["subject"])) == line["subject"]
        assert read_payload(line["kind"], line["payload"])


def test_no_payload_leaves_a_key_to_a_default(evidence: Evidence) -> None:
    """So that a later default cannot change what a committed line says."""
    for line in evidence.lines:
        assert set(read_payload(line["kind"], line["payload"])) == set(line["payload"])


def test_a_misspelt_key_would_be_refused(evidence: Evidence) -> None:
    line = evidence.files["screening"][0]
    with pytest.raises(Invalid):
        read_payload(line["kind"], {**line["payload"], "metrik": 1})


def test_no_observation_is_told_twice(evidence: Evidence) -> None:
    told = [
        (line["subject"], line["kind"], line["observed_at"], digest(canonical(line["payload"])))
        for line in evidence.lines
    ]
    assert len(told) == len(set(told))


def test_everything_happens_within_the_story_and_is_known_afterwards(evidence: Evidence) -> None:
    for line in evidence.lines:
        assert FIRST <= line["observed_at"] < line["recorded_at"] < LAST


def test_each_file_is_in_the_order_in_which_things_became_known(evidence: Evidence) -> None:
    for lines in evidence.files.values():
        known = [datetime.fromisoformat(line["recorded_at"]) for line in lines]
        assert known == sorted(known)


def test_every_run_says_that_its_times_are_the_storys(evidence: Evidence) -> None:
    for project in PROJECTS:
        for run in evidence.runs(project).values():
            assert run["tags"]["story"].startswith("times and run ids are the story's")
            assert run["started_at"] < run["ended_at"]


def test_every_run_was_made_by_committed_code(evidence: Evidence) -> None:
    for project in PROJECTS:
        for run in evidence.runs(project).values():
            assert re.fullmatch("[0-9a-f]{40}", run["commit"])
            assert run["tags"]["git.clean"] == "yes"


def test_an_evaluation_names_data_that_a_dataset_version_describes(evidence: Evidence) -> None:
    known = {
        line["payload"]["digest"] for line in evidence.lines if line["kind"] == "dataset_version"
    }
    for line in evidence.lines:
        if line["kind"] == "evaluation":
            assert line["payload"]["dataset_digest"] in known


def test_a_version_of_a_dataset_has_one_digest(evidence: Evidence) -> None:
    digests: dict[str, set[str]] = {}
    for line in evidence.lines:
        if line["kind"] == "dataset_version":
            digests.setdefault(line["subject"], set()).add(line["payload"]["digest"])
    assert all(len(found) == 1 for found in digests.values())


def test_an_evaluated_version_was_registered_from_a_run_that_is_there(evidence: Evidence) -> None:
    run_ids = {run["run_id"] for project in PROJECTS for run in evidence.runs(project).values()}
    versions = {
        line["subject"]: line["payload"]
        for line in evidence.lines
        if line["kind"] == "model_version"
    }
    assert all(version["run_id"] in run_ids for version in versions.values())
    judged = {line["subject"] for line in evidence.lines if line["kind"] == "evaluation"}
    assert {subject for subject in judged if subject.startswith("model:")} <= set(versions)


def test_an_alias_moves_on_from_where_it_stood(evidence: Evidence) -> None:
    stands: dict[str, str | None] = {}
    for line in evidence.lines:
        if line["kind"] == "alias_move":
            assert line["payload"]["from_version"] == stands.get(line["subject"])
            stands[line["subject"]] = line["payload"]["version"]
    assert stands["alias:examples/screening/champion"] == "2"


def test_nobody_is_named_and_no_machine_is(evidence: Evidence) -> None:
    for line in evidence.lines:
        text = canonical(line["payload"])
        assert "mlflow.user" not in text
        assert not re.search(r"/(tmp|root|home|work)/|127\.0\.0\.1", text)


def test_what_people_said_or_billed_is_marked_as_sample(evidence: Evidence) -> None:
    field = {"note": "text", "approval": "statement", "cost": "description"}
    for line in evidence.lines:
        if line["kind"] in field:
            assert line["payload"][field[line["kind"]]].startswith("(sample) ")


def test_the_audit_of_the_examples_is_what_it_gives_now() -> None:
    kept = json.loads(audit.RECORD.read_text())
    now = json.loads(audit.line())
    verdicts = [
        [(one["id"], one["verdict"]) for one in told["payload"]["checks"]] for told in (kept, now)
    ]
    assert verdicts[0] == verdicts[1], "run `python -m examples.audit`"
    assert read_payload("audit", kept["payload"])
