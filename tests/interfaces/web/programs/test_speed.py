from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.builders.workspace import Size, build_workspace
from tests.cast import a_member
from tests.doors import browser_of

from headway import clock
from headway.domain.accounts.queries import headway_actor
from headway.domain.accounts.rules import Role
from headway.domain.plans.actions import make_forecast

PAGES = (
    "programs/program/",
    "programs/program/plan/",
    "projects/project-0/",
    "projects/project-0/runs/",
)


def queries_at(items: int, records: int) -> list[int]:
    """Return how many queries each page takes in a workspace of that size, when warm."""
    slug = f"built-{items}"
    workspace = build_workspace(Size(projects=2, items=items, records=records), slug=slug)
    reader = browser_of(a_member(workspace, f"reader-{items}", Role.MANAGER))
    make_forecast(headway_actor(workspace.id), "program", clock.now(), trials=50)
    counts = []
    for page in PAGES:
        reader.get(f"/w/{slug}/{page}")
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert reader.get(f"/w/{slug}/{page}").status_code == 200
        counts.append(len(found))
    return counts


@pytest.mark.django_db
def test_no_page_asks_the_database_more_often_because_there_is_more_to_show() -> None:
    few, many = queries_at(10, 40), queries_at(300, 400)
    assert few == many
    assert max(many) <= 60
