from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.cast import AT, Cast

from headway.domain.accounts.queries import audit_page
from headway.domain.programs.actions import create_program, create_project, edit_program
from headway.domain.programs.queries import program_named
from headway.errors import Conflict, NotFound, Refused

LATER = AT + timedelta(days=7)


@pytest.fixture(autouse=True)
def fraud(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud", "target": "2027-05-07"}, AT)


def test_a_change_counts_the_version_and_tells_before_and_after(cast: Cast) -> None:
    edited = edit_program(cast.mia, "fraud", {"target": "2027-06-30"}, LATER, version=1)
    assert (edited.target, edited.version) == (date(2027, 6, 30), 2)
    line = audit_page(cast.alice).lines[0]
    assert line.detail == {"target": {"before": "2027-05-07", "after": "2027-06-30"}}


def test_the_past_keeps_what_was_true_then(cast: Cast) -> None:
    edit_program(cast.mia, "fraud", {"target": "2027-06-30"}, LATER)
    assert program_named(cast.mia, "fraud", AT).target == date(2027, 5, 7)
    assert program_named(cast.mia, "fraud", LATER).target == date(2027, 6, 30)


def test_of_two_changes_at_one_instant_the_last_one_is_what_we_knew(cast: Cast) -> None:
    edit_program(cast.mia, "fraud", {"name": "First"}, AT)
    edit_program(cast.mia, "fraud", {"name": "Second"}, AT)
    assert program_named(cast.mia, "fraud", AT).name == "Second"


def test_before_it_was_made_there_is_no_program(cast: Cast) -> None:
    with pytest.raises(NotFound, match="as of 2026-11-22"):
        program_named(cast.mia, "fraud", AT - timedelta(days=1))


def test_setting_what_is_there_already_changes_nothing(cast: Cast) -> None:
    before = audit_page(cast.alice).total
    assert edit_program(cast.mia, "fraud", {"name": "Fraud"}, LATER).version == 1
    assert audit_page(cast.alice).total == before


def test_a_stale_save_names_both_values(cast: Cast) -> None:
    edit_program(cast.mia, "fraud", {"name": "Fraud EU"}, LATER, version=1)
    with pytest.raises(Conflict, match=r"name is now 'Fraud EU', you wrote 'Fraud US'"):
        edit_program(cast.alice, "fraud", {"name": "Fraud US"}, LATER, version=1)


def test_the_currency_is_fixed_once_there_are_projects(cast: Cast) -> None:
    assert edit_program(cast.mia, "fraud", {"currency": "EUR"}, LATER).currency == "EUR"
    create_project(cast.mia, "fraud", {"name": "Scores"}, LATER)
    with pytest.raises(Conflict, match="would not be converted"):
        edit_program(cast.mia, "fraud", {"currency": "USD"}, LATER)


def test_another_workspace_does_not_learn_that_it_exists(cast: Cast) -> None:
    with pytest.raises(NotFound) as elsewhere:
        edit_program(cast.charlie, "fraud", {"name": "Mine"}, LATER)
    with pytest.raises(NotFound) as nowhere:
        edit_program(cast.charlie, "frauds", {"name": "Mine"}, LATER)
    assert str(elsewhere.value) == str(nowhere.value).replace("frauds", "fraud")


def test_a_contributor_may_not(cast: Cast) -> None:
    with pytest.raises(Refused):
        edit_program(cast.bob, "fraud", {"name": "Mine"}, LATER)
