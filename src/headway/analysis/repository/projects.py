"""The projects of a repository: one, or those of a monorepo, each found by its manifest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from headway.analysis.repository.ci.running import Automation
from headway.analysis.repository.locks import Lock, locks
from headway.analysis.repository.manifests import Need, below, needs, toml
from headway.analysis.repository.notebooks import Notebook, read_notebook
from headway.analysis.repository.python_code import Code, read_code
from headway.analysis.repository.sources.tree import Tree, folder_of, is_within, name_of

#: Files that say by their name that a project begins here.
_MANIFESTS = frozenset(
    {
        "setup.py", "setup.cfg", "Pipfile", "pixi.toml", "environment.yml", "environment.yaml",
        "conda.yaml", "poetry.lock", "MLproject", "dvc.yaml",
    }
)  # fmt: skip
#: Folders that belong to the project around them, whatever lies in them.
_PARTS = re.compile(
    r"(?:^|/)(?:tests?|testing|docs?|documentation|examples?|samples?|benchmarks?|vendor|"
    r"third[_-]party|\.github|\.circleci|\.devcontainer|docker|dockerfiles?|ci|build|dist|"
    r"requirements|node_modules|templates?)(?:/|$)",
    re.I,
)
#: Folders of code that belong to the project around them, even with a list of requirements.
_SOURCE = re.compile(r"(?:^|/)(?:src|app|code|lib|scripts)$")
_TEST = re.compile(
    r"(?:^|/)(?:tests?|testing)/|(?:^|/)(?:test_[^/]*|[^/]*_test|conftest)\.py$", re.I
)
_SECONDARY = re.compile(
    r"(?:^|/)(?:docs?|documentation|examples?|samples?|benchmarks?|vendor|third[_-]party)/", re.I
)
#: `import a, b` and `from a.b import c`: the first name of each.
_IMPORTS = re.compile(r"^[ \t]*(?:import|from)[ \t]+(\w+(?:[ \t]*,[ \t]*\w+)*)", re.M)
MOST_PROJECTS = 50
#: Most files of one sort that are parsed in a project.
MOST_PARSED = 300


@dataclass(eq=False)
class Project:
    """A project: `folder` ("" is the top) and the files that belong to it and to no inner one."""

    tree: Tree
    folder: str
    files: tuple[str, ...]
    automation: Automation

    def near(self, *names: str) -> str | None:
        """Return the first file of these names in the project's folder or one above it."""
        at = self.folder
        while True:
            for name in names:
                path = self.tree.lowered.get((f"{at}/{name}" if at else name).lower())
                if path is not None:
                    return path
            if not at:
                return None
            at = folder_of(at)

    def inner(self, path: str) -> str:
        """Return a path as seen from the project's folder."""
        return path.removeprefix(f"{self.folder}/") if self.folder else path

    @cached_property
    def python(self) -> tuple[str, ...]:
        """Return the Python files that are neither tests nor examples nor documentation."""
        return tuple(
            path
            for path in self.files
            if path.endswith(".py") and not self.is_test(path) and not self.is_secondary(path)
        )

    @cached_property
    def tests(self) -> tuple[str, ...]:
        """Return the Python files that are tests."""
        return tuple(path for path in self.files if path.endswith(".py") and self.is_test(path))

    @cached_property
    def notebooks(self) -> dict[str, Notebook]:
        """Return the notebooks in Python, by path."""
        named = [path for path in self.files if path.endswith(".ipynb")][:MOST_PARSED]
        read = {path: read_notebook(self.tree.text(path) or "") for path in named}
        return {path: notebook for path, notebook in read.items() if notebook is not None}

    @cached_property
    def needs(self) -> tuple[Need, ...]:
        """Return the packages it needs directly."""
        return needs(self.tree, self.folder, self.files)

    @cached_property
    def locks(self) -> tuple[Lock, ...]:
        """Return its locks."""
        return locks(self.tree, self.folder, self.files)

    def is_test(self, path: str) -> bool:
        """Say whether a path is a test, seen from the project."""
        return bool(_TEST.search(self.inner(path)))

    def is_secondary(self, path: str) -> bool:
        """Say whether a path is an example or documentation, seen from the project."""
        return bool(_SECONDARY.search(self.inner(path)))

    def code(self, path: str) -> Code | None:
        """Return what a Python file or a notebook says, read once."""
        if path not in self._codes:
            notebook = self.notebooks.get(path) if path.endswith(".ipynb") else None
            text = notebook.code if notebook else self.tree.text(path) or ""
            self._codes[path] = read_code(text)
        return self._codes[path]

    def place(self, path: str, line: int) -> str:
        """Return "file:line"; a line of a notebook's code is turned into the file's line."""
        notebook = self.notebooks.get(path) if path.endswith(".ipynb") else None
        if notebook is not None and 0 < line <= len(notebook.lines):
            line = notebook.lines[line - 1]
        return f"{path}:{line}"

    @cached_property
    def _codes(self) -> dict[str, Code | None]:
        return {}

    def importing(self, paths: tuple[str, ...], packages: frozenset[str]) -> tuple[str, ...]:
        """Return the first files that import one of these packages, as many as are parsed."""
        found: list[str] = []
        for path in paths:
            if not packages.isdisjoint(self._imported(path)):
                found.append(path)
                if len(found) == MOST_PARSED:
                    break
        return tuple(found)

    def _imported(self, path: str) -> frozenset[str]:
        """Return the packages that a file imports, by its lines: quicker than parsing it."""
        if path not in self._packages:
            notebook = self.notebooks.get(path) if path.endswith(".ipynb") else None
            text = notebook.code if notebook else self.tree.text(path) or ""
            self._packages[path] = frozenset(
                name.strip() for names in _IMPORTS.findall(text) for name in names.split(",")
            )
        return self._packages[path]

    def mentioning(self, paths: tuple[str, ...], marks: tuple[bytes, ...]) -> tuple[str, ...]:
        """Return the first files that hold one of these bytes, as many as are parsed."""
        found: list[str] = []
        for path in paths:
            data = self.tree.data(path) or b""
            # Text in UTF-16 holds a zero between its letters.
            plain = data if b"\0" not in data[:100] else data.replace(b"\0", b"")
            if any(mark in plain for mark in marks):
                found.append(path)
                if len(found) == MOST_PARSED:
                    break
        return tuple(found)

    @cached_property
    def _packages(self) -> dict[str, frozenset[str]]:
        return {}

    def documents(self, *suffixes: str) -> tuple[str, ...]:
        """Return the files that end so, of the project or of the repository around it."""
        return tuple(path for path in self.files if path.lower().endswith(suffixes))


