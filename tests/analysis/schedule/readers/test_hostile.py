"""Files as other machines and ill will write them: bytes, line ends, size, loops."""

from __future__ import annotations

import codecs
import time

import pytest

from headway.analysis.schedule.readers import read_plan
from headway.errors import Invalid

HEADER = "id,name,optimistic,most_likely,pessimistic,after\n"
YAML = """\
plan: Prüfung
calendar: none
items:
  - {id: A, estimate: [1, 2, 3]}
  - {id: B, estimate: 1, after: [A]}
"""
CSV = HEADER + "A,Prüfung,1,2,3,\nB,,,1,,A\n"


def _sentences(data: bytes, name: str) -> str:
    with pytest.raises(Invalid) as caught:
        read_plan(data, name)
    return "\n".join(
        [str(caught.value), *(f"{p.where}: {p.sentence}" for p in caught.value.problems)]
    )


@pytest.mark.parametrize(("text", "name"), [(YAML, "plan.yaml"), (CSV, "plan.csv")])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_windows_files_are_the_same_plan(text: str, name: str, end: str, mark: bytes) -> None:
    read = read_plan(mark + text.replace("\n", end).encode(), name)
    assert read == read_plan(text.encode(), name)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "latin-1", "cp1252"])
@pytest.mark.parametrize(("text", "name"), [(YAML, "plan.yaml"), (CSV, "plan.csv")])
def test_another_encoding_is_named_with_its_line(text: str, name: str, encoding: str) -> None:
    told = _sentences(text.encode(encoding), name)
    assert "is not UTF-8; save the file as UTF-8" in told
    assert f"{name}, line " in told


@pytest.mark.parametrize("name", ["plan.yaml", "plan.csv"])
@pytest.mark.parametrize("data", [b"", b"\n\n", codecs.BOM_UTF8, b" \r\n\t", b"\0", b"\0\0plan: P"])
def test_an_empty_or_binary_file_is_a_sentence(name: str, data: bytes) -> None:
    assert name in _sentences(data, name)


@pytest.mark.parametrize("value", ["nan", "NaN", "inf", "-inf", "1e999", "0x10", "--1", "1 2"])
def test_what_is_no_finite_number_is_refused_in_a_cell(value: str) -> None:
    assert "item A, line 2" in _sentences((HEADER + f"A,,,{value},,\n").encode(), "plan.csv")


def test_a_duplicate_id_is_named_at_its_second_line() -> None:
    told = _sentences((HEADER + "A,,,1,,\nB,,,1,,\nA,,,2,,\n").encode(), "plan.csv")
    assert "line 4" in told
    assert "'A'" in told


def test_a_long_loop_is_told_as_a_path() -> None:
    rows = "".join(f"i{n},,,1,,i{(n + 1) % 50}\n" for n in range(50))
    told = _sentences((HEADER + rows).encode(), "plan.csv")
    assert "waits for itself: " in told
    assert told.count("→") >= 50


def test_all_faults_of_a_table_come_at_once() -> None:
    rows = "A,,9,5,7,\nB,,,1,,Q\nC,,,x,,\n,,,1,,\n"
    told = _sentences((HEADER + rows).encode(), "plan.csv")
    for line in (2, 3, 4, 5):
        assert f"line {line}" in told


def test_a_hundred_thousand_lines_are_refused_with_the_bound_and_soon() -> None:
    rows = "".join(f"i{n},,,1,,i{n - 1}\n" for n in range(1, 100_000))
    begin = time.process_time()
    told = _sentences((HEADER + "i0,,,1,,\n" + rows).encode(), "plan.csv")
    assert "100,000 items; the most is 20,000" in told
    assert time.process_time() - begin < 5


def test_a_chain_as_long_as_allowed_is_read_without_recursion() -> None:
    rows = "".join(f"i{n},,,1,,i{n - 1}\n" for n in range(1, 20_000))
    plan = read_plan((HEADER + "i0,,,1,,\n" + rows).encode(), "plan.csv")
    assert len(plan.items) == 20_000


@pytest.mark.parametrize(
    "bomb",
    [
        "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nitems: *c\n",
        "plan: P\n<<: *a\n",
        "plan: !!python/object/apply:os.system [exit]\n",
        "plan: !!binary aGk=\n",
        "plan: " + "{a: " * 2_000 + "1" + "}" * 2_000,
        "? [a, b]\n: c\n",
    ],
)
def test_a_bomb_is_refused_before_it_grows(bomb: str) -> None:
    begin = time.process_time()
    assert "line 1" in _sentences(bomb.encode(), "plan.yaml") or "line 2" in _sentences(
        bomb.encode(), "plan.yaml"
    )
    assert time.process_time() - begin < 2


def test_a_formula_in_a_name_is_only_a_name() -> None:
    name = "=HYPERLINK(1)"
    plan = read_plan((HEADER + f"A,{name},,1,,\n").encode(), "plan.csv")
    assert plan.items[0].name == name


def test_a_quote_that_never_closes_does_not_swallow_the_rows_below() -> None:
    told = _sentences((HEADER + 'A,"open,,1,,\nB,,,1,,\n').encode(), "plan.csv")
    assert "is not CSV: unexpected end of data" in told
