"""A clock is told when it starts, is near and is past; an obligation a month before it binds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.cast import AT, Cast

from headway.domain.accounts.queries import headway_actor
from headway.domain.compliance.actions import answer_law, open_incident, take_incident_step
from headway.domain.compliance.queries import AI_ACT
from headway.domain.compliance.rules.inputs import AnswerDraft, StepDraft
from headway.domain.notices.actions import tell_law
from headway.domain.notices.models import Notice
from headway.domain.programs.actions import create_system

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def told() -> list[tuple[str, str]]:
    rows = Notice.objects.select_related("member__user").order_by("made_at", "id")
    return [(str(row.member.user), row.sentence) for row in rows if row.member]


def test_a_clock_is_told_once_at_each_stage_until_it_is_reported(cast: Cast) -> None:
    house = headway_actor(cast.acme.id)
    create_system(cast.mia, {"name": "Scoring", "slug": "scoring"}, AT)
    values = {"title": "Wrong dose", "harm": "widespread", "owner": "bob@example.com"}
    key = open_incident(cast.bob, "scoring", values, AT).incident.key
    counts = [tell_law(house, AT + hours * DAY / 24) for hours in (1, 2, 25, 26, 49, 50)]
    assert counts == [1, 0, 1, 0, 1, 0]
    assert [who for who, _ in told()] == ["Bob"] * 3
    assert told()[2][1] == (
        "Wrong dose, Scoring: The report is 60 minutes overdue (2 days, Art. 73(3))."
    )
    take_incident_step(cast.bob, key, StepDraft("initial_report"), AT + 3 * DAY)
    assert tell_law(house, AT + 9 * DAY) == 0


def test_what_begins_to_bind_is_told_a_month_before_to_who_answers(cast: Cast) -> None:
    house = headway_actor(cast.acme.id)
    create_system(cast.mia, {"name": "Scoring", "slug": "scoring"}, AT)
    for question, value in {"roles": ["provider"], "annex-i": True}.items():
        answer_law(cast.mia, "scoring", AnswerDraft(AI_ACT, question, value, "So."), AT)
    binds = datetime(2028, 8, 2, 9, tzinfo=UTC)
    assert tell_law(house, binds - 31 * DAY) == 0
    assert tell_law(house, binds - 30 * DAY) == 2
    assert tell_law(house, binds - 29 * DAY) == 0
    assert {who for who, _ in told()} == {"Alice", "Mia"}
    assert told()[0][1].startswith("Scoring: from 2 Aug 2028 the law asks for Art. 9, Art. 10,")
