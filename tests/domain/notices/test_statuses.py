"""How a gate stands goes to the commit that it judged, once for each change, and only if wanted."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings
from tests.cast import AT, Cast
from tests.domain.gates.standing_before import DAY, HOUR, Before, before_a_gate, card, recall
from tests.peers.fault_server import FaultServer, serving

from headway.domain.accounts.queries import headway_actor
from headway.domain.gates.actions import answer_approval, decide_gate, request_approvals
from headway.domain.notices.actions import send_statuses, tell_statuses
from headway.domain.notices.models import CommitStatus
from headway.domain.sources.actions import add_source
from headway.domain.sources.rules import SourceDraft

SHA = "6dcb09b5b57875f334f61aebed695e2e4193db5e"
#: What GitHub answers, shortened: POST /repos/octocat/hello/statuses/{sha}, version 2022-11-28.
TAKEN = {"id": 1, "state": "failure", "context": "headway/gate/integrate", "description": "Closed"}


@pytest.fixture
def github() -> Iterator[FaultServer]:
    with serving() as running:
        running.answer = lambda exchange, asked: exchange.reply_json(
            TAKEN if "/octocat/hello/" in asked.path else {"message": "No commit found"},
            201 if "/octocat/hello/" in asked.path else 422,
        )
        yield running


def connected(before: Before, github: FaultServer, *, statuses: bool = True) -> None:
    options = {"repositories": ["octocat/other", "octocat/hello"], "statuses": statuses}
    draft = SourceDraft("github", "code", github.url, "screening", options, secret="ghp_hidden")
    add_source(before.cast.alice, draft, AT)


def opened(before: Before) -> None:
    card(before.cast)
    (question,) = request_approvals(before.cast.bob, before.gate, ["privacy"], AT)
    answer_approval(before.sam, question.id, {"decision": "approved"}, AT + HOUR)
    decide_gate(before.cast.alice, before.gate, {"outcome": "go"}, AT + HOUR)


@pytest.mark.django_db
class TestStatuses:
    def test_each_change_is_said_once_where_the_commit_is(
        self, cast: Cast, github: FaultServer, settings: Settings
    ) -> None:
        settings.OUTBOUND_ALLOWED = f"127.0.0.1:{github.port}"
        before, house = before_a_gate(cast), headway_actor(cast.acme.id)
        recall(cast, commit=SHA)
        connected(before, github)
        assert (tell_statuses(house, AT), send_statuses(house, AT)) == (1, 1)
        assert (tell_statuses(house, AT + HOUR), send_statuses(house, AT + HOUR)) == (0, 0)
        wrong, sent = github.asked
        assert wrong.path == f"/repos/octocat/other/statuses/{SHA}"
        assert (sent.method, sent.path) == ("POST", f"/repos/octocat/hello/statuses/{SHA}")
        assert sent.headers["authorization"] == "Bearer ghp_hidden"
        assert sent.headers["x-github-api-version"] == "2022-11-28"
        told = sent.json()
        assert told.pop("target_url").endswith(f"/w/acme/releases/gates/{before.gate}/")
        assert told == {
            "state": "failure",
            "context": "headway/gate/integrate",
            "description": "Closed: 2 of 3 lacking: Model card, Privacy approved",
        }
        opened(before)
        assert (tell_statuses(house, AT + DAY), send_statuses(house, AT + DAY)) == (1, 1)
        assert github.asked[-1].json()["state"] == "success"
        assert "ghp_hidden" not in json.dumps([one.json() for one in github.asked])

    def test_a_failure_is_tried_again_and_a_refusal_is_not(
        self, cast: Cast, github: FaultServer, settings: Settings
    ) -> None:
        settings.OUTBOUND_ALLOWED = f"127.0.0.1:{github.port}"
        before, house = before_a_gate(cast), headway_actor(cast.acme.id)
        recall(cast, commit=SHA)
        connected(before, github)
        tell_statuses(house, AT)
        github.answer = lambda exchange, asked: exchange.reply_json({}, 503)
        assert send_statuses(house, AT) == 0
        row = CommitStatus.objects.get()
        assert (row.tries, row.send_after > AT) == (1, True)
        assert "status 503" in row.failure
        github.answer = lambda exchange, asked: exchange.reply_json({}, 403)
        assert send_statuses(house, AT + HOUR) == 0
        row.refresh_from_db()
        assert row.send_after is None
        assert "may write commit statuses" in row.failure
        assert "ghp_hidden" not in row.failure

    def test_nothing_is_said_unless_it_was_switched_on_and_a_commit_is_named(
        self, cast: Cast, github: FaultServer
    ) -> None:
        before, house = before_a_gate(cast), headway_actor(cast.acme.id)
        recall(cast, commit=SHA)
        connected(before, github, statuses=False)
        assert tell_statuses(house, AT) == 0
        assert not CommitStatus.objects.exists()
