"""Every form that edits a program in place: opened, saved, refused, stale, not allowed, undone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.cast import AT, Cast
from tests.doors import browser_of
from tests.interfaces.web.programs.world import PAGES, a_running_program

from headway import clock
from headway.domain.assessments.actions import judge_health
from headway.domain.assessments.rules import JudgementDraft
from headway.domain.finance.actions import set_budget_line
from headway.domain.finance.queries import budget_of
from headway.domain.people.actions import set_person
from headway.domain.plans.actions import edit_item, link_items
from headway.domain.plans.actions.links import LinkDraft
from headway.domain.plans.queries import plan_value
from headway.domain.programs.actions import edit_program, edit_project, set_criterion, set_objective
from headway.domain.programs.queries import (
    criteria_of,
    objectives_of,
    program_named,
    project_named,
)
from headway.domain.risks.actions import set_risk
from headway.domain.risks.queries import risk_named

CRITERION = {
    "name": "Macro recall",
    "kind": "quality",
    "subject": "model:reader",
    "metric": "recall",
    "direction": "maximise",
    "target": "0.97",
}
RISK = {"name": "Labels come late", "kind": "threat", "probability": "0.4", "state": "open"}
LINE = {"name": "People", "purpose": "budget", "category": "people", "amount": "100"}
PROGRAM = {"name": "Control", "currency": "USD"}
HTMX = {"HX-Request": "true"}
RESOURCES = f"{PAGES.program}resources/"
BUDGET = f"{PAGES.program}budget/"
REGISTER = f"{PAGES.program}risks/"


@dataclass(frozen=True, slots=True)
class Form:
    """A form: where, who may, what is sent, a field that a wrong value of is refused beside."""

    path: str
    sent: dict[str, str]
    wrong: tuple[str, str]
    is_plan: bool = False
    known_by: str = "key"


FORMS = {
    "program": Form(f"{PAGES.program}edit/", PROGRAM, ("target", "soon")),
    "new objective": Form(
        f"{PAGES.program}new-objective/", {"key": "aim", "name": "Read well"}, ("name", "")
    ),
    "objective": Form(f"{PAGES.program}objectives/goal/edit/", {"name": "Better"}, ("name", "")),
    "project": Form(f"{PAGES.project}edit/", {"name": "Reading"}, ("name", "")),
    "new criterion": Form(
        f"{PAGES.project}new-criterion/", {**CRITERION, "key": "f1"}, ("target", "high")
    ),
    "criterion": Form(f"{PAGES.project}criteria/recall/edit/", CRITERION, ("segment", "all")),
    "new line": Form(f"{PAGES.program}new-line/", {**LINE, "key": "gpu"}, ("amount", "-1")),
    "line": Form(f"{PAGES.program}lines/people/edit/", LINE, ("amount", "much")),
    "new risk": Form(
        f"{PAGES.program}new-risk/", {**RISK, "key": "R2"}, ("probability", "2"), is_plan=True
    ),
    "risk": Form(f"{PAGES.program}risks/R1/edit/", RISK, ("delay", "9/5/3"), is_plan=True),
    "new resource": Form(
        f"{PAGES.program}new-resource/",
        {"name": "annotator", "kind": "people", "capacity": "2", "steps": "2027-01-04: 4"},
        ("capacity", "many"),
        is_plan=True,
        known_by="name",
    ),
    "resource": Form(
        f"{PAGES.program}resources/engineer/edit/",
        {"kind": "people", "capacity": "3", "rate": "95", "skills": "training, review"},
        ("steps", "soon"),
        is_plan=True,
    ),
    "link": Form(
        f"{PAGES.project}items/DONE/link/",
        {"predecessor": "LABEL", "kind": "SS", "lag": "2", "lag_unit": "elapsed"},
        ("lag", "late"),
        is_plan=True,
    ),
    "need": Form(
        f"{PAGES.item}need/", {"resource": "engineer", "units": "2"}, ("units", "-1"), is_plan=True
    ),
}


@pytest.fixture(autouse=True)
def running(cast: Cast) -> None:
    a_running_program(cast)
    set_budget_line(cast.mia, "control", "people", {"amount": 100}, AT)
    set_objective(cast.mia, "control", "goal", "Read meters", AT)


def text(response: HttpResponse) -> str:
    return response.content.decode()


def criterion(cast: Cast) -> object:
    return criteria_of(cast.vera, project_named(cast.vera, "reading"))[0]


def undo_of(browser: Client, page: str) -> str:
    """Return where the undo of the newest toast on `page` posts to."""
    toast = text(browser.get(page)).split('class="toast"')[-1]
    return toast.split('action="')[1].split('"')[0].replace("&amp;", "&")


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_form_opens_as_a_page_and_as_a_part_of_one(cast: Cast, form: Form) -> None:
    browser = browser_of(cast.mia)
    page = text(browser.get(form.path))
    assert "<h1>" in page
    assert "hx-post" not in page.split("<main")[1]
    part = text(browser.get(form.path, headers=HTMX))
    assert "<h1>" not in part
    assert f'hx-post="{form.path}"' in part
    assert "data-focus" in part


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_what_is_saved_leads_back_with_and_without_javascript(cast: Cast, form: Form) -> None:
    browser = browser_of(cast.mia)
    response = browser.post(form.path, form.sent)
    assert response.status_code == 302, text(response)
    assert browser.get(response["Location"]).status_code == 200
    again = {**form.sent, form.known_by: "other"} if form.known_by in form.sent else form.sent
    response = browser.post(form.path, again, headers=HTMX)
    assert response["HX-Refresh"] == "true"


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_wrong_value_is_refused_beside_its_field_and_kept(cast: Cast, form: Form) -> None:
    name, value = form.wrong
    response = browser_of(cast.mia).post(form.path, {**form.sent, name: value})
    assert response.status_code == 422
    assert f'form-{name}_error"' in text(response)
    assert not value or value in text(response)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_who_may_not_gets_neither_the_form_nor_the_save(cast: Cast, form: Form) -> None:
    for actor in (cast.vera, cast.ana) if form.is_plan else (cast.vera, cast.ana, cast.bob):
        assert browser_of(actor).get(form.path).status_code == 403
        assert browser_of(actor).post(form.path, form.sent).status_code == 403


def test_two_forms_open_on_one_page_share_no_id(cast: Cast) -> None:
    browser = browser_of(cast.mia)
    pairs = (("line", "risk"), ("link", "need"), ("criterion", "project"))
    for pair in pairs:
        here, there = (
            set(re.findall(r' id="([^"]+)"', text(browser.get(FORMS[name].path, headers=HTMX))))
            for name in pair
        )
        assert here
        assert not here & there


def test_the_edit_links_are_for_those_who_may_and_for_the_present(cast: Cast) -> None:
    for page in (PAGES.project, RESOURCES, BUDGET, PAGES.item):
        assert "data-editor" in text(browser_of(cast.mia).get(page))
        assert 'hx-target="#edit-' in text(browser_of(cast.mia).get(page))
        assert 'hx-target="#edit-' not in text(browser_of(cast.vera).get(page))
        assert 'hx-target="#edit-' not in text(browser_of(cast.mia).get(f"{page}?at=2026-11-10"))


def test_a_criterion_is_added_changed_removed_and_brought_back(cast: Cast) -> None:
    browser = browser_of(cast.mia)
    path = f"{PAGES.project}criteria/recall/"
    browser.post(f"{path}edit/", {**CRITERION, "target": "0.99", "due": "2027-01-29"})
    assert criterion(cast).target == 0.99
    browser.post(undo_of(browser, PAGES.project))
    assert criterion(cast).target == 0.97
    assert criterion(cast).due is None
    browser.post(f"{path}remove/", {"version": criterion(cast).version})
    undo = undo_of(browser, PAGES.project)
    assert criteria_of(cast.vera, project_named(cast.vera, "reading")) == []
    browser.post(undo)
    assert criterion(cast).target == 0.97


def test_a_stale_save_shows_both_values_and_wins_when_sent_again(cast: Cast) -> None:
    set_criterion(cast.alice, "reading", "recall", {"target": 0.98}, AT)
    sent = {**CRITERION, "target": "0.96", "version": "1"}
    response = browser_of(cast.mia).post(f"{PAGES.project}criteria/recall/edit/", sent)
    assert response.status_code == 409
    assert "It is “0.98” now; you wrote “0.96”." in text(response)
    assert 'value="0.96"' in text(response)
    assert 'name="version" value="2"' in text(response)
    assert criterion(cast).target == 0.98
    browser_of(cast.mia).post(f"{PAGES.project}criteria/recall/edit/", sent | {"version": "2"})
    assert criterion(cast).target == 0.96


def test_every_other_form_refuses_a_stale_save(cast: Cast) -> None:
    edit_program(cast.alice, "control", {"purpose": "More"}, AT)
    set_budget_line(cast.alice, "control", "people", {"amount": 120}, AT)
    set_risk(cast.alice, "control", "R1", {"probability": 0.5}, AT)
    set_objective(cast.alice, "control", "goal", "Read all meters", AT)
    edit_item(cast.alice, ("reading", "DONE"), {"name": "Hand over"}, AT)
    edit_item(cast.alice, ("reading", "LABEL"), {"name": "Label"}, AT)
    for name in ("program", "line", "risk", "objective", "link", "need"):
        form = FORMS[name]
        response = browser_of(cast.mia).post(form.path, {**form.sent, "version": "1"})
        assert response.status_code == 409, name
        assert "Save once more" in text(response), name


def test_a_stale_removal_changes_nothing(cast: Cast) -> None:
    set_budget_line(cast.alice, "control", "people", {"amount": 120}, AT)
    path = f"{PAGES.program}lines/people/remove/"
    assert browser_of(cast.mia).post(path, {"version": "1"}).status_code == 409
    lines = budget_of(cast.vera, program_named(cast.vera, "control")).lines
    assert 120 in [line.amount for line in lines]


@pytest.mark.parametrize("name", ["new criterion", "new line", "new risk", "new objective"])
def test_a_key_that_is_taken_is_refused_and_overwrites_nothing(cast: Cast, name: str) -> None:
    form = FORMS[name]
    browser = browser_of(cast.mia)
    assert browser.post(form.path, form.sent).status_code == 302
    response = browser.post(form.path, form.sent)
    assert response.status_code == 422 or response.status_code == 409
    assert "already; choose another key" in text(response)


def test_a_program_is_put_back_by_its_undo(cast: Cast) -> None:
    browser = browser_of(cast.mia)
    browser.post(f"{PAGES.program}edit/", {**PROGRAM, "name": "Renamed", "target": "2027-03-01"})
    assert program_named(cast.vera, "control").name == "Renamed"
    browser.post(undo_of(browser, PAGES.program))
    assert program_named(cast.vera, "control").name == "Control"


def test_the_charter_keeps_what_the_form_does_not_offer(cast: Cast) -> None:
    edit_project(cast.mia, "reading", {"charter": {"ethics": "Checked", "problem": "Old"}}, AT)
    sent = {"name": "Reading", "charter_problem": "New", "charter_data": "800 images"}
    browser_of(cast.mia).post(f"{PAGES.project}edit/", sent)
    charter = project_named(cast.vera, "reading").charter
    assert charter == {"problem": "New", "data at hand": "800 images", "ethics": "Checked"}


def test_an_objective_is_read_on_the_program_page(cast: Cast) -> None:
    browser = browser_of(cast.mia)
    browser.post(f"{PAGES.program}objectives/goal/edit/", {"name": "Read every meter"})
    assert "Read every meter" in text(browser.get(PAGES.program))
    assert len(objectives_of(cast.vera, program_named(cast.vera, "control"))) == 1


def test_a_risk_says_which_items_it_delays_and_an_unknown_one_changes_nothing(cast: Cast) -> None:
    browser, path = browser_of(cast.mia), f"{PAGES.program}risks/R1/edit/"
    assert 'value="reading/LABEL"' in text(browser.get(path))
    sent = {**RISK, "delay": "5/10/30", "probability": "0.6"}
    response = browser.post(path, {**sent, "items": "reading/TRAINS"})
    assert response.status_code == 422
    assert 'id="riskform-items_error"' in text(response)
    program = program_named(cast.vera, "control")
    assert risk_named(cast.vera, program, "R1").probability == 0.4
    assert browser.post(path, {**sent, "items": "reading/TRAIN"}).status_code == 302
    assert plan_value(cast.vera, program).risks[0].delays == ("reading/TRAIN",)


def test_a_risk_may_close_the_calendar_of_some_or_of_everybody(cast: Cast) -> None:
    browser, path = browser_of(cast.mia), f"{PAGES.program}risks/R1/edit/"
    closure = {"closes_days": "3", "closes_from": "2026-12-21", "closes_to": "2027-01-08"}
    sent = {**RISK, "delay": "", "items": "", **closure}
    program = program_named(cast.vera, "control")
    assert browser.post(path, sent).status_code == 302
    (risk,) = plan_value(cast.vera, program).risks
    assert risk.closes is not None
    assert (risk.closes.lasts.most_likely, risk.closes.resources) == (3, ())
    assert browser.post(path, {**sent, "closes_resources": "engineer"}).status_code == 302
    (risk,) = plan_value(cast.vera, program).risks
    assert risk.closes is not None
    assert risk.closes.resources == ("engineer",)
    assert browser.post(path, {**sent, "closes_resources": "ghost"}).status_code == 302
    assert plan_value(cast.vera, program).risks[0].closes is None  # there is nobody to stop
    one = {**sent, "closes_items": "reading/LABEL, reading/GHOST"}
    assert browser.post(path, one).status_code == 302
    (risk,) = plan_value(cast.vera, program).risks
    assert risk.closes is not None
    assert risk.closes.items == ("reading/LABEL",)
    assert 'value="reading/LABEL, reading/GHOST"' in text(browser.get(path))
    response = browser.post(path, {**sent, "closes_to": ""})
    assert response.status_code == 422
    assert "give all three or none" in text(response)


def test_a_resource_is_changed_where_it_is_listed_and_put_back_by_its_undo(cast: Cast) -> None:
    browser, program = browser_of(cast.mia), program_named(cast.vera, "control")
    path = f"{PAGES.program}resources/engineer/edit/"
    sent = {"kind": "people", "capacity": "2", "rate": "95", "steps": "2027-01-04: 4"}
    assert browser.post(path, {**sent, "skills": "training, review"}).status_code == 302
    (engineer,) = plan_value(cast.vera, program).resources
    assert engineer.steps == ((date(2027, 1, 4), 4.0),)
    assert engineer.skills == ("training", "review")
    undo = undo_of(browser, RESOURCES)
    assert "4.0 from 2027-01-04" in text(browser.get(RESOURCES))
    assert 'value="2027-01-04: 4"' in text(browser.get(path))
    browser.post(undo)
    (engineer,) = plan_value(cast.vera, program).resources
    assert (engineer.steps, engineer.skills) == ((), ())


def test_a_resource_works_by_a_calendar_that_there_is(cast: Cast) -> None:
    browser = browser_of(cast.mia)
    path = f"{PAGES.program}resources/engineer/edit/"
    sent = {"kind": "people", "capacity": "2", "rate": "95", "calendar": "nights"}
    response = browser.post(path, sent)
    assert response.status_code == 422
    assert "There is no calendar" in text(response)


def test_a_closed_risk_keeps_its_items_and_opens_again_by_undo(cast: Cast) -> None:
    browser, program = browser_of(cast.bob), program_named(cast.vera, "control")
    browser.post(f"{PAGES.program}risks/R1/close/")
    assert plan_value(cast.vera, program).risks == ()
    undo = undo_of(browser, REGISTER)
    assert 'name="items"' not in text(browser.get(f"{PAGES.program}risks/R1/edit/"))
    browser.post(undo)
    assert plan_value(cast.vera, program).risks[0].delays == ("reading/LABEL",)


def test_a_removed_budget_line_comes_back_by_undo(cast: Cast) -> None:
    browser, program = browser_of(cast.mia), program_named(cast.vera, "control")
    before = budget_of(cast.vera, program).total
    browser.post(f"{PAGES.program}lines/people/remove/")
    assert budget_of(cast.vera, program).total == before - 100
    browser.post(undo_of(browser, BUDGET))
    assert budget_of(cast.vera, program).total == before


def test_a_cycle_and_an_unknown_predecessor_are_refused_beside_the_field(cast: Cast) -> None:
    path = f"{PAGES.item}link/"
    for wanted, said in (("DONE", "waits for itself"), ("TRIAN", "TRAIN")):
        response = browser_of(cast.bob).post(path, {"predecessor": wanted, "kind": "FS"})
        assert response.status_code == 422
        assert 'id="linkform-predecessor_error"' in text(response)
        assert said in text(response)
        assert f'value="{wanted}"' in text(response)


def test_a_removed_dependency_comes_back_with_its_kind_and_lag(cast: Cast) -> None:
    link_items(cast.mia, LinkDraft("reading/DONE", "reading/LABEL", "SS", 2, "elapsed"), AT)
    browser, page = browser_of(cast.bob), f"{PAGES.project}items/DONE/"
    browser.post(f"{page}unlink/", {"predecessor": "reading/LABEL", "kind": "SS"})
    program = program_named(cast.vera, "control")
    after = {one.id: one.after for one in plan_value(cast.vera, program).items}
    assert [str(one.type) for one in after["reading/DONE"]] == ["FS"]
    browser.post(undo_of(browser, page))
    after = {one.id: one.after for one in plan_value(cast.vera, program).items}
    kept = [(str(one.type), one.lag, str(one.unit)) for one in after["reading/DONE"]]
    assert ("SS", 2.0, "elapsed") in kept


def test_a_need_is_changed_and_put_back(cast: Cast) -> None:
    browser, program = browser_of(cast.bob), program_named(cast.vera, "control")
    browser.post(f"{PAGES.item}need/", {"resource": "engineer", "units": "0"})
    needs = {one.id: one.needs for one in plan_value(cast.vera, program).items}
    assert not needs["reading/LABEL"]
    browser.post(undo_of(browser, PAGES.item))
    needs = {one.id: one.needs for one in plan_value(cast.vera, program).items}
    assert needs["reading/LABEL"] == {"engineer": 1}


def test_an_unknown_resource_is_refused_beside_the_field(cast: Cast) -> None:
    sent = {"resource": "robot", "units": "1"}
    response = browser_of(cast.bob).post(f"{PAGES.item}need/", sent)
    assert response.status_code == 422
    assert 'id="needform-resource_error"' in text(response)


def test_people_are_shown_by_name_and_not_by_address(cast: Cast) -> None:
    judge_health(cast.mia, JudgementDraft("control", "quality", "It will do."), AT)
    edit_program(cast.mia, "control", {"manager": "noor"}, AT)
    set_person(cast.mia, "noor", {"name": "Noor Haddad"}, AT)
    page = text(browser_of(cast.bob).get(PAGES.program))
    assert "Mia" in page
    assert "mia@example.com" not in page
    assert "Noor Haddad" in page


def test_the_program_says_that_the_plan_changed_since_its_forecast(cast: Cast) -> None:
    browser = browser_of(cast.bob)
    browser.post(f"{PAGES.program}forecast/now/")
    assert "the plan changed since" not in text(browser.get(PAGES.program))
    edit_item(cast.bob, ("reading", "LABEL"), {"estimate": "30/40/70"}, clock.now())
    for page in (PAGES.program, PAGES.plan):
        assert "the plan changed since" in text(browser.get(page))
    assert "Compute now" in text(browser.get(PAGES.program))
    assert "Compute now" not in text(browser_of(cast.vera).get(PAGES.program))
    browser.post(f"{PAGES.program}forecast/now/")
    assert "the plan changed since" not in text(browser.get(PAGES.program))
