"""Claims about the pages of a tracker: connected, tested, previewed, mapped, imported, undone."""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from tests.cast import Cast
from tests.doors import browser_of
from tests.peers.jira_server import JiraServer, a_jira, issue

from headway import clock
from headway.domain.plans.models import WorkItem
from headway.domain.programs.actions import create_program, create_project
from headway.domain.sources.actions import add_source, sync_source
from headway.domain.sources.models import Source
from headway.domain.sources.rules import SourceDraft

HERE = "/w/acme/settings/sources/"
WORK = HERE + "named/jira/work/"


@pytest.fixture
def jira(cast: Cast, settings: Settings) -> Iterator[JiraServer]:
    now = clock.now()
    create_program(cast.mia, {"name": "Automation", "currency": "USD"}, now)
    create_project(cast.mia, "automation", {"name": "Meter reading", "slug": "reading"}, now)
    with a_jira() as running:
        settings.OUTBOUND_ALLOWED = f"127.0.0.1:{running.server.port}"
        running.put(
            issue(1, timeoriginalestimate=57_600),
            issue(2, duedate="soon"),
            issue(3, issuetype={"name": "Bug"}, summary="=cmd|<b>"),
        )
        yield running


@pytest.fixture
def connected(cast: Cast, jira: JiraServer) -> JiraServer:
    options = {"projects": ["MLP"]}
    draft = SourceDraft("jira", "jira", jira.url, "reading", options, secret="mia:hush-hush")
    add_source(cast.mia, draft, clock.now())
    return jira


@pytest.fixture
def told(cast: Cast, connected: JiraServer) -> JiraServer:
    sync_source(cast.mia, "jira", clock.now())
    return connected


def posted(page: str) -> dict[str, str]:
    """Return what the form of a page would post: its hidden words and its chosen values."""
    found = re.findall(r'type="hidden" name="(words)" value="([^"]*)"', page)
    held = {name: html.unescape(value) for name, value in found}
    for name, body in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'value="([^"]*)" selected', body)
        held[name] = html.unescape(chosen[1]) if chosen else ""
    return held


def shown(browser: Client, page: str = WORK) -> str:
    answer = browser.get(page)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("kind", "selection", "value"),
    [
        ("jira", "projects", "MLP, DATA"),
        ("github", "repositories", "acme/reader"),
        ("gitlab", "projects", "acme/ml/reader"),
    ],
)
def test_a_tracker_is_connected_for_a_project(
    cast: Cast, jira: JiraServer, kind: str, selection: str, value: str
) -> None:
    browser = browser_of(cast.mia)
    page = shown(browser, f"{HERE}add/?kind={kind}")
    assert f'name="{selection}"' in page
    assert 'name="webhook_secret"' not in page
    fields = {"name": kind, "url": "https://tracker.example.org", "every_minutes": "15"}
    answer = browser.post(
        f"{HERE}add/?kind={kind}", fields | {"project": "reading", selection: value}
    )
    assert answer["Location"] == f"{HERE}named/{kind}/work/"
    source = Source.objects.get()
    assert (source.kind, source.options) == (kind, {selection: value.split(", ")})
    assert "has not told anything yet" in shown(browser, answer["Location"])


def test_a_tracker_without_a_project_or_a_selection_is_refused_beside_the_field(
    cast: Cast, jira: JiraServer
) -> None:
    browser = browser_of(cast.mia)
    fields = {"name": "jira", "url": jira.url, "every_minutes": "15", "secret": "hush-hush"}
    page = browser.post(HERE + "add/?kind=jira", fields).content.decode()
    assert 'id="id_project_error"' in page
    page = browser.post(HERE + "add/?kind=jira", fields | {"project": "reading"}).content.decode()
    assert 'id="id_projects_error"' in page
    assert "Say which projects are read" in page
    assert "hush-hush" not in page
    assert not Source.objects.exists()


def test_the_import_of_a_file_offers_the_trackers_to_those_who_may(cast: Cast) -> None:
    assert "add/?kind=jira" in shown(browser_of(cast.mia), "/w/acme/import/")
    assert "add/?kind=jira" not in shown(browser_of(cast.bob), "/w/acme/import/")


def test_a_kind_that_is_not_there_is_no_page(cast: Cast) -> None:
    assert browser_of(cast.mia).get(HERE + "add/?kind=trello").status_code == 404


