"""Credits by the terms of a contract, and what vendors are compared by."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.vendors.rules.test_contracts import BASE
from tests.domain.vendors.rules.test_matching import FEE, ORDER, a_receipt

from headway.domain.vendors.rules import ReceiptFacts, SlaTerm
from headway.domain.vendors.rules.credits import Measured, credits_of, record_of

LATE = SlaTerm("late", "On its day", "late", 3, 0.02, 0.1)
ACCEPTED = SlaTerm("accepted", "Accepted", "accepted", 0.95, 0.05, 0.05)
KAPPA = SlaTerm("kappa", "Agreement", "kappa", 0.8, 0.1)
DUE_DAY = date(2026, 10, 30)
DUE = replace(ORDER, needed_by=DUE_DAY)


def came(day: date, delivered: float = 100, accepted: float | None = 100) -> ReceiptFacts:
    return replace(a_receipt(delivered, accepted), received_on=day)


def credit(term: SlaTerm, *receipts: ReceiptFacts, measured: tuple[Measured, ...] = ()) -> Decimal:
    found = credits_of(replace(BASE, sla=(term,)), DUE, receipts, measured)
    return sum((one.amount for one in found), Decimal(0))


@pytest.mark.parametrize(
    ("day", "share"),
    [
        (date(2026, 10, 30), "0"),
        (date(2026, 11, 2), "0"),  # the last day of grace
        (date(2026, 11, 3), "0.02"),
        (date(2026, 11, 9), "0.02"),
        (date(2026, 11, 10), "0.04"),
        (date(2027, 11, 10), "0.1"),  # never more than agreed
    ],
)
def test_each_week_begun_late_gives_a_share_of_what_came_late(day: date, share: str) -> None:
    on_time = came(date(2026, 10, 29))
    assert credit(LATE, on_time, came(day)) == Decimal(2000) * Decimal(share)


def test_too_little_that_could_be_accepted_gives_a_share_of_what_was() -> None:
    found = credits_of(replace(BASE, sla=(ACCEPTED,)), DUE, [came(date(2026, 10, 1), 100, 90)])
    assert found[0].amount == Decimal(90)  # 90 labels at 20, five percent of it
    assert found[0].sentence == ("90.0% of what was delivered could be accepted; 95.0% was agreed.")
    assert found[0].receipts == ("r1",)
    assert credit(ACCEPTED, came(date(2026, 10, 1), 100, 95)) == 0
    assert credit(ACCEPTED, came(date(2026, 10, 1), 100, None)) == 0, "nobody judged it yet"


def test_the_newest_record_of_a_metric_speaks() -> None:
    got = came(date(2026, 10, 1))
    poor, fine = Measured("kappa", 0.7, 5), Measured("kappa", 0.85, 9)
    assert credit(KAPPA, got, measured=(poor,)) == 200
    assert credit(KAPPA, got, measured=(fine, poor)) == 0
    assert credit(KAPPA, got, measured=(Measured("alpha", 0.1, 5),)) == 0
    found = credits_of(replace(BASE, sla=(KAPPA,)), DUE, [got], [poor])
    assert found[0].records == (5,)


@given(
    st.lists(
        st.tuples(st.dates(date(2026, 1, 1), date(2028, 1, 1)), st.integers(0, 500)), max_size=6
    )
)
def test_a_credit_never_exceeds_what_was_agreed_of_what_came(
    rows: list[tuple[date, int]],
) -> None:
    receipts = [came(day, units, units) for day, units in rows]
    value = sum((Decimal(units) * 20 for _, units in rows), Decimal(0))
    assert 0 <= credit(LATE, *receipts) <= value / 10


def test_an_order_without_a_day_cannot_be_late() -> None:
    found = credits_of(replace(BASE, sla=(LATE,)), ORDER, [came(date(2030, 1, 1))])
    assert found == []


def test_vendors_are_compared_by_what_is_known_and_nothing_else() -> None:
    receipts = [came(date(2026, 10, 1), 100, 90), came(date(2026, 12, 1), 100, None)]
    found = record_of([DUE], {DUE.id: receipts}, [True, False, True])
    assert (found.receipts, found.on_time, found.accepted) == (2, 0.5, 0.9)
    assert found.matched == pytest.approx(2 / 3)
    assert found.unit_costs == (("label", "USD", Decimal("20.0000")),)
    nothing = record_of([FEE], {}, [])
    assert (nothing.on_time, nothing.matched, nothing.accepted) == (None, None, None)
    assert nothing.sentence == "Nothing came and nothing was billed yet."
