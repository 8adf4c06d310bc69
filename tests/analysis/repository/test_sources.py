"""A folder, a work tree and a bare clone are read alike; nothing of them is run or followed."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from tests.analysis.repository.made import AT, TEST, TRAIN

from headway.analysis.repository import audit
from headway.analysis.repository.sources import folder as folders
from headway.analysis.repository.sources.opening import open_repository
from headway.errors import Invalid

FILES = {
    "src/x/train.py": TRAIN,
    "tests/test_x.py": TEST,
    "README.md": "what it is " * 20 + "\n```\ninstall it\n```\n",
    "zwölf/a b.txt": "x\n",
}


def git(folder: Path, *words: str) -> str:
    environment = {
        "PATH": os.environ["PATH"],
        "GIT_CONFIG_GLOBAL": os.devnull,
        **{f"GIT_{who}_NAME": "a" for who in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{who}_EMAIL": "a@b.c" for who in ("AUTHOR", "COMMITTER")},
    }
    done = subprocess.run(
        ["git", *words], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def write(root: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a clone with one commit, an untracked file and an ignored secret."""
    root = write(tmp_path_factory.mktemp("work") / "clone", FILES)
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "Begin")
    write(root, {".env": "API_KEY=" + "q7Wv3Zk9Lm2Np8Rt4Xs6" + "\n"})
    return root


@pytest.fixture(scope="module")
def bare(clone: Path) -> Path:
    git(clone.parent, "clone", "-q", "--bare", "clone", "bare.git")
    return clone.parent / "bare.git"


def told(path: Path, *, alone: bool = False) -> list[tuple[str, str, tuple[str, ...]]]:
    answer = audit(path, AT, alone=alone)
    return [(one.id, one.verdict.value, one.evidence) for one in answer.findings]


def test_a_bare_clone_is_judged_as_its_work_tree(clone: Path, bare: Path) -> None:
    assert told(bare) == told(clone)
    assert audit(bare, AT).commit == audit(clone, AT).commit == git(clone, "rev-parse", "HEAD")
    git(bare, "pack-refs", "--all")
    assert audit(bare, AT).name == "bare"
    assert audit(bare, AT).commit is not None


def test_what_git_does_not_track_is_no_part_of_a_clone(clone: Path) -> None:
    with open_repository(clone) as (tree, _):
        assert set(tree.files) == set(FILES)
        assert tree.notes == ["1 file that git does not track was left out."]
    with open_repository(clone, alone=True) as (tree, _):
        assert set(tree.files) == set(FILES)


@pytest.mark.parametrize("version", ["2", "3", "4"])
def test_an_index_is_read_in_each_of_its_layouts(clone: Path, version: str) -> None:
    git(clone, "update-index", "--index-version", version)
    if version == "3":
        git(clone, "update-index", "--skip-worktree", "README.md")
    with open_repository(clone) as (tree, _):
        assert set(tree.files) == set(FILES)


def test_an_index_in_two_parts_leaves_nothing_out(clone: Path) -> None:
    git(clone, "update-index", "--split-index")
    with open_repository(clone) as (tree, _):
        assert set(tree.files) >= set(FILES)
        assert "every file counts" in tree.notes[0]
    git(clone, "update-index", "--no-split-index")
    with open_repository(clone) as (tree, _):
        assert set(tree.files) == set(FILES)


def test_a_part_of_a_clone_is_judged_with_the_whole_around_it(clone: Path) -> None:
    with open_repository(clone / "src") as (tree, within):
        assert (within, tree.has("README.md")) == ("src", True)
    with open_repository(clone / "src", alone=True) as (tree, within):
        assert (within, tree.files) == ("", ("x/train.py",))


def test_settings_and_hooks_of_a_hostile_clone_are_never_used(bare: Path, tmp_path: Path) -> None:
    hostile = tmp_path / "hostile.git"
    git(bare.parent, "clone", "-q", "--bare", "bare.git", str(hostile))
    program = write(tmp_path, {"program": f"#!/bin/sh\ntouch {tmp_path}/ran\n"}) / "program"
    program.chmod(0o755)
    settings = f"""
[core]
    fsmonitor = {program}
    pager = {program}
    sshCommand = {program}
    attributesFile = {tmp_path}/attributes
[extensions]
    partialClone = origin
[remote "origin"]
    url = ext::{program}
    promisor = true
    uploadpack = {program}
[filter "x"]
    smudge = {program}
[include]
    path = {tmp_path}/more
"""
    (hostile / "config").write_text((hostile / "config").read_text() + settings)
    lost = git(hostile, "rev-parse", "HEAD:README.md")
    (hostile / "objects" / lost[:2] / lost[2:]).unlink(missing_ok=True)
    answer = audit(hostile, AT)
    assert answer.files == len(FILES)
    assert not (tmp_path / "ran").exists()


def test_objects_of_another_folder_are_not_borrowed(bare: Path, tmp_path: Path) -> None:
    git(bare.parent, "clone", "-q", "--bare", "--shared", "bare.git", str(tmp_path / "s.git"))
    with pytest.raises(Invalid, match="dissociate"):
        audit(tmp_path / "s.git", AT)


def test_an_empty_bare_clone_is_missing_in_every_check(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--bare", "e.git")
    answer = audit(tmp_path / "e.git", AT)
    assert {one.verdict.value for one in answer.findings} == {"missing"}
    assert "HEAD names no commit" in answer.notes[0]


def test_links_pipes_and_strange_names_lead_nowhere(tmp_path: Path) -> None:
    root = write(tmp_path / "r", {"a.py": "x = 1\n", "inner/.git/config": "x", "inner/b.py": "y"})
    write(tmp_path, {"outside/model_card.md": "secret"})
    (root / "model_card.md").symlink_to(tmp_path / "outside" / "model_card.md")
    (root / "docs").symlink_to(tmp_path / "outside")
    (root / "loop").symlink_to(root)
    os.mkfifo(root / "README.md")
    (root / "\x1b[2Jevil\n.py").write_text("x")
    (root / os.fsdecode(b"\xff.py")).write_text("x")
    with open_repository(root) as (tree, _):
        assert set(tree.files) == {"a.py", "\ufffd[2Jevil\ufffd.py", "\ufffd.py"}
        assert tree.text("model_card.md") is None
        assert tree.notes == ["inner is a repository of its own and was not looked into."]
    assert all("\x1b" not in str(one) for one in told(root))


def test_too_many_files_and_too_deep_folders_are_capped_with_a_note(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {f"{n}.py": "x = 1\n" for n in range(9)})
    deep = tmp_path
    for _ in range(70):
        deep /= "d"
    deep.mkdir(parents=True)
    (deep / "b.py").write_text("x")
    monkeypatch.setattr(folders, "MOST_FILES", 5)
    assert "Only the first 5 files" in audit(tmp_path, AT).notes[0]
    monkeypatch.setattr(folders, "MOST_FILES", 50)
    assert "lies too deep" in audit(tmp_path, AT).notes[0]


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    with (tmp_path / "big.py").open("wb") as file:
        file.truncate(5_000_000_000)
    with open_repository(tmp_path) as (tree, _):
        assert tree.data("big.py") is None
    found = {one.id: one for one in audit(tmp_path, AT).findings}
    assert found["large-files"].evidence == ("big.py:1",)


def test_what_is_no_repository_is_a_question_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="is not there"):
        audit(tmp_path / "none", AT)
    with pytest.raises(Invalid, match="is a file"):
        audit(write(tmp_path, {"a": "x"}) / "a", AT)
