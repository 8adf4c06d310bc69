"""Pages of costs: the answer first, a bill looked at before it is brought, a rule tried first."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.cast import AT, Cast
from tests.connectors.focus import bills
from tests.doors import browser_of

from headway.domain.costs.queries import allocation_rules, bill_lines
from headway.domain.programs.actions import create_program, create_project

MONEY = "/w/acme/money/"


@pytest.fixture(autouse=True)
def fraud(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud"}, AT)
    create_project(cast.mia, "fraud", {"name": "Scores"}, AT)


def a_file(*rows: list[str]) -> SimpleUploadedFile:
    return SimpleUploadedFile("../<b>bill.csv", bills.table(rows))


def test_a_bill_is_looked_at_then_brought_placed_and_shown(cast: Cast) -> None:
    mia = browser_of(cast.mia)
    assert "No bill was brought yet" in mia.get(MONEY + "costs/").content.decode()
    rows = [bills.focus_row("10", "4", tags={"team": "a"}), bills.focus_row("NaN")]
    looked = mia.post(MONEY + "bring-bill/", {"file": a_file(*rows), "look": "yes"})
    text = looked.content.decode()
    assert "1 rows of FOCUS 1.0 would count, 1 would not" in text
    assert "BilledCost ‘NaN’ is not a number" in text
    assert bill_lines(cast.vera) == []
    mia.post(MONEY + "bring-bill/", {"file": a_file(*rows)})
    record = bill_lines(cast.vera)[0].record
    values = {
        "key": "team-a", "name": "Team A", "conditions": "tag:team = a", "shares": "scores 1",
        "order": "100",
    }  # fmt: skip
    tried = mia.post(MONEY + "new-allocation-rule/", {**values, "try": "yes"}).content.decode()
    assert "It would place 1 of 1 kinds of charges that fit" in tried
    assert allocation_rules(cast.vera) == []
    saved = mia.post(MONEY + "new-allocation-rule/", values)
    assert saved.status_code == 302
    page = browser_of(cast.vera).get(MONEY + "costs/").content.decode()
    assert "USD 4.00 used up in September 2026." in page
    assert "<svg" in page
    assert "Scores" in page
    billed = browser_of(cast.vera).get(MONEY + "costs/?measure=billed&by=service").content.decode()
    assert "USD 10.00 billed in September 2026" in billed
    bill = browser_of(cast.vera).get(f"{MONEY}bills/{record}/").content.decode()
    assert re.search(r"USD\s10.00 billed; USD\s4.00 used up", bill)
    assert "&lt;b&gt;bill.csv" in bill
    for page in ("bills/", "allocation/", "unit-costs/", "allocation/team-a/edit/"):
        assert mia.get(MONEY + page).status_code == 200


def test_what_is_no_bill_is_said_beside_the_file(cast: Cast) -> None:
    said = browser_of(cast.bob).post(MONEY + "bring-bill/", {"file": a_file()})
    assert said.status_code == 422
    assert "has a header and no rows" in said.content.decode()
