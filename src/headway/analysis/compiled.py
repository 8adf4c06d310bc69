"""Functions compiled to machine code: once per installation, kept on disk, loaded when needed.

A kernel gives the same bits as the NumPy code that it stands for (no fast mathematics, so every
operation is IEEE's, in the order written), so whether one is there decides how long an answer takes
and never what it is. Loading Numba costs a third of a second and compiling many, so small work
stays with NumPy, and a process that answers people does not compile: the worker does, or a command.
"""

from __future__ import annotations

import importlib
import os
import platform
import sys
from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

#: The modules whose functions are compiled when they are imported.
KERNELS = (
    "headway.analysis.schedule.kernels",
    "headway.analysis.schedule.levelling.kernels",
    "headway.analysis.schedule.levelling.paths",
    "headway.analysis.schedule.levelling.general.kernels",
)


def kernel(signature: str) -> Callable[[F], F]:
    """Compile a function for `signature` where it is defined, or load what was compiled before."""
    return _njit(signature, cache=True, nogil=True)


def inlined(function: F) -> F:
    """Mark a function that is compiled as a part of the kernels that call it."""
    return _njit(nogil=True)(function)


def _njit(*signature: str, **options: bool) -> Callable[[F], F]:
    import numba

    settings: Any = numba.config
    settings.CACHE_DIR = str(folder())
    njit: Any = numba.njit
    compiling: Callable[[F], F] = njit(*signature, **options)
    return compiling


def folder() -> Path:
    """Return where machine code is kept: the first of `folders` that can be written.

    Where none can, a folder that ends with the process, so that nothing but time is lost.
    """
    for place in folders():
        if _can_be_written(place):
            return place
    return Path(_passing().name)


def folders() -> list[Path]:
    """Return where machine code may be kept: the user's cache, else under Headway's home.

    The package's own folder may be read-only. `NUMBA_CACHE_DIR` overrules.
    """
    stated = os.environ.get("NUMBA_CACHE_DIR")
    if stated:
        return [Path(stated)]
    cache, home = os.environ.get("XDG_CACHE_HOME"), os.environ.get("HEADWAY_HOME")
    users = Path(cache) if cache else Path(os.path.expanduser("~"), ".cache")
    parents = [users] if users.is_absolute() else []
    parents += [Path(home)] if home else []
    return [parent / "headway" / "kernels" for parent in parents]


@cache
def _passing() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="headway-kernels-")


def _can_be_written(place: Path) -> bool:
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(place, os.W_OK)


def is_loaded(module: str) -> bool:
    """Say whether this process has loaded the kernels of `module`."""
    return module in sys.modules


def is_ready(module: str) -> bool:
    """Say whether the kernels of `module` are loaded or lie compiled on disk; loads nothing."""
    return is_loaded(module) or _mark(module).exists()


def load(module: str) -> Any:
    """Return a module of kernels, compiled now if need be: seconds, said on standard error."""
    if module in sys.modules:
        return sys.modules[module]
    if not is_ready(module):
        print("Compiling, once for this installation …", file=sys.stderr)
    found = importlib.import_module(module)
    mark = _mark(module)
    if not mark.exists() and _can_be_written(mark.parent):
        mark.touch()
    return found


def all_ready() -> bool:
    """Say whether every kernel is compiled."""
    return all(is_ready(module) for module in KERNELS)


def is_kept() -> bool:
    """Say whether what is compiled can be kept: else each process would compile anew."""
    return any(_can_be_written(place) for place in folders())


def compile_all() -> None:
    """Compile every kernel that is not compiled yet."""
    for module in KERNELS:
        if not is_ready(module):
            load(module)


def _mark(module: str) -> Path:
    """Return the file that says a module is compiled, for this source, processor and Numba."""
    spec = find_spec(module)
    source = Path(spec.origin).stat() if spec and spec.origin else None
    stamp = (source.st_mtime_ns, source.st_size) if source else ()
    known = (module, stamp, version("numba"), platform.python_version(), _processor())
    return folder() / f"{blake2b(repr(known).encode(), digest_size=8).hexdigest()}.compiled"


def _processor() -> str:
    """Return what tells processors apart: machine code of one may not run on another."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return f"{platform.machine()} {platform.processor()}"
    said = dict(line.partition("\t")[::2] for line in reversed(lines) if line.strip())
    return f"{platform.machine()} {said.get('model name')} {said.get('flags')}"


if __name__ == "__main__":
    compile_all()
