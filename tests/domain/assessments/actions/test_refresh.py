"""A verdict that changed is written down once, with the evidence that changed it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import AT, Cast
from tests.domain.assessments.fraud import LATER, a_judged_program, push_recall

from headway.domain.assessments.actions import refresh_assessments
from headway.domain.assessments.models import Shift
from headway.domain.assessments.queries import recent_shifts
from headway.domain.assessments.rules import Dimension
from headway.errors import NotFound, Refused

pytestmark = pytest.mark.django_db

SOON = AT + timedelta(hours=1)


@pytest.fixture(autouse=True)
def fraud(cast: Cast) -> None:
    a_judged_program(cast)
    for project in ("rules", "scores"):
        push_recall(cast, project, 0.95)


def test_the_first_refresh_says_where_things_began(cast: Cast) -> None:
    written = refresh_assessments(cast.bob, "fraud", AT)
    shifts = recent_shifts(cast.vera, AT)
    # The program and two projects in each dimension, and one promise of each project.
    assert written == len(shifts) == 3 * len(Dimension) + 2
    assert {(one.old_verdict, one.old_level) for one in shifts} == {("", "")}
    assert {one.new_verdict for one in shifts if one.criterion} == {"met"}


def test_a_second_refresh_writes_nothing(cast: Cast) -> None:
    refresh_assessments(cast.bob, "fraud", AT)
    count = Shift.objects.count()
    assert refresh_assessments(cast.bob, "fraud", AT) == 0
    assert refresh_assessments(cast.bob, "fraud", SOON) == 0
    assert Shift.objects.count() == count


def test_a_failing_evaluation_shifts_its_promise_its_project_and_the_program(cast: Cast) -> None:
    refresh_assessments(cast.bob, "fraud", AT)
    record = push_recall(cast, "scores", 0.5, SOON)
    assert refresh_assessments(cast.bob, "fraud", SOON) == 3
    shifts = recent_shifts(cast.vera, SOON, since=AT)
    assert {(one.project, one.dimension, one.criterion) for one in shifts} == {
        ("scores", "quality", "recall"),
        ("scores", "quality", ""),
        ("", "quality", ""),
    }
    assert {(one.old_verdict, one.new_verdict) for one in shifts} == {("met", "unmet")}
    assert all(record in one.records for one in shifts)
    assert [one.records for one in shifts if one.project] == [[record], [record]]


def test_a_shift_back_is_told_too(cast: Cast) -> None:
    refresh_assessments(cast.bob, "fraud", AT)
    push_recall(cast, "scores", 0.5, SOON)
    refresh_assessments(cast.bob, "fraud", SOON)
    push_recall(cast, "scores", 0.97, SOON + timedelta(hours=1))
    assert refresh_assessments(cast.bob, "fraud", SOON + timedelta(hours=1)) == 3


def test_time_alone_can_shift_a_verdict(cast: Cast) -> None:
    refresh_assessments(cast.bob, "fraud", AT)
    refresh_assessments(cast.bob, "fraud", LATER + timedelta(days=300))
    fresh = recent_shifts(cast.vera, LATER + timedelta(days=300), since=AT)
    stale = [one for one in fresh if one.dimension == "schedule"]
    assert {one.new_verdict for one in stale} == {"stale"}


def test_only_who_may_sync_refreshes_and_only_at_home(cast: Cast) -> None:
    with pytest.raises(Refused):
        refresh_assessments(cast.vera, "fraud", AT)
    with pytest.raises(NotFound):
        refresh_assessments(cast.charlie, "fraud", AT)
    assert not Shift.objects.exists()
