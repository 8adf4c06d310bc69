from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.cast import AT, Cast

from headway.domain.accounts.queries import audit_page
from headway.domain.people.actions import set_resource
from headway.domain.plans.actions import (
    add_item,
    edit_item,
    link_items,
    remove_item,
    restore_item,
    set_need,
    set_risk_effects,
)
from headway.domain.plans.actions.links import LinkDraft
from headway.domain.plans.models import WorkItem
from headway.domain.plans.queries import history_of_item, item_named, plan_value
from headway.domain.programs.actions import create_program, create_project
from headway.domain.programs.queries import program_named, project_named
from headway.domain.risks.actions import set_risk
from headway.errors import Conflict, Invalid, NotFound, Refused

LATER = AT + timedelta(days=7)
A_DAY = timedelta(days=1)
PLACE = ("scores", "A")


@pytest.fixture(autouse=True)
def scores(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud"}, AT)
    create_project(cast.mia, "fraud", {"name": "Scores"}, AT)
    add_item(cast.bob, "scores", "A", {"name": "Label", "estimate": "3/5/9"}, AT)


def ids(cast: Cast, at: object = None) -> list[str]:
    plan = plan_value(cast.vera, program_named(cast.vera, "fraud"), at)  # type: ignore[arg-type]
    return [item.id for item in plan.items]


def test_the_first_item_starts_the_plan_on_its_day(cast: Cast) -> None:
    plan = plan_value(cast.vera, program_named(cast.vera, "fraud"))
    assert (plan.start, [item.id for item in plan.items]) == (AT.date(), ["scores/A"])
    actions = [line.action for line in audit_page(cast.alice).lines[:2]]
    assert actions == ["add_item", "start_plan"]


def test_items_stand_in_the_order_they_came(cast: Cast) -> None:
    for key in ("Z", "B"):
        add_item(cast.bob, "scores", key, {"name": key, "estimate": 1}, AT)
    assert ids(cast) == ["scores/A", "scores/Z", "scores/B"]


def test_an_inline_edit_reads_a_range_as_people_type_it(cast: Cast) -> None:
    changed = edit_item(cast.bob, PLACE, {"estimate": "5 8 12"}, LATER, version=1)
    assert (list(changed.estimate or ()), changed.version) == ([5, 8, 12], 2)
    detail = audit_page(cast.alice).lines[0].detail
    assert detail == {"estimate": {"before": [3, 5, 9], "after": [5, 8, 12]}}


def test_the_past_shows_the_old_plan(cast: Cast) -> None:
    edit_item(cast.bob, PLACE, {"estimate": "5 8 12"}, LATER)
    add_item(cast.bob, "scores", "B", {"name": "Train", "estimate": 2}, LATER)
    assert ids(cast, AT) == ["scores/A"]
    project = project_named(cast.vera, "scores")
    assert list(item_named(cast.vera, project, "A", AT).estimate or ()) == [3, 5, 9]


def test_a_stale_save_names_both_values(cast: Cast) -> None:
    edit_item(cast.bob, PLACE, {"name": "Label more"}, LATER, version=1)
    with pytest.raises(Conflict, match="name is now 'Label more', you wrote 'Label less'"):
        edit_item(cast.mia, PLACE, {"name": "Label less"}, LATER, version=1)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"estimate": "9 5 3"}, "out of order"),
        ({"estimate": "3 5"}, "2 numbers"),
        ({"estimate": "a b c"}, "not a number"),
        ({"estimate": "nan"}, "not a number"),
        ({"kind": "magic"}, "none of: task"),
        ({"distribution": "normal"}, "none of"),
        ({"deadline": "soon"}, "not a day"),
        ({"cost_minor": -5}, "from 0"),
        ({"name": ""}, "name is empty"),
        ({"colour": "red"}, "no field 'colour'"),
        ({"remaining": "1 2 3"}, "no `started`"),
        ({"started": "2026-11-20", "finished": "2026-11-19"}, "before it started"),
    ],
)
def test_a_field_that_does_not_fit_changes_nothing(
    cast: Cast, values: dict[str, object], said: str
) -> None:
    before = audit_page(cast.alice).total
    with pytest.raises(Invalid, match=said):
        edit_item(cast.bob, PLACE, values, LATER)
    assert WorkItem.objects.get(key="A").version == 1
    assert audit_page(cast.alice).total == before


