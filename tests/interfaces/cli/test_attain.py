"""`headway attain` as people and pipelines call it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Said = Callable[..., Any]

RUNS = """date,recall,digest,labels,rows
2026-08-06,0.757,d1,120,540
2026-08-24,0.853,d1,240,540
2026-09-18,0.948,d1,480,540
2026-09-20,,d1,480,540
2026-10-15,0.955,d1,640,540
2026-11-05,0.957,d1,800,540
"""
ASKED = ("--metric", "recall", "--target", "0.97", "--time", "date", "--eval", "digest")


@pytest.fixture
def runs(tmp_path: Path) -> str:
    path = tmp_path / "runs.csv"
    path.write_text(RUNS)
    return str(path)


def test_the_document_is_that_of_the_published_schema(answered: Said, runs: str) -> None:
    more = ("--effort", "labels", "--size", "rows", "--backtest", "1", "--by", "2027-05-07")
    document = answered("attain", runs, *ASKED, *more, schema="attain")
    assert (document["best"], document["method"], document["plateau"]) == (
        0.957,
        "learning curve",
        False,
    )
    assert "2027-05-07" in document["p_reached_by"]
    assert document["when"]["p50"] > "2026-11-05"
    assert document["notes"][0] == "1 runs have no recall and were left out."


def test_people_read_the_sentence_first(asked: Said, runs: str) -> None:
    code, out, err = asked(f"attain {runs} {' '.join(ASKED)} --backtest 2")
    assert code == 0
    assert out.startswith("0.97 is reached at P50 ")
    assert "Without the last 2 runs the band was" in out
    assert "Note: No standard error is known" in err


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("--time when", "has no column 'when'"),
        ("--as-of soon", "--as-of is 'soon'; write a day"),
        ("--draws 3", "--draws is 3"),
        ("--pace 0", "--pace is 0"),
        ("--effort digest", "digest is 'd1'; write a number"),
        ("--ideal nan", "--ideal is nan"),
        ("--ahead 4e6", "days of the calendar are told up to 36,500"),
        ("--by 9999-12-31", "--by is '9999-12-31'; write a day of 1900 to 2200"),
    ],
)
def test_a_bad_question_is_named(asked: Said, runs: str, more: str, said: str) -> None:
    code, _, err = asked(f"attain {runs} {' '.join(ASKED)} {more}")
    assert code == 2
    assert said in err
