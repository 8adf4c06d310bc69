"""Reads the issues that a query selects, page by page, in order of creation. Only reads.

Jira Cloud is asked by version 3 (`search/jql`, pages by token), Server and Data Center by
version 2 (`search`, pages by offset); `serverInfo` says which one it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from headway.connectors.base import Cursor, WorkBatch
from headway.connectors.http import Answer, Outbound, TooLarge
from headway.connectors.jira.history import is_cut, moves_of
from headway.connectors.jira.options import JiraOptions
from headway.connectors.jira.reading import row_of
from headway.connectors.jira.shape import Shape, shape_of
from headway.connectors.tracker.client import Params, TrackerClient
from headway.connectors.tracker.fields import Fields
from headway.connectors.tracker.position import Position
from headway.connectors.tracker.walking import Page, WorkWalk
from headway.connectors.work import WorkRow
from headway.errors import Problem

#: The wall clock that is latest behind UTC: what it shows is never too late anywhere.
_BEHIND = timedelta(hours=12)
#: Pages of histories asked for one page of issues.
_HISTORY_PAGES = 50


@dataclass(slots=True)
class _Jira:
    """What was found out of this Jira: its version, how it is set up, its reader's time zone."""

    is_cloud: bool
    shape: Shape
    zone: tzinfo | None
    notes: list[str] = field(default_factory=list)

    @property
    def base(self) -> str:
        """Where its interface begins."""
        return f"rest/api/{3 if self.is_cloud else 2}"


