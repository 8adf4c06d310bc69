"""A Jira in a few lines, Cloud or Server, answering in the shapes that Atlassian documents.

It understands of JQL what Headway asks: projects, `updated >=` in its reader's time zone, and the
order of creation. Issues are plain payloads; `issue` makes one as a real Jira would send it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from tests.peers.fault_server import Asked, Exchange, FaultServer, serving

#: Ids of the custom fields of this Jira.
POINTS, SPRINT, EPIC, START, END = (f"customfield_100{number}" for number in range(16, 21))
STATES = {
    "1": ("Offen", "new"),
    "3": ("In Arbeit", "indeterminate"),
    "4": ("Im Review", "indeterminate"),
    "5": ("Fertig", "done"),
}
_SCHEMAS = {
    POINTS: ("Story Points", "number", "com.atlassian.jira.plugin.system.customfieldtypes:float"),
    SPRINT: ("Sprint", "array", "com.pyxis.greenhopper.jira:gh-sprint"),
    EPIC: ("Epos-Verknüpfung", "any", "com.pyxis.greenhopper.jira:gh-epic-link"),
    START: ("Start date", "date", "com.atlassian.jira.plugin.system.customfieldtypes:datepicker"),
    END: ("Target end", "date", "com.atlassian.jpo:jpo-custom-field-baseline-end"),
}
#: The most changes that Cloud sends with an issue.
CUT = 40


def state(number: str) -> dict[str, Any]:
    """Return a state as an issue carries it."""
    name, category = STATES[number]
    return {"id": number, "name": name, "statusCategory": {"key": category, "name": category}}


def move(at: str, before: str, after: str) -> dict[str, Any]:
    """Return one change of state of an issue's history."""
    names = {"fromString": STATES[before][0], "toString": STATES[after][0]}
    item = {"field": "status", "fieldId": "status", "from": before, "to": after, **names}
    return {"id": at, "created": at, "author": {"displayName": "Mia"}, "items": [item]}