def test_a_connection_is_tested_with_the_stored_token(cast: Cast, connected: JiraServer) -> None:
    browser = browser_of(cast.mia)
    page = browser.post(HERE + "named/jira/check/", follow=True).content.decode()
    assert "Jira Cloud answers at jira" in page
    connected.before = lambda exchange, asked: exchange.reply(401, b"") is None
    page = browser.post(HERE + "named/jira/check/", follow=True).content.decode()
    assert "check the token" in page
    assert "hush-hush" not in page


def test_an_address_inside_is_not_reached_without_the_operator(
    cast: Cast, connected: JiraServer, settings: Settings
) -> None:
    settings.OUTBOUND_ALLOWED = ""
    connected.server.asked.clear()
    Source.objects.update(secret=None)
    page = browser_of(cast.mia).post(HERE + "named/jira/check/", follow=True).content.decode()
    assert "could not be reached" in page
    assert connected.server.asked == []


def test_a_preview_shows_the_plan_and_changes_nothing(cast: Cast, told: JiraServer) -> None:
    page = shown(browser_of(cast.bob))
    assert "3 read: 3 to create, 0 to update, 0 unchanged; 1 thing skipped." in page
    assert "MLP-2: Its fields.duedate is not a date" in page
    assert "=cmd|&lt;b&gt;" in page
    assert not WorkItem.objects.exists()


def test_what_was_skipped_is_a_file(cast: Cast, told: JiraServer) -> None:
    browser = browser_of(cast.bob)
    answer = browser.post(WORK, posted(shown(browser)) | {"skipped": "1"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    [heading, row] = list(csv.reader(answer.content.decode().splitlines()))
    assert (heading, row[1][:6]) == (["line", "reason"], "MLP-2:")
    assert not WorkItem.objects.exists()


def test_a_mapping_is_tried_then_imported_forecast_and_undone(cast: Cast, told: JiraServer) -> None:
    browser = browser_of(cast.bob)
    fields = posted(shown(browser))
    assert fields["without_kinds-0"] == "yes"  # Bug, Story
    fields |= {"without_kinds-0": "no", "state-0": "started"}
    page = browser.post(WORK, fields | {"again": "1"}).content.decode()
    assert "2 to create" in page
    assert "of type &#x27;Bug&#x27;, which does not count here" in page
    assert not WorkItem.objects.exists()

    answer = browser.post(WORK, posted(page), follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain[-1][0].endswith("/automation/")
    assert "2 created, 0 updated, 0 as before. The plan follows jira from now on." in page
    assert "Lands" in page
    assert WorkItem.objects.exclude(started=None).count() == 2
    assert "The plan of reading is as Jira tells it, and follows it." in shown(browser)

    browser.post("/w/acme/projects/reading/import/undo/")
    assert not WorkItem.objects.exists()
    page = shown(browser)
    assert "The last import was undone" in page
    assert 'value="no" selected' in page  # the mapping is remembered


def test_a_tampered_mapping_is_refused_and_nothing_is_imported(
    cast: Cast, told: JiraServer
) -> None:
    browser = browser_of(cast.bob)
    fields = posted(shown(browser)) | {"state-0": "sleeping"}
    answer = browser.post(WORK, fields)
    assert answer.status_code == 422
    assert "The mapping cannot be used" in answer.content.decode()
    answer = browser.post(WORK, {"words": "{", "again": "1"})
    assert answer.status_code == 200  # read as proposed
    assert not WorkItem.objects.exists()


def test_disconnecting_says_that_the_plan_stays(cast: Cast, told: JiraServer) -> None:
    browser = browser_of(cast.mia)
    browser.post(WORK, posted(shown(browser)))
    page = browser.post(HERE + "named/jira/disconnect/", follow=True).content.decode()
    assert "its plan stays" in page
    assert "Disconnected" in shown(browser)
    assert WorkItem.objects.count() == 3


def test_a_source_of_evidence_has_no_work(cast: Cast) -> None:
    add_source(cast.mia, SourceDraft("mlflow", "lab", "https://lab.example.org"), clock.now())
    assert browser_of(cast.mia).get(HERE + "named/lab/work/").status_code == 404


def test_who_only_views_sees_neither_preview_nor_button(cast: Cast, told: JiraServer) -> None:
    browser = browser_of(cast.vera)
    assert browser.get(WORK).status_code == 403
    assert "/work/" not in shown(browser, HERE)
    assert "named/jira/work/" in shown(browser_of(cast.bob), HERE)
