"""Laws of the Gantt chart's rows: groups, folds and windows neither lose nor repeat a row."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.domain.plans.rules import ItemFacts
from headway.domain.plans.rules.outline import (
    ALL_LEVELS,
    MOST_OPEN,
    GanttLine,
    Leaf,
    folded,
    opening_level,
    outlined,
    summary_key,
    weight_of,
    window_of,
)
from headway.errors import Invalid

NAMES = {"one": "One", "two": "Two", "three": "Three"}
PATHS = st.lists(st.sampled_from(["Phase 1", "Phase 2", "Phase 3"]), max_size=3)
PLACES = st.lists(st.tuples(st.sampled_from(sorted(NAMES)), PATHS), max_size=40)


def an_item(key: str, **values: object) -> ItemFacts:
    some_id = uuid4()
    known: dict[str, object] = dict.fromkeys(ItemFacts.__dataclass_fields__)
    known |= {"id": some_id, "workspace_id": some_id, "project_id": some_id, "key": key}
    known |= {"name": key, "kind": "task", "owner": "", "order": 0, "version": 1, "outline": ()}
    return ItemFacts(**(known | values))  # type: ignore[arg-type]


def a_leaf(project: str, number: int, above: list[str], **values: object) -> Leaf:
    key = f"{project}/{number}"
    line = GanttLine(key, f"Item {number}", 1, project, project, an_item(key), **values)  # type: ignore[arg-type]
    return Leaf(line, above)


def rows_of(places: list[tuple[str, list[str]]]) -> list[GanttLine]:
    leaves = [a_leaf(slug, number, above) for number, (slug, above) in enumerate(places)]
    return outlined(leaves, NAMES, None)


@given(places=PLACES)
def test_every_item_stands_once_below_its_own_groups(
    places: list[tuple[str, list[str]]],
) -> None:
    rows = rows_of(places)
    items = {row.key: row for row in rows if not row.is_group}
    assert sorted(items) == sorted(f"{slug}/{n}" for n, (slug, _) in enumerate(places))
    for number, (slug, above) in enumerate(places):
        row = items[f"{slug}/{number}"]
        assert row.depth == len(above) + 1
        assert row.parent == (summary_key(slug, above) if above else slug)
    keys = [row.key for row in rows]
    assert len(keys) == len(set(keys))
    for row in rows:
        assert not row.parent or keys.index(row.parent) < keys.index(row.key)


@given(places=PLACES, level=st.integers(0, 5), data=st.data())
def test_the_windows_one_after_the_other_are_the_whole_list(
    places: list[tuple[str, list[str]]], level: int, data: st.DataObject
) -> None:
    rows = rows_of(places)
    groups = [row.key for row in rows if row.is_group]
    flipped = data.draw(st.sets(st.sampled_from(groups)) if groups else st.just(set()))
    size = data.draw(st.integers(1, 7))
    shown = folded(rows, level, flipped)
    found: list[GanttLine] = []
    cursor: str | None = ""
    while cursor is not None:
        window = window_of(shown, cursor, size)
        assert len(window.rows) <= size
        if cursor:
            back = window_of(shown, window.before or "", size)
            assert back.more == cursor
        found += window.rows
        cursor = window.more
    assert found == shown


@given(places=PLACES, level=st.integers(0, 5), data=st.data())
def test_a_fold_hides_what_is_below_it_and_nothing_else(
    places: list[tuple[str, list[str]]], level: int, data: st.DataObject
) -> None:
    rows = rows_of(places)
    groups = [row.key for row in rows if row.is_group]
    flipped = data.draw(st.sets(st.sampled_from(groups)) if groups else st.just(set()))
    shown = {row.key: row for row in folded(rows, level, flipped)}
    for row in rows:
        above = {one.key: one for one in rows}
        chain, parent = [], row.parent
        while parent:
            chain.append(parent)
            parent = above[parent].parent
        hidden = any(one in shown and not shown[one].is_open for one in chain)
        assert (row.key in shown) == (not hidden)
    assert [one.key for one in folded(rows, ALL_LEVELS)] == [row.key for row in rows]


def test_a_group_spans_its_items_and_counts_them() -> None:
    days = {"start": date(2026, 11, 2), "p50": date(2026, 11, 20), "p80": date(2026, 12, 1)}
    later = {"start": date(2026, 11, 9), "p50": date(2026, 11, 13), "p80": date(2026, 12, 4)}
    done = an_item("one/2", started=date(2026, 10, 1), finished=date(2026, 10, 9))
    leaves = [
        a_leaf("one", 0, ["Phase 1"], weight="near", **days),
        a_leaf("one", 1, ["Phase 1"], is_late=True, trouble="", **later),
        Leaf(GanttLine("one/2", "Done", 1, "one", "one", done), []),
        a_leaf("one", 3, [], trouble="It has no estimate"),
    ]
    project, phase, *_ = outlined(leaves, NAMES, None)
    assert (phase.name, phase.depth, phase.items, phase.weight) == ("Phase 1", 1, 2, "near")
    assert (phase.start, phase.p50, phase.p80) == (
        date(2026, 11, 2),
        date(2026, 11, 20),
        date(2026, 12, 4),
    )
    assert (project.items, project.finished, project.unknown) == (4, 1, 1)
    assert (project.start, project.is_late, project.ended) == (date(2026, 10, 1), True, None)


def test_a_group_has_ended_when_all_its_items_have() -> None:
    ends = [date(2026, 10, 9), date(2026, 10, 2)]
    leaves = [
        Leaf(GanttLine(f"one/{n}", "", 1, "one", "one", an_item(str(n), finished=end)), [])
        for n, end in enumerate(ends)
    ]
    assert outlined(leaves, NAMES, None)[0].ended == date(2026, 10, 9)


def test_rows_are_sorted_below_their_own_group_only() -> None:
    leaves = [
        a_leaf("one", 0, [], p80=date(2026, 12, 9)),
        a_leaf("one", 1, [], p80=date(2026, 12, 1)),
        a_leaf("two", 2, [], p80=date(2026, 11, 1)),
    ]
    rows = outlined(leaves, NAMES, lambda line: line.p80 or date.max)
    assert [row.key for row in rows] == ["one", "one/1", "one/0", "two", "two/2"]


@pytest.mark.parametrize(
    ("slack", "weight"),
    [(-2.0, "critical"), (0.0, "critical"), (1e-9, "critical"), (0.5, "near"), (3.0, "near"),
     (3.5, "plain"), (None, "plain")],
)  # fmt: skip
def test_float_says_how_near_an_item_is_to_deciding_the_end(
    slack: float | None, weight: str
) -> None:
    assert weight_of(slack, is_finished=False) == weight
    assert weight_of(slack, is_finished=True) == "plain"


def test_a_large_chart_opens_folded_to_what_can_be_read() -> None:
    many = [
        a_leaf(slug, n, [f"Phase {n % 5}"]) for slug in ("one", "two") for n in range(MOST_OPEN)
    ]
    rows = outlined(many, NAMES, None)
    level = opening_level(rows)
    assert [row.depth for row in folded(rows, level)] == [0, 1, 1, 1, 1, 1] * 2
    assert opening_level(rows[: MOST_OPEN // 2]) == ALL_LEVELS


def test_one_flat_project_opens_whole_since_a_fold_would_tell_nothing() -> None:
    rows = outlined([a_leaf("one", n, []) for n in range(MOST_OPEN + 1)], NAMES, None)
    assert opening_level(rows) == ALL_LEVELS


def test_a_window_after_a_row_that_is_gone_says_to_begin_again() -> None:
    with pytest.raises(Invalid, match="begin at the top"):
        window_of(rows_of([("one", [])]), "one/77")
