"""A repository as a list of files that can be read: nothing of it is run, no link is followed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from headway.analysis.repository.text import as_text

#: Most files that are looked at, most bytes of one of them, and of all that are kept in memory.
MOST_FILES = 50_000
MOST_BYTES = 2_000_000
MOST_BYTES_OF_NOTEBOOK = 20_000_000
MOST_KEPT = 200_000_000
#: Most folders below each other, and most characters of a path.
DEEPEST = 60
LONGEST = 1_000


class Kind(StrEnum):
    """What stands in a tree under a name."""

    FILE = "file"
    LINK = "link"
    SUBMODULE = "submodule"


@dataclass(frozen=True, slots=True)
class Entry:
    """A file at `path` (with `/`, from the top), its size in bytes, and what it is."""

    path: str
    size: int
    kind: Kind = Kind.FILE


@dataclass
class Tree:
    """The files of a repository, in order of their paths.

    `read` returns the bytes of a path, or None when it can't be read. `notes` say what was left
    out. `commit` names what was read, when that is known.
    """

    name: str
    entries: tuple[Entry, ...]
    read: Callable[[str], bytes | None]
    commit: str | None = None
    notes: list[str] = field(default_factory=list)
    _kept: dict[str, bytes | None] = field(default_factory=dict)
    _bytes: int = 0

    @cached_property
    def by_path(self) -> dict[str, Entry]:
        """Return the entries by their paths."""
        return {entry.path: entry for entry in self.entries}

    @cached_property
    def files(self) -> tuple[str, ...]:
        """Return the paths of plain files."""
        return tuple(entry.path for entry in self.entries if entry.kind is Kind.FILE)

    @cached_property
    def lowered(self) -> dict[str, str]:
        """Return path by lower-case path, for names that people write in either case."""
        return {path.lower(): path for path in reversed(self.files)}

    def has(self, path: str) -> bool:
        """Say whether there is a plain file at `path`."""
        entry = self.by_path.get(path)
        return entry is not None and entry.kind is Kind.FILE

    def data(self, path: str) -> bytes | None:
        """Return the bytes of a file; None when it is no file, too large, or can't be read."""
        if path in self._kept:
            return self._kept[path]
        entry = self.by_path.get(path)
        if entry is None or entry.kind is not Kind.FILE or entry.size > _most(path):
            return None
        found = self.read(path)
        if found is None or self._bytes + len(found) <= MOST_KEPT:
            self._kept[path] = found
            self._bytes += len(found or b"")
        return found

    def text(self, path: str) -> str | None:
        """Return the text of a file, lines ended by a line feed; None when it is not text."""
        data = self.data(path)
        return None if data is None else as_text(data)

    def lines(self, path: str) -> list[str]:
        """Return the lines of a file; none when it is not text."""
        return (self.text(path) or "").split("\n")


def _most(path: str) -> int:
    return MOST_BYTES_OF_NOTEBOOK if path.endswith(".ipynb") else MOST_BYTES


def shown(name: str) -> str:
    """Return a name as it can be printed: nothing in it can move a cursor or break a line."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def is_within(path: str, folder: str) -> bool:
    """Say whether `path` lies in `folder` ("" is the top)."""
    return not folder or path == folder or path.startswith(f"{folder}/")


def folder_of(path: str) -> str:
    """Return the folder that a path lies in; "" is the top."""
    return path.rpartition("/")[0]


def name_of(path: str) -> str:
    """Return the last part of a path."""
    return path.rpartition("/")[2]
