"""Skills, hiring, operations, rates and a person's page, in the browser."""

from __future__ import annotations

from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.cast import AT, Cast
from tests.doors import browser_of

from headway.domain.people.actions import set_person, set_resource
from headway.domain.people.actions.skills import set_skill_need, set_skills
from headway.domain.people.queries import rate_card, resources_of
from headway.domain.people.queries.skills import growth_plan_of, skill_needs, skills_of
from headway.domain.people.queries.staffing import opening_named, operations_loads
from headway.domain.plans.actions import add_item, make_forecast, set_need
from headway.domain.programs.actions import (
    create_program,
    create_project,
    create_system,
    edit_system,
)
from headway.domain.programs.queries import program_named

HERE = "/w/acme/"


@pytest.fixture
def staffed(cast: Cast) -> str:
    """Plan two items for one ML engineer, forecast them, and let that person keep a system."""
    program = create_program(cast.mia, {"name": "Scoring", "target": "2027-05-07"}, AT)
    create_project(cast.mia, program.slug, {"name": "Scores", "slug": "scores"}, AT)
    set_resource(cast.mia, program.slug, "ML engineer", {"capacity": 1}, AT)
    for key in ("train", "serve"):
        add_item(cast.mia, "scores", key, {"name": key.title(), "estimate": [3, 5, 9]}, AT)
        set_need(cast.mia, f"scores/{key}", "ML engineer", 1, AT)
    values = {"name": "Dana Roe", "role": "ML engineer", "email": "dana@example.com"}
    set_person(cast.mia, "dana", values, AT)
    set_person(cast.mia, "yuki", {"name": "Yuki Sato", "role": "data scientist"}, AT)
    set_skills(cast.mia, "dana", {"MLOps": 3, "Python": 4}, AT)
    set_skill_need(cast.mia, ("role", "ML engineer", "MLOps"), 3, AT)
    set_skill_need(cast.mia, ("item", "scores/train", "Go"), 2, AT)
    create_system(cast.mia, {"name": "CO2", "slug": "co2", "owner": "dana"}, AT)
    edit_system(cast.mia, "co2", {"state": "live"}, AT)
    make_forecast(cast.mia, program.slug, AT, trials=200)
    return program.slug


def text(browser: Client, page: str) -> str:
    return browser.get(HERE + page).content.decode().replace("\xa0", " ")


def test_gaps_and_whom_the_work_hangs_on_stand_before_the_matrix(cast: Cast, staffed: str) -> None:
    browser = browser_of(cast.mia)
    page = text(browser, "people/skills/?weeks=52")
    assert "Nobody has Go at the level that is asked for" in page
    assert "<strong>only</strong> Dana Roe" in page
    assert "the only ML engineer; alone with MLOps at level 3" in page
    assert "CO2" in page
    away = text(browser, "people/skills/?away=dana")
    assert "Two weeks without them" in away
    assert "later</strong> at P80" in away
    sent = {"sort": "item", "about": "scores/train", "skill": "Go", "level": "0"}
    assert browser.post(HERE + "edit-need/", sent).status_code == 302
    assert [one.skill for one in skill_needs(cast.mia)] == ["MLOps"]
    query = "sort=item&about=scores/train&skill=Go"
    assert browser.post(f"{HERE}edit-need/1/restore/?{query}").status_code == 302
    assert {one.skill for one in skill_needs(cast.mia)} == {"Go", "MLOps"}


