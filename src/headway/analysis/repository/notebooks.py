"""Notebooks: their code as Python with the lines of the file, and the order it was run in."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

#: Lines that are a notebook's own: magics, shell, help.
_MAGIC = re.compile(r"\s*(?:[%!]|\?|.*\?\s*$)")
_OTHER_LANGUAGE = re.compile(r"%%(?!time|capture|timeit)\w+")


@dataclass(frozen=True, slots=True)
class Notebook:
    """The code cells of a notebook as one text; `lines[i]` is the file's line of code line i+1.

    `counts` are the numbers its cells were run in, None for a cell that was not run.
    """

    code: str
    lines: tuple[int, ...]
    counts: tuple[int | None, ...]

    @property
    def ran_in_order(self) -> bool | None:
        """Say whether the cells ran from top to bottom; None when none was run."""
        ran = [count for count in self.counts if count is not None]
        if not ran:
            return None
        return all(before < after for before, after in zip(ran, ran[1:], strict=False))


def read_notebook(text: str) -> Notebook | None:
    """Return the code of a notebook in Python; None when the file is no such notebook."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict) or not isinstance(document.get("cells"), list):
        return None
    cells = [cell for cell in document["cells"] if _is_code(cell)]
    places = _Places(text.split("\n"))
    code: list[str] = []
    lines: list[int] = []
    for cell in cells:
        for line in _source(cell):
            lines.append(places.of(line))
            code.append(_python(line))
    return Notebook("\n".join(code), tuple(lines), tuple(_count(cell) for cell in cells))


def _is_code(cell: object) -> bool:
    return isinstance(cell, dict) and cell.get("cell_type") == "code"


def _source(cell: dict[str, object]) -> list[str]:
    source = cell.get("source", "")
    text = "".join(map(str, source)) if isinstance(source, list) else str(source)
    lines = text.split("\n")
    return [] if _OTHER_LANGUAGE.match(lines[0]) else lines


def _python(line: str) -> str:
    """Return a line with a magic turned into `pass`, at its own depth."""
    if not _MAGIC.match(line) or line.lstrip().startswith("#"):
        return line
    if line.rstrip().endswith("?") and not line.lstrip().startswith(("%", "!", "?")):
        return line if re.search(r"['\"]", line) else "pass"
    return f"{line[: len(line) - len(line.lstrip())]}pass"


def _count(cell: dict[str, object]) -> int | None:
    count = cell.get("execution_count")
    return count if isinstance(count, int) and not isinstance(count, bool) else None


class _Places:
    """Where lines of code stand in the file, each looked for after the one before it."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.at = 0

    def of(self, code: str) -> int:
        wanted = json.dumps(code, ensure_ascii=False)[1:-1]
        other = json.dumps(code)[1:-1]
        if code.strip():
            for number in range(self.at, min(len(self.lines), self.at + 5_000)):
                if wanted in self.lines[number] or other in self.lines[number]:
                    # A file on one line holds every cell there.
                    self.at = number
                    return number + 1
        return self.at + 1
