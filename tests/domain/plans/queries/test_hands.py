"""Work follows the working time of whoever does it, and says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from tests.cast import AT, Cast
from tests.interfaces.web.programs.world import a_running_program

from headway.analysis.schedule.levelling.level import level
from headway.analysis.schedule.levelling.translation import Asked
from headway.analysis.schedule.plan import Plan
from headway.analysis.schedule.readers import read_plan
from headway.analysis.schedule.simulation import Settings, simulate
from headway.analysis.schedule.timetable import timetable
from headway.analysis.schedule.writers import write_yaml
from headway.domain.people.actions import set_person, set_resource, set_working_time
from headway.domain.plans.actions import edit_item
from headway.domain.plans.actions.links import set_need
from headway.domain.plans.queries import plan_value, what_moved, why_here
from headway.domain.plans.rules import plan_digest
from headway.domain.plans.rules.bridge import cause_of
from headway.domain.programs.queries import program_named

LATER = AT + timedelta(hours=1)
MONTH = {"absences": "2026-11-23 to 2026-12-22"}


@pytest.fixture
def ana(cast: Cast) -> None:
    a_running_program(cast)
    set_person(cast.mia, "ana", {"name": "Ana Ortiz"}, AT)


def plan_of(cast: Cast, at: object = None) -> Plan:
    return plan_value(cast.mia, program_named(cast.mia, "control"), at)  # type: ignore[arg-type]


def starts(plan: Plan) -> dict[str, date | None]:
    return {key: row.start for key, row in timetable(plan, date(2026, 11, 23)).rows.items()}


def test_an_owners_absence_holds_their_work_up_and_is_named(cast: Cast, ana: None) -> None:
    before = plan_of(cast)
    set_working_time(cast.mia, "ana", MONTH, LATER)
    assert plan_digest(plan_of(cast)) == plan_digest(before)
    edit_item(cast.mia, ("reading", "LABEL"), {"owner": "Anna"}, LATER)
    assert plan_of(cast) == replace(before, items=plan_of(cast).items)
    edit_item(cast.mia, ("reading", "LABEL"), {"owner": "ana ORTIZ"}, LATER)
    plan = plan_of(cast)
    assert plan.items[0].also == ("Ana Ortiz",)
    assert starts(plan)["reading/LABEL"] == date(2026, 12, 23)
    assert plan_of(cast, AT) == before
    program = program_named(cast.mia, "control")
    found = why_here(cast.mia, program, "reading/LABEL", None, AT)
    assert found is not None
    assert "Its calendar 'Ana Ortiz' works again on 2026-12-23." in found.start_reason.sentence
    assert found.start_reason.waits_for_calendar


def test_a_week_of_ones_own_takes_the_place_of_the_programs(cast: Cast, ana: None) -> None:
    week = {"schedule": {"weekdays": ["sat", "sun"], "hours": ["09:00-17:00"]}}
    set_working_time(cast.mia, "ana", week, LATER)
    edit_item(cast.mia, ("reading", "TRAIN"), {"owner": "ana"}, LATER)
    plan = plan_of(cast)
    assert (plan.items[1].calendar, plan.items[1].also) == ("Ana Ortiz", ())
    rows = timetable(plan, date(2026, 11, 23)).rows
    row = rows["reading/TRAIN"]
    assert row.start is not None
    assert row.finish is not None
    assert (row.start.weekday(), (row.finish - row.start).days) == (5, 7 * 7)
    assert row.length > 34


def test_a_resource_called_as_somebody_works_as_they_do(cast: Cast, ana: None) -> None:
    set_working_time(cast.mia, "ana", MONTH, LATER)
    set_resource(cast.mia, "control", "Ana Ortiz", {"capacity": 1}, LATER)
    set_need(cast.mia, "reading/LABEL", "Ana Ortiz", 1.0, LATER)
    plan = plan_of(cast)
    assert starts(plan)["reading/LABEL"] == date(2026, 12, 23)
    levelled = level(plan, Asked(as_of=date(2026, 11, 23)), at_once=True)
    time = levelled.translation.frame.time
    assert time.date_of_start(levelled.start["reading/LABEL"]) == date(2026, 12, 23)


def test_the_odds_and_a_file_hold_the_same_people(cast: Cast, ana: None) -> None:
    usual = plan_of(cast)
    set_working_time(cast.mia, "ana", MONTH, LATER)
    edit_item(cast.mia, ("reading", "LABEL"), {"owner": "ana"}, LATER)
    plan = plan_of(cast)
    settings = Settings(trials=200, seed=1, as_of=date(2026, 11, 23))
    p80 = [simulate(one, settings) for one in (usual, plan)]
    days = [one.frame.time.date_of_finish(float(np.quantile(one.finish, 0.8))) for one in p80]
    assert days[0] is not None
    assert days[1] is not None
    assert 25 <= (days[1] - days[0]).days <= 40
    again = read_plan(write_yaml(plan).data, "plan.yaml")
    bare = [replace(item, line=None) for item in again.items]
    assert [item.also for item in bare] == [item.also for item in plan.items]
    assert timetable(again).finish == timetable(plan).finish


def test_what_moved_names_the_working_time(cast: Cast, ana: None) -> None:
    set_working_time(cast.mia, "ana", {"absences": "2026-12-01"}, AT + timedelta(minutes=1))
    set_working_time(cast.mia, "ana", MONTH, LATER)
    moves = what_moved(cast.mia, program_named(cast.mia, "control"), AT + timedelta(minutes=2))
    assert [move.sentence for move in moves] == [
        "Working time of Ana Ortiz: absences 2026-12-01 → 2026-11-23 to 2026-12-22."
    ]
    assert cause_of(moves[0]) == "calendar"