def projects(tree: Tree, automation: Automation, within: str = "") -> tuple[Project, ...]:
    """Return the projects of a repository, or of the part `within`; the outermost first."""
    folders = sorted(set(_folders(tree, within)) | {within})[:MOST_PROJECTS]
    if len(folders) == MOST_PROJECTS:
        tree.notes.append(f"Only the first {MOST_PROJECTS} projects were judged.")
    found = []
    for folder in folders:
        inner = [one for one in folders if one != folder and is_within(one, folder)]
        files = tuple(
            path
            for path in tree.files
            if is_within(path, folder) and not any(is_within(path, one) for one in inner)
        )
        if folder != within or not inner or _is_project(tree, folder, files):
            found.append(Project(tree, folder, files, automation))
    return tuple(found)


def _is_project(tree: Tree, folder: str, files: tuple[str, ...]) -> bool:
    """Say whether the top of a monorepo is a project of its own."""
    prefix = f"{folder}/" if folder else ""
    named = any(f"{prefix}{name}" in tree.by_path for name in _MANIFESTS)
    return named or _is_package(tree, f"{prefix}pyproject.toml")


def _folders(tree: Tree, within: str) -> Iterator[str]:
    """Yield the folders that hold a manifest of a project, with code in them or below."""
    coded = {folder_of(path) for path in tree.files if path.endswith((".py", ".ipynb"))}
    for path in tree.files:
        folder, name = folder_of(path), name_of(path)
        if (
            folder == within
            or not is_within(path, within)
            or _PARTS.search(folder.removeprefix(within).strip("/"))
        ):
            continue
        begins = _begins(tree, path, name)
        own_list = name == "requirements.txt" and folder in coded and not _SOURCE.search(folder)
        if (begins or own_list) and any(is_within(one, folder) for one in coded):
            yield folder


def _begins(tree: Tree, path: str, name: str) -> bool:
    """Say whether a file is a manifest; a module may be called setup.py and set nothing up."""
    if name == "setup.py":
        return bool(re.search(r"\bsetup\(", tree.text(path) or ""))
    if name == "setup.cfg":
        return "[metadata]" in (tree.text(path) or "")
    return name in _MANIFESTS or (name == "pyproject.toml" and _is_package(tree, path))


def _is_package(tree: Tree, path: str) -> bool:
    """Say whether a pyproject.toml names a project, and is not only settings of tools."""
    document = toml(tree, path)
    return any(below(document, *keys) for keys in (("project",), ("tool", "poetry")))
