"""Sheets of a workbook (XLSX, XLS, ODS) as rows of text; opened only after its size is known."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from headway.connectors.tables.text import Line
from headway.errors import Invalid

#: What a workbook may unpack to: a few kilobytes can claim to hold gigabytes.
_MOST_UNPACKED = 200 * 1024 * 1024
_MOST_PARTS = 2_000
#: How much smaller than itself a part may be packed; what is not large may be any.
_MOST_RATIO = 100
_LARGE = 4 * 1024 * 1024


def sheet_lines(data: bytes, name: str, sheet: str = "") -> tuple[str, tuple[str, ...], list[Line]]:
    """Return the sheet's name, all names, and its rows: of `sheet`, else of the fullest one.

    Raises Invalid for a workbook that is broken, locked by a password, or far larger inside.
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    if data.startswith(b"PK"):
        _require_modest(data, name)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = tuple(book.sheet_names)
        if sheet and sheet not in names:
            told = ", ".join(names[:20])
            sentence = f"{name} has no sheet '{sheet}'; it has {told}."
            raise Invalid(sentence)
        wanted = [sheet] if sheet else list(names)
        read = [(one, list(_lines(book.get_sheet_by_name(one).to_python()))) for one in wanted]
    except PasswordError:
        sentence = f"{name} is locked by a password; save it without one."
        raise Invalid(sentence) from None
    except (CalamineError, ValueError, OSError) as error:
        reason = str(error)[:120]
        sentence = f"{name} cannot be read as a workbook ({reason}); save it anew, or as CSV."
        raise Invalid(sentence) from None
    if not read:
        sentence = f"{name} has no sheet of cells; export the table itself."
        raise Invalid(sentence)
    chosen, lines = max(read, key=lambda one: sum(len(row) for _, row in one[1]))
    return chosen, names, lines


def _require_modest(data: bytes, name: str) -> None:
    """Refuse a workbook by its directory, before anything is unpacked.

    What unpacks to more than its directory says is refused by the reader itself.
    """
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        sentence = f"{name} is not a whole workbook: its end is missing. Copy or save it again."
        raise Invalid(sentence) from None
    unpacked = sum(part.file_size for part in parts)
    if unpacked > _MOST_UNPACKED or len(parts) > _MOST_PARTS:
        sentence = (
            f"{name} would unpack to {unpacked // 1024 // 1024:,} MB in {len(parts):,} parts; at "
            f"most {_MOST_UNPACKED // 1024 // 1024} MB in {_MOST_PARTS:,} are read. Export the one "
            "sheet as CSV."
        )
        raise Invalid(sentence)
    for part in parts:
        ratio = part.file_size / max(1, part.compress_size)
        if part.file_size > _LARGE and ratio > _MOST_RATIO:
            sentence = (
                f"{name} holds '{part.filename[:60]}', which unpacks to {ratio:,.0f} times its "
                f"size; at most {_MOST_RATIO} times is read. Save it anew, or export it as CSV."
            )
            raise Invalid(sentence)


def _lines(rows: Sequence[Sequence[object]]) -> Iterator[Line]:
    for number, row in enumerate(rows, start=1):
        cells = [_text(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield number, cells


def _text(cell: object) -> str:
    """Return a cell as its text: whole numbers without a point, dates as ISO 8601."""
    match cell:
        case str():
            return cell
        case bool():
            return "yes" if cell else "no"
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        case float() | int():
            return repr(cell)
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
        case date() | time():
            return cell.isoformat()
        case timedelta():
            return f"{cell.total_seconds() / 3600:g} h"
        case _:
            return ""
