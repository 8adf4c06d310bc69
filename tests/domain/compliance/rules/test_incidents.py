"""The clock of a serious incident: days of 24 hours, whatever summer time or February does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.analysis.verdicts import Verdict
from headway.domain.compliance.rules.incidents import (
    HARMS,
    IncidentFacts,
    check_step,
    clock_of,
    deadline_of,
    span,
)
from headway.errors import Conflict, Invalid

AWARE = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
HERE = uuid4()
SEEN = IncidentFacts(
    HERE, HERE, HERE, "missed", "Missed", "serious", "", AWARE, None, None, None, "", 1
)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("harm", "days"),
    [("serious", 15), ("death", 10), ("widespread", 2), ("critical_infrastructure", 2)],
)
def test_the_harm_sets_the_days(harm: str, days: int) -> None:
    deadline = deadline_of(harm, AWARE)
    assert deadline == AWARE + timedelta(days=days)
    held = replace(SEEN, harm=harm)
    assert clock_of(held, deadline).verdict is Verdict.NOT_DUE
    assert clock_of(held, deadline + MINUTE).verdict is Verdict.UNMET


@pytest.mark.parametrize(
    ("aware", "deadline"),
    [
        # Berlin sets its clocks back on 25 October 2026, forward on 28 March 2027.
        (datetime(2026, 10, 24, 12, tzinfo=ZoneInfo("Europe/Berlin")), "2026-10-26T10:00:00+00:00"),
        (datetime(2027, 3, 27, 12, tzinfo=ZoneInfo("Europe/Berlin")), "2027-03-29T11:00:00+00:00"),
        (datetime(2028, 2, 28, 8, tzinfo=UTC), "2028-03-01T08:00:00+00:00"),
        (datetime(2027, 2, 27, 8, tzinfo=UTC), "2027-03-01T08:00:00+00:00"),
    ],
    ids=["autumn", "spring", "leap year", "no leap year"],
)
def test_two_days_are_48_hours(aware: datetime, deadline: str) -> None:
    found = deadline_of("widespread", aware.astimezone(UTC))
    assert found == datetime.fromisoformat(deadline)


def test_an_incomplete_first_report_stops_the_clock() -> None:
    told = replace(SEEN, initial_at=AWARE + timedelta(days=14))
    assert clock_of(told, AWARE + timedelta(days=90)).verdict is Verdict.MET
    late = replace(SEEN, initial_at=AWARE + timedelta(days=16))
    found = clock_of(late, AWARE + timedelta(days=17))
    assert found.verdict is Verdict.UNMET
    assert found.sentence == "Reported 24 hours too late (15 days, Art. 73(2))."


def test_closing_without_a_report_says_why() -> None:
    closed = replace(SEEN, closed_at=AWARE + timedelta(days=1), closing="No harm came of it.")
    found = clock_of(closed, AWARE + timedelta(days=30))
    assert found.verdict is Verdict.NOT_APPLICABLE
    assert "No harm came of it." in found.sentence


@given(st.sampled_from(HARMS), st.timedeltas(timedelta(0), timedelta(days=40)), st.integers(0, 40))
def test_time_alone_never_meets_it(harm: str, after: timedelta, days: int) -> None:
    held = replace(SEEN, harm=harm)
    then = clock_of(held, AWARE + after + timedelta(days=days)).verdict
    assert then in (Verdict.NOT_DUE, Verdict.UNMET)
    if clock_of(held, AWARE + after).verdict is Verdict.UNMET:
        assert then is Verdict.UNMET


def test_a_step_is_taken_once_in_order_and_never_ahead_of_time() -> None:
    at = AWARE + timedelta(days=3)
    check_step(SEEN, "initial_report", at, at)
    check_step(SEEN, "final_report", at, at)
    with pytest.raises(Invalid, match="has not come yet"):
        check_step(SEEN, "initial_report", at + MINUTE, at)
    with pytest.raises(Invalid, match="before the step"):
        check_step(SEEN, "initial_report", AWARE - MINUTE, at)
    told = replace(SEEN, final_at=at)
    with pytest.raises(Conflict, match="past that"):
        check_step(told, "initial_report", at, at)
    with pytest.raises(Invalid, match="none of"):
        check_step(SEEN, "aware", at, at)
    with pytest.raises(Invalid, match="none of"):
        deadline_of("fire", AWARE)


def test_a_length_of_time_is_said_in_one_unit() -> None:
    assert span(timedelta(days=9, hours=5)) == "9 days"
    assert span(timedelta(hours=47)) == "47 hours"
    assert span(timedelta(minutes=119)) == "119 minutes"
    assert span(timedelta(seconds=60)) == "1 minute"
