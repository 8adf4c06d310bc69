"""Placing evidence that no project claimed."""

from __future__ import annotations

from uuid import uuid4

import pytest
from tests.cast import AT, Cast, a_project
from tests.domain.evidence.payloads import a_run, an_observation

from headway.domain.accounts.models import AuditEntry
from headway.domain.evidence.actions import place_subject, record_evidence
from headway.domain.evidence.models import Subject
from headway.domain.evidence.queries import unplaced_subjects
from headway.errors import NotFound, Refused


@pytest.fixture
def inbox(cast: Cast) -> Cast:
    """Two subjects in Acme's inbox, one of them with two records."""
    a_project(cast.acme)
    lines = [a_run("r1", hours=-2), an_observation(), an_observation(hours=-1)]
    record_evidence(cast.bob, lines, AT)
    return cast


def _unplaced(cast: Cast) -> list[tuple[str, int]]:
    return sorted((line.text, line.records) for line in unplaced_subjects(cast.vera))


def test_the_inbox_counts_what_waits(inbox: Cast) -> None:
    assert _unplaced(inbox) == [("model:meter-reading@3", 2), ("run:tracker/r1", 1)]


def test_a_placed_subject_leaves_the_inbox_and_may_come_back(inbox: Cast) -> None:
    subject = Subject.objects.get(workspace=inbox.acme, kind="run")
    place_subject(inbox.bob, subject.id, "meter-reading", AT)
    assert _unplaced(inbox) == [("model:meter-reading@3", 2)]
    place_subject(inbox.bob, subject.id, "", AT)
    assert len(_unplaced(inbox)) == 2


def test_placing_is_audited(inbox: Cast) -> None:
    subject = Subject.objects.get(workspace=inbox.acme, kind="run")
    place_subject(inbox.bob, subject.id, "meter-reading", AT)
    entry = AuditEntry.objects.get(workspace=inbox.acme, action="place_subject")
    assert (entry.thing, '"after":"meter-reading"' in entry.text) == ("run:tracker/r1", True)


def test_no_subject_and_no_project_of_another_workspace(inbox: Cast) -> None:
    a_project(inbox.other, "theirs")
    record_evidence(inbox.charlie, [a_run("r1")], AT)
    ours = Subject.objects.get(workspace=inbox.acme, kind="run")
    theirs = Subject.objects.get(workspace=inbox.other)
    for subject_id, slug in ((theirs.id, "meter-reading"), (ours.id, "theirs"), (uuid4(), "")):
        with pytest.raises(NotFound):
            place_subject(inbox.bob, subject_id, slug, AT)
    assert [line.text for line in unplaced_subjects(inbox.charlie)] == ["run:tracker/r1"]


@pytest.mark.parametrize("name", ["ana", "vera", "vic"])
def test_who_only_looks_places_nothing(inbox: Cast, name: str) -> None:
    subject = Subject.objects.get(workspace=inbox.acme, kind="run")
    with pytest.raises(Refused):
        place_subject(getattr(inbox, name), subject.id, "meter-reading", AT)
