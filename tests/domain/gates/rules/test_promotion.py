"""What serves against what was decided: alarms in both directions, and silence never calms one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.domain.assessments.rules import Verdict
from headway.domain.gates.rules.promotion import (
    GRACE,
    Decided,
    Serving,
    reconcile,
    waiting,
)
from headway.domain.inventory.rules.windows import read_window
from headway.errors import Invalid

NOON = datetime(2026, 11, 19, 12, tzinfo=UTC)
DAY = timedelta(days=1)
STAGES = ("validate", "shadow", "canary", "ramp", "live")

CHAMPION = Serving("screening", "2", "@champion", ("live",), NOON - DAY / 96, NOON, (40,))
CHALLENGER = replace(CHAMPION, what="@challenger", stages=("shadow", "canary", "ramp"))
GO = Decided("2", "live", STAGES, "go", NOON - DAY, 31)


def verdict(
    serving: Serving, *decided: Decided, gated: tuple[str, ...] = ("live",), days: float = 1
) -> Verdict:
    return reconcile(serving, decided, since(*gated), NOON + days * DAY, "Screening").verdict


def since(*stages: str, days: float = -30) -> dict[str, datetime]:
    """Return gates before these stages, set so many days from NOON."""
    return {stage: NOON + days * DAY for stage in stages}


def test_a_version_that_serves_and_that_no_gate_let_through_is_an_alarm_with_its_interval() -> None:
    found = reconcile(CHAMPION, [], since("live"), NOON, "Screening")
    assert found.verdict is Verdict.UNMET
    assert found.sentence == (
        "@champion of screening points to version 2: it moved between 19 Nov 2026, 11:45 UTC and "
        "19 Nov 2026, 12:00 UTC; its gate to live never passed."
    )
    assert found.records == (40,)


@pytest.mark.parametrize(
    ("decided", "expected"),
    [
        ([GO], Verdict.MET),
        ([replace(GO, outcome="go_with_conditions")], Verdict.MET),
        ([replace(GO, outcome="hold")], Verdict.UNMET),
        ([replace(GO, outcome="kill")], Verdict.UNMET),
        ([replace(GO, version="1")], Verdict.UNMET),
        ([replace(GO, stage="canary")], Verdict.UNMET),
        ([replace(GO, at=NOON + 2 * DAY)], Verdict.UNMET),
    ],
)
def test_only_a_go_for_this_version_into_this_stage_calms_it(
    decided: list[Decided], expected: Verdict
) -> None:
    assert verdict(CHAMPION, *decided) is expected


def test_after_the_decision_the_alarm_ends_and_says_that_the_alias_had_moved_before() -> None:
    late = replace(GO, at=NOON + DAY)
    before = reconcile(CHAMPION, [late], since("live"), NOON + DAY / 2, "Screening")
    after = reconcile(CHAMPION, [late], since("live"), NOON + DAY, "Screening")
    assert (before.verdict, after.verdict) == (Verdict.UNMET, Verdict.MET)
    assert "It had moved before that, by 19 Nov 2026, 12:00 UTC." in after.sentence


@pytest.mark.parametrize(
    ("window", "decided", "expected"),
    [
        ("mon-thu 08:00-16:00", -1, Verdict.MET),  # NOON is a Thursday
        ("fri 08:00-16:00", -1, Verdict.UNMET),
        ("sat-mon 00:00-23:59", -1, Verdict.UNMET),
        ("thu 12:00-13:00", -1, Verdict.MET),
        ("thu 12:01-13:00", -1, Verdict.UNMET),
        ("thu 08:00-11:45", -1, Verdict.UNMET),  # it closed as the interval began
        ("thu 08:00-11:46", -1, Verdict.MET),  # it may have been in that minute
        ("fri 08:00-16:00", 1, Verdict.MET),  # decided since
    ],
)
def test_a_move_that_was_certainly_outside_of_the_change_window_needs_a_new_decision(
    window: str, decided: int, expected: Verdict
) -> None:
    moved = replace(CHAMPION, window=window)
    assert verdict(moved, replace(GO, at=NOON + decided * DAY), days=2) is expected
    assert verdict(replace(moved, after=None), GO) is Verdict.MET


@pytest.mark.parametrize("wrong", ["thursday", "thu 9-12", "thu 16:00-08:00", "xyz 08:00-09:00"])
def test_a_change_window_that_nobody_can_read_is_refused(wrong: str) -> None:
    with pytest.raises(Invalid, match="mon-thu 08:00-16:00"):
        read_window("change_window", wrong)


def test_a_challenger_needs_a_gate_into_a_trial_or_beyond() -> None:
    asked = ("shadow", "canary", "live")
    assert verdict(CHALLENGER, gated=asked) is Verdict.UNMET
    assert verdict(CHALLENGER, replace(GO, stage="validate"), gated=asked) is Verdict.UNMET
    assert verdict(CHALLENGER, replace(GO, stage="canary"), gated=asked) is Verdict.MET
    assert verdict(CHALLENGER, GO, gated=asked) is Verdict.MET


def test_where_no_gate_guards_the_stage_there_is_nothing_to_hold_it_against() -> None:
    assert verdict(CHAMPION, gated=("canary",)) is Verdict.NOT_APPLICABLE
    nowhere = reconcile(CHAMPION, [], {}, NOON, "")
    assert "belongs to no ML system" in nowhere.sentence


def test_a_version_let_through_and_not_brought_out_is_an_alarm_after_the_grace() -> None:
    old = replace(CHAMPION, version="1")
    first = replace(GO, version="1", at=NOON - 30 * DAY, record=3)
    decided = [first, replace(GO, at=NOON)]
    soon = reconcile(old, decided, since("live"), NOON + GRACE, "Screening")
    late = reconcile(old, decided, since("live"), NOON + GRACE + DAY, "Screening")
    assert (soon.verdict, late.verdict) == (Verdict.NOT_DUE, Verdict.UNMET)
    assert late.sentence == (
        "The gate to live let version 2 through on 19 Nov 2026; @champion of screening still "
        "points to version 1, 8 days later."
    )
    assert late.records == (31, 40)
    assert verdict(CHAMPION, *decided, days=9) is Verdict.MET


def test_a_version_let_into_live_of_which_nothing_tells_is_missing_after_the_grace() -> None:
    soon, late = waiting("x", [GO], GO.at + GRACE), waiting("x", [GO], GO.at + GRACE + DAY)
    assert soon is not None
    assert soon.verdict is Verdict.NOT_DUE
    assert late is not None
    assert late.verdict is Verdict.MISSING
    assert waiting("x", [replace(GO, stage="canary")], NOON) is None
    assert waiting("x", [replace(GO, outcome="kill")], NOON) is None


DECIDED = st.lists(
    st.builds(
        Decided,
        version=st.sampled_from(["1", "2", "3"]),
        stage=st.sampled_from(STAGES),
        stages=st.just(STAGES),
        outcome=st.sampled_from(["go", "go_with_conditions", "hold", "recycle", "kill"]),
        at=st.integers(-20, 0).map(lambda days: NOON + days * DAY),
    ),
    unique_by=lambda one: (one.version, one.stage),
)


@given(DECIDED)
def test_it_is_met_exactly_when_a_go_reaches_the_stage_and_no_newer_one_waits(
    decided: list[Decided],
) -> None:
    goes = [one for one in decided if one.is_go and one.stage == "live"]
    mine = [one for one in goes if one.version == "2"]
    newer = [one for one in goes if one.version != "2" and mine and one.at > mine[0].at]
    assert (verdict(CHAMPION, *decided, days=0) is Verdict.MET) == (bool(mine) and not newer)


@given(DECIDED)
def test_a_decision_that_falls_silent_never_calms_an_alarm_about_what_no_gate_let_through(
    decided: list[Decided],
) -> None:
    if verdict(CHAMPION, *decided, days=0) is Verdict.UNMET:
        for place in range(len(decided)):
            rest = [*decided[:place], *decided[place + 1 :]]
            silent = verdict(CHAMPION, *rest, days=0)
            passed = any(one.is_go and one.stage == "live" and one.version == "2" for one in rest)
            assert silent is not Verdict.MET or passed


def test_what_served_before_there_was_a_gate_is_no_alarm_until_a_gate_decides_on_it() -> None:
    late = since("live", days=1)
    found = reconcile(CHAMPION, [], late, NOON + 2 * DAY, "Screening")
    assert found.verdict is Verdict.NOT_APPLICABLE
    assert "before there was a gate" in found.sentence
    held = replace(GO, outcome="hold", at=NOON + 2 * DAY)
    assert reconcile(CHAMPION, [held], late, NOON + 3 * DAY, "Screening").verdict is Verdict.UNMET
    moved = replace(CHAMPION, after=NOON + DAY, by=NOON + 2 * DAY)
    assert reconcile(moved, [], late, NOON + 3 * DAY, "Screening").verdict is Verdict.UNMET
