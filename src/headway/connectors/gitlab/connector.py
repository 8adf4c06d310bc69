"""Reads the issues of GitLab projects, page by page, in order of creation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from headway.connectors.base import Cursor, WorkBatch
from headway.connectors.gitlab.options import GitlabOptions
from headway.connectors.gitlab.reading import row_of
from headway.connectors.http import Outbound
from headway.connectors.tracker.client import Params, TrackerClient, next_query, params_of
from headway.connectors.tracker.position import Position
from headway.connectors.tracker.walking import Page, WorkWalk
from headway.connectors.work import WorkRow
from headway.errors import Problem


class GitlabConnector:
    """A `WorkConnector`; merge requests and epics are not read."""

    def __init__(self, options: GitlabOptions, outbound: Outbound) -> None:
        """Read what `options` select through `outbound`."""
        self._options = options
        self._client = TrackerClient(outbound, "GitLab", options.url, options.headers)

    @property
    def source(self) -> str:
        """Return `gitlab:` and the server's name."""
        return f"gitlab:{self._options.server}"

    @property
    def scopes(self) -> Sequence[str]:
        """The projects."""
        return self._options.projects

    def read_work(
        self, cursor: Cursor | None, *, at: datetime, sweep: bool = False
    ) -> Iterator[WorkBatch]:
        """Yield the issues that changed, as `WorkConnector` says."""
        selection = " ".join(sorted(map(str.lower, self.scopes)))
        position = Position.load(cursor, self.source, selection)
        overlap = timedelta(minutes=self._options.overlap_minutes)
        return WorkWalk(self, position, at, overlap).read(sweep=sweep)

    def page(self, scope: str, since: datetime | None, token: str) -> Page:
        """Return one page of a project's issues; the token is the query of the next page."""
        path = f"projects/{quote(scope, safe='')}/issues"
        answer = self._client.get(path, params_of(token) if token else self._first(since))
        rows: list[WorkRow] = []
        refused: list[Problem] = []
        for payload in self._client.items(path, answer):
            found = row_of(payload, scope)
            if isinstance(found, WorkRow):
                rows.append(found)
            else:
                refused.append(found)
        return Page(rows, refused, token=next_query(answer))

    def check(self) -> str:
        """Ask for each project once, and say how many answered."""
        for scope in self.scopes:
            path = f"projects/{quote(scope, safe='')}"
            self._client.thing(path, self._client.get(path))
        count = len(self.scopes)
        return f"GitLab answers for {count} project{'' if count == 1 else 's'}."

    def _first(self, since: datetime | None) -> Params:
        asked: dict[str, str | int] = {
            "scope": "all",
            "state": "all",
            "order_by": "created_at",
            "sort": "asc",
            "per_page": self._options.page_size,
        }
        if since is not None:
            asked["updated_after"] = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return asked
