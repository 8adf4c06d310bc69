"""The page of notification preferences, what one is told on home, and the link in a mail."""

from __future__ import annotations

from django.conf import settings
from django.test import Client
from tests.cast import AT, Cast, a_program
from tests.doors import browser_of

from headway.domain.notices.actions import set_preferences, tell_member
from headway.domain.notices.queries import address_of_stop, preferences_of
from headway.domain.notices.rules import Kind, Telling

PAGE = "/w/acme/settings/notifications/"


def sent(**changes: object) -> dict[str, object]:
    """Return what the page sends when nothing was changed on it, but `changes`."""
    start = {f"how_{kind}": "weekly" if kind == Kind.BRIEF else "daily" for kind in Kind}
    return {
        **start,
        "mail_at": "07:30",
        "week_day": "0",
        "brief_at": "07:30",
        "quiet_brief": "on",
        "time_zone": "",
        "quiet_from": "20:00",
        "quiet_until": "07:00",
        "quiet_days": ["5", "6"],
        "version": "",
        **changes,
    }


def test_a_member_chooses_and_sees_it_again(cast: Cast) -> None:
    browser = browser_of(cast.bob)
    assert "Verdicts that changed" in browser.get(PAGE).content.decode()
    answer = browser.post(PAGE, sent(how_verdict="none", time_zone="Europe/Berlin"))
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    held = preferences_of(cast.bob)
    assert (held.hows["verdict"], held.zone, list(held.quiet_days)) == (
        "none",
        "Europe/Berlin",
        [5, 6],
    )
    assert "Times are of Europe/Berlin" in browser.get(PAGE).content.decode()


def test_what_does_not_fit_is_said_and_kept(cast: Cast) -> None:
    browser = browser_of(cast.bob)
    answer = browser.post(PAGE, sent(time_zone="Atlantis", quiet_days=list("0123456")))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "&#x27;Atlantis&#x27; is not known" in text
    assert "All seven days are quiet" in text
    assert preferences_of(cast.bob).version == 0


def test_a_stale_page_is_said_and_wins_when_sent_again(cast: Cast) -> None:
    set_preferences(cast.bob, {"mail_at": "08:00"}, AT)
    set_preferences(cast.bob, {"mail_at": "09:00"}, AT)
    browser = browser_of(cast.bob)
    answer = browser.post(PAGE, sent(version="1"))
    assert answer.status_code == 409
    assert 'name="version" value="2"' in answer.content.decode()
    assert browser.post(PAGE, sent(version="2")).status_code == 302


def test_home_tells_what_somebody_wrote_until_it_is_read(cast: Cast) -> None:
    assert cast.bob.member_id is not None
    a_program(cast.acme)
    telling = Telling(Kind.MENTION, "c1", "Mia asks <you>.", "programs/automation/")
    tell_member(cast.mia, cast.bob.member_id, telling, AT)
    browser = browser_of(cast.bob)
    text = browser.get("/w/acme/").content.decode()
    assert '<a href="/w/acme/programs/automation/">Mia asks &lt;you&gt;.</a>' in text
    browser.post("/w/acme/notices/read/")
    assert "Mia asks" not in browser.get("/w/acme/").content.decode()
    assert "Mia asks" not in browser_of(cast.alice).get("/w/acme/").content.decode()


def stop_of(cast: Cast, *kinds: Kind) -> str:
    assert cast.mia.member_id is not None
    return address_of_stop(cast.mia.member_id, kinds).removeprefix(settings.BASE_URL)


def test_a_look_at_the_link_stops_nothing_and_one_click_does(cast: Cast) -> None:
    address, stranger = stop_of(cast, Kind.VERDICT), Client(enforce_csrf_checks=True)
    assert "Stop these mails?" in stranger.get(address).content.decode()
    assert preferences_of(cast.mia).hows["verdict"] == "daily", "mail scanners follow links"
    answer = stranger.post(address, {"List-Unsubscribe": "One-Click"})
    assert "These mails are stopped" in answer.content.decode()
    assert preferences_of(cast.mia).hows["verdict"] == "none"
    stranger.post(address, {"again": "1"})
    assert preferences_of(cast.mia).hows["verdict"] == "daily"


def test_a_wrong_link_is_nothing(cast: Cast) -> None:
    address = stop_of(cast, Kind.VERDICT)
    assert Client().post(address[:-2] + "x/").status_code == 404
    assert preferences_of(cast.mia).version == 0
