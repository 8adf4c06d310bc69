"""The walk through a tracker's pages: resumable, ended when it repeats itself, and told once.

Pages are asked for in order of creation, which never changes, so that work going on meanwhile
pushes no item out of sight. What changed during the walk is read by the next one, which begins
`overlap` before this one began.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from headway.connectors.base import Cursor, WorkBatch
from headway.connectors.tracker.position import Position, Walk
from headway.connectors.work import WorkRow
from headway.errors import Problem, SourceError

#: A listing with more pages than this is taken for one that never ends.
PAGE_LIMIT = 20_000
#: Pages in a row that bring nothing new before a listing is taken for one that repeats itself.
_STALL_LIMIT = 20
#: A walk older than this is not gone on with: its tokens may have expired.
_WALK_AGE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of one page, what it held beside them, and the token of the next (empty: none)."""

    rows: Sequence[WorkRow]
    refused: Sequence[Problem] = ()
    notes: Sequence[str] = ()
    token: str = ""


class Selection(Protocol):
    """What a person chose of one tracker: `scopes` are repositories, projects or one query."""

    @property
    def scopes(self) -> Sequence[str]:
        """The parts that are read one after the other, at least one."""
        ...

    def page(self, scope: str, since: datetime | None, token: str) -> Page:
        """Return one page of the items of `scope` that changed since then. Raises SourceError."""
        ...


@dataclass(slots=True)
class WorkWalk:
    """One read of one `selection`, as `WorkConnector.read_work` promises."""

    selection: Selection
    position: Position
    at: datetime
    overlap: timedelta
    page_limit: int = PAGE_LIMIT
    _told: set[tuple[str, ...]] = field(default_factory=set)

    def read(self, *, sweep: bool) -> Iterator[WorkBatch]:
        """Yield the batches of the walk, the last with what is gone."""
        walk = self._begin(sweep=sweep)
        for page in self._pages(walk):
            yield self._batch(page, walk)
        gone: tuple[str, ...] = ()
        if walk.is_whole:
            missing = self.position.parents.keys() - walk.seen
            if missing:
                yield from self._look_again(walk)
            gone = tuple(sorted(self.position.parents.keys() - walk.seen))
        for key in gone:
            del self.position.parents[key]
        self.position.end(walk.begun)
        yield WorkBatch((), self._cursor(), gone=gone)

    def _begin(self, *, sweep: bool) -> Walk:
        """Return the walk to go on with, or a new one."""
        held = self.position.walk
        if held and (held.is_whole or not sweep) and self._is_fit(held):
            return held
        since = self.position.since
        start = None if sweep or since is None else min(since, self.at) - self.overlap
        self.position.walk = Walk(begun=self.at, since=start)
        return self.position.walk

    def _is_fit(self, walk: Walk) -> bool:
        is_young = timedelta() <= self.at - walk.begun <= _WALK_AGE
        return is_young and walk.scope < len(self.selection.scopes)

    def _pages(self, walk: Walk) -> Iterator[Page]:
        """Yield the pages that are left, moving `walk` behind each before it is yielded."""
        scopes = self.selection.scopes
        while walk.scope < len(scopes):
            for page in self._scope_pages(walk, scopes[walk.scope]):
                walk.token = page.token
                if not page.token:
                    walk.scope += 1
                yield page

    def _scope_pages(self, walk: Walk, scope: str) -> Iterator[Page]:
        met: set[str] = set()
        stalled = 0
        page = self._first_page(walk, scope)
        tokens = {walk.token}
        for _ in range(self.page_limit):
            keys = {row.key for row in page.rows}
            stalled = 0 if keys - met else stalled + 1
            met |= keys
            yield page
            if not page.token:
                return
            if page.token in tokens or stalled >= _STALL_LIMIT:
                break
            tokens.add(page.token)
            page = self.selection.page(scope, walk.since, page.token)
        sentence = (
            f"{self.position.source} sends the pages of {scope} without end; what was read before "
            "is kept. Check the address, and what stands between it and Headway."
        )
        self.position.walk = None
        raise SourceError(sentence, retry=False)

    def _first_page(self, walk: Walk, scope: str) -> Page:
        """Return the page to go on with; the first of all when its token is no longer accepted."""
        try:
            return self.selection.page(scope, walk.since, walk.token)
        except SourceError as error:
            if error.retry or not walk.token:
                raise
            walk.token = ""
            return self.selection.page(scope, walk.since, "")

    def _look_again(self, walk: Walk) -> Iterator[WorkBatch]:
        """List everything once more before anything is called gone.

        An item deleted during the walk moves the others up by one, across a page's edge.
        """
        again = Walk(begun=walk.begun)
        for page in self._pages(again):
            fresh = tuple(row for row in page.rows if row.key not in walk.seen)
            if fresh:
                yield self._batch(replace(page, rows=fresh), walk)

    def _batch(self, page: Page, walk: Walk) -> WorkBatch:
        rows = tuple(self._placed(row) for row in page.rows)
        if walk.is_whole:
            walk.seen |= {row.key for row in rows}
        refused = tuple(one for one in page.refused if self._is_news(one.where, one.sentence))
        notes = tuple(note for note in page.notes if self._is_news(note))
        return WorkBatch(rows, self._cursor(), refused=refused, notes=notes)

    def _placed(self, row: WorkRow) -> WorkRow:
        """Return `row` under its parent, or under none when the parents run in a circle."""
        parent = self.position.parent_of(row.key, row.parent)
        self.position.parents[row.key] = parent
        if parent == row.parent:
            return row
        sentence = "Its parents run in a circle; it stands without a parent. Break the circle."
        return replace(row, parent="", faults=(*row.faults, Problem(row.where, sentence)))

    def _is_news(self, *told: str) -> bool:
        is_news = told not in self._told
        self._told.add(told)
        return is_news

    def _cursor(self) -> Cursor:
        return self.position.dump()
