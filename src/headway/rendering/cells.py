"""Text in the cells of tables that leave Headway: no spreadsheet computes any of it.

One rule for every table that is written: CSV, XLSX, PPTX, Markdown (OWASP ASVS 1.2.10).
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence

#: What a spreadsheet takes for the beginning of a formula; full-width forms stand for these.
_BEGINS = frozenset("=+-@")
#: What it skips, or is misled by, in front of one.
_HIDES = frozenset("\t\r\n\0")
#: A number, alone or with its unit in words: "-3", "+1,204.5", "-12 %", "+4 working days".
_NUMBER = re.compile(r"[-+]?(\d[\d,]*\.?\d*|\.\d+)([eE][-+]?\d+)?(\s?%|(\s[A-Za-z]+)*)")


def is_live(text: str) -> bool:
    """Say whether a spreadsheet might compute `text`, or begins to where it is edited."""
    if text[:1] in _HIDES:
        return True
    first = unicodedata.normalize("NFKC", text.lstrip()[:1])
    return first in _BEGINS and len(text.strip()) > 1 and not _NUMBER.fullmatch(text.strip())


def visible(text: str) -> str:
    """Return `text` without the control signs that no cell shows."""
    return "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) != "Cc")


def disarmed(text: str) -> str:
    """Return `text` as a cell may hold it: an apostrophe in front of what would be computed."""
    return f"'{visible(text)}" if is_live(text) else visible(text)


def restored(text: str) -> str:
    """Return a cell's text as it was before it was `disarmed`."""
    return text[1:] if text.startswith("'") and is_live(text[1:]) else text


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """Return rows as CSV, each cell of text disarmed; numbers are written as they are."""
    held = io.StringIO()
    write = csv.writer(held).writerow
    for row in rows:
        write([disarmed(cell) if isinstance(cell, str) else cell for cell in row])
    return held.getvalue()
