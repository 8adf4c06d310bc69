"""The sample's plans, changes and program fit each other, each file alone and all together."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
import yaml
from tests.examples.conftest import DEMO

from headway.analysis.schedule.forecast import Options, forecast
from headway.analysis.schedule.plan import Plan
from headway.analysis.schedule.readers import read_plan
from headway.analysis.schedule.simulation import Settings

PROJECTS = ("meter-reading", "severity-score", "screening", "co2-forecaster")
AS_OF = date(2026, 11, 23)


@pytest.fixture(scope="module")
def program() -> dict[str, Any]:
    return dict(yaml.safe_load((DEMO / "program.yaml").read_text("utf-8")))


@pytest.fixture(scope="module")
def changes() -> list[dict[str, Any]]:
    return list(yaml.safe_load((DEMO / "changes.yaml").read_text("utf-8"))["changes"])


def plan_of(project: str) -> Plan:
    file = DEMO / f"plans/{project}.yaml"
    return read_plan(file.read_bytes(), file.name)


@pytest.fixture(scope="module")
def items() -> set[str]:
    return {f"{project}/{item.id}" for project in PROJECTS for item in plan_of(project).items}


@pytest.mark.parametrize("project", PROJECTS)
def test_each_plan_can_be_forecast_as_a_file(project: str) -> None:
    settings = Settings(trials=200, as_of=AS_OF)
    answer = forecast(plan_of(project), Options(settings, drivers=0))
    assert answer.simulation.p_never == 0
    assert answer.finish_dates["p80"] is not None
    assert answer.finish_dates["p80"] > AS_OF


@pytest.mark.parametrize("project", PROJECTS)
def test_nothing_started_or_finished_after_the_data_date(project: str) -> None:
    for item in plan_of(project).items:
        for moment in (item.started, item.finished):
            assert moment is None or (isinstance(moment, date) and moment < AS_OF)


def test_each_project_has_a_plan_and_each_plan_a_project(program: dict[str, Any]) -> None:
    assert tuple(project["slug"] for project in program["projects"]) == PROJECTS
    assert {file.stem for file in (DEMO / "plans").iterdir()} == set(PROJECTS)


def test_links_and_changes_name_items_that_are_there(
    program: dict[str, Any], changes: list[dict[str, Any]], items: set[str]
) -> None:
    added = {change["add"] for change in changes if "add" in change}
    named = {end for link in program["links"] for end in link[:2]}
    for change in changes:
        named |= {change["item"]} if "item" in change else set()
        named |= {*change.get("after", ()), *change.get("before", ())}
    assert named <= items | added
    assert not added & items


def test_changes_are_told_in_order_before_the_data_date(changes: list[dict[str, Any]]) -> None:
    moments = [change["at"] for change in changes]
    assert moments == sorted(moments)
    assert moments[-1] < datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert all(change["why"] for change in changes)


def test_every_risk_of_a_plan_has_an_owner_and_a_review(program: dict[str, Any]) -> None:
    risks = {risk.id for project in PROJECTS for risk in plan_of(project).risks}
    assert set(program["risks"]) == risks
    for risk in program["risks"].values():
        assert risk["owner"] in program["people"]
        assert risk["review_on"] > AS_OF


def test_the_budget_is_1_200_000_with_90_000_of_contingency(program: dict[str, Any]) -> None:
    held = [line for line in program["budget"] if line.get("purpose") != "reserve"]
    assert sum(line["amount"] for line in held) == 1_200_000
    contingency = [line for line in held if line.get("purpose") == "contingency"]
    assert [line["amount"] for line in contingency] == [90_000]


def test_people_are_marked_as_sample(program: dict[str, Any]) -> None:
    names = [person["name"] for person in program["people"].values()]
    assert all(name.endswith("(sample)") for name in [*names, program["owner"]["name"]])
