"""Claims about workbooks that are far larger inside: refused before anything is unpacked."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.connectors.tables.tables import plan_workbook, workbook

from headway.connectors.tables import propose_mapping, read_grid, rows_of
from headway.errors import Invalid

_MB = 1024 * 1024
SHEET = "xl/worksheets/sheet1.xml"


def packed(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a plan's workbook with these parts besides, or in place of its own."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plan_workbook())) as good, zipfile.ZipFile(held, "w") as made:
        for one in good.infolist():
            if one.filename not in parts:
                made.writestr(one, good.read(one))
        for name, content in parts.items():
            made.writestr(name, content, method)
    return held.getvalue()


def claiming(size: int) -> bytes:
    """Return a workbook whose directory claims that its sheet unpacks to `size` bytes."""
    with zipfile.ZipFile(io.BytesIO(plan_workbook())) as good:
        true = good.getinfo(SHEET).file_size
    return plan_workbook().replace(struct.pack("<L", true), struct.pack("<L", size))


def lying() -> bytes:
    """Return a workbook whose sheet unpacks to 40 MB where every word of it says 5,000 bytes."""
    long = (
        b'<row r="9"><c r="A9" t="inlineStr"><is><t>' + b"x" * (40 * _MB) + b"</t></is></c></row>"
    )
    with zipfile.ZipFile(io.BytesIO(plan_workbook())) as good:
        sheet = good.read(SHEET).replace(b"</sheetData>", long + b"</sheetData>")
    whole = packed({SHEET: sheet})
    return whole.replace(struct.pack("<L", len(sheet)), struct.pack("<L", 5_000))


def nested() -> bytes:
    """Return a workbook that holds a workbook that holds one, each of zeros."""
    inner = packed({"a.bin": bytes(30 * _MB)})
    for _ in range(3):
        inner = packed({"inner.zip": inner, "b.bin": bytes(5 * _MB)})
    return inner


BOMBS: dict[str, Callable[[], bytes]] = {
    "300 MB of zeros": lambda: packed({"xl/media/zeros.bin": bytes(300 * _MB)}),
    "a sheet of zeros": lambda: packed({SHEET: bytes(60 * _MB)}),
    "strings of one letter": lambda: packed({"xl/sharedStrings.xml": b"x" * (20 * _MB)}),
    "many parts of 30 MB each": lambda: packed({f"xl/{n}.bin": bytes(30 * _MB) for n in range(8)}),
    "10,000 parts": lambda: packed({f"xl/{n}.xml": b"" for n in range(10_000)}),
    "2,001 parts": lambda: packed({f"xl/{n}.xml": b"<a/>" for n in range(2_001)}),
    "zips within zips": nested,
    "a claim of 4 GB": lambda: claiming(2**32 - 1),
    "a claim of 1 GB": lambda: claiming(2**30),
    "a directory that lies": lying,
}
#: What is no bomb, whatever it is called.
HARMLESS: dict[str, Callable[[], bytes]] = {
    "a path that climbs": lambda: packed({"../../../../tmp/headway-climbed": b"x"}),
    "a path from the root": lambda: packed({"/tmp/headway-climbed": b"x"}),
    "a path of Windows": lambda: packed({"..\\..\\headway-climbed": b"x"}),
    "a little part of zeros": lambda: packed({"xl/a.bin": bytes(3 * _MB)}),
    "a part that is not packed": lambda: packed({"xl/a.bin": bytes(9 * _MB)}, zipfile.ZIP_STORED),
    "an empty part": lambda: packed({"xl/a.bin": b""}),
}

#: Reads each file that is named and prints by how many MB the memory grew at most.
READER = """
import sys
from headway.connectors.tables import read_grid
from headway.errors import Invalid
import python_calamine

def peak():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if "VmHWM" in line)

before = peak()
for name in sys.argv[1:]:
    with open(name, "rb") as file:
        data = file.read()
    try:
        read_grid(data, name)
    except Invalid:
        continue
    raise SystemExit(f"{name} was read")
print((peak() - before) // 1024)
"""


@pytest.mark.parametrize("case", BOMBS)
def test_a_bomb_is_refused_with_a_sentence(case: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_grid(BOMBS[case](), "plan.xlsx")
    assert str(caught.value).startswith("plan.xlsx ")
    assert str(caught.value).endswith(".")


def test_no_bomb_makes_memory_grow_or_leaves_a_file(tmp_path: Path) -> None:
    names = []
    for number, make in enumerate(BOMBS.values()):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(make())
        names.append(str(path))
    done = subprocess.run(
        [sys.executable, "-c", READER, *names], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 100
    assert len(list(tmp_path.iterdir())) == len(BOMBS)


@pytest.mark.parametrize("case", HARMLESS)
def test_what_is_no_bomb_is_read_and_no_name_in_it_becomes_a_file(case: str) -> None:
    grid = read_grid(HARMLESS[case](), "plan.xlsx")
    assert rows_of(grid, propose_mapping(grid)[0]).rows
    assert not Path("/tmp/headway-climbed").exists()  # noqa: S108 - it is not to be there


def test_a_large_workbook_of_like_rows_is_no_bomb() -> None:
    rows = [["Key", "Summary", "State"]]
    rows += [[f"A-{number}", "Label the batch", "Done"] for number in range(20_000)]
    grid = read_grid(workbook(rows), "plan.xlsx")
    assert len(grid.rows) == 20_000
