"""Pages of maturity: the overview, a system, and a person's word."""

from __future__ import annotations

import pytest
from tests.cast import AT, Cast
from tests.domain.maturity.systems import push, two_systems
from tests.doors import browser_of

from headway.domain.maturity.actions import attest

HERE = "/w/acme/governance/maturity/"
WORD = {"role": "ML engineer", "link": "https://example.org/rules", "done_on": "2026-11-01"}


@pytest.fixture
def world(cast: Cast) -> Cast:
    two_systems(cast)
    return cast


def text_of(cast: Cast, path: str = "", who: str = "bob") -> str:
    answer = browser_of(getattr(cast, who)).get(f"{HERE}{path}?at=2026-11-23")
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def test_an_empty_page_says_what_is_judged(cast: Cast) -> None:
    assert "no ML system yet" in text_of(cast)


def test_the_overview_shows_columns_apart_and_the_section_that_holds_the_score_down(
    world: Cast,
) -> None:
    text = text_of(world)
    assert "Reader and Scorer stand at an ML Test Score of 0 of 7: data, infra" in text
    for column in ("People", "Creation", "Release", "Integration"):
        assert f">{column}</th>" in text
    assert text.count("(holds the score down)") == 8
    assert "The score rises when each of them does".lower() in text.lower()


def test_a_system_shows_each_answer_with_why_and_its_record(world: Cast) -> None:
    record = push(
        world, "deployment:reader/prod", "drill", {"drill": "rollback", "passed": True}, AT
    )
    attest(world.bob, "reader", "mlts:data-3", WORD, AT)
    text = text_of(world, "reader/")
    assert "Rolling back was tried within 90 days, and worked." in text
    assert f">record {record}</a>" in text
    assert 'href="https://example.org/rules" rel="noopener noreferrer"' in text
    assert "Attested" in text
    assert "Released by hand" not in text  # of a level that is not reached
    assert "Somebody releases by hand; the scoring script has no version." in text
    assert "microsoft:release-4-rollback" in text


def test_a_word_is_given_by_its_form_and_taken_back_by_undo(world: Cast) -> None:
    browser = browser_of(world.bob)
    form = HERE + "reader/attest/mlts:data-3/"
    assert "No feature costs more" in browser.get(form).content.decode()
    bare = {"answer": "met", "role": "ML engineer"}
    refused = browser.post(form, bare)
    assert refused.status_code == 422
    assert "counts with a link" in refused.content.decode()
    assert browser.post(form, {**bare, **WORD}).status_code == 302
    page = browser.get(HERE + "reader/").content.decode()
    assert "The answer is recorded as evidence" in page
    undo = HERE + "reader/take-back/mlts:data-3/"
    assert undo in page
    assert browser.post(undo).status_code == 302
    assert "Attested" not in browser.get(HERE + "reader/").content.decode()


def test_who_may_only_read_is_offered_no_form(world: Cast) -> None:
    assert "Attest<" not in text_of(world, "reader/", "vera")
    assert browser_of(world.vera).get(HERE + "reader/attest/mlts:data-3/").status_code == 403
    assert browser_of(world.bob).get(HERE + "reader/attest/mlts:data-9/").status_code == 404


def test_a_goal_is_shown_with_its_cost_before_it_becomes_work_and_is_undone(world: Cast) -> None:
    browser = browser_of(world.bob)
    asked = {"aim": "microsoft:release:2", "due": "2027-01-29", "project": "rules"}
    shown = browser.get(HERE + "reader/goal/", asked).content.decode()
    assert "takes 3 steps, 6 working days" in shown
    assert "The rate of ML engineer, software engineer is not known" in shown
    assert "Create the work items in Rules" in shown
    late = browser.get(HERE + "reader/goal/", {**asked, "due": "2020-01-01"}).content.decode()
    assert "2020, the day that you named." in late
    assert browser.post(HERE + "reader/goal/", asked).status_code == 302
    page = browser.get(HERE + "reader/").content.decode()
    assert "The goal is set; its 3 work items stand in the plan." in page
    assert "Goal: Microsoft MLOps maturity, model release: level 2 (Automated training)" in page
    assert "/items/microsoft-release-2-tested/" in page
    item = browser.get("/w/acme/projects/rules/items/microsoft-release-2-tested/").content.decode()
    assert "It came from: goal for Reader: Microsoft" in item
    drop = HERE + "reader/goals/microsoft-release-2/drop/"
    assert browser.post(drop, {"version": "1"}).status_code == 302
    gone = browser.get(HERE + "reader/").content.decode()
    assert "Goal: Microsoft" not in gone
    restore = HERE + "reader/goals/microsoft-release-2/restore/1/"
    assert restore in gone
    assert browser.post(restore).status_code == 302
    assert "Goal: Microsoft" in browser.get(HERE + "reader/").content.decode()


@pytest.mark.parametrize("aim", ["microsoft:release:9", "nonsense", "mlts::0"])
def test_a_goal_that_is_not_offered_is_refused_in_words(world: Cast, aim: str) -> None:
    answer = browser_of(world.bob).get(HERE + "reader/goal/", {"aim": aim, "due": "2027-01-29"})
    assert answer.status_code == 422
    assert "Select a valid choice" in answer.content.decode()
