"""Opening what was named: a folder, a part of a clone, or a bare clone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from headway.analysis.repository.sources.folder import folder_tree
from headway.analysis.repository.sources.objects import bare_tree
from headway.analysis.repository.sources.references import is_bare
from headway.analysis.repository.sources.tree import Tree
from headway.errors import Invalid

_MOST_PARENTS = 30


@contextmanager
def open_repository(path: Path, *, alone: bool = False) -> Iterator[tuple[Tree, str]]:
    """Yield the repository that holds `path`, and the part of it that was named ("" is all).

    A folder inside a clone is read with its whole clone, where CI and licence are; `alone` reads
    the folder by itself. Raises Invalid when there is no such folder.
    """
    if not path.is_dir():
        what = "is a file" if path.exists() else "is not there"
        sentence = f"{path} {what}; name the folder of a repository, or of a bare clone."
        raise Invalid(sentence)
    if is_bare(path):
        with bare_tree(path) as tree:
            yield tree, ""
        return
    whole = path.resolve()
    root = whole if alone else _clone_around(whole)
    within = whole.relative_to(root).as_posix()
    yield folder_tree(root), "" if within == "." else within


def _clone_around(path: Path) -> Path:
    """Return the nearest folder with a `.git`, from `path` upwards; `path` when there is none."""
    for folder in (path, *path.parents[:_MOST_PARENTS]):
        if (folder / ".git").exists():
            return folder
    return path
