"""The walk loses nothing, tells everything once, and ends, whatever the tracker does meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from headway.connectors.base import Cursor, WorkBatch
from headway.connectors.tracker.position import Position
from headway.connectors.tracker.walking import Page, WorkWalk
from headway.connectors.work import WorkRow
from headway.errors import Invalid, Problem, SourceError

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SOURCE = "jira:jira.example.org"


def row(key: str, parent: str = "") -> WorkRow:
    return WorkRow(key, f"Item {key}", key, parent=parent)


@dataclass
class Book:
    """A tracker with items in order of creation, read by offset, as most of them are."""

    held: dict[str, list[WorkRow]]
    changed: dict[str, datetime] = field(default_factory=dict)
    size: int = 2
    asked: list[tuple[str, datetime | None, str]] = field(default_factory=list)
    meanwhile: Callable[[int], None] = lambda count: None

    @property
    def scopes(self) -> Sequence[str]:
        return list(self.held)

    def page(self, scope: str, since: datetime | None, token: str) -> Page:
        self.asked.append((scope, since, token))
        self.meanwhile(len(self.asked))
        rows = [
            one
            for one in self.held[scope]
            if since is None or self.changed.get(one.key, AT) >= since
        ]
        start = int(token or 0)
        more = str(start + self.size) if start + self.size < len(rows) else ""
        return Page(rows[start : start + self.size], token=more)


def walk(book: Book, cursor: Cursor | None = None, at: datetime = AT) -> WorkWalk:
    return WorkWalk(book, Position.load(cursor, SOURCE, "all"), at, HOUR)


def read(
    book: Book, cursor: Cursor | None = None, at: datetime = AT, *, sweep: bool = False
) -> list[WorkBatch]:
    return list(walk(book, cursor, at).read(sweep=sweep))


def keys(batches: Sequence[WorkBatch]) -> list[str]:
    return [one.key for batch in batches for one in batch.rows]


def book(*names: str, more: Sequence[str] = ()) -> Book:
    held = {"one": [row(name) for name in names]}
    return Book({**held, **({"two": [row(name) for name in more]} if more else {})})


def test_the_first_read_brings_everything_of_every_scope_once() -> None:
    batches = read(book(*"abcde", more="xyz"))
    assert keys(batches) == list("abcdexyz")
    assert batches[-1].rows == ()
    assert batches[-1].gone == ()


def test_the_next_read_asks_for_what_changed_with_an_overlap() -> None:
    tracker = book(*"abc")
    cursor = read(tracker)[-1].cursor
    tracker.changed = {"a": AT - 2 * HOUR, "b": AT + HOUR, "c": AT - HOUR / 2}
    assert keys(read(tracker, cursor, AT + 2 * HOUR)) == ["b", "c"]
    assert tracker.asked[-1][1] == AT - HOUR


@given(some.integers(0, 6))
def test_a_read_killed_after_any_batch_goes_on_without_losing_an_item(kept: int) -> None:
    tracker = book(*"abcdefg", more="xyz")
    before: list[WorkBatch] = []
    for batch in walk(tracker).read(sweep=False):
        if len(before) == kept:
            break
        before.append(batch)
    after = read(tracker, before[-1].cursor if before else None, AT + HOUR)
    assert sorted({*keys(before), *keys(after)}) == sorted("abcdefgxyz")
    assert after[-1].gone == ()


def test_a_sweep_names_what_is_gone_and_forgets_it() -> None:
    tracker = book(*"abcd")
    cursor = read(tracker)[-1].cursor
    del tracker.held["one"][1]
    assert read(tracker, cursor, AT + HOUR)[-1].gone == ()
    swept = read(tracker, cursor, AT + HOUR, sweep=True)
    assert swept[-1].gone == ("b",)
    assert read(tracker, swept[-1].cursor, AT + 2 * HOUR, sweep=True)[-1].gone == ()


def test_an_item_pushed_over_a_page_s_edge_is_looked_for_before_it_is_called_gone() -> None:
    tracker = book(*"abcde")
    cursor = read(tracker)[-1].cursor
    tracker.asked.clear()

    def delete_the_first(count: int) -> None:
        if count == 2:
            tracker.held["one"] = tracker.held["one"][1:]

    tracker.meanwhile = delete_the_first
    swept = read(tracker, cursor, AT + HOUR, sweep=True)
    assert swept[-1].gone == ()
    assert {*keys(swept)} == set("abcde")


def test_another_selection_is_read_whole_and_says_what_it_no_longer_holds() -> None:
    cursor = read(book(*"abc"))[-1].cursor
    other = WorkWalk(book("a", "n"), Position.load(cursor, SOURCE, "other"), AT, HOUR)
    batches = list(other.read(sweep=False))
    assert keys(batches) == ["a", "n"]
    assert batches[-1].gone == ("b", "c")


def test_another_source_starts_afresh() -> None:
    cursor = read(book(*"abc"))[-1].cursor
    position = Position.load(cursor, "jira:other", "all")
    assert (position.parents, position.since) == ({}, None)


@pytest.mark.parametrize(
    "broken", [{"format": 9}, {"since": "yesterday"}, {"walk": {"scope": -1}}, {"extra": 1}]
)
def test_a_broken_cursor_is_refused_with_a_way_out(broken: dict[str, object]) -> None:
    cursor = {**read(book("a"))[-1].cursor, **broken}
    with pytest.raises(Invalid, match="clear it to read the source from the start"):
        Position.load(cursor, SOURCE, "all")


def test_equal_positions_are_equal_json() -> None:
    one = read(Book({"one": [row("a"), row("b")]}))[-1].cursor
    other = read(Book({"one": [row("b"), row("a")]}))[-1].cursor
    assert one == other
    assert Position.load(one, SOURCE, "all").dump() == one


def test_an_old_walk_is_begun_again() -> None:
    tracker = book(*"abcde")
    first = next(iter(walk(tracker).read(sweep=False)))
    again = read(tracker, first.cursor, AT + timedelta(days=2))
    assert keys(again) == list("abcde")


def test_a_listing_that_repeats_a_page_is_left_and_what_was_read_is_kept() -> None:
    tracker = book(*"abc")
    tracker.page = lambda scope, since, token: Page([row("a")], token="1")  # type: ignore[method-assign]
    kept: list[WorkBatch] = []
    with pytest.raises(SourceError, match="without end") as caught:
        kept.extend(walk(tracker).read(sweep=False))
    assert not caught.value.retry
    assert keys(kept)[:1] == ["a"]


def test_a_listing_whose_tokens_never_end_is_left() -> None:
    tracker = book("a")
    count = iter(range(10_000))
    tracker.page = lambda scope, since, token: Page([row("a")], token=str(next(count)))  # type: ignore[method-assign]
    with pytest.raises(SourceError, match="without end"):
        read(tracker)
    assert next(count) < 50


def test_a_token_that_expired_starts_the_scope_again() -> None:
    tracker = book(*"abcd")
    first = next(iter(walk(tracker).read(sweep=False)))
    honest = tracker.page

    def page(scope: str, since: datetime | None, token: str) -> Page:
        if token == "2" and len(tracker.asked) == 1:
            tracker.asked.append((scope, since, token))
            sentence = "The token expired."
            raise SourceError(sentence, retry=False)
        return honest(scope, since, token)

    tracker.page = page  # type: ignore[method-assign]
    assert keys(read(tracker, first.cursor, AT + HOUR)) == list("abcd")


def test_parents_in_a_circle_are_cut_and_said() -> None:
    tracker = Book({"one": [row("a", "b"), row("b", "c"), row("c", "a")]}, size=5)
    [first, _] = read(tracker)
    assert [one.parent for one in first.rows] == ["b", "c", ""]
    assert "circle" in first.rows[2].faults[0].sentence


def test_a_refusal_and_a_note_are_told_once() -> None:
    problem = Problem("X-9", "It has no name; give it one.")
    tracker = book(*"abcd")
    honest = tracker.page
    tracker.page = lambda scope, since, token: replace(  # type: ignore[method-assign]
        honest(scope, since, token), refused=[problem], notes=["No points here."]
    )
    batches = read(tracker)
    assert [one for batch in batches for one in batch.refused] == [problem]
    assert [one for batch in batches for one in batch.notes] == ["No points here."]
