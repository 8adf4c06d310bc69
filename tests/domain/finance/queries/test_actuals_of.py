from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from tests.cast import AT, Cast

from headway.domain.evidence.actions import record_evidence
from headway.domain.finance.queries import actuals_of
from headway.domain.programs.actions import create_program, create_project
from headway.domain.programs.queries import program_named, project_named
from headway.errors import NotFound
from headway.observation import Observation, SubjectRef

LATER = AT + timedelta(days=7)


@pytest.fixture(autouse=True)
def fraud(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud"}, AT)
    create_project(cast.mia, "fraud", {"name": "Scores"}, AT)


def spend(
    cast: Cast, amount: str, at: datetime, category: str = "compute", currency: str = "USD"
) -> None:
    payload = {
        "amount": amount,
        "currency": currency,
        "category": category,
        "period_start": "2026-10-01",
        "period_end": "2026-10-31",
        "description": f"{amount} for October",
    }
    observation = Observation(
        SubjectRef.parse("project:scores"),
        "cost",
        "bill",
        datetime(2026, 11, 1, tzinfo=UTC),
        payload,
        project="scores",
    )
    outcome = record_evidence(cast.bob, [observation], at)
    assert not outcome.refused


def test_what_was_spent_adds_up_to_the_cent(cast: Cast) -> None:
    for amount, category in (("0.10", "compute"), ("0.20", "compute"), ("5000.05", "people")):
        spend(cast, amount, AT, category)
    actuals = actuals_of(cast.vera, program_named(cast.vera, "fraud"))
    assert actuals.total == Decimal("5000.35")
    assert actuals.by_category() == {"people": Decimal("5000.05"), "compute": Decimal("0.30")}
    assert actuals.of_project(project_named(cast.vera, "scores").id) == Decimal("5000.35")
    assert len(actuals.records) == 3


def test_nothing_recorded_is_not_nothing_spent(cast: Cast) -> None:
    actuals = actuals_of(cast.vera, program_named(cast.vera, "fraud"))
    assert actuals.total is None
    assert actuals.of_project(project_named(cast.vera, "scores").id) is None


def test_another_currency_is_never_added(cast: Cast) -> None:
    spend(cast, "100", AT)
    spend(cast, "999", AT, currency="EUR")
    actuals = actuals_of(cast.vera, program_named(cast.vera, "fraud"))
    assert actuals.total == 100
    assert [row.amount for row in actuals.foreign] == [999]


def test_a_bill_that_came_later_was_not_known_before(cast: Cast) -> None:
    spend(cast, "100", AT)
    spend(cast, "50", LATER)
    program = program_named(cast.vera, "fraud")
    assert actuals_of(cast.vera, program, AT).total == 100
    assert actuals_of(cast.vera, program, LATER).total == 150


def test_a_stranger_sees_no_bill(cast: Cast) -> None:
    with pytest.raises(NotFound):
        actuals_of(cast.charlie, program_named(cast.vera, "fraud"))
