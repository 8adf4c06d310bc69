"""`headway rebuild`: equal after every kind of record, or it says that it is not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import AT, Cast, a_project
from tests.domain.evidence.payloads import GOOD, an_observation

from headway.domain.accounts.rules import Actor
from headway.domain.evidence.actions import place_subject, record_evidence
from headway.domain.evidence.models import Reading, Record, Subject
from headway.domain.evidence.queries import projection_export
from headway.domain.installation.actions import rebuild_projections


def record(actor: Actor, kind: str, *, project: str | None = None) -> None:
    outcome = record_evidence(actor, [an_observation(kind, project=project)], AT)
    assert (outcome.recorded, list(outcome.refused)) == (1, [])


@pytest.mark.parametrize("kind", sorted(GOOD))
def test_a_rebuild_after_a_record_of_each_kind_is_equal_byte_for_byte(
    cast: Cast, kind: str
) -> None:
    record(cast.bob, kind)
    before = "\n".join(projection_export(cast.alice)).encode()
    acme, other = rebuild_projections()
    assert (acme.workspace, acme.records, acme.is_equal) == ("acme", 1, True)
    assert (other.records, other.is_equal) == (0, True)
    assert "\n".join(projection_export(cast.alice)).encode() == before


def test_a_rebuild_after_all_kinds_and_a_move_is_equal(cast: Cast) -> None:
    a_project(cast.acme, "meter-reading")
    for kind in GOOD:
        record(cast.bob, kind)
    for subject in Subject.objects.filter(workspace=cast.acme, project=None)[:2]:
        place_subject(cast.bob, subject.id, "meter-reading", AT + timedelta(hours=1))
    first, again = rebuild_projections()[0], rebuild_projections()[0]
    assert first.is_equal
    assert first.after == again.after
    assert first.records == Record.objects.count() >= len(GOOD)


def test_a_projection_that_drifted_is_said_and_mended(cast: Cast) -> None:
    record(cast.bob, "evaluation")
    record(cast.charlie, "evaluation")
    Reading.objects.filter(record__workspace=cast.acme).update(value=0.999)
    acme, other = rebuild_projections()
    assert not acme.is_equal
    assert other.is_equal
    assert rebuild_projections()[0].is_equal


def test_a_projection_that_is_gone_comes_back(cast: Cast) -> None:
    record(cast.bob, "run")
    before = list(projection_export(cast.alice))
    Reading.objects.all().delete()
    assert list(projection_export(cast.alice)) != before
    assert not rebuild_projections()[0].is_equal
    assert list(projection_export(cast.alice)) == before
