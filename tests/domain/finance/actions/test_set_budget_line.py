from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from tests.cast import AT, Cast

from headway.domain.accounts.queries import audit_page
from headway.domain.finance.actions import remove_budget_line, restore_budget_line, set_budget_line
from headway.domain.finance.queries import budget_of
from headway.domain.programs.actions import create_program, create_project
from headway.domain.programs.queries import program_named, project_named
from headway.errors import Conflict, Invalid, NotFound, Refused

LATER = AT + timedelta(days=1)


@pytest.fixture(autouse=True)
def fraud(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud"}, AT)
    create_project(cast.mia, "fraud", {"name": "Scores"}, AT)


def test_the_total_holds_contingency_and_not_the_reserve(cast: Cast) -> None:
    for key, purpose, amount in (
        ("people", "budget", "1000000.10"),
        ("compute", "budget", "110000.20"),
        ("spare", "contingency", "90000"),
        ("board", "reserve", "50000"),
    ):
        set_budget_line(cast.mia, "fraud", key, {"purpose": purpose, "amount": amount}, AT)
    budget = budget_of(cast.vera, program_named(cast.vera, "fraud"))
    assert budget.total == Decimal("1200000.30")
    assert (budget.contingency, budget.reserve, budget.currency) == (90_000, 50_000, "USD")
    assert [line.key for line in budget.lines] == ["board", "compute", "people", "spare"]


def test_no_budget_is_not_a_budget_of_nothing(cast: Cast) -> None:
    program = program_named(cast.vera, "fraud")
    assert budget_of(cast.vera, program).total is None
    set_budget_line(cast.mia, "fraud", "board", {"purpose": "reserve", "amount": 5}, AT)
    assert budget_of(cast.vera, program).total is None
    set_budget_line(cast.mia, "fraud", "free", {"amount": 0}, AT)
    assert budget_of(cast.vera, program).total == 0


def test_a_line_may_belong_to_a_project(cast: Cast) -> None:
    set_budget_line(cast.mia, "fraud", "a", {"amount": "12.50", "project": "scores"}, AT)
    set_budget_line(cast.mia, "fraud", "b", {"amount": 100}, AT)
    project = project_named(cast.vera, "scores")
    budget = budget_of(cast.vera, program_named(cast.vera, "fraud"))
    assert budget.of_project(project.id) == Decimal("12.50")
    assert budget.of_project(budget.lines[0].id) is None


def test_a_change_keeps_the_past_and_is_audited(cast: Cast) -> None:
    set_budget_line(cast.mia, "fraud", "people", {"amount": 100}, AT)
    set_budget_line(cast.mia, "fraud", "people", {"amount": 120}, LATER, version=1)
    program = program_named(cast.vera, "fraud")
    assert budget_of(cast.vera, program, AT).total == 100
    assert budget_of(cast.vera, program, LATER).total == 120
    line = audit_page(cast.alice).lines[0]
    assert line.detail == {"amount_minor": {"after": 12_000, "before": 10_000}}
    with pytest.raises(Conflict):
        set_budget_line(cast.mia, "fraud", "people", {"amount": 130}, LATER, version=1)


def test_a_stale_removal_is_a_conflict_and_takes_nothing_away(cast: Cast) -> None:
    set_budget_line(cast.mia, "fraud", "people", {"amount": 100}, AT)
    set_budget_line(cast.mia, "fraud", "people", {"amount": 120}, LATER)
    with pytest.raises(Conflict, match=r"version 1, now 2"):
        remove_budget_line(cast.mia, "fraud", "people", LATER, version=1)
    remove_budget_line(cast.mia, "fraud", "people", LATER, version=2)
    assert budget_of(cast.vera, program_named(cast.vera, "fraud")).total is None


def test_a_removed_line_comes_back_as_it_was(cast: Cast) -> None:
    made = set_budget_line(cast.mia, "fraud", "people", {"amount": 100}, AT)
    remove_budget_line(cast.mia, "fraud", "people", LATER)
    back = restore_budget_line(cast.mia, "fraud", "people", 1, LATER)
    assert (back.id, back.amount, back.version) == (made.id, 100, 2)
    with pytest.raises(Refused):
        restore_budget_line(cast.bob, "fraud", "people", 1, LATER)


def test_a_removed_line_stays_in_the_past(cast: Cast) -> None:
    set_budget_line(cast.mia, "fraud", "people", {"amount": 100}, AT)
    remove_budget_line(cast.mia, "fraud", "people", LATER)
    program = program_named(cast.vera, "fraud")
    assert budget_of(cast.vera, program).total is None
    assert budget_of(cast.vera, program, AT).total == 100
    with pytest.raises(NotFound, match="no budget line 'people'"):
        remove_budget_line(cast.mia, "fraud", "people", LATER)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "needs an amount in USD"),
        ({"amount": -1}, "0 or more"),
        ({"amount": "NaN"}, "not an amount"),
        ({"amount": "1e20"}, "larger than any budget"),
        ({"amount": 1, "purpose": "fun"}, "none of: budget, contingency, reserve"),
        ({"amount": 1, "category": "lunch"}, "none of: people"),
    ],
)
def test_a_field_that_does_not_fit_is_named(
    cast: Cast, values: dict[str, object], said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        set_budget_line(cast.mia, "fraud", "people", values, AT)


def test_a_project_of_another_program_is_refused(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Other"}, AT)
    with pytest.raises(Invalid, match="another program"):
        set_budget_line(cast.mia, "other", "a", {"amount": 1, "project": "scores"}, AT)


def test_strangers_and_contributors_stay_out(cast: Cast) -> None:
    with pytest.raises(Refused):
        set_budget_line(cast.bob, "fraud", "a", {"amount": 1}, AT)
    with pytest.raises(NotFound):
        set_budget_line(cast.charlie, "fraud", "a", {"amount": 1}, AT)
    with pytest.raises(NotFound):
        remove_budget_line(cast.charlie, "fraud", "a", AT)
    with pytest.raises(NotFound):
        budget_of(cast.charlie, program_named(cast.vera, "fraud"))
