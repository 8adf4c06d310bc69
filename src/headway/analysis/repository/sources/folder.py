"""A folder, or the work tree of a clone: real files only, and of a clone what it tracks."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from headway.analysis.repository.sources.index import tracked
from headway.analysis.repository.sources.references import commit_of, git_folder
from headway.analysis.repository.sources.tree import (
    DEEPEST,
    LONGEST,
    MOST_FILES,
    Entry,
    Kind,
    Tree,
    shown,
)

#: Folders that tools fill: never part of a repository's own work.
_FILLED = frozenset(
    {
        ".git", ".hg", ".svn", "node_modules", ".venv", "venv", "__pycache__", ".tox", ".nox",
        ".mypy_cache", ".ruff_cache", ".pytest_cache", ".ipynb_checkpoints", ".eggs",
        "site-packages", ".terraform", ".hypothesis", ".cache",
    }
)  # fmt: skip
_OPENING = os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def folder_tree(root: Path) -> Tree:
    """Return the files below `root`. Where it is a clone, only what is tracked counts."""
    walk = _Walk(root)
    entries = sorted(walk.entries(), key=lambda entry: entry.path)
    git = git_folder(root)
    known = tracked(git) if git is not None else None
    if known is not None:
        kept = [entry for entry in entries if entry.path in known]
        walk.note_untracked(len(entries) - len(kept))
        entries = kept
    elif git is not None:
        walk.notes.append("What git tracks can't be told, so every file counts.")
    return Tree(
        name=shown(root.resolve().name) or "repository",
        entries=tuple(entries),
        read=walk.read,
        commit=commit_of(git) if git is not None else None,
        notes=walk.notes,
    )


@dataclass
class _Walk:
    root: Path
    notes: list[str] = field(default_factory=list)
    _real: dict[str, str] = field(default_factory=dict)
    _unread: int = 0

    def entries(self) -> Iterator[Entry]:
        """Yield what lies below the root; stops, with a note, at the most files."""
        count = 0
        for path, real, entry in self._below():
            if count == MOST_FILES:
                self.notes.append(
                    f"Only the first {MOST_FILES:,} files were looked at: audit a subfolder to "
                    "see the rest."
                )
                return
            found = _entry(path, entry)
            if found is not None:
                count += 1
                self._real[path] = real
                yield found

    def _below(self) -> Iterator[tuple[str, str, os.DirEntry[str]]]:
        """Yield (path, real path, entry), folders by name, no link followed."""
        waiting = [("", str(self.root), 0)]
        while waiting:
            folder, real, depth = waiting.pop()
            inner: list[tuple[str, str, int]] = []
            for entry in _listed(real):
                path = f"{folder}/{shown(entry.name)}" if folder else shown(entry.name)
                if not entry.is_dir(follow_symlinks=False):
                    yield path, entry.path, entry
                elif self._is_own(entry, path, depth):
                    inner.append((path, entry.path, depth + 1))
            waiting.extend(reversed(inner))

    def _is_own(self, entry: os.DirEntry[str], path: str, depth: int) -> bool:
        """Say whether a folder is to be looked into: not filled by a tool, not too deep."""
        if entry.name in _FILLED or os.path.lexists(os.path.join(entry.path, "pyvenv.cfg")):
            return False
        if os.path.lexists(os.path.join(entry.path, ".git")):
            self.notes.append(f"{path} is a repository of its own and was not looked into.")
            return False
        if depth >= DEEPEST or len(path) > LONGEST:
            self.notes.append(f"{path[:80]}… lies too deep and was not looked into.")
            return False
        return True

    def note_untracked(self, count: int) -> None:
        """Say how many files lie in the folder and are not part of the repository."""
        if count:
            what = "file that git does not track was" if count == 1 else "files that git does not "
            rest = " left out." if count == 1 else "track were left out."
            self.notes.append(f"{count:,} {what}{rest}")

    def read(self, path: str) -> bytes | None:
        """Return the bytes of a path of this walk; None when it is no plain file (any more)."""
        real = self._real.get(path)
        if real is None:
            return None
        try:
            handle = os.open(real, _OPENING)
        except OSError:
            return None
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                return None
            with os.fdopen(os.dup(handle), "rb") as file:
                return file.read()
        except OSError:
            return None
        finally:
            os.close(handle)


def _listed(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return sorted(found, key=lambda entry: entry.name)
    except OSError:
        return []


def _entry(path: str, entry: os.DirEntry[str]) -> Entry | None:
    if entry.is_symlink():
        return Entry(path, 0, Kind.LINK)
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError:
        return None
    return Entry(path, status.st_size) if stat.S_ISREG(status.st_mode) else None
