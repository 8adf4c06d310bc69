"""`headway evm` as people and pipelines call it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

Said = Callable[..., Any]

TABLE = """date,pv,ev,ac
2026-09-30,100,80,110
2026-10-31,250,200,260
2026-11-30,600,,
"""


def test_the_document_is_that_of_the_published_schema(answered: Said, tmp_path: Path) -> None:
    path = tmp_path / "status.csv"
    path.write_text(TABLE)
    asked = ("evm", str(path), "--start", "2026-09-01", "--planned-finish", "2026-11-30")
    document = answered(*asked, schema="evm")
    last = document["rows"][-1]
    assert (document["bac"], last["ev"], last["cv"]) == ("600.00", "200.00", "-60.00")
    assert last["finish"]["spi_t"] == "2026-12-19"


def test_people_read_the_last_date_first_and_why_some_measures_are_missing(
    asked: Said, tmp_path: Path
) -> None:
    path = tmp_path / "status.csv"
    path.write_text(TABLE)
    code, out, err = asked(f"evm {path} --bac 700")
    assert code == 0
    assert out.startswith("2026-10-31: CPI 0.769, SPI(t) n/a; costs 910.00 at this CPI")
    assert "Note: ES and SPI(t): the planned curve and the start are not known." in err


def test_a_bad_option_is_named(asked: Said, tmp_path: Path) -> None:
    path = tmp_path / "status.csv"
    path.write_text(TABLE)
    for option, value in (("--bac", "much"), ("--start", "soon")):
        code, _, err = asked(f"evm {path} {option} {value}")
        assert (code, err.startswith(f"{option} is '{value}'")) == (2, True)
