"""A waiver is a debt with an end: what the rules allow, and how it stands on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.domain.gates.rules.decisions import SeenLine
from headway.domain.gates.rules.waivers import (
    Debt,
    GrantedWaiver,
    Limits,
    check_waiver,
    debt_of,
    read_records,
    read_waiver,
    standing_of,
)
from headway.errors import Conflict, HeadwayError, Invalid, Refused

TODAY = date(2026, 11, 23)
ID = UUID(int=0)
LIMITS = Limits(most=2, days=30)
ASKED = {"requirement": "card", "owner": "dana", "reason": "The card is being written."}
CARD = SeenLine("card", "Model card", "missing", holds=False)
HELD = GrantedWaiver(
    ID, ID, ID, "drill", "dana", "No drill yet.", (), TODAY + timedelta(days=20),
    datetime(2026, 11, 1, tzinfo=UTC), "Mia", None, 7, 1,
)  # fmt: skip


@given(st.integers(-400, 400))
def test_a_waiver_ends_after_today_and_within_the_limit(days: int) -> None:
    until = TODAY + timedelta(days=days)
    values = {**ASKED, "until": until.isoformat()}
    if 0 < days <= LIMITS.days:
        assert read_waiver(values, TODAY, LIMITS).until == until
    else:
        with pytest.raises(Invalid):
            read_waiver(values, TODAY, LIMITS)


@given(st.integers(-60, 60))
def test_it_is_laid_over_its_requirement_up_to_its_last_day(days: int) -> None:
    today = HELD.until + timedelta(days=days)
    assert HELD.holds_on(today) == (days <= 0)
    assert HELD.state(today) == ("expired" if days > 0 else "expiring" if days >= -14 else "open")
    revoked = replace(HELD, revoked_at=HELD.granted_at)
    assert revoked.state(today) == "revoked"
    assert not revoked.holds_on(today)


@pytest.mark.parametrize("missing", ["owner", "reason", "until"])
def test_it_has_an_owner_a_reason_and_an_end(missing: str) -> None:
    with pytest.raises(Invalid):
        read_waiver({**ASKED, "until": "2026-12-01", missing: ""}, TODAY, LIMITS)


@pytest.mark.parametrize(
    ("line", "standing", "error", "words"),
    [
        (None, [], Invalid, "no requirement 'card'"),
        (replace(CARD, is_waivable=False), [], Refused, "may not be set aside"),
        (replace(CARD, verdict="met", holds=True), [], Conflict, "nothing to waive"),
        (CARD, [replace(HELD, requirement="card")], Conflict, "waived already"),
        (CARD, [HELD, replace(HELD, requirement="cost")], Refused, "rules allow 2"),
    ],
)
def test_what_the_rules_forbid_is_refused(
    line: SeenLine | None,
    standing: list[GrantedWaiver],
    error: type[HeadwayError],
    words: str,
) -> None:
    draft = read_waiver({**ASKED, "until": "2026-12-01"}, TODAY, LIMITS)
    with pytest.raises(error, match=words):
        check_waiver(draft, line, standing, LIMITS, TODAY)


def test_an_expired_one_leaves_room_for_another() -> None:
    draft = read_waiver({**ASKED, "until": "2026-12-01"}, TODAY, LIMITS)
    past = replace(HELD, until=TODAY - timedelta(days=1))
    check_waiver(draft, CARD, [past, past], LIMITS, TODAY)


def test_the_debt_is_counted_by_how_it_stands() -> None:
    soon = replace(HELD, until=TODAY)
    past = replace(HELD, until=TODAY - timedelta(days=1))
    paid = replace(HELD, revoked_at=HELD.granted_at)
    shown = replace(CARD, verdict="met", holds=True)
    found = [(HELD, CARD), (soon, None), (past, CARD), (paid, CARD), (past, shown), (HELD, shown)]
    states = [standing_of(one, line, TODAY) for one, line in found]
    assert states == ["open", "expiring", "expired", "revoked", "paid", "paid"]
    debt = debt_of(states)
    assert (debt, debt.owed) == (Debt(1, 1, 1), 2)


def test_records_are_numbers() -> None:
    assert read_records("compensating", "#12, 9,") == [9, 12]
    assert read_records("compensating", [3, 3]) == [3]
    for bad in ("twelve", [0], [-1], "9" * 20, [1] * 51, {"a": 1}):
        with pytest.raises(Invalid):
            read_records("compensating", bad)
