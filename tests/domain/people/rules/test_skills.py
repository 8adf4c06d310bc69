"""Skills as people write them, gaps, and whom the work hangs on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest

from headway.domain.people.rules import PersonFacts
from headway.domain.people.rules.operations import OperationsLoadFacts, weekly_hours
from headway.domain.people.rules.roster_file import headings_of
from headway.domain.people.rules.skills import (
    CertificationFacts,
    SkillNeedFacts,
    SkillWork,
    read_skills,
    skill_gaps,
    tag_level,
)
from headway.domain.progress.rules.staffing import (
    ComingItem,
    LiveSystem,
    asked_skills,
    months_from,
    role_demand,
    single_points,
)
from headway.errors import Invalid

HERE = UUID(int=1)
DAY = date(2026, 11, 23)
ITEM = ComingItem(
    "scores/train", "Train", HERE, "acme", "", "Training", DAY, date(2026, 12, 11), 10.0, 0.9,
    0.0, {"ML engineer": 1.0}, ["SQL 3"],
)  # fmt: skip


def need(sort: str, about: str, skill: str, level: int) -> SkillNeedFacts:
    return SkillNeedFacts(uuid4(), HERE, sort, about, skill, level, 1)


def person(key: str, role: str) -> PersonFacts:
    return PersonFacts(uuid4(), HERE, key, key.title(), role, "", False, 1)


def test_skills_are_read_with_a_number_a_word_or_none() -> None:
    told = "Python 3; SQL strong\nR; C++ 17"
    assert read_skills("skills", told) == {"Python": 3, "SQL": 3, "R": 2, "C++ 17": 2}
    assert read_skills("skills", "") == {}
    assert tag_level("end-to-end ML lifecycle") == ("end-to-end ML lifecycle", 2)
    for wrong in ({"SQL": 5}, {"SQL": "nan"}, [1], {"": 1}, {"x" * 101: 1}):
        with pytest.raises(Invalid):
            read_skills("skills", wrong)


def test_work_asks_by_its_role_its_own_words_and_the_tags_of_its_resource() -> None:
    needs = [
        need("role", "ml engineer", "MLOps", 2),
        need("item", "scores/train", "mlops", 3),
        need("item", "other/train", "Go", 3),
    ]
    found = asked_skills([ITEM], needs)
    assert {skill: work[0].level for skill, work in found.items()} == {"mlops": 3, "SQL": 3}


def test_a_gap_says_who_can_and_who_is_near_the_worst_first() -> None:
    asked = {
        "SQL": [SkillWork("a/b", "B", 2, date(2027, 1, 4), 5.0)],
        "Go": [SkillWork("a/c", "C", 3, date(2027, 2, 1), 2.0), SkillWork("a/d", "D", 2, DAY, 1.0)],
    }
    held = {"dana": {"sql": 4, "Go": 2}, "yuki": {"SQL": 0}}
    gaps = skill_gaps(asked, held)
    assert [(one.skill, one.verdict, one.first) for one in gaps] == [
        ("Go", "nobody", DAY),
        ("SQL", "one person", date(2027, 1, 4)),
    ]
    assert (gaps[0].near, gaps[1].able, gaps[1].near) == (["dana"], ["dana"], [])
    assert gaps[0].days == 3.0


def test_somebody_alone_by_role_or_skill_is_a_single_point_of_failure() -> None:
    people = [person("dana", "ML Engineer"), person("tom", "data scientist")]
    skills = {"dana": {"SQL": 3}, "tom": {"SQL": 2}, "gone": {"SQL": 4}}
    live = [LiveSystem("co2", "CO2", "dana")]
    found = single_points([ITEM], live, people, skills, [])
    assert [(one.person, one.systems) for one in found] == [("dana", ["CO2"])]
    assert found[0].reasons == ["the only ML Engineer", "alone with SQL at level 3"]
    relaxed = replace(ITEM, criticality=0.1, float_days=20.0)
    assert single_points([relaxed], [], people, skills, []) == []
    twice = [*people, person("eve", "ml engineer")]
    assert single_points([ITEM], live, twice, skills | {"eve": {"SQL": 3}}, []) == []


def test_demand_is_spread_over_the_months_of_the_span() -> None:
    long = replace(ITEM, end=date(2027, 1, 1), needs={"ML engineer": 0.5}, days=40.0)
    months = months_from(DAY, 3)
    rows = role_demand([long], months)
    assert [(one.role, one.phase) for one in rows] == [("ML engineer", "Training")]
    assert rows[0].days == pytest.approx([20 * 8 / 40, 20 * 31 / 40, 20 * 1 / 40])
    assert role_demand([long], months_from(date(2028, 1, 1), 2)) == []


def test_a_load_takes_the_working_days_of_a_week_that_it_covers() -> None:
    load = OperationsLoadFacts(
        HERE, HERE, "co2", "CO2", "on_call", "ML engineer", "", 10.0, date(2026, 11, 25), None, 1
    )
    assert load.hours_in(date(2026, 11, 16)) == 0
    assert load.hours_in(DAY) == pytest.approx(6.0)
    ended = replace(load, ends=date(2026, 12, 1), person="dana")
    hours = weekly_hours([load, ended], date(2026, 11, 30))
    assert hours == {("ML engineer", ""): 10.0, ("ML engineer", "dana"): pytest.approx(4.0)}


def test_a_certificate_warns_ninety_days_before_its_end() -> None:
    held = CertificationFacts(HERE, HERE, "dana", "PMP", "", None, date(2027, 2, 21), 1)
    assert held.standing(date(2026, 11, 22)) == "holds"
    assert held.standing(DAY) == "ends soon"
    assert held.standing(date(2027, 2, 22)) == "lapsed"
    assert replace(held, expires_on=None).standing(DAY) == "holds"


def test_a_column_of_pay_is_named_and_never_read() -> None:
    found = headings_of(["Full name", "Job Title", "FTE", "Base Salary", "Shoe size"])
    assert found.columns == {"name": 0, "role": 1, "full_time_share": 2}
    assert found.notes == [
        "'Base Salary' is not read: pay is written on each person's page.",
        "'Shoe size' is not read.",
    ]
