"""The registry alarm: raised when an alias moves past its gate, told once, over when they agree."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import AT, Cast
from tests.domain.evidence.payloads import an_observation
from tests.domain.gates.standing_before import DAY, HOUR, Before, before_a_gate, recall

from headway.domain.accounts.queries import headway_actor
from headway.domain.assessments.models import Shift
from headway.domain.assessments.queries.monday import monday_brief
from headway.domain.evidence.actions import record_evidence
from headway.domain.gates.actions import (
    add_gate_template,
    decide_gate,
    open_gates,
    refresh_promotions,
)
from headway.domain.gates.queries import promotion_lines, standing_alarms
from headway.domain.notices.actions import tell_shifts
from headway.domain.notices.models import Notice
from headway.observation import instant

RULES = """
key: last
name: Last
stages:
  live:
    requirements:
      - key: recall
        name: Recall
        rule: {evidence: evaluation, about: "model:{model}@{version}", where: {metric: recall},
          at_least: 0.9, bind: [version]}
"""
GO = {"outcome": "go"}


@pytest.fixture
def before(cast: Cast) -> Before:
    """Put a gate before live, too."""
    found = before_a_gate(cast)
    add_gate_template(cast.alice, RULES, AT)
    open_gates(cast.mia, found.release, "last", AT)
    return found


def look(cast: Cast, at: datetime) -> int:
    """Do what the worker does."""
    house = headway_actor(cast.acme.id)
    count = refresh_promotions(house, at)
    tell_shifts(house, at)
    return count


def move(cast: Cast, version: str | None, before: str | None, at: datetime) -> None:
    """Let a look that ended at `at` find @champion elsewhere than the look an hour before."""
    seen = {"seen_after": instant(at - HOUR), "seen_by": instant(at)}
    told = an_observation(
        "alias_move",
        subject="alias:lab/screen/champion",
        hours=(at - AT) / HOUR,
        project="screening",
        model="screen",
        version=version,
        from_version=before,
        **seen,
    )
    assert record_evidence(cast.bob, [told], at).recorded == 1


def live_gate(cast: Cast, release: object) -> object:
    return next(
        one.id
        for one in open_gates(cast.mia, release, "last", AT)  # type: ignore[arg-type]
        if one.stage == "live"
    )


@pytest.mark.django_db
class TestTheRegistryAlarm:
    def test_it_rings_once_with_the_interval_and_stands_on_the_first_page(
        self, before: Before
    ) -> None:
        cast = before.cast
        recall(cast)
        move(cast, "1", None, AT + DAY)
        assert look(cast, AT + DAY) == 1
        assert look(cast, AT + DAY + HOUR) == 0
        (shift,) = Shift.objects.filter(criterion__startswith="promotion:")
        assert (shift.old_verdict, shift.new_verdict) == ("not_applicable", "unmet")
        assert shift.sentence == (
            "@champion of screen points to version 1: it moved between 24 Nov 2026, 08:00 UTC and "
            "24 Nov 2026, 09:00 UTC; its gate to live never passed."
        )
        told = Notice.objects.filter(shift=shift)
        assert {one.member.user.name for one in told if one.member} == {"Alice", "Mia"}
        brief = monday_brief(cast.mia, AT + DAY + HOUR)
        assert shift.sentence in [one.sentence for one in brief.shifts]
        assert [one.sentence for one in standing_alarms(cast.vera)] == [shift.sentence]
        assert not standing_alarms(cast.vera, AT + HOUR)
        assert not standing_alarms(cast.charlie)
        assert not promotion_lines(cast.charlie, AT + DAY)

    def test_the_gate_that_lets_it_through_ends_it(self, before: Before) -> None:
        cast = before.cast
        recall(cast)
        move(cast, "1", None, AT + DAY)
        look(cast, AT + DAY)
        decide_gate(cast.alice, live_gate(cast, before.release), GO, AT + 2 * DAY)  # type: ignore[arg-type]
        look(cast, AT + 2 * DAY)
        assert not standing_alarms(cast.mia)
        (line,) = promotion_lines(cast.mia, AT + 2 * DAY)
        assert line.assessment.verdict == "met"
        assert "It had moved before that" in line.assessment.sentence
        as_it_was = promotion_lines(cast.mia, AT + DAY, known_at=AT + DAY)
        assert [one.is_alarm for one in as_it_was] == [True]

    def test_moving_the_alias_back_ends_it_and_moving_it_on_rings_anew(
        self, before: Before
    ) -> None:
        cast = before.cast
        recall(cast)
        decide_gate(cast.alice, live_gate(cast, before.release), GO, AT + HOUR)  # type: ignore[arg-type]
        recall(cast, version=2)
        move(cast, "1", None, AT + DAY)
        move(cast, "2", "1", AT + 2 * DAY)
        look(cast, AT + 2 * DAY)
        assert "version 2" in standing_alarms(cast.mia)[0].sentence
        move(cast, "1", "2", AT + 3 * DAY)
        assert look(cast, AT + 3 * DAY) == 2  # the one ended, the other is met
        assert not standing_alarms(cast.mia)
        ended = Shift.objects.filter(old_verdict="unmet").get()
        assert ended.sentence.startswith("It points there no more.")
        move(cast, None, "1", AT + 4 * DAY)
        assert not promotion_lines(cast.mia, AT + 4 * DAY)[0].what  # nothing serves any more
        move(cast, "2", None, AT + 5 * DAY)
        look(cast, AT + 5 * DAY)
        assert len(standing_alarms(cast.mia)) == 1

    def test_more_models_take_no_more_queries(self, before: Before) -> None:
        cast = before.cast
        counts = []
        for number in (1, 5):
            told = [
                an_observation(
                    "deployment",
                    subject=f"deployment:screen/{place}@{place}",
                    project="screening",
                    model="screen",
                    version=str(place),
                    environment=str(place),
                )
                for place in range(number)
            ]
            record_evidence(cast.bob, told, AT)
            recall(cast, version=number)
            with CaptureQueriesContext(connection) as queries:
                assert len(promotion_lines(cast.vera, AT)) == number
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 16
