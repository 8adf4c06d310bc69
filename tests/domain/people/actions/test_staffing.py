"""Rosters from files, openings that the plan counts on, loads, skills and growth plans."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.cast import AT, Cast, a_program

from headway.domain.accounts.models import AuditEntry
from headway.domain.people.actions import set_person, set_resource
from headway.domain.people.actions.pay import restore_rate_card, set_rate_card
from headway.domain.people.actions.roster import import_roster
from headway.domain.people.actions.skills import (
    restore_skill_need,
    set_growth_plan,
    set_skill_need,
    set_skills,
)
from headway.domain.people.actions.staffing import (
    add_operations_load,
    change_operations_load,
    lower_capacity,
    raise_capacity,
    remove_operations_load,
    restore_opening,
    restore_operations_load,
    set_opening,
)
from headway.domain.people.models import Person
from headway.domain.people.queries import people_of, rate_card, resources_of
from headway.domain.people.queries.skills import growth_plan_of, skill_needs, skills_of
from headway.domain.people.queries.staffing import hiring_cost, operations_load, operations_loads
from headway.domain.people.rules.roster_file import COLUMNS, roster_rows
from headway.domain.programs.actions import create_system
from headway.domain.programs.queries import program_named
from headway.errors import Conflict, Invalid, NotFound, Refused
from headway.rendering.cells import csv_text

ROSTER = """Person,Job Title,Team,FTE,E-mail,Skills,Salary
Dana Roe,ML engineer,Platform,0.5,dana@example.com,Python 4; SQL 2,187654
Yuki Sato,data scientist,Modelling,,yuki@example.com,,1
=cmd|' /C calc'!A0,,,,,,
Bad Share,,,7,,,
Dana Roe,ML engineer,Platform,0.5,dana@example.com,Python 4; SQL 2,187654
,nobody,,,,,
"""


def test_a_roster_file_is_previewed_taken_and_changes_nothing_a_second_time(cast: Cast) -> None:
    data = ROSTER.encode()
    shown = import_roster(cast.mia, data, "roster.csv", AT, dry_run=True)
    assert list(shown.created) == ["dana-roe", "yuki-sato", "cmd-c-calc-a0"]
    assert [line for line, _ in shown.refused] == [5, 6, 7]
    assert "share" in shown.refused[0][1]
    assert "on line 2 already" in shown.refused[1][1]
    assert not Person.objects.exists()
    assert any("'Salary' is not read" in note for note in shown.notes)
    taken = import_roster(cast.mia, data, "roster.csv", AT)
    assert taken == shown
    assert skills_of(cast.mia)["dana-roe"] == {"Python": 4, "SQL": 2}
    entries = AuditEntry.objects.count()
    again = import_roster(cast.mia, data, "roster.csv", AT)
    assert (again.created, again.changed) == ([], [])
    assert AuditEntry.objects.count() == entries
    rows = [COLUMNS, *roster_rows(people_of(cast.mia), skills_of(cast.mia))]
    exported = csv_text(rows)
    assert "'=cmd" in exported, "no spreadsheet computes it"
    third = import_roster(cast.mia, exported.encode(), "roster.csv", AT)
    assert len(third.unchanged) == 3
    assert not [one for one in AuditEntry.objects.all() if "187654" in one.text]


def test_a_roster_without_names_or_of_pages_is_refused(cast: Cast) -> None:
    with pytest.raises(Invalid, match="no column for the name"):
        import_roster(cast.mia, b"role,team\na,b\n", "roster.csv", AT)
    taken = import_roster(cast.mia, b"key,name\nskills,S\n", "roster.csv", AT)
    assert "address of a page" in taken.refused[0][1]
    with pytest.raises(Invalid, match="address of a page"):
        set_person(cast.mia, "hiring", {"name": "H"}, AT)
    with pytest.raises(Refused):
        import_roster(cast.bob, b"key,name\na,A\n", "roster.csv", AT)


@pytest.fixture
def program(cast: Cast) -> str:
    slug = a_program(cast.acme, target=date(2027, 5, 7)).slug
    set_resource(cast.mia, slug, "ML engineer", {"capacity": 1, "steps": "2027-03-01: 2"}, AT)
    return slug


WANTED = {
    "role": "ML engineer",
    "resource": "ML engineer",
    "opened_on": "2026-11-02",
    "lead": "50/75/120",
    "ramp": "4/8/12",
}


def steps_of(cast: Cast, program: str) -> list[object]:
    found = resources_of(cast.mia, program_named(cast.mia, program))
    return list(found[0].steps)


def test_an_opening_adds_capacity_from_its_day_at_p80_and_takes_exactly_that_back(
    cast: Cast, program: str
) -> None:
    before = steps_of(cast, program)
    made = set_opening(cast.mia, "mle-2", WANTED, AT, program=program)
    assert (made.level, made.band["origin"]) == ("mid", "US market 2024")
    raised = raise_capacity(cast.bob, "mle-2", AT)
    steps = steps_of(cast, program)
    assert steps[0] == ["2027-02-05", 1.25]
    assert steps[-1][1] == 3.0  # type: ignore[index]
    assert raise_capacity(cast.bob, "mle-2", AT).raised == raised.raised, "pressed twice is once"
    assert steps_of(cast, program) == steps
    lower_capacity(cast.bob, "mle-2", AT)
    assert steps_of(cast, program) == before
    with pytest.raises(Conflict, match="added no capacity"):
        lower_capacity(cast.bob, "mle-2", AT)
    counted = raise_capacity(cast.bob, "mle-2", AT)
    set_opening(cast.mia, "mle-2", {"state": "cancelled"}, AT)
    assert steps_of(cast, program) == before, "whom nobody hires adds nothing"
    restore_opening(cast.mia, "mle-2", counted.version, AT)
    assert steps_of(cast, program) == steps


def test_an_opening_costs_what_the_card_said_when_it_was_written(cast: Cast, program: str) -> None:
    set_opening(cast.mia, "mle-2", WANTED, AT, program=program)
    facts = program_named(cast.mia, program)
    costs = hiring_cost(cast.vera, facts, date(2027, 3, 1))
    assert costs[-1].amount == Decimal("14625.00")  # 135,000 × 1.30 ÷ 12
    set_rate_card(cast.mia, {"on_cost": "2"}, AT)
    assert hiring_cost(cast.vera, facts, date(2027, 3, 1)) == costs
    for wrong in ({"level": "none-such"}, {"state": "filled"}, {"lead": "9/1/2"}, {"units": 0}):
        with pytest.raises(Invalid):
            set_opening(cast.mia, "mle-2", wrong, AT)
    set_opening(cast.mia, "mle-2", {"state": "filled", "filled_on": "2027-01-04"}, AT)
    assert hiring_cost(cast.vera, facts, date(2027, 3, 1)) == []


def test_the_rate_card_is_replaced_whole_and_put_back(cast: Cast) -> None:
    shipped = rate_card(cast.vera)
    bands = "junior: 50000/60000/70000\nmid: 80000/90000/100000"
    values = {"bands": bands, "currency": "EUR", "source": "Our own", "year": "2026"}
    card = set_rate_card(cast.mia, values, AT)
    assert (card.origin, card.currency, len(card.bands)) == ("Our own 2026", "EUR", 2)
    assert set(card.roles.values()) == {"mid"}, "roles of bands that went count as usual"
    with pytest.raises(Invalid, match="No band is called chief"):
        set_rate_card(cast.mia, {"roles": "boss: chief"}, AT)
    with pytest.raises(Refused):
        set_rate_card(cast.bob, values, AT)
    back = restore_rate_card(cast.mia, 0, AT)
    assert (back.bands, back.roles, back.origin) == (shipped.bands, shipped.roles, shipped.origin)
    assert restore_rate_card(cast.mia, 1, AT).currency == "EUR"
    with pytest.raises(NotFound):
        restore_rate_card(cast.charlie, 1, AT)


def test_a_load_follows_its_person_and_comes_back(cast: Cast) -> None:
    set_person(cast.mia, "dana", {"name": "Dana", "role": "ML engineer"}, AT)
    create_system(cast.mia, {"name": "CO2", "slug": "co2"}, AT)
    values = {"kind": "on_call", "person": "dana", "hours": 4}
    made = add_operations_load(cast.bob, "co2", values, AT)
    assert (made.role, made.person, made.starts) == ("ML engineer", "dana", AT.date())
    with pytest.raises(Invalid, match="before it starts"):
        change_operations_load(cast.bob, made.id, {"ends": "2026-01-01"}, AT)
    with pytest.raises(Invalid, match="from whom"):
        add_operations_load(cast.bob, "co2", {"kind": "other", "hours": 1}, AT)
    change_operations_load(cast.bob, made.id, {"ends": "2026-12-31", "hours": 6}, AT)
    assert operations_load(cast.vera, date(2027, 1, 1), date(2027, 1, 7)) == []
    assert len(operations_load(cast.vera, date(2026, 12, 31), date(2027, 1, 7))) == 1
    remove_operations_load(cast.bob, made.id, AT)
    assert operations_loads(cast.vera) == []
    assert restore_operations_load(cast.bob, made.id, 2, AT).hours == 6
    with pytest.raises(NotFound):
        restore_operations_load(cast.charlie, made.id, 1, AT)


def test_a_need_is_said_taken_away_and_brought_back(cast: Cast) -> None:
    need = ("role", "ML engineer", "MLOps")
    set_skill_need(cast.bob, need, "strong", AT)
    assert set_skill_need(cast.bob, need, 0, AT) is None
    assert skill_needs(cast.vera) == []
    assert restore_skill_need(cast.bob, need, 1, AT).level == 3
    with pytest.raises(NotFound):
        restore_skill_need(cast.charlie, need, 1, AT)


def test_skills_are_ones_own_to_say_or_a_managers(cast: Cast) -> None:
    set_person(cast.mia, "bob", {"name": "Bob", "email": "bob@example.com"}, AT)
    assert set_skills(cast.bob, "bob", "Python 3", AT) == {"Python": 3}
    set_skills(cast.mia, "bob", {"SQL": 2}, AT)
    assert skills_of(cast.vera) == {"bob": {"SQL": 2}}
    with pytest.raises(Refused):
        set_skills(cast.ana, "bob", {}, AT)
    with pytest.raises(NotFound):
        set_skills(cast.charlie, "bob", {}, AT)


def test_a_growth_plan_is_private_even_from_an_owner_until_it_is_shared(cast: Cast) -> None:
    set_person(cast.mia, "ana", {"name": "Ana", "email": "ana@example.com"}, AT)
    values = {"name": "Bob", "email": "bob@example.com", "manager": "ana"}
    set_person(cast.mia, "bob", values, AT)
    plan = set_growth_plan(cast.bob, "bob", {"aim": "senior", "steps": "Mentor Yuki."}, AT)
    assert growth_plan_of(cast.ana, "bob") == plan, "the manager on the roster"
    for who in (cast.alice, cast.mia, cast.vera):
        with pytest.raises(NotFound):
            growth_plan_of(who, "bob")
        with pytest.raises(NotFound):
            set_growth_plan(who, "bob", {"steps": "x"}, AT)
    shared = set_growth_plan(cast.bob, "bob", {"is_shared": True}, AT, version=plan.version)
    assert growth_plan_of(cast.vera, "bob") == shared
    assert replace(shared, is_shared=False, version=plan.version) == plan
    assert "Mentor" not in "".join(one.text for one in AuditEntry.objects.all())