def test_an_opening_is_planned_counted_on_and_taken_back(cast: Cast, staffed: str) -> None:
    browser = browser_of(cast.mia)
    sent = {
        "key": "mle-2", "program": staffed, "role": "ML engineer", "resource": "ML engineer",
        "units": "1", "state": "open", "opened_on": "2026-11-02", "needed_from": "2026-12-01",
        "lead": "50/75/120", "ramp": "4/8/12", "first_share": "0.25",
    }  # fmt: skip
    lost = browser.post(HERE + "new-opening/", {**sent, "items": "scores/trian"})
    assert lost.status_code == 422
    assert "scores/trian" in unescape(lost.content.decode())
    assert browser.post(HERE + "new-opening/", {**sent, "items": "scores/train"}).status_code == 302
    assert browser.post(HERE + "new-opening/", sent).status_code == 409
    page = text(browser, "people/hiring/?later=mle-2")
    assert "1 of 1 opening will be filled later than needed, at P80." in page
    assert "Filled four weeks later" in page
    assert "US market 2024" in page
    assert browser.post(HERE + "people/hiring/mle-2/capacity/").status_code == 302
    facts = program_named(cast.mia, staffed)
    assert resources_of(cast.mia, facts)[0].steps[0] == ["2027-02-05", 1.25]
    assert "counts in ML engineer from 5 Feb 2027" in text(browser, "people/hiring/")
    assert browser.post(HERE + "people/hiring/mle-2/capacity/?off=1").status_code == 302
    assert resources_of(cast.mia, facts)[0].steps == []
    edit = {**sent, "state": "filled", "filled_on": "2027-01-04", "version": "3"}
    assert browser.post(HERE + "people/hiring/mle-2/edit/", edit).status_code == 302
    assert browser.post(HERE + "people/hiring/mle-2/edit/", edit).status_code == 409
    assert browser.post(HERE + "people/hiring/mle-2/3/restore/").status_code == 302
    assert opening_named(cast.mia, "mle-2").state == "open"


def test_hours_are_reserved_changed_and_taken_back(cast: Cast, staffed: str) -> None:
    browser = browser_of(cast.bob)
    assert "Nothing is reserved for 1 live system." in text(browser, "people/operations/")
    sent = {"system": "co2", "kind": "on_call", "person": "dana", "hours": "4"}
    sent["starts"] = "2026-11-23"
    assert browser.post(HERE + "new-load/", sent).status_code == 302
    (load,) = operations_loads(cast.bob)
    place = f"{HERE}people/operations/{load.id}/"
    assert "on call of CO2" in text(browser, "people/dana/")
    change = {**sent, "role": load.role, "hours": "6", "version": "1"}
    assert browser.post(place + "edit/", change).status_code == 302
    assert browser.post(place + "edit/", {**change, "hours": "0"}).status_code == 422
    assert browser.post(place + "remove/", {"version": "2"}).status_code == 302
    assert operations_loads(cast.bob) == []
    assert browser.post(place + "1/restore/").status_code == 302
    assert operations_loads(cast.bob)[0].hours == 4


def test_rates_are_edited_one_band_a_line_and_put_back(cast: Cast) -> None:
    browser = browser_of(cast.mia)
    assert "US market 2024" in text(browser, "people/rates/")
    sent = {
        "bands": "mid: 90000/100000/110000", "roles": "ML engineer: mid", "on_cost": "1.2",
        "hours": "1600", "currency": "EUR", "source": "Our own", "year": "2026",
    }  # fmt: skip
    assert browser.post(HERE + "edit-rates/", sent).status_code == 302
    page = text(browser, "people/rates/")
    assert "75.00" in page
    assert "Our own 2026" in page
    assert browser.post(HERE + "edit-rates/", {**sent, "hours": "0"}).status_code == 422
    assert browser.post(HERE + "people/rates/0/restore/").status_code == 302
    assert rate_card(cast.mia).origin == "US market 2024"


