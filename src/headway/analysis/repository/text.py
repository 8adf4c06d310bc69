"""The text of files that anybody wrote, in the encodings that are met in repositories."""

from __future__ import annotations

import codecs

#: Byte order marks, the longer first: UTF-32 begins as UTF-16 does.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LOOKED_AT = 4_096


def as_text(data: bytes) -> str | None:
    """Return text with lines that end in a line feed; None when the bytes are no text.

    A byte that UTF-8 can't hold is replaced: the file may be in an older encoding, and what is
    looked for in it is ASCII.
    """
    encoding = _encoding(data)
    if encoding is None:
        return None
    text = data.decode(encoding, "replace").removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _encoding(data: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    start = data[:_LOOKED_AT]
    if b"\0" not in start:
        return "utf-8"
    # ASCII written in UTF-16 without its mark: every second byte is zero.
    for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = start[offset::2]
        other = start[1 - offset :: 2]
        if len(half) > 1 and half.count(0) > 0.9 * len(half) and other.count(0) < 0.05 * len(half):
            return encoding
    return None
