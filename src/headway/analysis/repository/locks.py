"""Which exact versions a lock fixes, and whether it is a lock of what the manifest needs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from headway.analysis.repository.manifests import (
    Need,
    below,
    is_requirements,
    normal,
    requirement,
    toml,
)
from headway.analysis.repository.sources.tree import Tree, folder_of
from headway.analysis.repository.yaml_text import document, get, members, word

_PINNED = re.compile(r"==\s*([\w.!+-]+)$|===\s*(\S+)$|@\s*(\S+)$")


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock: version by package, and whether every package carries a digest.

    `is_whole` is False for a list of exact requirements without digests: nothing shows that it
    names more than the direct ones.
    """

    file: str
    versions: dict[str, str]
    digests: bool
    is_whole: bool = True


def locks(tree: Tree, folder: str, inside: tuple[str, ...]) -> tuple[Lock, ...]:
    """Return the locks of a project: its own first, then those of the folders above it."""
    found: list[Lock] = []
    at = folder
    while True:
        for name, reader in _READERS.items():
            path = f"{at}/{name}" if at else name
            if tree.has(path):
                lock = reader(tree, path)
                if lock.versions:
                    found.append(lock)
        found.extend(_pinned_lists(tree, at, inside if at == folder else tree.files))
        if not at or found:
            return tuple(found)
        at = folder_of(at)


def _pinned_lists(tree: Tree, folder: str, files: tuple[str, ...]) -> Iterator[Lock]:
    prefix = f"{folder}/" if folder else ""
    for path in files:
        name = path.removeprefix(prefix)
        if path.startswith(prefix) and is_requirements(name) and path.endswith(".txt"):
            lock = pinned(tree, path)
            if lock is not None:
                yield lock


def pinned(tree: Tree, path: str) -> Lock | None:
    """Return the lock that a list of requirements is; None when any line names no version."""
    text = re.sub(r"\\[ \t]*\n", " ", tree.text(path) or "")
    versions: dict[str, str] = {}
    count = hashed = 0
    for line in text.split("\n"):
        found = requirement(line)
        if found is None:
            continue
        match = _PINNED.search(found[1])
        if match is None:
            return None
        versions[found[0]] = next(filter(None, match.groups()))
        count += 1
        hashed += "--hash=" in line
    whole = 0 < count == hashed
    return Lock(path, versions, whole, whole) if versions else None


def mismatches(needs: tuple[Need, ...], lock: Lock) -> list[tuple[Need, str]]:
    """Return the needs that a lock does not fix as they are written, each with a sentence."""
    found = []
    for need in needs:
        version = lock.versions.get(need.name)
        if version is None:
            found.append((need, f"{need.name} is not in it"))
        elif not allows(need.range, version):
            found.append((need, f"it fixes {need.name} at {version}, outside {need.range!r}"))
    return found


def allows(range_: str, version: str) -> bool:
    """Say whether a version lies in a range. What can't be read is taken as allowed."""
    mine = _numbers(version)
    return all(_clause(clause.strip(), mine) for clause in range_.split(",")) if mine else True


def _clause(clause: str, mine: tuple[int, ...]) -> bool:
    match = re.fullmatch(r"(===?|>=|<=|~=|!=|>|<|\^|~|=)\s*v?(\d+(?:\.\d+)*)(\.\*)?", clause)
    if match is None:
        return True
    operator, wanted = match[1], _numbers(match[2])
    if match[3] or operator == "=":
        same = mine[: len(wanted)] == wanted
        return not same if operator == "!=" else same
    return _holds(operator, _even(mine, wanted), _even(wanted, mine), wanted)


def _holds(
    operator: str, mine: tuple[int, ...], bound: tuple[int, ...], wanted: tuple[int, ...]
) -> bool:
    comparisons = {
        "==": mine == bound,
        "===": mine == bound,
        "!=": mine != bound,
        ">=": mine >= bound,
        "<=": mine <= bound,
        ">": mine > bound,
        "<": mine < bound,
        "~=": mine >= bound and mine[: len(wanted) - 1] == wanted[:-1],
        "~": mine >= bound and mine[: min(2, len(wanted))] == wanted[:2],
        "^": mine >= bound and mine[: _caret(wanted)] == wanted[: _caret(wanted)],
    }
    return comparisons[operator]


def _caret(wanted: tuple[int, ...]) -> int:
    """Return how many parts a caret keeps: up to the first that is not zero."""
    return next((at for at, part in enumerate(wanted, 1) if part), len(wanted))


def _even(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    return one + (0,) * (len(other) - len(one))


def _numbers(version: str) -> tuple[int, ...]:
    match = re.match(r"v?(\d{1,9}(?:\.\d{1,9})*)", version)
    return tuple(int(part) for part in match[1].split(".")) if match else ()


def _toml_lock(tree: Tree, path: str) -> Lock:
    versions: dict[str, str] = {}
    packages = below(toml(tree, path), "package") or below(toml(tree, path), "packages") or []
    for one in packages if isinstance(packages, list) else []:
        name, version = below(one, "name"), below(one, "version")
        if isinstance(name, str):
            versions[normal(name)] = str(version or "")
    text = tree.text(path) or ""
    return Lock(path, versions, bool(re.search(r"\bhash(?:es)?\s*=|sha256:", text)))


def _pipfile_lock(tree: Tree, path: str) -> Lock:
    try:
        named = json.loads(tree.text(path) or "").get("default", {})
    except (ValueError, AttributeError, RecursionError):
        named = {}
    versions = {
        normal(str(name)): str(below(told, "version") or "").lstrip("=")
        for name, told in (named if isinstance(named, dict) else {}).items()
    }
    return Lock(path, versions, all(below(told, "hashes") for told in named.values()))


def _yaml_lock(tree: Tree, path: str) -> Lock:
    """Return a lock of conda-lock or pixi: a list of packages, by name or by address."""
    text = tree.text(path) or ""
    versions: dict[str, str] = {}
    top = document(text)
    for one in members(get(top, "package")) + members(get(top, "packages")):
        name, version = word(get(one, "name")), word(get(one, "version"))
        address = word(get(one, "conda")) or word(get(one, "pypi"))
        match = re.search(r"/([A-Za-z][\w.-]*?)-(\d[\w.]*)-[^/]*$", address)
        if not name and match:
            name, version = match[1], match[2]
        if name:
            versions[normal(name)] = version
    return Lock(path, versions, bool(re.search(r"\b(?:sha256|md5):", text)))


_READERS = {
    "uv.lock": _toml_lock,
    "poetry.lock": _toml_lock,
    "pdm.lock": _toml_lock,
    "pylock.toml": _toml_lock,
    "Pipfile.lock": _pipfile_lock,
    "conda-lock.yml": _yaml_lock,
    "conda-lock.yaml": _yaml_lock,
    "pixi.lock": _yaml_lock,
}
