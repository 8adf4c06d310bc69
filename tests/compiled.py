"""Compiles the tests and runs none, once for the workers that follow.

Workers begin together: each would rewrite the asserts of the same file in the same second.
`pytest -p tests.compiled --noconftest -p no:django [folder …]` writes what each of them then
finds, as pytest itself would (it offers no way to do this alone).
"""

from __future__ import annotations

import py_compile
from pathlib import Path

import pytest
from _pytest.assertion.rewrite import PYC_TAIL, _read_pyc, _rewrite_test, _write_pyc, get_cache_dir
from _pytest.assertion.rewrite import assertstate_key as state

#: Whose asserts pytest rewrites; what they import is compiled as everything is.
REWRITTEN = ("test_*.py", "conftest.py", "plugin.py", "postbox.py")


def pytest_cmdline_main(config: pytest.Config) -> int:
    """Compile every module of the tests, instead of running them."""
    for path in [path for name in config.args for path in sorted(Path(name).rglob("*.py"))]:
        if any(path.match(name) for name in REWRITTEN):
            rewrite(path, config)
        else:
            py_compile.compile(str(path), doraise=True)
    return 0


def rewrite(path: Path, config: pytest.Config) -> None:
    """Rewrite the asserts of one file, unless that is done."""
    folder = get_cache_dir(path)
    folder.mkdir(exist_ok=True)
    made = folder / (path.stem + PYC_TAIL)
    if _read_pyc(path, made) is None:
        stat, code = _rewrite_test(path, config)
        _write_pyc(config.stash[state], code, stat, made)
