from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from tests.cast import AT, Cast

from headway.domain.programs.actions import create_program
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules import ProgramFacts
from headway.domain.risks.actions import (
    close_risk,
    occur_risk,
    reopen_issue,
    resolve_issue,
    restore_issue,
    restore_risk,
    set_issue,
    set_risk,
    set_risk_policy,
)
from headway.domain.risks.queries import (
    issue_named,
    issues_of,
    policy_of,
    risk_calibration,
    risk_named,
    risk_past,
)
from headway.errors import Conflict, Invalid, NotFound, Refused

LATER, LAST = AT + timedelta(days=5), AT + timedelta(days=9)
LATE = {"name": "Vendor late", "probability": 0.3, "delay": "2 5 15", "owner": "bob"}


@pytest.fixture(autouse=True)
def fraud(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud", "currency": "USD"}, AT)
    set_risk(cast.bob, "fraud", "R1", LATE, AT)


def program(cast: Cast) -> ProgramFacts:
    return program_named(cast.vera, "fraud")


def test_a_risk_that_occurs_becomes_an_issue_and_keeps_what_was_said_before(cast: Cast) -> None:
    set_risk(cast.bob, "fraud", "R1", {"probability": 0.4}, LATER)
    set_risk(cast.bob, "fraud", "R1", {"probability": 0.95}, LAST)  # on the very day: hindsight
    held = occur_risk(cast.bob, "fraud", "R1", LAST)
    assert (held.state, held.chance, held.ended_at) == ("occurred", 1.0, LAST)
    assert held.said is not None
    assert (held.said.probability, held.said.occurred, held.said.at) == (0.4, True, LATER)
    (issue,) = issues_of(cast.vera, program(cast))
    assert (issue.key, issue.risk_key, issue.owner) == ("vendor-late", "R1", "bob")
    with pytest.raises(Conflict, match="occurred already"):
        occur_risk(cast.bob, "fraud", "R1", LAST)


def test_what_was_said_does_not_change_with_what_is_written_afterwards(cast: Cast) -> None:
    occur_risk(cast.bob, "fraud", "R1", LATER)
    set_risk(cast.bob, "fraud", "R1", {"probability": 0.9}, LAST)
    assert close_risk(cast.bob, "fraud", "R1", LAST).said is not None
    held = risk_named(cast.vera, program(cast), "R1")
    assert held.said is not None
    assert (held.said.probability, held.said.occurred) == (0.3, True)


def test_undoing_it_takes_back_an_issue_that_nobody_touched(cast: Cast) -> None:
    occur_risk(cast.bob, "fraud", "R1", LATER)
    restore_risk(cast.bob, "fraud", "R1", 1, LAST)
    assert issues_of(cast.vera, program(cast)) == []
    assert risk_named(cast.vera, program(cast), "R1").said is None
    occur_risk(cast.bob, "fraud", "R1", LAST)
    set_issue(cast.bob, "fraud", "vendor-late", {"due": "2026-12-24"}, LAST)
    restore_risk(cast.bob, "fraud", "R1", 1, LAST)
    assert len(issues_of(cast.vera, program(cast))) == 1


def test_an_issue_is_dealt_with_opened_again_and_put_back(cast: Cast) -> None:
    made = set_issue(cast.bob, "fraud", "", {"name": "No power", "money": "12.50"}, AT)
    assert (made.key, made.money, made.risk_key) == ("no-power", Decimal("12.50"), "")
    resolve_issue(cast.bob, "fraud", "no-power", LATER, how="A generator.")
    with pytest.raises(Conflict, match="resolved already"):
        resolve_issue(cast.bob, "fraud", "no-power", LATER)
    assert reopen_issue(cast.bob, "fraud", "no-power", LATER).is_open
    assert restore_issue(cast.bob, "fraud", "no-power", 2, LAST).resolution == "A generator."
    assert issue_named(cast.vera, program(cast), "no-power", AT).is_open
    with pytest.raises(Invalid, match="needs words"):
        set_issue(cast.bob, "fraud", "", {"owner": "bob"}, AT)
    with pytest.raises(Refused):
        set_issue(cast.vera, "fraud", "", {"name": "x"}, AT)
    with pytest.raises(NotFound):
        set_issue(cast.charlie, "fraud", "", {"name": "x"}, AT)


def test_odds_are_scored_over_what_ended_and_not_below_ten(cast: Cast) -> None:
    for number in range(9):
        set_risk(cast.bob, "fraud", f"C{number}", {"probability": 0.2}, AT)
        close_risk(cast.bob, "fraud", f"C{number}", LATER)
    found = risk_calibration(cast.vera, [program(cast)])
    assert (found.cases, found.score, found.missing) == (9, None, 1)
    occur_risk(cast.bob, "fraud", "R1", LATER)
    found = risk_calibration(cast.vera, [program(cast)])
    assert found.score == pytest.approx((9 * 0.04 + 0.49) / 10)
    assert risk_calibration(cast.vera, [program(cast)], AT).cases == 0


def test_the_past_of_a_risk_tells_its_odds_only_where_they_moved(cast: Cast) -> None:
    set_risk(cast.bob, "fraud", "R1", {"owner": "mia"}, LATER)
    set_risk(cast.bob, "fraud", "R1", {"probability": 0.6}, LATER)
    occur_risk(cast.bob, "fraud", "R1", LAST)
    past = risk_past(cast.vera, program(cast), "R1")
    assert [(one.chance, one.state) for one in past] == [
        (0.3, "open"),
        (0.6, "open"),
        (1.0, "occurred"),
    ]


def test_a_policy_is_the_defaults_until_somebody_sets_it(cast: Cast) -> None:
    assert policy_of(cast.vera, program(cast)).is_default
    values = {
        "appetite_days": "4",
        "appetite_money": "10000",
        "chance_bounds": "0.2, 0.4, 0.6, 0.8",
    }
    made = set_risk_policy(cast.mia, "fraud", values, AT)
    assert (made.appetite_days, made.appetite_money) == (4, Decimal("10000.00"))
    assert made.chance_bounds == (0.2, 0.4, 0.6, 0.8)
    assert set_risk_policy(cast.mia, "fraud", {"appetite_money": ""}, LATER).appetite_money is None
    assert policy_of(cast.vera, program(cast), AT) == made
    with pytest.raises(Refused):
        set_risk_policy(cast.bob, "fraud", values, AT)