class JiraConnector:
    """A `WorkConnector` for what `options` select."""

    def __init__(self, options: JiraOptions, outbound: Outbound) -> None:
        """Read what `options` select through `outbound`."""
        self._options = options
        self._client = TrackerClient(outbound, "Jira", options.url, options.headers)
        self._size = options.page_size
        self._known: _Jira | None = None

    @property
    def source(self) -> str:
        """Return `jira:` and the server's name."""
        return f"jira:{self._options.server}"

    @property
    def scopes(self) -> Sequence[str]:
        """The query, alone."""
        return (self._options.query,)

    def read_work(
        self, cursor: Cursor | None, *, at: datetime, sweep: bool = False
    ) -> Iterator[WorkBatch]:
        """Yield the issues that changed, as `WorkConnector` says."""
        blocking = " ".join(sorted(self._options.blocking_links))
        position = Position.load(cursor, self.source, f"{self._options.query} {blocking}")
        overlap = timedelta(minutes=self._options.overlap_minutes)
        return WorkWalk(self, position, at, overlap).read(sweep=sweep)

    def check(self) -> str:
        """Ask which Jira it is, and for one issue of the selection."""
        jira = self._jira()
        path, page = self._ask(jira, self._asked(jira, self._options.query, None, ""), 1)
        count, found = Fields(path, page).at("total"), Fields(path, page).many("issues")
        told = f"{count:,} issues" if isinstance(count, int) else "issues" if found else "no issue"
        kind = "Jira Cloud" if jira.is_cloud else "Jira"
        return f"{kind} answers at {self._options.server}; the selection holds {told}."

    def page(self, scope: str, since: datetime | None, token: str) -> Page:
        """Return one page; the token is Cloud's own, or the offset of the next page."""
        jira = self._jira()
        path, answer = self._ask(jira, self._asked(jira, scope, since, token), self._size)
        held = Fields(path, answer)
        issues = held.at("issues")
        if not isinstance(issues, list):
            self._client.fail_as_stranger(path, "the answer has no list of issues")
        histories = self._histories(jira, issues)
        rows: list[WorkRow] = []
        refused: list[Problem] = []
        for payload in issues:
            number = Fields("Jira", payload).text("id")
            found = row_of(payload, jira.shape, moves_of(histories.get(number, ())))
            (rows if isinstance(found, WorkRow) else refused).append(found)  # type: ignore[arg-type]
        notes, jira.notes = jira.notes, []
        return Page(rows, refused, notes, token=self._next(jira, held, token, len(issues)))

    def _next(self, jira: _Jira, held: Fields, token: str, count: int) -> str:
        """Return the token of the next page, empty at the last."""
        if jira.is_cloud:
            more = held.at("nextPageToken")
            return more[:20_000] if isinstance(more, str) and held.at("isLast") is not True else ""
        total, start = held.number("total"), int(token or 0)
        is_last = not count or (total is not None and start + count >= total)
        return "" if is_last else str(start + count)

    def _asked(
        self, jira: _Jira, query: str, since: datetime | None, token: str
    ) -> dict[str, str | int]:
        """Return the parameters of a search. The query must not change while its pages are read."""
        changed = f' AND updated >= "{_wall(since, jira.zone)}"' if since else ""
        asked: dict[str, str | int] = {
            "jql": f"{query}{changed} ORDER BY created ASC, key ASC",
            "fields": ",".join(jira.shape.asked),
            "expand": "changelog",
        }
        if jira.is_cloud:
            return asked | ({"nextPageToken": token} if token else {})
        return asked | {"startAt": int(token) if token.isdigit() else 0}

    def _ask(self, jira: _Jira, asked: Params, size: int) -> tuple[str, Mapping[str, object]]:
        """Return a page of at most `size` issues; from then on fewer where they are too large."""
        path = f"{jira.base}/search/jql" if jira.is_cloud else f"{jira.base}/search"
        while True:
            try:
                answer = self._client.get(path, {**asked, "maxResults": size})
            except TooLarge:
                if size == 1:
                    raise
                self._size = size = max(1, size // 5)
            else:
                return path, self._client.thing(path, answer)

    def _histories(self, jira: _Jira, issues: Sequence[object]) -> dict[str, list[object]]:
        """Return the changes of each issue by its id; what Cloud cut off is asked for again."""
        found: dict[str, list[object]] = {}
        cut: list[str] = []
        for payload in issues:
            held = Fields("Jira", payload)
            number = held.text("id")
            found[number] = list(held.many("changelog/histories"))
            if number and is_cut(payload):
                cut.append(number)
        if cut:
            found |= self._whole_histories(jira, cut)
        return found

    def _whole_histories(self, jira: _Jira, numbers: Sequence[str]) -> dict[str, list[object]]:
        """Ask for the changes of state of `numbers`; where that fails, say what it means."""
        found: dict[str, list[object]] = {}
        asked: dict[str, object] = {"issueIdsOrKeys": list(numbers), "fieldIds": ["status"]}
        path, token = f"{jira.base}/changelog/bulkfetch", ""
        for _ in range(_HISTORY_PAGES if jira.is_cloud else 0):
            more = {"nextPageToken": token} if token else {}
            answer = self._client.seek(path, asked | more)
            if not isinstance(answer, dict):
                break
            held = Fields(path, answer)
            for one in held.things("issueChangeLogs"):
                log = Fields(path, one)
                found.setdefault(log.text("issueId"), []).extend(log.many("changeHistories"))
            token = held.text("nextPageToken", longest=20_000)
            if not token:
                return found
        jira.notes.append(
            "The histories of some issues are longer than Jira gives: when they were begun is not "
            "known, and the team's history learns nothing from them."
        )
        return dict.fromkeys(numbers, [])

    def _jira(self) -> _Jira:
        if self._known is None:
            path = "rest/api/2/serverInfo"
            info = self._client.thing(path, self._client.get(path))
            is_cloud = Fields(path, info).text("deploymentType").lower() == "cloud"
            base = f"rest/api/{3 if is_cloud else 2}"
            fields, states = (self._list(f"{base}/{name}") for name in ("field", "status"))
            shape = shape_of(
                fields, states, blocking=self._options.blocking_links, front=self._options.url
            )
            self._known = _Jira(is_cloud, shape, self._zone(base))
        return self._known

    def _list(self, path: str) -> list[object]:
        answer: Answer = self._client.get(path)
        return self._client.items(path, answer)

    def _zone(self, base: str) -> tzinfo | None:
        """Return the time zone in which Jira reads the moments of our queries, None unknown."""
        name = Fields("myself", self._client.find(f"{base}/myself")).text("timeZone")
        try:
            return ZoneInfo(name) if name else None
        except (KeyError, ValueError, OSError):  # no such zone here
            return None


def _wall(since: datetime, zone: tzinfo | None) -> str:
    """Return a moment as a query writes it: to the minute, as the reader's clock on the wall."""
    told = since.astimezone(zone) if zone else since.astimezone(UTC) - _BEHIND
    return told.strftime("%Y-%m-%d %H:%M")
