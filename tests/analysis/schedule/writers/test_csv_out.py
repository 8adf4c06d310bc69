"""CSV out: what it has columns for, and a sentence for everything else."""

from __future__ import annotations

from datetime import date

import pytest
from tests.analysis.schedule.plans import plan_of

from headway.analysis.schedule.plan import Estimate, Item, Link, Plan
from headway.analysis.schedule.readers import read_plan
from headway.domain.plans.rules.exporting import format_of, write_plan
from headway.errors import Invalid

TODAY = date(2026, 1, 5)


def again(plan: Plan) -> Plan:
    return read_plan(write_plan(plan, "csv", TODAY).data, "plan.csv")


def test_ranges_names_and_links_come_back() -> None:
    plan = plan_of(
        "plan: P\ncalendar: none\nitems:\n  - {id: A, name: One, estimate: [1, 2, 4]}\n"
        "  - {id: B, estimate: 3, after: [A +2]}\n  - {id: C, after: [A SS +50%, B FF]}\n"
    )
    read = again(plan)
    for key in ("id", "name", "estimate", "after"):
        assert [getattr(one, key) for one in read.items] == [
            getattr(one, key) for one in plan.items
        ]
    assert write_plan(plan, "csv", TODAY).losses == ()


@pytest.mark.parametrize("name", ["=1+1", "+cmd", "-2+3", "@sum", "＝1+1", "=HYPERLINK(1)"])
def test_a_cell_that_a_spreadsheet_computes_is_disarmed_and_read_back(name: str) -> None:
    plan = Plan("P", (Item(name), Item("B", name=name, after=(Link(name),))))
    cells = write_plan(plan, "csv", TODAY).data.decode().splitlines()[1:]
    assert all(f"'{name}" in line for line in cells)
    assert [(one.id, one.name) for one in again(plan).items] == [(name, ""), ("B", name)]
    assert again(plan).items[1].after == (Link(name),)


def test_an_id_with_a_comma_is_linked() -> None:
    plan = Plan("P", (Item("a,b"), Item("C", after=(Link("a,b", lag=1.0),))))
    assert again(plan).items[1].after == (Link("a,b", lag=1.0),)


def test_what_csv_cannot_carry_is_told() -> None:
    plan = plan_of(
        "plan: P\nstart: 2026-01-05\nresources: {dev: {capacity: 1}}\nitems:\n"
        "  - {id: A, estimate: 1, needs: {dev: 1}, cost: 5, deadline: 2026-03-01, outline: [X]}\n"
        "risks: [{id: R, probability: 0.1}]\n"
    )
    told = " ".join(write_plan(plan, "csv", TODAY).losses)
    for word in ("the start", "resources", "risks", "needs: A", "costs: A", "deadlines: A"):
        assert word in told


@pytest.mark.parametrize(
    ("unit", "days"), [("hours", (2.0, 0.5, 0.125)), ("weeks", (80.0, 20.0, 21.0))]
)
def test_durations_and_lags_are_written_in_days(
    unit: str, days: tuple[float, float, float]
) -> None:
    plan = plan_of(
        f"plan: P\nstart: 2026-01-05\nunit: {unit}\nitems:\n  - {{id: A, estimate: 16}}\n"
        "  - {id: B, estimate: 1, after: [A +4]}\n  - {id: C, estimate: 1, after: [A SS +3e]}\n"
    )
    first, second, third = again(plan).items
    assert first.estimate == Estimate.certain(days[0])
    assert (second.after[0].lag, third.after[0].lag) == days[1:]
    told = write_plan(plan, "csv", TODAY).losses
    assert f"CSV cannot carry the unit {unit}: durations are written in working days." in told


@pytest.mark.parametrize("name", ["plan.xer", "plan.sm", "plan", "plan.pdf"])
def test_a_format_that_is_not_written_is_refused(name: str) -> None:
    with pytest.raises(Invalid, match=r"use \.yaml, \.xml or \.csv"):
        format_of(name)
