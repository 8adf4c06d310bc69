"""Which files a clone tracks: the index of git, read as bytes, so that git need not be run.

The layout is documented by git as "index-format": a header, then entries in order of their names.
"""

from __future__ import annotations

import struct
from pathlib import Path

from headway.analysis.repository.sources.tree import shown

_MOST_BYTES = 200_000_000
_FIXED = 62
_EXTENDED = 0x4000


def tracked(git: Path) -> frozenset[str] | None:
    """Return the paths in the index of a clone; None when there is none that can be read."""
    index = git / "index"
    try:
        if index.is_symlink() or index.stat().st_size > _MOST_BYTES:
            return None
        data = index.read_bytes()
        return frozenset(map(shown, _names(data)))
    except (OSError, struct.error, IndexError, ValueError):
        return None


def _names(data: bytes) -> list[str]:
    signature, version, count = struct.unpack_from(">4sII", data)
    if signature != b"DIRC" or version not in (2, 3, 4):
        sentence = "not an index"
        raise ValueError(sentence)
    found: list[str] = []
    position, before = 12, b""
    for _ in range(count):
        (flags,) = struct.unpack_from(">H", data, position + _FIXED - 2)
        start = position + _FIXED + (2 if flags & _EXTENDED and version >= 3 else 0)
        kept = b""
        if version == 4:
            strip, start = _number(data, start)
            kept = before[: len(before) - strip]
        end = data.index(b"\0", start)
        before = kept + data[start:end]
        found.append(before.decode("utf-8", "surrogateescape"))
        position = end + 1 if version == 4 else position + (end - position) // 8 * 8 + 8
    if _is_split(data, position):
        sentence = "its other part lies in another file"
        raise ValueError(sentence)
    return found


def _is_split(data: bytes, position: int) -> bool:
    """Say whether the extension "link" follows: then the entries here are only some of all."""
    while position + 8 < len(data) - 20:
        name, size = struct.unpack_from(">4sI", data, position)
        if name == b"link":
            return True
        position += 8 + size
    return False


def _number(data: bytes, start: int) -> tuple[int, int]:
    """Return git's offset encoding at `start`, and where it ends."""
    byte = data[start]
    value, start = byte & 0x7F, start + 1
    while byte & 0x80:
        byte = data[start]
        value, start = ((value + 1) << 7) | (byte & 0x7F), start + 1
    return value, start
