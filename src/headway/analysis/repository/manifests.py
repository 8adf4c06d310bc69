"""Which packages a project says it needs: the manifests of Python's tools, names normalised."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from configparser import ConfigParser
from configparser import Error as ConfigError
from dataclasses import dataclass

from headway.analysis.documents.text import Table
from headway.analysis.repository.sources.tree import Tree
from headway.analysis.repository.yaml_text import document, get, members, words

_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*(.*)")
_REQUIREMENT_FILE = re.compile(
    r"(?:[\w.-]*requirements?[\w.-]*|constraints[\w.-]*)\.(?:txt|in)|requirements/[\w.-]+\.(?:txt|in)"
    r"|(?:src|app|code|lib|scripts)/requirements\.txt"
)
#: Names that a manifest may hold without being a package of Python.
_NO_PACKAGE = frozenset({"python", "pip", "setuptools", "wheel", "conda", "nodejs"})


@dataclass(frozen=True, slots=True)
class Need:
    """A package a project needs directly: its normalised name, the range written, and where."""

    name: str
    range: str
    file: str
    line: int

    @property
    def is_exact(self) -> bool:
        """Say whether one version is named."""
        return bool(re.match(r"===?\s*[\w.!+-]+$|=\s*\d[\w.]*(?:=\w+)?$|@\s*\S+", self.range))


def normal(name: str) -> str:
    """Return the name of a package as packages are compared: `Scikit_Learn` is scikit-learn."""
    return re.sub(r"[-_.]+", "-", name).lower()


def toml(tree: Tree, path: str) -> dict[str, object]:
    """Return a TOML file as plain values; empty when it can't be read."""
    try:
        return tomllib.loads(tree.text(path) or "")
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return {}


def below(value: object, *keys: str) -> object:
    """Return what stands under keys, one within the other; None when there is nothing."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def requirement(text: str) -> tuple[str, str] | None:
    """Return (name, range) of a line of requirements; None when it names no package."""
    text = re.split(r"\s#|\s--hash|;", text, maxsplit=1)[0].strip().rstrip("\\").strip()
    match = _REQUIREMENT.fullmatch(text)
    if match is None or "://" in match[1] or text.startswith("-"):
        return None
    return normal(match[1]), match[2].strip().strip("()")


def is_requirements(name: str) -> bool:
    """Say whether the path, seen from its project, is a list of requirements."""
    return bool(_REQUIREMENT_FILE.fullmatch(name))


def needs(tree: Tree, folder: str, inside: tuple[str, ...]) -> tuple[Need, ...]:
    """Return what the manifests of a project in `folder` name; `inside` are its files."""
    found: list[Need] = []
    prefix = f"{folder}/" if folder else ""
    for name, reader in _READERS.items():
        path = f"{prefix}{name}"
        if tree.has(path):
            found.extend(_placed(tree, path, reader(tree, path)))
    if not found:
        for path in inside:
            if is_requirements(path.removeprefix(prefix)) and "constraint" not in path:
                found.extend(_placed(tree, path, requirement_lines(tree, path)))
    return tuple(dict.fromkeys(found))


def _placed(tree: Tree, path: str, named: Iterator[tuple[str, str]]) -> Iterator[Need]:
    """Yield needs with the line on which the name stands in the file."""
    lines = [normal(line) for line in tree.lines(path)]
    for name, range_ in named:
        if name in _NO_PACKAGE:
            continue
        looked_for = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
        line = next((at for at, text in enumerate(lines, 1) if looked_for.search(text)), 1)
        yield Need(name, range_, path, line)


def requirement_lines(tree: Tree, path: str) -> Iterator[tuple[str, str]]:
    """Yield (name, range) of a file of requirements."""
    for line in tree.lines(path):
        found = requirement(line)
        if found is not None:
            yield found


def _listed(value: object) -> Iterator[tuple[str, str]]:
    for one in value if isinstance(value, list) else []:
        found = requirement(str(one))
        if found is not None:
            yield found


def _tabled(value: object) -> Iterator[tuple[str, str]]:
    """Yield (name, range) of a table of poetry, Pipenv or pixi."""
    for name, told in (value if isinstance(value, dict) else {}).items():
        version = told.get("version", "") if isinstance(told, dict) else told
        text = str(version).strip()
        yield normal(str(name)), "" if text == "*" else text


def _pyproject(tree: Tree, path: str) -> Iterator[tuple[str, str]]:
    document_ = toml(tree, path)
    yield from _listed(below(document_, "project", "dependencies"))
    yield from _tabled(below(document_, "tool", "poetry", "dependencies"))
    yield from _tabled(below(document_, "tool", "pixi", "pypi-dependencies"))


def _pixi(tree: Tree, path: str) -> Iterator[tuple[str, str]]:
    yield from _tabled(below(toml(tree, path), "dependencies"))
    yield from _tabled(below(toml(tree, path), "pypi-dependencies"))


def _pipfile(tree: Tree, path: str) -> Iterator[tuple[str, str]]:
    yield from _tabled(below(toml(tree, path), "packages"))


def _setup_cfg(tree: Tree, path: str) -> Iterator[tuple[str, str]]:
    parser = ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(tree.text(path) or "")
    except ConfigError:
        return
    for line in parser.get("options", "install_requires", fallback="").splitlines():
        found = requirement(line)
        if found is not None:
            yield found


def _setup_py(tree: Tree, path: str) -> Iterator[tuple[str, str]]:
    try:
        parsed = ast.parse(tree.text(path) or "")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(parsed):
        named = isinstance(node, ast.keyword) and node.arg == "install_requires"
        value = node.value if isinstance(node, ast.keyword) and named else None
        if isinstance(value, ast.List | ast.Tuple):
            yield from _listed([one.value for one in value.elts if isinstance(one, ast.Constant)])


def _conda(tree: Tree, path: str) -> Iterator[tuple[str, str]]:
    top = document(tree.text(path) or "")
    for one in members(get(top, "dependencies")):
        texts = words(get(one, "pip")) if isinstance(one, Table) else words(one)
        for text in texts:
            found = requirement(text.rpartition("::")[2])
            if found is not None:
                yield found


_READERS = {
    "pyproject.toml": _pyproject,
    "setup.cfg": _setup_cfg,
    "setup.py": _setup_py,
    "Pipfile": _pipfile,
    "pixi.toml": _pixi,
    "environment.yml": _conda,
    "environment.yaml": _conda,
    "conda.yaml": _conda,
    "conda.yml": _conda,
}
