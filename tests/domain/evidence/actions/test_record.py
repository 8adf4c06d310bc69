"""Recording: idempotent, chained, refused by line, kept whole."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import AT, Cast, a_project
from tests.domain.evidence.payloads import a_run, an_observation, as_text

from headway.domain.accounts.models import AuditEntry
from headway.domain.evidence.actions import push_evidence, record_evidence
from headway.domain.evidence.models import Record, Subject
from headway.domain.evidence.queries import chain_break, ledger_head
from headway.domain.evidence.rules import KINDS, Defaults
from headway.errors import Refused
from headway.observation import Observation

DAY = timedelta(days=1)
#: How many records `_history` makes.
EVERYTHING = len(KINDS) + 3


def _history() -> list[Observation]:
    """Return one of each kind, and three states of a run."""
    states = [a_run("r9", hours=hour, metrics={"auc": hour / 10}) for hour in (-3, -2, -1)]
    return [an_observation(kind, hours=-5) for kind in KINDS] + states


def _states(cast: Cast, subject: str) -> list[str]:
    name = subject.split(":")[1]
    rows = Record.objects.filter(workspace=cast.acme, subject__name=name)
    return list(rows.order_by("observed_at").values_list("payload", flat=True))


def test_every_kind_is_recorded(cast: Cast) -> None:
    outcome = record_evidence(cast.bob, _history(), AT)
    assert (outcome.recorded, outcome.already_known, outcome.refused) == (EVERYTHING, 0, [])
    assert outcome.sequences == list(range(1, EVERYTHING + 1))
    assert outcome.head_sequence == EVERYTHING
    assert chain_break(cast.bob) is None


def test_the_same_file_twice_is_stored_once(cast: Cast) -> None:
    text = as_text(*_history())
    first = push_evidence(cast.bob, text, Defaults(), AT)
    again = push_evidence(cast.bob, text, Defaults(), AT + DAY)
    assert (again.recorded, again.already_known) == (0, EVERYTHING)
    assert (again.head_sequence, again.head_digest) == (first.head_sequence, first.head_digest)


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_lines_in_a_push_does_not_matter(cast: Cast, seed: int) -> None:
    lines = [*_history(), *_history()]
    random.Random(seed).shuffle(lines)
    outcome = record_evidence(cast.bob, lines, AT)
    assert (outcome.recorded, outcome.already_known) == (EVERYTHING, EVERYTHING)
    assert len(_states(cast, "run:tracker/r9")) == 3


def test_a_state_that_comes_back_is_a_new_record(cast: Cast) -> None:
    for hour, version in enumerate(["1", "2", "1"]):
        record_evidence(cast.bob, [an_observation("alias_move", hours=hour, version=version)], AT)
    assert len(_states(cast, "alias:tracker/meter-reading/champion")) == 3


def test_a_state_seen_again_unchanged_is_known(cast: Cast) -> None:
    record_evidence(cast.bob, [an_observation("alias_move")], AT)
    later = an_observation("alias_move", hours=2, seen_by="2026-11-23T11:00:00Z")
    assert record_evidence(cast.bob, [later], AT).already_known == 1


def test_two_sources_may_say_the_same_event(cast: Cast) -> None:
    both = [an_observation("note", source=source) for source in ("ci", "lab")]
    assert record_evidence(cast.bob, both, AT).recorded == 2


def test_the_same_event_at_another_time_is_another_event(cast: Cast) -> None:
    both = [an_observation("evaluation", hours=hour) for hour in (-2, -1)]
    assert record_evidence(cast.bob, both, AT).recorded == 2


def test_bad_lines_are_named_and_good_ones_kept(cast: Cast) -> None:
    good = as_text(an_observation())
    text = f"{good}not json\n{as_text(an_observation('evaluation', value=True))}{good}"
    outcome = push_evidence(cast.bob, text, Defaults(), AT)
    assert [refusal.line for refusal in outcome.refused] == [2, 3]
    assert (outcome.recorded, outcome.already_known) == (1, 1)


def test_a_refused_line_is_not_recorded_by_another_line_of_its_subject(cast: Cast) -> None:
    lines = [an_observation(text="kept"), an_observation(text="lost", project="nowhere")]
    outcome = record_evidence(cast.bob, lines, AT)
    assert [refusal.line for refusal in outcome.refused] == [2]
    assert "There is no project 'nowhere'" in outcome.refused[0].reason
    assert outcome.recorded == 1
    assert Record.objects.get(workspace=cast.acme).payload == '{"text":"kept"}'


def test_a_source_may_name_a_project_we_do_not_have(cast: Cast) -> None:
    lines = [an_observation(project="nowhere")]
    outcome = record_evidence(cast.bob, lines, AT, may_lack_project=True)
    assert outcome.recorded == 1
    assert Subject.objects.get(workspace=cast.acme).project is None


def test_the_first_observation_that_names_a_project_places_the_subject(cast: Cast) -> None:
    first, second = a_project(cast.acme, "first"), a_project(cast.acme, "second")
    for project in (None, "first", "second"):
        line = an_observation(text=str(project), project=project)
        record_evidence(cast.bob, [line], AT)
    assert Subject.objects.get(workspace=cast.acme).project == first
    assert second.subjects.count() == 0


def test_a_project_subject_is_placed_by_its_name(cast: Cast) -> None:
    project = a_project(cast.acme)
    record_evidence(cast.bob, [an_observation("cost", subject="project:meter-reading")], AT)
    assert project.subjects.count() == 1


def test_the_project_of_another_workspace_is_no_project(cast: Cast) -> None:
    a_project(cast.other, "secret")
    outcome = record_evidence(cast.bob, [an_observation(project="secret")], AT)
    assert "the projects are none yet" in outcome.refused[0].reason


def test_evidence_from_the_future_is_refused_and_from_the_past_welcome(cast: Cast) -> None:
    lines = [an_observation(hours=25), an_observation(hours=23), an_observation(hours=-99_999)]
    outcome = record_evidence(cast.bob, lines, AT)
    assert [refusal.line for refusal in outcome.refused] == [1]
    assert outcome.recorded == 2


def test_the_same_evidence_in_two_workspaces_is_two_ledgers(cast: Cast) -> None:
    for actor in (cast.bob, cast.charlie):
        assert record_evidence(actor, [an_observation()], AT).recorded == 1
        assert ledger_head(actor).sequence == 1
    assert ledger_head(cast.bob).digest == ledger_head(cast.charlie).digest


def test_a_push_is_audited_with_the_head_it_made(cast: Cast) -> None:
    outcome = record_evidence(cast.bob, _history(), AT)
    entry = AuditEntry.objects.get(workspace=cast.acme, action="record_evidence")
    assert (entry.actor, entry.thing) == ("bob@example.com", f"records 1 to {EVERYTHING}")
    assert outcome.head_digest in entry.text


def test_nothing_new_leaves_no_audit_row(cast: Cast) -> None:
    record_evidence(cast.bob, [], AT)
    record_evidence(cast.bob, [an_observation(hours=99)], AT)
    assert not AuditEntry.objects.filter(action="record_evidence").exists()


@pytest.mark.parametrize("name", ["ana", "vera", "vic"])
def test_who_only_looks_records_nothing(cast: Cast, name: str) -> None:
    with pytest.raises(Refused):
        record_evidence(getattr(cast, name), [an_observation()], AT)
    assert not Record.objects.exists()


@pytest.mark.parametrize("name", ["alice", "mia", "bob"])
def test_who_works_here_records(cast: Cast, name: str) -> None:
    assert record_evidence(getattr(cast, name), [an_observation()], AT).recorded == 1


def test_more_subjects_than_one_query_takes(cast: Cast) -> None:
    runs = [a_run(f"r{number}", hours=-1) for number in range(1_203)]
    assert record_evidence(cast.bob, runs, AT).recorded == 1_203
    assert record_evidence(cast.bob, runs, AT).already_known == 1_203


def test_rows_are_written_in_batches(cast: Cast) -> None:
    record_evidence(cast.bob, [an_observation()], AT)
    for size in (5, 400):
        runs = [a_run(f"s{size}-{number}") for number in range(size)]
        with CaptureQueriesContext(connection) as queries:
            record_evidence(cast.bob, runs, AT)
        # SQLite takes 999 values a statement: some fifty rows of readings.
        assert len(queries) <= 22 + size / 12
