"""`headway forecast` as people and scripts call it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from headway.interfaces.cli.main import run

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads((ROOT / "docs/reference/schemas/forecast.schema.json").read_text())
PLAN = """
plan: Screening
start: 2026-01-05
target: 2026-02-06
budget: {amount: 20000, currency: USD}
resources: {people: {capacity: 1, rate: 95/hour}}
items:
  - {id: A, name: Label, estimate: [5, 5, 7], needs: {people: 1}}
  - {id: E, name: Try, attempts: {success: 0.6, max: 2, each: [3, 5, 9], else: F}, after: A}
  - {id: F, name: Rules, estimate: [8, 10, 20]}
  - {id: M, kind: milestone, after: E}
risks:
  - {id: R1, probability: 0.3, delays: [A], delay: [2, 5, 15], mitigated: {probability: 0.1}}
"""


@pytest.fixture
def plan(tmp_path: Path) -> str:
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN)
    return str(path)


def _json(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert run(["forecast", *arguments, "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    document: dict[str, Any] = json.loads(out)
    return document


def _refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(["forecast", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    return err


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--respect-resources", "--mitigated", "--as-of", "2026-01-12"],
        ["--trials", "1", "--drivers", "0"],
        ["--trials", "50", "--without-risk", "R1"],
    ],
)
def test_the_document_is_that_of_the_published_schema(
    options: list[str], plan: str, capsys: pytest.CaptureFixture[str]
) -> None:
    document = _json(capsys, plan, *options)
    Draft202012Validator(SCHEMA).validate(document)
    assert set(document) == set(SCHEMA["properties"])


def test_the_schema_itself_is_sound() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_a_plan_that_may_never_end_keeps_to_the_schema(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "never.yaml"
    path.write_text("plan: N\nitems: [{id: E, attempts: {success: 0.5, max: 1, each: 1}}]")
    document = _json(capsys, str(path), "--target", "3")
    Draft202012Validator(SCHEMA).validate(document)
    assert document["finish"]["p80"] is None
    assert 0.4 < document["p_never"] < 0.6
    assert document["p_on_time"] == pytest.approx(1 - document["p_never"])


def test_text_answers_in_its_first_line(plan: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["forecast", plan]) == 0
    out, err = capsys.readouterr()
    first = out.splitlines()[0]
    assert first.startswith("Screening: lands ")
    assert " at P50, " in first
    assert "; target 6 Feb 2026: " in first
    assert err.startswith("Note: Capacities (people) were not respected")


def test_text_never_says_one_hundred_percent(plan: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["forecast", plan, "--target", "2027-01-01"]) == 0
    out = capsys.readouterr().out
    assert "target 1 Jan 2027: > 95 %" in out
    assert "100 %" not in out
    document = _json(capsys, plan, "--target", "2027-01-01")
    assert document["p_on_time"] == 1.0


def test_options_reach_the_forecast(plan: str, capsys: pytest.CaptureFixture[str]) -> None:
    base = _json(capsys, plan)
    assert _json(capsys, plan, "--seed", "9")["finish"] != base["finish"]
    assert _json(capsys, plan, "--trials", "99")["trials"] == 99
    assert _json(capsys, plan, "--target", "2026-06-01")["target"] == "2026-06-01"
    assert _json(capsys, plan, "--budget", "5000.5")["budget"]["amount"] == "5000.5"
    assert _json(capsys, plan, "--as-of", "2026-01-12")["finish"]["p10"] > base["finish"]["p10"]
    assert _json(capsys, plan, "--mitigated")["finish"]["mean"] < base["finish"]["mean"]
    assert len(_json(capsys, plan, "--drivers", "1")["drivers"]) == 2
    without = _json(capsys, plan, "--without-risk", "R1")
    assert without["finish"]["mean"] < base["finish"]["mean"]


def test_text_tells_both_ways_out_what_responses_buy_and_time_with_money(
    plan: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["forecast", plan]) == 0
    out = capsys.readouterr().out
    for words in (
        "succeeds",
        "gives up: F",
        "time and money at 80 %",
        "contingency to P80",
        "What the responses to risks buy at P80",
        "classical PERT",
        "days at P50",
    ):
        assert words in out, words


def test_single_numbers_are_widened_when_asked_and_a_wrong_word_is_refused(
    plan: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "one.yaml"
    path.write_text("plan: P\nitems: [{id: A, estimate: 10}]")
    assert _json(capsys, str(path))["finish"]["sd"] == 0.0
    wide = _json(capsys, str(path), "--one-point", "history")
    assert wide["finish"]["p90"] == pytest.approx(20, rel=0.05)
    assert any("a default of others" in note for note in wide["notes"])
    told = _refusal(capsys, plan, "--one-point", "maybe")
    assert "--one-point is 'maybe'; it has to be certain or history." in told


def test_the_same_question_prints_the_same_bytes(plan: str) -> None:
    command = [sys.executable, "-m", "headway.interfaces.cli.main", "forecast", plan, "--json"]
    once, again = (
        subprocess.run(
            command, capture_output=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    )
    assert once == again


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--target", "soon"], "--target is 'soon'; for this plan it has to be a date"),
        (["--as-of", "12"], "--as-of is '12'; for this plan it has to be a date"),
        (["--budget", "lots"], "--budget is 'lots'; it has to be an amount"),
        (["--budget", "inf"], "--budget is 'inf'; it has to be an amount"),
        (["--trials", "0"], "ask for 1 to"),
        (["--trials", "many"], "Invalid value for '--trials'"),
        (["--without-risk", "R9"], "no risk 'R9'; its risks are: 'R1'"),
    ],
)
def test_a_wrong_option_is_named_with_its_value(
    options: list[str], sentence: str, plan: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sentence in _refusal(capsys, plan, *options)


def test_a_missing_file_is_a_bad_question(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "cannot be read: No such file" in _refusal(capsys, str(tmp_path / "none.yaml"))
    assert "cannot be read: Is a directory" in _refusal(capsys, str(tmp_path))


def test_every_problem_of_a_file_is_told_with_item_and_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("plan: P\nitems:\n- {id: A, estimate: [9, 5, 7]}\n- {id: B, after: Q}\n")
    told = _refusal(capsys, str(path))
    assert "item A, line 3: Item 'A': estimate [9.0, 5.0, 7.0] is out of order" in told
    assert "item B, line 4: Item 'B' names 'Q'" in told


def test_an_item_without_an_estimate_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bare.yaml"
    path.write_text("plan: P\nitems:\n- {id: A, estimate: 1}\n- {id: B}\n")
    assert "Cannot forecast: item B, line 4: Item 'B' has no estimate" in _refusal(
        capsys, str(path)
    )


def test_a_csv_file_is_a_plan_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "plan.csv"
    path.write_text("id,name,optimistic,most_likely,pessimistic,after\nA,,1,2,3,\nB,,1,2,3,A\n")
    assert _json(capsys, str(path))["deterministic"]["duration"] == 4.0
    assert run(["forecast", str(path)]) == 0
    assert capsys.readouterr().out.startswith("plan.csv: lands 4.0 at P50, ")


def test_each_row_of_the_schedule_says_why_its_dates_are_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(
        "plan: P\nstart: 2026-01-05\ntarget: 2026-01-09\nitems:\n"
        "  - {id: A, estimate: 5}\n  - {id: B, estimate: 2, after: A}\n  - {id: C, estimate: 6}\n"
    )
    found = _json(capsys, str(path), "--trials", "50")
    Draft202012Validator(SCHEMA).validate(found)
    rows = {row["id"]: row for row in found["schedule"]}
    assert rows["B"]["driver"] == "A"
    assert rows["B"]["why"]["start"]["sentence"] == "It starts when A finishes."
    assert (rows["C"]["late_start_date"], rows["C"]["late_finish_date"]) == (
        "2026-01-06", "2026-01-13",
    )  # fmt: skip
    told = found["deterministic"]
    assert (told["longest_path"], told["near_critical"]) == (["A", "B"], ["C"])
    assert told["float_paths"] == [["A", "B"], ["C"]]
    assert [one["sentence"] for one in told["cannot_be_kept"]] == [
        "The plan ends 2 working days after its target 2026-01-09: A → B."
    ]
    assert run(["forecast", str(path), "--trials", "50"]) == 0
    assert "2 working days after its target" in capsys.readouterr().out


def _with_calendar(folder: Path, name: str) -> Path:
    path = folder / "plan.yaml"
    path.write_text(
        f"plan: P\nstart: 2026-01-05\ncalendar: office\ncalendars: {{office: {{ics: {name}}}}}\n"
        "items:\n  - {id: A, estimate: 5}\n"
    )
    return path


def test_a_calendar_file_beside_the_plan_takes_its_days_off(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "off.ics").write_text(
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VEVENT\nUID:1\n"
        "DTSTART;VALUE=DATE:20260106\nSUMMARY:Epiphany\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    found = _json(capsys, str(_with_calendar(tmp_path, "off.ics")), "--trials", "10")
    assert found["deterministic"]["finish"] == "2026-01-12"


@pytest.mark.parametrize("name", ["../off.ics", "/etc/hosts", "plan.yaml", "sub/off.ics"])
def test_a_calendar_file_stays_beside_the_plan(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "in the folder of the plan file" in _refusal(capsys, str(_with_calendar(tmp_path, name)))


def test_a_calendar_file_that_is_not_there_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "link.ics").symlink_to("/etc/hosts")
    assert "No such file" in _refusal(capsys, str(_with_calendar(tmp_path, "gone.ics")))
    assert "in the folder" in _refusal(capsys, str(_with_calendar(tmp_path, "link.ics")))
