"""One's own account: where to go, the name, the sessions, the second factor."""

from __future__ import annotations

from django.test import Client
from tests.cast import AT, Cast, a_member
from tests.doors import browser_of

from headway.domain.accounts.models import Member
from headway.domain.accounts.rules import Role

PASSWORD = "seven green bottles"


def signed_in(email: str = "pat@example.com", **extra: str) -> Client:
    client = Client(**extra)
    client.post("/accounts/login/", {"login": email, "password": PASSWORD})
    assert "_auth_user_id" in client.session
    return client


def test_with_one_workspace_one_is_there_at_once(cast: Cast) -> None:
    assert browser_of(cast.bob).get("/")["Location"] == "/w/acme/"


def test_with_several_one_chooses(cast: Cast) -> None:
    Member.objects.create(
        workspace=cast.other, user_id=cast.bob.user_id, role=Role.VIEWER, joined_at=AT
    )
    page = browser_of(cast.bob).get("/").content
    assert b'href="/w/acme/"' in page
    assert b'href="/w/other/"' in page


def test_a_name_is_changed(cast: Cast) -> None:
    bob = browser_of(cast.bob)
    assert bob.post("/profile/", {"name": "Robert"})["Location"] == "/profile/"
    assert b'value="Robert"' in bob.get("/profile/").content
    assert bob.post("/profile/", {"name": " "}).status_code == 422


def test_a_session_is_listed_and_can_be_ended_from_another(cast: Cast) -> None:
    a_member(cast.acme, "Pat", Role.VIEWER, password=PASSWORD)
    home = signed_in(REMOTE_ADDR="192.0.2.1", HTTP_USER_AGENT="Firefox at home")
    cafe = signed_in(REMOTE_ADDR="198.51.100.7", HTTP_USER_AGENT="Somebody else's")
    sessions = home.get("/profile/").context["sessions"]
    assert [session.ip for session in sessions] == ["192.0.2.1", "198.51.100.7"]
    home.post(f"/profile/sessions/{sessions[1].pk}/end/")
    assert cafe.get("/profile/").status_code == 302
    assert home.get("/profile/").status_code == 200


def test_all_other_sessions_end_at_one_click(cast: Cast) -> None:
    a_member(cast.acme, "Pat", Role.VIEWER, password=PASSWORD)
    home, *others = (signed_in() for _ in range(4))
    home.post("/profile/sessions/end/")
    assert [client.get("/profile/").status_code for client in others] == [302] * 3
    assert home.get("/profile/").status_code == 200


def test_nobody_ends_somebody_else_s_session(cast: Cast) -> None:
    a_member(cast.acme, "Pat", Role.VIEWER, password=PASSWORD)
    pat = signed_in()
    (session,) = pat.get("/profile/").context["sessions"]
    assert browser_of(cast.alice).post(f"/profile/sessions/{session.pk}/end/").status_code == 404
    assert pat.get("/profile/").status_code == 200


def test_a_new_password_signs_out_everywhere_else(cast: Cast) -> None:
    a_member(cast.acme, "Pat", Role.VIEWER, password=PASSWORD)
    home, cafe = signed_in(), signed_in()
    new = "eight green bottles"
    data = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert home.post("/accounts/password/change/", data).status_code == 302
    assert cafe.get("/profile/").status_code == 302


def test_the_session_gets_another_id_at_sign_in(cast: Cast) -> None:
    a_member(cast.acme, "Pat", Role.VIEWER, password=PASSWORD)
    client = Client()
    client.get("/accounts/login/")
    session = client.session
    session["seen"] = "before"
    session.save()
    before = session.session_key
    client.post("/accounts/login/", {"login": "pat@example.com", "password": PASSWORD})
    assert client.session.session_key != before


def test_somebody_switched_off_is_out_at_the_next_request(cast: Cast) -> None:
    bob = browser_of(cast.bob)
    assert bob.get("/w/acme/settings/members/").status_code == 200
    Member.objects.get(id=cast.bob.member_id).user.__class__.objects.filter(
        id=cast.bob.user_id
    ).update(is_active=False)
    assert bob.get("/w/acme/settings/members/")["Location"].startswith("/accounts/login/")


def test_the_second_factor_is_set_up_with_a_code_and_gives_recovery_codes(cast: Cast) -> None:
    from allauth.mfa.totp.internal.auth import (
        format_hotp_value,
        hotp_value,
        yield_hotp_counters_from_time,
    )

    a_member(cast.acme, "Pat", Role.VIEWER, password=PASSWORD)
    pat = signed_in()
    asked = pat.get("/accounts/2fa/totp/activate/")["Location"]
    assert asked.startswith("/accounts/reauthenticate/"), "the password is asked for once more"
    pat.post(asked, {"password": PASSWORD})
    page = pat.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    assert b"data:image/svg+xml" in page.content
    codes = [format_hotp_value(hotp_value(secret, n)) for n in yield_hotp_counters_from_time()]
    answer = pat.post("/accounts/2fa/totp/activate/", {"code": codes[0]})
    assert answer["Location"] == "/accounts/2fa/recovery-codes/"
    recovery = pat.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
    assert len(recovery) == 10
    fresh = Client()
    data = {"login": "pat@example.com", "password": PASSWORD}
    assert fresh.post("/accounts/login/", data)["Location"] == "/accounts/2fa/authenticate/"
    assert fresh.get("/profile/").status_code == 302
    fresh.post("/accounts/2fa/authenticate/", {"code": recovery[0]})
    assert fresh.get("/profile/").status_code == 200