def test_an_experiment_may_fail_and_fall_back(cast: Cast) -> None:
    add_item(cast.bob, "scores", "F", {"name": "Rules instead", "estimate": 4}, AT)
    attempts = {"success": [0.3, 0.6, 0.8], "max": 3, "each": "3/5/9", "fallback": "F"}
    edit_item(cast.bob, PLACE, {"kind": "experiment", "attempts": attempts}, AT)
    plan = plan_value(cast.vera, program_named(cast.vera, "fraud"))
    held = plan.items[0].attempts
    assert held is not None
    assert (held.max, held.fallback, held.each.numbers) == (3, "scores/F", (3, 5, 9))


@pytest.mark.parametrize(
    "attempts",
    [
        {"success": 0.5},
        {"success": 2, "max": 3, "each": 1},
        {"success": 0.5, "max": 0, "each": 1},
        {"success": 0.5, "max": 3, "each": 1, "fallback": "nowhere"},
        {"success": 0.5, "max": 3, "each": 1, "feasible": "perhaps"},
        {"success": 0.5, "max": None, "each": 1},
        {"success": None, "max": 2, "each": 1},
        {"success": 0.5, "max": 2, "each": None},
        "three",
    ],
)
def test_attempts_that_make_no_sense_are_refused(cast: Cast, attempts: object) -> None:
    with pytest.raises(Invalid):
        edit_item(cast.bob, PLACE, {"attempts": attempts}, AT)


def test_a_taken_key_is_a_conflict(cast: Cast) -> None:
    with pytest.raises(Conflict, match="'A' already"):
        add_item(cast.bob, "scores", "A", {"name": "Again"}, AT)


def test_a_removed_item_stays_in_the_past_and_can_come_back(cast: Cast) -> None:
    add_item(cast.bob, "scores", "B", {"name": "Train", "estimate": 2}, AT)
    link_items(cast.bob, LinkDraft("scores/B", "scores/A"), AT)
    known = history_of_item(cast.vera, project_named(cast.vera, "scores"), "A")[0].history_id
    remove_item(cast.bob, PLACE, LATER)
    assert ids(cast) == ["scores/B"]
    assert ids(cast, AT) == ["scores/A", "scores/B"]
    lines = history_of_item(cast.vera, project_named(cast.vera, "scores"), "A")
    assert [line.kind for line in lines] == ["removed", "added"]
    back = restore_item(cast.bob, PLACE, known, LATER)
    assert (back.name, list(back.estimate or ())) == ("Label", [3, 5, 9])
    assert ids(cast) == ["scores/A", "scores/B"]


def test_a_removed_item_comes_back_with_what_hung_on_it(cast: Cast) -> None:
    for key in ("B", "C"):
        add_item(cast.bob, "scores", key, {"name": key, "estimate": 2}, AT)
    set_resource(cast.bob, "fraud", "gpu", {"capacity": 8}, AT)
    set_risk(cast.bob, "fraud", "R1", {"probability": 0.3, "delay": "2 5 15"}, AT)
    link_items(cast.bob, LinkDraft("scores/B", "scores/A", lag=2), AT)
    link_items(cast.bob, LinkDraft("scores/A", "scores/C"), AT)
    set_need(cast.bob, "scores/A", "gpu", 4, AT)
    set_risk_effects(cast.bob, "fraud", "R1", ["scores/A"], AT)
    before = plan_value(cast.vera, program_named(cast.vera, "fraud"))
    remove_item(cast.bob, PLACE, LATER)
    removed = history_of_item(cast.vera, project_named(cast.vera, "scores"), "A")[0]
    remove_item(cast.bob, ("scores", "C"), LATER + timedelta(hours=1))
    restore_item(cast.bob, PLACE, removed.history_id, LATER + timedelta(hours=2))
    after = plan_value(cast.vera, program_named(cast.vera, "fraud"))
    assert [item.id for item in after.items] == ["scores/A", "scores/B"]
    assert after.items[1] == before.items[1]
    assert after.items[0].after == ()
    assert after.items[0].needs == before.items[0].needs
    assert after.risks == before.risks


