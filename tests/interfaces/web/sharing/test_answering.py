"""The page of a one-time link: the question for whoever holds it, and a wall for everybody else."""

from __future__ import annotations

import io
import logging
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils.log import configure_logging
from tests.cast import AT, Cast
from tests.domain.sharing.asked import ASKED, PLACE, a_question, secret_in
from tests.doors import browser_of

from headway import clock
from headway.domain.plans.actions import set_decision
from headway.domain.plans.models import Decision
from headway.domain.sharing.actions import ask_by_link
from headway.domain.sharing.models import DecisionLink
from headway.interfaces.web.layout.middleware import SecretFilter

pytestmark = pytest.mark.django_db

PAGE = "/w/acme/programs/fraud/decisions/vendor-b/"


@pytest.fixture
def page(cast: Cast) -> str:
    """Return the path of a link that Mia made for Ines, and that works now."""
    a_question(cast)
    values = {"name": "Ines Okafor", "email": "ines@example.com"}
    asked = ask_by_link(cast.mia, PLACE, values, clock.now())
    return f"/answer/{secret_in(asked.address)}/"


def version() -> str:
    return str(Decision.objects.get(key="vendor-b").version)


def answered(page: str, client: Client | None = None, **sent: str) -> int:
    data = {"option": "vendor", "version": version(), **sent}
    return (client or Client()).post(page, data).status_code


class TestReading:
    def test_it_shows_the_question_each_option_with_its_effect_and_the_cost_of_waiting(
        self, page: str
    ) -> None:
        text = Client().get(page).content.decode()
        for words in (
            "Vendor B for the labels?",
            "Labels arrive late.",
            "Mia asks you, Ines Okafor, to decide for Fraud",
            "Add vendor B",
            "Label: remaining becomes 10/15/20 days",
            "recommended",
            "One more week of waiting adds",
            "Ines Okafor by one-time link",
        ):
            assert words in text, words

    def test_no_address_of_anybody_stands_in_it(self, page: str) -> None:
        assert "@" not in Client().get(page).content.decode()

    def test_it_is_sealed_and_leaves_no_cookie_that_opens_anything(self, page: str) -> None:
        response = Client().get(page)
        assert response["Referrer-Policy"] == "no-referrer"
        assert "noindex" in response["X-Robots-Tag"]
        assert "no-store" in response["Cache-Control"]
        assert settings.SESSION_COOKIE_NAME not in response.cookies
        assert 'name="robots"' in response.content.decode()

    def test_nothing_on_it_leads_into_the_workspace(self, page: str) -> None:
        assert "/w/" not in Client().get(page).content.decode()

    def test_opening_it_however_often_spends_nothing(self, page: str) -> None:
        assert {Client().get(page).status_code for _ in range(30)} == {200}
        assert Client().head(page).status_code == 200
        assert DecisionLink.objects.get().used_at is None


class TestAnswering:
    def test_an_answer_is_recorded_once_and_then_the_link_is_dead(self, page: str) -> None:
        response = Client().post(
            page, {"option": "vendor", "version": version(), "reason": "Labels are late."}
        )
        assert response.status_code == 200
        assert "Recorded: Add vendor B" in response.content.decode()
        assert response["Referrer-Policy"] == "no-referrer"
        assert answered(page) == 404
        assert Client().get(page).status_code == 404
        row = Decision.objects.get(key="vendor-b")
        assert (row.chosen, row.reason) == ("vendor", "Labels are late.")

    def test_it_needs_no_cookie_and_no_token_of_a_form(self, page: str) -> None:
        client = Client(enforce_csrf_checks=True)
        sent = {"option": "vendor", "version": version()}
        # What a browser sends from a page that tells no referrer.
        assert client.post(page, sent, headers={"Origin": "null"}).status_code == 200

    def test_whoever_is_signed_in_answers_as_the_link_says_not_as_themselves(
        self, cast: Cast, page: str
    ) -> None:
        assert answered(page, browser_of(cast.vera)) == 200
        assert Decision.objects.get().taken_by == "Ines Okafor by one-time link"

    def test_without_a_choice_the_page_comes_back_with_what_was_typed(self, page: str) -> None:
        response = Client().post(page, {"version": version(), "reason": "Because."})
        assert response.status_code == 422
        assert "Because." in response.content.decode()
        assert Decision.objects.get().state == "open"

    def test_a_question_that_changed_since_it_was_shown_is_shown_again_first(
        self, cast: Cast, page: str
    ) -> None:
        old = version()
        more = [*ASKED["options"], {"key": "both", "name": "Do both"}]
        set_decision(cast.bob, *PLACE, {"options": more}, AT + timedelta(hours=1))
        text = Client().get(page).content.decode()
        assert "The question changed since you were asked" in text
        response = Client().post(page, {"option": "vendor", "version": old})
        assert response.status_code == 409
        assert "Do both" in response.content.decode()
        assert Decision.objects.get().state == "open"
        assert answered(page, option="both") == 200

    @pytest.mark.parametrize("sent", ["", "x", "1e9", "-1", "9" * 30])
    def test_no_version_or_nonsense_answers_nothing(self, page: str, sent: str) -> None:
        assert answered(page, version=sent) == 422
        assert Decision.objects.get().state == "open"


