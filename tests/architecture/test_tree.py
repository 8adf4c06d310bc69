"""ARCHITECTURE.md draws the folders that are there, and only those."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "headway"

#: Folders the picture stops above: what lies in them is the matter of their own docstring.
DRAWN_DEEPER = {"analysis", "connectors", "rendering", "domain", "interfaces"}


def drawn() -> set[str]:
    """Return the paths in the first code block of ARCHITECTURE.md, relative to src/headway."""
    block = (ROOT / "ARCHITECTURE.md").read_text().split("```")[1]
    paths, parent = set(), ""
    for line in block.splitlines()[2:]:
        match = re.match(r"^(\s+)(\S+?)(/?)(\s|$)", line)
        assert match, line
        depth = len(match[1]) // 2
        parent = parent if depth > 1 else match[2]
        paths.add(match[2] if depth == 1 else f"{parent}/{match[2]}")
    return paths


def there() -> set[str]:
    """Return the packages and modules that exist, to the depth the picture has."""
    paths = set()
    for path in SOURCE.iterdir():
        if path.suffix == ".py" and path.name != "__init__.py":
            paths.add(path.name)
        if path.is_dir() and (path / "__init__.py").exists():
            paths.add(path.name)
            if path.name in DRAWN_DEEPER:
                paths |= {
                    f"{path.name}/{part.name}"
                    for part in path.iterdir()
                    if (part / "__init__.py").exists()
                }
    return paths


def test_the_picture_shows_every_folder_and_no_other() -> None:
    assert drawn() == there()
