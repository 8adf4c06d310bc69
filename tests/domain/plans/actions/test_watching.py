"""What would make an answer wrong is watched; it is told and marked, and nothing opens itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import AT, Cast
from tests.domain.assessments.fraud import TRIALS, a_judged_program, push_recall

from headway.domain.accounts.models import AuditEntry
from headway.domain.accounts.queries import headway_actor
from headway.domain.assessments.actions import watch_triggers
from headway.domain.assessments.queries.monday import monday_brief
from headway.domain.notices.actions import tell_reopenings
from headway.domain.notices.models import Notice
from headway.domain.plans.actions import (
    edit_item,
    keep_decision,
    make_forecast,
    reopen_decision,
    set_decision,
    take_decision,
    watch_decision,
)
from headway.domain.plans.models import Decision
from headway.domain.plans.queries import decision_named, outcomes_of
from headway.domain.programs.queries import program_named
from headway.errors import Conflict, Invalid, NotFound, Refused

pytestmark = pytest.mark.django_db

PLACE = ("fraud", "scope")
DAY = timedelta(days=1)
FASTER = {
    "key": "less",
    "name": "Do less",
    "changes": [{"item": "scores/A", "field": "estimate", "now": [10, 20, 30]}],
}
ASKED = {"question": "Do less?", "options": [FASTER], "owner": "ana@example.com"}


@pytest.fixture
def taken(cast: Cast) -> None:
    a_judged_program(cast)
    set_decision(cast.bob, *PLACE, ASKED, AT)
    take_decision(cast.mia, PLACE, "less", AT)


def watched(cast: Cast, at: object = AT, **trigger: object) -> int:
    watch_decision(cast.bob, PLACE, trigger, AT)
    return watch_triggers(headway_actor(cast.acme.id), "fraud", at)  # type: ignore[arg-type]


def said() -> str:
    return Decision.objects.get().reopen_said


def test_a_day_that_passes_is_said_the_day_after_once_and_opens_nothing(
    cast: Cast, taken: None
) -> None:
    until = AT.date() + DAY
    assert watched(cast, AT + DAY, day=until) == 0
    worker = headway_actor(cast.acme.id)
    assert watch_triggers(worker, "fraud", AT + 2 * DAY) == 1
    assert watch_triggers(worker, "fraud", AT + 3 * DAY) == 0
    row = Decision.objects.get()
    assert (row.state, row.reopen_said) == ("taken", "24 Nov 2026 has passed.")
    assert row.reopen_said_at == AT + 2 * DAY
    assert AuditEntry.objects.filter(action="say_reopen").count() == 1


def test_odds_below_the_line_are_said(cast: Cast, taken: None) -> None:
    make_forecast(cast.bob, "fraud", AT, trials=TRIALS)
    assert watched(cast, p_on_time_below=0.5) == 0
    edit_item(cast.bob, ("scores", "A"), {"estimate": "90 120 200"}, AT + DAY)
    make_forecast(cast.bob, "fraud", AT + DAY, trials=TRIALS)
    assert watched(cast, AT + DAY, p_on_time_below=0.5) == 1
    assert said().startswith("P(on time) is ")


def test_a_promise_that_evidence_does_not_meet_is_said(cast: Cast, taken: None) -> None:
    assert watched(cast, criterion="scores/recall") == 0  # no evidence is no failure
    push_recall(cast, "scores", 0.5)
    assert watched(cast, criterion="rules/recall") == 0
    assert watched(cast, criterion="scores/recall") == 1
    assert said() == "The promise scores/recall is unmet."


def test_an_open_decision_is_not_watched(cast: Cast) -> None:
    a_judged_program(cast)
    set_decision(cast.bob, *PLACE, {**ASKED, "reopen_on": {"day": "2026-01-01"}}, AT)
    worker = headway_actor(cast.acme.id)
    assert watch_triggers(worker, "fraud", AT) == 0
    take_decision(cast.mia, PLACE, "less", AT)
    assert watch_triggers(worker, "fraud", AT) == 1


def test_who_decides_is_told_once_and_home_asks(cast: Cast, taken: None) -> None:
    watched(cast, day="2026-01-01")
    worker = headway_actor(cast.acme.id)
    assert (tell_reopenings(worker, AT), tell_reopenings(worker, AT + DAY)) == (1, 0)
    told = Notice.objects.get(about__startswith="reopen ")
    assert told.member_id == cast.ana.member_id
    assert told.sentence == "Fraud: to be reopened? “Do less?” 1 Jan 2026 has passed."
    lines = [line for line in monday_brief(cast.vera, AT).open if "reopened" in line.title]
    assert [(line.title, line.word) for line in lines] == [
        ("To be reopened? Do less?", "trigger met")
    ]


def test_where_nobody_of_the_name_is_a_member_those_who_answer_are_told(cast: Cast) -> None:
    a_judged_program(cast)
    set_decision(cast.bob, *PLACE, {**ASKED, "owner": "the board"}, AT)
    take_decision(cast.mia, PLACE, "less", AT)
    watched(cast, day="2026-01-01")
    assert tell_reopenings(headway_actor(cast.acme.id), AT) == 2
    members = set(Notice.objects.values_list("member_id", flat=True))
    assert members == {cast.alice.member_id, cast.mia.member_id}


def test_letting_it_stand_ends_the_watch(cast: Cast, taken: None) -> None:
    watched(cast, day="2026-01-01")
    kept = keep_decision(cast.mia, PLACE, AT)
    assert (kept.state, kept.reopen_said, kept.trigger.sentence) == ("taken", "", "")
    assert watch_triggers(headway_actor(cast.acme.id), "fraud", AT + DAY) == 0


def test_opened_again_it_is_marked_no_longer_and_watched_once_taken(
    cast: Cast, taken: None
) -> None:
    watched(cast, day="2026-01-01")
    reopen_decision(cast.mia, *PLACE, AT)
    assert said() == ""
    worker = headway_actor(cast.acme.id)
    assert watch_triggers(worker, "fraud", AT) == 0
    take_decision(cast.mia, PLACE, "less", AT)
    assert watch_triggers(worker, "fraud", AT) == 1


def test_watching_is_for_planners_and_letting_stand_for_those_who_answer(
    cast: Cast, taken: None
) -> None:
    for actor in (cast.vera, cast.ana, cast.vic):
        with pytest.raises(Refused):
            watch_decision(actor, PLACE, {}, AT)
    with pytest.raises(Refused):
        keep_decision(cast.bob, PLACE, AT)
    with pytest.raises(Refused):
        watch_triggers(cast.vera, "fraud", AT)
    for act in (watch_decision(cast.bob, PLACE, {}, AT), None):
        assert act is None or act.trigger.sentence == ""
    with pytest.raises(NotFound):
        keep_decision(cast.charlie, PLACE, AT)


def test_a_stale_or_wrong_trigger_changes_nothing(cast: Cast, taken: None) -> None:
    with pytest.raises(Conflict):
        watch_decision(cast.bob, PLACE, {"day": "2027-01-01"}, AT, version=1)
    with pytest.raises(Invalid):
        watch_decision(cast.bob, PLACE, {"criterion": "recall"}, AT)
    assert Decision.objects.get().reopen_on == {}


def test_an_outcome_holds_what_was_promised_against_what_is_forecast(
    cast: Cast, taken: None
) -> None:
    program = program_named(cast.vera, "fraud")
    make_forecast(cast.bob, "fraud", AT, trials=10_000)
    (one,) = outcomes_of(cast.vera, program)
    assert one.answer == "Do less"
    assert one.promised is not None
    assert (one.days_p80, one.finish_p80) == (0, one.promised.finish_p80)
    edit_item(cast.bob, ("scores", "A"), {"estimate": "90 120 200"}, AT + DAY)
    make_forecast(cast.bob, "fraud", AT + DAY, trials=10_000)
    (later,) = outcomes_of(cast.vera, program)
    assert (later.days_p80 or 0) > 60
    assert later.promised == one.promised
    assert outcomes_of(cast.vera, program, AT - DAY) == []
    assert decision_named(cast.vera, program, "scope").state == "taken"
