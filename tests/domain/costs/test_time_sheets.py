"""Hours become people's cost at the rates of roles, and no name or pay enters the ledger."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from tests.cast import AT, Cast

from headway.domain.costs.actions import ImportedSheet, import_time_sheet
from headway.domain.costs.queries import charges_of
from headway.domain.evidence.models import Record
from headway.domain.people.actions import set_person, set_resource
from headway.domain.programs.actions import create_program, create_project
from headway.domain.programs.queries import program_named
from headway.errors import Invalid, Refused

HEAD = "Person;Day;Hours;Project;Item\n"


@pytest.fixture(autouse=True)
def team(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud"}, AT)
    create_project(cast.mia, "fraud", {"name": "Scores"}, AT)
    set_resource(cast.mia, "fraud", "data scientist", {"capacity": 2, "rate": "80"}, AT)
    for key in ("noor", "kai"):
        set_person(cast.mia, key, {"name": key.capitalize(), "role": "Data scientist"}, AT)


def bring(cast: Cast, rows: str, **asked: str) -> ImportedSheet:
    return import_time_sheet(cast.bob, (HEAD + rows).encode(), "hours.csv", AT, **asked)  # type: ignore[arg-type]


def test_hours_cost_what_the_role_does_and_nobody_is_named(cast: Cast) -> None:
    done = bring(
        cast,
        "Noor;2026-09-01;7,5;scores;\nkai;01.09.2026;7:30;Scores;TRAIN\nNoor;2026-10-02;1;;scores/A\n",
    )
    assert (done.rows, done.recorded, done.refused) == (3, 2, [])
    (found,) = charges_of(cast.vera, [program_named(cast.vera, "fraud")]).values()
    assert [(one.month.month, one.category, one.effective) for one in found] == [
        (9, "people", 1200),
        (10, "people", 80),
    ]
    text = " ".join(Record.objects.filter(kind="bill").values_list("payload", flat=True)).lower()
    assert "noor" not in text
    assert "kai" not in text
    assert {one["tags"].get("item") for one in json.loads(Record.objects.filter(
        kind="bill").order_by("sequence")[0].payload)["charges"]} == {None, "TRAIN"}  # fmt: skip


def test_a_corrected_sheet_replaces_its_teams_and_no_others(cast: Cast) -> None:
    row = "Noor;2026-09-01;{};scores;\n"
    assert bring(cast, row.format(8)).recorded == 1
    assert bring(cast, row.format(8)).already_known == 1
    assert bring(cast, row.format(2), team="b").replaced == 0
    assert bring(cast, row.format(4)).replaced == 1
    (found,) = charges_of(cast.vera, [program_named(cast.vera, "fraud")]).values()
    assert sum((one.effective for one in found), Decimal(0)) == 480


def test_a_row_that_cannot_be_counted_is_named(cast: Cast) -> None:
    rows = ["Noor;2026-09-01;8;scores;", "Zoe;2026-09-01;8;scores;", "Noor;soon;8;scores;"]
    rows += ["Noor;2026-09-01;25;scores;", "Noor;2026-09-01;=1+7;scores;", "Noor;2026-09-01;8;x;"]
    done = bring(cast, "\n".join([*rows, rows[0]]))
    assert done.rows == 1
    assert [one.line for one in done.refused] == [3, 4, 5, 6, 7, 8]
    assert done.refused[0].reason == "nobody on the roster is called ‘Zoe’"
    assert done.refused[-1].reason == "it is a copy of line 2"


def test_another_table_or_another_person_is_refused(cast: Cast) -> None:
    with pytest.raises(Invalid, match="no column for hours"):
        import_time_sheet(cast.bob, b"Person,Day,Project\na,2026-09-01,scores\n", "x.csv", AT)
    with pytest.raises(Refused):
        import_time_sheet(cast.vera, HEAD.encode(), "x.csv", AT)
