"""The code: linted, in a package, with lasting names and settings outside it."""

from __future__ import annotations

import re

from headway.analysis.repository.answer import Finding, met, missing, not_applicable, unmet
from headway.analysis.repository.checks.commands import is_lint
from headway.analysis.repository.checks.seen import Seen, doubts, places
from headway.analysis.repository.manifests import below, toml
from headway.analysis.repository.sources.tree import name_of

_LINT_FILES = (
    "ruff.toml", ".ruff.toml", ".flake8", "mypy.ini", ".mypy.ini", ".pylintrc", "pylintrc",
    "pyrightconfig.json", "setup.cfg", "tox.ini",
)  # fmt: skip
_HOOKS = (".pre-commit-config.yaml", ".pre-commit-config.yml")
_PASSING = re.compile(
    r"[_\-. ](?:final|copy|old|new|bak|untitled|temp|tmp)(?:[_\-. ]?\d*|\s?\(\d+\))$|"
    r"^untitled|\(\d+\)$|\bcopy\b|_v\d+_(?:final|new)|final_?final",
    re.I,
)
_AT_TOP = frozenset(
    {
        "setup.py", "noxfile.py", "tasks.py", "conftest.py", "manage.py", "fabfile.py",
        "hubconf.py",
    }
)  # fmt: skip
_MOST_AT_TOP = 3
_CONFIG = re.compile(
    r"(?:^|/)(?:conf(?:ig)?s?|settings)/.*\.(?:ya?ml|toml|json|ini)$|"
    r"(?:^|/)(?:params|config|settings|hyperparameters?|train(?:ing)?)[\w.-]*\.(?:ya?ml|toml|json|ini)$"
)
_ARGUMENTS = re.compile(
    rb"argparse|import click|import typer|from typer|hydra|pydantic_settings|absl|"
    rb"HfArgumentParser|import fire|simple_parsing|jsonargparse"
)


def lint(seen: Seen) -> Finding:
    """A linter or types are set up, and something runs them."""
    if not seen.project.python:
        return not_applicable("lint", "There is no code to lint.")
    setting = _lint_setting(seen)
    hooks = seen.project.near(*_HOOKS)
    counting, doubted = seen.ran(is_lint)
    if counting:
        told = counting[0].words[1] if counting[0].words[0] == "uses" else counting[0].words[0]
        return met("lint", f"CI runs {told}.", *places(counting[:2]))
    if hooks is not None and "repos" in (seen.tree.text(hooks) or ""):
        return met("lint", "Hooks lint before a commit.", f"{hooks}:1")
    if doubted:
        return unmet("lint", f"CI does not really lint: {doubts(doubted)}.", *places(doubted[:2]))
    if setting is not None:
        return unmet("lint", "A linter is set up, and nothing runs it.", setting)
    return missing("lint", "No linter and no types are set up.")


def _lint_setting(seen: Seen) -> str | None:
    path = seen.project.near("pyproject.toml")
    tools = below(toml(seen.tree, path), "tool") if path is not None else None
    named = [
        name
        for name in ("ruff", "mypy", "pylint", "pyright", "black", "flake8")
        if below(tools, name)
    ]
    if path is not None and named:
        line = next(
            (at for at, text in enumerate(seen.tree.lines(path), 1) if f"[tool.{named[0]}" in text),
            1,
        )
        return f"{path}:{line}"
    for name in _LINT_FILES:
        path = seen.project.near(name)
        if path is not None and (
            name not in ("setup.cfg", "tox.ini")
            or re.search(r"^\[(?:flake8|mypy|pylint)", seen.tree.text(path) or "", re.M)
        ):
            return f"{path}:1"
    return None


def structure(seen: Seen) -> Finding:
    """The code lies in a package or a folder of its own; few scripts lie at the top."""
    code = [path for path in seen.project.python if name_of(path) not in _AT_TOP]
    if not code and not seen.project.notebooks:
        return not_applicable("structure", "There is no code.")
    loose = [path for path in code if "/" not in seen.project.inner(path)]
    if not code:
        evidence = (f"{path}:1" for path in list(seen.project.notebooks)[:3])
        return unmet("structure", "The code lies in notebooks only.", *evidence)
    if len(loose) > _MOST_AT_TOP and len(loose) > len(code) / 2:
        sentence = f"{len(loose)} of {len(code)} files of code lie loose at the top, in no package."
        return unmet("structure", sentence, *(f"{path}:1" for path in loose[:5]))
    package = next((path for path in code if path.endswith("__init__.py")), code[0])
    sentence = (
        f"The code lies in folders of its own ({len(code) - len(loose)} of {len(code)} files)."
    )
    if len(loose) == len(code):
        files = "1 file" if len(code) == 1 else f"{len(code)} files"
        sentence = f"The code is {files} at the top: small enough to be found."
    return met("structure", sentence, f"{package}:1")


def naming(seen: Seen) -> Finding:
    """No file is named for a moment: final, copy, untitled, v2_new."""
    named = [
        path for path in seen.project.tree.files if path.endswith((".py", ".ipynb", ".R", ".sql"))
    ]
    if not named:
        return not_applicable("naming", "There is no code.")
    poor = [
        path
        for path in named
        if _PASSING.search(name_of(path).rpartition(".")[0]) and not seen.project.is_test(path)
    ]
    if poor:
        first = name_of(poor[0])
        sentence = f"{len(poor)} of {len(named)} files are named for a moment, like {first}."
        return unmet("naming", sentence, *(f"{path}:1" for path in poor[:5]))
    return met("naming", f"{len(named):,} files have names that last.", f"{named[0]}:1")


def _is_beside(seen: Seen, path: str) -> bool:
    """Say whether a file is a tool's, a test's or an example's."""
    hidden = seen.project.inner(path).startswith(".") or "/." in path
    return hidden or seen.project.is_secondary(path) or seen.project.is_test(path)


def config(seen: Seen) -> Finding:
    """Settings of training are read from a file or given as arguments."""
    training = {**seen.model.trained, **seen.model.in_notebooks}
    if not training:
        return not_applicable("config", "Nothing trains a model.")
    files = [path for path in seen.project.files if _CONFIG.search(seen.project.inner(path))]
    files = [
        path
        for path in files
        if not seen.project.is_secondary(path) and not seen.project.is_test(path)
    ]
    if files:
        return met("config", "Settings lie in a file of their own.", f"{files[0]}:1")
    for path in seen.model.trained:
        data = seen.tree.data(path) or b""
        match = _ARGUMENTS.search(data)
        if match:
            line = data.count(b"\n", 0, match.start()) + 1
            return met("config", "Settings of training are given as arguments.", f"{path}:{line}")
    evidence = (seen.project.place(path, line) for path, line in list(training.items())[:5])
    return missing(
        "config", "Settings of training stand in the code: no file, no arguments.", *evidence
    )
