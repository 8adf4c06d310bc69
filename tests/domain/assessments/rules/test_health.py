from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from tests.cast import AT
from tests.domain.assessments.rules.facts import a_check

from headway.domain.assessments.rules import (
    Assessment,
    CostStanding,
    Dimension,
    JudgementDraft,
    Level,
    RiskStanding,
    ScheduleStanding,
    Verdict,
    all_of,
    assess_compliance,
    assess_cost,
    assess_data,
    assess_risk,
    assess_schedule,
    check_judgement,
)
from headway.domain.assessments.rules.project import ProjectEvidence, assess_project_data
from headway.domain.assessments.rules.rollup import Part, roll_up
from headway.errors import Invalid

TARGET = date(2027, 1, 15)


def schedule(p: float | None, **changes: object) -> Assessment:
    standing = ScheduleStanding(p, TARGET, TARGET, TARGET, made_at=AT)
    return assess_schedule(replace(standing, **changes), AT)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("odds", "level"),
    [(1.0, "good"), (0.8, "good"), (0.7999, "at_risk"), (0.5, "at_risk"), (0.4999, "bad")],
)
def test_the_odds_decide_at_exactly_eighty_and_fifty_percent(odds: float, level: str) -> None:
    found = schedule(odds)
    assert found.level == level
    assert (found.verdict is Verdict.MET) == (level == "good")


def test_odds_are_never_said_to_be_certain() -> None:
    assert schedule(1.0).sentence.startswith("More than 95 % odds")
    assert schedule(0.0).sentence.startswith("Less than 5 % odds")


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"problem": "Item A has no estimate."}, "error"),
        ({"made_at": None}, "missing"),
        ({"target": None}, "missing"),
        ({"p_on_time": None}, "missing"),
        ({"made_at": AT - timedelta(days=9)}, "stale"),
    ],
)
def test_a_schedule_that_nobody_can_judge_is_grey(changes: dict[str, object], verdict: str) -> None:
    found = schedule(0.9, **changes)
    assert (found.verdict, found.level) == (verdict, Level.UNKNOWN)


@pytest.mark.parametrize(
    ("p50", "p80", "level"), [(90, 100, "good"), (100, 101, "at_risk"), (101, 120, "bad")]
)
def test_the_cost_is_good_while_p80_fits_the_budget(p50: int, p80: int, level: str) -> None:
    found = assess_cost(
        CostStanding(Decimal(100), Decimal(p50), Decimal(p80), Decimal(0), "USD", (7,))
    )
    assert (found.level, found.records) == (level, (7,))


@pytest.mark.parametrize("known", [{"budget": None}, {"p80": None}])
def test_a_cost_without_budget_or_forecast_is_missing(known: dict[str, None]) -> None:
    standing = CostStanding(Decimal(100), Decimal(1), Decimal(1), Decimal(0), "USD")
    assert assess_cost(replace(standing, **known)).verdict is Verdict.MISSING


@pytest.mark.parametrize(
    ("changes", "verdict", "level"),
    [
        ({}, "met", "good"),
        ({"passed": False}, "unmet", "bad"),
        ({"passed": False, "is_error": False}, "unmet", "at_risk"),
        ({"passed": None}, "insufficient", "unknown"),
        ({"rows": 0}, "insufficient", "unknown"),
        ({"observed_at": AT - timedelta(days=30)}, "met", "good"),
        ({"observed_at": AT - timedelta(days=31)}, "stale", "unknown"),
        ({"valid_until": AT - timedelta(seconds=1)}, "stale", "unknown"),
    ],
)
def test_a_data_check_must_have_passed_on_rows_and_lately(
    changes: dict[str, object], verdict: str, level: str
) -> None:
    found = assess_data([a_check(**changes)], AT)
    assert (found.verdict, found.level) == (verdict, level)


def test_no_check_at_all_is_missing() -> None:
    assert assess_data([], AT).verdict is Verdict.MISSING


def test_a_dataset_that_nobody_checks_keeps_the_rest_from_green() -> None:
    found = assess_data([a_check()], AT, ["dataset:d@1", "dataset:e@1"])
    assert found.verdict is Verdict.MISSING
    assert "dataset:e@1" in found.sentence


def test_only_the_newest_version_of_a_dataset_is_judged() -> None:
    versions = {"dataset:d": ("dataset:d@10", "dataset:d@9")}  # as a source listed them
    checks = [("data", a_check(subject="dataset:d@9", passed=False))]
    known = ProjectEvidence(checks=checks, versions=versions)
    assert assess_project_data(known, AT).verdict is Verdict.MISSING
    checks.append(("data", a_check(subject="dataset:d@10")))
    assert assess_project_data(replace(known, checks=checks), AT).verdict is Verdict.MET


THREAT = RiskStanding("R1", "Late labels", "mia", AT.date(), Decimal(100))


def risk(*threats: RiskStanding, contingency: int | None = 100) -> Assessment:
    money = Decimal(contingency) if contingency is not None else None
    return assess_risk(threats, money, "USD", AT)


