from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.analysis.verdicts import Verdict
from headway.domain.vendors.rules import ContractFacts, lapsing, standing_of
from headway.domain.vendors.rules.contracts import (
    present_end,
    read_documents,
    read_sla,
    require_term,
    why_no_order,
)
from headway.domain.vendors.rules.evidence import WantedEvidence, open_without
from headway.errors import Invalid

ID = UUID(int=1)
BASE = ContractFacts(
    ID, ID, ID, "acme", "Acme", None, "frame", "Frame", date(2026, 1, 1), date(2026, 12, 31),
    "none", None, "USD", Decimal(1000), "signed", (), (), (), False, 1,
)  # fmt: skip
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("change", "state", "says"),
    [
        ({"state": "draft"}, "draft", "Not signed"),
        ({"starts": date(2027, 1, 1)}, "ahead", "begins on 1 Jan 2027"),
        ({"ends": None}, "running", "until notice"),
        ({"ends": date(2026, 11, 22)}, "expired", "ended on 22 Nov 2026"),
        ({"ends": date(2026, 11, 23)}, "lapsing", "0 days"),
        ({"ends": date(2027, 11, 23)}, "running", "365 days"),
        ({"renewal": "automatic", "notice_days": 30}, "notice", "Notice by 1 Dec 2026 (8 days)"),
        ({"renewal": "automatic", "notice_days": 60}, "running", "renews after 31 Dec 2026"),
        ({"renewal": "option", "notice_days": 60}, "lapsing", "option is over"),
    ],
)
def test_a_contract_stands_as_its_term_says_on_a_day(
    change: dict[str, object], state: str, says: str
) -> None:
    found = standing_of(replace(BASE, **change), Decimal(0), TODAY)  # type: ignore[arg-type]
    assert (found.state, says in found.sentence) == (state, True), found.sentence


def test_notice_given_on_its_last_day_leaves_so_many_whole_days_to_the_end() -> None:
    found = standing_of(replace(BASE, renewal="automatic", notice_days=30), Decimal(0), TODAY)
    assert found.notice_on == date(2026, 12, 1)
    assert found.ends is not None
    assert (found.ends - found.notice_on).days == 30


def test_orders_above_the_cap_are_marked_with_how_much() -> None:
    found = standing_of(BASE, Decimal("1250.50"), TODAY)
    assert found.cap_used == pytest.approx(1.2505)
    assert "250.50 USD" in found.over_cap
    assert standing_of(BASE, Decimal(1000), TODAY).over_cap == ""


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 900), st.integers(0, 20_000))
def test_an_automatic_renewal_ends_on_or_after_today_and_within_a_term(
    starts: date, days: int, later: int
) -> None:
    ends, today = starts + timedelta(days=days), starts + timedelta(days=later)
    found = present_end(starts, ends, "automatic", today)
    assert found is not None
    assert found >= min(today, ends) or (today - starts).days / (days + 1) > 200
    assert found == ends or (found - today).days <= days + 31


def test_a_yearly_contract_renews_by_the_year_whatever_its_days() -> None:
    found = present_end(date(2023, 1, 1), date(2023, 12, 31), "automatic", date(2024, 12, 31))
    assert found == date(2024, 12, 31)
    assert present_end(date(2024, 1, 1), date(2024, 1, 31), "automatic", date(2024, 2, 29)) == date(
        2024, 2, 29
    )


def test_what_lapses_first_stands_first_and_a_signed_one_only() -> None:
    soon = replace(BASE, key="soon", ends=date(2026, 11, 30))
    notice = replace(BASE, key="notice", renewal="automatic", notice_days=30)
    draft = replace(BASE, key="draft", state="draft", ends=date(2026, 11, 24))
    late = replace(BASE, key="late", ends=date(2027, 6, 1))
    rows = [standing_of(one, Decimal(0), TODAY) for one in (late, draft, notice, soon)]
    found = lapsing(rows, TODAY)
    assert [one.contract.key for one in found] == ["soon", "notice"]
    assert found[0].sentence == "Ends on 30 Nov 2026, in 7 days."
    assert found[1].sentence == "Last day for notice on 1 Dec 2026, in 8 days."


@pytest.mark.parametrize(
    "sla",
    [
        "late",
        [{"metric": "late"}],
        [{"metric": "late", "bound": float("nan"), "credit": 0.1}],
        [{"metric": "late", "bound": 0, "credit": 1.5}],
        [{"metric": "late", "bound": 0, "credit": 0.1, "color": "red"}],
        [{"metric": "late", "bound": 0, "credit": 0.1}] * 2,
        [{"metric": "late", "bound": 0, "credit": 0.1}] * 21,
    ],
)
def test_a_promise_that_cannot_be_worked_out_is_refused(sla: object) -> None:
    with pytest.raises(Invalid):
        read_sla("sla", sla)


@pytest.mark.parametrize("url", ["http://x.org", "javascript:alert(1)", 'https://x"onload', ""])
def test_a_document_is_an_https_address(url: str) -> None:
    with pytest.raises(Invalid):
        read_documents("documents", [{"name": "x", "url": url}])


@pytest.mark.parametrize(
    "term",
    [
        (date(2026, 2, 1), date(2026, 1, 1), "none", None),
        (date(2026, 2, 1), None, "automatic", 30),
        (date(2026, 2, 1), date(2026, 3, 1), "option", None),
    ],
)
def test_a_term_that_makes_no_sense_is_refused(
    term: tuple[date, date | None, str, int | None],
) -> None:
    with pytest.raises(Invalid):
        require_term(*term)


def test_nothing_new_is_ordered_under_a_contract_that_is_over() -> None:
    fixed = replace(BASE, renewal="none", ends=date(2026, 12, 31))
    assert why_no_order(fixed, date(2026, 12, 31)) == ""
    assert "ended on 31 Dec 2026" in why_no_order(fixed, date(2027, 1, 1))
    assert why_no_order(replace(fixed, renewal="automatic"), date(2027, 1, 1)) == ""
    assert "was ended" in why_no_order(replace(fixed, state="ended"), date(2026, 1, 1))


def test_evidence_that_does_not_hold_is_said_while_an_order_is_open() -> None:
    stale = WantedEvidence("dpa", "Data processing agreement", Verdict.STALE, "It ended.")
    spared = WantedEvidence("x", "X", Verdict.NOT_APPLICABLE, "No data leaves.")
    said = open_without([stale, spared], 2)
    assert said.startswith("2 orders are open and this does not hold: Data processing agreement (")
    assert open_without([stale], 0) == open_without([spared], 3) == ""
