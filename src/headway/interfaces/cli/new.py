"""`headway new PATH`: a repository to start from, which its own audit finds sound."""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import mkdtemp
from typing import Annotated

import typer

from headway.errors import Conflict, Invalid
from headway.interfaces.cli.output import print_json, print_line, say


def new(
    path: Annotated[Path, typer.Argument(help="The folder to make", show_default=False)],
    name: Annotated[
        str, typer.Option(help="What it is called, like fraud-model; default: the folder's name.")
    ] = "",
    owner: Annotated[str, typer.Option(help="Who reviews it.")] = "@your-team",
    licence: Annotated[str, typer.Option(help="none, MIT, Apache-2.0 or BSD-3-Clause.")] = "none",
    into: Annotated[
        bool, typer.Option("--into", help="Add what is lacking to a folder that holds files.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Make a repository for a model: data, training, evaluation, tests, CI with a gate, documents.

    Nothing is overwritten, and nothing half done is left behind when it fails.

    Examples:

      headway new fraud-model

      headway new work/fraud --name fraud-model --owner @acme/ml --licence Apache-2.0
    """
    from headway.analysis.repository.scaffold import scaffold
    from headway.clock import now

    called = name or re.sub(r"[^a-z0-9]+", "-", path.resolve().name.lower()).strip("-")
    files = scaffold(called, owner=_plain(owner), licence=licence, year=now().year)
    written = _add(path, files) if into else _make(path, files)
    if as_json:
        print_json({"path": str(path), "name": called, "files": written})
        return
    for one in written:
        print_line(one)
    say(f"Made {called} in {path}. Next: cd {path}, git init, make install, make check; README.md.")


def _plain(owner: str) -> str:
    if not re.fullmatch(r"@?[\w.@/+-]{1,80}", owner):
        sentence = (
            f"The owner {owner[:80]!r} can't be used; give a team or a person, like @acme/ml."
        )
        raise Invalid(sentence)
    return owner


def _make(path: Path, files: Mapping[str, str]) -> list[str]:
    """Write all files beside `path`, then put the folder in its place in one step."""
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        what = "holds files already" if path.is_dir() else "is a file"
        sentence = f"{path} {what}. Name a folder that is not there, or add what lacks with --into."
        raise Conflict(sentence)
    beside = path.resolve().parent
    try:
        beside.mkdir(parents=True, exist_ok=True)
        made = Path(mkdtemp(prefix=".headway-new-", dir=beside))
    except OSError as error:
        raise _unwritable(beside, error) from error
    try:
        made.chmod(0o777 & ~_umask())
        written = _write(made, files, [])
        os.replace(made, path.resolve())
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return written


def _add(path: Path, files: Mapping[str, str]) -> list[str]:
    """Write the files that are not there yet; what was written is taken back when one fails."""
    lacking = {name: text for name, text in files.items() if not os.path.lexists(path / name)}
    written: list[Path] = []
    try:
        return _write(path, lacking, written)
    except OSError as error:
        for one in reversed(written):
            one.rmdir() if one.is_dir() else one.unlink(missing_ok=True)
        raise _unwritable(path, error) from error


def _write(folder: Path, files: Mapping[str, str], written: list[Path]) -> list[str]:
    """Write files below a folder; `written` grows by each folder and file that is made."""
    for name, text in files.items():
        target = folder / name
        if not target.parent.resolve().is_relative_to(folder.resolve()):
            reason = f"{target.parent} leads out of it"
            raise OSError(errno.ELOOP, reason)
        for parent in reversed(target.relative_to(folder).parents):
            if not (folder / parent).exists():
                (folder / parent).mkdir()
                written.append(folder / parent)
        with target.open("x", encoding="utf-8", newline="\n") as file:
            written.append(target)
            file.write(text)
    return list(files)


def _umask() -> int:
    """Return the mask for new files; it can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _unwritable(path: Path, error: OSError) -> Invalid:
    sentence = f"{path} can't be written: {error.strerror}. Nothing was left there."
    return Invalid(sentence)
