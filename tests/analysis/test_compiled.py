"""Machine code is kept where it can be, found again, and loaded only by who needs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from headway.analysis import compiled
from headway.analysis.schedule.futures import KERNELS


@pytest.fixture(autouse=True)
def unstated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)


def python(code: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run `code` in a process of its own."""
    environment = {**os.environ, **more}
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )


def test_it_is_kept_in_the_users_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert compiled.folder() == tmp_path / "cache" / "headway" / "kernels"
    assert compiled.is_kept()


def test_without_a_home_that_can_be_written_it_is_kept_in_headways(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("HOME", str(tmp_path / "file"))
    monkeypatch.setenv("HEADWAY_HOME", str(tmp_path / "headway"))
    assert compiled.folder() == tmp_path / "headway" / "headway" / "kernels"


def test_where_nothing_can_be_written_it_ends_with_the_process(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("HOME", str(tmp_path / "file"))
    monkeypatch.setenv("HEADWAY_HOME", str(tmp_path / "file"))
    assert not compiled.is_kept()
    passing = compiled.folder()
    assert passing.is_dir()
    assert passing.stat().st_mode & 0o077 == 0
    code = (
        "from headway.analysis import compiled\n"
        "folder = compiled.folder()\n"
        "@compiled.kernel('i8(i8)')\n"
        "def twice(number): return 2 * number\n"
        "print(twice(21))"
    )
    (tmp_path / "kernel.py").write_text(code)
    done = python(f"import runpy; runpy.run_path({str(tmp_path / 'kernel.py')!r})")
    assert done.stdout == "42\n"


def test_another_source_is_another_mark(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "someones.py").write_text("pass")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "kept"))
    before = compiled._mark("someones")
    (tmp_path / "someones.py").write_text("pass  # changed")
    assert compiled._mark("someones") != before
    assert not compiled.is_ready("someones")


def test_small_plans_and_the_command_line_load_no_compiler() -> None:
    code = (
        "import sys, headway.interfaces.cli.main\n"
        "from headway.analysis.schedule.plan import Plan, Item, Estimate\n"
        "from headway.analysis.schedule.forecast import forecast\n"
        "forecast(Plan('P', (Item('a', estimate=Estimate(1, 2, 3)),)))\n"
        "print('numba' in sys.modules)"
    )
    assert python(code).stdout == "False\n"


@pytest.mark.slow
def test_what_one_process_compiled_the_next_only_loads() -> None:
    # In a process of its own: in this one a neighbour may hold it, loaded by another way.
    loading = f"from headway.analysis import compiled; compiled.load({KERNELS!r})"
    python(loading)
    assert python(loading).stderr == ""
    code = (
        "from headway.analysis import compiled\n"
        f"kernels = compiled.load({KERNELS!r})\n"
        "print([len(one.stats.cache_misses) for one in (kernels.futures, kernels.limited)])"
    )
    assert python(code).stdout == "[0, 0]\n"
