"""PSPLIB files: the jobs with their numbers, and every broken line by name."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.analysis.schedule.plan import Estimate, Link
from headway.analysis.schedule.readers import read_plan
from headway.errors import Invalid

FOLDER = Path(__file__).parents[4].parent / "shared" / "data" / "psplib"
SMALL = """\
************************************************************************
projects                      :  1
jobs (incl. supersource/sink ):  4
horizon                       :  9
RESOURCES
  - renewable                 :  2   R
  - nonrenewable              :  0   N
  - doubly constrained        :  0   D
************************************************************************
PRECEDENCE RELATIONS:
jobnr.    #modes  #successors   successors
   1        1          2           2   3
   2        1          1           4
   3        1          1           4
   4        1          0
************************************************************************
REQUESTS/DURATIONS:
jobnr. mode duration  R 1  R 2
------------------------------------------------------------------------
  1      1     0       0    0
  2      1     3       2    0
  3      1     6       1    4
  4      1     0       0    0
************************************************************************
RESOURCEAVAILABILITIES:
  R 1  R 2
    2    4
************************************************************************
"""


def test_jobs_keep_their_numbers_and_the_dummies_stay():
    plan = read_plan(SMALL.encode(), "small.sm")
    assert [item.id for item in plan.items] == ["1", "2", "3", "4"]
    assert plan.calendar is None
    assert plan.items[0].estimate == Estimate.certain(0.0)
    assert plan.items[2].estimate == Estimate.certain(6.0)
    assert plan.items[3].after == (Link("2"), Link("3"))
    assert plan.items[2].needs == {"R1": 1.0, "R2": 4.0}
    assert [(resource.name, resource.capacity) for resource in plan.resources] == [
        ("R1", 2.0),
        ("R2", 4.0),
    ]


def test_windows_line_ends_and_a_byte_order_mark_are_read_too():
    data = b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode()
    assert read_plan(data, "SMALL.SM").items == read_plan(SMALL.encode(), "small.sm").items


FOLLOWED = "2        1          1           4"
ASKED = "2      1     3       2    0"


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    [
        (FOLLOWED, "2  1  2  4", 13, "Job 2 announces 2 successors and lists 1."),
        (FOLLOWED, "2  3  1  4", 13, "Job 2 has 3 modes"),
        (FOLLOWED, "1  1  1  4", 13, "Job 1 has a second row"),
        (FOLLOWED, "2  1  1  9", 13, "Job 9 follows others and has no duration"),
        (ASKED, "2  1  3  2", 21, "Job 2 has 1 requests for 2 resources"),
        (ASKED, "2  1  -3  2  0", 21, "something other than whole numbers"),
        (ASKED, "2  1  3e9  2  0", 21, "something other than whole numbers"),
        ("    2    4\n", "    2\n", 27, "There are 2 renewable resources and 1 capacities here."),
        ("/sink ):  4", "/sink ):  5", 12, "announces 5 jobs and relates 4"),
        (FOLLOWED, "2  1  1  2", None, "waits for itself"),
        (ASKED, "3  1  3  2  0", None, "3"),
    ],
)
def test_each_broken_line_is_named(old, new, line, sentence):
    assert SMALL.count(old) == 1
    with pytest.raises(Invalid) as caught:
        read_plan(SMALL.replace(old, new).encode(), "small.sm")
    found = [f"{problem.where}: {problem.sentence}" for problem in caught.value.problems]
    place = "" if line is None else f"line {line}:"
    assert any(sentence in text and place in text for text in found), found


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("RESOURCEAVAILABILITIES:", "RESOURCES:", "nothing under 'RESOURCEAVAILABILITIES:'"),
        ("jobs (incl", "tasks (incl", "nothing under 'jobs"),
        ("/sink ):  4", "/sink ):  400000000", "400,000,000 jobs"),
        (":  2   R", ":  2000000  R", "2,000,000 resources"),
        ("nonrenewable              :  0", "nonrenewable              :  2", "only renewable ones"),
    ],
)
def test_what_cannot_be_a_plan_is_refused_as_a_whole(old, new, sentence):
    with pytest.raises(Invalid, match=sentence.replace("(", r"\(")):
        read_plan(SMALL.replace(old, new).encode(), "small.sm")


@given(st.integers(0, len(SMALL)), st.integers(0, 40), st.text(max_size=30))
def test_a_damaged_file_is_read_or_refused_and_never_breaks(begin, length, text):
    damaged = SMALL[:begin] + text + SMALL[begin + length :]
    try:
        plan = read_plan(damaged.encode("utf-8", "replace"), "damaged.sm")
    except Invalid:
        return
    assert plan.items


def test_every_file_of_the_library_is_read():
    if not FOLDER.exists():
        pytest.skip(f"No PSPLIB files at {FOLDER}: they carry no licence, so none are kept here.")
    names = [
        row["problem"] for row in csv.DictReader((FOLDER / "bounds.csv").read_text().splitlines())
    ]
    assert names
    for name in names:
        plan = read_plan((FOLDER / f"{name}.sm").read_bytes(), f"{name}.sm")
        assert len(plan.items) == int(name[1:4] if name[1:4] == "120" else name[1:3]) + 2
        assert len(plan.resources) == 4
