"""Tests: whether they are real, whether CI runs them, and what of the model they reach."""

from __future__ import annotations

import re

from headway.analysis.repository.answer import (
    Finding,
    insufficient,
    met,
    missing,
    not_applicable,
    unmet,
)
from headway.analysis.repository.checks.commands import is_data_check, is_test
from headway.analysis.repository.checks.seen import Seen, doubts, places
from headway.analysis.repository.modelling import Place
from headway.analysis.repository.projects import MOST_PARSED
from headway.analysis.repository.python_code import Function

_SKIPPED = re.compile(r"(?:^|\.)(?:mark\.skip|unittest\.skip|skip)$")
#: Files of tests that are read when some of them assert something; they tell what the rest is like.
_ENOUGH = 40
_FEATURES = re.compile(r"(?:^|/)(?:\w*features?\w*|preprocess\w*|transform\w*)(?:\.py$|/)", re.I)
_VALIDATORS = frozenset(
    {
        "pandera", "great_expectations", "deepchecks", "evidently", "soda", "pydantic_ai",
        "tensorflow_data_validation", "cerberus", "frictionless", "whylogs", "patito",
    }
)  # fmt: skip


def _is_test(function: Function) -> bool:
    return function.name.startswith("test")


def _is_real(function: Function) -> bool:
    skipped = any(_SKIPPED.search(name) for name in function.decorators)
    return _is_test(function) and function.asserts and not skipped


def tests_exist(seen: Seen) -> Finding:
    """Tests that can fail: functions that assert something and are not skipped."""
    real: list[Place] = []
    idle: list[Place] = []
    looked_at = seen.project.tests[:MOST_PARSED]
    for number, path in enumerate(looked_at):
        if number >= _ENOUGH and real:
            break
        code = seen.project.code(path)
        for function in filter(_is_test, code.functions if code else ()):
            (real if _is_real(function) else idle).append((path, function.line))
    evidence = [seen.project.place(*place) for place in (real or idle)[:5]]
    if real:
        more = "at least " if len(seen.project.tests) > _ENOUGH else ""
        beside = f", {len(idle):,} assert nothing or are skipped" if idle else ""
        sentence = f"{more}{len(real):,} tests assert something{beside}."
        return met("tests", sentence[0].upper() + sentence[1:], *evidence)
    if idle:
        sentence = f"{len(idle):,} tests, and none can fail: they assert nothing or are skipped."
        return unmet("tests", sentence, *evidence)
    others = [path for path in seen.project.files if _other_test(path)]
    if others:
        sentence = "There are tests in a language that is not looked into here."
        return insufficient("tests", sentence, *(f"{path}:1" for path in others[:5]))
    if looked_at:
        files = "The file" if len(looked_at) == 1 else f"{len(looked_at)} files"
        sentence = f"{files} of tests hold{'s' if len(looked_at) == 1 else ''} no test."
        return unmet("tests", sentence, *(f"{path}:1" for path in looked_at[:5]))
    has_code = bool(seen.project.python or seen.project.notebooks)
    return missing("tests", "There is no test." if has_code else "There is no code, and no test.")


def _other_test(path: str) -> bool:
    return bool(
        re.search(
            r"(?:_test\.go|\.test\.[jt]sx?|\.spec\.[jt]sx?|testthat/.*\.[rR]|Test\.java)$", path
        )
    )


def tests_in_ci(seen: Seen) -> Finding:
    """A change sets the tests off, and their failure counts."""
    files = seen.project.automation.files
    unread = seen.project.automation.unread
    if not files and unread:
        sentence = f"{unread[0]} looks like CI of a system that is not read here."
        return insufficient("ci-tests", sentence, *(f"{path}:1" for path in unread[:3]))
    if not files:
        return missing("ci-tests", "There is no file of a CI system, so nothing runs tests.")
    counting, doubted = seen.ran(is_test)
    if tests_exist(seen).verdict.value == "missing":
        sentence = "CI has no tests to run: the project has none."
        return missing("ci-tests", sentence, *places(counting or doubted))
    if counting:
        told = " ".join(counting[0].words[:4])
        sentence = f"CI runs `{told}` on a change, and a failure stops it."
        return met("ci-tests", sentence, *places(counting[:3]))
    if doubted:
        sentence = f"CI does not really run the tests: {doubts(doubted)}."
        return unmet("ci-tests", sentence, *places(doubted[:3]))
    return _without(seen, files)


