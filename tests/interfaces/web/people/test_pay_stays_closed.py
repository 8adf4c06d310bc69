"""Pay of single persons, asked for at every door by everybody who has no business with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.test import Client
from tests.cast import AT, Cast, a_member, a_token
from tests.doors import browser_of

from headway.domain.accounts.models import AuditEntry, Member
from headway.domain.accounts.queries import actor_for_user
from headway.domain.accounts.rules import Actor, Function, Role, Scope
from headway.domain.people.actions import set_person
from headway.domain.people.actions.pay import remove_pay, set_pay
from headway.domain.people.models import Pay
from headway.domain.people.queries import cost_book, hourly_cost
from headway.domain.people.queries.pay import pay_of, totals_of
from headway.errors import Conflict, HeadwayError, NotFound, Refused

#: An amount that stands nowhere else, as minor units and as any page would write it.
AMOUNT = "187654.32"
FORMS = ("187654", "187,654", "187 654", "18765432", "135.53", "135,53")
DAY = date(2026, 1, 1)


@pytest.fixture
def paid(cast: Cast) -> Actor:
    """Put two people on the roster, one of them paid, and return who may see it."""
    for key in ("dana", "yuki"):
        values = {"name": key.title(), "role": "data scientist", "email": f"{key}@example.com"}
        set_person(cast.mia, key, values, AT)
    payer = a_member(cast.acme, "Pat", Role.VIEWER, functions=[Function.PAY])
    set_pay(payer, "dana", DAY, {"amount": AMOUNT, "currency": "USD"}, AT)
    return payer


def holds(content: bytes) -> list[str]:
    text = content.decode(errors="replace")
    return [form for form in FORMS if form in text]


ADDRESSES = (
    "/w/acme/people/",
    "/w/acme/people/dana/",
    "/w/acme/people/dana/pay/",
    "/w/acme/people/dana/edit/",
    "/w/acme/people/rates/",
    "/w/acme/roster.csv",
    "/w/acme/settings/audit/",
)
OPERATIONS = (
    "/people",
    "/people/dana",
    "/people/dana/pay",
    "/people/dana/pay/2026-01-01",
    "/pay-totals",
    "/rate-card",
    "/audit",
)


def test_no_page_tells_pay_to_who_has_the_role_and_not_the_function(
    cast: Cast, paid: Actor
) -> None:
    for who in (cast.alice, cast.mia, cast.vera, cast.vic, cast.charlie):
        browser = browser_of(who)
        for address in ADDRESSES:
            answer = browser.get(address)
            assert holds(answer.content) == [], (who.label, address)
        assert browser.get(ADDRESSES[2]).status_code in (403, 404)
        sent = {"since": "2026-01-01", "amount": "1", "basis": "year", "currency": "USD"}
        assert browser.post(ADDRESSES[2], sent).status_code in (403, 404)
        assert browser.post(ADDRESSES[2] + "2026-01-01/remove/").status_code in (403, 404)
    assert Pay.objects.get().amount_minor == 18_765_432


def test_no_operation_tells_pay_even_to_an_owners_token(cast: Cast, paid: Actor) -> None:
    tokens = [a_token(cast.alice, Scope.ADMIN), a_token(cast.mia), a_token(paid, Scope.READ)]
    for secret in tokens:
        client = Client(headers={"authorization": f"Bearer {secret}"})
        for path in OPERATIONS:
            answer = client.get(f"/api/v1{path}")
            assert holds(answer.content) == [], path
        assert client.get("/api/v1/people/dana/pay").status_code == 403
        body = {"amount": "1", "currency": "USD"}
        sent = client.put("/api/v1/people/dana/pay/2026-01-01", body, "application/json")
        assert sent.status_code == 403


def test_who_holds_the_function_sees_and_changes_it(cast: Cast, paid: Actor) -> None:
    browser = browser_of(paid)
    assert holds(browser.get("/w/acme/people/dana/").content) == ["187,654"]
    sent = {"since": "2026-03-01", "amount": "200000", "basis": "year", "currency": "USD"}
    assert browser.post("/w/acme/people/dana/pay/", sent).status_code == 302
    assert [str(one.since) for one in pay_of(paid, "dana")] == ["2026-03-01", "2026-01-01"]
    client = Client(headers={"authorization": f"Bearer {a_token(paid, Scope.ADMIN)}"})
    assert holds(client.get("/api/v1/people/dana/pay").content) == ["187654"]


def test_an_owner_gets_it_with_the_function_and_loses_it_with_it(cast: Cast, paid: Actor) -> None:
    with pytest.raises(Refused, match="function 'pay'"):
        pay_of(cast.alice, "dana")
    member = Member.objects.get(id=cast.alice.member_id)
    Member.objects.filter(id=member.id).update(functions=["pay"])
    assert pay_of(actor_for_user(member.user_id, "acme"), "dana")
    with pytest.raises(NotFound):
        pay_of(replace(cast.charlie, functions=frozenset({Function.PAY})), "dana")


def test_the_trail_says_that_pay_changed_and_never_to_what(cast: Cast, paid: Actor) -> None:
    set_pay(paid, "dana", DAY, {"amount": "187654.33", "currency": "USD"}, AT, version=1)
    with pytest.raises(Conflict) as stale:
        set_pay(paid, "dana", DAY, {"amount": "5", "currency": "USD"}, AT, version=1)
    remove_pay(paid, "yuki", DAY, AT) if pay_of(paid, "yuki") else None
    entries = AuditEntry.objects.filter(thing="pay of dana")
    assert entries.count() == 2
    trail = "".join(AuditEntry.objects.values_list("text", flat=True)) + str(stale.value)
    assert holds(trail.encode()) == []


def test_no_other_table_holds_it(cast: Cast, paid: Actor) -> None:
    """No history, no reply that is kept, no session."""
    client = Client(headers={"authorization": f"Bearer {a_token(paid, Scope.ADMIN)}"})
    body = {"amount": AMOUNT, "currency": "USD"}
    client.put("/api/v1/people/yuki/pay/2026-01-01", body, "application/json")
    found = [
        model._meta.label
        for model in apps.get_models()
        if holds(repr(list(model._default_manager.values_list())).encode())
    ]
    assert found == ["people.Pay"]


def test_a_wrong_amount_is_refused_without_saying_it(cast: Cast, paid: Actor) -> None:
    with pytest.raises(HeadwayError) as wrong:
        set_pay(paid, "dana", DAY, {"amount": f"-{AMOUNT}", "currency": "USD"}, AT)
    assert holds(str(wrong.value).encode()) == []


def test_an_hour_counts_by_role_for_who_may_not_see_pay(cast: Cast, paid: Actor) -> None:
    on = date(2026, 11, 23)
    assert hourly_cost(cast.alice, "dana", on).basis == "role rate"
    assert hourly_cost(paid, "dana", on).amount == Decimal("135.53")
    assert hourly_cost(paid, "dana", date(2025, 12, 31)).basis == "role rate"
    assert cost_book(cast.alice).pays == {}
    assert [one.amount for one in totals_of(cast.alice, on)] == [None, None]
    assert totals_of(paid, on)[-1].amount == Decimal("135.53") * 1800 + Decimal("97.50") * 1800


def test_pay_is_read_in_one_module() -> None:
    """Whoever imports the table elsewhere opens a door past the function."""
    from pathlib import Path

    import headway

    root = Path(headway.__file__).parent
    users = {
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        if "migrations" not in path.parts and "Pay.objects" in path.read_text("utf-8")
    }
    assert users == {"domain/people/queries/pay.py", "domain/people/actions/pay.py"}
