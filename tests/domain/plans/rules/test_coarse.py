"""Claims about coarse plans: what single numbers, points and due dates become."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.analysis.schedule.plan import WEEKDAYS, Distribution, ItemKind, LinkType
from headway.analysis.schedule.soundness import problems
from headway.connectors.work import Link, Progress, Unit, WorkRead, WorkRow
from headway.domain.plans.rules.coarse import Coarse, Frame, Held, coarse_plan
from headway.errors import Invalid

TODAY = date(2026, 3, 2)  # a Monday
FRAME = Frame("Churn", TODAY, TODAY, WEEKDAYS)


def a_row(key: str, **fields: object) -> WorkRow:
    return replace(WorkRow(key, f"Work {key}", f"line {key.removeprefix('A')}"), **fields)


def planned(*rows: WorkRow, frame: Frame = FRAME) -> Coarse:
    return coarse_plan(WorkRead(len(rows), rows), frame)


def moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def test_one_number_becomes_a_range_and_the_warning_says_whose() -> None:
    found = planned(a_row("A2", estimate=4.0))
    estimate = found.plan.items[0].estimate
    assert estimate is not None
    assert estimate.numbers == (2.0, 4.0, 8.0)
    assert estimate.distribution is Distribution.LOGNORMAL
    assert any("not your history" in note for note in found.notes)


def test_a_range_is_left_as_it_was_given() -> None:
    estimate = planned(a_row("A2", estimate=4.0, low=3.0, high=5.0)).plan.items[0].estimate
    assert estimate is not None
    assert estimate.numbers == (3.0, 4.0, 5.0)
    assert estimate.distribution is None


def test_nothing_but_a_due_date_is_planned_until_then() -> None:
    found = planned(a_row("A2", due=date(2026, 3, 13)))
    item = found.plan.items[0]
    assert item.estimate is not None
    assert item.estimate.most_likely == 10.0
    assert item.deadline == date(2026, 3, 13)


def test_a_due_date_that_is_past_still_takes_a_day() -> None:
    item = planned(a_row("A2", due=date(2026, 1, 5))).plan.items[0]
    assert item.estimate is not None
    assert item.estimate.most_likely == 1.0


def test_what_has_no_estimate_gets_the_usual_one_and_it_is_said() -> None:
    found = planned(a_row("A2", estimate=2.0), a_row("A3", estimate=6.0), a_row("A4"))
    estimate = found.plan.items[2].estimate
    assert estimate is not None
    assert estimate.most_likely == 4.0
    assert any("median of the others" in note for note in found.notes)


def finished(number: int, days: int, **fields: object) -> WorkRow:
    """Return an item that took `days` working days, at most a week."""
    last = TODAY - timedelta(days=3)  # the Friday before
    return a_row(
        f"A{number}",
        progress=Progress.FINISHED,
        started_at=moment(last - timedelta(days=days - 1)),
        finished_at=moment(last),
        **fields,
    )


def test_twenty_finished_items_replace_the_default_by_the_teams_own_history() -> None:
    history = [finished(n, 4, estimate=2.0) for n in range(2, 22)]
    found = planned(*history, a_row("A50", estimate=3.0))
    estimate = found.plan.items[-1].estimate
    assert estimate is not None
    assert estimate.most_likely == pytest.approx(6.0)
    assert any("20 finished items" in note for note in found.notes)
    assert not found.plan.correlations


def test_points_get_their_length_from_finished_points() -> None:
    history = [finished(n, 4, estimate=2.0, unit=Unit.POINTS) for n in range(2, 7)]
    found = planned(*history, a_row("A50", estimate=3.0, unit=Unit.POINTS))
    estimate = found.plan.items[-1].estimate
    assert estimate is not None
    assert estimate.most_likely == pytest.approx(6.0)
    assert any("2 working days" in note for note in found.notes)


def test_points_without_history_are_a_day_and_it_is_said() -> None:
    found = planned(a_row("A2", estimate=3.0, unit=Unit.POINTS))
    assert any("a default" in note for note in found.notes)


def test_an_epic_is_the_sum_of_its_parts_and_no_work_of_its_own() -> None:
    found = planned(
        a_row("A2"), a_row("A3", parent="A2", estimate=1.0), a_row("A4", links=(Link("A2"),))
    )
    assert [item.id for item in found.plan.items] == ["A3", "A4"]
    assert [link.predecessor for link in found.plan.items[1].after] == ["A3"]
    assert found.skipped[0].line == 2


def test_parts_without_estimates_leave_the_work_to_the_parent_that_has_one() -> None:
    found = planned(
        a_row("A2", estimate=5.0), a_row("A3", parent="A2"), a_row("A4", links=(Link("A3"),))
    )
    assert [item.id for item in found.plan.items] == ["A2", "A4"]
    assert [link.predecessor for link in found.plan.items[1].after] == ["A2"]


def test_a_circle_of_waits_loses_one_link_by_name() -> None:
    found = planned(
        a_row("A2", estimate=1.0, links=(Link("A3"),)),
        a_row("A3", estimate=1.0, links=(Link("A2"),)),
    )
    assert sum(len(item.after) for item in found.plan.items) == 1
    assert "which waits for it" in found.skipped[0].reason
    assert not problems(found.plan)


def test_links_keep_their_kind_and_lag_and_blocks_turn_around() -> None:
    found = planned(
        a_row("A2", estimate=1.0, blocks=("A3",)),
        a_row("A3", estimate=1.0),
        a_row("A4", estimate=1.0, links=(Link("A3", "SS", 2.0),)),
    )
    assert found.plan.items[1].after[0].predecessor == "A2"
    link = found.plan.items[2].after[0]
    assert (link.type, link.lag) == (LinkType.SS, 2.0)


def test_dropped_work_is_not_planned_and_is_listed() -> None:
    found = planned(a_row("A2", progress=Progress.DROPPED), a_row("A3", estimate=1.0))
    assert [item.id for item in found.plan.items] == ["A3"]
    assert "dropped" in found.skipped[0].reason


def test_a_table_of_no_work_is_refused() -> None:
    with pytest.raises(Invalid, match="None of the 1 rows is an item of work"):
        planned(a_row("A2", progress=Progress.DROPPED))


def test_finished_work_without_a_day_keeps_the_day_it_has_here() -> None:
    held = {"A2": Held(date(2026, 2, 2), date(2026, 2, 6))}
    row = a_row("A2", progress=Progress.FINISHED, estimate=1.0)
    first = planned(row).plan.items[0]
    again = planned(row, frame=replace(FRAME, held=held)).plan.items[0]
    assert first.finished == TODAY
    assert (again.started, again.finished) == (date(2026, 2, 2), date(2026, 2, 6))


def test_nothing_finishes_in_the_future() -> None:
    row = a_row("A2", progress=Progress.FINISHED, finished_at=moment(date(2026, 9, 9)))
    assert planned(row).plan.items[0].finished == TODAY


def test_a_milestone_takes_no_time() -> None:
    item = planned(a_row("A2", is_milestone=True, due=date(2026, 5, 1))).plan.items[0]
    assert item.kind is ItemKind.MILESTONE
    assert item.estimate is None


KEYS = st.sampled_from([f"A{n}" for n in range(2, 9)])


@given(
    st.lists(
        st.builds(
            a_row,
            KEYS,
            progress=st.sampled_from(Progress),
            parent=st.one_of(st.just(""), KEYS),
            estimate=st.one_of(st.none(), st.floats(0, 100)),
            unit=st.sampled_from(Unit),
            due=st.one_of(st.none(), st.dates(date(1990, 1, 1), date(2199, 1, 1))),
            not_before=st.one_of(st.none(), st.dates(date(1990, 1, 1), date(2199, 1, 1))),
            started_at=st.one_of(
                st.none(), st.dates(date(1990, 1, 1), date(2199, 1, 1)).map(moment)
            ),
            finished_at=st.one_of(
                st.none(), st.dates(date(1990, 1, 1), date(2199, 1, 1)).map(moment)
            ),
            links=st.lists(st.builds(Link, KEYS), max_size=3).map(tuple),
            blocks=st.lists(KEYS, max_size=2).map(tuple),
        ),
        min_size=1,
        max_size=8,
        unique_by=lambda row: row.key,
    )
)
def test_whatever_rows_say_the_plan_that_comes_of_them_is_sound(rows: list[WorkRow]) -> None:
    try:
        found = planned(*rows)
    except Invalid:
        assert all(row.progress is Progress.DROPPED for row in rows) or any(
            row.parent for row in rows
        )
        return
    assert not problems(found.plan)


def test_more_rows_than_a_plan_holds_lose_what_was_finished_longest_ago(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("headway.domain.plans.rules.coarse.MOST_ITEMS", 2)
    old, new = finished(2, 5, estimate=1.0), finished(3, 1, estimate=1.0)
    old = replace(old, finished_at=moment(date(2026, 2, 6)), started_at=moment(date(2026, 2, 2)))
    found = planned(old, new, a_row("A4", estimate=1.0, links=(Link("A2"), Link("A3"))))
    assert [item.id for item in found.plan.items] == ["A3", "A4"]
    assert [link.predecessor for link in found.plan.items[1].after] == ["A3"]
    assert "finished longest ago" in found.skipped[0].reason
    with pytest.raises(Invalid, match="3 items are open; a plan holds 2"):
        planned(*(a_row(f"A{n}", estimate=1.0) for n in range(2, 5)))


def test_a_plan_in_which_nothing_waits_says_that_it_looks_too_quick() -> None:
    rows = [a_row(f"A{number}", estimate=3.0) for number in range(2, 8)]
    assert any("No item waits for another" in note for note in planned(*rows).notes)
    rows[1] = replace(rows[1], links=(Link("A2"),))
    assert not any("No item waits" in note for note in planned(*rows).notes)
    assert not any("No item waits" in note for note in planned(*rows[2:5]).notes)
