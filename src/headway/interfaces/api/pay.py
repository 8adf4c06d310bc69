"""The rate card, and pay of single persons by the function 'pay'."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from ninja import Query, Router
from pydantic import BaseModel, ConfigDict, Field

from headway.domain.accounts.rules import Permission
from headway.domain.people.actions.pay import set_pay, set_rate_card
from headway.domain.people.queries import person_named, rate_card
from headway.domain.people.queries.pay import pay_of, totals_of
from headway.domain.people.rules.ladder import RateCardFacts
from headway.domain.people.rules.pay import PayFacts, PayTotal
from headway.errors import NotFound
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.etags import edit, edit_or_create
from headway.interfaces.api.operations import operation
from headway.interfaces.api.paging import Asked, AskedAt, At, Page, page_of

router = Router(tags=["People"])


class PayBody(Given):
    """What somebody is paid from a day on: amount as decimal text, and its currency."""

    basis: Literal["year", "hour"] | None = None
    amount: Annotated[str, Field(max_length=40)] | None = None
    currency: Annotated[str, Field(max_length=3)] | None = None


class BandBody(BaseModel):
    """A level of the rate card: base pay of a full-time year, as decimal text."""

    model_config = ConfigDict(extra="forbid")

    id: str
    low: str
    median: str
    high: str
    years: str = ""
    titles: list[str] = []
    open_ended: bool = False


class RateCardBody(Given):
    """The rate card; bands and roles replace what was there."""

    bands: Annotated[list[BandBody], Field(max_length=50)] | None = None
    roles: dict[str, str] | None = None
    on_cost: str | None = None
    hours: int | None = None
    currency: str | None = None
    year: int | None = None
    source: str | None = None


@operation(router, "GET", "/rate-card", Permission.VIEW, RateCardFacts)
def read_rate_card(request: ApiRequest, asked: Query[At]) -> RateCardFacts:
    """Read what a year of each level is paid, with its source; version 0 is the shipped one."""
    return rate_card(request.auth, asked.moment(request))


@operation(router, "PUT", "/rate-card", Permission.PROGRAM, RateCardFacts)
def put_rate_card(request: ApiRequest, body: RateCardBody) -> RateCardFacts:
    """Edit or replace the rate card."""
    actor, at = request.auth, request.now

    def write(version: int) -> RateCardFacts:
        return set_rate_card(actor, body.given(), at, version=version or None)

    return edit(request, lambda: rate_card(actor), write)


@operation(router, "GET", "/pay-totals", Permission.VIEW, Page[PayTotal])
def list_pay_totals(request: ApiRequest, asked: Query[AskedAt]) -> Page[PayTotal]:
    """List what people cost a year by role, with on-cost; nothing that tells a single pay."""
    moment = asked.moment(request)
    found = totals_of(request.auth, (moment or request.now).date(), moment)
    return page_of(found, lambda row: f"{row.currency}/{row.is_all:d}/{row.role}", asked)


@operation(router, "GET", "/people/{key}/pay", Permission.VIEW, Page[PayFacts])
def list_pay(request: ApiRequest, key: str, asked: Query[Asked]) -> Page[PayFacts]:
    """List what somebody is paid, by day; with the function 'pay' only."""
    return page_of(pay_of(request.auth, key), lambda row: row.since.isoformat(), asked)


@operation(router, "PUT", "/people/{key}/pay/{since}", Permission.VIEW, PayFacts)
def put_pay(request: ApiRequest, key: str, since: date, body: PayBody) -> PayFacts:
    """Say what somebody is paid from a day on; with the function 'pay' only."""
    actor, at = request.auth, request.now
    person_named(actor, key)

    def read() -> PayFacts:
        for row in pay_of(actor, key):
            if row.since == since:
                return row
        sentence = f"Nothing is said of the pay of '{key}' from {since} on."
        raise NotFound(sentence)

    def write(version: int | None) -> PayFacts:
        return set_pay(actor, key, since, body.given(), at, version=version)

    return edit_or_create(request, read, write)
