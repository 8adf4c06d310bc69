from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from tests.cast import AT, Cast

from headway.domain.evidence.actions import record_evidence
from headway.domain.finance.actions import (
    remove_exchange_rate,
    restore_accrual,
    restore_exchange_rate,
    reverse_accrual,
    set_accrual,
    set_exchange_rate,
    set_money_rules,
)
from headway.domain.finance.queries import (
    accrual_named,
    actuals_of,
    costs_by_program,
    exchange_rates,
    money_rules,
)
from headway.domain.finance.rules import Costs
from headway.domain.programs.actions import create_program, create_project
from headway.domain.programs.models import Program
from headway.domain.programs.queries import program_named, projects_by_program
from headway.domain.vendors.models import Contract, PurchaseOrder, Vendor
from headway.errors import Conflict, Invalid, NotFound, Refused
from headway.observation import Observation, SubjectRef

LATER = AT + timedelta(days=7)
OWED = {"month": "2026-10", "amount": "1200.50", "reason": "October's labels", "project": "scores"}
EUR = ("EUR", "USD", date(2026, 10, 1))


@pytest.fixture(autouse=True)
def fraud(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud"}, AT)
    create_project(cast.mia, "fraud", {"name": "Scores"}, AT)


def _costs(cast: Cast, at: datetime | None = None) -> Costs:
    program = program_named(cast.vera, "fraud")
    projects = projects_by_program(cast.vera, [program])
    return costs_by_program(cast.vera, [program], projects, at)[program.id]


def _spend(cast: Cast, amount: str, currency: str, end: date) -> None:
    payload = {
        "amount": amount,
        "currency": currency,
        "category": "annotation",
        "description": "",
        "period_start": end.replace(day=1).isoformat(),
        "period_end": end.isoformat(),
    }
    when = datetime.combine(end, datetime.min.time(), UTC)
    seen = Observation(
        SubjectRef("project", "scores"), "cost", "tests", when, payload, project="scores"
    )
    record_evidence(cast.alice, [seen], AT)


def _order(cast: Cast, amount: int, currency: str = "USD", state: str = "open") -> None:
    vendor, _ = Vendor.objects.get_or_create(workspace=cast.acme, key="b", name="Vendor B")
    contract = Contract.objects.create(
        workspace=cast.acme,
        vendor=vendor,
        key=f"c{amount}",
        name="Labels",
        starts=AT.date(),
        currency=currency,
    )
    PurchaseOrder.objects.create(
        workspace=cast.acme,
        contract=contract,
        program=Program.objects.get(slug="fraud"),
        key=f"po-{amount}",
        name="Labels",
        category="annotation",
        amount_minor=amount * 100,
        ordered_on=date(2026, 10, 5),
        state=state,
    )


def test_an_accrual_counts_until_its_invoice_comes(cast: Cast) -> None:
    made = set_accrual(cast.mia, ("fraud", ""), OWED, AT)
    assert (made.key, made.amount, made.currency) == ("october-s-labels", Decimal("1200.50"), "USD")
    assert _costs(cast).accrued == Decimal("1200.50")
    reverse_accrual(cast.mia, ("fraud", made.key), "INV-7", LATER.date(), LATER)
    assert _costs(cast).accrued == 0
    assert _costs(cast, AT).accrued == Decimal("1200.50")
    with pytest.raises(Conflict, match="reversed on"):
        set_accrual(cast.mia, ("fraud", made.key), {"amount": 5}, LATER)
    back = restore_accrual(cast.mia, ("fraud", made.key), 1, LATER)
    assert back.is_open
    program = program_named(cast.vera, "fraud")
    assert accrual_named(cast.vera, program, made.key).version == 3


def test_what_is_accrued_of_an_order_is_not_committed_as_well(cast: Cast) -> None:
    _order(cast, 5_000)
    _order(cast, 70, state="cancelled")
    assert _costs(cast).committed == 5_000
    set_accrual(cast.mia, ("fraud", ""), {**OWED, "order": "po-5000"}, AT)
    found = _costs(cast)
    assert found.accrued + found.committed == 5_000
    with pytest.raises(Invalid, match="no purchase order 'po-1'"):
        set_accrual(cast.mia, ("fraud", ""), {**OWED, "order": "po-1"}, AT)


def test_another_currency_is_converted_at_its_own_day_or_stands_apart(cast: Cast) -> None:
    _spend(cast, "100.00", "USD", date(2026, 9, 30))
    _spend(cast, "100.00", "EUR", date(2026, 9, 30))
    _spend(cast, "200.00", "EUR", date(2026, 10, 31))
    _order(cast, 300, "EUR")
    set_accrual(cast.mia, ("fraud", ""), {**OWED, "amount": 10, "currency": "EUR"}, AT)
    before = _costs(cast)
    assert before.actuals.total == 100
    assert before.apart == {"EUR": 610}
    set_exchange_rate(cast.mia, EUR, {"rate": "1.0801", "source": "ECB"}, AT)
    found = _costs(cast)
    assert found.actuals.total == Decimal("316.02")
    assert (found.committed, found.accrued) == (Decimal("324.03"), Decimal("10.80"))
    assert found.apart == {"EUR": 100}, "no rate was there in September"
    (converted,) = [row.converted for row in found.actuals.rows if row.converted]
    assert (converted.original, converted.rate, converted.rate_day) == (
        200,
        Decimal("1.0801"),
        EUR[2],
    )
    assert actuals_of(cast.vera, program_named(cast.vera, "fraud")).total == Decimal("316.02")


def test_a_rate_is_changed_removed_and_comes_back(cast: Cast) -> None:
    set_exchange_rate(cast.mia, EUR, {"rate": "1.08", "source": "ECB"}, AT)
    set_exchange_rate(cast.mia, EUR, {"rate": "1.09"}, LATER, version=1)
    with pytest.raises(Conflict):
        set_exchange_rate(cast.mia, EUR, {"rate": "1.10"}, LATER, version=1)
    remove_exchange_rate(cast.mia, EUR, LATER)
    assert not exchange_rates(cast.vera)
    assert exchange_rates(cast.vera, AT)[0].rate == Decimal("1.08")
    assert restore_exchange_rate(cast.mia, EUR, 2, LATER).rate == Decimal("1.09")
    with pytest.raises(NotFound):
        remove_exchange_rate(cast.mia, ("EUR", "USD", date(2020, 1, 1)), LATER)


@pytest.mark.parametrize(
    ("pair", "rate", "said"),
    [
        (("EUR", "EUR", EUR[2]), "1", "always 1"),
        (("euro", "USD", EUR[2]), "1", "three capitals"),
        (EUR, "0", "above 0"),
        (EUR, "1.0000000001", "nine decimals"),
        (EUR, "inf", "not an amount"),
    ],
)
def test_a_rate_that_is_none_is_refused(
    cast: Cast, pair: tuple[str, str, date], rate: str, said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        set_exchange_rate(cast.mia, pair, {"rate": rate, "source": "ECB"}, AT)


def test_a_workspace_says_when_its_year_begins(cast: Cast) -> None:
    assert money_rules(cast.vera).fiscal_start == 1
    set_money_rules(cast.mia, {"fiscal_start": 7}, AT)
    assert money_rules(cast.vera).fiscal_start == 7
    assert money_rules(cast.charlie).fiscal_start == 1
    with pytest.raises(Invalid, match="from 1 to 12"):
        set_money_rules(cast.mia, {"fiscal_start": 13}, AT)


def test_strangers_and_contributors_write_nothing(cast: Cast) -> None:
    with pytest.raises(Refused):
        set_accrual(cast.bob, ("fraud", ""), OWED, AT)
    with pytest.raises(NotFound):
        set_accrual(cast.charlie, ("fraud", ""), OWED, AT)
    with pytest.raises(Refused):
        set_exchange_rate(cast.bob, EUR, {"rate": 1, "source": "x"}, AT)
