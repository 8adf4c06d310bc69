"""The first slide says what each project is worth, from its business case and nothing else."""

from __future__ import annotations

import re

from tests.cast import AT, Cast
from tests.interfaces.web.programs.world import a_running_program

from headway.domain.programs.actions import create_project, set_business_case
from headway.domain.reports.actions import freeze_report
from headway.domain.reports.models import Report
from headway.domain.reports.rules import PackDraft, from_snapshot
from headway.rendering.report.views.executive import executive_page

LINE = {"key": "wrong", "start": 5_000, "at_target": [800, 1_000, 1_500], "worth": 31}


def projects_told(cast: Cast) -> dict[str, str]:
    freeze_report(cast.mia, "control", PackDraft(("executive",)), AT)
    pack = from_snapshot(Report.objects.get().snapshot)
    grid = next(
        one for one in executive_page(pack).blocks if getattr(one, "name", "") == "projects"
    )
    return {row[0].text: row[3].text for row in grid.rows}


def test_a_business_case_stands_beside_its_project(cast: Cast) -> None:
    a_running_program(cast)
    create_project(cast.mia, "control", {"name": "Another"}, AT)
    set_business_case(cast.mia, "reading", {"lines": [LINE], "running": 10_000}, AT)
    told = projects_told(cast)
    assert re.search(r" Worth USD [\d.,]+ k to USD [\d.,]+ k a year\.$", told["Reading"])
    assert "Worth" not in told["Another"]


def test_without_any_case_nothing_is_said_of_worth(cast: Cast) -> None:
    a_running_program(cast)
    assert not any("Worth" in words for words in projects_told(cast).values())
