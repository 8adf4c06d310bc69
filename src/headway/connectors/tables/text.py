"""Bytes of a text table to text: which encoding, which separator; what cannot be told is said."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from headway.errors import Invalid

#: Characters looked at to tell the encoding and the separator.
_SAMPLE = 64_000
_SEPARATORS = ",;\t|"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

#: A row of a text table: the line it begins on, and its cells.
Line = tuple[int, list[str]]


def decoded(data: bytes, name: str) -> tuple[str, str]:
    """Return the text of `data` and, where the encoding had to be guessed, a sentence about it.

    Raises Invalid for what is no text in any encoding.
    """
    encoding = _encoding(data)
    guess = ""
    if not encoding:
        encoding = _guessed(data, name)
        guess = f"The file is not UTF-8; it was read as {encoding}. Look at names with accents."
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        sentence = f"{name} is not whole {encoding} text; export it again, as CSV in UTF-8."
        raise Invalid(sentence) from None
    if "\0" in text[:_SAMPLE]:
        sentence = f"{name} holds bytes that no text has; export it as CSV or XLSX."
        raise Invalid(sentence)
    return text, guess


def _encoding(data: bytes) -> str:
    """Return the encoding where the bytes tell it, else nothing."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return encoding
    head = data[:2_000]
    if len(head) > 3 and head.count(0) * 3 > len(head):
        return "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return "utf-8"


def _guessed(data: bytes, name: str) -> str:
    """Return the likeliest legacy encoding of the first part of `data`."""
    from charset_normalizer import from_bytes

    foreign = b"\n".join(
        line for line in data[: _SAMPLE * 4].splitlines() if any(byte > 127 for byte in line)
    )
    best = from_bytes(foreign[:_SAMPLE]).best()
    if best is None or data[:2_000].count(0):
        sentence = f"{name} is not text in an encoding we know; export it as CSV in UTF-8."
        raise Invalid(sentence)
    if b"a1,;\n".decode(best.encoding, "replace") != "a1,;\n":
        return "cp1252"  # a code of mainframes, guessed from a single letter with an accent
    # What Windows writes where it writes no Unicode: both read most letters alike.
    return "cp1252" if best.encoding in {"cp1250", "latin_1", "iso8859_15"} else best.encoding


def separator_of(text: str) -> str:
    """Return the separator that cuts the first lines into the most alike rows; a comma if none."""
    first = text[:20].splitlines()[:1]
    if first and first[0].lower().startswith("sep=") and len(first[0]) == 5:
        return first[0][4]
    best, most = ",", 0.0
    for separator in _SEPARATORS:
        widths = Counter(len(row) for row in _sampled(text, separator))
        width, times = max(widths.items(), key=lambda one: one[0] * one[1], default=(1, 0))
        if width > 1 and width * times > most:
            best, most = separator, float(width * times)
    return best


def _sampled(text: str, separator: str) -> Iterator[list[str]]:
    sample = text[:_SAMPLE]
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
    try:
        for number, row in enumerate(reader):
            if number > 60:
                return
            if row:
                yield row
    except csv.Error:
        return


def lines_of(text: str, name: str, most: int) -> list[Line]:
    """Return the rows of a text table, up to `most`, each with the line that it begins on.

    Raises Invalid, naming the line, where a quote never closes. Rows of a CSV may run over several
    lines; each is named by the line it begins on.
    """
    separator = separator_of(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        rows = list(islice(reader, most))
    except csv.Error:
        rows = []
    if not rows or reader.line_num != len(rows):
        return list(islice(_begun(text, separator, name), most))
    # As many lines as rows: each row is one line, as nearly always.
    told = _says_separator(rows[0], separator)
    return list(enumerate(rows[told:], start=1 + told))


def _begun(text: str, separator: str, name: str) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 1
    try:
        for row in reader:
            if not (begins == 1 and _says_separator(row, separator)):
                yield begins, row
            begins = reader.line_num + 1
    except csv.Error as error:
        reason = str(error)
        if "unexpected end" in reason:
            reason = "a quote opens there and is never closed"
        sentence = f"{name}, line {begins} cannot be read as a table: {reason}. Correct it there."
        raise Invalid(sentence) from None


def _says_separator(row: list[str], separator: str) -> bool:
    """Say whether a first row is Excel's "sep=;"."""
    return bool(row) and row[0].lower() in ("sep=", f"sep={separator}")
