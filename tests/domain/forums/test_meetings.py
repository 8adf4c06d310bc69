"""Forums: planned by their rhythm, opened with the brief's own numbers, closed for good."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cast import AT, Cast
from tests.domain.forums.reader import read_calendar
from tests.domain.plans.actions.test_decisions import ASKED, a_plan

from headway.domain.accounts.models import Member
from headway.domain.accounts.rules import Actor
from headway.domain.assessments.queries import program_brief
from headway.domain.forums.actions import (
    close_meeting,
    drop_minute,
    make_feed,
    move_meeting,
    open_meeting,
    plan_meeting,
    restore_minute,
    revoke_feed,
    set_forum,
    write_minute,
)
from headway.domain.forums.models import CalendarFeed, Minute
from headway.domain.forums.queries import (
    MeetingPage,
    calendar_for,
    forum_named,
    invitation,
    meeting_page,
    meetings_of,
)
from headway.domain.forums.rules import ForumFacts, MinuteDraft, next_start
from headway.domain.people.actions import set_person
from headway.domain.plans.actions import add_item, make_forecast, set_decision
from headway.domain.plans.queries import decision_named, latest_forecast, odds_bridge
from headway.domain.programs.queries import program_named
from headway.domain.risks.actions import close_action, set_action, set_blocker, set_risk
from headway.domain.risks.queries import action_named, actions_of, blockers_of, risk_named, risks_of
from headway.errors import Conflict, Invalid, NotFound, Refused

HOUR, WEEK = timedelta(hours=1), timedelta(days=7)
FORUM = {
    "name": "Weekly",
    "kind": "weekly",
    "members": ["bob"],
    "first_on": "2026-11-23",
    "hour": "10:00",
    "time_zone": "Europe/Berlin",
    "every_weeks": 1,
    "minutes": 30,
    "place": "Room 4",
}
FIRST = ("fraud", "weekly", 1)


def a_forum(cast: Cast, **values: object) -> ForumFacts:
    """Set up Fraud's plan, Bob on the roster, and a forum two weeks ago."""
    a_plan(cast)
    set_person(cast.mia, "bob", {"name": "Bob B", "email": "bob@example.com"}, AT)
    return set_forum(cast.mia, "fraud", "", {**FORUM, **values}, AT - HOUR)


def page_of(cast: Cast, at: datetime | None = None, number: int = 1) -> MeetingPage:
    program = program_named(cast.vera, "fraud", at)
    return meeting_page(cast.vera, program, ("weekly", number), at)