class TestGuessing:
    def test_guesses_stop_and_then_even_the_right_link_waits(self, page: str) -> None:
        codes = [Client().get(f"/answer/an_guess{number}/").status_code for number in range(30)]
        assert codes.count(404) <= 20
        assert codes[-1] == 429
        assert Client().get(page).status_code == 429
        assert answered(page) == 429
        assert Client(REMOTE_ADDR="192.0.2.1").get(page).status_code == 200

    def test_who_comes_late_with_a_right_link_is_no_guesser(self, page: str) -> None:
        DecisionLink.objects.update(expires_at=AT - timedelta(days=30))
        assert {Client().get(page).status_code for _ in range(40)} == {404}

    def test_unknown_expired_taken_back_and_used_look_the_same(self, page: str) -> None:
        def seen(path: str) -> tuple[int, str, str]:
            response = Client().get(path)
            text = response.content.decode().replace(response["X-Request-ID"], "")
            return response.status_code, text, str(response["X-Robots-Tag"])

        unknown = seen("/answer/an_nonsense/")
        for change in (
            {"expires_at": AT - timedelta(days=30)},
            {"revoked_at": AT},
            {"used_at": AT},
        ):
            link = DecisionLink.objects.get()
            DecisionLink.objects.update(**change)
            assert seen(page) == unknown
            link.save()
        assert Client().get(page).status_code == 200


class TestLogs:
    def test_no_log_holds_a_secret(self, page: str) -> None:
        configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)
        root, log = logging.getLogger(), io.StringIO()
        (handler,) = (one for one in root.handlers if isinstance(one, logging.StreamHandler))
        before = handler.stream
        handler.stream = log
        try:
            Client().post(page, {"option": "vendor", "version": "99"})
            Client().get("/answer/an_guessed-right-tomorrow/")
            Client().get("/start/in_an-invitation/")
        finally:
            handler.stream = before
        said = log.getvalue()
        assert said.count("/answer/…") == 2
        assert secret_in(page) not in said
        assert "guessed" not in said
        assert "an-invitation" not in said

    def test_what_is_no_secret_is_logged_as_it_was(self) -> None:
        record = logging.LogRecord("x", 30, "", 1, "%s: %s, %d", ("Not Found", "/w/acme/", 3), None)
        assert SecretFilter().filter(record)
        assert record.getMessage() == "Not Found: /w/acme/, 3"


class TestAsking:
    def test_a_link_is_made_on_the_decision_s_page_shown_once_and_taken_back(
        self, cast: Cast
    ) -> None:
        a_question(cast)
        mia = browser_of(cast.mia)
        assert "Ask by link" in mia.get(PAGE).content.decode()
        assert "Ask by a one-time link" in mia.get(f"{PAGE}ask/").content.decode()
        made = mia.post(f"{PAGE}ask/", {"name": "Ines Okafor", "until": ""}).content.decode()
        assert "/answer/an_" in made
        text = mia.get(PAGE).content.decode()
        assert "Asked by link" in text
        assert "/answer/" not in text
        link = DecisionLink.objects.get()
        assert mia.post(f"{PAGE}links/{link.id}/revoke/").status_code == 302
        assert "taken back" in mia.get(PAGE).content.decode()

    def test_what_is_wrong_is_said_and_makes_nothing(self, cast: Cast) -> None:
        a_question(cast)
        mia = browser_of(cast.mia)
        for sent in ({"name": ""}, {"name": "I", "email": "x"}, {"name": "I", "until": "2020-1-1"}):
            assert mia.post(f"{PAGE}ask/", sent).status_code == 422
        past = mia.post(f"{PAGE}ask/", {"name": "I", "until": "2020-01-01"})
        assert past.status_code == 422
        assert "choose a day" in past.content.decode()
        assert not DecisionLink.objects.exists()

    def test_who_was_asked_is_named_as_who_decided(self, cast: Cast, page: str) -> None:
        answered(page)
        text = browser_of(cast.vera).get(PAGE).content.decode()
        assert "Ines Okafor by one-time link" in text
        assert "ines@example.com" not in text

    def test_an_approver_who_is_named_finds_the_button_and_nobody_else_does(
        self, cast: Cast
    ) -> None:
        a_question(cast)
        assert "Choose<" in browser_of(cast.ana).get(PAGE).content.decode()
        assert "Choose<" not in browser_of(cast.bob).get(PAGE).content.decode()
        sent = {"option": "wait", "version": version()}
        assert browser_of(cast.ana).post(f"{PAGE}take/", sent).status_code == 302
        assert Decision.objects.get().taken_by == "ana@example.com"
