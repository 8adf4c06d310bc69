"""From a Jira to a forecast at the command line: add, read, preview, import, follow, undo."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings
from tests.cast import Cast
from tests.peers.jira_server import JiraServer, a_jira, issue, state

from headway import clock
from headway.domain.plans.actions import make_forecast, undo_import
from headway.domain.plans.models import WorkItem
from headway.domain.programs.actions import create_program, create_project
from headway.domain.sources.models import Source

Ask = Callable[..., Any]


@pytest.fixture
def jira(cast: Cast, settings: Settings) -> Iterator[JiraServer]:
    now = clock.now()
    create_program(cast.mia, {"name": "Automation", "currency": "USD"}, now)
    create_project(cast.mia, "automation", {"name": "Meter reading", "slug": "reading"}, now)
    with a_jira() as running:
        settings.OUTBOUND_ALLOWED = f"127.0.0.1:{running.server.port}"
        running.put(
            issue(1, timeoriginalestimate=57_600),
            issue(2, timeoriginalestimate=57_600, duedate="soon"),
        )
        yield running


@pytest.fixture
def connected(jira: JiraServer, asked: Ask, tmp_path: Path) -> JiraServer:
    token = tmp_path / "token"
    token.write_text("mia@example.com:hidden\n")
    line = f"source add jira {jira.url} --workspace acme --project reading --only MLP"
    code, out, err = asked(f"{line} --token-file {token}")
    assert code == 0, err
    assert "headway sync jira" in out
    assert "headway source import jira --dry-run" in err
    return jira


def test_from_a_jira_to_a_forecast_that_follows_it(
    cast: Cast, connected: JiraServer, asked: Ask, answered: Ask, tmp_path: Path
) -> None:
    code, out, _ = asked("source check jira --workspace acme")
    assert (code, out) == (0, "Jira Cloud answers at jira; the selection holds issues.\n")
    first = answered("sync jira --workspace acme", schema="sync")
    assert (first["read"], first["recorded"], first["plan"]) == (2, 2, None)

    skipped = tmp_path / "skipped.csv"
    line = "source import jira --workspace acme"
    tried = answered(f"{line} --dry-run --skipped {skipped}", schema="import")
    assert (tried["read"], tried["created"], WorkItem.objects.count()) == (2, 2, 0)
    [heading, row] = list(csv.reader(skipped.read_text().splitlines()))
    assert heading == ["line", "reason"]
    assert row[1].startswith("MLP-2: Its fields.duedate is not a date")
    assert answered(line, schema="import")["created"] == 2
    before = make_forecast(cast.mia, "automation", clock.now())
    assert before is not None

    now = clock.now().isoformat(timespec="milliseconds")
    connected.put(issue(3, timeoriginalestimate=576_000, updated=now))
    connected.issues["MLP-1"]["fields"] |= {"status": state("3"), "updated": now}
    later = answered("sync jira --workspace acme", schema="sync")
    told = {"created": 1, "updated": 1, "removed": 0, "unchanged": 1, "skipped": 1}
    assert later["plan"] == {"project": "reading", **told}
    after = make_forecast(cast.mia, "automation", clock.now())
    assert after is not None
    assert str(after.finish("p80")) > str(before.finish("p80"))

    undo_import(cast.mia, "reading", clock.now())
    assert sorted(WorkItem.objects.values_list("key", flat=True)) == ["MLP-1", "MLP-2"]
    assert answered("sync jira --workspace acme", schema="sync")["plan"] is None


def test_the_skipped_are_said_when_no_file_takes_them(connected: JiraServer, asked: Ask) -> None:
    asked("sync jira --workspace acme")
    code, out, err = asked("source import jira --workspace acme --dry-run")
    assert (code, out) == (
        0, "reading: 2 items read, 2 would be created, 0 would be updated, 0 unchanged.\n",
    )  # fmt: skip
    assert "skipped: MLP-2: Its fields.duedate" in err


def test_a_mapping_is_read_from_a_file_that_a_preview_wrote(
    connected: JiraServer, answered: Ask, tmp_path: Path
) -> None:
    answered("sync jira --workspace acme")
    tried = answered("source import jira --workspace acme --dry-run")
    tried["mapping"]["states"]["Offen"] = "started"
    file = tmp_path / "mapping.json"
    file.write_text(json.dumps(tried))
    answered(f"source import jira --workspace acme --map {file}", schema="import")
    assert WorkItem.objects.filter(started=None).count() == 0


def test_a_disconnected_source_is_not_read_and_its_plan_stays(
    connected: JiraServer, asked: Ask
) -> None:
    asked("sync jira --workspace acme")
    asked("source import jira --workspace acme")
    code, out, _ = asked("source disconnect jira --workspace acme")
    assert (code, out.split(",")[0]) == (0, "Source 'jira' is disconnected")
    assert Source.objects.get().secret is None
    code, _, err = asked("sync jira --workspace acme")
    assert (code, "is disconnected" in err) == (2, True)
    assert WorkItem.objects.count() == 2


def test_a_jira_that_refuses_the_token_is_a_code_of_its_own_and_keeps_it_secret(
    connected: JiraServer, asked: Ask
) -> None:
    connected.before = lambda exchange, asked: exchange.reply(401, b"") is None
    code, _, err = asked("source check jira --workspace acme")
    assert code == 3
    assert "check the token" in err
    assert "hidden" not in err


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("jira https://jira.example.org", "say which projects are read"),
        ("github https://api.github.com --only reader", "repositories/0"),
        (
            "trello https://trello.com --only x",
            "choose one of mlflow, prometheus, jira, github, gitlab",
        ),
    ],
)
def test_what_cannot_be_connected_says_why(cast: Cast, asked: Ask, line: str, words: str) -> None:
    code, _, err = asked(f"source add {line} --workspace acme")
    assert code == 2
    assert words in err
    assert not Source.objects.exists()
