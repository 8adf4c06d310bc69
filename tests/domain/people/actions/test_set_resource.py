from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from tests.cast import AT, Cast

from headway.domain.accounts.queries import audit_page
from headway.domain.people.actions import set_resource
from headway.domain.people.queries import resources_of
from headway.domain.programs.actions import create_program
from headway.domain.programs.queries import program_named
from headway.errors import Conflict, Invalid, NotFound, Refused

LATER = AT + timedelta(days=1)


@pytest.fixture(autouse=True)
def fraud(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud"}, AT)


def test_a_rate_keeps_a_millionth_of_the_currency(cast: Cast) -> None:
    values = {"kind": "compute", "capacity": 8, "rate": "2.105001"}
    made = set_resource(cast.bob, "fraud", "gpu-a100", values, AT)
    assert (made.rate, made.capacity, made.kind) == (Decimal("2.105001"), 8, "compute")
    assert audit_page(cast.alice).lines[0].action == "set_resource"


def test_setting_it_again_changes_it_and_keeps_the_past(cast: Cast) -> None:
    set_resource(cast.bob, "fraud", "data scientist", {"capacity": 2, "rate": 95}, AT)
    changed = set_resource(cast.bob, "fraud", "data scientist", {"capacity": 3}, LATER, version=1)
    assert (changed.capacity, changed.rate, changed.version) == (3, Decimal(95), 2)
    program = program_named(cast.vera, "fraud")
    assert [one.capacity for one in resources_of(cast.vera, program, AT)] == [2]
    assert [one.capacity for one in resources_of(cast.vera, program)] == [3]
    with pytest.raises(Conflict, match="capacity is now 3"):
        set_resource(cast.mia, "fraud", "data scientist", {"capacity": 4}, LATER, version=1)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "needs a capacity"),
        ({"capacity": -1}, "from 0 to"),
        ({"capacity": "many"}, "finite number"),
        ({"capacity": 1, "rate": -5}, "from 0 to"),
        ({"capacity": 1, "rate": "NaN"}, "not an amount"),
        ({"capacity": 1, "rate": "1e12"}, "from 0 to"),
        ({"capacity": 1, "kind": "robots"}, "none of: people, compute"),
    ],
)
def test_a_field_that_does_not_fit_is_named(
    cast: Cast, values: dict[str, object], said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        set_resource(cast.bob, "fraud", "gpu", values, AT)


def test_strangers_and_viewers_stay_out(cast: Cast) -> None:
    with pytest.raises(Refused):
        set_resource(cast.vera, "fraud", "gpu", {"capacity": 1}, AT)
    with pytest.raises(NotFound):
        set_resource(cast.charlie, "fraud", "gpu", {"capacity": 1}, AT)
    with pytest.raises(NotFound):
        resources_of(cast.charlie, program_named(cast.vera, "fraud"))


def test_capacity_over_time_calendar_and_skills_are_kept(cast: Cast) -> None:
    values = {
        "capacity": 1,
        "steps": [["2026-01-05", 2], [date(2026, 3, 2), 4]],
        "calendar": "weekdays",
        "skills": "labels, review",
    }
    made = set_resource(cast.bob, "fraud", "annotator", values, AT)
    assert made.steps == [["2026-01-05", 2.0], ["2026-03-02", 4.0]]
    assert (made.calendar, list(made.skills)) == ("weekdays", ["labels", "review"])
    with pytest.raises(Invalid, match="There is no calendar 'crew'"):
        set_resource(cast.bob, "fraud", "annotator", {"calendar": "crew"}, AT)


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        ([["2026-03-02", 4], ["2026-01-05", 2]], "out of order"),
        ([["2026-03-02", -4]], "capacity of the steps"),
        ([["2026-03-02"]], "a day and a capacity"),
        ("soon", "a day and a capacity"),
        ([["tomorrow", 1]], "is not a day"),
        ([["2026-03-02", float("nan")]], "capacity of the steps"),
    ],
)
def test_a_capacity_that_changes_wrongly_is_refused(
    cast: Cast, steps: object, sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence):
        set_resource(cast.bob, "fraud", "annotator", {"capacity": 1, "steps": steps}, AT)
