"""YAML out: canonical, and read back as the plan it was written from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given, settings
from tests.analysis.schedule.plans import plan_of
from tests.analysis.schedule.writers.any_plan import plans

from headway.analysis.schedule.plan import Item, Link, Plan, Resource
from headway.analysis.schedule.readers import read_plan
from headway.analysis.schedule.writers import write_yaml


def without_lines(plan: Plan) -> Plan:
    """Return `plan` as if it had not been read from a file."""
    bare: dict[str, Any] = {
        key: tuple(replace(one, line=None) for one in getattr(plan, key))
        for key in ("items", "resources", "risks", "correlations")
    }
    return replace(plan, **bare)


@given(plans())
@settings(max_examples=40, deadline=None)
def test_what_is_written_reads_back_as_the_same_plan(plan: Plan) -> None:
    written = write_yaml(plan)
    assert without_lines(read_plan(written.data, "plan.yaml")) == plan
    assert written.losses == ()


@given(plans())
@settings(max_examples=15, deadline=None)
def test_writing_twice_gives_the_same_text(plan: Plan) -> None:
    first = write_yaml(plan).data
    assert write_yaml(read_plan(first, "plan.yaml")).data == first


def test_an_id_that_reads_like_a_link_is_not_mistaken() -> None:
    items = (Item("B"), Item("B +2"), Item("B SS"), Item("C", after=(Link("B", lag=2.0),)))
    plan = Plan("P", items, calendar=None)
    read = read_plan(write_yaml(plan).data, "plan.yaml")
    assert without_lines(read).items[3].after == (Link("B", lag=2.0),)


def test_a_link_that_cannot_be_told_from_an_id_is_named() -> None:
    items = (Item("B"), Item("B +2"), Item("B FS +2"), Item("C", after=(Link("B", lag=2.0),)))
    (sentence,) = write_yaml(Plan("P", items)).losses
    assert sentence == "Links that read like another id are not told from it: C."


def test_a_lag_is_rounded_and_told() -> None:
    plan = Plan("P", (Item("A"), Item("B", after=(Link("A", lag=1 / 3),))))
    written = write_yaml(plan)
    assert written.losses == ("Lags are rounded to nine decimals: B.",)
    assert read_plan(written.data, "p.yaml").items[1].after[0].lag == 0.333333333


def test_what_there_is_before_the_first_step_is_there_from_the_start() -> None:
    people = Resource("dev", 2.0, steps=((date(2026, 3, 1), 4.0),))
    plan = replace(plan_of("plan: P\nstart: 2026-01-05\nitems: [{id: A}]\n"), resources=(people,))
    (read,) = read_plan(write_yaml(plan).data, "plan.yaml").resources
    assert read.steps == ((date(2026, 1, 5), 2.0), (date(2026, 3, 1), 4.0))


def test_words_that_yaml_takes_for_something_else_stay_words() -> None:
    names = ["no", "null", "1.5", "2026-01-05", "a: b", "- x", "#1", "'", '"', "{", "ä ", "*x"]
    items = tuple(Item(str(n), name=name.strip()) for n, name in enumerate(names))
    read = read_plan(write_yaml(Plan("yes", items)).data, "plan.yaml")
    assert [item.name for item in read.items] == [name.strip() for name in names]
    assert read.name == "yes"
