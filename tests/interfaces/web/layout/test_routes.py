"""What `route` gives to a view: the actor, the moment to look from, the frame."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.cast import AT, Cast
from tests.doors import browser_of

from headway.domain.accounts.models import Member, Workspace
from headway.errors import Invalid
from headway.interfaces.web.layout.routes import moment_of

PAGE = "/w/acme/settings/members/"


def test_a_day_is_looked_back_at_from_its_end() -> None:
    assert moment_of("2026-10-05", AT) == datetime(2026, 10, 5, 23, 59, 59, 999999, UTC)


@pytest.mark.parametrize("day", ["", "2026-11-23", "2999-01-01"])
def test_today_and_later_is_now(day: str) -> None:
    assert moment_of(day, AT) is None


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "2026-13-01", "'; --", "0"])
def test_no_day_is_a_bad_question(cast: Cast, day: str) -> None:
    with pytest.raises(Invalid, match="2026-03-31"):
        moment_of(day, AT)
    assert browser_of(cast.bob).get(PAGE, {"at": day}).status_code == 400


def test_a_view_knows_who_where_and_from_when(cast: Cast) -> None:
    request = browser_of(cast.bob).get(PAGE, {"at": "2020-01-01"}).wsgi_request
    assert request.actor == cast.bob
    assert request.place.slug == "acme"
    assert request.at == request.shell.at == datetime(2020, 1, 1, 23, 59, 59, 999999, UTC)
    assert not request.shell.pinned
    now = browser_of(cast.bob).get(PAGE).wsgi_request
    assert now.at is None


def test_a_pinned_sample_lives_at_its_own_moment(cast: Cast) -> None:
    pinned = datetime(2026, 10, 5, 12, tzinfo=UTC)
    Workspace.objects.filter(id=cast.acme.id).update(pinned_at=pinned)
    bob = browser_of(cast.bob)
    request = bob.get(PAGE).wsgi_request
    assert (request.at, request.now, request.shell.pinned) == (pinned, pinned, True)
    earlier = bob.get(PAGE, {"at": "2026-09-01"}).wsgi_request
    assert earlier.at == datetime(2026, 9, 1, 23, 59, 59, 999999, UTC)
    assert not earlier.shell.pinned
    assert bob.get(PAGE, {"at": "2026-12-01"}).wsgi_request.at == pinned


def test_the_method_that_is_not_declared_is_refused(cast: Cast) -> None:
    alice = browser_of(cast.alice)
    answer = alice.get(PAGE + "invite/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        assert alice.generic(method, PAGE).status_code == 405
    assert alice.head(PAGE).status_code == 200


def test_a_fragment_is_sent_to_sign_in_with_its_whole_page(db: None) -> None:
    from django.test import Client

    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/w/acme/programs/"}
    answer = Client().get(PAGE, headers=headers)
    assert answer.status_code == 204
    assert answer["HX-Redirect"] == "/accounts/login/?next=%2Fw%2Facme%2Fprograms%2F"


def test_after_a_post_one_does_not_come_back_to_the_post(db: None) -> None:
    from django.test import Client

    assert Client().post(PAGE + "invite/")["Location"] == "/accounts/login/"


def test_a_visit_is_noted_and_a_page_costs_few_queries(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    bob = browser_of(cast.bob)
    bob.get(PAGE)
    assert Member.objects.get(id=cast.bob.member_id).last_seen_at is not None
    with django_assert_max_num_queries(5):
        bob.get(PAGE)


def test_a_vendor_sees_no_places_but_home_and_settings(cast: Cast) -> None:
    request = browser_of(cast.vic).get("/w/acme/settings/").wsgi_request
    assert [place.key for place in request.shell.places] == ["home", "settings"]