def test_a_persons_page_takes_skills_certificates_and_a_growth_plan(
    cast: Cast, staffed: str
) -> None:
    set_person(cast.mia, "bob", {"name": "Bob Poe", "email": "bob@example.com"}, AT)
    browser, page = browser_of(cast.bob), "people/bob/"
    assert browser.post(HERE + page + "skills/", {"skills": "Python 3\nSQL"}).status_code == 302
    assert skills_of(cast.bob)["bob"] == {"Python": 3, "SQL": 2}
    stale = {"skills": "R 1", "version": "7"}
    assert browser.post(HERE + page + "skills/", stale).status_code == 409
    assert browser.post(HERE + page + "skills/?skills=").status_code == 302, "the undo"
    assert skills_of(cast.bob) == {"dana": {"MLOps": 3, "Python": 4}}
    ends = {"name": "PMP", "expires_on": "2026-12-24"}
    assert browser.post(HERE + page + "certificates/", ends).status_code == 302
    assert "ends soon" in text(browser, page)
    gone = browser.post(HERE + page + "drop-certificate/", {"name": "PMP", "version": "1"})
    assert gone.status_code == 302
    assert browser.post(f"{HERE}{page}certificates/?name=PMP&issuer=").status_code == 302
    assert "without end" in text(browser, page)
    plan = {"aim": "senior", "steps": "Mentor somebody."}
    assert browser.post(HERE + page + "growth/", plan).status_code == 302
    assert growth_plan_of(cast.bob, "bob").aim == "senior"
    assert "Mentor somebody." in text(browser, page)
    assert "Mentor somebody." not in text(browser_of(cast.alice), page)
    wrong = browser_of(cast.alice).post(HERE + page + "forget/", {"key": "bo"})
    assert wrong.status_code == 302
    assert "Bob Poe" in text(browser, page)


def test_a_roster_file_is_previewed_before_it_is_taken(cast: Cast) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    browser, page = browser_of(cast.mia), HERE + "people/import/"
    file = SimpleUploadedFile("roster.csv", b"name,fte\nDana Roe,0.5\nBad,9\n")
    shown = browser.post(page, {"file": file})
    told = shown.content.decode()
    assert "1 to put on the roster" in told
    assert ">3</th>" in told
    assert "Dana Roe" not in text(browser, "people/")
    kept = told.partition('name="kept" value="')[2].partition('"')[0]
    sent = {"kept": kept, "name": "roster.csv", "sure": "1"}
    assert browser.post(page, sent).status_code == 302
    assert "Dana Roe" in text(browser, "people/?word=dana")
    assert browser.get(HERE + "roster.csv").content.startswith(b"key,name,role")
    assert browser.get(HERE + "roster.xlsx").content.startswith(b"PK")
    for wrong in ({"kept": "x"}, {"kept": "AAAA", "sure": "1"}, {}):
        assert browser.post(page, wrong).status_code == 422


PAGES = ("people/skills/", "people/hiring/", "people/operations/", "people/rates/")


def test_no_page_asks_more_of_the_database_for_more_people(cast: Cast, staffed: str) -> None:
    browser = browser_of(cast.vera)
    counts: list[list[int]] = []
    for round_ in range(2):
        counts.append([])
        for page in PAGES:
            browser.get(HERE + page)
            with CaptureQueriesContext(connection) as asked:
                assert browser.get(HERE + page).status_code == 200
            counts[-1].append(len(asked))
        for n in range(5):
            key = f"p{round_}-{n}"
            set_person(cast.mia, key, {"name": key, "role": f"role {n}"}, AT)
            set_skills(cast.mia, key, {f"skill {n}": 3}, AT)
            add_item(cast.mia, "scores", key, {"name": key, "estimate": [1, 2, 3]}, AT)
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 25, dict(zip(PAGES, counts[0], strict=True))


def test_a_week_of_hours_is_typed_submitted_and_copied(cast: Cast, staffed: str) -> None:
    browser = browser_of(cast.mia)
    place = HERE + "people/dana/hours/"
    week = {"week": "2026-11-18", "project": ["scores", ""], "item": ["train", ""]}
    days = {f"h{day}": ["8" if day < 2 else "", ""] for day in range(7)}
    assert "nothing written yet" in text(browser, "people/dana/hours/?week=2026-11-18")
    sent = {**week, **days, "version": "0", "do": "submit"}
    assert browser.post(place, {**sent, "h0": ["x", ""]}).status_code == 422
    assert browser.post(place, sent).status_code == 302
    page = text(browser, "people/dana/hours/?week=2026-11-18")
    assert "16 hours, submitted." in page
    assert "Save the correction" in page
    assert browser.post(place, {**sent, "version": "7"}).status_code == 409
    copied = text(browser, "people/dana/hours/?week=2026-11-23&copy=1")
    assert 'value="train"' in copied
    assert browser_of(cast.bob).get(place).status_code == 403
