"""A file as the bills' reader takes it: sized, unpacked, its sort and its header found.

Nothing is parsed before it is known to be of a size that may be: gz is unpacked up to a limit, the
columns are counted on the heading alone, a workbook is judged by its directory.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import hashlib
import io
import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from headway.connectors.focus.dialects import TABLE_WORDS, known_names, plain
from headway.connectors.tables.sheets import sheet_lines
from headway.connectors.tables.text import decoded
from headway.errors import Invalid

#: What a packed file may unpack to, how many times its own size from `_LARGE` on, and documents.
MOST_BYTES = 8 * 1024**3
MOST_RATIO = 200
MOST_DOCUMENT = 128 * 1024**2
MOST_COLUMNS = 1_000
_LARGE = 32 * 1024**2
#: Of the beginning of a text in which the header is looked for; a longer line is no header.
_HEAD = 512 * 1024
_DEEPEST = 60
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Opened:
    """A file ready to be read: `kind` is csv, parquet, json or lines.

    Of csv and lines: the `header`, the line it ends on, and what stands above it. Lines are CSV
    that we wrote, each row after the number of its line; `long` are those with too many cells.
    """

    kind: str
    path: Path
    name: str
    digest: str
    header: tuple[str, ...] = ()
    skip: int = 0
    separator: str = ","
    preamble: tuple[tuple[int, tuple[str, ...]], ...] = ()
    long: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()


def open_file(path: Path, name: str, folder: Path, headings: Collection[str] = ()) -> Opened:
    """Return `path` ready to be read; what has to be unpacked or converted goes into `folder`.

    `headings` are those a mapping names. Raises Invalid for what is empty, too large, broken or no
    table.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            mark = file.read(8)
    except OSError as error:
        sentence = f"{name} can't be read: {error.strerror}. Name a file that is there."
        raise Invalid(sentence) from None
    if not size:
        sentence = f"{name} is empty; export the bill again."
        raise Invalid(sentence)
    if mark.startswith(b"\x1f\x8b"):
        path = _unpacked(path, name, folder / "unpacked")
        with path.open("rb") as file:
            mark = file.read(8)
    if mark.startswith(b"PAR1"):
        return Opened("parquet", path, name, _told(path, name)[0])
    if mark.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _sheet(path, name, folder, headings)
    told = _told(path, name)
    if mark.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        _require_document(path, name)
        return Opened("json", path, name, told[0])
    return _text(path, name, folder, headings, told)


def _text(
    path: Path,
    name: str,
    folder: Path,
    headings: Collection[str],
    told: tuple[str, bool, bool, bool],
) -> Opened:
    """Return a text table, in UTF-8 and with one way to end a line."""
    digest, is_utf8, is_mixed, is_odd = told
    notes: tuple[str, ...] = ()
    if not is_utf8:
        path, notes = _recoded(path, name, folder)
    found = _table(path, name, digest, notes, headings)
    if is_odd or not is_utf8:
        _require_closed_quotes(found)
    return _relined(found, folder) if is_mixed or found.preamble else found


def _unpacked(path: Path, name: str, target: Path) -> Path:
    """Write what a gz holds to `target`, up to what is taken."""
    packed, written = path.stat().st_size, 0
    try:
        with gzip.open(path) as source, target.open("wb") as file:
            while chunk := source.read(_CHUNK):
                written += len(chunk)
                if written > MOST_BYTES or written > max(_LARGE, packed * MOST_RATIO):
                    sentence = (
                        f"{name} unpacks to more than {written // _CHUNK:,} MB from "
                        f"{packed:,} bytes; at most {MOST_RATIO} times its size is read. Send it "
                        "unpacked, or in parts."
                    )
                    raise Invalid(sentence)
                file.write(chunk)
    except (OSError, EOFError, zlib.error):
        sentence = f"{name} is not a whole gz file; copy or export it again."
        raise Invalid(sentence) from None
    if not written:
        sentence = f"{name} is empty inside; export the bill again."
        raise Invalid(sentence)
    return target


def _told(path: Path, name: str) -> tuple[str, bool, bool, bool]:
    """Return the digest of a file's bytes; whether they are UTF-8, end lines in two ways, and
    hold an odd number of quotes.
    """
    found, decoder = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")()
    is_utf8, newlines, returns, quotes, size = True, 0, 0, 0, 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            size += len(chunk)
            found.update(chunk)
            newlines += chunk.count(b"\n")
            returns += chunk.count(b"\r")
            quotes += chunk.count(b'"')
            if is_utf8:
                try:
                    decoder.decode(chunk)
                    is_utf8 = b"\0" not in chunk
                except UnicodeDecodeError:
                    is_utf8 = False
    if size > MOST_BYTES:
        sentence = f"{name} has {size:,} bytes; at most {MOST_BYTES:,} are read. Send it in parts."
        raise Invalid(sentence)
    return found.hexdigest(), is_utf8, returns not in (0, newlines), quotes % 2 == 1


def _require_document(path: Path, name: str) -> None:
    size = path.stat().st_size
    if size > MOST_DOCUMENT:
        sentence = (
            f"{name} is JSON of {size:,} bytes; at most {MOST_DOCUMENT:,} are read. Export a "
            "shorter span, or CSV."
        )
        raise Invalid(sentence)


def _recoded(path: Path, name: str, folder: Path) -> tuple[Path, tuple[str, ...]]:
    """Return a text in UTF-8, made of one in another encoding."""
    _require_document(path, name)
    text, guess = decoded(path.read_bytes(), name)
    target = folder / "recoded.csv"
    target.write_text(text.removeprefix("\ufeff"), encoding="utf-8", newline="")
    return target, (guess,) if guess else ()


