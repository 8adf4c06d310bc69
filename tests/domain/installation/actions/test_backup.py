"""A backup taken while people work, and what a restore makes of it, in processes of their own.

On SQLite, and on the server of DATABASE_URL where the suite runs on PostgreSQL.
"""

from __future__ import annotations

import itertools
import json
import os
import sqlite3
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.domain.evidence.payloads import GOOD
from tests.prepared import own_database, prepare_folder

from headway.domain.installation.rules import Manifest, read_manifest
from headway.errors import Invalid

# Together in one worker: its homes are made once.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("backup")]

MAKE = """
import django; django.setup()
from headway import clock
from headway.domain.installation.actions import prepare_database
prepare_database()
from headway.domain.accounts.actions import create_workspace
from headway.domain.accounts.queries import headway_actor, workspaces
from headway.domain.evidence.actions import push_evidence
from headway.domain.evidence.rules import Defaults
import json, sys
if not workspaces():
    create_workspace("Acme", clock.now())
actor = headway_actor(workspaces()[0].id)
"""
PUSH = """
def push(start, count):
    for number in range(start, start + count):
        line = json.dumps({"subject": f"model:m@{number}", "payload": {"text": f"note {number}"}})
        now = clock.now()
        push_evidence(actor, line, Defaults(kind="note", source="tests", at=now), now)
"""
#: Runs command lines one after the other, and prints the code, stdout and stderr of each.
EACH = """
import contextlib, io, json, sys
from headway.interfaces.cli.main import run
said = []
for words in json.loads(sys.argv[1]):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(words)
    said.append((code, out.getvalue(), err.getvalue()))
print(json.dumps(said))
"""
WORK = "\nprint('ready', flush=True)\nfor n in range(10_000): push(100 + n, 1)\n"


#: Names of databases on a server that other tests use as well.
_NAMES = (f"headway_backup_{os.getpid()}_{number}" for number in itertools.count())

#: Where the chains and what they hold lie.
TABLES = ("evidence_record", "evidence_head", "accounts_auditentry", "accounts_workspace")


class Home:
    """A data folder with a database that holds nothing, and commands in it."""

    def __init__(self, folder: Path, *, has_tables: bool = True) -> None:
        self.folder = folder
        self.address = own_database(next(_NAMES), has_tables=has_tables)
        if has_tables and not self.address:
            prepare_folder(folder)
        kept = {name: word for name, word in os.environ.items() if not name.startswith("HEADWAY_")}
        kept.pop("DATABASE_URL", None)
        self.environment = {
            **kept,
            **({"DATABASE_URL": self.address} if self.address else {}),
            "HEADWAY_HOME": str(folder),
            "DJANGO_SETTINGS_MODULE": "headway.site.settings",
        }

    def python(self, script: str) -> None:
        subprocess.run([sys.executable, "-c", script], env=self.environment, check=True)

    def start(self, script: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", script], env=self.environment, stdout=subprocess.PIPE, text=True
        )

    def headway(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "headway.interfaces.cli.main", *words]
        return subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=False
        )

    def each(self, lines: list[list[str]]) -> list[tuple[int, str, str]]:
        """Return the code, stdout and stderr of every command line, run in one process."""
        done = subprocess.run(
            [sys.executable, "-c", EACH, json.dumps(lines)],
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return [(code, out, err) for code, out, err in json.loads(done.stdout)]

    @property
    def database(self) -> Path:
        """Return the file of an installation on SQLite."""
        (found,) = self.folder.glob("*.sqlite3")
        return found

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        """Return the rows that answer a question, past Headway."""
        if self.address:
            with psycopg.connect(self.address) as server:
                cursor = server.execute(question)  # type: ignore[call-overload]
                return list(cursor.fetchall()) if cursor.description else []
        with closing(sqlite3.connect(self.database)) as place:
            return list(place.execute(question).fetchall())

    def dump(self, table: str) -> list[tuple[Any, ...]]:
        return sorted(self.ask(f"SELECT * FROM {table}"), key=str)

    def records(self) -> list[tuple[Any, ...]]:
        return self.ask("SELECT sequence, digest, payload FROM evidence_record ORDER BY sequence")

    def everything(self) -> list[list[tuple[Any, ...]]]:
        return [self.dump(table) for table in TABLES]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("filled"))
    home.python(MAKE + PUSH + "push(0, 20)")
    return home


