"""The two-minute page in the browser: one's own, by link, stale, wrong, and taken back."""

from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest
from django.test import Client
from tests.cast import AT, Cast
from tests.domain.checkins.team import a_team, item
from tests.doors import browser_of

from headway import clock
from headway.domain.accounts.rules.guesses import PER_ADDRESS
from headway.domain.checkins.actions import issue_check_in_link
from headway.domain.checkins.models import CheckIn
from headway.domain.checkins.queries import answers_of
from headway.domain.people.actions import set_person
from headway.domain.plans.actions import edit_item
from headway.domain.plans.queries import history_of_item, latest_forecast
from headway.domain.programs.queries import program_named, project_named
from headway.interfaces.web.layout.middleware import SecretFilter

OWN = "/w/acme/people/bob/check-in/"


@pytest.fixture(autouse=True)
def team(cast: Cast) -> None:
    a_team(cast)


def sent(client: Client, address: str, **changes: object) -> dict[str, object]:
    """Return what the page at `address` sends when only `changes` were made on it.

    `train_left` is the likeliest of what is left of the item train, and so on.
    """
    text = client.get(address).content.decode()
    data: dict[str, object] = {}
    for tag in re.findall(r"<input[^>]*>", text):
        found = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if found.get("type") != "checkbox" or " checked" in tag:
            data[found.get("name", "")] = found.get("value", "on")
    places = {str(value): str(name).partition("-")[0] for name, value in data.items()}
    for name, value in changes.items():
        key, _, what = name.partition("_")
        place = places.get(f"scores/{key}")
        data[f"{place}-{what}" if place else name] = value
    data.pop("csrfmiddlewaretoken", None)
    data.pop("", None)
    return data


def test_everybody_finds_their_own(cast: Cast) -> None:
    answer = browser_of(cast.bob).get("/w/acme/check-in/")
    assert (answer.status_code, answer["Location"]) == (302, OWN)
    text = browser_of(cast.vera).get("/w/acme/check-in/").content.decode()
    assert "Nobody on the roster has your address." in text


def test_the_page_shows_todays_estimate_and_only_ones_own_work(cast: Cast) -> None:
    text = browser_of(cast.bob).get(OWN).content.decode()
    assert "the plan says 5/8/12" in text
    assert ">Train<" in text
    assert ">Ship<" in text
    assert "Label" not in text
    assert text.index("The plan has these begun") < text.index("Next")


def test_an_answer_moves_plan_and_forecast_and_is_taken_back(cast: Cast) -> None:
    browser, program = browser_of(cast.bob), program_named(cast.bob, "fraud")
    before = latest_forecast(cast.bob, program)
    data = sent(browser, OWN, train_started="on", train_high="90", line="Labels are slow.")
    answer = browser.post(OWN, data, follow=True)
    assert "Thank you: 1 item of the plan changed." in answer.content.decode()
    held = item(cast.bob, "train")
    assert list(held.remaining or ()) == [5, 8, 90]
    assert held.started == clock.now().date()
    after = latest_forecast(cast.bob, program)
    assert after is not None
    assert before is not None
    assert after.id != before.id
    (done,) = answers_of(cast.mia)
    assert done.line == "Labels are slow."
    undo = f"/w/acme/check-ins/{done.id}/undo/"
    assert undo in answer.content.decode()
    assert "as it was before" in browser.post(undo, follow=True).content.decode()
    assert item(cast.bob, "train").remaining is None
    assert answers_of(cast.mia) == []


def test_what_was_not_touched_is_no_change(cast: Cast) -> None:
    browser = browser_of(cast.bob)
    answer = browser.post(OWN, sent(browser, OWN), follow=True)
    assert "nothing changed, and that is known now" in answer.content.decode()
    assert item(cast.bob, "train").version == 1


def test_a_stale_answer_shows_both_and_wins_when_sent_again(cast: Cast) -> None:
    browser = browser_of(cast.bob)
    data = sent(browser, OWN, train_mid="7")
    edit_item(cast.mia, ("scores", "train"), {"estimate": [1, 2, 3]}, AT)
    answer = browser.post(OWN, data)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "with 1/2/3 days left now; you wrote 5/7/12" in text
    assert 'value="7"' in text
    assert list(item(cast.bob, "train").estimate or ()) == [1, 2, 3]
    again = {**data, **{k: "2" for k in data if k.endswith("-version") and data[k] == "1"}}
    place = next(k for k, v in data.items() if v == "scores/train").partition("-")[0]
    again = {**data, f"{place}-version": "2"}
    assert browser.post(OWN, again).status_code == 302
    assert list(item(cast.bob, "train").estimate or ()) == [5, 7, 12]


