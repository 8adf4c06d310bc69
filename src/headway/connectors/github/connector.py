"""Reads the issues of GitHub repositories, page by page, in order of creation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from headway.connectors.base import Cursor, WorkBatch
from headway.connectors.github.options import GithubOptions
from headway.connectors.github.reading import row_of
from headway.connectors.http import Outbound
from headway.connectors.tracker.client import Params, TrackerClient, next_query, params_of
from headway.connectors.tracker.position import Position
from headway.connectors.tracker.walking import Page, WorkWalk
from headway.connectors.work import WorkRow
from headway.errors import Problem

#: The interface whose answers `reading` understands.
_VERSION = {"X-GitHub-Api-Version": "2022-11-28", "accept": "application/vnd.github+json"}


class GithubConnector:
    """A `WorkConnector`; pull requests are not read."""

    def __init__(self, options: GithubOptions, outbound: Outbound) -> None:
        """Read what `options` select through `outbound`."""
        self._options = options
        headers = {**_VERSION, **options.headers}
        self._client = TrackerClient(outbound, "GitHub", options.url, headers)

    @property
    def source(self) -> str:
        """Return `github:` and the server's name."""
        return f"github:{self._options.server}"

    @property
    def scopes(self) -> Sequence[str]:
        """The repositories."""
        return self._options.repositories

    def read_work(
        self, cursor: Cursor | None, *, at: datetime, sweep: bool = False
    ) -> Iterator[WorkBatch]:
        """Yield the issues that changed, as `WorkConnector` says."""
        selection = " ".join(sorted(name.lower() for name in self.scopes))
        position = Position.load(cursor, self.source, selection)
        overlap = timedelta(minutes=self._options.overlap_minutes)
        return WorkWalk(self, position, at, overlap).read(sweep=sweep)

    def page(self, scope: str, since: datetime | None, token: str) -> Page:
        """Return one page of a repository's issues; the token is the query of the next page."""
        path = f"repos/{scope}/issues"
        answer = self._client.get(path, params_of(token) if token else self._first(since))
        rows: list[WorkRow] = []
        refused: list[Problem] = []
        for payload in self._client.items(path, answer):
            found = row_of(payload, scope)
            if isinstance(found, WorkRow):
                rows.append(found)
            elif found is not None:
                refused.append(found)
        return Page(rows, refused, token=next_query(answer))

    def check(self) -> str:
        """Ask for each repository once, and say how many answered."""
        for scope in self.scopes:
            path = f"repos/{scope}"
            self._client.thing(path, self._client.get(path))
        count = len(self.scopes)
        return f"GitHub answers for {count} repositor{'y' if count == 1 else 'ies'}."

    def _first(self, since: datetime | None) -> Params:
        asked: dict[str, str | int] = {
            "state": "all",
            "sort": "created",
            "direction": "asc",
            "per_page": self._options.page_size,
        }
        if since is not None:
            asked["since"] = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return asked