def _table(
    path: Path,
    name: str,
    digest: str,
    notes: tuple[str, ...],
    headings: Collection[str],
) -> Opened:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    text = head.decode("utf-8", "ignore").removeprefix("\ufeff")
    found = None
    for separator in ",;\t|":
        rows = _first_rows(text, separator)
        place, score = _header_place([cells for _, cells in rows], headings)
        if score and (found is None or score > found[0]):
            found = (score, separator, rows, place)
    if found is None:
        raise Invalid(no_header(name))
    _, separator, rows, place = found
    ends, header = rows[place]
    above = tuple((end, tuple(cells)) for end, cells in rows[:place] if any(cells))
    told = named_once(header, name)
    return Opened("csv", path, name, digest, told, ends, separator, above, (), notes)


def _require_closed_quotes(found: Opened) -> None:
    """Refuse a table in which a quote opens and never closes: all below would be one cell of it."""
    begins = 1
    with found.path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=found.separator, strict=True)
        try:
            for _ in reader:
                begins = reader.line_num + 1
        except csv.Error:
            sentence = (
                f"{found.name}, line {begins}: a quote opens there and is not closed as CSV asks "
                "for, so that rows below it would be in no sum. Correct it there."
            )
            raise Invalid(sentence) from None


def _relined(opened: Opened, folder: Path) -> Opened:
    """Return a text table written anew with its lines' numbers: one way to end a line, no preamble.

    DuckDB wants one way to end a line in all of a file, and what people put above a table rarely
    keeps to it.
    """
    with opened.path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=opened.separator)
        return _written(opened, _numbered(reader, opened.skip), folder)


def _numbered(reader: Any, skip: int) -> Iterator[tuple[int, list[str]]]:  # noqa: ANN401
    """Yield the rows below line `skip`, each with the line it begins on."""
    begins = 1
    try:
        for cells in reader:
            if begins > skip and cells:
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error:  # a cell beyond what a cell may hold: the row is told as empty
        yield begins, ["(it cannot be read)"]


def _written(opened: Opened, rows: Iterable[tuple[int, list[str]]], folder: Path) -> Opened:
    """Write rows as lines; return what was opened with them in the file's place."""
    target, long, width = folder / "lines.csv", [], len(opened.header)
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        for line, cells in rows:
            if any(cells[width:]):
                long.append(line)
                continue
            told = [cell.replace("\r", " ") for cell in cells[:width]]
            writer.writerow([line, *told, *[""] * (width - len(told))])
    return replace(opened, kind="lines", path=target, long=tuple(long))


def no_header(name: str) -> str:
    """Return the sentence for a file in which no header was found."""
    return (
        f"{name} has no header of a bill: no row among the first {_DEEPEST} names the columns of "
        "FOCUS, AWS CUR, Azure or GCP, nor an amount and a date. Say with a mapping which column "
        "holds what."
    )


def _first_rows(text: str, separator: str) -> list[tuple[int, list[str]]]:
    """Return the first rows, each with the line it ends on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[tuple[int, list[str]]] = []
    try:
        for cells in islice(reader, _DEEPEST):
            rows.append((reader.line_num, [cell.strip() for cell in cells]))
    except csv.Error:
        pass
    return rows


def _header_place(rows: Sequence[Sequence[str]], headings: Collection[str]) -> tuple[int, int]:
    """Return which row is the header, and how many of its names are known; (0, 0) for none."""
    asked = {plain(one) for one in headings}
    known = known_names() | asked
    best, most = 0, 0
    for number, cells in enumerate(rows):
        names = {plain(cell) for cell in cells if cell}
        score = len(names & known)
        is_header = score >= 4 or (asked and names >= asked) or _is_plain_header(names)
        if is_header and score + 1 > most:
            best, most = number, score + 1
    return best, most


def _is_plain_header(names: Collection[str]) -> bool:
    """Say whether a row names an amount and a day, in anybody's words."""
    amounts, days = TABLE_WORDS["billed"], TABLE_WORDS["start"]
    return any(one in names for one in amounts) and any(one in names for one in days)


def named_once(header: Sequence[str], name: str) -> tuple[str, ...]:
    """Return the columns' names, each different. Raises Invalid for more than are read."""
    if len(header) > MOST_COLUMNS:
        sentence = f"{name} has {len(header):,} columns; at most {MOST_COLUMNS:,} are read."
        raise Invalid(sentence)
    taken: set[str] = set()
    names = []
    for number, cell in enumerate(header, start=1):
        told = cell[:200] or f"column {number}"
        while told.lower() in taken:
            told = f"{told} ({number})"
        taken.add(told.lower())
        names.append(told)
    return tuple(names)


def _sheet(path: Path, name: str, folder: Path, headings: Collection[str]) -> Opened:
    """Return a workbook's table, written as lines."""
    _require_document(path, name)
    data = path.read_bytes()
    sheet, sheets, lines = sheet_lines(data, name)
    rows = [[cell.strip() for cell in cells] for _, cells in lines[:_DEEPEST]]
    place, score = _header_place(rows, headings)
    if not score:
        raise Invalid(no_header(name))
    header = named_once(rows[place], name)
    above = tuple((line, tuple(cells)) for line, cells in lines[:place])
    notes = (f"Sheet '{sheet}' was read, of {len(sheets)}.",) if len(sheets) > 1 else ()
    digest = hashlib.sha256(data).hexdigest()
    opened = Opened("lines", path, name, digest, header, 0, ",", above, (), notes)
    return _written(opened, lines[place + 1 :], folder)
