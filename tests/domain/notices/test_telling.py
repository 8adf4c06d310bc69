"""Who is told of what by whom: never of one's own acts, never twice, never across a wall."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.cast import AT, Cast, a_program

from headway.domain.accounts.models import Member
from headway.domain.accounts.queries import headway_actor
from headway.domain.notices.actions import (
    read_notices,
    set_preferences,
    tell_decisions,
    tell_member,
    tell_reports,
)
from headway.domain.notices.models import Notice
from headway.domain.notices.queries import members_by_name, notices_of
from headway.domain.notices.rules import Kind, Telling
from headway.domain.people.actions import set_person
from headway.domain.plans.actions import set_decision
from headway.domain.programs.actions import create_program
from headway.domain.reports.actions import freeze_report
from headway.domain.reports.rules import PackDraft
from headway.errors import Invalid, NotFound, Refused

COMMENT = Telling(Kind.MENTION, "comment 1", "Mia wrote to you: look.", "projects/scores/")


def test_a_member_is_told_once_and_reads_it(cast: Cast) -> None:
    assert cast.bob.member_id is not None
    assert tell_member(cast.mia, cast.bob.member_id, COMMENT, AT)
    assert not tell_member(cast.mia, cast.bob.member_id, COMMENT, AT + timedelta(hours=1))
    (line,) = notices_of(cast.bob)
    assert (line.kind, line.sentence, line.link) == (
        Kind.MENTION,
        "Mia wrote to you: look.",
        "projects/scores/",
    )
    assert read_notices(cast.bob, AT) == 1
    assert notices_of(cast.bob)[0].is_read
    assert read_notices(cast.bob, AT) == 0


def test_nobody_is_told_of_their_own_acts(cast: Cast) -> None:
    assert cast.mia.member_id is not None
    assert not tell_member(cast.mia, cast.mia.member_id, COMMENT, AT)
    assert notices_of(cast.mia) == []


def test_nobody_is_told_of_what_their_role_may_not_see(cast: Cast) -> None:
    assert cast.vic.member_id is not None
    assert not tell_member(cast.mia, cast.vic.member_id, COMMENT, AT)
    with pytest.raises(Refused):
        tell_member(cast.vic, cast.vic.member_id, COMMENT, AT)


def test_nobody_of_another_workspace_can_be_told(cast: Cast) -> None:
    assert cast.charlie.member_id is not None
    with pytest.raises(NotFound):
        tell_member(cast.mia, cast.charlie.member_id, COMMENT, AT)
    assert not Notice.objects.exists()


def test_who_was_switched_off_is_not_told(cast: Cast) -> None:
    member = Member.objects.select_related("user").get(id=cast.bob.member_id)
    member.user.is_active = False
    member.user.save()
    assert not tell_member(cast.mia, member.id, COMMENT, AT)


@pytest.mark.parametrize(
    "telling",
    [
        Telling(Kind.MENTION, "", "Nothing names it."),
        Telling(Kind.MENTION, "x" * 121, "Its name is too long."),
        Telling(Kind.MENTION, "comment 2", "Its link is too long.", "x" * 501),
    ],
)
def test_what_could_not_be_found_again_is_refused(cast: Cast, telling: Telling) -> None:
    assert cast.bob.member_id is not None
    with pytest.raises(Invalid):
        tell_member(cast.mia, cast.bob.member_id, telling, AT)


def test_no_mail_waits_for_who_wants_none(cast: Cast) -> None:
    assert cast.bob.member_id is not None
    set_preferences(cast.bob, {"hows": {"mention": "none"}}, AT)
    tell_member(cast.mia, cast.bob.member_id, COMMENT, AT)
    assert Notice.objects.get().mail_after is None
    assert len(notices_of(cast.bob)) == 1, "the page tells it all the same"


def test_a_question_is_told_to_whoever_answers_it_once(cast: Cast) -> None:
    create_program(cast.alice, {"name": "Fraud"}, AT)
    set_person(cast.alice, "the-boss", {"name": "M. Boss", "email": "mia@example.com"}, AT)
    values = {"question": "Vendor B?", "owner": "the-boss", "due": date(2026, 12, 1)}
    set_decision(cast.alice, "fraud", "vendor", values, AT)
    worker = headway_actor(cast.acme.id)
    assert tell_decisions(worker, AT) == 1
    assert tell_decisions(worker, AT) == 0
    (line,) = notices_of(cast.mia)
    assert line.sentence == "Fraud: you decide, by 2026-12-01: Vendor B?"
    assert line.link == "programs/fraud/decisions/vendor/"
    assert notices_of(cast.alice) == []


def test_a_question_of_ones_own_and_one_for_a_stranger_are_not_told(cast: Cast) -> None:
    create_program(cast.alice, {"name": "Fraud"}, AT)
    set_decision(cast.mia, "fraud", "own", {"question": "Me?", "owner": "mia@example.com"}, AT)
    set_decision(cast.mia, "fraud", "far", {"question": "You?", "owner": "somebody"}, AT)
    assert tell_decisions(headway_actor(cast.acme.id), AT) == 0


def test_a_question_that_went_to_somebody_else_is_told_to_them(cast: Cast) -> None:
    create_program(cast.alice, {"name": "Fraud"}, AT)
    set_decision(cast.alice, "fraud", "vendor", {"question": "B?", "owner": "Mia"}, AT)
    worker = headway_actor(cast.acme.id)
    assert tell_decisions(worker, AT) == 1
    set_decision(cast.alice, "fraud", "vendor", {"owner": "Bob"}, AT)
    assert tell_decisions(worker, AT) == 1
    assert [line.kind for line in notices_of(cast.bob)] == [Kind.DECISION]


def test_a_report_is_told_to_all_who_answer_for_programs_but_its_author(cast: Cast) -> None:
    create_program(cast.alice, {"name": "Fraud"}, AT)
    freeze_report(cast.mia, "fraud", PackDraft(), AT)
    worker = headway_actor(cast.acme.id)
    assert tell_reports(worker, AT) == 1
    assert tell_reports(worker, AT + timedelta(days=1)) == 0
    assert [line.sentence for line in notices_of(cast.alice)] == ["Fraud: report 1 was frozen."]
    assert notices_of(cast.mia) == []


def test_a_name_stands_for_one_member_or_for_none(cast: Cast) -> None:
    set_person(cast.mia, "robert", {"name": "Robert B.", "email": "bob@example.com"}, AT)
    set_person(cast.mia, "mia", {"name": "Mia", "email": "alice@example.com"}, AT)
    set_person(cast.mia, "nobody", {"name": "No Body", "email": "away@example.com"}, AT)
    names = members_by_name(cast.alice)
    assert {names["robert"], names["robert b."], names["bob"], names["bob@example.com"]} == {
        cast.bob.member_id
    }
    assert "mia" not in names, "the roster calls Alice so, and Mia is called so"
    assert "no body" not in names
    assert "charlie@example.com" not in names


def test_only_headway_and_who_may_sync_watch(cast: Cast) -> None:
    a_program(cast.acme)
    for watch in (tell_decisions, tell_reports):
        with pytest.raises(Refused):
            watch(cast.vera, AT)
