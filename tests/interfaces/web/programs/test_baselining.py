"""The pages of baselines: freeze a plan, see how far today is from it, take it along."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import AT, Cast
from tests.doors import browser_of
from tests.interfaces.web.programs.world import PAGES, a_running_program

from headway.domain.plans.actions import add_item, edit_item, set_baseline
from headway.domain.plans.models import Baseline, BaselineState

ALL = f"{PAGES.program}baselines/"
ONE = f"{ALL}approved/"
AGREED = {"name": "Approved", "reason": "Agreed by the committee."}
EARLIER = AT - timedelta(days=1)


def agreed(cast: Cast) -> None:
    a_running_program(cast)
    set_baseline(cast.mia, "control", AGREED, EARLIER)


@pytest.mark.django_db
class TestBaselinePages:
    def test_a_plan_is_frozen_and_compared_without_leaving_the_pages(self, cast: Cast) -> None:
        a_running_program(cast)
        mia = browser_of(cast.mia)
        assert "No plan was agreed yet" in mia.get(ALL).content.decode()
        assert mia.post(f"{PAGES.program}new-baseline/", AGREED).status_code == 302
        assert "held against “Approved”" in mia.get(ALL).content.decode()
        page = mia.get(ONE).content.decode()
        assert "On schedule: the same day as “Approved”" in page
        assert "Label the images" in page

    def test_the_variance_says_how_far_first_and_why(self, cast: Cast) -> None:
        agreed(cast)
        edit_item(cast.bob, ("reading", "LABEL"), {"estimate": [30, 40, 70]}, AT)
        mia = browser_of(cast.mia)
        mia.post(f"{PAGES.program}forecast/now/")
        page = mia.get(ONE).content.decode()
        assert "later than “Approved”" in page
        assert "Label the images +10" in page
        assert f'hx-get="{ONE}why/"' in page
        why = mia.get(f"{ONE}why/").content.decode()
        assert "Estimates changed" in why
        assert "Together" in why
        part = mia.get(f"{ONE}why/", HTTP_HX_REQUEST="true").content.decode()
        assert "Estimates changed" in part
        assert "<html" not in part

    def test_an_address_restores_filter_and_order(self, cast: Cast) -> None:
        agreed(cast)
        add_item(cast.bob, "reading", "AUDIT", {"name": "Audit", "estimate": 3}, AT)
        mia = browser_of(cast.mia)
        new = mia.get(f"{ONE}?status=new&sort=name").content.decode()
        assert "reading/AUDIT" in new
        assert "reading/TRAIN" not in new
        assert '<option value="new" selected>' in new
        assert "reading/TRAIN" in mia.get(f"{ONE}?status=lost&sort=luck").content.decode()

    def test_the_table_goes_along_and_no_cell_of_it_computes(self, cast: Cast) -> None:
        agreed(cast)
        add_item(cast.bob, "reading", "BAD", {"name": "=1+1", "estimate": 3}, AT)
        answer = browser_of(cast.vera).get(f"{ONE}variance.csv?status=new")
        rows = list(csv.reader(io.StringIO(answer.content.decode())))
        assert answer["Content-Type"].startswith("text/csv")
        assert "control-approved-variance.csv" in answer["Content-Disposition"]
        assert [row[:4] for row in rows] == [
            ["item", "name", "project", "status"],
            ["reading/BAD", "'=1+1", "reading", "New"],
        ]

    def test_another_becomes_active_and_back_and_one_is_set_aside(self, cast: Cast) -> None:
        agreed(cast)
        set_baseline(cast.mia, "control", {**AGREED, "name": "Second"}, AT)
        mia = browser_of(cast.mia)
        assert mia.post(f"{ONE}activate/", {"version": "2"}).status_code == 302
        assert BaselineState.objects.get(state="active").baseline.key == "approved"
        assert mia.post(f"{ALL}second/set-aside/").status_code == 302
        assert "set aside" in mia.get(ALL).content.decode()
        assert mia.post(f"{ALL}second/put-back/").status_code == 302
        assert mia.post(f"{ONE}set-aside/").status_code == 409
        assert mia.post(f"{ONE}activate/", {"version": "1"}).status_code in (302, 409)

    def test_what_is_wrong_is_said_beside_its_field(self, cast: Cast) -> None:
        a_running_program(cast)
        refused = browser_of(cast.mia).post(f"{PAGES.program}new-baseline/", {"name": "x"})
        assert refused.status_code == 422
        assert "reason" in refused.content.decode()
        assert not Baseline.objects.exists()

    def test_who_may_not_agree_plans_sees_no_button(self, cast: Cast) -> None:
        agreed(cast)
        page = browser_of(cast.bob).get(ALL).content.decode()
        assert "Approved" in page
        assert "new-baseline" not in page
        assert browser_of(cast.bob).post(f"{PAGES.program}new-baseline/", AGREED).status_code == 403

    def test_a_baseline_of_a_later_day_is_not_there_before(self, cast: Cast) -> None:
        agreed(cast)
        then = (EARLIER - timedelta(days=1)).date().isoformat()
        mia = browser_of(cast.mia)
        assert "No plan was agreed yet" in mia.get(f"{ALL}?at={then}").content.decode()
        assert mia.get(f"{ONE}?at={then}").status_code == 404

    def test_pages_take_as_many_queries_for_many_as_for_one(self, cast: Cast) -> None:
        agreed(cast)
        mia = browser_of(cast.mia)
        for page in (ALL, ONE):
            mia.get(page)
        before = [self._queries(mia, page) for page in (ALL, ONE)]
        for number in range(5):
            set_baseline(cast.mia, "control", {**AGREED, "name": f"B{number}"}, AT)
            fields = {"name": f"More {number}", "estimate": 2}
            add_item(cast.bob, "reading", f"N{number}", fields, EARLIER)
        assert [self._queries(mia, page) for page in (ALL, ONE)] == before
        assert max(before) <= 50

    def _queries(self, mia: object, page: str) -> int:
        with CaptureQueriesContext(connection) as found:
            mia.get(page)  # type: ignore[attr-defined]
        return len(found)
