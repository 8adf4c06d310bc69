"""The pages of frameworks: what is held, how each control stands and why, and answering it."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from tests.cast import AT, Cast
from tests.domain.compliance.held import POLICY, hold_reader
from tests.doors import browser_of

from headway.domain.compliance.actions.frameworks import assign_pack

ALL = "/w/acme/governance/frameworks/"
ONE = f"{ALL}release-v1/system/reader/"
CONTROL = f"{ONE}controls/RP-2/"
WORD = {
    "answer": "met",
    "role": "legal",
    "link": "https://wiki.example/told",
    "done_on": "2026-11-20",
    "statement": "All four teams were told.",
}


@pytest.mark.django_db
def test_a_policy_is_written_assigned_answered_and_stated_without_leaving_the_pages(
    cast: Cast,
) -> None:
    hold_reader(cast)
    mia, ana = browser_of(cast.mia), browser_of(cast.ana)
    assert "1 of 2 controls are met" in mia.get(ALL).content.decode()
    page = ana.get(ONE).content.decode()
    assert "Nobody has answered for it yet." in page
    assert ana.post(f"{CONTROL}attest/", {**WORD, "link": ""}).status_code == 422
    assert ana.post(f"{CONTROL}attest/", WORD).status_code == 302
    page = ana.get(ONE).content.decode()
    assert "2 of 2 controls are met (1 by attestation alone)" in page
    assert "All four teams were told." in page
    said = {"way": "not_applicable", "reason": "Nobody depends on it."}
    assert ana.post(f"{CONTROL}applies/", said).status_code == 302
    page = mia.get(f"{ONE}statement/").content.decode()
    assert "1 of 2 controls apply, 1 does not" in page
    assert "Nobody depends on it. (Ana, " in page
    assert ana.post(f"{CONTROL}applies/restore/0/").status_code == 302
    assert "2 of 2 controls are met" in ana.get(ONE).content.decode()
    assert "mia@example.com" not in ana.get(ONE).content.decode()


@pytest.mark.django_db
def test_the_statement_is_handed_over_as_three_files_that_say_the_same(cast: Cast) -> None:
    hold_reader(cast)
    vera = browser_of(cast.vera)
    rows = list(csv.reader(io.StringIO(vera.get(f"{ONE}statement.csv").content.decode())))
    assert [row[:3] for row in rows[1:]] == [
        ["RP-1", "A rollback was tried", "yes"],
        ["RP-2", "Those who depend on it were told", "yes"],
    ]
    book = load_workbook(io.BytesIO(vera.get(f"{ONE}statement.xlsx").content))
    cells = [[cell.value for cell in row] for row in book["Controls"].iter_rows(min_row=2)]
    assert [row[:5] for row in cells] == [row[:5] for row in rows[1:]]
    text = vera.get(f"{ONE}statement.md").content.decode()
    assert "Those who depend on it were told" in text
    assert "1 of 2 controls are met" in text
    assert vera.get(f"{ONE}statement.pdf").status_code == 404


@pytest.mark.django_db
def test_a_superseded_framework_shows_its_successor_and_offers_no_assignment(cast: Cast) -> None:
    hold_reader(cast)
    mia = browser_of(cast.mia)
    page = mia.get(f"{ALL}sr-11-7/").content.decode()
    assert "superseded on 17 Apr 2026" in page.lower() or "Superseded on 17 Apr 2026" in page
    assert f"{ALL}sr-26-2/" in page
    assert "sr-11-7/assign/" not in page
    refused = mia.post(f"{ALL}sr-11-7/assign/", {"held": "system:reader"})
    assert refused.status_code == 422
    assert "sr-26-2" in refused.content.decode()
    moved = mia.get(f"{ALL}differences/?old=eu-ai-act-2024&new=eu-ai-act").content.decode()
    assert "0 added, 0 removed" in moved
    assert "2 Dec 2027" in moved


@pytest.mark.django_db
def test_a_policy_that_does_not_hold_says_each_fault_by_its_line_and_keeps_what_was_typed(
    cast: Cast,
) -> None:
    hold_reader(cast)
    mia = browser_of(cast.mia)
    wrong = POLICY.replace("kind: drill", "kind: dril").replace("RP-2", "RP/2")
    sent = {"text": wrong, "effective_from": "2026-12-01"}
    response = mia.post(f"{ALL}policies/release/new-version/", sent)
    assert response.status_code == 422
    page = response.content.decode()
    assert "line 6" in page
    assert "line 7" in page
    assert "RP/2" in page
    right = POLICY + "  - {id: RP-3, title: New}\n"
    sent["text"] = right
    assert mia.post(f"{ALL}policies/release/new-version/", sent).status_code == 302
    page = mia.get(f"{ALL}policies/release/").content.decode().replace("\xa0", " ")
    assert "Version 1 holds" in page
    assert "until 1 Dec 2026" in page
    changed = mia.get(f"{ALL}differences/?old=release-v1&new=release-v2").content.decode()
    assert "1 added, 0 removed, 0 changed" in changed
    assert ">Reader<" in changed
    assert "version 2 replaces it" in mia.get(ALL).content.decode()


@pytest.mark.django_db
def test_a_framework_of_94_controls_is_read_in_few_queries_and_filtered(cast: Cast) -> None:
    hold_reader(cast)
    assign_pack(cast.mia, ("eu-ai-act", "system", "reader"), AT)
    vera = browser_of(cast.vera)
    address = f"{ALL}eu-ai-act/system/reader/"
    with CaptureQueriesContext(connection) as asked:
        whole = vera.get(address).content.decode()
    assert len(asked) <= 40
    assert "94 of 94 controls" in whole
    assert "Not verified against the official text" in whole
    part = vera.get(f"{address}?verdict=missing&group=Annex+III").content.decode()
    assert "8 of 94 controls" in part
    assert "answers" in whole