def test_the_only_item_can_be_removed_too(cast: Cast) -> None:
    remove_item(cast.bob, PLACE, LATER)
    assert ids(cast) == []


def test_undo_puts_an_edit_back(cast: Cast) -> None:
    edit_item(cast.bob, PLACE, {"estimate": "5 8 12", "owner": "dana"}, LATER)
    lines = history_of_item(cast.vera, project_named(cast.vera, "scores"), "A")
    assert [(line.kind, line.author) for line in lines] == [("changed", "Bob"), ("added", "Bob")]
    back = restore_item(cast.bob, PLACE, lines[-1].history_id, LATER)
    assert (list(back.estimate or ()), back.owner, back.version) == ([3, 5, 9], "", 3)
    assert audit_page(cast.alice).lines[0].action == "restore_item"


def test_what_is_finished_is_finished(cast: Cast) -> None:
    changed = edit_item(
        cast.bob, PLACE, {"started": "2026-11-16", "finished": date(2026, 11, 20)}, LATER
    )
    assert changed.finished == date(2026, 11, 20)


def test_strangers_and_viewers_stay_out(cast: Cast) -> None:
    known = history_of_item(cast.vera, project_named(cast.vera, "scores"), "A")[0].history_id
    for act in (
        lambda who: add_item(who, "scores", "X", {"name": "X"}, AT),
        lambda who: edit_item(who, PLACE, {"name": "X"}, AT),
        lambda who: remove_item(who, PLACE, AT),
        lambda who: restore_item(who, PLACE, known, AT),
    ):
        with pytest.raises(NotFound):
            act(cast.charlie)
        with pytest.raises(Refused):
            act(cast.vera)
    with pytest.raises(NotFound):
        history_of_item(cast.charlie, project_named(cast.vera, "scores"), "A")


def test_a_version_of_another_item_is_not_an_earlier_version_of_this_one(cast: Cast) -> None:
    add_item(cast.bob, "scores", "B", {"name": "Train", "estimate": 2}, AT)
    other = history_of_item(cast.vera, project_named(cast.vera, "scores"), "B")[0].history_id
    with pytest.raises(NotFound, match="no such earlier version"):
        restore_item(cast.bob, PLACE, other, AT)


def test_what_binds_an_item_reaches_the_network_and_comes_back_by_undo(cast: Cast) -> None:
    values = {"pinned": "2026-02-02", "priority": 900, "outline": "Data, Labels"}
    edit_item(cast.bob, PLACE, values, LATER)
    edit_item(cast.bob, PLACE, {"started": "2026-01-05", "done": 0.25}, LATER + A_DAY)
    program = program_named(cast.vera, "fraud")
    (item,) = plan_value(cast.vera, program).items
    assert (item.pinned, item.priority, item.done) == (date(2026, 2, 2), 900, 0.25)
    assert item.outline == ("Data", "Labels")
    before = history_of_item(cast.vera, project_named(cast.vera, "scores"), "A")[-1]
    restore_item(cast.bob, PLACE, before.history_id, LATER + 2 * A_DAY)
    (item,) = plan_value(cast.vera, program).items
    assert (item.pinned, item.priority, item.done, item.outline) == (None, 500, None, ())


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"priority": 1001}, "priority"),
        ({"done": 1.5}, "done"),
        ({"done": 0.5}, "has no `started`"),
        ({"outline": ["x"] * 21}, "at most 20"),
    ],
)
def test_what_binds_an_item_wrongly_is_refused(
    cast: Cast, values: dict[str, object], sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence):
        edit_item(cast.bob, PLACE, values, LATER)
