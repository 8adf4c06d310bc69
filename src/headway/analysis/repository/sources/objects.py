"""A bare clone: its objects read by git from a git folder of ours, so its settings never count.

A clone's own `config` can name programs that git runs (fsmonitor, filters, upload-pack of a partial
clone). It is never read: git is given an empty folder with a config of ours, and only the objects
of the clone. Nothing is checked out, so no filter and no hook has a moment to run in.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from headway.analysis.repository.sources.references import commit_of
from headway.analysis.repository.sources.tree import MOST_FILES, Entry, Kind, Tree, shown
from headway.errors import Invalid

_SECONDS = 60
_KINDS = {"120000": Kind.LINK, "160000": Kind.SUBMODULE}


@contextmanager
def bare_tree(root: Path) -> Iterator[Tree]:
    """Yield the files of a bare clone at its HEAD. Raises Invalid when they can't be read."""
    commit = commit_of(root)
    name = shown(root.resolve().name).removesuffix(".git") or "repository"
    if commit is None:
        notes = ["HEAD names no commit: the clone is empty, or its branch has another name."]
        yield Tree(name, (), lambda _path: None, None, notes)
        return
    if (root / "objects" / "info" / "alternates").exists():
        sentence = (
            f"{name} borrows its objects from another folder (objects/info/alternates), which is "
            "not followed. Clone it whole (git clone --bare --dissociate) and audit that."
        )
        raise Invalid(sentence)
    with TemporaryDirectory(prefix="headway-audit-") as folder:
        environment = _environment(Path(folder), root, commit)
        objects, notes = _listed(environment, commit, name)
        with _reading(environment) as reader:
            yield Tree(
                name=name,
                entries=tuple(sorted((entry for entry, _ in objects), key=lambda e: e.path)),
                read=_Reader(reader, {entry.path: oid for entry, oid in objects}).read,
                commit=commit,
                notes=notes,
            )


def _environment(folder: Path, root: Path, commit: str) -> dict[str, str]:
    """Make an empty git folder and return the whole environment git is run with."""
    (folder / "objects").mkdir()
    (folder / "refs").mkdir()
    (folder / "HEAD").write_text("ref: refs/heads/none\n")
    long = len(commit) == 64
    version = "1\n[extensions]\n\tobjectformat = sha256" if long else "0"
    (folder / "config").write_text(f"[core]\n\trepositoryformatversion = {version}\n")
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "GIT_DIR": str(folder),
        "GIT_OBJECT_DIRECTORY": str((root / "objects").resolve()),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "HOME": str(folder),
        "LC_ALL": "C",
    }


def _listed(
    environment: dict[str, str], commit: str, name: str
) -> tuple[list[tuple[Entry, str]], list[str]]:
    """Return the entries with their objects, the first files only when there are too many."""
    command = ["git", "ls-tree", "-r", "-z", "--long", "--full-tree", commit]
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, timeout=_SECONDS, check=False
        )
    except FileNotFoundError as error:
        sentence = "Reading a bare clone takes the program git; install it, or audit a work tree."
        raise Invalid(sentence) from error
    except subprocess.TimeoutExpired as error:
        sentence = f"git did not list {name} within {_SECONDS} seconds; audit a work tree of it."
        raise Invalid(sentence) from error
    if done.returncode:
        reason = shown(done.stderr.decode("utf-8", "replace").strip().splitlines()[-1][:200])
        sentence = f"git can't read the objects of {name}: {reason}. Clone it again and audit that."
        raise Invalid(sentence)
    found = done.stdout.decode("utf-8", "surrogateescape").split("\0")[:-1]
    notes = []
    if len(found) > MOST_FILES:
        notes.append(f"Only the first {MOST_FILES:,} of {len(found):,} files were looked at.")
    return [_entry(line) for line in found[:MOST_FILES]], notes


def _entry(line: str) -> tuple[Entry, str]:
    facts, _, path = line.partition("\t")
    mode, _kind, oid, size = facts.split()
    entry = Entry(shown(path), int(size) if size.isdigit() else 0, _KINDS.get(mode, Kind.FILE))
    return entry, oid


@contextmanager
def _reading(environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        ["git", "cat-file", "--batch"],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@dataclass(frozen=True, slots=True)
class _Reader:
    process: subprocess.Popen[bytes]
    objects: dict[str, str]

    def read(self, path: str) -> bytes | None:
        """Return the bytes of a path; None when the object is lacking or no blob."""
        oid = self.objects.get(path)
        put, got = self.process.stdin, self.process.stdout
        if oid is None or put is None or got is None:
            return None
        try:
            put.write(f"{oid}\n".encode("ascii"))
            put.flush()
            head = got.readline().split()
            if len(head) != 3:
                return None
            data = got.read(int(head[2]))
            got.read(1)
        except OSError:
            return None
        return data if head[1] == b"blob" else None
