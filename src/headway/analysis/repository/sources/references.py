"""What HEAD of a clone names, read from its files: git is not asked, its settings are not read."""

from __future__ import annotations

import re
from pathlib import Path

_OBJECT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_NAME = re.compile(r"refs/[\w./+@=-]{1,250}")
_MOST = 20_000_000


def git_folder(root: Path) -> Path | None:
    """Return the folder of git that belongs to a work tree: `.git`, or where that file points."""
    git = root / ".git"
    if git.is_symlink():
        return None
    if git.is_dir():
        return git
    text = _text(git)
    if text is None or not text.startswith("gitdir:"):
        return None
    folder = (root / text.removeprefix("gitdir:").strip()).resolve()
    return folder if (folder / "HEAD").is_file() else None


def is_bare(root: Path) -> bool:
    """Say whether a folder is a clone without a work tree."""
    parts = (root / "objects", root / "refs")
    return (root / "HEAD").is_file() and all(part.is_dir() for part in parts)


def commit_of(git: Path) -> str | None:
    """Return the commit that HEAD names; None when there is none (yet)."""
    head = (_text(git / "HEAD") or "").strip()
    if not head.startswith("ref:"):
        return head if _OBJECT.fullmatch(head) else None
    name = head.removeprefix("ref:").strip()
    if not _NAME.fullmatch(name) or ".." in name:
        return None
    for folder in (git, _common(git)):
        found = _loose(folder, name) or _packed(folder, name)
        if found is not None:
            return found
    return None


def _common(git: Path) -> Path:
    """Return the folder that several work trees share."""
    text = _text(git / "commondir")
    return git if text is None else (git / text.strip()).resolve()


def _loose(git: Path, name: str) -> str | None:
    text = (_text(git / name) or "").strip()
    return text if _OBJECT.fullmatch(text) else None


def _packed(git: Path, name: str) -> str | None:
    for line in (_text(git / "packed-refs") or "").splitlines():
        found, _, named = line.partition(" ")
        if named == name and _OBJECT.fullmatch(found):
            return found
    return None


def _text(path: Path) -> str | None:
    try:
        if not path.is_file() or path.stat().st_size > _MOST:
            return None
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
