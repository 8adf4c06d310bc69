"""A table that somebody's spreadsheet wrote or is, as the analyses read one: CSV with commas."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from headway.connectors.tables.sheets import sheet_lines
from headway.connectors.tables.text import decoded, lines_of, separator_of
from headway.interfaces.cli.output import say
from headway.interfaces.cli.place import read_file

_MOST_LINES = 1_000_000
#: How workbooks begin: XLSX and ODS, XLS.
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def read_csv(path: Path) -> str:
    """Return a table with commas, whatever its encoding and separator; a guess is said.

    Of a workbook it is the fullest sheet. Lines keep their numbers. Raises Invalid for what is no
    text, or no table.
    """
    data = read_file(path)
    if data.startswith(_WORKBOOKS):
        sheet, names, lines = sheet_lines(data, path.name)
        if len(names) > 1:
            say(f"Note: {path.name} has {len(names)} sheets; read was “{sheet}”, the fullest.")
        return _with_commas(lines)
    text, guess = decoded(data, path.name)
    if guess:
        say(f"Note: {guess}")
    if separator_of(text) == ",":
        return text
    return _with_commas(lines_of(text, path.name, _MOST_LINES))


def _with_commas(lines: Sequence[tuple[int, list[str]]]) -> str:
    out, written = io.StringIO(), 0
    writer = csv.writer(out, lineterminator="\n")
    for number, cells in lines:
        out.write("\n" * (number - written - 1))
        writer.writerow(cells)
        written = number
    return out.getvalue()
