"""A table that somebody's spreadsheet wrote, as the analyses read one: CSV with commas."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from headway.connectors.tables.text import decoded, lines_of, separator_of
from headway.interfaces.cli.output import say
from headway.interfaces.cli.place import read_file

_MOST_LINES = 1_000_000


def read_csv(path: Path) -> str:
    """Return a text table with commas, whatever its encoding and separator; a guess is said.

    Lines keep their numbers. Raises Invalid for what is no text, or no table.
    """
    text, guess = decoded(read_file(path), path.name)
    if guess:
        say(f"Note: {guess}")
    if separator_of(text) == ",":
        return text
    out = io.StringIO()
    lines = lines_of(text, path.name, _MOST_LINES)
    out.write("\n" * (lines[0][0] - 1 if lines else 0))
    csv.writer(out, lineterminator="\n").writerows(cells for _, cells in lines)
    return out.getvalue()