@given(
    st.dates(date(2020, 1, 1), date(2035, 1, 1)),
    st.times(),
    st.sampled_from(["", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia"]),
    st.integers(1, 8),
    st.integers(0, 16 * 366 * 24),
)
def test_the_next_meeting_lies_ahead_on_the_forums_own_clock(
    first: date, hour: time, zone: str, weeks: int, after: int
) -> None:
    moment = datetime(2020, 1, 1, tzinfo=UTC) + after * HOUR
    forum = ForumFacts(
        *(uuid4(), uuid4(), uuid4(), "f", "F", "weekly", [], first),
        *(hour.replace(second=0, microsecond=0, tzinfo=None, fold=0), zone, weeks, 30, "", None, 1),
    )
    found = next_start(forum, moment)
    assert found > moment
    local = found.astimezone(ZoneInfo(zone or "UTC"))
    # An hour that the clock leaves out is the one after it; Apia left out a whole day.
    early = (found - timedelta(hours=25)).astimezone(ZoneInfo(zone or "UTC"))
    exact = local.time() == forum.hour and (local.date() - first).days % (7 * weeks) == 0
    assert exact or early.utcoffset() != local.utcoffset()
    assert found - moment <= timedelta(weeks=weeks, days=1) or local.date() - first < WEEK


@pytest.mark.django_db
class TestPlanning:
    def test_setting_up_a_forum_plans_its_first_meeting(self, cast: Cast) -> None:
        forum = a_forum(cast)
        [meeting] = meetings_of(cast.vera, forum)
        assert meeting.starts_at == datetime(2026, 11, 23, 9, tzinfo=UTC)
        assert (meeting.number, meeting.state, meeting.sequence) == (1, "planned", 0)

    @pytest.mark.parametrize(
        "values",
        [
            {"members": ["nobody"]},
            {"hour": "25:00"},
            {"time_zone": "Mars/Olympus"},
            {"every_weeks": 0},
            {"minutes": 1.5},
            {"first_on": ""},
            {"kind": "party"},
            {"name": ""},
        ],
    )
    def test_a_forum_that_cannot_meet_is_refused(
        self, cast: Cast, values: dict[str, object]
    ) -> None:
        with pytest.raises(Invalid):
            a_forum(cast, **values)

    def test_a_new_rhythm_moves_what_is_planned_and_renews_its_invitation(self, cast: Cast) -> None:
        forum = a_forum(cast)
        before = page_of(cast)
        set_forum(cast.mia, "fraud", "weekly", {"hour": "14:00"}, AT - HOUR, version=forum.version)
        after = page_of(cast)
        assert after.meeting.starts_at - before.meeting.starts_at == timedelta(hours=4)
        assert (after.meeting.id, after.meeting.sequence) == (before.meeting.id, 1)

    def test_a_moved_meeting_keeps_its_uid_and_raises_its_sequence(self, cast: Cast) -> None:
        a_forum(cast)
        files = []
        for hours in (0, 3):
            if hours:
                start = page_of(cast).meeting.starts_at + hours * HOUR
                move_meeting(cast.mia, FIRST, start, AT)
            text = invitation(cast.mia, page_of(cast), "https://h.example/m", AT).text
            files += read_calendar(text).events
        assert files[0]["UID"] == files[1]["UID"]
        assert [one["SEQUENCE"].text for one in files] == ["0", "1"]
        assert files[0]["DTSTART"] != files[1]["DTSTART"]
        assert files[0]["ATTENDEE"].text == "mailto:bob@example.com"
        assert files[0]["ORGANIZER"].text == "mailto:mia@example.com"

    def test_one_meeting_is_planned_at_a_time(self, cast: Cast) -> None:
        a_forum(cast)
        with pytest.raises(Conflict):
            plan_meeting(cast.mia, "fraud", "weekly", AT)

    def test_a_year_mistyped_is_asked_about(self, cast: Cast) -> None:
        a_forum(cast)
        with pytest.raises(Invalid, match="check the year"):
            move_meeting(cast.mia, FIRST, AT + timedelta(days=5_000), AT)


@pytest.mark.django_db
class TestAgenda:
    def test_a_weekly_says_the_briefs_numbers_and_keeps_them(self, cast: Cast) -> None:
        a_forum(cast)
        set_blocker(cast.mia, "fraud", "gate", {"name": "No key", "since": "2026-11-10"}, AT)
        set_action(cast.mia, "fraud", "call", {"name": "Call", "due": "2026-11-20"}, AT)
        make_forecast(cast.mia, "fraud", AT)
        at = AT + HOUR
        open_meeting(cast.mia, FIRST, at)
        agenda = page_of(cast).agenda
        assert agenda is not None
        brief = program_brief(cast.mia, program_named(cast.mia, "fraud"), agenda.since, at)
        by_title = {section.title: section for section in agenda.sections}
        [blocker] = by_title["Blockers"].lines
        assert (blocker.key, blocker.days) == ("gate", brief.blockers[0].week_days)
        assert f"{brief.blockers[0].age_days} working days" in blocker.words
        [action] = by_title["Overdue actions"].lines
        assert f"{brief.actions[0].days_overdue} days overdue" in action.words
        set_blocker(cast.mia, "fraud", "gate", {"name": "Other words"}, at)
        assert page_of(cast).agenda == agenda

    def test_a_steering_committee_sees_odds_bridge_decisions_and_risks(self, cast: Cast) -> None:
        a_forum(cast, kind="steering")
        set_decision(cast.mia, "fraud", "vendor", ASKED, AT)
        for key, chance in (("small", 0.1), ("large", 0.9)):
            risk = {"name": key, "probability": chance, "delay": [10, 20, 30]}
            set_risk(cast.mia, "fraud", key, risk, AT)
        make_forecast(cast.mia, "fraud", AT)
        at = AT + HOUR
        open_meeting(cast.mia, FIRST, at)
        agenda = page_of(cast).agenda
        assert agenda is not None
        brief = program_brief(cast.mia, program_named(cast.mia, "fraud"), agenda.since, at)
        odds, why, decisions, risks, _ = agenda.sections
        assert odds.lines[-1].by == brief.finish_p80.now or brief.problem
        assert [one.days for one in why.lines] == [one.days_p80 for one in brief.bridge]
        [waiting] = decisions.lines
        assert (waiting.key, waiting.days) == ("vendor", brief.decisions[0].waiting_days)
        assert [one.key for one in risks.lines] == ["large", "small"]

    def test_a_change_board_sees_what_changes_the_plan_and_what_was_added(self, cast: Cast) -> None:
        a_forum(cast, kind="change_board")
        set_decision(cast.mia, "fraud", "vendor", ASKED, AT)
        set_decision(cast.mia, "fraud", "name", {"question": "What name?"}, AT)
        open_meeting(cast.mia, FIRST, AT + HOUR)
        first = page_of(cast).agenda
        assert first is not None
        assert [one.key for one in first.sections[0].lines] == ["vendor"]
        close_meeting(cast.mia, FIRST, ["bob"], AT + 2 * HOUR)
        add_item(cast.mia, "scores", "audit", {"name": "Audit", "estimate": [1, 2, 3]}, AT + WEEK)
        open_meeting(cast.mia, ("fraud", "weekly", 2), AT + WEEK + HOUR)
        second = page_of(cast, number=2).agenda
        assert second is not None
        assert second.since == AT + HOUR
        assert [one.key for one in second.sections[1].lines] == ["scores/audit"]


@pytest.mark.django_db
class TestMinutes:
    def held(self, cast: Cast) -> None:
        a_forum(cast)
        set_decision(cast.mia, "fraud", "vendor", ASKED, AT)
        open_meeting(cast.mia, FIRST, AT + HOUR)

    def write(self, actor: Actor, **values: object) -> str:
        draft = MinuteDraft(**values)  # type: ignore[arg-type]
        return write_minute(actor, FIRST, draft, AT + 2 * HOUR).key

    def test_an_action_stands_in_the_register_with_the_meeting_as_its_source(
        self, cast: Cast
    ) -> None:
        self.held(cast)
        key = self.write(cast.mia, sort="action", words="Call the vendor", who="bob")
        action = action_named(cast.vera, program_named(cast.vera, "fraud"), key)
        assert (action.source_kind, action.source_key) == ("forum", "weekly/1")
        assert Minute.objects.get().words == ""
        close_action(cast.bob, ("fraud", key), "done", AT + 3 * HOUR)
        [line] = page_of(cast).lines
        assert (line.words, line.who, line.state) == ("Call the vendor", "bob", "done")

    def test_a_risk_and_a_blocker_land_in_their_registers(self, cast: Cast) -> None:
        self.held(cast)
        risk = self.write(cast.mia, sort="risk", words="Labels late", who="bob", probability=0.4)
        blocker = self.write(cast.mia, sort="blocker", words="No key", who="IT")
        program = program_named(cast.vera, "fraud")
        assert risk_named(cast.vera, program, risk).probability == 0.4
        [held] = blockers_of(cast.vera, program, AT.date())
        assert (held.key, held.waits_for, held.since) == (blocker, "IT", AT.date())

    def test_a_decision_taken_in_a_meeting_moves_the_forecast_and_stands_in_the_bridge(
        self, cast: Cast
    ) -> None:
        self.held(cast)
        make_forecast(cast.mia, "fraud", AT + HOUR)
        before = latest_forecast(cast.mia, program_named(cast.mia, "fraud"))
        self.write(cast.mia, sort="decided", decision="vendor", option="vendor", words="Too slow.")
        at = AT + 3 * HOUR
        make_forecast(cast.mia, "fraud", at)
        program = program_named(cast.mia, "fraud")
        after = latest_forecast(cast.mia, program)
        assert before is not None
        assert after is not None
        assert (after.finish("p80") or AT.date()) < (before.finish("p80") or AT.date())
        lines = odds_bridge(cast.mia, program, AT + HOUR, at).lines
        assert any("Add vendor B" in line.sentence for line in lines)
        [line] = page_of(cast).lines
        assert line.state == "taken: Add vendor B"
        assert decision_named(cast.vera, program, "vendor").reason == "Too slow."

    def test_a_deferred_decision_waits_until_then_and_asks_no_new_question(
        self, cast: Cast
    ) -> None:
        self.held(cast)
        self.write(cast.mia, sort="deferred", decision="vendor", by=date(2026, 12, 7))
        program = program_named(cast.vera, "fraud")
        assert decision_named(cast.vera, program, "vendor").due == date(2026, 12, 7)
        with pytest.raises(NotFound):
            self.write(cast.mia, sort="deferred", decision="vendr", by=date(2026, 12, 7))
        with pytest.raises(Invalid):
            self.write(cast.mia, sort="deferred", decision="vendor", by=AT.date())

    @pytest.mark.parametrize(
        "values",
        [
            {"sort": "note"},
            {"sort": "action"},
            {"sort": "risk", "words": " "},
            {"sort": "risk", "words": "No chance given"},
            {"sort": "blocker"},
            {"sort": "decided", "decision": "vendor", "option": "none"},
            {"sort": "rumour", "words": "x"},
            {"words": "x" * 2_001},
        ],
    )
    def test_a_line_that_says_too_little_lands_nowhere(
        self, cast: Cast, values: dict[str, object]
    ) -> None:
        self.held(cast)
        with pytest.raises(Invalid):
            self.write(cast.mia, **values)
        program = program_named(cast.vera, "fraud")
        assert not Minute.objects.exists()
        assert not actions_of(cast.vera, program)
        assert not risks_of(cast.vera, program)

    def test_closing_freezes_the_minutes_and_plans_the_next_meeting(self, cast: Cast) -> None:
        self.held(cast)
        self.write(cast.mia, words="All well.")
        [line] = page_of(cast).lines
        close_meeting(cast.mia, FIRST, "bob, Somebody Else", AT + 3 * HOUR)
        closed = page_of(cast).meeting
        assert (closed.state, closed.present) == ("closed", ["bob", "Somebody Else"])
        for attempt in (
            lambda: self.write(cast.mia, words="More."),
            lambda: drop_minute(cast.mia, line.id, AT),
            lambda: open_meeting(cast.mia, FIRST, AT),
            lambda: close_meeting(cast.mia, FIRST, [], AT),
            lambda: move_meeting(cast.mia, FIRST, AT + WEEK, AT),
        ):
            with pytest.raises(Conflict):
                attempt()
        assert page_of(cast, number=2).meeting.starts_at == closed.starts_at + WEEK

    def test_a_line_is_taken_out_and_put_back_and_what_it_stood_for_stays(self, cast: Cast) -> None:
        self.held(cast)
        key = self.write(cast.mia, sort="action", words="Call")
        [line] = page_of(cast).lines
        version = drop_minute(cast.mia, line.id, AT + 2 * HOUR)
        assert page_of(cast).lines == []
        assert action_named(cast.vera, program_named(cast.vera, "fraud"), key).is_open
        restore_minute(cast.mia, line.id, version, AT + 2 * HOUR)
        assert [one.key for one in page_of(cast).lines] == [key]

    def test_it_reads_as_of_then(self, cast: Cast) -> None:
        self.held(cast)
        self.write(cast.mia, words="Then.")
        close_meeting(cast.mia, FIRST, [], AT + 3 * HOUR)
        then = page_of(cast, AT + 90 * timedelta(minutes=1))
        assert (then.meeting.state, then.lines) == ("held", [])

    def test_a_viewer_reads_and_does_not_write_and_strangers_find_nothing(self, cast: Cast) -> None:
        self.held(cast)
        with pytest.raises(Refused):
            self.write(cast.vera, words="Hello.")
        with pytest.raises(NotFound):
            self.write(cast.charlie, words="Hello.")
        with pytest.raises(Refused):
            open_meeting(cast.vera, FIRST, AT)
        with pytest.raises(Refused):
            meeting_page(cast.vic, program_named(cast.mia, "fraud"), ("weekly", 1))
        with pytest.raises(NotFound):
            meeting_page(cast.charlie, program_named(cast.mia, "fraud"), ("weekly", 1))

    def test_a_contributor_does_not_take_a_decision_by_way_of_the_minutes(self, cast: Cast) -> None:
        self.held(cast)
        with pytest.raises(Refused):
            self.write(cast.bob, sort="decided", decision="vendor", option="vendor")
        assert decision_named(cast.vera, program_named(cast.vera, "fraud"), "vendor").is_open


@pytest.mark.django_db
class TestCalendars:
    def summaries(self, secret: str) -> list[str]:
        calendar, _ = calendar_for(secret, "https://h.example", AT)
        return [event["SUMMARY"].text for event in read_calendar(calendar.text).events]

    def test_a_feed_shows_the_meetings_of_ones_own_forums_and_no_others(self, cast: Cast) -> None:
        a_forum(cast)
        set_forum(cast.mia, "fraud", "", {**FORUM, "name": "Board", "members": []}, AT)
        assert self.summaries(make_feed(cast.bob, AT)) == ["Weekly, Fraud"]
        assert self.summaries(make_feed(cast.vera, AT)) == []

    def test_it_shows_what_its_owner_may_see_now(self, cast: Cast) -> None:
        a_forum(cast)
        secret = make_feed(cast.bob, AT)
        set_forum(cast.mia, "fraud", "weekly", {"members": []}, AT)
        assert self.summaries(secret) == []
        Member.objects.filter(id=cast.bob.member_id).update(role="vendor")
        with pytest.raises(NotFound):
            self.summaries(secret)
        Member.objects.filter(id=cast.bob.member_id).delete()
        with pytest.raises(NotFound):
            self.summaries(secret)

    def test_a_revoked_or_guessed_secret_opens_nothing(self, cast: Cast) -> None:
        a_forum(cast)
        first = make_feed(cast.bob, AT)
        second = make_feed(cast.bob, AT)
        assert len(second) > 40
        for secret in (first, second[:-1], "", "x"):
            with pytest.raises(NotFound):
                self.summaries(secret)
        assert not CalendarFeed.objects.filter(secret_hash__contains=second[4:20]).exists()
        revoke_feed(cast.bob, AT)
        with pytest.raises(NotFound):
            self.summaries(second)
        with pytest.raises(NotFound):
            revoke_feed(cast.bob, AT)

    def test_the_forum_is_found_by_who_may_see_it(self, cast: Cast) -> None:
        forum = a_forum(cast)
        assert forum_named(cast.vera, program_named(cast.vera, "fraud"), "weekly").id == forum.id
