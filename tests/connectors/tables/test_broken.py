"""A corpus of broken files: each is refused with a sentence or read in part, and never crashes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.connectors.tables.tables import JIRA_EN, plan_workbook

from headway.connectors.tables import propose_mapping, read_grid, rows_of
from headway.connectors.work import WorkRead
from headway.errors import HeadwayError

GOOD = JIRA_EN.encode()
BOOK = plan_workbook()


def zipped(**parts: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return held.getvalue()


def bomb() -> bytes:
    return zipped(**{f"xl/worksheets/sheet{n}.xml": b"0" * 90_000_000 for n in range(7)})


def too_long() -> bytes:
    return b"Key,Summary\n" + b"A,B\n" * 17_000_000


#: What no table can be read from: name of the case → bytes, or what makes them: every worker
#: reads this file, and one of them needs the bomb.
REFUSED: dict[str, bytes | Callable[[], bytes]] = {
    "empty": b"",
    "only spaces": b"  \n\t\r\n ",
    "only a byte order mark": b"\xef\xbb\xbf",
    "only NULs": bytes(4_000),
    "only newlines": b"\n" * 5_000,
    "one word": b"hello",
    "one column": b"Task\nTrain\nShip\n",
    "a heading and nothing": b"Key,Summary,Due\n",
    "a heading and blanks": b"Key,Summary\n,,\n , \n",
    "a PDF": b"%PDF-1.7\n%\xe2\xe3",
    "a PNG": b"\x89PNG\r\n\x1a\n" + bytes(99),
    "a JPEG": b"\xff\xd8\xff\xe0" + bytes(99),
    "JSON": b'{"issues": []}',
    "a web page named xls": b"<html><table><tr><td>Key</td></tr></table></html>",
    "XML": b'<?xml version="1.0"?><Project/>',
    "gzip": b"\x1f\x8b\x08" + bytes(50),
    "7z": b"7z\xbc\xaf\x27\x1c",
    "a quote never closed": b'Key,Summary\nA-1,"Train\nA-2,Ship\n',
    "a quote never closed at the end": GOOD + b'X-1,"open',
    "text after a quote": b'Key,Summary\nA-1,"Train"x\n',
    "random bytes": bytes(range(256)) * 20,
    "a workbook cut in half": BOOK[: len(BOOK) // 2],
    "a workbook without its end": BOOK[:-30],
    "a workbook's first bytes": BOOK[:40],
    "a zip of nothing": zipped(),
    "a zip of text": zipped(**{"readme.txt": b"hello"}),
    "a zip of a broken book": zipped(**{"xl/workbook.xml": b"<a", "[Content_Types].xml": b""}),
    "a zip bomb": bomb,
    "a locked workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000),
    "an old workbook's first bytes": b"\xd0\xcf\x11\xe0",
    "UTF-16 with half a letter": "Key,Summary\nA,B\n".encode("utf-16") + b"\x00",
    "UTF-32 cut": "Key,Summary\nA,B\n".encode("utf-32")[:-2],
    "more columns than read": (
        ",".join(f"c{n}" for n in range(1_500)) + "\n" + "1," * 1_500
    ).encode(),
    "a cell longer than cells are": b"Key,Summary\nA-1," + b"x" * 200_000 + b"\n",
    "more bytes than are read": too_long,
    "more rows than are read": b"Key,Summary\n" + b"A,B\n" * 201_000,
}
#: What is damaged and still holds items: all that can be read is, the rest has its line.
READ: dict[str, bytes] = {
    "no newline at the end": GOOD.rstrip(b"\n"),
    "old line ends": GOOD.replace(b"\n", b"\r"),
    "windows line ends": GOOD.replace(b"\n", b"\r\n"),
    "mixed line ends": GOOD.replace(b"\n", b"\r\n", 3),
    "sep= first": b"sep=;\nKey;Summary\nA-1;Train\n",
    "blank lines between": GOOD.replace(b"\n", b"\n\n\n"),
    "a mark in the middle": b"Key,Summary\n\xef\xbb\xbfA-1,Train\n",
    "no-break spaces": "Key,Summary\nA-1,\u00a0Train\u00a0\n".encode(),
    "zero-width letters": "Key,Summ\u200bary\nA-1,Tr\u200bain\n".encode(),
    "right-to-left marks": "Key,Summary\n\u202eA-1,Train\n".encode(),
    "control letters": b"Key,Summary\nA-1,Tr\x07\x1bain\n",
    "short rows": b"Key,Summary,Due\nA-1,Train\nA-2\n",
    "long rows": b"Key,Summary\nA-1,Train,x,y,z\n",
    "repeated headings": b"Key,Summary,Summary,Summary\nA-1,Train,b,c\n",
    "empty headings": b"Key,,Summary,\nA-1,x,Train,y\n",
    "every row twice": GOOD + b"\n".join(GOOD.split(b"\n")[1:]),
    "the heading again below": GOOD + GOOD.split(b"\n")[0] + b"\n",
    "dates of nowhere": b"Key,Summary,Due date\nA-1,Train,31/31/2026\nA-2,Ship,0000-00-00\n",
    "dates of other ages": b"Key,Summary,Due date\nA-1,Train,1026-01-01\nA-2,Ship,9999-12-31\n",
    "a finish before the start": b"Key,Summary,Start date,Due date\nA-1,T,2026-05-01,2026-04-01\n",
    "negative lengths": b"Key,Summary,Duration\nA-1,Train,-5\n",
    "lengths of nowhere": b"Key,Summary,Duration\nA-1,Train,NaN\nA-2,Ship,Infinity\n",
    "enormous lengths": b"Key,Summary,Duration\nA-1,Train,1e308\n",
    "a range backwards": b"Key,Summary,Min,Estimate,Max\nA-1,Train,9,5,1\n",
    "a wait for itself": b"Key,Summary,Predecessors\nA-1,Train,A-1\n",
    "a circle of waits": b"Key,Summary,Predecessors\nA-1,Train,A-2\nA-2,Ship,A-1\n",
    "a wait for nobody": b"Key,Summary,Predecessors\nA-1,Train,Z-9\n",
    "a parent of itself": b"Key,Summary,Parent\nA-1,Train,A-1\n",
    "a circle of parents": b"Key,Summary,Parent\nA-1,Train,A-2\nA-2,Ship,A-1\n",
    "nonsense lags": b"Key,Summary,Predecessors\nA-1,Train,\nA-2,Ship,A-1FS+banana\n",
    "a formula as a name": b"Key,Summary\nA-1,=HYPERLINK(1)\n",
    "a script as a name": b"Key,Summary\nA-1,<script>alert(1)</script>\n",
    "a very long name": b"Key,Summary\nA-1," + b"x" * 100_000 + b"\n",
    "a very long key": b"Key,Summary\n" + b"k" * 5_000 + b",Train\n",
    "a key with slashes": b"Key,Summary\n../../etc/passwd,Train\n",
    "latin letters of 1252": "Key,Summary\nA-1,Prüfung ‚Größe‘\n".encode("cp1252"),
    "a sum below": b"Task,Days\nTrain,3\nTotal,3\n",
    "text in a column of numbers": b"Task,Days\nTrain,three\nShip,2\n",
    "percent of all sorts": b"Task,% complete\nA,100%\nB,0.5\nC,-4\nD,x\n",
    "tabs": b"Key\tSummary\nA-1\tTrain\n",
    "pipes": b"Key|Summary\nA-1|Train\n",
}


def read(data: bytes, name: str = "file.csv") -> WorkRead:
    grid = read_grid(data, name)
    return rows_of(grid, propose_mapping(grid)[0])


def test_the_corpus_is_as_large_as_was_promised() -> None:
    assert len(REFUSED) + len(READ) >= 60


def broken(case: str) -> bytes:
    """Return a file of REFUSED; the large ones are made only when they are asked for."""
    held = REFUSED[case]
    return held if isinstance(held, bytes) else held()


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_table_is_refused_with_a_sentence(case: str) -> None:
    with pytest.raises(HeadwayError) as caught:
        read(broken(case))
    sentence = str(caught.value)
    assert sentence.startswith("file.csv")
    assert sentence.endswith(".")
    assert len(sentence) < 400


@pytest.mark.parametrize("case", READ)
def test_what_is_damaged_is_read_as_far_as_it_goes(case: str) -> None:
    found = read(READ[case])
    assert found.rows
    assert found.read >= len(found.rows) + len(found.skipped) - 1
    for row in found.rows:
        assert row.where.startswith("line ")
        assert 0 < len(row.key) <= 60
        assert 0 < len(row.name) <= 300
        assert row.estimate is None or 0 <= row.estimate <= 10_000


@given(st.binary(max_size=400))
@settings(max_examples=200)
def test_no_bytes_crash_the_reader(data: bytes) -> None:
    with suppress(HeadwayError):
        read(b"Key,Summary\n" + data)


@given(st.lists(st.lists(st.text(max_size=12), min_size=2, max_size=5), min_size=1, max_size=8))
@settings(max_examples=200)
def test_no_cells_crash_the_reader(rows: list[list[str]]) -> None:
    import csv

    held = io.StringIO()
    csv.writer(held).writerows([["Key", "Summary", "Due", "Duration", "Predecessors"], *rows])
    with suppress(HeadwayError):
        read(held.getvalue().encode("utf-8", "replace"))
