from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.cast import AT, Cast

from headway.analysis.schedule.soundness import problems
from headway.domain.plans.actions import (
    add_item,
    edit_item,
    link_items,
    make_forecast,
    set_risk_effects,
)
from headway.domain.plans.actions.links import LinkDraft
from headway.domain.plans.models import Plan, WorkItem
from headway.domain.plans.queries import WorkView, plan_value, work_line, work_table
from headway.domain.programs.actions import create_program, create_project
from headway.domain.programs.actions.rows import add_dated
from headway.domain.programs.queries import program_named, project_named
from headway.domain.risks.actions import set_risk
from headway.errors import Invalid, NotFound

LATER = AT + timedelta(days=7)


@pytest.fixture(autouse=True)
def two_projects(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud"}, AT)
    for name in ("Scores", "Rules"):
        create_project(cast.mia, "fraud", {"name": name}, AT)
        for key in ("A", "B"):
            values = {"name": f"{name} {key}", "estimate": "2 3 5"}
            add_item(cast.bob, name.lower(), key, values, AT)


def table(cast: Cast, view: WorkView | None = None, at: object = None) -> list[str]:
    program = program_named(cast.vera, "fraud")
    found = work_table(cast.vera, program, view or WorkView(), at)  # type: ignore[arg-type]
    return [f"{line.project}/{line.item.key}" for line in found.lines]


def test_items_stand_in_plan_order(cast: Cast) -> None:
    assert table(cast) == ["rules/A", "rules/B", "scores/A", "scores/B"]


def test_a_reader_narrows_the_table(cast: Cast) -> None:
    edit_item(cast.bob, ("scores", "A"), {"started": "2026-11-16", "owner": "dana"}, AT)
    assert table(cast, WorkView(project="scores")) == ["scores/A", "scores/B"]
    assert table(cast, WorkView(state="under way")) == ["scores/A"]
    assert table(cast, WorkView(word="DANA")) == ["scores/A"]
    assert table(cast, WorkView(word="rules b")) == ["rules/B"]


def test_each_line_says_what_it_waits_for_and_when_it_ends(cast: Cast) -> None:
    link_items(cast.bob, LinkDraft("scores/B", "scores/A", "FS", 2), AT)
    link_items(cast.bob, LinkDraft("scores/B", "rules/A"), AT)
    make_forecast(cast.bob, "fraud", AT, trials=300)
    line = work_line(cast.vera, project_named(cast.vera, "scores"), "B")
    assert set(line.after) == {"A +2", "rules/A"}
    assert line.p50 is not None
    assert line.p80 is not None
    assert date(2026, 11, 23) < line.p50 <= line.p80


def test_the_past_shows_the_work_of_then(cast: Cast) -> None:
    add_item(cast.bob, "rules", "C", {"name": "New", "estimate": 1}, LATER)
    assert len(table(cast)) == 5
    assert len(table(cast, at=AT)) == 4


def test_a_long_table_comes_in_pages_without_a_gap(cast: Cast) -> None:
    for number in range(205):
        values = {"name": f"N{number}", "estimate": 1, "order": number}
        WorkItem.objects.create(
            workspace=cast.acme,
            project_id=project_named(cast.vera, "rules").id,
            key=f"N{number}",
            name=str(values["name"]),
            estimate=[1, 1, 1],
            order=100 + number,
        )
    program = program_named(cast.vera, "fraud")
    seen: list[str] = []
    view = WorkView()
    while True:
        page = work_table(cast.vera, program, view)
        seen += [line.item.key + line.project for line in page.lines]
        assert page.total == 209
        if page.more is None:
            break
        view = WorkView(after=page.more)
    assert len(seen) == len(set(seen)) == 209


def long_table(cast: Cast, count: int) -> None:
    project = project_named(cast.vera, "rules")
    rows = [
        WorkItem(
            workspace=cast.acme,
            project_id=project.id,
            key=f"N {number}/x",
            name="Work",
            estimate=[1, 1, 1],
            order=100 + number // 3,
        )
        for number in range(count)
    ]
    add_dated(cast.bob, WorkItem, rows, AT)


def test_rows_that_come_or_go_between_pages_neither_repeat_nor_hide_another(cast: Cast) -> None:
    long_table(cast, 150)
    program = program_named(cast.vera, "fraud")
    first = work_table(cast.vera, program, WorkView())
    there = [line.item.key for line in first.lines]
    WorkItem.objects.filter(key=there[-1]).delete()
    WorkItem.objects.filter(key=there[50]).delete()
    for key, order in (("early", 0), ("late", 10_000)):
        item = {"name": key, "estimate": 1, "order": order}
        add_item(cast.bob, "scores", key, item, AT)
    second = work_table(cast.vera, program, WorkView(after=first.more or ""))
    seen = {f"{line.project}/{line.item.key}" for line in [*first.lines, *second.lines]}
    assert len(seen) == len(first.lines) + len(second.lines)
    now = {f"rules/{row.key}" for row in WorkItem.objects.filter(project__slug="rules")}
    assert now <= seen
    assert second.more is None


def test_a_cursor_keeps_to_what_the_reader_wanted(cast: Cast) -> None:
    long_table(cast, 120)
    program = program_named(cast.vera, "fraud")
    first = work_table(cast.vera, program, WorkView(project="rules", word="work"))
    second = work_table(
        cast.vera, program, WorkView(project="rules", word="work", after=first.more or "")
    )
    assert {line.project for line in [*first.lines, *second.lines]} == {"rules"}
    assert len(first.lines) + len(second.lines) == first.total == second.total


def test_a_made_up_cursor_is_refused(cast: Cast) -> None:
    for cursor in ("../../etc", "²/rules/A", "-1", "9" * 5_000, "100", "1/nowhere/A", "1/rules/"):
        with pytest.raises(Invalid, match="cursor|begin again"):
            table(cast, WorkView(after=cursor))


def test_a_stranger_sees_no_work(cast: Cast) -> None:
    with pytest.raises(NotFound):
        work_table(cast.charlie, program_named(cast.vera, "fraud"), WorkView())


@pytest.mark.parametrize("size", [10, 300])
@pytest.mark.parametrize("at", [None, LATER])
def test_a_plan_of_any_size_takes_the_same_few_queries(
    cast: Cast, size: int, at: object, django_assert_num_queries: object
) -> None:
    project = project_named(cast.vera, "rules")
    rows = [
        WorkItem(
            workspace=cast.acme,
            project_id=project.id,
            key=f"N{number}",
            name=f"N{number}",
            estimate=[1, 2, 3],
            order=number + 5,
        )
        for number in range(size)
    ]
    add_dated(cast.bob, WorkItem, rows, AT)
    program = program_named(cast.vera, "fraud")
    with django_assert_num_queries(11):  # type: ignore[operator]
        plan = plan_value(cast.vera, program, at)  # type: ignore[arg-type]
    assert len(plan.items) == size + 4
    assert Plan.objects.count() == 2
    with django_assert_num_queries(13):  # type: ignore[operator]
        work_table(cast.vera, program, WorkView(), at)  # type: ignore[arg-type]


def test_one_project_is_shown_without_the_risks_of_the_others(cast: Cast) -> None:
    for key, project in (("R1", "scores"), ("R2", "rules")):
        values = {"probability": 0.5, "delay": "1 2 3", "project": project}
        set_risk(cast.bob, "fraud", key, values, AT)
        set_risk_effects(cast.bob, "fraud", key, [f"{project}/A"], AT)
    program = program_named(cast.vera, "fraud")
    plan = plan_value(cast.vera, program, project="scores")
    assert [item.id for item in plan.items] == ["scores/A", "scores/B"]
    assert [risk.id for risk in plan.risks] == ["R1"]
    assert problems(plan) == []


def test_a_later_project_waits_for_its_own_start(cast: Cast) -> None:
    create_project(cast.mia, "fraud", {"name": "Late"}, LATER)
    add_item(cast.bob, "late", "A", {"name": "A", "estimate": 1}, LATER)
    plan = plan_value(cast.vera, program_named(cast.vera, "fraud"))
    begins = {item.id: item.not_before for item in plan.items}
    assert plan.start == AT.date()
    assert (begins["late/A"], begins["scores/A"]) == (LATER.date(), None)