def test_what_does_not_fit_stands_beside_its_item_with_what_was_typed(cast: Cast) -> None:
    browser = browser_of(cast.bob)
    data = sent(browser, OWN, train_low="<b>99</b>", ship_mid="7", line="Kept.")
    answer = browser.post(OWN, data)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Train: " in text
    assert "&lt;b&gt;99&lt;/b&gt;" in text
    assert 'value="Kept."' in text
    assert list(item(cast.bob, "ship").estimate or ()) == [5, 8, 12], "all or nothing"


def test_a_day_to_come_is_refused(cast: Cast) -> None:
    browser = browser_of(cast.bob)
    tomorrow = (clock.now() + timedelta(days=2)).date().isoformat()
    data = sent(browser, OWN, **{"train_finished": "on", "train_finished-on": tomorrow})
    answer = browser.post(OWN, data)
    assert answer.status_code == 422
    assert "is to come" in answer.content.decode()


def test_only_they_and_who_runs_programs_see_it(cast: Cast) -> None:
    assert browser_of(cast.mia).get(OWN).status_code == 200
    for actor in (cast.vera, cast.ana, cast.vic):
        assert browser_of(actor).get(OWN).status_code == 403
    assert browser_of(cast.charlie).get(OWN).status_code == 404
    assert browser_of(cast.bob).get("/w/acme/people/dana/check-in/").status_code == 403


# --- by the link in a mail ------------------------------------------------------------------------


def ticket(cast: Cast) -> str:
    secret = issue_check_in_link(cast.mia, "dana", clock.now())
    return f"/check-in/{secret}/"


def test_a_link_opens_one_page_and_nothing_else(cast: Cast) -> None:
    stranger, address = Client(), ticket(cast)
    text = stranger.get(address).content.decode()
    assert "Dana Roe" in text
    assert "Label" in text
    assert "Train" not in text
    assert "dana@example.com" not in text
    for closed in ("/w/acme/", "/w/acme/people/", "/w/acme/people/dana/check-in/", "/profile/"):
        assert stranger.get(closed).status_code == 302
    assert not stranger.session.get("_auth_user_id")


def test_a_link_answers_once_with_the_person_as_author(cast: Cast) -> None:
    stranger, address = Client(), ticket(cast)
    answer = stranger.post(address, sent(stranger, address, label_high="30", line="85 a week."))
    text = answer.content.decode()
    assert "Thank you: 1 item of the plan changed." in text
    assert "The link is spent" in text
    versions = history_of_item(cast.mia, project_named(cast.mia, "scores"), "label")
    assert versions[0].author == "Dana Roe by one-time link"
    assert stranger.get(address).status_code == 409
    assert stranger.post(address, {"line": "Again."}).status_code == 409
    assert [one.line for one in answers_of(cast.mia)] == ["85 a week."]


def test_an_expired_link_opens_nothing(cast: Cast) -> None:
    secret = issue_check_in_link(cast.mia, "dana", clock.now() - timedelta(days=7, minutes=1))
    answer = Client().get(f"/check-in/{secret}/")
    assert answer.status_code == 409
    assert "has expired" in answer.content.decode()
    assert "Label" not in answer.content.decode()


def test_guesses_at_links_run_out(cast: Cast) -> None:
    stranger = Client(REMOTE_ADDR="203.0.113.9")
    seen = [stranger.get(f"/check-in/ci_{n:043}/").status_code for n in range(PER_ADDRESS)]
    assert seen[0] == 404
    assert seen[-1] == 429
    assert stranger.get(ticket(cast)).status_code == 429, "a right guess no longer counts either"
    assert Client(REMOTE_ADDR="203.0.113.10").get(ticket(cast)).status_code == 200


def test_another_site_cannot_send_the_form(cast: Cast) -> None:
    browser, address = Client(enforce_csrf_checks=True), ticket(cast)
    assert browser.post(address, {"line": "Forged."}).status_code == 403
    assert not CheckIn.objects.exclude(answered_at=None).exists()


def test_a_link_says_nothing_of_another_workspace(cast: Cast) -> None:
    set_person(cast.charlie, "zed", {"name": "Zed Zebra"}, AT)
    secret = issue_check_in_link(cast.charlie, "zed", clock.now())
    text = Client().get(f"/check-in/{secret}/").content.decode()
    assert "Zed Zebra" in text
    assert "Dana" not in text
    data = {"0-item": "scores/label", "0-low": "1", "0-mid": "1", "0-high": "1"}
    assert Client().post(f"/check-in/{secret}/", data).status_code == 404
    assert item(cast.mia, "label").version == 1


def test_a_link_s_page_is_kept_out_of_indexes_stores_and_logs(cast: Cast) -> None:
    address = ticket(cast)
    answer = Client().get(address)
    assert "noindex" in answer["X-Robots-Tag"]
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"
    record = logging.LogRecord("x", 30, "", 1, "%s: %s", ("Not Found", address), None)
    assert SecretFilter().filter(record)
    assert record.getMessage() == "Not Found: /check-in/…/"
