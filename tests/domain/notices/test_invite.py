"""Invitations by mail: with the entry for a calendar, once, and never to a meeting that moved."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import AT, Cast
from tests.domain.forums.reader import read_calendar
from tests.domain.forums.test_meetings import FIRST, HOUR, a_forum
from tests.peers.mail_server import Postbox

from headway.domain.accounts.queries import headway_actor
from headway.domain.forums.actions import move_meeting, open_meeting, set_forum
from headway.domain.forums.queries import meeting_page
from headway.domain.notices.actions import invite_to_meeting, send_notices
from headway.domain.people.actions import set_person
from headway.domain.programs.queries import program_named
from headway.errors import Conflict, NotFound, Refused


@pytest.mark.django_db
class TestInvitations:
    def test_members_with_an_address_get_the_entry_for_their_calendar_once(
        self, cast: Cast, postbox: Postbox
    ) -> None:
        a_forum(cast)
        set_person(cast.mia, "zoe", {"name": "Zoe Z"}, AT)
        set_forum(cast.mia, "fraud", "weekly", {"members": ["bob", "zoe"]}, AT - HOUR)
        assert invite_to_meeting(cast.mia, FIRST, AT) == 1
        assert invite_to_meeting(cast.mia, FIRST, AT) == 0
        house = headway_actor(cast.acme.id)
        assert send_notices(house, AT) == 1
        assert send_notices(house, AT) == 0
        [(to, mail)] = postbox.arrived
        assert to == ["bob@example.com"]
        [part] = [one for one in mail.walk() if one.get_content_type() == "text/calendar"]
        assert part.get_param("method") == "REQUEST"
        assert part.get_filename() == "weekly-1.ics"
        content = part.get_content().replace("\r\n", "\n").replace("\n", "\r\n")
        [event] = read_calendar(content).events
        assert event["SUMMARY"].text == "Weekly, Fraud"
        assert event["ORGANIZER"].text == "mailto:mia@example.com"
        assert event["ATTENDEE"].text == "mailto:bob@example.com"

    def test_a_moved_meeting_is_invited_to_anew_and_the_old_invitation_is_not_sent(
        self, cast: Cast, postbox: Postbox
    ) -> None:
        a_forum(cast)
        invite_to_meeting(cast.mia, FIRST, AT - HOUR)
        start = AT + timedelta(days=1)
        move_meeting(cast.mia, FIRST, start, AT - HOUR)
        house = headway_actor(cast.acme.id)
        assert send_notices(house, AT) == 0
        assert invite_to_meeting(cast.mia, FIRST, AT) == 1
        assert send_notices(house, AT) == 1
        assert len(postbox.arrived) == 1
        page = meeting_page(cast.mia, program_named(cast.mia, "fraud"), ("weekly", 1))
        assert page.meeting.sequence == 1

    def test_a_name_forges_no_header(self, cast: Cast, postbox: Postbox) -> None:
        a_forum(cast)
        set_forum(cast.mia, "fraud", "weekly", {"name": "Weekly\nBcc: eve@example.com"}, AT - HOUR)
        invite_to_meeting(cast.mia, FIRST, AT)
        send_notices(headway_actor(cast.acme.id), AT)
        [(to, mail)] = postbox.arrived
        assert to == ["bob@example.com"]
        assert mail["Bcc"] is None

    def test_nobody_is_invited_to_what_began_or_without_a_mail_server(
        self, cast: Cast, postbox: Postbox
    ) -> None:
        a_forum(cast)
        open_meeting(cast.mia, FIRST, AT)
        with pytest.raises(Conflict):
            invite_to_meeting(cast.mia, FIRST, AT)

    def test_who_may_not_plan_invites_nobody(self, cast: Cast, postbox: Postbox) -> None:
        a_forum(cast)
        with pytest.raises(Refused):
            invite_to_meeting(cast.vera, FIRST, AT)
        with pytest.raises(NotFound):
            invite_to_meeting(cast.charlie, FIRST, AT)


@pytest.mark.django_db
def test_without_a_mail_server_it_says_what_to_do(cast: Cast) -> None:
    a_forum(cast)
    with pytest.raises(Conflict, match="download"):
        invite_to_meeting(cast.mia, FIRST, AT)
