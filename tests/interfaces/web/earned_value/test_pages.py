"""The earned value pages: answer first, how items earn, and what follows evidence."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import AT, Cast
from tests.doors import browser_of
from tests.interfaces.web.programs.world import PAGES, a_running_program

from headway.domain.plans.actions import edit_item, set_baseline
from headway.domain.progress.models import Follow, Measure

EARNED = f"{PAGES.program}earned-value/"
ITEM = f"{EARNED}reading/LABEL/"


@pytest.mark.django_db
def test_a_program_shows_what_it_earned_and_lets_its_work_earn_otherwise(cast: Cast) -> None:
    a_running_program(cast)
    mia = browser_of(cast.mia)
    assert "The plan is held against itself" not in mia.get(EARNED).content.decode()
    set_baseline(cast.mia, "control", {"name": "Agreed", "reason": "The board."}, AT)
    begun = {"started": "2026-10-05", "remaining": "3/5/8"}
    edit_item(cast.mia, ("reading", "LABEL"), begun, AT)
    told = {"method": "milestones", "steps": "half | 1 | 2026-10-20\nall | 1 | | 90%", "order": ""}
    assert mia.post(f"{ITEM}measure/", told).status_code == 302
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = mia.get(EARNED).content.decode()
    assert len(asked) < 60
    assert "Held against “Agreed”" in page
    assert "1 of 2 milestones reached: half." in page
    assert "n/a" in page
    assert "no cost was ever recorded" in page
    assert "half | 1 | 2026-10-20\nall | 1 |  | 90%" in mia.get(f"{ITEM}measure/").content.decode()
    wrong = mia.post(f"{ITEM}measure/", {**told, "steps": "half | much"})
    assert wrong.status_code == 422
    assert "write a number above 0" in wrong.content.decode()
    assert mia.post(f"{ITEM}measure/clear/").status_code == 302
    assert not Measure.objects.exists()
    assert mia.post(f"{ITEM}measure/back/1/").status_code == 302
    assert Measure.objects.get().method == "milestones"
    follows = {"what": "metric", "criterion": "macro-recall", "order": "", "mode": "propose"}
    assert mia.post(f"{ITEM}follow/", follows).status_code == 422
    assert mia.post(f"{ITEM}follow/", {**follows, "criterion": "recall"}).status_code == 302
    assert Follow.objects.get().mode == "propose"
    page = mia.get(EARNED).content.decode()
    assert "Work that follows evidence" in page
    assert "Macro recall" in page
    seen = browser_of(cast.vera).get(EARNED).content.decode()
    assert "Agreed" in seen
    assert f"{ITEM}measure/" not in seen
    together = mia.get(f"{EARNED}together/?budget=100000").content.decode()
    assert "simulated together; multiplied they would read" in together
    money = mia.get("/w/acme/money/earned-value/").content.decode()
    assert "1 program with a baseline" in money
