"""What a project is worth, from its case and from evidence: nothing is earned by silence."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import AT, Cast
from tests.interfaces.web.programs.world import a_running_program

from headway.domain.accounts.rules import Actor
from headway.domain.assessments.queries import (
    ProjectCase,
    program_cases,
    program_health,
    project_case,
    project_health,
)
from headway.domain.assessments.rules import Verdict
from headway.domain.evidence.actions import record_evidence
from headway.domain.programs.actions import (
    create_project,
    create_release,
    create_system,
    move_release,
    set_business_case,
    set_criterion,
)
from headway.domain.programs.queries import program_named
from headway.observation import Observation, SubjectRef

WRONG = {"key": "wrong", "name": "Wrong readings", "start": 5_000, "at_target": [800, 1_000, 1_500]}
CASE = {"criterion": "recall", "lines": [{**WRONG, "worth": 31}], "running": 10_000}
LAUNCHED = AT - timedelta(days=100)


@pytest.fixture(autouse=True)
def running(cast: Cast) -> None:
    a_running_program(cast)
    set_criterion(cast.mia, "reading", "recall", {"start_value": 0.90}, AT)
    set_business_case(cast.mia, "reading", CASE, AT)


def found(actor: Actor, at: datetime = AT) -> ProjectCase:
    health = project_health(actor, program_named(actor, "control"), "reading", at)
    assert health is not None
    case = project_case(actor, health, at)
    assert case is not None
    return case


def launch(cast: Cast) -> None:
    create_system(cast.mia, {"name": "Reader"}, LAUNCHED)
    release = create_release(cast.mia, "reader", "1.0", LAUNCHED, project="reading")
    move_release(cast.mia, release.id, "live", LAUNCHED)


def figure(value: float, start: date, days: int = 30) -> Observation:
    end = start + timedelta(days=days - 1)
    payload = {
        "kpi": "wrong",
        "value": value,
        "period_start": start.isoformat(),
        "period_end": end.isoformat(),
    }
    subject = SubjectRef("kpi", "wrong")
    moment = datetime.combine(end, AT.timetz())
    return Observation(subject, "kpi", "books", min(moment, AT), payload, None, "reading")


def test_todays_metric_earns_its_share_of_the_way(cast: Cast) -> None:
    case = found(cast.vera)
    assert case.measured == 0.958
    assert case.record is not None
    assert case.reached == pytest.approx((0.958 - 0.90) / (0.97 - 0.90))
    assert case.now is not None
    promised, now = case.promised.net.p50, case.now.net.p50
    assert promised is not None
    assert now is not None
    assert now + 10_000 == pytest.approx((promised + 10_000) * (case.reached or 0))


def test_without_standing_evidence_nothing_is_earned(cast: Cast) -> None:
    set_criterion(cast.mia, "reading", "recall", {"dataset": "another"}, AT)
    case = found(cast.vera)
    assert (case.measured, case.reached, case.now) == (None, None, None)
    set_criterion(cast.mia, "reading", "recall", {"dataset": "", "freshness_days": 1}, AT)
    assert found(cast.vera, AT + timedelta(days=5)).now is None


def test_a_target_without_a_start_value_has_no_way_to_measure(cast: Cast) -> None:
    set_criterion(cast.mia, "reading", "recall", {"start_value": ""}, AT)
    case = found(cast.vera)
    assert case.measured == 0.958
    assert case.now is None


def test_what_came_after_the_launch_stands_beside_what_was_promised(cast: Cast) -> None:
    assert found(cast.vera).lines[0].assessment.verdict == Verdict.NOT_DUE
    launch(cast)
    assert found(cast.vera).lines[0].assessment.verdict == Verdict.MISSING
    assert found(cast.vera).realised is None
    start = LAUNCHED.date() + timedelta(days=10)
    record_evidence(cast.bob, [figure(90, start), figure(96, start + timedelta(days=30))], AT)
    case = found(cast.vera)
    line = case.lines[0]
    assert line.came == pytest.approx(186 / 60 * 365.25)
    assert line.assessment.verdict == Verdict.MET
    assert len(line.assessment.records) == 2
    assert case.realised is not None
    assert case.realised.net.p50 == pytest.approx((5_000 - (line.came or 0)) * 31 - 10_000)


def test_half_of_the_figures_are_no_sum(cast: Cast) -> None:
    launch(cast)
    other = {**WRONG, "key": "slow", "name": "Slow readings", "worth": 2}
    set_business_case(cast.mia, "reading", {"lines": [*CASE["lines"], other]}, AT)
    record_evidence(cast.bob, [figure(90, LAUNCHED.date() + timedelta(days=10))], AT)
    case = found(cast.vera)
    assert [line.assessment.verdict for line in case.lines] == [Verdict.MET, Verdict.MISSING]
    assert case.realised is None


def test_each_week_late_is_told_in_money(cast: Cast) -> None:
    set_business_case(cast.mia, "reading", {"launch": AT.date()}, AT)
    case = found(cast.vera)
    assert case.late_days is not None
    assert case.late_days > 0
    assert case.late_money == pytest.approx(case.late_days / 7 * case.promised.week)


def test_another_workspace_has_no_case_of_ours(cast: Cast) -> None:
    health = program_health(cast.mia, program_named(cast.mia, "control"), AT)
    with pytest.raises(Exception, match="no such thing"):
        program_cases(cast.charlie, health.projects, AT)


def test_as_many_questions_for_many_cases_as_for_one(cast: Cast) -> None:
    def asked() -> int:
        health = program_health(cast.vera, program_named(cast.vera, "control"), AT)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            program_cases(cast.vera, health.projects, AT)
        return len(queries)

    one = asked()
    for number in range(5):
        create_project(cast.mia, "control", {"name": f"Other {number}"}, AT)
        set_business_case(cast.mia, f"other-{number}", {"lines": CASE["lines"]}, AT)
    assert asked() == one
