from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import AT, Cast

from headway.domain.accounts.queries import audit_page
from headway.domain.programs.actions import (
    create_program,
    create_project,
    remove_criterion,
    restore_criterion,
    set_criterion,
    set_objective,
)
from headway.domain.programs.queries import (
    criteria_by_project,
    criteria_of,
    criterion_named,
    objectives_of,
    program_named,
    project_named,
    projects_of,
)
from headway.errors import Conflict, Invalid, NotFound, Refused

LATER = AT + timedelta(days=1)
RECALL = {"subject": "model:meter-reading", "metric": "macro_recall", "target": 0.97}


@pytest.fixture(autouse=True)
def automation(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Automation"}, AT)
    create_project(cast.mia, "automation", {"name": "Meter reading"}, AT)


def test_what_was_promised_needs_a_subject_a_metric_and_a_target(cast: Cast) -> None:
    made = set_criterion(cast.mia, "meter-reading", "recall", RECALL, AT)
    assert (made.name, made.direction, made.basis) == ("macro_recall", "maximise", "estimate")
    for field in RECALL:
        values = {key: value for key, value in RECALL.items() if key != field}
        with pytest.raises(Invalid, match=f"missing: {field}"):
            set_criterion(cast.mia, "meter-reading", "other", values, AT)


def test_setting_it_again_changes_only_what_is_given(cast: Cast) -> None:
    set_criterion(cast.mia, "meter-reading", "recall", {**RECALL, "unit": "share"}, AT)
    changed = set_criterion(cast.mia, "meter-reading", "recall", {"target": "0.96"}, LATER)
    assert (changed.target, changed.unit, changed.version) == (0.96, "share", 2)
    then = criterion_named(cast.vera, project_named(cast.vera, "meter-reading"), "recall", AT)
    assert then.target == 0.97
    assert audit_page(cast.alice).lines[0].action == "set_criterion"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"target": float("nan")}, "finite number"),
        ({"target": "Infinity"}, "finite number"),
        ({"target": True}, "finite number"),
        ({"target": "high"}, "finite number"),
        ({"start_value": "-inf"}, "finite number"),
        ({"direction": "up"}, "none of: maximise, minimise"),
        ({"basis": "hope"}, "none of: estimate, interval"),
        ({"kind": "speed"}, "none of: quality"),
        ({"split": "holdout"}, "none of: train"),
        ({"subject": "meter reading"}, "kind:name"),
        ({"segment": "digit"}, "name=value"),
        ({"minimum_n": 0}, "at least 1|from 1"),
        ({"minimum_n": 1.5}, "whole number"),
        ({"freshness_days": -3}, "from 1"),
        ({"due": "2027-13-01"}, "not a day"),
        ({"is_guardrail": "perhaps"}, "yes or no"),
        ({"goal": 1}, "no field 'goal'"),
    ],
)
def test_a_field_that_does_not_fit_is_named(
    cast: Cast, values: dict[str, object], said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        set_criterion(cast.mia, "meter-reading", "recall", {**RECALL, **values}, AT)


def test_a_key_has_a_shape(cast: Cast) -> None:
    with pytest.raises(Invalid, match="letters, digits"):
        set_criterion(cast.mia, "meter-reading", "the recall!", RECALL, AT)


def test_a_removed_criterion_stays_in_the_past(cast: Cast) -> None:
    set_criterion(cast.mia, "meter-reading", "recall", RECALL, AT)
    remove_criterion(cast.mia, "meter-reading", "recall", LATER)
    project = project_named(cast.vera, "meter-reading")
    assert criteria_of(cast.vera, project) == []
    assert criteria_of(cast.vera, project, LATER) == []
    assert [one.key for one in criteria_of(cast.vera, project, AT)] == ["recall"]


def test_a_stale_save_is_a_conflict(cast: Cast) -> None:
    set_criterion(cast.mia, "meter-reading", "recall", RECALL, AT)
    set_criterion(cast.mia, "meter-reading", "recall", {"target": 0.98}, AT, version=1)
    with pytest.raises(Conflict, match=r"target is now 0\.98, you wrote 0\.9\b"):
        set_criterion(cast.alice, "meter-reading", "recall", {"target": 0.9}, AT, version=1)


def test_a_stale_removal_is_a_conflict_and_takes_nothing_away(cast: Cast) -> None:
    set_criterion(cast.mia, "meter-reading", "recall", RECALL, AT)
    set_criterion(cast.mia, "meter-reading", "recall", {"target": 0.98}, AT)
    with pytest.raises(Conflict, match=r"version 1, now 2"):
        remove_criterion(cast.alice, "meter-reading", "recall", LATER, version=1)
    remove_criterion(cast.alice, "meter-reading", "recall", LATER, version=2)
    assert criteria_of(cast.vera, project_named(cast.vera, "meter-reading")) == []


def test_a_criterion_goes_back_to_any_version_it_had_and_to_no_other(cast: Cast) -> None:
    made = set_criterion(cast.mia, "meter-reading", "recall", RECALL, AT)
    set_criterion(cast.mia, "meter-reading", "recall", {"target": 0.5}, AT)
    back = restore_criterion(cast.mia, "meter-reading", "recall", 1, LATER)
    assert (back.target, back.version) == (made.target, 3)
    remove_criterion(cast.mia, "meter-reading", "recall", LATER)
    again = restore_criterion(cast.mia, "meter-reading", "recall", 3, LATER)
    assert (again.id, again.target, again.version) == (made.id, made.target, 4)
    assert audit_page(cast.alice).lines[0].action == "restore_success_criterion"
    with pytest.raises(NotFound, match="no version 9"):
        restore_criterion(cast.mia, "meter-reading", "recall", 9, LATER)
    with pytest.raises(NotFound):
        restore_criterion(cast.charlie, "meter-reading", "recall", 1, LATER)
    with pytest.raises(Refused):
        restore_criterion(cast.bob, "meter-reading", "recall", 1, LATER)


def test_a_stale_objective_is_a_conflict_that_names_both_values(cast: Cast) -> None:
    set_objective(cast.mia, "automation", "accuracy", "Read meters right", AT)
    set_objective(cast.mia, "automation", "accuracy", "Read well", AT, version=1)
    with pytest.raises(Conflict, match=r"name is now 'Read well', you wrote 'Read fast'"):
        set_objective(cast.alice, "automation", "accuracy", "Read fast", AT, version=1)


def test_a_criterion_may_measure_an_objective(cast: Cast) -> None:
    aim = set_objective(cast.mia, "automation", "accuracy", "Read meters right", AT)
    made = set_criterion(
        cast.mia, "meter-reading", "recall", {**RECALL, "objective": "accuracy"}, AT
    )
    assert made.objective_id == aim.id
    with pytest.raises(NotFound, match="did you mean 'accuracy'"):
        set_criterion(cast.mia, "meter-reading", "recall", {"objective": "acuracy"}, AT)
    renamed = set_objective(
        cast.mia, "automation", "accuracy", "Read well", LATER, project="meter-reading"
    )
    assert objectives_of(cast.vera, program_named(cast.vera, "automation")) == [renamed]


def test_an_objective_takes_only_a_project_of_its_program(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Other"}, AT)
    with pytest.raises(Invalid, match="another program"):
        set_objective(cast.mia, "other", "aim", "Aim", AT, project="meter-reading")


def test_criteria_of_many_projects_take_one_query(
    cast: Cast, django_assert_num_queries: object
) -> None:
    for number in range(12):
        create_project(cast.mia, "automation", {"name": f"P{number}"}, AT)
        set_criterion(cast.mia, f"p{number}", "recall", RECALL, AT)
    projects = projects_of(cast.vera, program_named(cast.vera, "automation"))
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = criteria_by_project(cast.vera, projects)
    assert sum(len(criteria) for criteria in found.values()) == 12


def test_strangers_and_contributors_stay_out(cast: Cast) -> None:
    set_criterion(cast.mia, "meter-reading", "recall", RECALL, AT)
    with pytest.raises(Refused):
        set_criterion(cast.bob, "meter-reading", "recall", {"target": 0.5}, AT)
    with pytest.raises(NotFound):
        set_criterion(cast.charlie, "meter-reading", "recall", {"target": 0.5}, AT)
    with pytest.raises(NotFound):
        remove_criterion(cast.charlie, "meter-reading", "recall", AT)
    with pytest.raises(NotFound):
        criteria_of(cast.charlie, project_named(cast.vera, "meter-reading"))
