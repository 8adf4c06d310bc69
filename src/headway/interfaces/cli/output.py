"""What a command prints: one JSON document, or text that is readable in a terminal and in a pipe.

Data goes to stdout, messages to stderr. On a terminal tables are drawn by rich, which obeys
NO_COLOR; in a pipe they are plain columns without colour or ruling. What files hold is told with
them, so no character that steers a terminal or turns its writing around gets through.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

Row = Sequence[str]

_STEERING = (*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_HARMLESS = {code: "\ufffd" for code in _STEERING if chr(code) not in "\t\n\r"}


def harmless(text: str) -> str:
    """Return a text without what steers the terminal that it is printed on."""
    return text.translate(_HARMLESS)


def print_json(document: object) -> None:
    """Print one JSON document. NaN and infinity are refused: no value is null."""
    print(json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2))


def print_line(text: str = "") -> None:
    """Print a line of data on stdout."""
    print(harmless(text))


def say(text: str) -> None:
    """Print a message on stderr, where it does not mix with data."""
    print(harmless(text), file=sys.stderr)


def print_table(title: str, headers: Row, rows: Sequence[Row], *, numbers: Row = ()) -> None:
    """Print a table; the columns named in `numbers` are flush right. Without rows, nothing."""
    if not rows:
        return
    if sys.stdout.isatty():
        _print_rich(title, headers, rows, numbers)
    else:
        _print_plain(title, headers, rows, numbers)


def _print_rich(title: str, headers: Row, rows: Sequence[Row], numbers: Row) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(title), title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for header in headers:
        table.add_column(Text(header), justify="right" if header in numbers else "left")
    for row in rows:
        table.add_row(*(Text(harmless(cell)) for cell in row))
    Console().print(table)


def _print_plain(title: str, headers: Row, rows: Sequence[Row], numbers: Row) -> None:
    widths = [max(map(len, column)) for column in zip(headers, *rows, strict=True)]
    print(f"\n{title}")
    for row in (headers, *rows):
        cells = [
            cell.rjust(width) if header in numbers else cell.ljust(width)
            for header, cell, width in zip(headers, row, widths, strict=True)
        ]
        print(harmless("  ".join(cells)).rstrip())