def _without(seen: Seen, files: tuple[str, ...]) -> Finding:
    """Answer where no command of CI is a test: it may call something that lies elsewhere."""
    elsewhere = [
        one
        for one in seen.project.automation.ran
        if one.words[0] == "uses" and re.search(r"/workflows/|tox|pytest|test", one.words[1])
    ]
    if elsewhere:
        name = elsewhere[0].words[1]
        sentence = f"CI calls {name}, which lies elsewhere: whether it runs tests can't be seen."
        return insufficient("ci-tests", sentence, *places(elsewhere[:3]))
    noun = "file" if len(files) == 1 else "files"
    sentence = f"CI ({len(files)} {noun}) runs no test of this project."
    return unmet("ci-tests", sentence, *(f"{path}:1" for path in files[:5]))


def training_tested(seen: Seen) -> Finding:
    """A test imports the training code, or trains a model itself."""
    if not seen.model.trained:
        return not_applicable("training-tested", "No script trains a model.")
    modules = {_module(path) for path in seen.model.trained}
    place = _test_that_imports(seen, modules)
    if place is not None:
        return met("training-tested", "A test imports the code that trains.", place)
    evidence = (f"{path}:{line}" for path, line in list(seen.model.trained.items())[:5])
    return unmet("training-tested", "No test imports the code that trains.", *evidence)


def features_tested(seen: Seen) -> Finding:
    """A test imports the code that makes features."""
    makers = [path for path in seen.project.python if _FEATURES.search(seen.project.inner(path))]
    makers = [path for path in makers if (seen.tree.text(path) or "").strip()]
    if not makers:
        return not_applicable("features-tested", "No code is named for making features.")
    place = _test_that_imports(seen, {_module(path) for path in makers})
    if place is not None:
        return met("features-tested", "A test imports the code that makes features.", place)
    evidence = (f"{path}:1" for path in makers[:5])
    return unmet("features-tested", "No test imports the code that makes features.", *evidence)


def _module(path: str) -> str:
    """Return the last names of a module: enough to know it by in an import."""
    parts = path.removesuffix(".py").removesuffix("/__init__").split("/")
    return ".".join(parts[-2:]) if len(parts) > 1 and parts[-2] not in ("src", "") else parts[-1]


def _test_that_imports(seen: Seen, modules: set[str]) -> str | None:
    """Return the line of a test on which one of these modules is imported."""
    names = sorted({module.rpartition(".")[2] for module in modules})
    either = "|".join(map(re.escape, names))
    imported = re.compile(
        rf"^[ \t]*(?:from[ \t]+(\S+)[ \t]+)?import[ \t]+(.*\b(?:{either})\b.*)$"
        rf"|^[ \t]*from[ \t]+(\S*\b(?:{either}))[ \t]+import",
        re.M,
    )
    for path in seen.project.tests:
        text = seen.tree.text(path) or ""
        for match in imported.finditer(text):
            told = match[3] or f"{match[1] or ''}.{match[2]}"
            if _is_of(told, modules):
                return f"{path}:{text.count(chr(10), 0, match.start()) + 1}"
    return None


def _is_of(told: str, modules: set[str]) -> bool:
    """Say whether what a line imports is one of the modules, by its last two names."""
    before, _, named = told.rpartition(".")
    parts = [part for part in before.split(".") if part]
    words = {word.strip(" ()") for word in named.split(",")}
    for module in modules:
        folder, _, name = module.rpartition(".")
        if name in words | set(parts) and (not folder or folder in parts or not parts):
            return True
    return False


def data_checked(seen: Seen) -> Finding:
    """Data is held against rules: in code, in CI, or by a file of rules."""
    if not seen.model.trains:
        return not_applicable("data-checked", "Nothing trains a model, so no table is needed.")
    looked_at = (*seen.project.python, *seen.project.tests)
    for path in seen.project.importing(looked_at, _VALIDATORS):
        code = seen.project.code(path)
        for name, line in code.imports.items() if code else ():
            if name.partition(".")[0] in _VALIDATORS:
                return met("data-checked", f"Data is checked by {name}.", f"{path}:{line}")
    counting, _ = seen.ran(is_data_check)
    if counting:
        return met("data-checked", "CI holds data against its rules.", *places(counting[:2]))
    own = _own_check(seen)
    if own is not None:
        return met("data-checked", "The code checks its data before it is used.", own)
    return missing("data-checked", "Nothing holds data against rules before it is used.")


_OWN = re.compile(
    r"^def ((?:check|validate|verify)_\w*"
    r"(?:data|schema|frame|table|columns|rows|inputs?|features)\w*)",
    re.M,
)


def _own_check(seen: Seen) -> str | None:
    """Return where the project defines a function named for checking data that can fail."""
    for path in seen.project.mentioning(
        seen.project.python, (b"def check_", b"def validate_", b"def verify_")
    ):
        text = seen.tree.text(path) or ""
        match = _OWN.search(text)
        if match and re.search(r"\braise\b|\bassert\b", text[match.end() : match.end() + 3_000]):
            return f"{path}:{text.count(chr(10), 0, match.start()) + 1}"
    return None
