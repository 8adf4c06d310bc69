"""The pages of budgets: planned by month, agreed, changed by another hand, brought as a table."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook
from tests.cast import AT, Cast
from tests.doors import browser_of
from tests.interfaces.web.programs.world import PAGES, a_running_program

from headway.domain.accounts.models import Member
from headway.domain.finance.actions import set_budget_line
from headway.domain.finance.queries import budget_of, exchange_rates
from headway.domain.programs.actions import create_program, create_project
from headway.domain.programs.queries import program_named
from headway.domain.progress.queries.budget_page import budget_list
from headway.interfaces.web.layout.tables import kept_table

PAGE = f"{PAGES.program}budget/"
LIST = "/w/acme/money/budgets/"
LINE = {"key": "gpu", "name": "GPUs", "purpose": "budget", "category": "compute"}
CHANGE = {"source": "plan-reading", "target": "gpu", "amount": "500", "reason": "More <GPUs>"}


def a_program_with_a_line(cast: Cast) -> None:
    """Make the program Control with the project Reading and one line; no plan, no forecast."""
    create_program(cast.mia, {"name": "Control", "currency": "USD"}, AT)
    create_project(cast.mia, "control", {"name": "Reading"}, AT)
    line = {"name": "Reading", "amount": 90_000, "project": "reading"}
    set_budget_line(cast.mia, "control", "plan-reading", line, AT)


def _text(client: Client, address: str = PAGE) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode().replace("\xa0", " ")


@pytest.mark.django_db
def test_a_budget_is_phased_agreed_and_changed_by_another_hand(cast: Cast) -> None:
    a_program_with_a_line(cast)
    mia, ana = browser_of(cast.mia), browser_of(cast.ana)
    Member.objects.filter(id=cast.ana.member_id).update(functions=["finance"])
    more = {"amount": "1000", "phasing": "even 2026-10 2027-01", "owner": "mia"}
    assert mia.post(f"{PAGES.program}new-line/", LINE | more).status_code == 302
    assert "USD 250.00" in _text(mia, f"{PAGE}lines/gpu/")
    assert mia.post(f"{PAGE}agree/", {"reason": "Board"}).status_code == 302
    edited = mia.post(f"{PAGES.program}lines/gpu/edit/", {**LINE, **more, "amount": "7"})
    assert edited.status_code == 403
    assert "by a budget change only" in edited.content.decode()
    assert mia.post(f"{PAGE}new-change/", CHANGE).status_code == 302
    assert "BC-1, USD 500.00</a> from plan-reading to gpu" in _text(ana, PAGES.home)
    page = _text(ana)
    assert "More &lt;GPUs&gt;" in page
    assert 'value="approved"' in page
    assert 'value="approved"' not in _text(mia)
    assert ana.post(f"{PAGE}changes/BC-1/answer/", {"answer": "approved"}).status_code == 302
    budget = budget_of(cast.mia, program_named(cast.mia, "control"))
    assert {line.key: line.amount for line in budget.lines} == {
        "gpu": 1_500,
        "plan-reading": 89_500,
    }
    assert "1,500.00" in _text(mia)


@pytest.mark.django_db
def test_an_accrual_and_a_rate_are_written_undone_and_shown(cast: Cast) -> None:
    a_program_with_a_line(cast)
    mia = browser_of(cast.mia)
    owed = {"reason": "Labels", "month": "2026-10", "amount": "100", "currency": "EUR"}
    owed["category"] = "annotation"
    assert mia.post(f"{PAGE}new-accrual/", owed).status_code == 302
    assert "EUR 100.00 stand apart" in _text(mia)
    rate = {"base": "EUR", "quote": "USD", "day": "2026-10-01", "rate": "1.08", "source": "ECB"}
    assert mia.post("/w/acme/money/new-rate/", rate).status_code == 302
    assert mia.post("/w/acme/money/new-rate/", rate).status_code == 409
    page = _text(mia)
    assert "USD 108.00 at 1.08" in page
    assert "stand apart" not in page
    came = {"invoice": "INV-1", "on": "2026-11-20", "version": "1"}
    assert mia.post(f"{PAGE}accruals/labels/reverse/", came).status_code == 302
    assert "INV-1, 20 Nov 2026" in _text(mia)
    assert mia.post(f"{PAGE}accruals/labels/restore/1/").status_code == 302
    assert "INV-1" not in _text(mia)
    mia.post("/w/acme/money/rates/EUR/USD/2026-10-01/remove/", {"version": "1"})
    assert not exchange_rates(cast.mia)
    mia.post("/w/acme/money/rules/", {"fiscal_start": "7", "overspend_percent": "20"})
    assert "begins in month 7" in _text(mia, "/w/acme/money/rates/")


@pytest.mark.django_db
class TestTables:
    def test_a_budget_goes_out_and_comes_back_unchanged(self, cast: Cast) -> None:
        a_program_with_a_line(cast)
        values = {"name": "=SUM(A1)", "amount": "100", "phasing": "even 2026-10 2026-12"}
        set_budget_line(cast.mia, "control", "gpu", values, AT)
        mia = browser_of(cast.mia)
        told = mia.get(f"{PAGE}table.csv").content
        assert b"'=SUM(A1)" in told
        book = mia.get(f"{PAGE}table.xlsx").content
        rows = CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_index(0).to_python()
        assert rows[1][:2] == ["gpu", "=SUM(A1)"]
        for name, data in (("b.csv", told), ("b.xlsx", book)):
            page = mia.post(f"{PAGE}import/", {"file": SimpleUploadedFile(name, data)})
            assert "0 new, 0 to change, 2 as before, 0 refused" in page.content.decode()

    def test_a_table_is_previewed_then_taken_and_bad_rows_are_named(self, cast: Cast) -> None:
        a_program_with_a_line(cast)
        mia = browser_of(cast.mia)
        data = (
            b"Budget of today\n\nLine,Amount,Category,2026-11,2026-12\n"
            b"gpu,300,compute,100,200\nbad,300,compute,100,100\ngpu,1,compute,1,\n,5,other,,\n"
        )
        page = mia.post(f"{PAGE}import/", {"file": SimpleUploadedFile("b.csv", data)})
        shown = page.content.decode()
        assert "1 new, 0 to change, 0 as before, 3 refused" in shown
        assert "The months add up to 200" in shown
        assert '<th scope="row" class="number">5</th>' in shown
        assert len(budget_of(cast.mia, program_named(cast.mia, "control")).lines) == 1
        sure = {"sure": "1", "name": "b.csv", "kept": kept_table(data)}
        assert mia.post(f"{PAGE}import/", sure).status_code == 302
        assert len(budget_of(cast.mia, program_named(cast.mia, "control")).lines) == 2

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            (b"a,b\n1,2\n", "no heading"),
            (b"Line,Amount,Colour\nx,1,red\n", "a column &#x27;colour&#x27;"),
            (b"\x00\x01", "b.csv"),
        ],
    )
    def test_what_is_no_budget_changes_nothing(self, cast: Cast, data: bytes, said: str) -> None:
        create_program(cast.mia, {"name": "Control"}, AT)
        page = browser_of(cast.mia).post(
            f"{PAGE}import/", {"file": SimpleUploadedFile("b.csv", data)}
        )
        assert page.status_code == 422
        assert said in page.content.decode()


@pytest.mark.django_db
def test_the_list_takes_as_many_queries_for_ten_programs_as_for_one(cast: Cast) -> None:
    a_running_program(cast)
    with CaptureQueriesContext(
        connection,
    ) as one:
        budget_list(cast.vera, AT.date())
    for number in range(9):
        slug = f"p{number}"
        create_program(cast.mia, {"name": slug, "currency": "EUR"}, AT)
        create_project(cast.mia, slug, {"name": f"of {slug}"}, AT)
        set_budget_line(cast.mia, slug, "a", {"amount": 5, "phasing": "back 2026-01 2027-12"}, AT)
    with CaptureQueriesContext(connection) as ten:
        rows = budget_list(cast.vera, AT.date())
    assert len(ten) == len(one) <= 15
    assert len(rows) == 20
    page = _text(browser_of(cast.vera), LIST)
    assert "EUR 5.00" in page
    assert [row.p80 is None for row in rows if row.program.slug == "control"] == [False, False]
    assert not budget_list(cast.charlie, AT.date())
    past = budget_list(cast.vera, AT.date(), AT - timedelta(days=1))
    assert [row.program.slug for row in past] == ["control", "control"]
