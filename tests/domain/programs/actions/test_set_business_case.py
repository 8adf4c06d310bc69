from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.cast import AT, Cast

from headway.domain.accounts.queries import audit_page
from headway.domain.programs.actions import (
    create_program,
    create_project,
    restore_business_case,
    set_business_case,
    set_criterion,
)
from headway.domain.programs.queries import business_case_of, cases_by_project, project_named
from headway.errors import Conflict, Invalid, NotFound, Refused

LATER = AT + timedelta(days=1)
TYPED = {
    "key": "typed",
    "name": "Readings typed by hand",
    "start": 480_000,
    "at_target": [30_000, 48_000, 80_000],
    "worth": "0.30/0.40/0.55",
}


@pytest.fixture(autouse=True)
def automation(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Automation"}, AT)
    create_project(cast.mia, "automation", {"name": "Meter reading"}, AT)
    promise = {"subject": "model:meter", "metric": "recall", "target": 0.97}
    set_criterion(cast.mia, "meter-reading", "recall", promise, AT)


def test_a_case_is_kept_with_its_ranges_as_they_were_written(cast: Cast) -> None:
    values = {"criterion": "recall", "lines": [TYPED], "running": "9000", "launch": "2027-03-31"}
    made = set_business_case(cast.mia, "meter-reading", values, AT)
    line = made.lines[0]
    assert (line.at_target, line.worth) == ((30_000, 48_000, 80_000), (0.30, 0.40, 0.55))
    assert line.less_is_better
    assert (made.running, made.launch) == ([9_000, 9_000, 9_000], date(2027, 3, 31))
    assert audit_page(cast.alice).lines[0].action == "set_business_case"


def test_what_was_believed_then_is_what_is_read_as_of_then(cast: Cast) -> None:
    set_business_case(cast.mia, "meter-reading", {"lines": [TYPED]}, AT)
    set_business_case(cast.mia, "meter-reading", {"lines": []}, LATER)
    project = project_named(cast.vera, "meter-reading")
    assert len(business_case_of(cast.vera, project, AT).lines) == 1
    assert len(business_case_of(cast.vera, project).lines) == 0
    assert cases_by_project(cast.vera, [project], AT - timedelta(days=1)) == {}


def test_a_change_can_be_taken_back(cast: Cast) -> None:
    first = set_business_case(cast.mia, "meter-reading", {"lines": [TYPED]}, AT)
    set_business_case(cast.mia, "meter-reading", {"lines": [], "running": 5}, LATER)
    back = restore_business_case(cast.mia, "meter-reading", first.version, LATER)
    assert back.lines == first.lines
    assert back.running is None


def test_a_stale_version_is_refused_with_both_values(cast: Cast) -> None:
    first = set_business_case(cast.mia, "meter-reading", {"running": 5}, AT)
    set_business_case(cast.mia, "meter-reading", {"running": 6}, AT)
    with pytest.raises(Conflict, match="running is now"):
        set_business_case(cast.mia, "meter-reading", {"running": 7}, AT, version=first.version)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"criterion": "precision"}, "precision"),
        ({"lines": "typed"}, "list of lines"),
        ({"lines": [{"key": "typed"}]}, "needs start, at_target, worth"),
        ({"lines": [TYPED, TYPED]}, "Two lines have the key 'typed'"),
        ({"lines": [{**TYPED, "start": float("nan")}]}, "finite number"),
        ({"lines": [{**TYPED, "start": -1}]}, "from 0 to"),
        ({"lines": [{**TYPED, "at_target": [5, 4, 3]}]}, "out of order"),
        ({"lines": [{**TYPED, "at_target": None}]}, "at target is empty"),
        ({"lines": [{**TYPED, "worth": [1, 2]}]}, "2 numbers"),
        ({"lines": [{**TYPED, "key": "a b"}]}, "does not fit"),
        ({"lines": [{**TYPED, "colour": "red"}]}, "no field 'colour'"),
        ({"lines": [{**TYPED, "key": f"k{n}"} for n in range(13)]}, "at most 12"),
        ({"launch": "spring"}, "2026-03-15"),
        ({"value": 3}, "no field 'value'"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_kept(
    cast: Cast, values: dict[str, object], said: str
) -> None:
    with pytest.raises((Invalid, NotFound), match=said):
        set_business_case(cast.mia, "meter-reading", values, AT)
    project = project_named(cast.mia, "meter-reading")
    with pytest.raises(NotFound, match="no business case yet"):
        business_case_of(cast.mia, project)


def test_only_who_answers_for_the_program_writes_it(cast: Cast) -> None:
    with pytest.raises(Refused):
        set_business_case(cast.bob, "meter-reading", {"lines": [TYPED]}, AT)
    with pytest.raises(NotFound):
        set_business_case(cast.charlie, "meter-reading", {"lines": [TYPED]}, AT)
