"""The heat map, who is free, pools by week, and bottlenecks: on one small plan of two programs."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from tests.cast import AT, Cast

from headway.domain.people.actions import set_person, set_resource, set_working_time
from headway.domain.people.actions.allocations import set_allocation
from headway.domain.people.actions.pools import set_pool
from headway.domain.people.actions.requests import set_request
from headway.domain.people.actions.skills import set_skills
from headway.domain.people.actions.staffing import add_operations_load
from headway.domain.people.queries.allocations import allocation_named, request_named
from headway.domain.people.rules.heat import BLAMES
from headway.domain.people.rules.loads import HOUR, Weeks
from headway.domain.plans.actions import add_item, edit_item, make_forecast, set_need
from headway.domain.plans.actions.queue_wait import add_queue_wait
from headway.domain.plans.models import Forecast
from headway.domain.plans.queries import forecast_facts, latest_forecast, plan_value
from headway.domain.plans.queries.bottlenecks import bottlenecks, ranked
from headway.domain.plans.queries.capacity import capacity_map
from headway.domain.plans.queries.finding import allocation_warnings, candidates
from headway.domain.plans.queries.pool_use import pool_uses
from headway.domain.plans.rules.capacity import CapacityMap, MapView
from headway.domain.programs.actions import create_program, create_project, create_system
from headway.domain.programs.queries import program_named
from headway.errors import Conflict, Invalid

pytestmark = pytest.mark.django_db
WEEKS = Weeks.of(AT.date(), 6)  # from Monday 23 November 2026


@pytest.fixture
def world(cast: Cast) -> Cast:
    """Two items want the one engineer at once; one of them trains on the pool for a week."""
    mia = cast.mia
    for slug in ("automation", "elsewhere"):
        create_program(mia, {"name": slug, "slug": slug, "target": "2027-01-29"}, AT)
    for slug, program in (("one", "automation"), ("two", "automation"), ("far", "elsewhere")):
        create_project(mia, program, {"name": slug, "slug": slug}, AT)
    set_person(mia, "dana", {"name": "Dana", "role": "engineer"}, AT)
    set_person(mia, "yuki", {"name": "Yuki", "role": "data scientist"}, AT)
    set_resource(mia, "automation", "engineer", {"capacity": 1, "rate": "100"}, AT)
    set_resource(mia, "automation", "gpu", {"capacity": 4, "kind": "compute", "rate": "2"}, AT)
    add_item(mia, "one", "build", {"name": "Build", "estimate": [5, 5, 5], "owner": "dana"}, AT)
    train = {"name": "Train", "kind": "training", "estimate": [5, 5, 5], "owner": "yuki"}
    add_item(mia, "two", "train", train, AT)
    for place, resource, units in (
        ("one/build", "engineer", 1),
        ("two/train", "engineer", 1),
        ("two/train", "gpu", 2),
    ):
        set_need(mia, place, resource, units, AT)
    make_forecast(mia, "automation", AT, trials=400)
    return cast


def hours(found: CapacityMap, row: str, part: str) -> list[float]:
    place = next(n for n, one in enumerate(found.rows) if row in (one.key, one.name))
    return [value / HOUR for value in getattr(found.heat, part)[place].tolist()]


def whole(cast: Cast, project: str = "") -> CapacityMap:
    program = program_named(cast.vera, "automation")
    return capacity_map(cast.vera, MapView(WEEKS, program, project))


def test_the_plan_asks_its_owner_and_roles_and_an_allocation_covers_it(world: Cast) -> None:
    found = whole(world)
    assert hours(found, "dana", "load") == [40, 0, 0, 0, 0, 0]
    assert hours(found, "engineer", "load")[0] == 80  # both items at once
    assert hours(found, "gpu", "load")[0] == 80
    assert "yuki" not in found.place  # the item needs an engineer, not its owner's role
    days = {"starts_on": "2026-11-23", "ends_on": "2026-12-04"}
    set_allocation(world.bob, "a", {"person": "dana", "project": "one", "share": 0.5, **days}, AT)
    assert hours(whole(world), "dana", "load") == [40, 20, 0, 0, 0, 0]
    set_allocation(world.bob, "b", {"person": "dana", "project": "two", "share": 0.5, **days}, AT)
    assert hours(whole(world), "dana", "load") == [60, 40, 0, 0, 0, 0]
    pieces = [one.key for one, _ in whole(world).pieces_of(0)]
    assert pieces == ["a", "b", "one/build"]


def test_a_red_cell_says_whose_work_makes_it_red_and_tentative_work_never_does(
    world: Cast,
) -> None:
    days = {"starts_on": "2026-11-30", "ends_on": "2026-12-04"}

    def allocate(key: str, share: float, **place: object) -> None:
        set_allocation(world.bob, key, {"person": "dana", "share": share, **days, **place}, AT)

    def blame(project: str) -> str:
        found = whole(world, project)
        return str(BLAMES[int(found.heat.blame[found.place["dana"], 1])])

    allocate("maybe", 1.5, project="two", is_tentative=True)
    assert blame("one") == ""
    assert hours(whole(world), "dana", "tentative")[1] == 60
    allocate("mine", 0.6, project="one")
    allocate("theirs", 0.6, project="far")
    assert blame("one") == "together"
    assert blame("two") == "others"
    allocate("theirs", 1.1, project="far")
    assert blame("one") == "others"
    allocate("mine", 1.1, project="one")
    allocate("theirs", 0.2, project="far")
    assert blame("one") == "here"


def test_the_map_is_read_in_as_many_queries_whatever_it_holds(
    world: Cast, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    for number in range(30):
        key = f"p{number}"
        set_person(world.mia, key, {"name": key}, AT)
        days = {"starts_on": "2026-11-30", "ends_on": "2026-12-04", "weekly_hours": 8}
        set_allocation(world.bob, "", {"person": key, "project": "one", **days}, AT)
    with django_assert_max_num_queries(16):
        found = capacity_map(world.vera, MapView(WEEKS))
    assert len(found.rows) == 34
    assert hours(found, "p7", "load") == [0, 8, 0, 0, 0, 0]
    assert whole(world).heat.load.sum() > 0
    past = capacity_map(world.vera, MapView(WEEKS), AT)
    assert (past.heat.load == found.heat.load).all()


def test_a_request_finds_who_is_free_in_their_role_and_says_why(world: Cast) -> None:
    days = {"starts_on": "2026-11-23", "ends_on": "2026-12-18"}
    set_person(world.mia, "olga", {"name": "Olga", "role": "engineer"}, AT)
    set_working_time(world.mia, "olga", {"absences": "2026-12-07 to 2026-12-13"}, AT)
    asked = {"role": "engineer", "share": 0.5, **days}
    set_request(world.bob, "automation", "wanted", {**asked, "skills": "Gateways 3"}, AT)
    set_skills(world.mia, "yuki", {"gateways": 4}, AT)
    assert candidates(world.vera, request_named(world.vera, "wanted"))[0].person.key == "yuki"
    set_request(world.bob, "automation", "wanted", {"skills": ""}, AT)
    request = request_named(world.vera, "wanted")
    names = [one.person.key for one in candidates(world.vera, request)]
    assert names == ["olga", "dana", "yuki"]
    olga, dana, yuki = candidates(world.vera, request)
    assert olga.fits == 1  # half of the time that she works, and she works none in one week
    assert dana.reason == "Engineer; free for 75 % of it, short in 1 of 4 weeks."
    assert yuki.reason == "Data scientist, not engineer; free in all 4 weeks."
    assert hours(whole(world), "engineer", "tentative")[0] == 20


def test_a_live_system_takes_hours_from_who_runs_it(world: Cast) -> None:
    create_system(world.mia, {"name": "Forecaster", "slug": "forecaster"}, AT)
    duty = {"kind": "on_call", "role": "engineer", "hours": 8, "starts": "2026-11-30"}
    add_operations_load(world.mia, "forecaster", duty, AT)
    assert hours(whole(world, "one"), "dana", "others") == [0, 8, 8, 8, 8, 8]
    found = whole(world)
    assert [one.name for one in found.pieces if one.sort == "operations"] == ["Forecaster: on call"]


def test_saving_an_allocation_tells_what_is_odd_about_it(world: Cast) -> None:
    set_working_time(world.mia, "dana", {"absences": "2026-12-01 to 2026-12-02"}, AT)
    place = {"person": "dana", "project": "two", "item": "train", "share": 0.5}
    days = {"starts_on": "2026-11-20", "ends_on": "2026-12-11"}
    set_allocation(world.bob, "odd", {**place, **days}, AT)
    said = allocation_warnings(world.vera, allocation_named(world.vera, "odd"))
    assert [one.split(";")[0][:30] for one in said] == [
        "It begins on 2026-11-20",
        "It goes on until 2026-12-11",
        "Dana is above capacity in 1 we",
        "Dana is away on 2 of its days,",
    ]
    set_allocation(world.bob, "odd", {**place, "item": "trian", **days}, AT)
    said = allocation_warnings(world.vera, allocation_named(world.vera, "odd"))
    assert said[0].startswith("There is no work item 'trian' in ")


def test_an_idle_reservation_costs_and_a_wait_enters_a_range_only_by_hand(world: Cast) -> None:
    known = {"reservations": "2026-11-23 2026-12-04 3 1.50", "queue_wait": "0/8/16"}
    before = plan_value(world.vera, program_named(world.vera, "automation"))
    set_pool(world.bob, "automation", "gpu", known, AT)
    program = program_named(world.vera, "automation")
    assert plan_value(world.vera, program) == before
    (use,) = pool_uses(world.vera, program, WEEKS)
    first, second = use.weeks[:2]
    assert (first.demand, first.reserved, first.idle, str(first.cost)) == (80, 120, 40, "180.00")
    assert (second.demand, second.idle, str(second.idle_cost)) == (0, 120, "180.00")
    made = add_queue_wait(world.bob, ("two", "train"), "gpu", AT)
    assert list(made.estimate or ()) == [5, 6, 7]
    assert made.origin["words"] == "holds a wait of 0/8/16 h for gpu"
    with pytest.raises(Conflict):
        add_queue_wait(world.bob, ("two", "train"), "gpu", AT)
    with pytest.raises(Invalid, match="does not need"):
        add_queue_wait(world.bob, ("one", "build"), "gpu", AT)


def test_one_engineer_more_takes_a_week_off_and_one_gpu_more_nothing(world: Cast) -> None:
    program = program_named(world.vera, "automation")
    found = bottlenecks(world.vera, program, latest_forecast(world.vera, program))
    assert [row.name for row in found.rows] == ["engineer"]  # the pool is never short
    row = found.rows[0]
    assert row.days_p80.value == -7
    assert row.helps
    assert str(row.unit_cost) == "4000.00"  # half of ten days of eight hours
    assert found.sentence == "One more engineer would bring the P80 forward by 7 days."
    assert "no forecast" in bottlenecks(world.vera, program, None).sentence
    edit_item(world.mia, ("two", "train"), {"not_before": "2026-12-14"}, AT)
    base = forecast_facts(Forecast.objects.get())
    apart = ranked(plan_value(world.vera, program), base)
    assert apart.rows[0].days_p80.is_equal
    assert apart.sentence == "One unit more of any resource would not move the P80."
