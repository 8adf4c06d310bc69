"""`headway new`: whole or not at all, never over what is there; and what it makes runs."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import _pytest
import iniconfig
import pluggy
import py
import pygments
import pytest
from tests.peers.mlflow_server import mlflow_program

from headway.domain.evidence.rules import KINDS

Said = Callable[..., Any]

#: Its tests, its training and its evaluation in one process: scikit-learn is slow to import.
_WHOLE = """
import pytest
assert not pytest.main(["-q", "-p", "no:cacheprovider"])
from fraud import evaluate, train
train.main()
evaluate.main()
"""


def test_it_makes_a_folder_and_says_what_is_in_it(answered: Said, tmp_path: Path) -> None:
    answer = answered("new", str(tmp_path / "Fraud Model"), schema="new")
    assert answer["name"] == "fraud-model"
    there = {
        str(one.relative_to(tmp_path / "Fraud Model"))
        for one in (tmp_path / "Fraud Model").rglob("*")
        if one.is_file()
    }
    assert there == set(answer["files"])
    assert os.listdir(tmp_path) == ["Fraud Model"]


def test_an_empty_folder_is_filled_and_a_full_one_is_refused(asked: Said, tmp_path: Path) -> None:
    assert asked("new", str(tmp_path), "--name", "fraud")[0] == 0
    code, _, err = asked("new", str(tmp_path), "--name", "fraud")
    assert (code, "--into" in err) == (2, True)


def test_into_adds_what_lacks_and_overwrites_nothing(answered: Said, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine")
    answer = answered("new", str(tmp_path), "--name", "fraud", "--into")
    assert "README.md" not in answer["files"]
    assert (tmp_path / "README.md").read_text() == "mine"
    assert answered("new", str(tmp_path), "--name", "fraud", "--into")["files"] == []


def test_what_fails_leaves_nothing_half_done(asked: Said, tmp_path: Path) -> None:
    folder, outside = tmp_path / "work", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    (folder / "src").write_text("a file where a folder should be")
    assert asked("new", str(folder), "--name", "fraud", "--into")[0] == 2
    assert os.listdir(folder) == ["src"]
    assert asked("new", str(folder / "src" / "x"), "--name", "fraud")[0] == 2
    (folder / "src").unlink()
    (folder / "src").symlink_to(outside)
    code, _, err = asked("new", str(folder), "--name", "fraud", "--into")
    assert (code, "leads out of it" in err) == (2, True)
    assert (os.listdir(folder), os.listdir(outside)) == (["src"], [])


@pytest.mark.parametrize(
    "more", [["--name", "class"], ["--owner", "a\nb"], ["--licence", "GPL"], ["--name", "../x"]]
)
def test_a_bad_word_makes_nothing(asked: Said, tmp_path: Path, more: list[str]) -> None:
    assert asked("new", str(tmp_path / "fraud"), *more)[0] == 2
    assert os.listdir(tmp_path) == []


@pytest.mark.mlflow
@pytest.mark.slow
def test_what_it_makes_tests_trains_and_keeps_its_promise(asked: Said, tmp_path: Path) -> None:
    """In the environment of the examples, which has scikit-learn; pytest is lent from this one."""
    python = mlflow_program().with_name("python")
    root = tmp_path / "fraud"
    assert asked("new", str(root))[0] == 0
    lent = tmp_path / "lent"
    lent.mkdir()
    for module in (pytest, _pytest, pluggy, iniconfig, pygments):
        folder = Path(str(module.__file__)).parent
        (lent / folder.name).symlink_to(folder)
    (lent / "py.py").symlink_to(str(py.__file__))

    done = subprocess.run(
        [str(python), "-c", _WHOLE],
        cwd=root,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": f"{root}/src:{lent}"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "13 passed" in done.stdout
    line = json.loads((root / "reports/evidence.jsonl").read_text())
    payload = KINDS["evaluation"].model_validate_json(json.dumps(line["payload"]))
    assert payload.value >= 0.9