def test_an_owned_reviewed_threat_within_contingency_is_good() -> None:
    assert risk(THREAT).level is Level.GOOD


def test_no_threat_written_down_is_not_the_same_as_no_risk() -> None:
    assert risk().verdict is Verdict.MISSING


def test_each_gap_in_the_register_has_its_own_verdict() -> None:
    assert risk(replace(THREAT, owner="")).level is Level.AT_RISK
    assert risk(replace(THREAT, review_on=None)).verdict is Verdict.STALE
    assert risk(replace(THREAT, review_on=AT.date() - timedelta(days=1))).verdict is Verdict.STALE
    assert risk(THREAT, contingency=None).verdict is Verdict.MISSING
    assert risk(THREAT, contingency=99).level is Level.BAD


def test_approvals_are_not_due_before_integration_and_missing_after() -> None:
    assert assess_compliance("high", "validate", {}, []).verdict is Verdict.NOT_DUE
    assert assess_compliance("high", "", {}, []).verdict is Verdict.NOT_DUE
    assert assess_compliance("high", "integrate", {}, []).verdict is Verdict.MISSING


def test_every_function_the_tier_asks_for_must_approve() -> None:
    one = {"security": ("approved", 1)}
    assert assess_compliance("standard", "integrate", one, []).verdict is Verdict.MET
    assert assess_compliance("high", "integrate", one, []).verdict is Verdict.MISSING
    assert assess_compliance("unheard-of", "integrate", one, []).verdict is Verdict.MISSING
    three = {name: ("approved", n) for n, name in enumerate(("legal", "privacy", "security"))}
    found = assess_compliance("high", "integrate", three, [])
    assert (found.verdict, found.records) == (Verdict.MET, (0, 1, 2))


def test_a_refusal_counts_at_once_and_open_conditions_are_amber() -> None:
    assert (
        assess_compliance("standard", "data", {"security": ("refused", 1)}, []).level is Level.BAD
    )
    found = assess_compliance("standard", "integrate", {"security": ("conditions", 1)}, [])
    assert (found.verdict, found.level) == (Verdict.UNMET, Level.AT_RISK)


def part(verdict: Verdict, level: Level, record: int = 1) -> Assessment:
    return Assessment(verdict, level, f"It is {verdict}.", "rule", (record,))


MET, MISSING = part(Verdict.MET, Level.GOOD), part(Verdict.MISSING, Level.UNKNOWN, 2)
UNMET, NOT_DUE = part(Verdict.UNMET, Level.BAD, 3), part(Verdict.NOT_DUE, Level.UNKNOWN, 4)


def test_one_missing_part_keeps_all_from_green() -> None:
    found = all_of([MET, MISSING], rule="all", nothing="none")
    assert (found.verdict, found.level, found.records) == (Verdict.MISSING, Level.UNKNOWN, (1, 2))
    assert found.sentence == "It is missing. 1 of 2 are met."


def test_what_fails_outweighs_what_is_missing_and_nothing_is_missing() -> None:
    assert all_of([MISSING, UNMET, MET], rule="", nothing="").level is Level.BAD
    assert all_of([], rule="", nothing="Nothing asked.").sentence == "Nothing asked."


def test_what_is_not_due_says_so_even_beside_what_is_met() -> None:
    assert all_of([MET, NOT_DUE], rule="", nothing="").verdict is Verdict.NOT_DUE


def test_the_roll_up_leads_with_the_project_that_weighs_most_on_the_date() -> None:
    parts = [Part("Small", UNMET, 1.0), Part("Large", UNMET, 12.2), Part("Fine", MET, 30.0)]
    found = roll_up(Dimension.QUALITY, parts)
    assert found.sentence == (
        "2 of 3 projects unmet; Large first (its uncertainty is 12 days of the program's P80): "
        "It is unmet."
    )
    assert roll_up(Dimension.QUALITY, [Part("A", MET, None)]).sentence == "Met in 1 of 1 projects."
    assert roll_up(Dimension.QUALITY, []).verdict is Verdict.MISSING


GOOD = JudgementDraft("fraud", "schedule", "The vendor promised.", level="good", until=AT.date())


def test_an_override_with_words_and_an_end_within_a_month_is_taken() -> None:
    check_judgement(GOOD, AT)
    check_judgement(replace(GOOD, until=AT.date() + timedelta(days=31)), AT)
    check_judgement(replace(GOOD, level="", until=None), AT)


@pytest.mark.parametrize(
    "spoilt",
    [
        {"dimension": "mood"},
        {"words": "  "},
        {"level": "unknown"},
        {"until": None},
        {"until": AT.date() - timedelta(days=1)},
        {"until": AT.date() + timedelta(days=32)},
    ],
)
def test_an_override_without_words_level_or_end_is_refused(spoilt: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        check_judgement(replace(GOOD, **spoilt), AT)  # type: ignore[arg-type]
