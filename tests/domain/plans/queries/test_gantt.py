"""The Gantt chart's rows from real plans: what they say, whom they are for, what they cost."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.builders.workspace import MOMENT, Size, build_workspace
from tests.cast import AT, Cast, a_member

from headway.domain.accounts.queries import headway_actor
from headway.domain.accounts.rules import Role
from headway.domain.plans.actions import (
    add_item,
    edit_item,
    link_items,
    make_forecast,
    remove_item,
    set_baseline,
)
from headway.domain.plans.actions.links import LinkDraft
from headway.domain.plans.queries import GanttTable, GanttView, gantt_table
from headway.domain.programs.actions import create_program, create_project
from headway.domain.programs.queries import program_named
from headway.errors import Invalid, NotFound

LATER = AT + timedelta(days=7)


@pytest.fixture(autouse=True)
def a_plan(cast: Cast) -> None:
    """Two projects; in Scores A, then B under a summary, and C beside them with much float."""
    create_program(cast.mia, {"name": "Fraud"}, AT)
    for name in ("Scores", "Rules"):
        create_project(cast.mia, "fraud", {"name": name}, AT)
    item(cast, "scores", "A", name="Label 20k", estimate="10 12 20")
    item(cast, "scores", "B", name="Train v3", estimate="5 8 15", outline=["Models"])
    item(cast, "scores", "C", name="Write it up", estimate="1 1 2", owner="Bob")
    item(cast, "rules", "R", name="Keep the rules", estimate="2 3 5")
    link_items(cast.bob, LinkDraft("scores/B", "scores/A", "FS", 2), AT)
    make_forecast(cast.bob, "fraud", AT, trials=300)


def item(cast: Cast, project: str, key: str, **values: object) -> None:
    add_item(cast.bob, project, key, values, AT)


def table(cast: Cast, at: object = None, **view: object) -> GanttTable:
    program = program_named(cast.vera, "fraud")
    return gantt_table(cast.vera, program, GanttView(**view), at)  # type: ignore[arg-type]


def keys(found: GanttTable) -> list[str]:
    return [row.key for row in found.window.rows]


def names(found: GanttTable) -> list[str]:
    return [row.name for row in found.window.rows]


def test_projects_hold_summaries_that_hold_items(cast: Cast) -> None:
    found = table(cast)
    assert names(found) == [
        "Rules", "Keep the rules", "Scores", "Label 20k", "Models", "Train v3", "Write it up",
    ]  # fmt: skip
    assert [row.depth for row in found.window.rows] == [0, 1, 0, 1, 1, 2, 1]
    assert (found.shown, found.items) == (7, 4)


def test_rows_say_what_the_forecast_says_and_how_near_they_are_to_the_end(cast: Cast) -> None:
    rows = {row.name: row for row in table(cast).window.rows}
    train = rows["Train v3"]
    assert train.start is not None
    assert train.p50 is not None
    assert train.p80 is not None
    assert AT.date() < train.start < train.p50 <= train.p80
    assert (train.weight, rows["Label 20k"].weight) == ("critical", "critical")
    assert rows["Write it up"].weight == "plain"
    assert (rows["Write it up"].float_days or 0) > 3
    assert rows["Scores"].weight == "critical"
    assert rows["Models"].p80 == train.p80


def test_a_projects_own_row_takes_the_projects_own_odds(cast: Cast) -> None:
    found = table(cast)
    assert found.forecast is not None
    said = found.forecast.answer["projects"]["scores"]  # type: ignore[index, call-overload]
    scores = next(row for row in found.window.rows if row.key == "scores")
    assert (scores.p50, scores.p80) == tuple(
        date.fromisoformat(said[part]) for part in ("p50", "p80")
    )


def test_links_of_the_window_come_with_both_names(cast: Cast) -> None:
    (link,) = table(cast).links
    assert (link.predecessor_name, link.successor_name) == ("Label 20k", "Train v3")
    assert (link.kind, link.lag_text) == ("FS", "+2")


@pytest.mark.parametrize(
    ("only", "left"),
    [
        ("critical", ["Label 20k", "Train v3"]),
        ("mine", ["Write it up"]),
        ("late", ["Keep the rules"]),
        ("open", ["Keep the rules", "Train v3", "Write it up"]),
    ],
)
def test_a_reader_narrows_to_what_matters(cast: Cast, only: str, left: list[str]) -> None:
    edit_item(cast.bob, ("rules", "R"), {"deadline": "2026-11-24"}, AT)
    if only == "open":
        done = {"started": "2026-11-02", "finished": "2026-11-20"}
        edit_item(cast.bob, ("scores", "A"), done, AT)
    program = program_named(cast.bob, "fraud")
    edit_item(cast.bob, ("scores", "C"), {"owner": cast.bob.label}, AT)
    found = gantt_table(cast.bob, program, GanttView(only=only))
    assert [row.name for row in found.window.rows if not row.is_group] == left
    assert found.counts[only] == len(left)


def test_a_word_finds_by_name_key_and_owner(cast: Cast) -> None:
    assert names(table(cast, word="TRAIN")) == ["Scores", "Models", "Train v3"]
    assert names(table(cast, word="bob")) == ["Scores", "Write it up"]
    assert names(table(cast, word="nothing like it")) == []


def test_rows_are_ordered_by_what_a_reader_asks_for(cast: Cast) -> None:
    found = names(table(cast, project="scores", sort="float"))
    assert found == ["Scores", "Label 20k", "Models", "Train v3", "Write it up"]
    assert names(table(cast, project="scores", sort="p80"))[1] == "Write it up"


@pytest.mark.parametrize("wrong", [{"only": "purple"}, {"sort": "name"}, {"after": "scores/Z"}])
def test_what_there_is_not_is_refused_in_a_sentence(cast: Cast, wrong: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        table(cast, **wrong)


def test_an_item_says_why_it_has_no_date(cast: Cast) -> None:
    item(cast, "rules", "NEW", name="New", estimate="2 3 5")
    item(cast, "rules", "GUESS", name="Nobody guessed")
    said = {row.name: row.trouble for row in table(cast).window.rows}
    assert said["New"] == "It was added after this forecast"
    assert "no estimate" in said["Nobody guessed"]
    rules = next(row for row in table(cast).window.rows if row.key == "rules")
    assert rules.unknown == 2


def test_a_plan_without_a_forecast_has_rows_without_dates(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Other thing"}, AT)
    create_project(cast.mia, "other-thing", {"name": "Thing"}, AT)
    item(cast, "thing", "A", name="A", estimate="1 2 3")
    found = gantt_table(cast.vera, program_named(cast.vera, "other-thing"), GanttView())
    assert (found.forecast, found.days) == (None, None)
    assert found.window.rows[1].trouble == "It is not forecast yet"


def test_what_was_known_then_is_shown_then(cast: Cast) -> None:
    edit_item(cast.bob, ("scores", "A"), {"name": "Label 30k"}, LATER)
    remove_item(cast.bob, ("rules", "R"), LATER)
    assert "Label 30k" in names(table(cast))
    past = table(cast, AT)
    assert "Label 20k" in names(past)
    assert "Keep the rules" in names(past)
    assert [link.predecessor_name for link in past.links] == ["Label 20k"]


def test_the_active_baseline_comes_with_its_days(cast: Cast) -> None:
    assert table(cast).baseline is None
    set_baseline(cast.mia, "fraud", {"name": "Agreed", "reason": "Kick-off"}, AT)
    held = table(cast).baseline
    assert held is not None
    assert held.items["scores/A"].p50 is not None


def test_strangers_see_nothing(cast: Cast) -> None:
    program = program_named(cast.vera, "fraud")
    with pytest.raises(NotFound):
        gantt_table(cast.charlie, program, GanttView())


@pytest.mark.parametrize("past", [False, True], ids=["now", "as of then"])
def test_queries_are_as_many_for_three_hundred_items_as_for_twenty(past: bool) -> None:
    counts = []
    for items in (20, 300):
        workspace = build_workspace(Size(projects=2, items=items, records=0), slug=f"w{items}")
        actor = headway_actor(workspace.id)
        make_forecast(actor, "program", MOMENT + timedelta(minutes=1), trials=50)
        reader = a_member(workspace, f"Rita{items}", Role.VIEWER)
        program = program_named(reader, "program")
        at = MOMENT + timedelta(days=1) if past else None
        with CaptureQueriesContext(
            connection,
        ) as seen:
            found = gantt_table(reader, program, GanttView(level=99), at)
        assert len(found.window.rows) == min(items + 2, 100)
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert counts[0] <= 12
