"""The pages of standing orders: ordering, looking at a draft, sending it, ending an order."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import Cast
from tests.domain.assessments.fraud import a_judged_program
from tests.doors import browser_of

from headway import clock
from headway.domain.accounts.queries import headway_actor
from headway.domain.reports.models import Report
from headway.domain.sharing.actions import run_orders
from headway.domain.sharing.models import Dispatch, StandingOrder

pytestmark = pytest.mark.django_db

PAGE = "/w/acme/programs/fraud/reports/orders/"
SENT = {
    "name": "Monday pack",
    "audiences": ["executive"],
    "formats": ["pdf"],
    "recipients": "Ines Okafor <ines@example.com>",
    "rhythm": "weekly",
    "on_day": "0",
    "hour": "08:00",
}


def test_an_order_is_given_its_draft_looked_at_sent_and_the_order_ended(cast: Cast) -> None:
    a_judged_program(cast)
    mia = browser_of(cast.mia)
    assert "No pack goes out by itself." in mia.get(PAGE).content.decode()
    assert mia.post(f"{PAGE}new/", SENT).status_code == 302
    due = StandingOrder.objects.get().next_at
    run_orders(headway_actor(cast.acme.id), max(clock.now(), due - timedelta(days=1)))
    Dispatch.objects.update(composed_at=clock.now() - timedelta(hours=1))
    assert "1 draft waits for a word." in mia.get(PAGE).content.decode()
    draft = f"{PAGE}drafts/{Dispatch.objects.get().id}/"
    page = mia.get(draft).content.decode()
    assert "Freeze and send it" in page
    assert "Ines Okafor" in page
    assert "Freeze and send it" not in browser_of(cast.vera).get(draft).content.decode()
    assert mia.post(f"{draft}send/", {"reason": ""}).status_code == 302
    assert Report.objects.get().number == 1
    assert "as report 1" in mia.get(draft).content.decode()
    listed = browser_of(cast.vera).get(PAGE).content.decode()
    assert "Monday pack, report 1" in listed
    assert "ines@example.com" not in listed
    assert mia.post(f"{PAGE}{StandingOrder.objects.get().id}/end/").status_code == 302
    assert "ended" in mia.get(PAGE).content.decode()


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"recipients": "nobody"}, {"on_day": "9"}, {"audiences": ["press"]}]
)
def test_what_is_wrong_is_said_and_orders_nothing(cast: Cast, wrong: dict[str, object]) -> None:
    a_judged_program(cast)
    response = browser_of(cast.mia).post(f"{PAGE}new/", {**SENT, **wrong})
    assert response.status_code == 422
    assert not StandingOrder.objects.exists()
