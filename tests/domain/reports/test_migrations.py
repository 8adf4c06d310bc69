"""Reports that were frozen before there were packs come through, and stay beyond change."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from tests.cast import AT, Cast, a_program

from headway.domain.reports.models import Report

BEFORE, AFTER = [("reports", "0002_append_only")], [("reports", "0003_packs")]


def migrate(target: list[tuple[str, str]]) -> MigrationExecutor:
    executor = MigrationExecutor(connection)
    executor.migrate(target)
    return MigrationExecutor(connection)


@pytest.fixture
def _whole_again(transactional_db: None) -> Iterator[None]:
    """Going back took the tables of higher apps along: every one is there again afterwards."""
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.mark.slow
@pytest.mark.usefixtures("_whole_again")
def test_an_old_report_is_told_to_the_executive_and_cannot_be_changed(lasting_cast: Cast) -> None:
    cast = lasting_cast
    program = a_program(cast.acme)
    old = migrate(BEFORE).loader.project_state(BEFORE).apps.get_model("reports", "Report")
    old.objects.create(
        workspace_id=cast.acme.id,
        program_id=program.id,
        number=1,
        audience="executive",
        data_date=AT,
        snapshot="{}",
        made_at=AT,
    )
    migrate(AFTER)
    row = Report.objects.get()
    assert (row.audiences, row.vendors, row.schema, row.template) == (["executive"], [], 1, None)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Report.objects.update(number=2)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute("DELETE FROM reports_report")
