from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from tests.cast import AT, Cast

from headway.domain.accounts.queries import audit_page
from headway.domain.programs.actions import create_program, create_project
from headway.domain.programs.queries import program_named, project_named
from headway.domain.risks.actions import close_risk, restore_risk, set_risk
from headway.domain.risks.queries import risk_named, risks_of
from headway.errors import Conflict, Invalid, NotFound, Refused

LATER = AT + timedelta(days=1)
LATE = {
    "name": "Vendor late",
    "probability": 0.3,
    "delay": "2 5 15",
    "cost": [0, 2000, 8000],
    "mitigated_probability": 0.1,
    "mitigation_cost": "3000.50",
}


@pytest.fixture(autouse=True)
def fraud(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud"}, AT)
    create_project(cast.mia, "fraud", {"name": "Scores"}, AT)


def test_a_risk_keeps_its_ranges_and_its_response(cast: Cast) -> None:
    made = set_risk(cast.bob, "fraud", "R1", {**LATE, "project": "scores"}, AT)
    assert (made.delay, made.cost) == ((2, 5, 15), (0, 2000, 8000))
    assert (made.mitigated_probability, made.mitigation_cost) == (0.1, Decimal("3000.50"))
    assert made.project_id == project_named(cast.vera, "scores").id
    assert made.has_response
    assert risks_of(cast.vera, program_named(cast.vera, "fraud")) == [made]


def test_its_chance_follows_its_state_and_response(cast: Cast) -> None:
    assert set_risk(cast.bob, "fraud", "R1", LATE, AT).chance == 0.3
    assert set_risk(cast.bob, "fraud", "R1", {"is_mitigated": "yes"}, AT).chance == 0.1
    assert set_risk(cast.bob, "fraud", "R1", {"state": "occurred"}, AT).chance == 1.0
    assert close_risk(cast.bob, "fraud", "R1", AT).chance == 0.0


def test_a_change_keeps_the_past_and_is_audited(cast: Cast) -> None:
    set_risk(cast.bob, "fraud", "R1", LATE, AT)
    set_risk(cast.bob, "fraud", "R1", {"probability": 0.5}, LATER, version=1)
    program = program_named(cast.vera, "fraud")
    assert risk_named(cast.vera, program, "R1", AT).probability == 0.3
    assert risk_named(cast.vera, program, "R1").probability == 0.5
    detail = audit_page(cast.alice).lines[0].detail
    assert detail == {"probability": {"before": 0.3, "after": 0.5}}
    with pytest.raises(Conflict, match=r"probability is now 0\.5, you wrote 0\.2"):
        set_risk(cast.mia, "fraud", "R1", {"probability": 0.2}, LATER, version=1)


def test_the_same_again_changes_nothing(cast: Cast) -> None:
    set_risk(cast.bob, "fraud", "R1", LATE, AT)
    assert set_risk(cast.bob, "fraud", "R1", LATE, LATER).version == 1


def test_a_review_that_is_past_is_overdue(cast: Cast) -> None:
    made = set_risk(cast.bob, "fraud", "R1", {**LATE, "review_on": "2026-11-22"}, AT)
    assert made.is_overdue(date(2026, 11, 23))
    assert not made.is_overdue(date(2026, 11, 22))
    assert not close_risk(cast.bob, "fraud", "R1", AT).is_overdue(date(2026, 11, 23))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"name": "x"}, "needs a probability"),
        ({"probability": 1.2}, "from 0 to 1"),
        ({"probability": "NaN"}, "finite number"),
        ({"probability": 0.1, "delay": "5 2 9"}, "out of order"),
        ({"probability": 0.1, "delay": "2 5"}, "2 numbers"),
        ({"probability": 0.1, "delay": "2 five 9"}, "not a number"),
        ({"probability": 0.1, "cost": [0, 1, 1e15]}, "has to lie between"),
        ({"probability": 0.1, "mitigation_cost": -1}, "0 or more"),
        ({"probability": 0.1, "state": "gone"}, "none of: open, occurred, closed"),
    ],
)
def test_a_field_that_does_not_fit_is_named(
    cast: Cast, values: dict[str, object], said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        set_risk(cast.bob, "fraud", "R1", values, AT)


def test_an_opportunity_may_save_days_and_money(cast: Cast) -> None:
    made = set_risk(
        cast.bob,
        "fraud",
        "O1",
        {"kind": "opportunity", "probability": 0.2, "delay": "-9 -5 -2", "cost": -100},
        AT,
    )
    assert (made.delay, made.cost) == ((-9, -5, -2), (-100, -100, -100))


def test_strangers_and_viewers_stay_out(cast: Cast) -> None:
    set_risk(cast.bob, "fraud", "R1", LATE, AT)
    with pytest.raises(Refused):
        set_risk(cast.vera, "fraud", "R1", {"probability": 0.9}, AT)
    for act in (
        lambda: set_risk(cast.charlie, "fraud", "R1", {"probability": 0.9}, AT),
        lambda: close_risk(cast.charlie, "fraud", "R1", AT),
        lambda: risks_of(cast.charlie, program_named(cast.vera, "fraud")),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(NotFound, match="did you mean 'R1'|no risk 'R11'"):
        close_risk(cast.bob, "fraud", "R11", AT)


def test_a_closed_risk_is_put_back_to_the_version_before(cast: Cast) -> None:
    set_risk(cast.bob, "fraud", "R9", {"probability": 0.4}, AT)
    close_risk(cast.bob, "fraud", "R9", AT)
    back = restore_risk(cast.bob, "fraud", "R9", 1, AT)
    assert (back.state, back.probability, back.version) == ("open", 0.4, 3)
    with pytest.raises(Refused):
        restore_risk(cast.vera, "fraud", "R9", 1, AT)


FREEZE = {
    "name": "Code freeze",
    "probability": 1,
    "closes_days": "2/5/10",
    "closes_from": "2026-12-21",
    "closes_to": "2027-01-08",
    "closes_resources": "engineer, gpu pool",
}


def test_a_risk_keeps_the_time_that_it_takes_out_of_the_calendar(cast: Cast) -> None:
    made = set_risk(cast.bob, "fraud", "R9", FREEZE, AT)
    assert made.closes
    assert made.closes_days == (2, 5, 10)
    assert (made.closes_from, made.closes_to) == (date(2026, 12, 21), date(2027, 1, 8))
    assert list(made.closes_resources) == ["engineer", "gpu pool"]
    none = {"closes_days": None, "closes_from": None, "closes_to": None}
    assert not set_risk(cast.bob, "fraud", "R9", none, AT).closes


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"closes_to": None}, "give all three or none"),
        ({"closes_days": None}, "give all three or none"),
        ({"closes_to": "2026-12-01"}, "until 2026-12-01, before 2026-12-21"),
        ({"closes_days": "-2/5/10"}, "closes days"),
        ({"closes_from": "Christmas"}, "is not a day"),
    ],
)
def test_half_a_closure_is_refused_and_nothing_is_kept(
    cast: Cast, changes: dict[str, object], sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence):
        set_risk(cast.bob, "fraud", "R9", {**FREEZE, **changes}, AT)
    program = program_named(cast.vera, "fraud")
    assert risks_of(cast.vera, program) == []
    set_risk(cast.bob, "fraud", "R9", FREEZE, AT)
    with pytest.raises(Invalid, match=sentence):
        set_risk(cast.bob, "fraud", "R9", changes, LATER)
    assert risk_named(cast.vera, program, "R9").closes_days == (2, 5, 10)
