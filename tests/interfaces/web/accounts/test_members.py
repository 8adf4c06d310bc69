"""The members page: everybody sees who is here; owners invite, change and remove."""

from __future__ import annotations

import re

from django.core import mail
from django.test import Client
from tests.cast import AT, Cast
from tests.doors import browser_of

from headway.domain.accounts.queries import actor_for_user, members_page
from headway.domain.accounts.rules import Function, Role

PAGE = "/w/acme/settings/members/"


def test_everybody_sees_who_is_here_and_only_owners_may_change_it(cast: Cast) -> None:
    seen = browser_of(cast.vera).get(PAGE).content.decode()
    assert "6 members" in seen
    assert "mia@example.com" in seen
    assert "Invite somebody" not in seen
    assert "<form" not in seen.split("<main")[1].split("</main>")[0]
    assert "Invite somebody" in browser_of(cast.alice).get(PAGE).content.decode()


def test_an_invitation_shows_its_link_once_and_the_link_works(cast: Cast) -> None:
    alice = browser_of(cast.alice)
    data = {"email": "new@example.com", "role": "approver", "functions": ["legal", "privacy"]}
    page = alice.post(PAGE + "invite/", data).content.decode()
    (link,) = re.findall(r"http://127\.0\.0\.1:8000(/start/in_[\w-]+/)", page)
    assert link not in alice.get(PAGE).content.decode()
    client = Client()
    client.post(link, {"name": "Nora", "password": "seven green bottles"})
    actor = actor_for_user(client.session["_auth_user_id"], "acme")
    assert (actor.role, actor.functions) == (Role.APPROVER, {Function.LEGAL, Function.PRIVACY})


def test_an_invitation_is_mailed_when_mail_is_set_up(cast: Cast, settings: object) -> None:
    data = {"email": "new@example.com", "role": "viewer"}
    browser_of(cast.alice).post(PAGE + "invite/", data)
    assert mail.outbox == []
    settings.MAIL_IS_SET = True
    page = browser_of(cast.alice).post(PAGE + "invite/", data)
    (message,) = mail.outbox
    assert message.to == ["new@example.com"]
    assert "http://127.0.0.1:8000/start/in_" in message.body
    assert b"It was mailed to new@example.com" in page.content


def test_when_the_mail_cannot_be_sent_the_link_is_still_there(cast: Cast, settings: object) -> None:
    settings.MAIL_IS_SET = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    data = {"email": "new@example.com", "role": "viewer"}
    page = browser_of(cast.alice).post(PAGE + "invite/", data)
    assert b"Pass this link to new@example.com yourself" in page.content


def test_a_bad_invitation_is_explained_and_makes_nothing(cast: Cast) -> None:
    answer = browser_of(cast.alice).post(PAGE + "invite/", {"email": "no", "role": "king"})
    assert answer.status_code == 422
    assert members_page(cast.alice, AT).invitations == []


def test_a_new_role_counts_from_the_next_request(cast: Cast) -> None:
    bob = browser_of(cast.bob)
    assert bob.get("/w/acme/settings/audit/").status_code == 403
    browser_of(cast.alice).post(f"{PAGE}{cast.bob.member_id}/role/", {"role": "manager"})
    assert bob.get("/w/acme/settings/audit/").status_code == 200


def test_a_removed_member_is_out_at_the_next_request_and_can_come_back(cast: Cast) -> None:
    bob, alice = browser_of(cast.bob), browser_of(cast.alice)
    assert bob.get(PAGE).status_code == 200
    answer = alice.post(f"{PAGE}{cast.bob.member_id}/remove/")
    assert answer["Location"] == PAGE
    assert bob.get(PAGE).status_code == 404
    assert b"No workspace yet" in bob.get("/").content
    page = alice.post(PAGE + "invite/", {"email": "bob@example.com", "role": "viewer"})
    link = re.search(rb"/start/in_[\w-]+/", page.content)
    assert link is not None
    bob.post(link[0].decode())
    assert bob.get(PAGE).status_code == 200


def test_a_choice_that_the_page_does_not_offer_is_refused_with_words(cast: Cast) -> None:
    alice = browser_of(cast.alice)
    answer = alice.post(f"{PAGE}{cast.bob.member_id}/role/", {"role": "king"})
    assert answer.status_code == 400
    assert b"king is not one of the available choices" in answer.content
    last = alice.post(f"{PAGE}{cast.alice.member_id}/role/", {"role": "viewer"})
    assert (last.status_code, b"last owner" in last.content) == (409, True)


def test_the_workspace_gets_another_name_and_keeps_its_address(cast: Cast) -> None:
    alice = browser_of(cast.alice)
    alice.post("/w/acme/settings/name/", {"name": "Acme Energy"})
    assert b"Acme Energy" in alice.get(PAGE).content


def test_names_are_text_not_markup(cast: Cast) -> None:
    bob = browser_of(cast.bob)
    bob.post("/profile/", {"name": "<script>alert(1)</script>"})
    page = browser_of(cast.alice).get(PAGE).content
    assert b"<script>alert" not in page
    assert b"&lt;script&gt;alert" in page
