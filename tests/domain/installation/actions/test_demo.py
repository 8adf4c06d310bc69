"""The demo in processes of its own: twice is once, and clearing takes its own folder only."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from tests.prepared import demo_beside

from headway.errors import Refused
from headway.interfaces.cli.demo import MARKER, clear_demo, prepare_folder

#: Each start makes a fresh one-time link and says so in the trail; nothing else may change.
GROWS = {
    "accounts_onetimelink",
    "accounts_auditentry",
    "accounts_audithead",
    "sqlite_sequence",
}


def run_demo(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    kept = {name: word for name, word in os.environ.items() if not name.startswith("HEADWAY_")}
    kept |= {"HEADWAY_HOME": str(home), "DJANGO_SETTINGS_MODULE": "headway.site.settings"}
    command = [sys.executable, "-m", "headway.interfaces.cli.main", "demo", *words]
    return subprocess.run(command, env=kept, capture_output=True, text=True, check=False)


def tables(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table that a second start must leave alone."""
    (file,) = folder.glob("*.sqlite3")
    with closing(sqlite3.connect(file)) as database:
        found = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        names = sorted({name for (name,) in found} - GROWS)
        return {
            name: sorted(database.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)
            for name in names
        }


@pytest.mark.slow
@pytest.mark.own_sqlite
def test_twice_is_the_same_as_once_and_yours_is_not_touched(tmp_path: Path) -> None:
    home, demo = tmp_path / "home", tmp_path / "home-demo"
    first_link = demo_beside(home)
    assert [path.name for path in home.iterdir()] == ["mine.txt"]
    once = tables(demo)
    assert len(once["evidence_record"]) > 100
    second = run_demo(home, "--no-serve")
    assert second.returncode == 0, second.stderr
    assert "loaded already" in second.stderr
    assert tables(demo) == once
    links = [first_link, second.stdout.strip().splitlines()[-1]]
    assert all("/start/in_" in link for link in links)
    assert links[0] != links[1], "a link works once, so every start gives a new one"
    assert [path.name for path in home.iterdir()] == ["mine.txt"]

    assert run_demo(home, "--clear").returncode == 0
    assert not demo.exists()
    assert (home / "mine.txt").read_text() == "my own data"
    assert run_demo(home, "--clear").returncode == 0, "clearing twice is clearing once"


@pytest.mark.slow
@pytest.mark.own_sqlite
def test_a_folder_of_somebody_else_s_is_neither_filled_nor_cleared(tmp_path: Path) -> None:
    home, demo = tmp_path / "home", tmp_path / "home-demo"
    demo.mkdir()
    (demo / "thesis.txt").write_text("years of work")
    for words in (("--clear",), ("--no-serve",)):
        done = run_demo(home, *words)
        assert (done.returncode != 0, done.stdout) == (True, "")
        assert str(demo) in done.stderr
        assert "Traceback" not in done.stderr
    assert [path.name for path in demo.iterdir()] == ["thesis.txt"]


def test_only_a_marked_folder_is_removed(tmp_path: Path) -> None:
    folder = tmp_path / "home-demo"
    folder.mkdir()
    (folder / "data").write_text("mine")
    with pytest.raises(Refused, match="nothing was removed"):
        clear_demo(folder)
    assert (folder / "data").exists()
    (folder / MARKER).touch()
    assert "Removed" in clear_demo(folder)
    assert not folder.exists()


def test_a_link_to_another_folder_is_not_followed(tmp_path: Path) -> None:
    other = tmp_path / "precious"
    prepare_folder(other)
    (other / "data").write_text("mine")
    link = tmp_path / "home-demo"
    link.symlink_to(other, target_is_directory=True)
    with pytest.raises((Refused, OSError)):
        clear_demo(link)
    assert (other / "data").read_text() == "mine"


def test_an_empty_folder_becomes_the_demo_s_and_is_its_owner_s_alone(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "home-demo"
    prepare_folder(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    prepare_folder(folder)
    assert [path.name for path in folder.iterdir()] == [MARKER]
