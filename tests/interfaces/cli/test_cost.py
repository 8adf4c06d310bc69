"""`headway cost` as people and pipelines call it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.connectors.focus import bills

Said = Callable[..., Any]


def written(folder: Path, *rows: list[str], name: str = "bill.csv") -> str:
    path = folder / name
    path.write_bytes(bills.table(rows))
    return str(path)


def test_a_clean_bill_exits_0_with_sums_as_text(tmp_path: Path, answered: Said) -> None:
    rows = (
        bills.focus_row("10.10", "4", tags={"team": "a"}),
        bills.focus_row("1.9", "1.9", category="Tax"),
        bills.focus_row("-2", "-2", category="Credit"),
    )
    file = written(tmp_path, *rows)
    told = answered("cost", file, "--by", "team,ServiceName", schema="cost")
    assert (told["billed"], told["effective"], told["currency"]) == ("10.00", "3.90", "USD")
    assert told["by_category"]["Usage"]["billed"] == "10.10"
    assert (told["tax"]["billed"], told["credit"]["billed"]) == ("1.90", "-2.00")
    assert told["by"]["team"]["a"]["effective"] == "4.00"
    assert told["by"]["ServiceName"]["EC2"]["rows"] == 3
    assert (told["rows"], told["refused"], told["periods"]) == (3, [], ["2026-09"])


def test_a_refused_row_or_a_wrong_total_exits_1(tmp_path: Path, answered: Said) -> None:
    file = written(tmp_path, bills.focus_row("1"), bills.focus_row("NaN"))
    told = answered("cost", file, schema="cost", code=1)
    assert told["refused"][0] | {"reason": ""} == {"file": "bill.csv", "line": 3, "reason": ""}
    total = ["9", "", "", "", "", "", "", "", "", "Total"]
    told = answered("cost", written(tmp_path, bills.focus_row("1"), total), schema="cost", code=1)
    assert (told["billed"], told["stated"][0]["agrees"]) == ("1.00", False)


def test_two_currencies_have_no_sum_and_the_notes_say_so(tmp_path: Path, answered: Said) -> None:
    one = written(tmp_path, bills.focus_row("1"))
    other = written(tmp_path, bills.focus_row("2", currency="EUR"), name="other.csv")
    told = answered("cost", one, other, schema="cost")
    assert (told["billed"], told["currency"], told["tax"]["billed"]) == (None, None, None)
    assert told["by_currency"]["EUR"]["billed"] == "2.00"
    assert told["by_category"]["Usage"]["billed"] is None
    assert told["by_category"]["Usage"]["by_currency"]["USD"]["billed"] == "1.00"
    assert "not added" in " ".join(told["notes"])


def test_the_same_file_twice_is_a_bad_question(tmp_path: Path, asked: Said) -> None:
    one = written(tmp_path, bills.focus_row("1"))
    other = written(tmp_path, bills.focus_row("1"), name="copy.csv")
    code, _, said = asked("cost", one, other)
    assert (code, "the same file as bill.csv" in said) == (2, True)


def test_a_table_is_read_by_a_mapping(tmp_path: Path, answered: Said, asked: Said) -> None:
    (tmp_path / "t.csv").write_text("When,Net,Gross\n2026-09-01,10,12\n")
    (tmp_path / "m.json").write_text('{"columns": {"billed": "Net", "start": "When"}}')
    mapping = ("--map", str(tmp_path / "m.json"))
    told = answered("cost", str(tmp_path / "t.csv"), *mapping, "--currency", "CHF", schema="cost")
    assert (told["billed"], told["currency"]) == ("10.00", "CHF")
    assert asked("cost", str(tmp_path / "t.csv"), "--map", str(tmp_path / "none"))[0] == 2
    assert asked("cost", str(tmp_path / "t.csv"), *mapping, "--currency", "francs")[0] == 2


def test_people_read_the_two_sums_apart(tmp_path: Path, asked: Said) -> None:
    code, out, said = asked("cost", written(tmp_path, bills.focus_row(), bills.focus_row("x")))
    assert code == 1
    assert out.startswith("1.50 USD were billed (cash), 1.25 were used up (burn)")
    assert "bill.csv, line 3: BilledCost ‘x’ is not a number" in said