def issue(number: int, *moves: Mapping[str, Any], now: str = "1", **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return an issue of project MLP in state `now`, with its history and `more` of its fields."""
    fields = {
        "summary": f"Task {number}",
        "status": state(now),
        "issuetype": {"name": "Story", "subtask": False},
        "project": {"key": "MLP", "name": "ML platform"},
        "labels": [],
        "components": [],
        "issuelinks": [],
        "assignee": None,
        "created": f"2026-10-{1 + number // 24 % 28:02d}T{number % 24:02d}:00:00.000+0200",
        "updated": "2026-10-05T08:00:00.000+0200",
        "duedate": None,
        "resolution": None,
        "resolutiondate": None,
        "timeoriginalestimate": None,
        "description": {"type": "doc", "version": 1, "content": []},
        **dict.fromkeys(_SCHEMAS),
        **more,
    }
    histories = list(moves)
    changelog = {
        "startAt": 0,
        "maxResults": len(moves),
        "total": len(moves),
        "histories": histories,
    }
    return {
        "id": str(10_000 + number),
        "key": f"MLP-{number}",
        "self": f"https://jira.example.org/rest/api/2/issue/{10_000 + number}",
        "fields": fields,
        "changelog": changelog,
    }


@dataclass(slots=True)
class JiraServer:
    """Its issues by number, and how it answers; `before` may answer in its stead."""

    server: FaultServer
    is_cloud: bool = True
    zone: str = "Europe/Berlin"
    issues: dict[str, dict[str, Any]] = field(default_factory=dict)
    before: Callable[[Exchange, Asked], bool] = lambda exchange, asked: False
    tokens: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Answer what the server is asked."""
        self.server.answer = self.answer

    @property
    def url(self) -> str:
        """Its address."""
        return self.server.url

    @property
    def searches(self) -> list[dict[str, str]]:
        """The parameters of every search it was asked for."""
        asked = [urlsplit(one.path) for one in self.server.asked]
        found = [parse_qs(one.query) for one in asked if "/search" in one.path]
        return [{name: values[0] for name, values in one.items()} for one in found]

    def put(self, *issues: dict[str, Any]) -> None:
        """Hold these issues; one with a key that is there replaces it."""
        self.issues |= {one["key"]: one for one in issues}

    def answer(self, exchange: Exchange, asked: Asked) -> None:
        """Answer one request."""
        if self.before(exchange, asked):
            return
        address = urlsplit(asked.path)
        base = f"/rest/api/{3 if self.is_cloud else 2}"
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        told: Mapping[str, Callable[[], Any]] = {
            "/rest/api/2/serverInfo": self._info,
            f"{base}/field": self._fields,
            f"{base}/status": lambda: [state(number) for number in STATES],
            f"{base}/myself": lambda: {"displayName": "Mia", "timeZone": self.zone},
            f"{base}/search{'/jql' if self.is_cloud else ''}": lambda: self._search(query),
            f"{base}/changelog/bulkfetch": lambda: self._bulk(asked.json()),
        }
        found = told[address.path]() if address.path in told else None
        exchange.reply_json(
            {"errorMessages": ["?"]} if found is None else found, 200 if found is not None else 404
        )

    def _info(self) -> dict[str, Any]:
        kind = "Cloud" if self.is_cloud else "Server"
        return {"baseUrl": self.url, "version": "9.17.0", "deploymentType": kind}

    def _fields(self) -> list[dict[str, Any]]:
        usual = [{"id": "summary", "name": "Zusammenfassung", "schema": {"system": "summary"}}]
        return usual + [
            {"id": name, "name": shown, "schema": {"type": sort, "custom": custom}}
            for name, (shown, sort, custom) in _SCHEMAS.items()
        ]

    def _chosen(self, jql: str) -> list[dict[str, Any]]:
        since = re.search(r'updated >= "([^"]+)"', jql)
        first = datetime.min.replace(tzinfo=UTC)
        if since:
            wall = datetime.strptime(since[1], "%Y-%m-%d %H:%M")  # noqa: DTZ007 - zone below
            first = wall.replace(tzinfo=ZoneInfo(self.zone))
        keys = re.search(r"project in \(([^)]*)\)", jql)
        projects = re.findall(r'"([^"]+)"', keys[1]) if keys else []
        rows = [
            one
            for one in self.issues.values()
            if (not since or datetime.fromisoformat(one["fields"]["updated"]) >= first)
            and (not projects or str(one["key"] or "MLP-").rpartition("-")[0] in projects)
        ]
        return sorted(rows, key=lambda one: (str(one["fields"].get("created")), str(one["key"])))

    def _search(self, query: Mapping[str, str]) -> dict[str, Any] | None:
        rows, size = self._chosen(query["jql"]), int(query["maxResults"])
        start = int(query.get("startAt", 0))
        if "nextPageToken" in query:
            if query["nextPageToken"] not in self.tokens:
                return None
            start = self.tokens[query["nextPageToken"]]
        shown = [self._sent(one, query) for one in rows[start : start + size]]
        if not self.is_cloud:
            return {"startAt": start, "maxResults": size, "total": len(rows), "issues": shown}
        is_last = start + size >= len(rows)
        token = f"page-{start + size}"
        self.tokens[token] = start + size
        return {"issues": shown, "isLast": is_last} | ({} if is_last else {"nextPageToken": token})

    def _sent(self, one: dict[str, Any], query: Mapping[str, str]) -> dict[str, Any]:
        asked = query["fields"].split(",")
        fields = {name: value for name, value in one["fields"].items() if name in asked}
        sent = {**one, "fields": fields}
        if query.get("expand") != "changelog":
            sent.pop("changelog")
        elif self.is_cloud and isinstance(one.get("changelog"), dict):
            latest = list(reversed(one["changelog"].get("histories") or []))[:CUT]
            sent["changelog"] = {**one["changelog"], "maxResults": CUT, "histories": latest}
        return sent

    def _bulk(self, body: Mapping[str, Any]) -> dict[str, Any] | None:
        if not self.is_cloud:
            return None
        logs = [
            {"issueId": one["id"], "changeHistories": one["changelog"]["histories"]}
            for one in self.issues.values()
            if one["id"] in body["issueIdsOrKeys"]
        ]
        return {"issueChangeLogs": logs}


@contextmanager
def a_jira(*, is_cloud: bool = True) -> Iterator[JiraServer]:
    """Run a Jira on a free port."""
    with serving() as server:
        yield JiraServer(server, is_cloud)
