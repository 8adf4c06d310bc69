"""The page of a charter: what it is worth, from the first quantity to what came of it."""

from __future__ import annotations

import pytest
from tests.cast import AT, Cast
from tests.doors import browser_of
from tests.interfaces.web.programs.world import PAGES, a_running_program

from headway.domain.programs.actions import set_criterion
from headway.domain.programs.models import BusinessCase

PAGE = f"{PAGES.project}charter/"
CASE = f"{PAGES.project}business-case/"
LINE = {
    "name": "Wrong readings",
    "unit": "readings",
    "start": "5000",
    "at_target": "800/1000/1500",
    "worth": "31",
    "less_is_better": "on",
}


@pytest.mark.django_db
class TestCharter:
    def test_an_empty_case_teaches_how_to_begin(self, cast: Cast) -> None:
        a_running_program(cast)
        page = browser_of(cast.vera).get(PAGE).content.decode()
        assert "Nobody wrote down yet what it is worth." in page
        assert "Name what the model is to change" in page
        assert "Add a quantity" not in page  # a viewer may not

    def test_a_case_is_written_and_answers_first(self, cast: Cast) -> None:
        a_running_program(cast)
        set_criterion(cast.mia, "reading", "recall", {"start_value": 0.90}, AT)
        mia = browser_of(cast.mia)
        assert mia.post(f"{CASE}new-line/", LINE).status_code == 302
        told = {"criterion": "recall", "running": "10000", "launch": "2026-12-01", "version": 1}
        assert mia.post(f"{CASE}edit/", told).status_code == 302
        page = mia.get(PAGE).content.decode()
        assert "Worth USD" in page
        assert "At today&#x27;s macro recall of" in page or "At today's macro recall of" in page
        assert "Each week without it forgoes USD" in page
        assert "after the promised launch" in page

    def test_a_quantity_is_changed_removed_and_brought_back(self, cast: Cast) -> None:
        a_running_program(cast)
        mia = browser_of(cast.mia)
        mia.post(f"{CASE}new-line/", LINE)
        changed = {**LINE, "start": "6000", "version": 1}
        assert mia.post(f"{CASE}lines/wrong-readings/edit/", changed).status_code == 302
        assert BusinessCase.objects.get().lines[0]["start"] == 6000
        assert mia.post(f"{CASE}lines/wrong-readings/remove/").status_code == 302
        assert BusinessCase.objects.get().lines == []
        assert mia.post(f"{CASE}restore/2/").status_code == 302
        assert BusinessCase.objects.get().lines[0]["start"] == 6000

    @pytest.mark.parametrize(
        ("field", "typed", "said"),
        [
            ("start", "many", "finite number"),
            ("at_target", "3/2/1", "out of order"),
            ("worth", "", "empty"),
            ("name", "", "empty"),
        ],
    )
    def test_what_does_not_fit_is_said_beside_its_field(
        self, cast: Cast, field: str, typed: str, said: str
    ) -> None:
        a_running_program(cast)
        response = browser_of(cast.mia).post(f"{CASE}new-line/", {**LINE, field: typed})
        assert response.status_code == 422
        assert said in response.content.decode()
        assert not BusinessCase.objects.exists()

    def test_the_same_quantity_is_not_written_twice(self, cast: Cast) -> None:
        a_running_program(cast)
        mia = browser_of(cast.mia)
        mia.post(f"{CASE}new-line/", LINE)
        again = mia.post(f"{CASE}new-line/", {**LINE, "version": 1})
        assert again.status_code == 422
        assert "already" in again.content.decode()

    def test_a_stale_save_shows_both_and_wins_when_sent_again(self, cast: Cast) -> None:
        a_running_program(cast)
        mia = browser_of(cast.mia)
        mia.post(f"{CASE}new-line/", LINE)
        first = mia.post(f"{CASE}edit/", {"running": "5", "version": 1})
        stale = mia.post(f"{CASE}edit/", {"running": "7", "version": 1})
        assert (first.status_code, stale.status_code) == (302, 409)
        assert "It is “5” now" in stale.content.decode()

    def test_hostile_words_stay_words(self, cast: Cast) -> None:
        a_running_program(cast)
        mia = browser_of(cast.mia)
        mia.post(f"{CASE}new-line/", {**LINE, "name": "<script>alert(1)</script>"})
        assert "<script>alert" not in mia.get(PAGE).content.decode()
