"""`headway plan convert` as people and scripts call it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from headway.analysis.schedule.readers import read_plan
from headway.interfaces.cli.main import run

Said = Callable[..., Any]

PLAN = """
plan: Screening
start: 2026-01-05
items:
  - {id: A, estimate: [3, 5, 9]}
  - {id: B, estimate: 2, after: [A +1], cost: 500}
risks: [{id: R, probability: 0.2}]
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN)
    return path


def test_a_plan_goes_to_project_xml_and_back(answered: Said, source: Path, tmp_path: Path) -> None:
    xml, back = tmp_path / "plan.xml", tmp_path / "back.yaml"
    first = answered("plan convert", str(source), str(xml), schema="plan-convert")
    assert (first["items"], first["links"]) == (2, 1)
    assert first["lost"] == ["Risks have no place in Microsoft Project XML."]
    assert answered("plan convert", str(xml), str(back), schema="plan-convert")["lost"] == []
    before, after = (read_plan(path.read_bytes(), path.name) for path in (source, back))
    for key in ("id", "estimate", "after", "cost"):
        assert [getattr(one, key) for one in after.items] == [
            getattr(one, key) for one in before.items
        ]


def test_what_csv_cannot_carry_is_told_to_people(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["plan", "convert", str(source), str(tmp_path / "plan.csv")]) == 0
    said = capsys.readouterr()
    assert said.out == "plan.csv: 2 items, 1 links written.\n"
    assert "Lost: CSV cannot carry costs: B." in said.err
    assert "Lost: CSV cannot carry risks." in said.err


def test_a_file_that_is_there_is_not_written_over(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "plan.csv"
    target.write_text("mine")
    assert run(["plan", "convert", str(source), str(target)]) == 2
    assert "is there already; give another name, or --force" in capsys.readouterr().err
    assert target.read_text() == "mine"
    assert run(["plan", "convert", str(source), str(target), "--force"]) == 0


def test_nothing_is_written_of_a_broken_plan(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source.write_text(PLAN.replace("[A +1]", "[Z]"))
    target = tmp_path / "plan.xml"
    assert run(["plan", "convert", str(source), str(target)]) == 2
    assert "no item has that id" in capsys.readouterr().err
    assert not target.exists()


@pytest.mark.parametrize("name", ["plan.xer", "plan.sm", "plan"])
def test_a_format_that_is_not_written_is_a_bad_question(
    source: Path, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["plan", "convert", str(source), str(tmp_path / name)]) == 2
    assert "use .yaml, .xml or .csv" in capsys.readouterr().err


def test_a_plan_without_dates_begins_where_it_is_told(
    answered: Said, source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source.write_text("plan: P\nitems: [{id: A, estimate: 2}]\n")
    target = tmp_path / "p.xml"
    answer = answered("plan convert", str(source), str(target), "--start", "2026-06-01")
    assert read_plan(target.read_bytes(), "p.xml").start.isoformat() == "2026-06-01"  # type: ignore[union-attr]
    assert "begins on 2026-06-01" in answer["lost"][0]
    assert run(["plan", "convert", str(source), str(target), "--start", "soon"]) == 2
    assert "--start is 'soon'" in capsys.readouterr().err


def test_a_project_file_is_forecast(answered: Said, source: Path, tmp_path: Path) -> None:
    xml = tmp_path / "plan.xml"
    answered("plan convert", str(source), str(xml))
    answer = answered("forecast", str(xml), "--trials", "200")
    assert answer["items"] == 2