@pytest.fixture(scope="module")
def archive(filled: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a backup that was made while another process wrote."""
    path = tmp_path_factory.mktemp("archive") / "backup.zip"
    writer = filled.start(MAKE + PUSH + WORK)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "ready\n"
    done = filled.headway("backup", str(path))
    writer.kill()
    writer.wait()
    writer.stdout.close()
    assert done.returncode == 0, done.stderr
    return path


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return an installation with tables and nothing in them."""
    home = Home(tmp_path_factory.mktemp("empty"))
    assert home.headway("rebuild").returncode == 0
    return home


@pytest.fixture(scope="module")
def restored(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return an installation that the archive was restored into; the restore found all well."""
    home = Home(tmp_path_factory.mktemp("restored"), has_tables=False)
    done = home.headway("restore", str(archive), "--json")
    assert done.returncode == 0, done.stderr
    assert all(one["well"] for one in json.loads(done.stdout)["findings"])
    return home


def manifest_of(archive: Path) -> dict[str, object]:
    with zipfile.ZipFile(archive) as file:
        found: dict[str, object] = json.loads(file.read("manifest.json"))
        return found


def altered(archive: Path, target: Path, **changes: object) -> Path:
    """Write a copy of the archive whose manifest says something else."""
    with zipfile.ZipFile(archive) as file, zipfile.ZipFile(target, "w") as copy:
        content = {**json.loads(file.read("manifest.json")), **changes}
        copy.writestr("manifest.json", json.dumps(content))
        copy.writestr("database", file.read("database"))
    return target


def spoilt(archive: Path, target: Path, change: Callable[[zipfile.ZipFile, bytes], None]) -> Path:
    """Write an archive with the manifest of another, and with whatever `change` puts in."""
    with zipfile.ZipFile(archive) as file, zipfile.ZipFile(target, "w") as copy:
        copy.writestr("manifest.json", file.read("manifest.json"))
        change(copy, file.read("database"))
    return target


def test_a_backup_holds_no_key_and_only_its_owner_reads_it(filled: Home, archive: Path) -> None:
    assert archive.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(archive) as file:
        content = file.read("database")
    for name in ("secret_key", "source_key"):
        assert (filled.folder / name).read_bytes().strip() not in content


def test_a_backup_overwrites_nothing(filled: Home, archive: Path) -> None:
    before = archive.read_bytes()
    assert filled.headway("backup", str(archive)).returncode == 2
    assert archive.read_bytes() == before


def test_an_installation_that_is_not_empty_takes_no_backup(filled: Home, archive: Path) -> None:
    before = filled.everything()
    done = filled.headway("restore", str(archive))
    assert done.returncode == 2
    assert "already" in done.stderr
    assert filled.everything() == before


def test_a_damaged_foreign_or_newer_archive_changes_nothing(
    archive: Path, empty: Home, tmp_path: Path
) -> None:
    torn, text = tmp_path / "torn.zip", tmp_path / "text.zip"
    torn.write_bytes(archive.read_bytes()[:-2_000])
    text.write_text("no archive at all")
    other = "postgresql" if manifest_of(archive)["vendor"] == "sqlite" else "sqlite"
    wrong = [
        torn,
        text,
        tmp_path,
        tmp_path / "absent.zip",
        altered(archive, tmp_path / "digest.zip", sha256="0" * 64),
        altered(archive, tmp_path / "format.zip", format=99),
        altered(archive, tmp_path / "newer.zip", version="999.0.0"),
        altered(archive, tmp_path / "vendor.zip", vendor=other),
    ]
    refused_all(wrong, empty)


def refused_all(archives: list[Path], empty: Home) -> None:
    """Hold each to one sentence, and to an installation that stays as it was."""
    before = empty.everything()
    said = empty.each([["restore", str(path)] for path in archives])
    for path, (code, out, err) in zip(archives, said, strict=True):
        assert (code, out) == (2, ""), (path.name, err)
        assert err.strip(), path.name
        assert "Traceback" not in err
    assert empty.everything() == before


def test_an_archive_made_to_harm_changes_nothing_and_writes_nowhere(
    archive: Path, empty: Home, tmp_path: Path
) -> None:
    def escapes(copy: zipfile.ZipFile, content: bytes) -> None:
        copy.writestr("database", content)
        copy.writestr("../escaped", "here")

    def points_elsewhere(copy: zipfile.ZipFile, _content: bytes) -> None:
        link = zipfile.ZipInfo("database")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        copy.writestr(link, "/etc/passwd")

    def holds_more(copy: zipfile.ZipFile, content: bytes) -> None:
        copy.writestr("database", content)
        copy.writestr("source_key", "mine")

    def holds_another(copy: zipfile.ZipFile, _content: bytes) -> None:
        copy.writestr("database", b"SQLite format 3\x00" + b"\x00" * 5_000)

    changes = (escapes, points_elsewhere, holds_more, holds_another)
    made = [spoilt(archive, tmp_path / f"{one.__name__}.zip", one) for one in changes]
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("manifest.json", b" " * 40_000_000)
        file.writestr("database", b"")
    folders = {path: sorted(path.iterdir()) for path in (empty.folder, empty.folder.parent)}
    refused_all([*made, bomb], empty)
    assert folders == {path: sorted(path.iterdir()) for path in folders}


def test_a_backup_is_of_one_moment_however_many_write(archive: Path, restored: Home) -> None:
    """Rows, heads and chain of the copy agree, though a writer never paused."""
    manifest = manifest_of(archive)
    heads = manifest["heads"]
    assert isinstance(heads, dict)
    ((sequence, digest, *_),) = heads.values()
    records = restored.records()
    assert (records[-1][0], records[-1][1]) == (sequence, digest)
    assert [row[0] for row in records] == list(range(1, sequence + 1))
    assert manifest["rows"]["evidence_record"] == sequence  # type: ignore[index]


def test_a_restore_brings_back_equal_rows_and_whole_chains(
    archive: Path, filled: Home, restored: Home
) -> None:
    rows = manifest_of(archive)["rows"]
    assert isinstance(rows, dict)
    records = restored.records()
    assert len(records) == rows["evidence_record"] >= 20
    assert records == filled.records()[: len(records)]
    if not restored.address:
        assert restored.database.stat().st_mode & 0o777 == 0o600
    assert restored.headway("audit", "verify").returncode == 0
    with pytest.raises((sqlite3.Error, psycopg.Error), match="append-only"):
        restored.ask("DELETE FROM evidence_record")


def test_an_installation_goes_on_after_a_restore(restored: Home) -> None:
    before = len(restored.records())
    restored.python(MAKE + PUSH + "push(9_000, 3)")
    assert len(restored.records()) == before + 3
    assert restored.headway("audit", "verify").returncode == 0


def test_a_restored_ledger_without_its_guards_is_said(filled: Home, tmp_path: Path) -> None:
    bare = Home(tmp_path / "bare")
    bare.python(MAKE + PUSH + "push(0, 2)")
    suffix = " ON evidence_record" if bare.address else ""
    bare.ask(f"DROP TRIGGER evidence_record_no_delete{suffix}")
    assert bare.headway("backup", str(tmp_path / "bare.zip")).returncode == 0
    done = Home(tmp_path / "home").headway("restore", str(tmp_path / "bare.zip"))
    assert done.returncode == 1
    assert "evidence_record_no_delete" in done.stdout


def test_rows_that_are_missing_after_a_restore_are_found(archive: Path, tmp_path: Path) -> None:
    rows = manifest_of(archive)["rows"]
    assert isinstance(rows, dict)
    more = altered(archive, tmp_path / "more.zip", rows={**rows, "evidence_record": 99_999})
    done = Home(tmp_path / "home").headway("restore", str(more))
    assert done.returncode == 1
    assert "evidence_record" in done.stdout


def test_doctor_looks_and_touches_nothing(tmp_path: Path) -> None:
    new = Home(tmp_path / "new", has_tables=False)
    done = new.headway("doctor", "--json")
    assert done.returncode == 1
    findings = {one["name"]: one for one in json.loads(done.stdout)["findings"]}
    assert not findings["tables"]["well"]
    assert "headway up" in findings["tables"]["sentence"]
    home = Home(tmp_path / "home")
    assert home.headway("rebuild").returncode == 0
    (home.folder / "source_key").chmod(0o644)
    findings = {
        one["name"]: one for one in json.loads(home.headway("doctor", "--json").stdout)["findings"]
    }
    assert findings["tables"]["well"]
    assert "chmod 600" in findings["source_key"]["sentence"]


WHOLE = Manifest(
    "0.1.0", "sqlite", "2026-11-23T09:00:00Z", "0" * 64, {"a": 1}, {"w": (1, "d", 2, "e")}
)


def test_a_manifest_reads_back_as_it_was_written() -> None:
    assert read_manifest(WHOLE.as_json()) == WHOLE


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null", '{"format": "x"}', json.dumps(GOOD["run"])]
)
def test_what_is_no_manifest_is_one_sentence(text: str) -> None:
    with pytest.raises(Invalid, match="not a Headway backup"):
        read_manifest(text)
