"""Registers as tables by API: in, and out as a workbook that comes back the same."""

from __future__ import annotations

from tests.cast import AT, Cast
from tests.interfaces.api.callers import caller, value_in

from headway.domain.programs.actions import create_program

PATH = "/programs/control/issue-table"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_a_register_comes_in_and_goes_out_as_a_workbook_that_changes_nothing(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Control"}, AT)
    bob = caller(cast.bob)
    data = b"Issue,Name,Due,State\nblur,=Photos are blurred,2026-12-11,open\nlate,Late,soon,\n"
    tried = value_in(bob.send("POST", f"{PATH}?dry_run=true", data, "text/csv"))
    assert (tried["created"], tried["refused"][0]["number"]) == (["blur"], 3)
    assert value_in(bob.get("/programs/control/issues"))["items"] == []
    assert value_in(bob.send("POST", PATH, data, "text/csv"))["created"] == ["blur"]
    book = bob.get(f"{PATH}?format=xlsx")
    assert book["Content-Type"] == XLSX
    again = value_in(bob.send("POST", PATH, book.content, XLSX))
    assert (again["created"], again["changed"], again["unchanged"]) == ([], [], ["blur"])
