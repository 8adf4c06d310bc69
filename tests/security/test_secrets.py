"""A source's credential is nowhere but in its one encrypted column."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.test import Client
from pytest_django.fixtures import Settings
from tests.cast import AT, Cast, a_token
from tests.doors import browser_of
from tests.peers.fault_server import Asked, Exchange, FaultServer, serving

from headway.domain.accounts.rules import Scope
from headway.domain.installation.queries import configuration, doctor
from headway.domain.sources.actions import add_source, edit_source, sync_due, sync_source
from headway.domain.sources.models import Source
from headway.domain.sources.rules import SourceDraft, reveal
from headway.errors import HeadwayError, Invalid

TOKEN = "t0ken-of-the-tracker"
WEBHOOK = "whsec_of-the-webhook"
#: In the clear, and as basic authentication and careless code would write it.
TRACES = [TOKEN, WEBHOOK, base64.b64encode(TOKEN.encode()).decode()[:-2]]


@pytest.fixture
def server(settings: Settings) -> Iterator[FaultServer]:
    with serving() as running:
        settings.OUTBOUND_ALLOWED = f"127.0.0.1:{running.port}"
        yield running


@pytest.fixture
def tracker(cast: Cast, server: FaultServer) -> SourceDraft:
    draft = SourceDraft("mlflow", "tracker", server.url, secret=TOKEN, webhook_secret=WEBHOOK)
    add_source(cast.mia, draft, AT)
    return draft


def traces_in(text: str) -> list[str]:
    return [trace for trace in TRACES if trace in text]


def whole_database() -> str:
    """Return every value of every row, bytes as text: what a dump or a backup holds."""
    lines = []
    for model in apps.get_models():
        for row in model._default_manager.values_list():
            words = (bytes(v) if isinstance(v, memoryview | bytes) else v for v in row)
            lines.append(" ".join(map(str, words)))
    return "\n".join(lines)


def echo(status: int) -> object:
    """Return a server that says back whatever credentials it was given."""

    def answer(exchange: Exchange, asked: Asked) -> None:
        said = asked.headers["authorization"]
        body = json.dumps({"error_code": said, "message": f"{said} is wrong"}).encode()
        exchange.reply(status, body, {"X-Echo": said, "WWW-Authenticate": said})

    return answer


@pytest.mark.parametrize("status", [200, 302, 400, 401, 403, 404, 500])
def test_a_server_that_says_the_credential_back_finds_no_listener(
    cast: Cast,
    server: FaultServer,
    tracker: SourceDraft,
    status: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    server.answer = echo(status)  # type: ignore[assignment]
    with caplog.at_level(logging.INFO):  # the lowest level that is kept
        failures = [str(one) for one in sync_due(cast.mia, AT) if isinstance(one, HeadwayError)]
    assert server.asked[0].headers["authorization"] == f"Bearer {TOKEN}", "it was really sent"
    assert len(failures) == (status != 200)
    assert traces_in(" ".join(failures) + caplog.text) == []
    assert traces_in(whole_database()) == []
    assert traces_in(repr(doctor(AT))) == []


def test_no_table_holds_it_and_the_key_opens_the_one_column(
    cast: Cast, tracker: SourceDraft
) -> None:
    assert traces_in(whole_database()) == []
    row = Source.objects.get()
    assert row.secret is not None
    assert row.webhook_secret is not None
    assert reveal(bytes(row.secret), django_settings.SOURCE_KEY) == TOKEN
    assert reveal(bytes(row.webhook_secret), django_settings.SOURCE_KEY) == WEBHOOK
    with pytest.raises(Invalid, match="another installation") as caught:
        reveal(bytes(row.secret), base64.urlsafe_b64encode(b"x" * 32))
    assert traces_in(str(caught.value)) == []


def test_no_page_and_no_answer_shows_it(cast: Cast, tracker: SourceDraft) -> None:
    token = a_token(cast.alice, Scope.ADMIN)
    program = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
    said = [
        Client().get(f"/api/v1/{path}", **program)
        for path in ("sources", "sources/tracker", "audit")
    ]
    browser = browser_of(cast.alice)
    said += [
        browser.get(f"/w/acme/settings/{path}/")
        for path in ("sources", "sources/named/tracker", "audit", "installation")
    ]
    assert {answer.status_code for answer in said} == {200}
    assert traces_in("".join(answer.content.decode() for answer in said)) == []


def test_a_draft_that_is_refused_does_not_repeat_it(cast: Cast, tracker: SourceDraft) -> None:
    broken = SourceDraft("mlflow", "tracker", "no address", secret=f"{TOKEN}\n{TOKEN}")
    with pytest.raises(HeadwayError) as caught:
        edit_source(cast.mia, "tracker", broken, AT)
    assert traces_in(str(caught.value)) == []
    assert traces_in(whole_database()) == []


def test_it_does_not_follow_the_source_to_another_host(
    cast: Cast, server: FaultServer, tracker: SourceDraft, settings: Settings
) -> None:
    with serving() as other:
        settings.OUTBOUND_ALLOWED = f"127.0.0.1:{server.port},127.0.0.1:{other.port}"
        other.answer = lambda exchange, asked: exchange.reply(400)
        edit_source(cast.mia, "tracker", SourceDraft("mlflow", "tracker", other.url), AT)
        with pytest.raises(HeadwayError):
            sync_source(cast.mia, "tracker", AT)
        assert other.asked
        assert all("authorization" not in asked.headers for asked in other.asked)


@pytest.mark.parametrize(
    "name", ["HEADWAY_SECRET_KEY", "HEADWAY_OIDC_CLIENT_SECRET", "HEADWAY_TOKEN"]
)
def test_the_configuration_names_secrets_and_shows_none(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, TOKEN)
    assert configuration()[name] == "set"
    monkeypatch.setenv("HEADWAY_EMAIL_URL", f"smtp://me:{TOKEN}@mail.example.org")
    monkeypatch.setenv("DATABASE_URL", f"postgres://me:{TOKEN}@db.example.org/headway")
    assert traces_in(repr(configuration())) == []
